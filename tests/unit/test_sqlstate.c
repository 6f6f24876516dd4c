#include "cmocka_all.h"

#include "../../aggregator/sqlstate.h"

static void expect(const char *state, enum error_kind kind, bool retriable)
{
    enum error_kind found = ERROR_NONE;
    bool again = !retriable;
    sqlstate_classify(state, &found, &again);
    if (found != kind || again != retriable)
        fail_msg("%s: kind %d, retriable %d", state, found, again);
}

/* What passes by itself must not end the service. */
static void time_mends(void **state)
{
    (void)state;
    expect("08006", ERROR_UNREACHABLE, true); /* connection failure */
    expect("57P01", ERROR_UNREACHABLE, true); /* ended by an administrator, or by another instance */
    expect("57P03", ERROR_UNREACHABLE, true); /* still starting */
    expect("53100", ERROR_UNREACHABLE, true); /* disk full */
    assert_true(sqlstate_disk_full("53100"));
    assert_false(sqlstate_disk_full("53200") || sqlstate_disk_full(""));
    expect("53300", ERROR_UNREACHABLE, true); /* too many connections */
    expect("25006", ERROR_UNREACHABLE, true); /* read only: a standby server */
    expect("25P03", ERROR_UNREACHABLE, true); /* idle in a transaction for too long: we were stopped */
    expect("40001", ERROR_STATE, true);
    expect("40P01", ERROR_STATE, true);
    expect("55P03", ERROR_STATE, true);
    expect("57014", ERROR_STATE, true);
}

static void time_does_not(void **state)
{
    (void)state;
    expect("28P01", ERROR_CONFIG, false);
    expect("3D000", ERROR_CONFIG, false);
    expect("42501", ERROR_CONFIG, false);
    expect("25P02", ERROR_INTERNAL, false);
    expect("55000", ERROR_STATE, false);
    expect("23505", ERROR_INTERNAL, false);
}

static void says_it(void **state)
{
    (void)state;
    struct error err = {0};
    assert_false(sqlstate_error("40P01", false, "committing", "deadlock detected\nProcess 1", &err));
    assert_string_equal(err.message, "PostgreSQL, committing: deadlock detected (40P01)");
    assert_string_equal(error_words(&err, true),
                        "PostgreSQL không làm được: deadlock detected (40P01)");
    assert_int_equal(err.kind, ERROR_STATE);
    assert_true(err.retriable);
    assert_false(sqlstate_error("42501", false, "querying", "permission denied", &err));
    assert_string_equal(
        err.message, "PostgreSQL, querying: permission denied (42501); does option database name "
                     "the login mooc_writer, and was the whole schema deployed?");
    assert_string_equal(
        error_words(&err, true),
        "PostgreSQL không làm được: permission denied (42501); tùy chọn database có "
        "nêu tài khoản mooc_writer không, schema đã cài đủ chưa?");
    assert_false(sqlstate_raised("55000", "month 2026-01 is not over yet", NULL, NULL, &err));
    assert_string_equal(err.message, "month 2026-01 is not over yet");
    assert_int_equal(err.kind, ERROR_STATE);
    assert_false(sqlstate_raised("55000", "it is gone", "Start anew", "đã mất, hãy làm lại", &err));
    assert_string_equal(error_words(&err, true), "đã mất, hãy làm lại");
    assert_string_equal(err.message, "it is gone. Start anew");
    assert_false(sqlstate_error("", true, "querying", "server closed the connection", &err));
    assert_string_equal(err.message, "PostgreSQL, querying: server closed the connection");
    assert_int_equal(err.kind, ERROR_UNREACHABLE);
    assert_true(err.retriable);
    assert_false(sqlstate_error("", false, "querying", "", &err));
    assert_int_equal(err.kind, ERROR_INTERNAL);
    assert_false(err.retriable);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(time_mends),
                                       cmocka_unit_test(time_does_not), cmocka_unit_test(says_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
