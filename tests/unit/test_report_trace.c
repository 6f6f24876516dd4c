#include "cmocka_all.h"

#include "../../aggregator/report/trace.h"

static void parameters_become_literals(void **state)
{
    (void)state;
    struct report_trace trace = {0};
    const char *const parameters[] = {"O'Neill", NULL, "{A,B}"};
    report_trace_add(&trace, "-- $1: who, \xC4\x91\nSELECT $1, $2::text, $3::text[], $10, '$x'\n",
                     3, parameters);
    report_trace_add(&trace, "SELECT 1", 0, NULL);
    assert_string_equal(
        trace.text.data,
        "-- $1: who, \xC4\x91\nSELECT 'O''Neill', NULL::text, '{A,B}'::text[], $10, '$x';\n"
        "\nSELECT 1;\n");
    assert_int_equal(trace.count, 2);
    report_trace_free(&trace);
    assert_null(trace.text.data);
}

static void a_comment_behind_a_statement_ends_with_its_line(void **state)
{
    (void)state;
    struct report_trace trace = {0};
    const char *const parameters[] = {"1"};
    report_trace_add(&trace, "SELECT $1 -- not $1\n+ $1 - 1", 1, parameters);
    assert_string_equal(trace.text.data, "SELECT '1' -- not $1\n+ '1' - 1;\n");
    report_trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_become_literals),
        cmocka_unit_test(a_comment_behind_a_statement_ends_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
