#include "cmocka_all.h"

#include <stdio.h>

#include "../../ingest/http/validators.h"

static struct http_validator of(int number)
{
    struct http_validator v = {.page = {(uint64_t)number, (uint64_t)number * 7}};
    snprintf(v.etag, sizeof v.etag, "\"%d\"", number);
    return v;
}

static void the_latest_are_kept(void **state)
{
    (void)state;
    struct validators *all = NULL;
    assert_null(validators_get(all, of(1).page, 0));
    for (int i = 0; i < 3 * VALIDATORS_MAX; i++) {
        struct http_validator v = of(i);
        validators_put(&all, &v, 0);
    }
    for (int i = 0; i < 3 * VALIDATORS_MAX; i++) {
        const struct http_validator *v = validators_get(all, of(i).page, 5);
        assert_int_equal(v != NULL, i >= 2 * VALIDATORS_MAX);
        if (v)
            assert_string_equal(v->etag, of(i).etag);
    }
    validators_free(all);
}

static void a_new_version_takes_the_place_of_the_old(void **state)
{
    (void)state;
    struct validators *all = NULL;
    struct http_validator v = of(5);
    validators_put(&all, &v, 0);
    snprintf(v.etag, sizeof v.etag, "W/\"new\"");
    validators_put(&all, &v, 0);
    assert_string_equal(validators_get(all, v.page, 0)->etag, "W/\"new\"");
    validators_free(all);
}

static void none_counts_for_ever(void **state)
{
    (void)state;
    struct validators *all = NULL;
    struct http_validator v = of(5);
    validators_put(&all, &v, 1000);
    assert_non_null(validators_get(all, v.page, 1000 + VALIDATORS_MS - 1));
    assert_null(validators_get(all, v.page, 1000 + VALIDATORS_MS));
    validators_put(&all, &v, 5000);
    assert_non_null(validators_get(all, v.page, 1000 + VALIDATORS_MS));
    validators_free(all);
}

static void readers_are_kept_apart(void **state)
{
    (void)state;
    assert_false(key128_equal(validators_page("head", "/list"), validators_page("sweep", "/list")));
    assert_false(key128_equal(validators_page("head", "/list"), validators_page("head", "/list?")));
    assert_true(key128_equal(validators_page("head", "/list"), validators_page("head", "/list")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_are_kept),
        cmocka_unit_test(a_new_version_takes_the_place_of_the_old),
        cmocka_unit_test(none_counts_for_ever),
        cmocka_unit_test(readers_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
