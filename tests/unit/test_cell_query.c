/* How an operator names a cell of the figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../aggregator/cells/cell_query.h"

static void what_is_named_is_found(void **state)
{
    (void)state;
    struct cell_query q;
    struct error err = {0};
    assert_true(cell_query_parse("  training=TA unit=HG-SYTE   measure=passed ", &q, &err));
    assert_int_equal(q.scope, SCOPE_TRAINING);
    assert_string_equal(q.training, "TA");
    assert_string_equal(q.unit, "HG-SYTE");
    assert_int_equal(q.measure, MEASURE_PASSED);
    assert_true(cell_query_parse("wave=W1 measure=registered group=17", &q, &err));
    assert_int_equal(q.scope, SCOPE_WAVE);
    assert_true(cell_query_parse("unit=U group='Văn phòng Sở' measure=passed", &q, &err));
    assert_string_equal(q.group, "Văn phòng Sở");
    assert_int_equal(q.measure, MEASURE_PASSED);
    assert_true(cell_query_parse("group=\"Tổ 'A' 1\" measure=passed", &q, &err));
    assert_string_equal(q.group, "Tổ 'A' 1");
    assert_false(cell_query_parse("group='Tổ 1 measure=passed", &q, &err));
    assert_false(cell_query_parse("group=Tổ 1 measure=passed", &q, &err));
    assert_true(cell_query_parse("year=2023 measure=first_time", &q, &err));
    assert_int_equal(q.scope, SCOPE_YEAR);
    assert_int_equal(q.year, 2023);
    assert_true(cell_query_parse("measure=scored", &q, &err));
    assert_int_equal(q.scope, SCOPE_ALL);
    assert_true(cell_query_parse("scope=platform training=TA value=daotao measure=sat", &q, &err));
    assert_int_equal(q.scope, SCOPE_PLATFORM);
    assert_false(q.with_below);
    assert_true(cell_query_parse("unit=U below=yes measure=passed", &q, &err));
    assert_true(q.with_below);
    assert_true(cell_query_parse("wave=W1 unit=U measure=not_passed", &q, &err));
    assert_int_equal(q.scope, SCOPE_WAVE);
    assert_true(cell_query_has_places(&q));
    assert_true(cell_query_parse("training=TA measure=not_registered", &q, &err));
    assert_int_equal(q.scope, SCOPE_TRAINING);
    assert_false(cell_query_has_places(&q));
}

/* Who is registered and has not passed stands behind "not passed"; who is on no list and has not passed does not. */
static void not_passed_is_registered_without_passed(void **state)
{
    (void)state;
    const uint32_t listed = 1U << MEASURE_REGISTERED, passed = 1U << MEASURE_PASSED,
                   sat = 1U << MEASURE_SAT, outside = 1U << MEASURE_NOT_REGISTERED;
    struct cell_query not_passed, registered;
    struct error err = {0};
    assert_true(cell_query_parse("measure=not_passed", &not_passed, &err));
    assert_true(cell_query_parse("measure=registered", &registered, &err));
    assert_true(cell_query_holds(&not_passed, listed));
    assert_true(cell_query_holds(&not_passed, listed | sat));
    assert_false(cell_query_holds(&not_passed, listed | sat | passed));
    assert_false(cell_query_holds(&not_passed, outside | sat));
    assert_true(cell_query_holds(&registered, listed | passed));
    assert_false(cell_query_holds(&registered, outside));
}

/* Who stands on no list is in no printed cell, whatever they did. */
static void of_a_report_only_the_listed_count(void **state)
{
    (void)state;
    const uint32_t listed = 1U << MEASURE_REGISTERED, passed = 1U << MEASURE_PASSED,
                   outside = 1U << MEASURE_NOT_REGISTERED;
    struct cell_query q;
    struct error err = {0};
    assert_true(cell_query_parse("measure=passed", &q, &err));
    assert_true(cell_query_holds(&q, outside | passed));
    q.listed = true;
    assert_false(cell_query_holds(&q, outside | passed));
    assert_true(cell_query_holds(&q, listed | passed));
    assert_false(cell_query_holds(&q, listed));
}

/* What was meant is given back as it is to be typed. */
static void parts_stand_apart_by_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *text, *meant;
    } cases[] = {
        {"unit=HG-SYTE,measure=passed", "unit=HG-SYTE measure=passed"},
        {"unit=HG-SYTE, measure=passed,", "unit=HG-SYTE measure=passed"},
        {"training=T;wave=W;measure=sat", "training=T wave=W measure=sat"},
        {"unit=U&measure=passed", "unit=U measure=passed"},
        {"HG-SYTE,passed", "unit=U measure=passed"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cell_query q;
        struct error err = {0};
        char said[200];
        assert_false(cell_query_parse(cases[i].text, &q, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
        snprintf(said, sizeof(said),
                 "the parts of a cell stand apart by blanks, not by commas: --why \"%s\"",
                 cases[i].meant);
        assert_string_equal(err.message, said);
        snprintf(said, sizeof(said),
                 "các phần của một ô cách nhau bằng dấu cách, không bằng dấu phẩy: --why \"%s\"",
                 cases[i].meant);
        assert_string_equal(error_words(&err, true), said);
    }
    struct cell_query q;
    struct error err = {0};
    assert_true(cell_query_parse("scope=platform value=a,b;c measure=passed", &q, &err));
    assert_string_equal(q.value, "a,b;c"); /* a code may hold one */
}

static void what_cannot_be_read_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "measure= is missing"},
        {"training=TA", "measure= is missing"},
        {"passed", "passed: expected NAME=VALUE, with blanks between, and a value with blanks in "
                   "quotation marks, as in: unit=U group='Team 1' measure=passed"},
        {"measure=pass", "measure=pass: it is one of registered"},
        {"scope=province measure=passed", "scope=province: it is one of"},
        {"year=x measure=passed", "year=x is no year"},
        {"unit=U below=all measure=passed", "below=all: it is yes or no"},
        {"below=yes measure=passed", "below=yes: which unit?"},
        {"colour=red measure=passed", "colour=: a cell is named by"},
        {"measure=pass", "failed, not_passed, certified"},
        {"unit=U measure=not_registered", "of no unit, group or wave"},
        {"wave=W1 measure=not_registered", "of no unit, group or wave"},
        {"measure=not_registered group=17", "of no unit, group or wave"},
        {"measure=not_registered scope=wave", "of no unit, group or wave"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct cell_query q;
        struct error err = {0};
        assert_false(cell_query_parse(cases[i].text, &q, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
        assert_non_null(strstr(err.message, cases[i].said));
    }
    char wide[CELL_TEXT_SIZE * 2];
    memset(wide, 'u', sizeof(wide) - 1);
    memcpy(wide, "unit=", 5);
    wide[sizeof(wide) - 1] = 0;
    struct cell_query q;
    struct error err = {0};
    assert_false(cell_query_parse(wide, &q, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_named_is_found),
        cmocka_unit_test(not_passed_is_registered_without_passed),
        cmocka_unit_test(of_a_report_only_the_listed_count),
        cmocka_unit_test(parts_stand_apart_by_blanks),
        cmocka_unit_test(what_cannot_be_read_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
