/* Instants as people write them: a day is its end, a time without a zone is Vietnam's, the future is refused. */
#include "cmocka_all.h"

#include <string.h>

#include "../../aggregator/close/as_of.h"
#include "../../common/clock.h"

static void is(const char *text, const char *instant)
{
    int64_t us;
    struct error err = {0};
    char found[CLOCK_TEXT_SIZE];
    assert_true(as_of_parse(text, INT64_MAX, &us, &err));
    clock_format(us, found);
    assert_string_equal(found, instant);
}

static void takes_days_times_and_instants(void **state)
{
    (void)state;
    is("2023-10-02", "2023-10-02T16:59:59.999999Z");
    is("2023-10-02T17:00", "2023-10-02T10:00:00.000000Z");
    is("2023-10-02 17:00", "2023-10-02T10:00:00.000000Z");
    is("2023-10-02T17:00:30", "2023-10-02T10:00:30.000000Z");
    is("2023-10-02T17:00:00Z", "2023-10-02T17:00:00.000000Z");
    is("2023-10-02T17:00:00+07:00", "2023-10-02T10:00:00.000000Z");
}

static void refuses_what_is_none_or_to_come(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "today",
                                        "2023-10",
                                        "2023-13-01",
                                        "2023-10-02T25:00",
                                        "02/10/2023",
                                        "2023-10-02x17:00",
                                        "2023-10-02T17",
                                        "2023-10-02T17:0:0"};
    int64_t us;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct error err = {0};
        assert_false(as_of_parse(wrong[i], INT64_MAX, &us, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
        assert_non_null(strstr(err.message, "is no date or time"));
    }
    struct error err = {0};
    int64_t now;
    assert_true(clock_parse("2023-10-02T10:00:00Z", &now));
    assert_true(as_of_parse("2023-10-02T17:00", now, &us, &err));
    assert_false(as_of_parse("2023-10-02T17:01", now, &us, &err));
    assert_non_null(strstr(err.message, "still to come"));
    assert_false(as_of_parse("2023-10-02", now, &us, &err)); /* its end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_days_times_and_instants),
        cmocka_unit_test(refuses_what_is_none_or_to_come),
    };
    return cmocka_run_group_tests_name("as_of", tests, NULL, NULL);
}
