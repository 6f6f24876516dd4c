#include <string.h>

#include "cmocka_all.h"

#include "../../aggregator/bi_user/password.h"

static bool fits(const char *login, const char *password)
{
    struct error err = {0};
    bool fit = password_is_fit(login, password, strlen(password), &err);
    assert_int_equal(err.kind, fit ? ERROR_NONE : ERROR_CONFIG);
    if (!fit) {
        assert_non_null(strstr(err.message, "at least 12 characters"));
        assert_non_null(strstr(err.message, login));
    }
    return fit;
}

static void twelve_characters(void **state)
{
    (void)state;
    assert_true(fits("soyte", "123456789012"));
    assert_false(fits("soyte", "12345678901"));
    assert_false(fits("soyte", "x"));
    assert_false(fits("soyte", ""));
}

static void the_name_does_not_count(void **state)
{
    (void)state;
    assert_false(fits("tinh_ha_giang", "tinh_ha_giang"));
    assert_false(fits("tinh_ha_giang", "Tinh_Ha_Giang2026"));
    assert_false(fits("soyte", "soytesoytesoyte"));
    assert_false(fits("soyte", "12345678901soyte"));
    assert_true(fits("soyte", "123456SOYTE789012"));
    assert_false(fits("a", "aaaaaaaaaaaaaaaa"));
    assert_true(fits("soyte", "soytsoytsoyt")); /* a part of it is not it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twelve_characters),
        cmocka_unit_test(the_name_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
