#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ingest/mapping/value.h"

static const char *const name_items[] = {"course", "learners", "option.share", "gradebook",
                                         "gradebook.attempted"};
static const struct name_list names = {
    .count = ARRAY_LEN(name_items), .items = name_items, .given_escaped = 1U << 1};
static const char *texts[] = {"course-v1:A+B", "a%40b,c", " ", "read", "true"};

static const char *const record_text =
    "{\"user\":{\"name\":\"an\",\"a/b\":\"slash\",\"c~d\":\"tilde\",\"\":\"nameless\"},"
    "\"list\":[10,{\"x\":\"y\"}],\"id\":9007199254740993,\"small\":42,\"half\":0.5,\"score\":\"8,"
    "5\","
    "\"wild\":1e999,\"yes\":true,\"no\":false,\"null\":null,\"blank\":\" \\t\",\"word\":\"abc\","
    "\"code\":\"401\",\"code_number\":401,\"yes_text\":\"true\",\"mail\":\"mailto:a@b.vn\","
    "\"path\":\"course-v1:A+B\",\"quote\":\"a\\\"b\",\"exam\":\"Thi cu\\u1ed1i kho\\u0301a\","
    "\"object\":{},\"sections\":[{\"attempted\":false,\"label\":\"HW\"},"
    "{\"attempted\":true,\"label\":\"Final\"}]}";

static struct json *record, *outer;
static struct error err;

static int set_up(void **state)
{
    (void)state;
    record = json_parse_exact(record_text, strlen(record_text), &err);
    outer = json_parse("{\"userid\":7,\"word\":\"Final\"}", 27, &err);
    return record && outer ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    json_free(record);
    json_free(outer);
    return 0;
}

static struct scope scope(void)
{
    return (struct scope){.record = record, .enclosing = outer, .texts = texts};
}

static struct value *value_of(const char *yaml)
{
    struct yaml *doc = yaml_load_text(yaml, strlen(yaml), "case.yaml", &err);
    if (!doc)
        fail_msg("%s", err.message);
    struct value *value = value_compile(doc, yaml_root(doc), &names, &err);
    yaml_unload(doc);
    return value;
}

static void says(const char *yaml, const char *expected)
{
    struct text_buffer room = {0};
    struct scope s = scope();
    struct value *value = value_of(yaml);
    if (!value)
        fail_msg("%s: %s", yaml, err.message);
    const char *text = value_text(value, &s, &room);
    if ((text != NULL) != (expected != NULL) || (text && strcmp(text, expected) != 0))
        fail_msg("%s is %s, not %s", yaml, text ? text : "absent", expected ? expected : "absent");
    value_free(value);
    text_buffer_free(&room);
}

static void pointers(void **state)
{
    (void)state;
    says("/user/name", "an");
    says("/user/a~1b", "slash");
    says("/user/c~0d", "tilde");
    says("/user/", "nameless");
    says("/list/0", "10");
    says("/list/1/x", "y");
    says("/list/00", NULL);
    says("/list/2", NULL);
    says("/list/-", NULL);
    says("/user/0", NULL);
    says("/word/x", NULL);
    says("/nowhere", NULL);
    says("/object", NULL);
    says("/null", NULL);
    says("/blank", NULL);
    says("^/userid", "7");
    says("/yes", "true");
    says("/half", "0.5");
    says("/id", "9007199254740993");
    says("/small", "42");
}

static void templates(void **state)
{
    (void)state;
    says("course", "course");
    says("'{course}'", "course-v1:A+B");
    says("'[{course}] {/user/name}-{/small}-{^/userid}'", "[course-v1:A+B] an-42-7");
    says("'{/user/name}'", "an");
    says("'a{{b{{{/small}}'", "a{b{42}");
    says("'{{\"a\":{{\"b\":{/small}}}}}'", "{\"a\":{\"b\":42}}");
    says("'{option.share}'", NULL); /* blank */
    says("'x{option.share}'", NULL);
    says("'x{/nowhere}'", NULL);
    says("'{/object}'", NULL);
}

static void what_is_done_with_a_value(void **state)
{
    (void)state;
    says("{first: [/nowhere, /blank, /word, /user/name]}", "abc");
    says("{first: [/nowhere, /null], default: none}", "none");
    says("{first: [/object, /list, /word]}", "abc");
    says("{value: /word, when: {is: [/user/name, an]}}", "abc");
    says("{value: /word, when: {is: [/user/name, am]}}", NULL);
    says("{value: /word, when: {is: [/user/name, am]}, default: none}", "none");
    says("{first: [{value: /word, when: {is: [/user/name, am]}}, /small]}", "42");
    says("{value: /word, when: /word}", NULL); /* no condition: as one that does not hold */
    says("{value: /mail, match: '^mailto:(.*)$'}", "a@b.vn");
    says("{value: /mail, match: 'a@b'}", "a@b");
    says("{value: /mail, match: '^x'}", NULL);
    says("{value: /mail, match: '^x', default: y}", "y");
    says("{value: '{course}+{/word}', match: '[+](.)[+](.*)'}", "B");
    says("{value: /code, map: {'401': refused, '*': other}}", "refused");
    says("{value: /code_number, map: {'401': refused, '*': other}}", "refused");
    says("{value: /code_number, map: {'401.0': refused}}", NULL);
    says("{value: /yes, map: {'true': done}}", "done");
    says("{value: /word, map: {x: y, '*': other}}", "other");
    says("{value: /nowhere, map: {'*': other}}", NULL);
    says("{value: /half, scale: 100}", "50");
    says("{value: /score, scale: 0.1}", "0.8500000000000001");
    says("{value: /word, scale: 2, default: x}", NULL); /* malformed, not absent */
    says("{value: {first: [/nowhere, /small]}, scale: 0.01}", "0.42");
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        enum value_number kind;
        double number;
    } cases[] = {
        {"/small", VALUE_NUMBER, 42},
        {"/score", VALUE_NUMBER, 8.5},
        {"/wild", VALUE_MALFORMED, 0},
        {"/word", VALUE_MALFORMED, 0},
        {"/yes", VALUE_MALFORMED, 0},
        {"/object", VALUE_MALFORMED, 0},
        {"/nowhere", VALUE_ABSENT, 0},
        {"/null", VALUE_ABSENT, 0},
        {"'1'", VALUE_NUMBER, 1},
        {"'1,000.5'", VALUE_MALFORMED, 0},
        {"'0x10'", VALUE_MALFORMED, 0},
        {"'nan'", VALUE_MALFORMED, 0},
        {"' 7 '", VALUE_NUMBER, 7},
        {"'7 8'", VALUE_MALFORMED, 0},
        {"{value: /small, scale: 0.01}", VALUE_NUMBER, 0.42},
        {"{value: /wild, scale: 0.01}", VALUE_MALFORMED, 0},
        {"{value: /nowhere, scale: 2, default: '3'}", VALUE_NUMBER, 3},
    };
    struct scope s = scope();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        double number = 0;
        struct value *value = value_of(cases[i].yaml);
        assert_non_null(value);
        enum value_number kind = value_number(value, &s, &number);
        if (kind != cases[i].kind || (kind == VALUE_NUMBER && number != cases[i].number))
            fail_msg("%s: %d %g", cases[i].yaml, (int)kind, number);
        value_free(value);
    }
}

static void escaped(enum value_escape how, struct value *value, const char *expected)
{
    struct text_buffer room = {0};
    struct scope s = scope();
    text_buffer_add_text(&room, "before");
    assert_non_null(value);
    const char *text = value_text_escaped(value, &s, how, &room);
    if (expected)
        assert_string_equal(text, expected);
    else
        assert_null(text);
    value_free(value);
    text_buffer_free(&room);
}

static void escapes_what_is_not_literal(void **state)
{
    (void)state;
    struct yaml *doc = yaml_load_text("'/api/{course}/'", 16, "case.yaml", &err);
    escaped(VALUE_URL, value_of_template(doc, yaml_root(doc), &names, &err),
            "/api/course-v1%3AA%2BB/");
    yaml_unload(doc);
    escaped(VALUE_URL, value_of("'{learners}'"), "a%40b,c");
    escaped(VALUE_URL, value_of("/quote"), "a%22b");
    escaped(VALUE_URL, value_of("{first: [/nowhere, 'x/{/quote}']}"), "x/a%22b");
    escaped(VALUE_URL, value_of("{value: /quote, match: '\"(.)'}"), "b");
    escaped(VALUE_URL, value_of("{value: /nowhere, default: 'a b'}"), "a%20b");
    escaped(VALUE_URL, value_of("/nowhere"), NULL);
    escaped(VALUE_JSON, value_of("'{{\"q\":\"{/quote}\",\"n\":{/small}}'"),
            "{\"q\":\"a\\\"b\",\"n\":42}");
}

static struct condition *condition_of(const char *yaml)
{
    struct yaml *doc = yaml_load_text(yaml, strlen(yaml), "case.yaml", &err);
    if (!doc)
        fail_msg("%s", err.message);
    struct condition *condition = condition_compile(doc, yaml_root(doc), &names, &err);
    yaml_unload(doc);
    return condition;
}

static void conditions(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        bool holds;
    } cases[] = {
        {"/yes", true},
        {"/no", false},
        {"'true'", true},
        {"'{gradebook.attempted}'", true},
        {"{first: [/nowhere, /yes]}", true},
        {"{is: [/code, '401']}", true},
        {"{is: [/code_number, '401']}", true},
        {"{is: [/code_number, 401]}", true},
        {"{is: [/code_number, '401.0']}", false},
        {"{is: [/code, '402']}", false},
        {"{is: [/nowhere, x]}", false},
        {"{is: [/yes, true]}", true},
        {"{is: [/yes, 'true']}", true},
        {"{is: [/yes_text, true]}", false},
        {"{is: [/yes_text, 'true']}", true},
        {"{is: ['{gradebook.attempted}', true]}", true},
        {"{is: [/path, '{course}']}", true},
        {"{is: [/id, '9007199254740993']}", true},
        {"{is: [/id, '9007199254740992']}", false},
        {"{is: [/object, x]}", false},
        {"{in: [/word, [x, abc]]}", true},
        {"{in: [/word, [x, y]]}", false},
        {"{same: [/exam, ' Thi  cuối khóa']}", true},
        {"{same: [/exam, 'Thi cuối khoa']}", false},
        {"{same: [/exam, '{option.share}']}", false},
        {"{exists: /word}", true},
        {"{exists: /blank}", false},
        {"{exists: /object}", true},
        {"{present: /null}", true},
        {"{present: /nowhere}", false},
        {"{above: [/small, 41]}", true},
        {"{above: [/small, 42]}", false},
        {"{at_least: [/small, 42]}", true},
        {"{below: [/half, /small]}", true},
        {"{at_most: [/score, '8,5']}", true},
        {"{above: [/nowhere, 0]}", false},
        {"{below: [/nowhere, 0]}", false},
        {"{matches: [/word, '^ab']}", true},
        {"{matches: [/word, '^bc']}", false},
        {"{matches: [/word, 'bc$']}", true},
        {"{matches: [/word, '^abc$']}", true},
        {"{matches: [/word, '^abcd$']}", false},
        {"{matches: [/word, 'b']}", true},
        {"{matches: [/word, '[x-z]|c']}", true},
        {"{matches: [/nowhere, x]}", false},
        {"{all: [/yes, {not: /no}]}", true},
        {"{all: [/no, /word]}", false}, /* the second is not looked at */
        {"{any: [/no, /yes]}", true},
        {"{any: [/no, {known: course}]}", true},
        {"{some: {of: /sections, where: {is: [/attempted, true]}}}", true},
        {"{some: {of: /sections, where: {all: [/attempted, {is: [/label, HW]}]}}}", false},
        {"{some: {of: /sections, where: {same: [/label, '^/word']}}}", false},
        {"{some: {of: /list, where: {exists: ^/word}}}", true},
        {"{known: gradebook}", true},
    };
    struct scope s = scope();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool holds = false;
        struct condition *condition = condition_of(cases[i].yaml);
        if (!condition || !condition_holds(condition, &s, &holds, &err))
            fail_msg("%s: %s", cases[i].yaml, err.message);
        if (holds != cases[i].holds)
            fail_msg("%s: %d", cases[i].yaml, holds);
        condition_free(condition);
    }
}

static void a_record_of_another_shape_is_an_error(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"/nowhere", "nowhere_missing: neither true nor false"},
        {"/null", "null_missing: neither true nor false"},
        {"/yes_text", "yes_text_missing: neither true nor false"},
        {"/user/a~1b", "a_b_missing: neither true nor false"},
        {"{above: [/word, 1]}", "word_malformed: not a number"},
        {"{above: [/wild, 1]}", "wild_malformed: not a number"},
        {"{below: [/small, /word]}", "small_malformed: not a number"},
        {"{some: {of: /word, where: /x}}", "word_missing: no list where one must be"},
        {"{some: {of: /sections, where: /label}}", "label_missing: neither true nor false"},
        {"{not: {any: [/no, /word]}}", "word_missing: neither true nor false"},
    };
    struct scope s = scope();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool holds;
        struct condition *condition = condition_of(cases[i][0]);
        if (!condition)
            fail_msg("%s", err.message);
        assert_false(condition_holds(condition, &s, &holds, &err));
        assert_int_equal(err.kind, ERROR_DATA);
        assert_string_equal(err.message, cases[i][1]);
        condition_free(condition);
    }
}

static void what_does_not_compile(void **state)
{
    (void)state;
    static const char *const values[][2] = {
        {"{first: ['']}", "case.yaml:1: a value is empty"},
        {"\n[a]", "case.yaml:2: a value is a JSON pointer, a text, or a mapping"},
        {"/a~2", "case.yaml:1: /a~2: ~ in a JSON pointer"},
        {"'{corse}'", "case.yaml:1: no name `corse` here; did you mean `course`?"},
        {"'{course'", "case.yaml:1: a { without its }"},
        {"{value: /a, first: [/b]}",
         "case.yaml:1: a value is written with one of `value`, `first`, `count`, `pick`"},
        {"{match: x}", "case.yaml:1: a value is written with"},
        {"{value: /a, match: '('}", "case.yaml:1: the regular expression does not compile"},
        {"{value: /a, match: '(.)\\1'}",
         "case.yaml:1: the regular expression does not compile: back"},
        {"{value: /a, map: {}}", "case.yaml:1: `map` is a mapping"},
        {"{value: /a, scale: x}", "case.yaml:1: `scale` is a number"},
        {"{value: /a, skale: 2}", "case.yaml:1:"},
        {"{first: []}", "case.yaml:1: `first` is a list"},
    };
    static const char *const conditions[][2] = {
        {"{iss: [/a, b]}", "case.yaml:1: no condition `iss`; did you mean `is`?"},
        {"{is: [/a]}", "case.yaml:1: `is` takes a list of two"},
        {"{in: [/a, b]}", "case.yaml:1: `in` takes"},
        {"{is: [/a, '']}", "case.yaml:1: an empty text is absent"},
        {"{is: [/a, b], in: [/a, [b]]}", "case.yaml:1: a condition is"},
        {"{above: [/a, x]}", "case.yaml:1: `above` compares numbers, and x is none"},
        {"{all: []}", "case.yaml:1: `all` takes a list"},
        {"{some: {of: a, where: /b}}", "case.yaml:1: a is no JSON pointer"},
        {"{some: {of: /a}}", "case.yaml:1: `some` takes"},
        {"{known: gradbook}", "case.yaml:1: no name `gradbook` here; did you mean `gradebook`?"},
        {"{matches: [/a, '[']}", "case.yaml:1: the regular expression does not compile"},
        {"{not: {all: [/a, {exists: ''}]}}", "case.yaml:1: a value is empty"},
    };
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        assert_null(value_of(values[i][0]));
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (strncmp(err.message, values[i][1], strlen(values[i][1])) != 0)
            fail_msg("%s: %s", values[i][0], err.message);
    }
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
        assert_null(condition_of(conditions[i][0]));
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (strncmp(err.message, conditions[i][1], strlen(conditions[i][1])) != 0)
            fail_msg("%s: %s", conditions[i][0], err.message);
    }
}

/* What comes from outside must not make matching slow. */
static void long_texts_do_not_match(void **state)
{
    (void)state;
    size_t length = 5000;
    char *text = malloc(length + 16);
    memset(text, 'a', length);
    memcpy(text, "{\"x\":\"", 6);
    memcpy(text + length, "\"}", 3);
    struct json *root = json_parse(text, strlen(text), &err);
    struct scope s = {.record = root};
    struct condition *condition = condition_of("{matches: [/x, 'a+']}");
    bool holds = true;
    assert_true(condition_holds(condition, &s, &holds, &err));
    assert_false(holds);
    condition_free(condition);
    json_free(root);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers),
        cmocka_unit_test(templates),
        cmocka_unit_test(what_is_done_with_a_value),
        cmocka_unit_test(numbers),
        cmocka_unit_test(escapes_what_is_not_literal),
        cmocka_unit_test(conditions),
        cmocka_unit_test(a_record_of_another_shape_is_an_error),
        cmocka_unit_test(what_does_not_compile),
        cmocka_unit_test(long_texts_do_not_match),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
