#include "cmocka_all.h"

#include <stdio.h>

#include "../../ingest/http/validators.h"

static struct http_validator of(int number)
{
    struct http_validator v = {.url = {(uint64_t)number, (uint64_t)number * 7}};
    snprintf(v.etag, sizeof v.etag, "\"%d\"", number);
    return v;
}

static void the_latest_are_kept(void **state)
{
    (void)state;
    struct validators *all = NULL;
    assert_null(validators_get(all, of(1).url));
    for (int i = 0; i < 1000; i++) {
        struct http_validator v = of(i);
        validators_put(&all, &v);
    }
    for (int i = 0; i < 1000; i++) {
        const struct http_validator *v = validators_get(all, of(i).url);
        assert_int_equal(v != NULL, i >= 1000 - VALIDATORS_MAX);
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
    validators_put(&all, &v);
    snprintf(v.etag, sizeof v.etag, "W/\"new\"");
    validators_put(&all, &v);
    assert_string_equal(validators_get(all, v.url)->etag, "W/\"new\"");
    validators_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_are_kept),
        cmocka_unit_test(a_new_version_takes_the_place_of_the_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
