#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

#include "../../aggregator/report/number.h"

static void rounds_half_away_from_zero_from_the_exact_fraction(void **state)
{
    (void)state;
    static const struct {
        int64_t part, whole, tenths;
    } cases[] = {
        {73, 80, 913}, /* 91.25 % exactly */
        {61, 66, 924},
        {61, 106, 575},
        {2072, 2716, 763},
        {2072, 2103, 985},
        {0, 18, 0},
        {18, 18, 1000},
        {1, 2000, 1},
        {1, 2001, 0},
        {1999, 2000, 1000},
        {5, 2, 2500},
        {1, 3, 333},
        {2, 3, 667},
        {1, INT64_MAX, 0},
        {INT64_MAX, INT64_MAX, 1000},
        {INT64_MAX - 1, INT64_MAX, 1000},
        {INT64_MAX / 2, INT64_MAX, 500},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t tenths = -1;
        assert_true(rate_tenths(cases[i].part, cases[i].whole, &tenths));
        assert_int_equal(tenths, cases[i].tenths);
    }
}

/* Against the definition, where nothing overflows: floor(1000 p / w + 1/2). */
static void agrees_with_the_definition(void **state)
{
    (void)state;
    for (int64_t whole = 1; whole <= 300; whole++) {
        for (int64_t part = 0; part <= whole; part++) {
            int64_t tenths = -1;
            assert_true(rate_tenths(part, whole, &tenths));
            assert_int_equal(tenths, (2 * 1000 * part + whole) / (2 * whole));
        }
    }
}

static void has_no_rate_without_a_whole(void **state)
{
    (void)state;
    int64_t tenths = -7;
    assert_false(rate_tenths(0, 0, &tenths));
    assert_false(rate_tenths(1, -1, &tenths));
    assert_false(rate_tenths(-1, 5, &tenths));
    assert_false(rate_tenths(INT64_MAX, 1, &tenths));
    assert_int_equal(tenths, -7);
}

static void counts_are_grouped_by_language(void **state)
{
    (void)state;
    static const struct {
        int64_t count;
        const char *vi, *en;
    } cases[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {2716, "2.716", "2,716"},
        {225404, "225.404", "225,404"},
        {-1234567, "-1.234.567", "-1,234,567"},
        {-123, "-123", "-123"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char out[NUMBER_SIZE];
        format_count(cases[i].count, LANGUAGE_VI, out);
        assert_string_equal(out, cases[i].vi);
        format_count(cases[i].count, LANGUAGE_EN, out);
        assert_string_equal(out, cases[i].en);
    }
}

static void changes_have_a_sign_and_are_grouped(void **state)
{
    (void)state;
    char out[NUMBER_SIZE];
    format_change(2084, LANGUAGE_VI, out);
    assert_string_equal(out, "+2.084");
    format_change(-1019, LANGUAGE_EN, out);
    assert_string_equal(out, "-1,019");
    format_change(0, LANGUAGE_VI, out);
    assert_string_equal(out, "0");
}

static void rates_have_one_decimal(void **state)
{
    (void)state;
    char out[NUMBER_SIZE];
    format_rate(842, LANGUAGE_VI, out);
    assert_string_equal(out, "84,2%");
    format_rate(1000, LANGUAGE_EN, out);
    assert_string_equal(out, "100.0%");
    format_rate(0, LANGUAGE_VI, out);
    assert_string_equal(out, "0,0%");
    format_plain_rate(57, out);
    assert_string_equal(out, "5.7");
}

/* All printed rates of both appendices from the printed counts: the files stand in tests/data. */
static void check_file(const char *path, int whole_column, int part_column, int rate_column)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[512];
    int rows = 0, rates = 0;
    assert_non_null(fgets(line, sizeof(line), file));
    while (fgets(line, sizeof(line), file)) {
        char *fields[16] = {0};
        int count = 0;
        char *at = line;
        line[strcspn(line, "\r\n")] = '\0';
        while (at && count < 16) {
            bool quoted = *at == '"';
            char *end = quoted ? strchr(at + 1, '"') : NULL;
            fields[count++] = quoted ? at + 1 : at;
            char *comma = strchr(quoted ? end : at, ',');
            if (quoted)
                *end = '\0';
            if (comma)
                *comma = '\0';
            at = comma ? comma + 1 : NULL;
        }
        assert_true(count > rate_column);
        rows++;
        if (fields[rate_column][0] == '\0')
            continue;
        int64_t tenths = -1;
        char printed[NUMBER_SIZE];
        assert_true(rate_tenths(strtoll(fields[part_column], NULL, 10),
                                strtoll(fields[whole_column], NULL, 10), &tenths));
        format_rate(tenths, LANGUAGE_VI, printed);
        assert_string_equal(printed, fields[rate_column]);
        rates++;
    }
    fclose(file);
    assert_true(rows >= 28);
    assert_true(rates >= 15);
}

static void printed_rates_come_out(void **state)
{
    (void)state;
    const char *units = "tests/data/hagiang_2023_units.csv";
    check_file(units, 2, 3, 4);
    check_file(units, 2, 5, 6);
    check_file(units, 2, 7, 9);
    check_file(units, 5, 7, 10);
    check_file("tests/data/provinces_2023.csv", 2, 3, 4);
}

static void shares_of_all_and_none_have_no_decimal(void **state)
{
    (void)state;
    char text[NUMBER_SIZE];
    assert_true(format_share(12, 18, LANGUAGE_VI, text));
    assert_string_equal(text, "66,7%");
    assert_true(format_share(9999, 10000, LANGUAGE_EN, text));
    assert_string_equal(text, "100.0%"); /* not all */
    assert_true(format_share(18, 18, LANGUAGE_VI, text));
    assert_string_equal(text, "100%");
    assert_true(format_share(0, 18, LANGUAGE_VI, text));
    assert_string_equal(text, "0%");
    assert_false(format_share(0, 0, LANGUAGE_VI, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_half_away_from_zero_from_the_exact_fraction),
        cmocka_unit_test(agrees_with_the_definition),
        cmocka_unit_test(has_no_rate_without_a_whole),
        cmocka_unit_test(counts_are_grouped_by_language),
        cmocka_unit_test(changes_have_a_sign_and_are_grouped),
        cmocka_unit_test(rates_have_one_decimal),
        cmocka_unit_test(shares_of_all_and_none_have_no_decimal),
        cmocka_unit_test(printed_rates_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
