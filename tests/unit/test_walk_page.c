#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../ingest/walk/walk_page.h"

struct decoded {
    struct page_list *list;
    struct page_position position;
    bool more;
};

static const struct page_rules by_link = {.rule = PAGES_NEXT, .next = {"/next", "/pagination/next"}};
static const char *const pointers[PAGE_POINTERS] = {"/results", ""};

static const struct page_place place = {pointers, NULL};

static bool decode_typed(const char *body, const char *type, struct decoded *page, struct error *err)
{
    *err = (struct error){.kind = ERROR_NONE};
    *page = (struct decoded){.list = page_list_open(body, strlen(body), type, &place, err)};
    page_begin(&page->position, &by_link);
    if (page->list && page_list_find(page->list, err) &&
        page_advance(&page->position, &by_link, page_list_root(page->list),
                     page_list_count(page->list), NULL, &page->more, err))
        return true;
    page_list_free(page->list);
    page->list = NULL;
    return false;
}

static bool decode(const char *body, struct decoded *page, struct error *err)
{
    return decode_typed(body, "application/json", page, err);
}

static void done(struct decoded *page)
{
    page_end(&page->position);
    page_list_free(page->list);
}

static void both_envelopes_and_a_bare_array(void **state)
{
    (void)state;
    struct decoded page;
    struct error err;
    assert_true(decode("{\"next\":\"https://lms/x?cursor=a\",\"previous\":null,"
                       "\"results\":[{\"a\":1},{\"a\":2}]}",
                       &page, &err));
    assert_int_equal(page_list_count(page.list), 2);
    assert_true(page.more);
    assert_string_equal(page.position.link, "https://lms/x?cursor=a");
    done(&page);
    assert_true(decode("{\"results\":[1],\"pagination\":{\"next\":\"/y?page=2\",\"count\":3}}",
                       &page, &err));
    assert_string_equal(page.position.link, "/y?page=2");
    done(&page);
    assert_true(
        decode("{\"next\":null,\"results\":[1],\"pagination\":{\"next\":\"/z\"}}", &page, &err));
    assert_string_equal(page.position.link, "/z");
    done(&page);
    assert_true(decode("{\"count\":3,\"num_pages\":1,\"current_page\":1,\"start\":0,\"next\":null,"
                       "\"results\":[]}",
                       &page, &err));
    assert_false(page.more);
    assert_int_equal(page_list_count(page.list), 0);
    done(&page);
    assert_true(decode("[{\"username\":\"a\"}]", &page, &err));
    assert_int_equal(page_list_count(page.list), 1);
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
        /* servers cut the size that was asked for and leave out rows: only an empty page ends the list */
        {{.rule = PAGES_NUMBER, .first = 1}, {"[1,2,3]", "[4,5,6]", "[7]", "[]"}, 4, 4, 7},
        {{.rule = PAGES_OFFSET, .size = 3}, {"[1,2,3]", "[5]", "[5,6,7]", "[]"}, 4, 3, 7},
        {{.rule = PAGES_OFFSET, .size = 100}, {"[1,2]", "[3,4]", "[]"}, 3, 2, 4},
        /* overlapping pages */
        {{.rule = PAGES_OFFSET, .overlap = 1}, {"[1,2,3]", "[3,4,5]", "[5]", "[]"}, 4, 3, 5},
        {{.rule = PAGES_OFFSET, .overlap = 1, .total = "/n"},
         {"{\"n\":5,\"results\":[1,2,3]}", "{\"n\":5,\"results\":[3,4,5]}"},
         2,
         1,
         2},
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
            const char *body = cases[i].pages[asked];
            struct page_list *list = page_list_open(body, strlen(body), "", &place, &err);
            assert_true(page_list_find(list, &err));
            assert_true(page_advance(&at, &cases[i].rules, page_list_root(list),
                                     page_list_count(list), NULL, &more, &err));
            page_list_free(list);
        }
        assert_false(more);
        assert_int_equal(asked, cases[i].asked);
        assert_int_equal(page, cases[i].page);
        assert_int_equal(offset, cases[i].offset);
        page_end(&at);
    }
}

/* Where the platform says how much there is, an empty page before that is not the end. */
static void a_list_is_as_long_as_it_says(void **state)
{
    (void)state;
    static const struct {
        struct page_rules rules;
        const char *body;
        bool more;
    } cases[] = {
        {{.rule = PAGES_NUMBER, .first = 1, .total = "/n"}, "{\"n\":3,\"results\":[]}", true},
        {{.rule = PAGES_OFFSET, .total = "/n"}, "{\"n\":3,\"results\":[]}", true},
        {{.rule = PAGES_NUMBER, .first = 1, .last = "/n"}, "{\"n\":3,\"results\":[]}", true},
        {{.rule = PAGES_NUMBER, .first = 1, .last = "/n"}, "{\"n\":1,\"results\":[]}", false},
        {{.rule = PAGES_OFFSET, .total = "/n"}, "{\"n\":0,\"results\":[]}", false},
        {{.rule = PAGES_OFFSET, .total = "/n"}, "{\"n\":null,\"results\":[]}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page_position at;
        struct error err = {.kind = ERROR_NONE};
        bool more;
        page_begin(&at, &cases[i].rules);
        struct page_list *list =
            page_list_open(cases[i].body, strlen(cases[i].body), "", &place, &err);
        assert_true(page_list_find(list, &err));
        assert_true(page_advance(&at, &cases[i].rules, page_list_root(list), page_list_count(list),
                                 NULL, &more, &err));
        assert_int_equal(more, cases[i].more);
        page_list_free(list);
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
        struct page_list *list =
            page_list_open(cases[i].body, strlen(cases[i].body), "", &place, &err);
        assert_true(page_list_find(list, &err));
        assert_true(page_advance(&at, &rules, page_list_root(list), 1, NULL, &more, &err));
        assert_int_equal(more, cases[i].cursor != NULL);
        if (cases[i].cursor)
            assert_string_equal(at.cursor, cases[i].cursor);
        page_list_free(list);
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
        assert_null(page.list);
    }
}

static void a_byte_order_mark_is_no_data(void **state)
{
    (void)state;
    struct decoded page;
    struct error err = {.kind = ERROR_NONE};
    assert_true(decode("\xEF\xBB\xBF[1]", &page, &err));
    assert_int_equal(page_list_count(page.list), 1);
    done(&page);
    assert_false(decode("\xEF\xBB\xBF<html>", &page, &err));
    assert_non_null(strstr(err.message, "HTML"));
    assert_false(decode("\xEF\xBB\xBF", &page, &err));
}

static void a_broken_text_spoils_no_page(void **state)
{
    (void)state;
    static const struct {
        const char *escaped, *text;
    } cases[] = {
        {"cut \\ud83d", "cut \xEF\xBF\xBD"},
        {"\\udC00\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
        {"\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
        {"a\\u0000b\\\\ud83d", "a\xEF\xBF\xBD"
                               "b\\ud83d"},
        {"Nguy\xE1\xBB", "Nguy\xEF\xBF\xBD"},
        {"\xC4", "\xEF\xBF\xBD"},
        {"\xF0\x9F\x98\",\"b\":\"L\xC3\xAA \\ud83d", "\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[100];
        struct decoded page;
        struct error err;
        snprintf(body, sizeof body, "[{\"a\":\"%s\"}]", cases[i].escaped);
        assert_true(decode(body, &page, &err));
        assert_string_equal(json_string(json_get(page_list_record(page.list, 0, &err), "a")),
                            cases[i].text);
        done(&page);
    }
}

/* It would be read wrong from its first letter to its last. */
static void a_page_in_another_encoding_is_refused(void **state)
{
    (void)state;
    struct decoded page;
    struct error err = {.kind = ERROR_NONE};
    assert_false(decode("[{\"a\":\"L\xEA Anh\",\"b\":\"L\xEA\"}]", &page, &err));
    assert_non_null(strstr(err.message, "invalid UTF-8"));
    assert_false(decode("[{\"a\":\"\xC4\xC4\"}]", &page, &err));
}

static void html_by_its_type(void **state)
{
    (void)state;
    struct decoded page;
    struct error err = {.kind = ERROR_NONE};
    assert_false(decode_typed("Please sign in", "text/html; charset=utf-8", &page, &err));
    assert_non_null(strstr(err.message, "HTML"));
    assert_false(decode_typed("", "text/html", &page, &err));
    assert_non_null(strstr(err.message, "HTML"));
}

/* As PHP sends what a script prints without saying what it is. */
static void json_that_is_called_html(void **state)
{
    (void)state;
    struct decoded page;
    struct error err = {.kind = ERROR_NONE};
    assert_true(decode_typed("{\"results\":[{\"a\":1}],\"next\":null}", "text/html; charset=UTF-8",
                             &page, &err));
    assert_int_equal(page_list_count(page.list), 1);
    done(&page);
}

static void a_key_twice_spoils_one_record(void **state)
{
    (void)state;
    struct decoded page;
    struct error err = {.kind = ERROR_NONE};
    assert_true(decode("[{\"a\":1},{\"a\":{\"b\":\"\\u00e9\",\"b\":2}},{\"a\":3}]", &page, &err));
    assert_int_equal(page_list_count(page.list), 3);
    assert_true(json_is_object(page_list_record(page.list, 0, &err)));
    assert_string_equal(json_string(page_list_record(page.list, 1, &err)),
                        "{\"a\":{\"b\":\"\\u00e9\",\"b\":2}}");
    assert_true(json_number(json_get(page_list_record(page.list, 2, &err), "a"), 0) == 3.0);
    assert_int_equal(err.kind, ERROR_NONE);
    done(&page);
    assert_false(decode("{\"results\":[],\"next\":null,\"next\":null}", &page, &err)); /* the list's own */
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
    uint64_t digest_of_records = page_list_digest(page.list, (struct siphash_key){{1, 2}});
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
    static const char body[] = "{\"a\":{\"x\":1},\"b\":[]}";
    static const char *const at[] = {"/a", "/b", "/c"};
    for (size_t i = 0; i < 3; i++) {
        struct error err = {0};
        const struct page_place one = {pointers, at[i]};
        struct page_list *list = page_list_open(body, strlen(body), "", &one, &err);
        assert_int_equal(page_list_find(list, &err), i == 0);
        if (i == 0) {
            assert_int_equal(page_list_count(list), 1);
            assert_int_equal(json_size(page_list_record(list, 0, &err)), 1);
        } else {
            assert_int_equal(err.kind, ERROR_SOURCE);
        }
        page_list_free(list);
    }
}

/* Found in the bytes or, behind a pointer through an array, in the tree: the same records, however often they are asked for. */
static void records_are_read_one_by_one(void **state)
{
    (void)state;
    static const char body[] =
        "{\"d\":[{\"r\":[{\"id\":1},{\"id\":9007199254740993}]}],\"r\":[{\"id\":1},"
        "{\"id\":9007199254740993}]}";
    static const char *const direct[PAGE_POINTERS] = {"/r"}, *const through[PAGE_POINTERS] = {
                                                                 "/d/0/r"};
    for (size_t way = 0; way < 2; way++) {
        struct error err = {0};
        const struct page_place at = {way ? through : direct, NULL};
        struct page_list *list = page_list_open(body, strlen(body), "", &at, &err);
        size_t length;
        assert_true(page_list_find(list, &err));
        assert_int_equal(page_list_count(list), 2);
        assert_int_equal(page_list_text(list, 0, &length) == NULL, way);
        for (int again = 0; again < 2; again++) {
            assert_true(json_number(json_get(page_list_record(list, 0, &err), "id"), 0) == 1);
            assert_string_equal(json_get_string(page_list_record(list, 1, &err), "id"),
                                "9007199254740993");
        }
        page_list_free(list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_envelopes_and_a_bare_array),
        cmocka_unit_test(lists_without_links_end),
        cmocka_unit_test(a_list_is_as_long_as_it_says),
        cmocka_unit_test(cursors_are_texts_or_numbers),
        cmocka_unit_test(what_is_not_data_is_an_error_of_the_source),
        cmocka_unit_test(a_byte_order_mark_is_no_data),
        cmocka_unit_test(a_broken_text_spoils_no_page),
        cmocka_unit_test(a_page_in_another_encoding_is_refused),
        cmocka_unit_test(html_by_its_type),
        cmocka_unit_test(json_that_is_called_html),
        cmocka_unit_test(a_key_twice_spoils_one_record),
        cmocka_unit_test(messages_never_quote_the_body),
        cmocka_unit_test(the_digest_is_of_the_records_alone),
        cmocka_unit_test(one_record_is_a_list_of_one),
        cmocka_unit_test(records_are_read_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
