#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/walk/walk_page.h"

struct decoded {
    struct json *root;
    const struct json *records;
    struct page_position position;
    bool more;
};

static const struct page_rules by_link = {.rule = PAGES_NEXT, .next = {"/next", "/pagination/next"}};
static const char *const pointers[PAGE_POINTERS] = {"/results", ""};

static bool decode_typed(const char *body, const char *type, struct decoded *page, struct error *err)
{
    *err = (struct error){.kind = ERROR_NONE};
    *page = (struct decoded){.root = page_parse(body, strlen(body), type, err)};
    page_begin(&page->position, &by_link);
    if (page->root && (page->records = page_records(page->root, pointers, err)) &&
        page_advance(&page->position, &by_link, page->root, page->records, NULL, &page->more, err))
        return true;
    json_free(page->root);
    page->root = NULL;
    return false;
}

static bool decode(const char *body, struct decoded *page, struct error *err)
{
    return decode_typed(body, "application/json", page, err);
}

static void done(struct decoded *page)
{
    page_end(&page->position);
    json_free(page->root);
}

static void both_envelopes_and_a_bare_array(void **state)
{
    (void)state;
    struct decoded page;
    struct error err;
    assert_true(decode("{\"next\":\"https://lms/x?cursor=a\",\"previous\":null,"
                       "\"results\":[{\"a\":1},{\"a\":2}]}",
                       &page, &err));
    assert_int_equal(json_size(page.records), 2);
    assert_true(page.more);
    assert_string_equal(page.position.link, "https://lms/x?cursor=a");
    done(&page);
    assert_true(decode("{\"results\":[1],\"pagination\":{\"next\":\"/y?page=2\",\"count\":3}}",
                       &page, &err));
    assert_string_equal(page.position.link, "/y?page=2");
    done(&page);
    assert_true(decode("{\"count\":3,\"num_pages\":1,\"current_page\":1,\"start\":0,\"next\":null,"
                       "\"results\":[]}",
                       &page, &err));
    assert_false(page.more);
    assert_int_equal(json_size(page.records), 0);
    done(&page);
    assert_true(decode("[{\"username\":\"a\"}]", &page, &err));
    assert_int_equal(json_size(page.records), 1);
    assert_false(page.more);
    done(&page);
}

/* Pages by number or offset: what each page holds, and how many are asked for until the list is taken to be at its end. */
static void lists_without_links_end(void **state)
{
    (void)state;
    static const struct {
        struct page_rules rules;
        const char *pages[5];
        size_t asked;
        int64_t page, offset; /* of the last request */
    } cases[] = {
        /* a short page after a longer one is the last */
        {{.rule = PAGES_NUMBER, .first = 1}, {"[1,2,3]", "[4,5,6]", "[7]"}, 3, 3, 6},
        /* the first one may be short because the server cuts the size: only an empty one ends it */
        {{.rule = PAGES_OFFSET, .size = 100}, {"[1,2]", "[3,4]", "[]"}, 3, 2, 4},
        {{.rule = PAGES_OFFSET, .size = 100}, {"[]"}, 1, 0, 0},
        {{.rule = PAGES_NUMBER, .first = 0, .total = "/n"},
         {"{\"n\":3,\"results\":[1,2]}", "{\"n\":3,\"results\":[3]}"},
         2,
         1,
         2},
        {{.rule = PAGES_NUMBER, .first = 1, .last = "/last"},
         {"{\"last\":2,\"results\":[1]}", "{\"last\":2,\"results\":[1]}"},
         2,
         2,
         1},
        {{.rule = PAGES_ONE}, {"[1]"}, 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page_position at;
        struct error err = {.kind = ERROR_NONE};
        bool more = true;
        size_t asked = 0;
        int64_t page = 0, offset = 0;
        for (page_begin(&at, &cases[i].rules); more && asked < 5 && cases[i].pages[asked]; asked++) {
            page = at.page;
            offset = at.offset - cases[i].rules.first;
            struct json *root =
                page_parse(cases[i].pages[asked], strlen(cases[i].pages[asked]), "", &err);
            assert_true(page_advance(&at, &cases[i].rules, root, page_records(root, pointers, &err),
                                     NULL, &more, &err));
            json_free(root);
        }
        assert_false(more);
        assert_int_equal(asked, cases[i].asked);
        assert_int_equal(page, cases[i].page);
        assert_int_equal(offset, cases[i].offset);
        page_end(&at);
    }
}

static void cursors_are_texts_or_numbers(void **state)
{
    (void)state;
    static const struct page_rules rules = {.rule = PAGES_CURSOR, .next = {"/after"}};
    static const struct {
        const char *body, *cursor;
    } cases[] = {{"{\"after\":\"x=\",\"results\":[1]}", "x="},
                 {"{\"after\":17,\"results\":[1]}", "17"},
                 {"{\"after\":9007199254740993,\"results\":[1e999]}", "9007199254740993"},
                 {"{\"after\":\"\",\"results\":[1]}", NULL},
                 {"{\"results\":[1]}", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page_position at;
        struct error err = {.kind = ERROR_NONE};
        bool more;
        page_begin(&at, &rules);
        struct json *root = page_parse(cases[i].body, strlen(cases[i].body), "", &err);
        assert_true(
            page_advance(&at, &rules, root, page_records(root, pointers, &err), NULL, &more, &err));
        assert_int_equal(more, cases[i].cursor != NULL);
        if (cases[i].cursor)
            assert_string_equal(at.cursor, cases[i].cursor);
        json_free(root);
        page_end(&at);
    }
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
    struct decoded page;
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
    struct decoded page;
    struct error err = {.kind = ERROR_NONE};
    assert_false(decode_typed("[]", "text/html; charset=utf-8", &page, &err));
    assert_non_null(strstr(err.message, "HTML"));
}

static void messages_never_quote_the_body(void **state)
{
    (void)state;
    struct decoded page;
    struct error err;
    assert_false(decode("{\"username\":\"nguyen.van.a@example.vn\"}", &page, &err));
    assert_null(strstr(err.message, "nguyen"));
    assert_false(decode("{\"username\":\"nguyen.van.a@example.vn\",}", &page, &err));
    assert_null(strstr(err.message, "nguyen"));
}

static uint64_t digest(const char *body)
{
    struct decoded page;
    struct error err;
    assert_true(decode(body, &page, &err));
    uint64_t digest_of_records = page_digest(page.records);
    done(&page);
    return digest_of_records;
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

static void one_record_is_a_list_of_one(void **state)
{
    (void)state;
    struct error err = {0};
    struct json *root = json_parse("{\"a\":{\"x\":1},\"b\":[]}", 20, &err);
    struct json *list = page_record(root, "/a", &err);
    assert_non_null(list);
    assert_int_equal(json_size(list), 1);
    json_list_free(list);
    assert_null(page_record(root, "/b", &err));
    assert_int_equal(err.kind, ERROR_SOURCE);
    assert_null(page_record(root, "/c", &err));
    json_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_envelopes_and_a_bare_array),
        cmocka_unit_test(lists_without_links_end),
        cmocka_unit_test(cursors_are_texts_or_numbers),
        cmocka_unit_test(what_is_not_data_is_an_error_of_the_source),
        cmocka_unit_test(html_by_its_type),
        cmocka_unit_test(messages_never_quote_the_body),
        cmocka_unit_test(the_digest_is_of_the_records_alone),
        cmocka_unit_test(one_record_is_a_list_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
