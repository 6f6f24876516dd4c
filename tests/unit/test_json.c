#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/json.h"
#include "../../common/text_buffer.h"

/* In a block of exactly its size, so that a sanitizer sees any read behind it. */
static bool check(const char *text, size_t length, struct error *err)
{
    char *exact = malloc(length ? length : 1);
    if (length)
        memcpy(exact, text, length);
    bool ok = json_check(exact, length, err);
    free(exact);
    return ok;
}

#define GOOD(text) assert_true(check((text), sizeof(text) - 1, NULL))

static void refused(const char *text, size_t length, const char *message)
{
    struct error err = {0};
    if (check(text, length, &err))
        fail_msg("accepted: %s", text);
    assert_int_equal(err.kind, ERROR_DATA);
    assert_false(err.retriable);
    if (strncmp(err.message, message, strlen(message)) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, err.message, message);
}

#define BAD(text, message) refused((text), sizeof(text) - 1, (message))

static void accepts_json(void **state)
{
    (void)state;
    GOOD("0");
    GOOD(" \t\r\n{} ");
    GOOD("[]");
    GOOD("null");
    GOOD("true");
    GOOD("\"\"");
    GOOD("{\"a\":[1,-0,0.5,1e5,1E+5,-1.25e-3,true,false,null,{\"b\":{}},[[],[]]]}");
    GOOD("[ 1 , 2 ]");
    GOOD("{ \"a\" : 1 , \"b\" : 2 }");
    GOOD("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e0\\uD83D\\uDE00\"");
    GOOD("\"Hà Giang — Xín Mần 😀\"");
    GOOD("\"twelve chars\\nand an escape and more text behind it\"");
    GOOD("1e307");
    GOOD("\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80\"");
}

static void refuses_what_is_no_json(void **state)
{
    (void)state;
    BAD("", "not_json: the text ends too early at byte 0");
    BAD("  ", "not_json: the text ends too early at byte 2");
    BAD("{", "not_json: the text ends too early at byte 1");
    BAD("[1", "not_json: the text ends too early at byte 2");
    BAD("[1,", "not_json: the text ends too early at byte 3");
    BAD("\"abc", "not_json: the text ends too early at byte 4");
    BAD("\"abc\\", "not_json: the text ends too early at byte 5");
    BAD("{\"a\"", "not_json: the text ends too early at byte 4");
    BAD("{\"a\":", "not_json: the text ends too early at byte 5");
    BAD("[1,]", "not_json: no JSON value at byte 3");
    BAD("{\"a\":1,}", "not_json: no key where one must be at byte 7");
    BAD("{a:1}", "not_json: no key where one must be at byte 1");
    BAD("{\"a\" 1}", "not_json: no colon after a key at byte 5");
    BAD("{\"a\":1]", "not_json: neither a comma nor the container's end at byte 6");
    BAD("[1}", "not_json: neither a comma nor the container's end at byte 2");
    BAD("[1 2]", "not_json: neither a comma nor the container's end at byte 3");
    BAD("1 2", "not_json: something behind the JSON text at byte 2");
    BAD("{}}", "not_json: something behind the JSON text at byte 2");
    BAD("<html>", "not_json: no JSON value at byte 0");
    BAD("tru", "not_json: no JSON value at byte 0");
    BAD("nulL", "not_json: no JSON value at byte 0");
    BAD("NaN", "not_json: no JSON value at byte 0");
    BAD("'a'", "not_json: no JSON value at byte 0");
    BAD("\xef\xbb\xbf{}", "not_json: no JSON value at byte 0");
    BAD("\"a\nb\"", "not_json: control character in a string at byte 2");
    BAD("\"\\x41\"", "not_json: unknown escape in a string at byte 1");
    BAD("\"\\\0\"", "not_json: unknown escape in a string at byte 1");
    BAD("\"\\u12g4\"", "not_json: \\u without four hex digits at byte 1");
    BAD("\"\\u12", "not_json: \\u without four hex digits at byte 1");
    BAD("{}\0", "not_json: something behind the JSON text at byte 2");
    BAD("\f1", "not_json: no JSON value at byte 0");
}

static void refuses_odd_numbers(void **state)
{
    (void)state;
    BAD("01", "not_json: something behind the JSON text");
    BAD("+1", "not_json: no JSON value");
    BAD(".5", "not_json: no JSON value");
    BAD("-", "not_json: the text ends too early");
    BAD("-a", "not_json: a number without digits at byte 1");
    BAD("[1.]", "not_json: a decimal point without digits at byte 3");
    BAD("[1e]", "not_json: an exponent without digits at byte 3");
    BAD("[1e+]", "not_json: an exponent without digits at byte 4");
    BAD("0x10", "not_json: something behind");
    BAD("1e308", "not_json: a number out of range");
    BAD("-1e99999999999999999999", "not_json: a number out of range");
    GOOD("1e-99999999999999999999");
    GOOD("123456789012345678901234567890123456789012345678901234567890");
    BAD("[1234567890123456789012345678901234567890123456789012345678901]",
        "not_json: a number of more than 60 characters at byte 1");
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    BAD("\"\xff\"", "not_utf8: invalid UTF-8 at byte 1");
    BAD("\"abcdefghijkl\xc3\"", "not_utf8: invalid UTF-8 at byte 13");
    BAD("\"\xc0\xaf\"", "not_utf8");         /* overlong */
    BAD("\"\xc1\xbf\"", "not_utf8");         /* overlong */
    BAD("\"\xe0\x9f\xbf\"", "not_utf8");     /* overlong */
    BAD("\"\xf0\x8f\xbf\xbf\"", "not_utf8"); /* overlong */
    BAD("\"\xed\xa0\x80\"", "not_utf8");     /* a surrogate */
    BAD("\"\xf4\x90\x80\x80\"", "not_utf8"); /* behind U+10FFFF */
    BAD("\"\xe1\xba", "not_utf8");           /* cut */
    BAD("\"\xe1\xba\"", "not_utf8");
    BAD("\xff", "not_utf8");
    BAD("{\"\x80\":1}", "not_utf8");
    BAD("\"\\ud800\"", "not_utf8: lone surrogate at byte 1");
    BAD("\"\\ud800\\u0041\"", "not_utf8: lone surrogate at byte 1");
    BAD("\"\\udc00\\ud800\"", "not_utf8: lone surrogate at byte 1");
    BAD("\"\\ud800\\", "not_utf8: lone surrogate");
    BAD("\"a\\u0000b\"", "nul_character: \\u0000 at byte 2");
    BAD("\"a\0b\"", "nul_character: NUL in a string at byte 2");
    BAD("{\"\\u0000\":1}", "nul_character");
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[512];
    for (int object = 0; object < 2; object++) {
        for (size_t depth = 31; depth <= 34; depth++) {
            size_t length = 0;
            for (size_t i = 0; i < depth; i++) {
                memcpy(text + length, object ? "{\"a\":" : "[", object ? 5 : 1);
                length += object ? 5 : 1;
            }
            text[length++] = '1';
            for (size_t i = 0; i < depth; i++)
                text[length++] = object ? '}' : ']';
            struct error err = {0};
            assert_int_equal(check(text, length, &err), depth <= 32);
            if (depth > 32)
                assert_non_null(strstr(err.message, "too_deep: more than 32 levels"));
        }
    }
}

/* Every special byte is seen at each offset within the eight that are looked at together. */
static void every_offset_in_a_run(void **state)
{
    (void)state;
    static const char specials[] = {'\x01', '\x1f', '\x80', '\xff', '"', '\\'};
    for (size_t length = 1; length < 40; length++) {
        char text[64];
        text[0] = '"';
        memset(text + 1, '~', length);
        text[length + 1] = '"';
        assert_true(check(text, length + 2, NULL));
        for (size_t at = 1; at <= length; at++) {
            for (size_t i = 0; i < sizeof specials; i++) {
                text[at] = specials[i];
                assert_false(check(text, length + 2, NULL));
            }
            text[at] = '~';
        }
    }
}

static void parses_a_tree(void **state)
{
    (void)state;
    const char text[] =
        "{\"name\":\"Hà \\u0047iang\",\"n\":2716,\"big\":9007199254740993,\"x\":0.25,"
        "\"on\":true,\"off\":false,\"none\":null,\"list\":[1,2,3]}";
    struct json *root = json_parse(text, sizeof text - 1, NULL);
    assert_true(json_is_object(root));
    assert_int_equal(json_size(root), 8);
    assert_string_equal(json_get_string(root, "name"), "Hà Giang");
    assert_null(json_get_string(root, "Name"));
    assert_null(json_get_string(root, "n"));
    int64_t n = 0;
    assert_true(json_integer(json_get(root, "n"), &n));
    assert_int_equal(n, 2716);
    assert_false(json_integer(json_get(root, "x"), &n));
    assert_false(json_integer(json_get(root, "name"), &n));
    assert_true(json_number(json_get(root, "x"), -1) == 0.25);
    assert_true(json_number(json_get(root, "none"), -1) == -1);
    assert_true(json_boolean(json_get(root, "on"), false));
    assert_false(json_boolean(json_get(root, "off"), true));
    assert_true(json_boolean(json_get(root, "n"), true));
    assert_true(json_is_null(json_get(root, "none")));
    assert_false(json_is_null(json_get(root, "absent")));
    const struct json *list = json_get(root, "list");
    assert_true(json_is_array(list));
    assert_int_equal(json_size(list), 3);
    double sum = 0;
    for (const struct json *item = json_first(list); item; item = json_next(item))
        sum += json_number(item, 100);
    assert_true(sum == 6);
    assert_string_equal(json_key(json_first(root)), "name");
    assert_null(json_get(list, "name"));
    assert_null(json_get(NULL, "name"));
    assert_null(json_first(json_get(root, "n")));
    json_free(root);
    json_free(NULL);
}

static void integers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool exact;
        int64_t value;
    } cases[] = {{"9007199254740992", true, INT64_C(9007199254740992)},
                 {"-9007199254740992", true, -INT64_C(9007199254740992)},
                 {"9007199254740994", false, 0},
                 {"1e300", false, 0},
                 {"1.5", false, 0},
                 {"1e3", true, 1000},
                 {"-0", true, 0}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json *root = json_parse(cases[i].text, strlen(cases[i].text), NULL);
        int64_t value = 0;
        assert_int_equal(json_integer(root, &value), cases[i].exact);
        assert_int_equal(value, cases[i].value);
        json_free(root);
    }
}

static void duplicate_keys_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"b\":2,\"\\u0061\":3}",
        "[[{\"x\":{\"a\":1,\"a\":2}}]]",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct error err = {0};
        assert_null(json_parse(bad[i], strlen(bad[i]), &err));
        assert_string_equal(err.message, "not_json: an object has the same key twice");
    }
    struct json *fine = json_parse("{\"a\":{\"a\":1},\"A\":2}", 19, NULL);
    assert_non_null(fine);
    json_free(fine);
    /* Small objects are compared pair by pair, large ones sorted; 32 and 33 are the last and the first of them. */
    for (int count = 30; count < 40; count++) {
        for (int twice = 0; twice < 2; twice++) {
            struct text_buffer b = {0};
            for (int i = 0; i < count; i++)
                text_buffer_add_format(&b, "%s\"k%d\":%d", i ? "," : "{",
                                       twice && i == count - 1 ? 3 : i, i);
            text_buffer_add_text(&b, "}");
            struct json *root = json_parse(b.data, b.length, NULL);
            assert_int_equal(root == NULL, twice);
            json_free(root);
            text_buffer_free(&b);
        }
    }
}

static void parse_refuses_what_check_refuses(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(json_parse("[1,\"\\u0000\"]", 12, &err));
    assert_non_null(strstr(err.message, "nul_character: "));
    assert_null(json_parse("[1]x", 4, &err));
    struct json *part = json_parse("[1]x", 3, &err); /* length counts, not a NUL */
    assert_non_null(part);
    json_free(part);
}

static void utf8(void **state)
{
    (void)state;
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("plain text, longer than eight", 29));
    assert_true(utf8_valid("Xín Mần", strlen("Xín Mần")));
    assert_false(utf8_valid("Xín Mần", strlen("Xín Mần") - 2));
    assert_false(utf8_valid("12345678\xed\xa0\x80", 11));
    assert_true(utf8_valid("a\0b", 3));
}

static struct json *parse_exact(const char *text)
{
    struct error err = {0};
    struct json *root = json_parse_exact(text, strlen(text), &err);
    if (!root)
        fail_msg("%s: %s", text, err.message);
    return root;
}

static void numbers_that_no_double_holds_keep_their_digits(void **state)
{
    (void)state;
    struct json *root = parse_exact(
        "{\"id\":9007199254740993,\"long\":-1234567890123456,\"safe\":123456789012345,"
        "\"wild\":1e999,\"limit\":1e308,\"share\":0.8333333333333334,\"big\":1e20,\"list\":"
        "[12345678901234567890,1],\"text\":\"9007199254740993 \\\" "
        "9007199254740993\",\"tiny\":1e-999}");
    static const char *const exact[][2] = {{"id", "9007199254740993"},
                                           {"long", "-1234567890123456"},
                                           {"wild", "1e999"},
                                           {"limit", "1e308"},
                                           {"text", "9007199254740993 \" 9007199254740993"}};
    for (size_t i = 0; i < ARRAY_LEN(exact); i++)
        assert_string_equal(json_get_string(root, exact[i][0]), exact[i][1]);
    assert_true(json_number(json_get(root, "safe"), 0) == 123456789012345.0);
    assert_true(json_number(json_get(root, "share"), 0) == 0.8333333333333334);
    assert_true(json_number(json_get(root, "big"), 0) == 1e20);
    assert_true(json_number(json_get(root, "tiny"), 1) == 0.0);
    assert_string_equal(json_string(json_first(json_get(root, "list"))), "12345678901234567890");
    assert_true(json_number(json_next(json_first(json_get(root, "list"))), 0) == 1.0);
    json_free(root);
    root = parse_exact("12345678901234567890123456789012345678901234567890123456789012345678901");
    assert_int_equal(strlen(json_string(root)), 71);
    json_free(root);
    root = parse_exact("1e99999999999999999999");
    assert_string_equal(json_string(root), "1e99999999999999999999");
    json_free(root);
    struct error err = {0};
    assert_null(json_parse_exact("[9007199254740993,]", 19, &err));
    assert_int_equal(err.kind, ERROR_DATA);
    assert_null(json_parse_exact("{\"a\":9007199254740993,\"a\":1}", 30, &err));
    assert_null(json_parse_exact("[01234567890123456]", 19, &err));
    /* Who asks for plain JSON gets the stricter rules. */
    assert_null(json_parse("[1e999]", 7, &err));
}

static void one_node_as_a_list(void **state)
{
    (void)state;
    struct error err = {0};
    struct json *root = json_parse("{\"a\":{\"x\":1,\"y\":2},\"b\":3}", 25, &err);
    assert_non_null(root);
    struct json *list = json_list_of(json_get(root, "a"));
    assert_true(json_is_array(list));
    assert_int_equal(json_size(list), 1);
    const struct json *only = json_first(list);
    assert_null(json_next(only));
    assert_true(json_number(json_get(only, "y"), 0) == 2);
    json_list_free(list);
    json_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_json),
        cmocka_unit_test(refuses_what_is_no_json),
        cmocka_unit_test(refuses_odd_numbers),
        cmocka_unit_test(refuses_what_is_no_text),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(every_offset_in_a_run),
        cmocka_unit_test(parses_a_tree),
        cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(duplicate_keys_are_refused),
        cmocka_unit_test(parse_refuses_what_check_refuses),
        cmocka_unit_test(numbers_that_no_double_holds_keep_their_digits),
        cmocka_unit_test(utf8),
        cmocka_unit_test(one_node_as_a_list),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
