#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/http/http_date.h"

#define S INT64_C(1000000)

static void dates(void **state)
{
    (void)state;
    int64_t us = 0;
    /* The example of RFC 9110 §5.6.7; seconds by date(1). */
    assert_true(http_date_parse("Sun, 06 Nov 1994 08:49:37 GMT", &us));
    assert_int_equal(us, 784111777 * S);
    assert_true(http_date_parse("Thu, 29 Feb 2024 23:59:60 GMT", &us));
    static const char *const bad[] = {"",
                                      "Sunday, 06-Nov-94 08:49:37 GMT",
                                      "Sun Nov  6 08:49:37 1994",
                                      "Sun, 06 Nov 1994 08:49:37 UTC",
                                      "Sun, 06 Nov 1994 24:49:37 GMT",
                                      "Sun, 32 Nov 1994 08:49:37 GMT",
                                      "Sun, 06 Nop 1994 08:49:37 GMT",
                                      "Sun, 06 ovD 1994 08:49:37 GMT",
                                      "Sun, 06 Nov 19x4 08:49:37 GMT",
                                      "Sun, 06 Nov 1994 08:49:37 GMT "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(http_date_parse(bad[i], &us));
}

static void seconds(void **state)
{
    (void)state;
    assert_int_equal(retry_after_ms("120", 0), 120000);
    assert_int_equal(retry_after_ms(" 7 ", 0), 7000);
    assert_int_equal(retry_after_ms("1.5", 0), 1500);
    assert_int_equal(retry_after_ms("0", 0), 1000);
    assert_int_equal(retry_after_ms("-5", 0), 1000);
    assert_int_equal(retry_after_ms("99999999999999999999999", 0), 3600000);
    assert_int_equal(retry_after_ms("3601", 0), 3600000);
}

static void dates_count_from_the_servers_clock(void **state)
{
    (void)state;
    int64_t server = 784111777 * S;
    assert_int_equal(retry_after_ms("Sun, 06 Nov 1994 08:50:07 GMT", server), 30000);
    assert_int_equal(retry_after_ms("Sun, 06 Nov 1994 08:00:00 GMT", server), 1000);
    assert_int_equal(retry_after_ms("Wed, 06 Nov 2030 08:00:00 GMT", server), 3600000);
}

static void what_cannot_be_read_is_absent(void **state)
{
    (void)state;
    assert_int_equal(retry_after_ms("", 0), 0);
    assert_int_equal(retry_after_ms("soon", 0), 0);
    assert_int_equal(retry_after_ms("12x", 0), 0);
    assert_int_equal(retry_after_ms("nan", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(seconds),
        cmocka_unit_test(dates_count_from_the_servers_clock),
        cmocka_unit_test(what_cannot_be_read_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
