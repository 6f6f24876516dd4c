/* What changed for a unit since the period before, line by line. */
#include "cmocka_all.h"

#include <string.h>

#include "../../aggregator/pack/unit_figures.h"

static bool has_line(const struct report *r, const char *label)
{
    for (size_t row = 0; row < r->row_count; row++)
        if (strcmp(report_cell(r, row, 0)->text, label) == 0)
            return true;
    return false;
}

static bool says(const struct report *r, const char *text)
{
    for (size_t i = 0; i < r->note_count; i++)
        if (strstr(r->notes[i], text) != NULL)
            return true;
    return false;
}

/* "Completed 0" beside certificates would say that nobody finished: where completion is not known there is a note, and no such line. */
static void completion_has_a_line_where_it_is_counted(void **state)
{
    (void)state;
    struct unit_figures now = {
        .unit = "HG-SYTE", .name = "Sở Y tế", .counts = {100, 90, 80, 0, 70, 60, 60}, .known = true};
    struct report *r = unit_changes(NULL, &now, LANGUAGE_VI);
    assert_int_equal(r->row_count, 7 + 3);
    assert_true(has_line(r, "Hoàn thành") && has_line(r, "Được cấp chứng nhận"));
    assert_false(says(r, "Hoàn thành: không có dữ liệu"));
    report_free(r);
    now.counts[PACK_COMPLETED] = -1;
    r = unit_changes(NULL, &now, LANGUAGE_VI);
    assert_int_equal(r->row_count, 6 + 3);
    assert_true(!has_line(r, "Hoàn thành") && has_line(r, "Được cấp chứng nhận"));
    assert_true(says(r, "Hoàn thành: không có dữ liệu"));
    report_free(r);
}

/* As the office writes numbers; a rate leads like any other figure. */
static void changes_are_written_as_counts_are(void **state)
{
    (void)state;
    const struct unit_figures before = {.unit = "HG",
                                        .name = "Hà Giang",
                                        .counts = {2711, 1919, 1474, 0, 4, 4, 4}},
                              now = {.unit = "HG",
                                     .name = "Hà Giang",
                                     .counts = {2716, 900, 2103, 0, 2088, 2072, 2072}};
    static const char *const wanted[][3] = {
        {"Dự thi: Kỳ trước, Người 4; Kỳ này, Người 2.088; Tăng, giảm +2.084\n",
         "Đã lập tài khoản: Kỳ trước, Người 1.919; Kỳ này, Người 900; Tăng, giảm -1.019\n",
         "Tỷ lệ tham gia học: Kỳ trước, Tỷ lệ 54,4%; Kỳ này, Tỷ lệ 77,4%; Tăng, giảm +23,0\n"},
        {"Sat: Period before, People 4; This period, People 2,088; Change +2,084\n",
         "Accounts: Period before, People 1,919; This period, People 900; Change -1,019\n",
         "Participation rate: Period before, Rate 54.4%; This period, Rate 77.4%; Change +23.0\n"}};
    for (int language = LANGUAGE_VI; language <= LANGUAGE_EN; language++) {
        struct text_buffer text = {0};
        struct report *r = unit_changes(&before, &now, (enum language)language);
        r->title = "";
        report_write_text(r, &text);
        for (size_t i = 0; i < ARRAY_LEN(wanted[0]); i++)
            assert_non_null(strstr(text.data, wanted[language][i]));
        text_buffer_free(&text);
        report_free(r);
    }
}

/* A stricter mark takes passes away, not the certificates that the platform gave. */
static void more_certificates_than_passes_are_explained(void **state)
{
    (void)state;
    struct unit_figures now = {
        .unit = "HG", .name = "Hà Giang", .counts = {2716, 2287, 2103, 5, 2088, 7, 2072}};
    struct report *r = unit_changes(NULL, &now, LANGUAGE_VI);
    assert_true(says(r, "Được cấp chứng nhận (2.072) nhiều hơn đạt (7)"));
    report_free(r);
    r = unit_changes(NULL, &now, LANGUAGE_EN);
    assert_true(says(r, "More are certified (2,072) than passed (7)"));
    report_free(r);
    now.counts[PACK_PASSED] = 2072;
    r = unit_changes(NULL, &now, LANGUAGE_VI);
    assert_false(says(r, "nhiều hơn đạt"));
    report_free(r);
}

static void expect_paragraphs(struct report *r, const char *const *expected, size_t count)
{
    assert_int_equal(r->column_count, 0);
    assert_int_equal(r->paragraph_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(r->paragraphs[i], expected[i]);
    report_free(r);
}

/* What is pasted into a letter is sentences, no headings of a table. */
static void words_are_sentences(void **state)
{
    (void)state;
    const struct unit_figures before = {.unit = "HG-SYTE",
                                        .name = "Sở Y tế",
                                        .counts = {210, 150, 130, -1, 20, 20, 0}},
                              now = {.unit = "HG-SYTE",
                                     .name = "Sở Y tế",
                                     .counts = {213, 1, 130, -1, -1, 19, 19}};
    static const char *const vi[] = {
        "- Đăng ký: 213 người, tăng 3 người so với kỳ trước (210 người).",
        ("- Đã lập tài khoản: 1/213 người, đạt tỷ lệ 0,5%, giảm 149 người so với kỳ trước (150 "
         "người)."),
        "- Tham gia học: 130/213 người, đạt tỷ lệ 61,0%, bằng kỳ trước.",
        "- Dự thi: chưa có số liệu.",
        "- Đạt: 19/213 người, đạt tỷ lệ 8,9%, giảm 1 người so với kỳ trước (20 người).",
        "- Được cấp chứng nhận: 19/213 người, đạt tỷ lệ 8,9%; kỳ trước chưa có ai."};
    static const char *const en[] = {
        "- Registered: 213 people, 3 more than in the period before (210).",
        "- Accounts: 1 of 213 people, 0.5%, 149 fewer than in the period before (150).",
        "- Participated: 130 of 213 people, 61.0%, as in the period before.",
        "- Sat: nothing is known yet.",
        "- Passed: 19 of 213 people, 8.9%, 1 fewer than in the period before (20).",
        "- Certified: 19 of 213 people, 8.9%; nobody in the period before."};
    expect_paragraphs(unit_words(&before, &now, LANGUAGE_VI), vi, ARRAY_LEN(vi));
    expect_paragraphs(unit_words(&before, &now, LANGUAGE_EN), en, ARRAY_LEN(en));
    struct report *r = unit_words(NULL, &now, LANGUAGE_VI);
    assert_string_equal(r->paragraphs[0], "- Đăng ký: 213 người.");
    assert_string_equal(r->paragraphs[6], "Kỳ trước chưa có số liệu để so sánh.");
    assert_true(says(r, "Hoàn thành: không có dữ liệu"));
    report_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(completion_has_a_line_where_it_is_counted),
        cmocka_unit_test(changes_are_written_as_counts_are),
        cmocka_unit_test(words_are_sentences),
        cmocka_unit_test(more_certificates_than_passes_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
