/* Ages, instants and sizes as people read them. */
#include "cmocka_all.h"

#include "../../common/tell.h"

static void ages_in_words(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text, *vietnamese;
    } cases[] = {{0, "0.0 s", "0,0 giây"},      {1250, "1.2 s", "1,2 giây"},
                 {119999, "119 s", "119 giây"}, {120000, "2 min", "2 phút"},
                 {7200000, "2 h", "2 giờ"},     {172800000, "2 d", "2 ngày"},
                 {86400000, "24 h", "24 giờ"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char out[32];
        tell_age(cases[i].ms, false, out);
        assert_string_equal(out, cases[i].text);
        tell_age(cases[i].ms, true, out);
        assert_string_equal(out, cases[i].vietnamese);
    }
}

static void instants_and_sizes_in_words(void **state)
{
    (void)state;
    char instant[CLOCK_LOCAL_SIZE], size[32];
    tell_instant_of("2023-09-29T20:30:05Z", false, instant);
    assert_string_equal(instant, "2023-09-30 03:30:05 +07:00");
    tell_instant_of("2023-09-29T20:30:05Z", true, instant);
    assert_string_equal(instant, "30/09/2023 03:30:05");
    tell_instant_of("yesterday", true, instant);
    assert_string_equal(instant, "");
    tell_bytes(1023, true, size);
    assert_string_equal(size, "1023 B");
    tell_bytes(40055603, false, size);
    assert_string_equal(size, "38.2 MiB");
    tell_bytes(40055603, true, size);
    assert_string_equal(size, "38,2 MiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages_in_words),
        cmocka_unit_test(instants_and_sizes_in_words),
    };
    return cmocka_run_group_tests_name("tell", tests, NULL, NULL);
}
