#include "cmocka_all.h"

#include "../../ingest/numbers.h"

static void numbers_are_read_to_where_they_end(void **state)
{
    (void)state;
    int64_t n[3];
    assert_string_equal(numbers_read("-1 9223372036854775807\t0\nlink", n, 3), "\nlink");
    assert_int_equal(n[0], -1);
    assert_int_equal(n[1], INT64_MAX);
    assert_int_equal(n[2], 0);
    assert_string_equal(numbers_read("12.json", n, 1), ".json");
    assert_int_equal(n[0], 12);
    assert_string_equal(numbers_read("no number wanted", n, 0), "no number wanted");
}

static void a_missing_or_too_large_number_is_none(void **state)
{
    (void)state;
    int64_t n[2];
    assert_null(numbers_read("", n, 1));
    assert_null(numbers_read("1", n, 2));
    assert_null(numbers_read("1 x", n, 2));
    assert_null(numbers_read("9223372036854775808", n, 1));
    assert_null(numbers_read("1 -9223372036854775809", n, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_to_where_they_end),
        cmocka_unit_test(a_missing_or_too_large_number_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
