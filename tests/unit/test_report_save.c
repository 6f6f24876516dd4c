/* A kept report is the report: every writer gives the same bytes from what was loaded. What is none is refused. */
#include "cmocka_all.h"

#include <stdio.h>

#include "../../aggregator/report/report.h"
#include "support/report_case.h"

typedef void (*writer)(const struct report *report, struct text_buffer *out);

static struct report *loaded(const struct report *report)
{
    struct text_buffer text = {0};
    struct error err = {0};
    report_save(report, &text);
    struct report *again = report_load(text.data, text.length, &err);
    if (again == NULL)
        print_message("%s\n%s\n", err.message, text.data);
    assert_non_null(again);
    text_buffer_free(&text);
    return again;
}

static void random_reports_come_back(void **state)
{
    (void)state;
    static const writer writers[] = {report_save,           report_write_table, report_write_text,
                                     report_write_json,     report_write_html,  report_write_csv,
                                     report_write_csv_excel};
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct report *report = report_case_random(seed), *again = loaded(report);
        for (size_t i = 0; i < ARRAY_LEN(writers); i++) {
            struct text_buffer one = {0}, other = {0};
            writers[i](report, &one);
            writers[i](again, &other);
            assert_int_equal(one.length, other.length);
            assert_memory_equal(one.data, other.data, one.length);
            text_buffer_free(&one);
            text_buffer_free(&other);
        }
        report_free(again);
        report_free(report);
    }
}

/* Loads the example with one text replaced by another, both as they stand in the file. */
static bool loads_with(const char *old, const char *new, struct error *err)
{
    struct report *report = report_case_units(LANGUAGE_VI, 2);
    struct text_buffer text = {0}, changed = {0};
    report_save(report, &text);
    const char *at = strstr(text.data, old);
    assert_non_null(at);
    text_buffer_add(&changed, text.data, (size_t)(at - text.data));
    text_buffer_add_text(&changed, new);
    text_buffer_add_text(&changed, at + strlen(old));
    error_clear(err);
    struct report *again = report_load(changed.data, changed.length, err);
    bool loads = again != NULL;
    report_free(again);
    text_buffer_free(&text);
    text_buffer_free(&changed);
    report_free(report);
    return loads;
}

static void what_is_no_report_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *old, *new, *what;
    } cases[] = {
        {"{\"format\":1", "{\"format\":2", "its form"},
        {"{\"format\":1", "{\"format\":\"1\"", "its form"},
        {"{\"format\":1", "{\"more\":1,\"format\":1", "its form"},
        {"\"language\":\"vi\"", "\"language\":\"fr\"", "a part"},
        {",\"caption\":\"PHỤ LỤC\"", "", "a part"},
        {"\"title\":\"SỐ LIỆU THỐNG KÊ\"", "\"title\":null", "title"},
        {"\"wave\":\"W1\"", "\"wave\":1", "wave"},
        {"\"lines\":[", "\"lines\":[1,", "lines"},
        {"\"kind\":\"number\"", "\"kind\":\"empty\"", "a column"},
        {"\"name\":\"unit_name\"", "\"name\":\"unit\"", "a column twice"},
        {"\"heading\":\"unit\"", "\"heading\":\"Đơn vị\"", "a column for programs with a heading"},
        {"[\"section\"", "[\"totals\"", "a row"},
        {"[\"section\",", "[\"section\",null,", "a row"},
        {"[986,1080]", "[986,0]", "a cell"},
        {"[986,1080]", "[986,1080,1]", "a cell"},
        {"[986,1080]", "0.913", "a cell"},
        {"1080,986", "1080.5,986", "a cell"},
        {"1080,986", "\"01080\",986", "a cell"},
        {"1080,986", "\"99999999999999999999\",986", "a cell"},
        {"\"=1+1\"", "\"\"", "a cell"},
        {"\"label\":2", "\"label\":1", "a chart"},
        {"\"label\":2", "\"label\":99", "a chart"},
        {"\"values\":[5]", "\"values\":[5,3]", "a chart"},
        {"\"values\":[5]", "\"values\":[5,5,5,5,5]", "a chart"},
        {"\"kind\":\"bars\"", "\"kind\":\"none\"", "a chart"},
        {"\"signature\":{", "\"signature\":{\"x\":1,", "a signature"},
        {"\"signer\":null", "\"signer\":7", "signer"},
    };
    struct error err = {0};
    assert_true(loads_with("986", "987", &err));
    assert_true(loads_with("1080,986", "\"9007199254740993\",986", &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char expected[128];
        (void)snprintf(expected, sizeof(expected), "this is no kept report: %s", cases[i].what);
        assert_false(loads_with(cases[i].old, cases[i].new, &err));
        assert_int_equal(err.kind, ERROR_DATA);
        assert_string_equal(err.message, expected);
    }
    assert_null(report_load("[]", 2, &err));
    assert_null(report_load("{", 1, &err));
    assert_null(report_load("{\"format\":1,\"reports\":[]}", 25, &err));
}

static void parts_of_parts_follow_flat(void **state)
{
    (void)state;
    struct report *all = report_new("a", LANGUAGE_VI), *b = report_new("b", LANGUAGE_VI);
    report_append(b, report_new("c", LANGUAGE_VI));
    report_append(all, b);
    report_append(all, report_new("d", LANGUAGE_VI));
    struct report *again = loaded(all);
    for (size_t i = 0; i < 4; i++) {
        const char name[] = {(char)('a' + i), '\0'};
        assert_string_equal(report_part(again, i)->name, name);
    }
    assert_null(report_part(again, 4));
    assert_true(report_case_equal(all, again));
    report_free(again);
    report_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_reports_come_back),
        cmocka_unit_test(what_is_no_report_is_refused),
        cmocka_unit_test(parts_of_parts_follow_flat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
