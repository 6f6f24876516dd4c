#include "cmocka_all.h"

#include "../../aggregator/report/output.h"
#include "../../aggregator/report/report.h"
#include "../../aggregator/report/width.h"
#include "../../common/json.h"

static struct report *example(enum language language)
{
    struct report *r = report_new("example", language);
    r->title = SAY(r, "Bảng thử", "A trial");
    r->wave = "W1";
    report_add_column(r, CELL_COUNT, "no", NULL, "TT.");
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, "Đơn vị");
    report_add_column(r, CELL_COUNT, "registered", "Đăng ký", "Tổng");
    report_add_column(r, CELL_RATE, "rate", "Đăng ký", "Tỷ lệ");
    size_t row = report_add_row(r);
    report_put_count(r, row, "no", 1);
    report_put_text(r, row, "unit", "HG-SYTE");
    report_put_text(r, row, "unit_name", "Sở Y tế, \"A\"");
    report_put_count(r, row, "registered", 2716);
    report_put_rate(r, row, "rate", 73, 80);
    row = report_add_row(r);
    report_put_text(r, row, "unit_name", "=1+1");
    report_put_rate(r, row, "rate", 0, 0);
    int64_t sum = 0;
    assert_true(report_sum(r, "registered", &sum));
    row = report_add_row(r);
    report_put_text(r, row, "unit_name", "Tổng số");
    report_put_count(r, row, "registered", sum);
    r->has_totals = true;
    report_add_note(r, "Một %s", "chú thích");
    return r;
}

static void csv_is_for_programs(void **state)
{
    (void)state;
    struct report *r = example(LANGUAGE_VI);
    struct text_buffer out = {0};
    report_write_csv(r, &out);
    assert_string_equal(out.data, "no,unit,unit_name,registered,rate\r\n"
                                  "1,HG-SYTE,\"Sở Y tế, \"\"A\"\"\",2716,91.3\r\n"
                                  ",,\"'=1+1\",,\r\n"
                                  ",,Tổng số,2716,\r\n");
    text_buffer_free(&out);
    report_free(r);
}

static void json_parses_and_keeps_what_is_not_known(void **state)
{
    (void)state;
    struct report *r = example(LANGUAGE_EN);
    struct text_buffer out = {0};
    struct error err = {0};
    report_write_json(r, &out);
    struct json *root = json_parse(out.data, out.length, &err);
    assert_non_null(root);
    assert_string_equal(json_get_string(root, "report"), "example");
    assert_string_equal(json_get_string(root, "wave"), "W1");
    assert_true(json_is_null(json_get(root, "as_of")));
    const struct json *rows = json_get(root, "rows");
    assert_int_equal(json_size(rows), 2);
    const struct json *first = json_first(rows);
    int64_t registered = 0;
    assert_true(json_integer(json_get(first, "registered"), &registered));
    assert_int_equal(registered, 2716);
    assert_true(json_number(json_get(first, "rate"), 0) == 91.3);
    assert_true(json_is_null(json_get(json_next(first), "rate")));
    assert_true(json_is_null(json_get(json_next(first), "registered")));
    assert_string_equal(json_get_string(json_get(root, "totals"), "unit_name"), "Tổng số");
    json_free(root);
    text_buffer_free(&out);
    report_free(r);
}

static void table_lines_up(void **state)
{
    (void)state;
    struct report *r = example(LANGUAGE_VI);
    struct text_buffer out = {0};
    report_write_table(r, &out);
    assert_string_equal(out.data, "Bảng thử\n"
                                  "\n"
                                  "                     Đăng ký\n"
                                  "                   ────────────\n"
                                  "TT.  Đơn vị         Tổng  Tỷ lệ\n"
                                  "───────────────────────────────\n"
                                  "  1  Sở Y tế, \"A\"  2.716  91,3%\n"
                                  "     =1+1\n"
                                  "───────────────────────────────\n"
                                  "     Tổng số       2.716\n"
                                  "\n"
                                  "Một chú thích\n");
    text_buffer_free(&out);
    report_free(r);
}

static void vietnamese_takes_a_column_a_letter(void **state)
{
    (void)state;
    assert_int_equal(text_width("Sở Y tế"), 7);
    assert_int_equal(text_width("So\xCC\x9B\xCC\x89"), 2); /* letters with combining horn and hook */
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("中文"), 4);
    assert_int_equal(text_width("\xF0\x9F\x98\x80"), 2);
    assert_int_equal(text_width("a\xE1"), 2); /* a cut character is a byte */
    assert_int_equal(text_widest_word("Tỷ lệ đạt theo tổng"), 4);
}

static void wraps_at_blanks(void **state)
{
    (void)state;
    static const char *const expected[] = {"Tỷ lệ", "đạt theo", "tổng số"};
    const char *rest = "Tỷ lệ đạt theo tổng số", *line;
    size_t bytes, count = 0;
    while (text_wrap(&rest, 8, &line, &bytes)) {
        assert_true(count < ARRAY_LEN(expected));
        assert_int_equal(bytes, strlen(expected[count]));
        assert_memory_equal(line, expected[count], bytes);
        count++;
    }
    assert_int_equal(count, 3);
}

static void formats_by_name_or_by_file(void **state)
{
    (void)state;
    enum output_format format;
    struct error err = {0};
    assert_true(output_format_parse(NULL, NULL, &format, &err));
    assert_int_equal(format, OUTPUT_TABLE);
    assert_true(output_format_parse(NULL, "a.b/c.xlsx", &format, &err));
    assert_int_equal(format, OUTPUT_XLSX);
    assert_true(output_format_parse(NULL, "a.csv/c", &format, &err));
    assert_int_equal(format, OUTPUT_TABLE);
    assert_true(output_format_parse(NULL, "C.XLSX", &format, &err));
    assert_int_equal(format, OUTPUT_XLSX);
    assert_true(output_format_parse(NULL, "c.txt", &format, &err));
    assert_int_equal(format, OUTPUT_TABLE);
    assert_false(output_format_parse(NULL, "c.xls", &format, &err));
    assert_string_equal(err.message,
                        "c.xls: files are written as .csv, .html, .json, .xlsx or .txt; "
                        "for another name say --format");
    assert_true(output_format_parse("table", "c.xls", &format, &err));
    assert_true(output_format_parse("json", "c.xlsx", &format, &err));
    assert_int_equal(format, OUTPUT_JSON);
    assert_false(output_format_parse("pdf", NULL, &format, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    enum language language;
    assert_true(output_language_parse("en", &language, &err));
    assert_int_equal(language, LANGUAGE_EN);
    assert_false(output_language_parse("fr", &language, &err));
}

static void a_file_appears_whole_or_not_at_all(void **state)
{
    (void)state;
    struct report *r = example(LANGUAGE_VI);
    struct error err = {0};
    assert_false(output_report(r, OUTPUT_CSV, "/nonexistent/folder/x.csv", &err));
    assert_string_equal(err.message,
                        "/nonexistent/folder/x.csv cannot be written: No such file or directory");
    assert_false(output_report(r, OUTPUT_XLSX, "/nonexistent/folder/x.xlsx", &err));
    assert_string_equal(err.message,
                        "/nonexistent/folder/x.xlsx cannot be written: No such file or directory");
    assert_false(output_report(r, OUTPUT_XLSX, NULL, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    report_free(r);
}

static void a_number_that_says_which_is_not_grouped(void **state)
{
    (void)state;
    struct report *r = report_new("example", LANGUAGE_VI);
    struct text_buffer out = {0};
    report_add_column(r, CELL_NUMBER, "row", NULL, "Dòng");
    report_add_column(r, CELL_COUNT, "registered", NULL, "Đăng ký");
    size_t row = report_add_row(r);
    report_put_number(r, row, "row", 1234);
    report_put_count(r, row, "registered", 1234);
    report_write_table(r, &out);
    assert_non_null(strstr(out.data, "\n1234    1.234\n"));
    text_buffer_clear(&out);
    report_write_csv(r, &out);
    assert_string_equal(out.data, "row,registered\r\n1234,1234\r\n");
    text_buffer_free(&out);
    report_free(r);
}

static void a_sum_of_nothing_known_is_not_known(void **state)
{
    (void)state;
    struct report *r = report_new("example", LANGUAGE_VI);
    report_add_column(r, CELL_COUNT, "planned", NULL, "Kế hoạch");
    int64_t sum = 7;
    assert_false(report_sum(r, "planned", &sum));
    report_add_row(r);
    assert_false(report_sum(r, "planned", &sum));
    report_put_count(r, report_add_row(r), "planned", 0);
    assert_true(report_sum(r, "planned", &sum));
    assert_int_equal(sum, 0);
    report_free(r);
}

/* In notes as in tables. */
static void notes_write_counts_as_tables_do(void **state)
{
    (void)state;
    for (int language = LANGUAGE_VI; language <= LANGUAGE_EN; language++) {
        struct report *r = report_new("example", (enum language)language);
        struct text_buffer cell = {0};
        report_add_column(r, CELL_COUNT, "passed", NULL, "Đạt");
        report_put_count(r, report_add_row(r), "passed", 2103);
        report_cell_text(r, report_cell(r, 0, 0), &cell);
        assert_string_equal(report_number(r, 2103), cell.data);
        assert_string_equal(report_number(r, 2103), language == LANGUAGE_VI ? "2.103" : "2,103");
        text_buffer_free(&cell);
        report_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_for_programs),
        cmocka_unit_test(a_number_that_says_which_is_not_grouped),
        cmocka_unit_test(a_sum_of_nothing_known_is_not_known),
        cmocka_unit_test(notes_write_counts_as_tables_do),
        cmocka_unit_test(json_parses_and_keeps_what_is_not_known),
        cmocka_unit_test(table_lines_up),
        cmocka_unit_test(vietnamese_takes_a_column_a_letter),
        cmocka_unit_test(wraps_at_blanks),
        cmocka_unit_test(formats_by_name_or_by_file),
        cmocka_unit_test(a_file_appears_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
