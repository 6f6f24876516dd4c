/* The outline of a JSON text says what its tree says, and refuses what json_parse refuses with the same words. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/json_outline.h"
#include "../../common/text_buffer.h"

static enum json_kind kind_of(const struct json *node)
{
    if (!node)
        return JSON_NONE;
    if (json_is_boolean(node))
        return json_boolean(node, false) ? JSON_TRUE : JSON_FALSE;
    return json_is_null(node)     ? JSON_NULL
           : json_is_number(node) ? JSON_NUMBER
           : json_is_string(node) ? JSON_STRING
           : json_is_array(node)  ? JSON_ARRAY
                                  : JSON_OBJECT;
}

static void assert_string_slice(struct json_slice slice, const char *text)
{
    char out[4096];
    assert_true(slice.length < sizeof(out));
    size_t length = slice.length;
    if (slice.escaped)
        length = json_unescape(slice, out);
    else
        memcpy(out, slice.text, length);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(out, text, length);
}

static void assert_same_value(struct json_slice slice, const struct json *node)
{
    assert_int_equal(slice.kind, kind_of(node));
    if (slice.kind == JSON_STRING)
        assert_string_slice(slice, json_string(node));
    if (slice.kind == JSON_NUMBER) {
        double number = json_slice_number(slice), expected = json_number(node, 0);
        assert_memory_equal(&number, &expected, sizeof(number));
    }
    int64_t a = 0, b = 0;
    assert_int_equal(json_slice_integer(slice, &a), json_integer(node, &b));
    assert_int_equal(a, b);
    if (slice.kind != JSON_ARRAY)
        return;
    struct json_slice element;
    const struct json *item = json_first(node);
    for (size_t at = 0; json_slice_next(slice, &at, &element); item = json_next(item)) {
        assert_non_null(item);
        assert_int_equal(element.kind, kind_of(item));
        if (element.kind == JSON_ARRAY || element.kind == JSON_OBJECT)
            return;
        assert_same_value(element, item);
    }
    assert_null(item);
}

static void assert_same_members(const struct json_members *members, const struct json *object)
{
    const struct json *member = json_first(object);
    for (size_t i = 0; i < members->count; i++, member = json_next(member)) {
        assert_non_null(member);
        assert_string_slice(members->items[i].key, json_key(member));
        assert_same_value(members->items[i].value, member);
    }
    assert_null(member);
}

/* True if the text is accepted. */
static bool compare(struct json_outline *outline, const char *text, size_t length)
{
    char *exact = malloc(length ? length : 1); /* so that a sanitizer sees any read behind it */
    struct error err = {0}, tree_err = {0};
    memcpy(exact, text, length);
    struct json *root = json_parse(exact, length, &tree_err);
    bool accepted = json_outline_of(exact, length, "data", outline, &err);
    bool inner_twice = strstr(err.message, "a key for the second time") != NULL;
    if (accepted != (root != NULL) || (!inner_twice && strcmp(err.message, tree_err.message) != 0))
        fail_msg("outline: %s; tree: %s; of %.*s", err.message, tree_err.message, (int)length, text);
    if (accepted) {
        assert_int_equal(outline->is_object, json_is_object(root));
        assert_int_equal(outline->inner.kind, kind_of(json_get(root, "data")));
        if (json_is_object(root))
            assert_same_members(&outline->members, root);
        const struct json *data = json_get(root, "data");
        if (json_is_object(data))
            assert_same_members(&outline->inner_members, data);
        else
            assert_int_equal(outline->inner_members.count, 0);
    }
    json_free(root);
    free(exact);
    return accepted;
}

static const char *const texts[] = {
    ("{\"specversion\":\"1.0\",\"id\":\"a\\u00e9\\n\",\"data\":{\"x\":1,\"y\":[\"p\",\"q\\\"\"]},"
     "\"z\":null}"),
    " { \"data\" : { } , \"a\" : [ ] , \"\" : \"\" } ",
    "{\"d\\u0061ta\":{\"a\":0.325,\"b\":-0,\"c\":1e5,\"d\":9007199254740993}}",
    "{\"a\":{\"data\":{\"x\":1}},\"data\":[{\"x\":1},2]}",
    "{\"data\":{\"s\":{\"t\":{\"u\":[1,[2]]}},\"v\":true,\"w\":false},\"e\":{}}",
    "{\"data\":\"text\",\"data2\":1234567890123456,\"f\":0.1234567890123456}",
    "[{\"data\":{\"x\":1}}]",
    "\"data\"",
    "{\"data\":{\"l\":[\"a\" , \"\\ud83d\\ude00\",1.5,null,true,[\"x\"],\"y\"]}}",
};

static void says_what_the_tree_says(void **state)
{
    (void)state;
    struct json_outline outline = {0};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_true(compare(&outline, texts[i], strlen(texts[i])));
    json_outline_release(&outline);
}

static void refuses_keys_that_repeat(void **state)
{
    (void)state;
    static const char *const repeated[] = {
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"data\":{\"x\":1,\"x\":2}}",
        "{\"data\":{},\"data\":{}}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":[{\"x\":1,\"y\":[{\"z\":1,\"z\":1}]}]}",
        "{\"\":1,\"\":2}",
    };
    struct json_outline outline = {0};
    struct error err = {0};
    for (size_t i = 0; i < ARRAY_LEN(repeated); i++) {
        assert_false(compare(&outline, repeated[i], strlen(repeated[i])));
        assert_false(json_outline_of(repeated[i], strlen(repeated[i]), "data", &outline, &err));
        assert_memory_equal(err.message, "not_json: ", 10);
    }
    struct text_buffer many = {0};
    for (int i = 0; i < 40; i++)
        text_buffer_add_format(&many, "%c\"k%d\":%d", i ? ',' : '{', i % 39, i);
    text_buffer_add_text(&many, "}");
    assert_false(compare(&outline, many.data, many.length));
    text_buffer_free(&many);
    json_outline_release(&outline);
}

static uint64_t seed = 5;

static size_t pick(size_t below)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(seed >> 33) % below;
}

static size_t mutate(char *text, size_t length)
{
    static const char *const pieces[] = {
        "\"",     "\\",      "{",        "}",       "[",         "]",
        ",",      ":",       "null",     "\"a\":",  "-0",        "1e400",
        "\\u00",  "\\ud800", "\xc3\xa9", "\xff",    "\"data\":", "{\"a\":1,\"a\":2}",
        "{}",     "\"\"",    "0.1",      "\\u0041", " ",         "\"x\":[1],",
        "123456", "1.",      "true"};
    size_t at = pick(length + 1);
    if (pick(3) == 0) {
        size_t gone = pick(6) < length - at ? pick(6) : 0;
        gone = gone < length - at ? gone : 0;
        memmove(text + at, text + at + gone, length - at - gone);
        return length - gone;
    }
    const char *piece = pieces[pick(ARRAY_LEN(pieces))];
    size_t size = strlen(piece);
    memmove(text + at + size, text + at, length - at);
    memcpy(text + at, piece, size);
    return length + size;
}

static void agrees_on_mutated_texts(void **state)
{
    (void)state;
    struct json_outline outline = {0};
    int accepted = 0, rounds = 60000;
    for (int round = 0; round < rounds; round++) {
        char text[512];
        const char *from = texts[pick(ARRAY_LEN(texts))];
        size_t length = strlen(from);
        memcpy(text, from, length);
        for (size_t changes = pick(3); changes > 0; changes--)
            length = mutate(text, length);
        accepted += compare(&outline, text, length);
    }
    assert_in_range(accepted, rounds / 4, rounds - rounds / 4);
    json_outline_release(&outline);
}

/* What stands in the text for the member; NULL: there is none. */
static void inner_is(const char *text, const char *member, const char *value)
{
    struct json_outline outline = {0};
    assert_true(json_outline_of(text, strlen(text), member, &outline, NULL));
    if (!value)
        assert_int_equal(outline.inner.kind, JSON_NONE);
    else
        assert_memory_equal(outline.inner.text, value, strlen(value));
    assert_true(!value || outline.inner.length == strlen(value));
    json_outline_release(&outline);
}

static void the_inner_member_is_found_by_its_name(void **state)
{
    (void)state;
    inner_is("{\"id\":\"1\",\"data\":{\"a\":[1,{\"data\":2}]},\"z\":0}", "data",
             "{\"a\":[1,{\"data\":2}]}");
    inner_is("{\"data\" : {} }", "data", "{}");
    inner_is("{\"data\": [] ,\"b\":1}", "data", "[]");
    inner_is("{\"data\": 12.5 }", "data", "12.5");
    inner_is("{\"data\":\"x\\\"y\"}", "data", "x\\\"y");
    inner_is("{\"a\":{\"data\":1}}", "data", NULL);
    inner_is("{\"dat\":1,\"datas\":2,\"Data\":3}", "data", NULL);
    inner_is("[{\"data\":1}]", "data", NULL);
    inner_is("{}", "data", NULL);
    inner_is("\"data\"", "data", NULL);
    inner_is("{\"d\\u0061ta\":7}", "data", "7");
    inner_is("{\"d\\u0061t\":7}", "data", NULL);
    inner_is("{\"\\u00e0\\n\\ud83d\\ude00\":7}", "à\n😀", "7");
    inner_is("{\"\\u1ebf\":7}", "ế", "7");
    inner_is("{\"\":7}", "", "7");
    struct json_outline outline = {0};
    struct error err = {0};
    const char *twice = "{\"data\":1,\"d\\u0061ta\":2}";
    assert_false(json_outline_of(twice, strlen(twice), "data", &outline, &err));
    assert_string_equal(err.message, "not_json: a key for the second time at byte 11");
    json_outline_release(&outline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_inner_member_is_found_by_its_name),
        cmocka_unit_test(says_what_the_tree_says),
        cmocka_unit_test(refuses_keys_that_repeat),
        cmocka_unit_test(agrees_on_mutated_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
