/* How a report stands on paper: widths of letters, wrapping, columns, where pages end. */
#include "cmocka_all.h"

#include "../../aggregator/report/report_font.h"
#include "../../aggregator/report/report_page.h"
#include "support/report_case.h"

static void near(double value, double expected)
{
    if (value < expected - 0.01 || value > expected + 0.01)
        print_message("%f instead of %f\n", value, expected);
    assert_true(value > expected - 0.01 && value < expected + 0.01);
}

static double wide(const char *text, bool bold)
{
    return font_width(text, strlen(text), 1000, bold);
}

/* From the metrics of Times: a 444, e 444, o 500, u 500, y 500, i 278, d 500, D 722, S 556, t 278, m 778. */
static void letters_with_marks_are_as_wide_as_without(void **state)
{
    (void)state;
    near(wide("a", false), 444);
    near(wide("ắ", false), 444);
    near(wide("Ậ", false), 722);
    near(wide("ệ", false), 444);
    near(wide("ỗ", false), 500);
    near(wide("ị", false), 278);
    near(wide("ỹ", false), 500);
    near(wide("ũ", false), 500);
    near(wide("đĐ", false), 500 + 722);
    near(wide("é", false), 444);
    near(wide("Ó", false), 722);
    near(wide("ợ", false), 560);
    near(wide("ư", true), 616);
    near(wide("e\xCC\x82\xCC\xA3", false), 444);
    near(wide("Sở Y tế", false), 556 + 560 + 250 + 722 + 250 + 278 + 444);
    near(wide("2.716", false), 4 * 500 + 250);
    near(wide("100,0%", true), 4 * 500 + 250 + 1000);
    near(font_widest_word("Tỷ lệ đạt\ntham", 1000, false), 278 + 500 + 444 + 778);
}

static void lines_break_at_blanks_and_line_ends(void **state)
{
    (void)state;
    /* "aa" is 8.88 wide at 10 points, a blank 2.5 */
    assert_int_equal(font_lines("", 100, 10, false), 1);
    assert_int_equal(font_lines("aa aa", 20.3, 10, false), 1);
    assert_int_equal(font_lines("aa aa", 20.2, 10, false), 2);
    assert_int_equal(font_lines("aa aa aa", 21, 10, false), 2);
    assert_int_equal(font_lines("aa\naa", 100, 10, false), 2);
    assert_int_equal(font_lines("aa\n\naa", 100, 10, false), 3);
    assert_int_equal(font_lines("aaaaaaaa", 20, 10, false), 2); /* 35.5 */
}

static void columns_fill_the_page(void **state)
{
    (void)state;
    struct report *r = report_case_units(LANGUAGE_VI, 3);
    struct report_page page;
    report_page_of(r, &page);
    assert_int_equal(page.count, 5);
    assert_int_equal(page.column[1], 2); /* the code is for programs */
    assert_true(page.groups && page.font == PAGE_FONT && page.scale == 1);
    assert_int_equal(report_page_group_end(r, &page, 1), 2);
    assert_int_equal(report_page_group_end(r, &page, 2), 5);
    double whole = 0;
    for (size_t i = 0; i < page.count; i++)
        whole += page.width[i];
    near(whole, PAGE_WIDTH);
    assert_int_equal(report_page_row_lines(r, &page, 1), 1);
    report_page_free(&page);
    report_free(r);
}

/* "aa" and its blank at 13 points are 14.8 wide. */
static void a_cell_is_as_high_as_its_lines(void **state)
{
    (void)state;
    struct report *r = report_new("text", LANGUAGE_VI);
    struct text_buffer text = {0};
    struct report_page page;
    for (size_t i = 0; i < 60; i++)
        text_buffer_add_text(&text, i > 0 ? " aa" : "aa");
    for (size_t i = 0; i < 5; i++) {
        static const char *const names[] = {"a", "b", "c", "d", "e"};
        report_add_column(r, CELL_TEXT, names[i], NULL, names[i]);
    }
    size_t row = report_add_row(r);
    for (size_t i = 0; i < 5; i++)
        report_put_text(r, row, r->columns[i].name, text.data);
    report_page_of(r, &page);
    near(page.width[0], PAGE_WIDTH / 5);
    /* of 150 points an indent, the paddings and 5 % are taken: 126 hold 8 words (115.1 without the last blank), 9 need 129.9 */
    assert_int_equal(report_page_row_lines(r, &page, row), 8);
    report_page_free(&page);
    text_buffer_free(&text);
    report_free(r);
}

static struct report *wide_report(size_t columns)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
                                        "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v"};
    struct report *r = report_new("wide", LANGUAGE_VI);
    for (size_t i = 0; i < columns; i++)
        report_add_column(r, CELL_RATE, names[i], NULL, "Rate");
    size_t row = report_add_row(r);
    for (size_t i = 0; i < columns; i++)
        report_put_rate(r, row, names[i], 1, 1);
    return r;
}

/* "100,0%" is 3.083 sizes wide: a column of 13 points takes about 52, one of 12 about 49. */
static void type_shrinks_only_where_it_must(void **state)
{
    (void)state;
    static const struct {
        size_t columns;
        double font;
        bool scaled;
    } cases[] = {{12, 13, false}, {14, 13, false}, {15, 12, false}, {22, 12, true}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct report *r = wide_report(cases[i].columns);
        struct report_page page;
        report_page_of(r, &page);
        near(page.font, cases[i].font);
        assert_true((page.scale < 1) == cases[i].scaled);
        near(page.whole * page.scale, PAGE_WIDTH);
        report_page_free(&page);
        report_free(r);
    }
}

static void long_titles_break_in_halves(void **state)
{
    (void)state;
    struct text_buffer out = {0};
    report_page_balance("aa aa aa aa aa aa", 60, 10, false, &out); /* 4 fit into a line */
    assert_string_equal(out.data, "aa aa aa\naa aa aa");
    text_buffer_clear(&out);
    report_page_balance("aa aa", 100, 10, false, &out);
    assert_string_equal(out.data, "aa aa");
    text_buffer_clear(&out);
    report_page_balance("aa aa aa\naa aa", 50, 10, false, &out);
    assert_string_equal(out.data, "aa aa aa\naa aa");
    text_buffer_free(&out);
}

static double stretch(double row, size_t rows, double after)
{
    double heights[32];
    for (size_t i = 0; i < rows; i++)
        heights[i] = row;
    return page_flow_stretch(&(struct page_flow){
        .page = 104, .before = 10, .after = after, .heading = 10, .rows = heights, .row_count = rows});
}

static void rows_stand_over_a_signature(void **state)
{
    (void)state;
    near(stretch(10.5, 5, 20), 1);   /* all on one page */
    near(stretch(10.5, 5, 31.5), 1); /* just so */
    /* 8 rows fill the page, the signature goes over: 5 rows of 14.25 here, 3 there; 13.5 would let 6 stand here */
    near(stretch(10.5, 8, 30), 1.29);
    near(stretch(10.5, 11, 30), 1); /* 8 on page 1, 3 on page 2 already */
    near(stretch(10.5, 8, 98), 1);  /* it fits under nothing */
    near(stretch(10.5, 0, 30), 1);
    near(page_pixels(18.6), 18.75);
    near(page_pixels(18.75), 18.75);
}

static void what_ends_no_sentence_leads(void **state)
{
    (void)state;
    assert_true(report_page_leads("2. Tồn tại, hạn chế") && report_page_leads("Cụ thể:"));
    assert_false(report_page_leads("Có 2.103/2.716 học viên tham gia.") || report_page_leads("") ||
                 report_page_leads("(đạt 0%)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ends_no_sentence_leads),
        cmocka_unit_test(letters_with_marks_are_as_wide_as_without),
        cmocka_unit_test(lines_break_at_blanks_and_line_ends),
        cmocka_unit_test(columns_fill_the_page),
        cmocka_unit_test(a_cell_is_as_high_as_its_lines),
        cmocka_unit_test(type_shrinks_only_where_it_must),
        cmocka_unit_test(long_titles_break_in_halves),
        cmocka_unit_test(rows_stand_over_a_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
