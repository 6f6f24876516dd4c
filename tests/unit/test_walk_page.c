#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/walk_page.h"

static bool decode(const char *body, struct decoded_page *page, struct error *err)
{
    *err = (struct error){.kind = ERROR_NONE};
    return page_decode(body, strlen(body), "application/json", "results", page, err);
}

static void both_envelopes_and_a_bare_array(void **state)
{
    (void)state;
    struct decoded_page page;
    struct error err;
    assert_true(decode("{\"next\":\"https://lms/x?cursor=a\",\"previous\":null,"
                       "\"results\":[{\"a\":1},{\"a\":2}]}",
                       &page, &err));
    assert_int_equal(json_size(page.records), 2);
    assert_string_equal(page.next, "https://lms/x?cursor=a");
    json_free(page.root);
    assert_true(decode("{\"results\":[1],\"pagination\":{\"next\":\"/y?page=2\",\"count\":3}}",
                       &page, &err));
    assert_string_equal(page.next, "/y?page=2");
    json_free(page.root);
    assert_true(decode("{\"count\":3,\"num_pages\":1,\"current_page\":1,\"start\":0,\"next\":null,"
                       "\"results\":[]}",
                       &page, &err));
    assert_null(page.next);
    assert_int_equal(json_size(page.records), 0);
    json_free(page.root);
    assert_true(decode("[{\"username\":\"a\"}]", &page, &err));
    assert_int_equal(json_size(page.records), 1);
    assert_null(page.next);
    json_free(page.root);
}

static void what_is_not_data_is_an_error_of_the_source(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "  <!DOCTYPE html><html>Sign in</html>",
        "{\"developer_message\":\"Invalid course\"}",
        "{\"results\":{\"a\":1},\"next\":null}",
        "{\"next\":null,\"results\":[{\"a\":1},",
        "{\"results\":[],\"next\":5}",
        "null",
        "\"results\"",
    };
    struct decoded_page page;
    struct error err;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_false(decode(bodies[i], &page, &err));
        assert_int_equal(err.kind, ERROR_SOURCE);
        assert_null(page.root);
    }
}

static void html_by_its_type(void **state)
{
    (void)state;
    struct decoded_page page;
    struct error err = {.kind = ERROR_NONE};
    assert_false(page_decode("[]", 2, "text/html; charset=utf-8", "results", &page, &err));
    assert_non_null(strstr(err.message, "HTML"));
}

static void messages_never_quote_the_body(void **state)
{
    (void)state;
    struct decoded_page page;
    struct error err;
    assert_false(decode("{\"username\":\"nguyen.van.a@example.vn\"}", &page, &err));
    assert_null(strstr(err.message, "nguyen"));
    assert_false(decode("{\"username\":\"nguyen.van.a@example.vn\",}", &page, &err));
    assert_null(strstr(err.message, "nguyen"));
}

static uint64_t digest(const char *body)
{
    struct decoded_page page;
    struct error err;
    assert_true(decode(body, &page, &err));
    json_free(page.root);
    return page.digest;
}

static void the_digest_is_of_the_records_alone(void **state)
{
    (void)state;
    uint64_t a = digest("{\"next\":\"x\",\"results\":[{\"u\":\"a\",\"p\":0.5}]}");
    assert_true(a == digest("{\"next\":\"y\",\"results\":[{\"u\":\"a\",\"p\":0.5}]}"));
    static const char *const others[] = {"[{\"u\":\"a\",\"p\":0.6}]",
                                         "[{\"u\":\"b\",\"p\":0.5}]",
                                         "[{\"u\":\"a\",\"q\":0.5}]",
                                         "[[\"u\",\"a\",\"p\",0.5]]",
                                         "[{\"u\":\"a\"},{\"p\":0.5}]",
                                         "[{\"u\":\"a\",\"p\":\"0.5\"}]",
                                         "[]"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(a == digest(others[i]));
    assert_false(digest("[true]") == digest("[false]"));
    assert_false(digest("[null]") == digest("[false]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_envelopes_and_a_bare_array),
        cmocka_unit_test(what_is_not_data_is_an_error_of_the_source),
        cmocka_unit_test(html_by_its_type),
        cmocka_unit_test(messages_never_quote_the_body),
        cmocka_unit_test(the_digest_is_of_the_records_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
