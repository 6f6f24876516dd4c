#include "cmocka_all.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/crypto.h"
#include "../../common/text_buffer.h"

static void grows_and_stays_terminated(void **state)
{
    (void)state;
    struct text_buffer b = {0};
    for (int i = 0; i < 1000; i++)
        text_buffer_add_text(&b, "0123456789");
    assert_int_equal(b.length, 10000);
    assert_int_equal(strlen(b.data), 10000);
    assert_memory_equal(b.data + 9990, "0123456789", 10);
    text_buffer_clear(&b);
    text_buffer_add(&b, "a\0b", 3);
    assert_int_equal(b.length, 3);
    assert_memory_equal(b.data, "a\0b", 4);
    text_buffer_free(&b);
    assert_null(b.data);
    text_buffer_add(&b, NULL, 0);
    assert_string_equal(b.data, "");
    text_buffer_free(&b);
}

static void formats_of_any_length(void **state)
{
    (void)state;
    for (int width = 1; width < 600; width += 7) {
        struct text_buffer b = {0};
        text_buffer_add_text(&b, "<");
        text_buffer_add_format(&b, "%*d>", width, 7);
        assert_int_equal(b.length, (size_t)width + 2);
        assert_int_equal(b.data[width], '7');
        assert_int_equal(b.data[width + 1], '>');
        text_buffer_free(&b);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        const char *text;
    } cases[] = {{0, "0"},
                 {-1, "-1"},
                 {2716, "2716"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text_buffer b = {0};
        text_buffer_add_number(&b, cases[i].number);
        assert_string_equal(b.data, cases[i].text);
        text_buffer_free(&b);
    }
}

static void json_strings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"Hà Giang", "\"Hà Giang\""},
        {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
        {"tail\n", "\"tail\\n\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text_buffer b = {0};
        text_buffer_add_json_string(&b, cases[i].text);
        assert_string_equal(b.data, cases[i].json);
        text_buffer_free(&b);
    }
}

static void json_doubles(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {0.8, "0.8"},
        {0.1, "0.1"},
        {-12.5, "-12.5"},
        {100, "100"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e22, "1e+22"},
        {5e-324, "5e-324"},
        {INFINITY, "null"},
        {NAN, "null"},
        {999999999999999.0, "999999999999999"},
        {9007199254740993.0, "9007199254740992"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text_buffer b = {0};
        text_buffer_add_json_double(&b, cases[i].number);
        assert_string_equal(b.data, cases[i].text);
        text_buffer_free(&b);
    }
}

static void json_doubles_read_back(void **state)
{
    (void)state;
    struct text_buffer b = {0};
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = random_u64();
        double number;
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        text_buffer_clear(&b);
        text_buffer_add_json_double(&b, number);
        assert_true(strtod(b.data, NULL) == number);
    }
    /* Hundredths print as they are written. */
    for (int i = 1; i < 100; i++) {
        char expected[16];
        int tens = i / 10, ones = i % 10;
        if (ones)
            (void)snprintf(expected, sizeof expected, "0.%d%d", tens, ones);
        else
            (void)snprintf(expected, sizeof expected, "0.%d", tens);
        text_buffer_clear(&b);
        text_buffer_add_json_double(&b, i / 100.0);
        assert_string_equal(b.data, expected);
    }
    /* Short decimals take a way of their own: the same text as by printf. */
    for (int i = 0; i < 20000; i++) {
        static const double scales[] = {10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 3};
        double number = (double)(random_u64() % 2000001) - 1000000;
        number /= scales[random_u64() % ARRAY_LEN(scales)];
        char expected[40];
        for (int digits = 15; digits <= 17; digits++) {
            (void)snprintf(expected, sizeof expected, "%.*g", digits, number);
            if (strtod(expected, NULL) == number)
                break;
        }
        text_buffer_clear(&b);
        text_buffer_add_json_double(&b, number);
        assert_string_equal(b.data, number == 0 ? "0" : expected);
    }
    text_buffer_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_stays_terminated),
        cmocka_unit_test(formats_of_any_length),
        cmocka_unit_test(numbers),
        cmocka_unit_test(json_strings),
        cmocka_unit_test(json_doubles),
        cmocka_unit_test(json_doubles_read_back),
    };
    return cmocka_run_group_tests_name("text_buffer", tests, NULL, NULL);
}
