/* What the writers for people make of the same report: HTML, CSV for Excel, text, and all of them of several parts. */
#include "cmocka_all.h"

#include "../../aggregator/report/output.h"
#include "../../aggregator/report/report.h"
#include "../../common/crypto.h"
#include "../../common/json.h"
#include "support/report_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool has(const struct text_buffer *out, const char *text)
{
    if (strstr(out->data, text) == NULL)
        print_message("there is no %s in\n%s\n", text, out->data);
    return strstr(out->data, text) != NULL;
}

static size_t count(const struct text_buffer *out, const char *text)
{
    size_t found = 0;
    for (const char *at = out->data; (at = strstr(at, text)) != NULL; at += strlen(text))
        found++;
    return found;
}

static void csv_for_excel_reads_as_vietnamese_excel_writes(void **state)
{
    (void)state;
    struct report *r = report_case_units(LANGUAGE_VI, 2);
    struct text_buffer out = {0};
    report_write_csv_excel(r, &out);
    assert_string_equal(
        out.data,
        "\xEF\xBB\xBFTT.;Đơn vị;Đăng ký tham gia: Tổng;Đăng ký tham gia: Đã lập tài khoản;Đăng ký "
        "tham gia: Tỷ lệ (%)\r\n"
        ";\"I. Sở, ngành\";;;\r\n"
        "1;\"'=1+1\";1080;986;91,3%\r\n"
        "2;\"Sở <Y> & \"\"tế\"\" 1\";1080;986;91,3%\r\n"
        ";Cộng;2160;1972;91,3%\r\n"
        ";Tổng số;2160;1972;91,3%\r\n");
    text_buffer_free(&out);
    report_free(r);
    r = report_case_units(LANGUAGE_EN, 1);
    report_write_csv_excel(r, &out);
    assert_true(has(&out, "Registration: Rate (%)\r\n") && has(&out, ";986;91.3%\r\n"));
    text_buffer_free(&out);
    report_free(r);
}

/* Programs read ISO 8601, people a date as they write it; a kept report loses nothing. */
static void dates_are_written_for_their_readers(void **state)
{
    (void)state;
    struct error err = {0};
    struct text_buffer out = {0}, kept = {0};
    struct report *r = report_new("waves", LANGUAGE_VI);
    report_add_column(r, CELL_DATE, "begins", NULL, "Bắt đầu");
    report_put_date(r, report_add_row(r), "begins", "2023-09-20");
    report_put_date(r, report_add_row(r), "begins", NULL);
    report_save(r, &kept);
    struct report *again = report_load(kept.data, kept.length, &err);
    assert_non_null(again);
    report_write_csv(again, &out);
    assert_string_equal(out.data, "begins\r\n2023-09-20\r\n\r\n");
    text_buffer_clear(&out);
    report_write_json(again, &out);
    assert_true(has(&out, "{\"begins\":\"2023-09-20\"}") && has(&out, "{\"begins\":null}"));
    text_buffer_clear(&out);
    report_write_csv_excel(again, &out);
    assert_true(has(&out, "Bắt đầu\r\n20/09/2023\r\n"));
    text_buffer_clear(&out);
    report_write_html(again, &out);
    assert_true(has(&out, "<td align=\"center\">20/09/2023</td>"));
    text_buffer_clear(&out);
    report_write_table(again, &out);
    assert_true(has(&out, "20/09/2023"));
    text_buffer_free(&out);
    text_buffer_free(&kept);
    report_free(again);
    report_free(r);
}

/* Documents of before kept dates as text: they print as they did. */
static void a_kept_date_that_is_text_stays_text(void **state)
{
    (void)state;
    struct error err = {0};
    struct text_buffer out = {0}, kept = {0};
    struct report *r = report_new("waves", LANGUAGE_VI);
    report_add_column(r, CELL_TEXT, "begins", NULL, "Bắt đầu");
    report_put_text(r, report_add_row(r), "begins", "20/09/2023");
    report_save(r, &kept);
    struct report *again = report_load(kept.data, kept.length, &err);
    assert_non_null(again);
    report_write_csv(again, &out);
    assert_string_equal(out.data, "begins\r\n20/09/2023\r\n");
    text_buffer_free(&out);
    text_buffer_free(&kept);
    report_free(again);
    report_free(r);
}

static void no_text_becomes_a_formula(void **state)
{
    (void)state;
    static const char *const texts[] = {"=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "－1"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct report *r = report_new("x", LANGUAGE_VI);
        struct text_buffer out = {0}, expected = {0};
        report_add_column(r, CELL_TEXT, "x", NULL, "x");
        report_put_text(r, report_add_row(r), "x", texts[i]);
        text_buffer_add_format(&expected, "\xEF\xBB\xBFx\r\n\"'%s\"\r\n", texts[i]);
        report_write_csv_excel(r, &out);
        assert_string_equal(out.data, expected.data);
        text_buffer_free(&out);
        text_buffer_free(&expected);
        report_free(r);
    }
}

static void csv_holds_one_kind_of_table(void **state)
{
    (void)state;
    struct error err = {0};
    struct text_buffer out = {0};
    struct report *r = report_new("summary", LANGUAGE_VI);
    report_add_paragraph(r, "Có %d học viên", 7);
    assert_false(output_render(r, OUTPUT_CSV, &out, &err));
    assert_string_equal(err.message,
                        "report summary is text without a table: use --format text, html or json");
    report_append(r, report_case_units(LANGUAGE_VI, 1));
    report_append(r, report_case_units(LANGUAGE_VI, 1));
    assert_true(output_render(r, OUTPUT_CSV, &out, &err));
    assert_int_equal(count(&out, "no,unit,"), 1);
    assert_int_equal(count(&out, "'=1+1"), 2);
    struct report *other = report_new("other", LANGUAGE_VI);
    report_add_column(other, CELL_TEXT, "x", NULL, "x");
    report_append(r, other);
    assert_false(output_render(r, OUTPUT_CSV_EXCEL, &out, &err));
    assert_int_equal(err.kind, ERROR_USAGE);
    assert_string_equal(err.message, "report summary has several tables with different columns, a "
                                     "CSV file holds one: use --format xlsx, html or json");
    text_buffer_free(&out);
    report_free(r);
}

static void html_holds_text_as_text(void **state)
{
    (void)state;
    struct report *r = report_case_units(LANGUAGE_VI, 2);
    struct text_buffer out = {0};
    report_dress(r, "Báo cáo số 1 <i>", "\"Hà\" Giang", "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC");
    report_add_paragraph(r, "%s", "<script>alert('1')</script>\x01");
    report_write_html(r, &out);
    assert_true(has(&out, "<html lang=\"vi\">") && has(&out, "<title>SỐ LIỆU THỐNG KÊ</title>"));
    assert_true(has(&out, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\xEF\xBF\xBD"));
    assert_true(has(&out, "Sở &lt;Y&gt; &amp; &quot;tế&quot; 1") &&
                has(&out, "Ghi chú &lt;b&gt;một"));
    assert_true(has(&out, "(Phụ lục kèm theo Báo cáo số 1 &lt;i&gt;)"));
    assert_true(has(&out, "&quot;Hà&quot; Giang, ngày …"));
    assert_true(has(&out, ">KT. GIÁM ĐỐC</p>\n<p class=\"signer\">PHÓ GIÁM ĐỐC</p>"));
    assert_true(has(&out, "<th scope=\"colgroup\" colspan=\"3\"><b>Đăng ký tham gia</b></th>"));
    assert_true(has(&out, "<th scope=\"col\" rowspan=\"2\"><b>Đơn vị</b></th>"));
    assert_true(has(&out, "<tr class=\"totals\">") && has(&out, "<b>2.160</b>"));
    assert_int_equal(count(&out, "<tr"), 2 + 5);
    assert_int_equal(count(&out, "HG-SYTE"), 0); /* for programs */
    assert_int_equal(count(&out, "<script"), 0);
    assert_int_equal(count(&out, "http"), 1); /* http-equiv: nothing comes from elsewhere */
    text_buffer_free(&out);
    report_free(r);
}

static void html_has_a_chart_that_names_its_bars(void **state)
{
    (void)state;
    static const char before[] = "data:image/svg+xml;base64,";
    struct report *r = report_case_units(LANGUAGE_VI, 2);
    struct text_buffer out = {0};
    report_write_html(r, &out);
    assert_true(has(&out, "alt=\"Biểu đồ: Tỷ lệ lập tài khoản (số liệu trong bảng)\""));
    const char *data = strstr(out.data, before) + strlen(before);
    size_t length = strcspn(data, "\""), bytes;
    char *svg = calloc(1, length);
    assert_true(base64_decode(data, length, (uint8_t *)svg, &bytes));
    svg[bytes] = '\0';
    assert_non_null(strstr(svg, ">Sở &lt;Y&gt; &amp; &quot;tế&quot; 1</text>"));
    assert_non_null(strstr(svg, ">91,3%</text>"));
    assert_null(strstr(svg, "Tổng số"));
    assert_null(strstr(svg, "I. Sở"));
    free(svg);
    text_buffer_free(&out);
    report_free(r);
}

static void text_reads_as_lines(void **state)
{
    (void)state;
    struct report *r = report_case_units(LANGUAGE_VI, 1);
    struct text_buffer out = {0};
    report_add_paragraph(r, "Có 986/1.080 học viên.");
    report_write_text(r, &out);
    assert_string_equal(out.data,
                        "SỐ LIỆU THỐNG KÊ\n"
                        "Số liệu tính đến 17:00 29/09/2023\n"
                        "\n"
                        "Có 986/1.080 học viên.\n"
                        "\n"
                        "I. Sở, ngành\n"
                        "1. =1+1: Đăng ký tham gia (Tổng 1.080; Đã lập tài khoản 986; Tỷ lệ "
                        "91,3%)\n"
                        "Cộng: Đăng ký tham gia (Tổng 1.080; Đã lập tài khoản 986; Tỷ lệ "
                        "91,3%)\n"
                        "Tổng số: Đăng ký tham gia (Tổng 1.080; Đã lập tài khoản 986; Tỷ lệ "
                        "91,3%)\n"
                        "\n"
                        "Ghi chú <b>một</b>\n");
    text_buffer_free(&out);
    report_free(r);
}

/* "Sở Y tế, 17" leaves open what 17 is; a name, a day and a range speak for themselves. */
static void a_group_of_a_number_is_called_a_group(void **state)
{
    (void)state;
    static const struct {
        const char *name, *line;
    } cases[] = {{"17", "Sở Y tế, Tổ 17: Đăng ký 18\n"},
                 {"17A", "Sở Y tế, Tổ 17A: Đăng ký 18\n"},
                 {"Tổ chuyên viên", "Sở Y tế, Tổ chuyên viên: Đăng ký 18\n"},
                 {"Lớp 01", "Sở Y tế, Lớp 01: Đăng ký 18\n"},
                 {"17/07/2023", "Sở Y tế, 17/07/2023: Đăng ký 18\n"},
                 {"3–5", "Sở Y tế, 3–5: Đăng ký 18\n"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct report *r = report_new("groups", LANGUAGE_VI);
        struct text_buffer out = {0};
        r->title = "";
        report_add_column(r, CELL_TEXT, "unit_name", NULL, "Đơn vị");
        report_add_column(r, CELL_TEXT, "study_group", NULL, "Tổ");
        report_add_column(r, CELL_COUNT, "registered", NULL, "Đăng ký");
        size_t row = report_add_row(r);
        report_put_text(r, row, "unit_name", "Sở Y tế");
        report_put_text(r, row, "study_group", cases[i].name);
        report_put_count(r, row, "registered", 18);
        report_write_text(r, &out);
        assert_string_equal(out.data, cases[i].line);
        text_buffer_free(&out);
        report_free(r);
    }
}

/* Under several headings a row is too much for a line. */
static void text_has_a_line_for_each_of_several_headings(void **state)
{
    (void)state;
    struct report *r = report_new("monthly", LANGUAGE_VI);
    struct text_buffer out = {0};
    r->title = "";
    report_add_column(r, CELL_NUMBER, "no", NULL, "TT");
    report_add_column(r, CELL_TEXT, "wave_name", NULL, "Đợt");
    report_add_column(r, CELL_COUNT, "registered", NULL, "Đăng ký");
    report_add_column(r, CELL_COUNT, "new_participants", "Trong tháng", "Mới tham gia học");
    report_add_column(r, CELL_COUNT, "newly_passed", "Trong tháng", "Mới đạt");
    report_add_column(r, CELL_RATE, "pass_rate", "Tỷ lệ (%)", "Đạt / đăng ký");
    for (int64_t no = 1; no <= 3; no++) {
        size_t row = report_add_row(r);
        report_put_number(r, row, "no", no);
        report_put_text(r, row, "wave_name", "Đợt");
        if (no > 2)
            continue;
        report_put_count(r, row, "registered", 40);
        report_put_count(r, row, "new_participants", 20);
        if (no > 1)
            continue;
        report_put_count(r, row, "newly_passed", 6);
        report_put_rate(r, row, "pass_rate", 6, 40);
    }
    report_write_text(r, &out);
    assert_string_equal(out.data, "1. Đợt:\n"
                                  "   - Đăng ký 40\n"
                                  "   - Trong tháng: Mới tham gia học 20; Mới đạt 6\n"
                                  "   - Tỷ lệ: Đạt / đăng ký 15,0%\n"
                                  "2. Đợt: Đăng ký 40; Trong tháng, Mới tham gia học 20\n"
                                  "3. Đợt\n");
    text_buffer_free(&out);
    report_free(r);
}

/* Who prints a report or opens a file has no command line. */
static void hints_are_for_a_terminal(void **state)
{
    (void)state;
    static const enum output_format others[] = {OUTPUT_CSV, OUTPUT_CSV_EXCEL, OUTPUT_JSON,
                                                OUTPUT_HTML, OUTPUT_TEXT};
    struct report *r = report_case_units(LANGUAGE_VI, 1);
    struct text_buffer out = {0};
    struct error err = {0};
    report_add_hint(r, "`mooc-aggregator %s`", "issues");
    assert_true(output_render(r, OUTPUT_TABLE, &out, &err));
    assert_true(has(&out, "Ghi chú <b>một</b>\n`mooc-aggregator issues`\n"));
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        text_buffer_clear(&out);
        assert_true(output_render(r, others[i], &out, &err));
        assert_int_equal(count(&out, "mooc-aggregator"), 0);
    }
    text_buffer_clear(&out);
    report_save(r, &out);
    assert_int_equal(count(&out, "mooc-aggregator"), 0);
    text_buffer_free(&out);
    report_free(r);
}

static void parts_are_an_array_in_json_and_sections_elsewhere(void **state)
{
    (void)state;
    struct error err = {0};
    struct text_buffer out = {0};
    struct report *r = report_new("summary", LANGUAGE_EN);
    r->title = "Both";
    report_add_paragraph(r, "%s", "Running text.");
    report_append(r, report_case_units(LANGUAGE_EN, 1));
    report_write_json(r, &out);
    struct json *root = json_parse(out.data, out.length, &err);
    assert_true(json_is_array(root) && json_size(root) == 2);
    const struct json *first = json_first(root), *second = json_next(first);
    assert_string_equal(json_string(json_first(json_get(first, "paragraphs"))), "Running text.");
    const struct json *kinds = json_get(second, "row_kinds");
    assert_int_equal(json_size(kinds), 2);
    assert_string_equal(json_get_string(json_first(kinds), "kind"), "section");
    assert_string_equal(json_get_string(json_get(second, "totals"), "unit_name"), "Total");
    json_free(root);
    text_buffer_clear(&out);
    report_write_html(r, &out);
    assert_int_equal(count(&out, "<section"), 2);
    text_buffer_clear(&out);
    report_write_table(r, &out);
    assert_true(has(&out, "Both\n\nRunning text.\n\n\nFIGURES\n"));
    text_buffer_free(&out);
    report_free(r);
}

static void subtotals_are_not_summed_again(void **state)
{
    (void)state;
    struct report *r = report_case_units(LANGUAGE_VI, 3);
    int64_t sum = 0;
    assert_true(report_sum(r, "registered", &sum));
    assert_int_equal(sum, 3 * 1080);
    report_free(r);
}

static void the_last_part_is_signed_if_none_asks_for_it(void **state)
{
    (void)state;
    struct report *r = report_new("a", LANGUAGE_VI);
    report_append(r, report_new("b", LANGUAGE_VI));
    report_dress(r, "Báo cáo", NULL, NULL);
    assert_false(r->signature.wanted || r->parts[0]->signature.wanted);
    assert_string_equal(r->parts[0]->attached_to, "Báo cáo");
    report_dress(r, NULL, "Hà Giang", NULL);
    assert_false(r->signature.wanted);
    assert_string_equal(r->parts[0]->signature.place, "Hà Giang");
    report_free(r);
    r = report_new("a", LANGUAGE_VI);
    report_append(r, report_new("b", LANGUAGE_VI));
    report_sign(r, "Hà Giang", NULL);
    report_dress(r, NULL, NULL, "GIÁM ĐỐC");
    assert_string_equal(r->signature.signer, "GIÁM ĐỐC");
    assert_string_equal(r->signature.place, "Hà Giang");
    assert_false(r->parts[0]->signature.wanted);
    report_free(r);
}

/* Names of files and sheets are anybody's; a terminal would take an escape sequence in them for its own. */
static void what_people_read_commands_no_terminal(void **state)
{
    (void)state;
    struct report *r = report_new("issues", LANGUAGE_EN);
    struct text_buffer table = {0}, text = {0}, json = {0};
    r->title = "ISSUES";
    report_add_column(r, CELL_TEXT, "file", NULL, "File");
    report_put_text(r, report_add_row(r), "file", "a\x1b]0;b\x07\r\xC2\x9B\x7F\xC3\x9B.xlsx");
    report_add_note(r, "%s", "c\x1b[2J");
    report_write_table(r, &table);
    report_write_text(r, &text);
    report_write_json(r, &json);
    assert_string_equal(
        table.data, "ISSUES\n\nFile\n────────────────\na\\x1b]0;b\\x07\\x0d\\xc2\\x9b\\x7fÛ.xlsx\n"
                    "\nc\\x1b[2J\n");
    assert_string_equal(text.data,
                        "ISSUES\n\na\\x1b]0;b\\x07\\x0d\\xc2\\x9b\\x7fÛ.xlsx\n\nc\\x1b[2J\n");
    assert_true(has(&json, "\"a\\u001b]0;b\\u0007\\r"));
    text_buffer_free(&table);
    text_buffer_free(&text);
    text_buffer_free(&json);
    report_free(r);
}

/* Another report that is being written to the same place has a file of its own beside it. */
static void what_is_written_beside_is_this_ones_alone(void **state)
{
    (void)state;
    struct report *r = report_case_units(LANGUAGE_VI, 1);
    struct error err = {0};
    char folder[] = "/tmp/test_report_writers_XXXXXX", path[64], beside[64], line[16];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/r.csv", folder);
    (void)snprintf(beside, sizeof(beside), "%s/r.csv.part", folder);
    FILE *other = fopen(beside, "w");
    assert_true(other != NULL && fputs("other", other) >= 0 && fclose(other) == 0);
    assert_true(output_report(r, OUTPUT_CSV, path, &err));
    other = fopen(beside, "r");
    assert_non_null(other);
    assert_non_null(fgets(line, sizeof(line), other));
    assert_string_equal(line, "other");
    assert_int_equal(fclose(other), 0);
    assert_int_equal(unlink(beside) + unlink(path) + rmdir(folder), 0);
    report_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_for_excel_reads_as_vietnamese_excel_writes),
        cmocka_unit_test(dates_are_written_for_their_readers),
        cmocka_unit_test(a_kept_date_that_is_text_stays_text),
        cmocka_unit_test(no_text_becomes_a_formula),
        cmocka_unit_test(csv_holds_one_kind_of_table),
        cmocka_unit_test(html_holds_text_as_text),
        cmocka_unit_test(html_has_a_chart_that_names_its_bars),
        cmocka_unit_test(text_reads_as_lines),
        cmocka_unit_test(text_has_a_line_for_each_of_several_headings),
        cmocka_unit_test(a_group_of_a_number_is_called_a_group),
        cmocka_unit_test(hints_are_for_a_terminal),
        cmocka_unit_test(parts_are_an_array_in_json_and_sections_elsewhere),
        cmocka_unit_test(subtotals_are_not_summed_again),
        cmocka_unit_test(the_last_part_is_signed_if_none_asks_for_it),
        cmocka_unit_test(what_people_read_commands_no_terminal),
        cmocka_unit_test(what_is_written_beside_is_this_ones_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
