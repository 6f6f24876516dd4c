/* A list that comes back, on paper: the page, widths, heights, text that wraps. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../aggregator/follow_up/given_book.h"
#include "../../aggregator/follow_up/page_setup.h"
#include "../../aggregator/follow_up/paper_widths.h"
#include "../../aggregator/follow_up/sheet_edit.h"

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void assert_fitted(const char *xml, const char *expected)
{
    struct text_buffer out = {0};
    sheet_fit_width(xml, strlen(xml), &out);
    assert_string_equal(out.data, expected);
    text_buffer_free(&out);
}

#define FITTED "<pageSetUpPr fitToPage=\"1\"/>"
#define MARGINS                                                                                    \
    "<pageMargins left=\"0.3\" right=\"0.3\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" "         \
    "footer=\"0.3\"/>"
#define PAGE "orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/>"

static void test_a_sheet_prints_one_page_wide(void **state)
{
    (void)state;
    assert_fitted("<?xml version=\"1.0\"?><worksheet><sheetData/></worksheet>",
                  "<?xml version=\"1.0\"?><worksheet><sheetPr>" FITTED
                  "</sheetPr><sheetData/>" MARGINS "<pageSetup paperSize=\"9\" " PAGE
                  "</worksheet>");
    /* What is there stays, in its place; saved views keep their own setup. */
    assert_fitted(
        "<x:worksheet><x:sheetPr codeName=\"a\"><x:tabColor rgb=\"FF\"/></x:sheetPr><x:sheetData/>"
        "<x:customSheetViews><x:customSheetView><x:pageSetup scale=\"50\"/></x:customSheetView>"
        "</x:customSheetViews><x:pageMargins left=\"1\" right=\"0.2\" top=\"0.5\" bottom=\"0.75\" "
        "header=\"0.1\" "
        "footer=\"0.3\"/><x:headerFooter/></x:worksheet>",
        "<x:worksheet><x:sheetPr codeName=\"a\"><x:tabColor rgb=\"FF\"/><x:pageSetUpPr "
        "fitToPage=\"1\"/></x:sheetPr><x:sheetData/>"
        "<x:customSheetViews><x:customSheetView><x:pageSetup scale=\"50\"/></x:customSheetView>"
        "</x:customSheetViews><x:pageMargins right=\"0.2\" top=\"0.5\" bottom=\"0.75\" "
        "header=\"0.1\" footer=\"0.3\" left=\"0.3\"/><x:pageSetup paperSize=\"9\" " PAGE
        "<x:headerFooter/></x:worksheet>");
    assert_fitted("<worksheet><sheetPr codeName=\"b\"/><sheetData/><pageSetup paperSize=\"8\" "
                  "orientation=\"portrait\" fitToHeight=\"3\"/><drawing/></worksheet>",
                  "<worksheet><sheetPr codeName=\"b\">" FITTED "</sheetPr><sheetData/>" MARGINS
                  "<pageSetup "
                  "paperSize=\"8\" " PAGE "<drawing/></worksheet>");
    assert_fitted(
        "<worksheet><sheetPr><pageSetUpPr autoPageBreaks=\"0\" fitToPage=\"0\"/></sheetPr>"
        "<sheetData/></worksheet>",
        "<worksheet><sheetPr><pageSetUpPr autoPageBreaks=\"0\" fitToPage=\"1\"/></sheetPr>"
        "<sheetData/>" MARGINS "<pageSetup paperSize=\"9\" " PAGE "</worksheet>");
}

/* As on A4: formats that wrap, widths by what stands there, heights by the lines it takes. */
static void test_a_list_is_made_to_fit_on_paper(void **state)
{
    (void)state;
    static const struct added_row rows[] = {
        {.row = 1, .head = true, .text = {"H", "I", "J", "K"}, .height = 33},
        {.row = 2, .head = true, .text = {"H", "I", "J", "K"}, .height = 33},
        {.row = 3, .text = {"=1+1", NULL, NULL, NULL}, .height = 48}};
    static const double given[] = {5, 0, 12.5};
    const struct added_columns added = {.rows = rows,
                                        .row_count = 3,
                                        .like_column = 1,
                                        .again = SIZE_MAX,
                                        .widths = {10, 11, 12, 13},
                                        .wrapping = 20,
                                        .given_widths = given,
                                        .given_count = 3};
    const char *xml =
        "<worksheet><cols><col min=\"1\" max=\"2\" width=\"30\" style=\"3\"/></cols><sheetData>"
        "<row r=\"1\" ht=\"60\" customHeight=\"1\"><c r=\"C1\" s=\"7\"><v>1</v></c></row>"
        "<row r=\"2\" ht=\"15\"><c r=\"C2\"><v>1</v></c></row>"
        "<row r=\"3\" spans=\"1:3\" ht=\"90\" customHeight=\"1\"><c r=\"B3\" "
        "s=\"4\"><v>1</v></c></row>"
        "<row r=\"4\"><c r=\"B4\" s=\"4\"><v>1</v></c></row></sheetData></worksheet>";
    struct text_buffer out = {0};
    struct error err = {0};
    assert_true(sheet_add_columns(xml, strlen(xml), &added, &out, &err));
    assert_has(out.data,
               "<cols><col min=\"1\" max=\"1\" width=\"5.00\" customWidth=\"1\" style=\"3\"/>"
               "<col width=\"30\" style=\"3\" min=\"2\" max=\"2\"/>"
               "<col min=\"3\" max=\"3\" width=\"12.50\" customWidth=\"1\"/>"
               "<col min=\"4\" max=\"4\" width=\"10.00\"");
    assert_has(out.data, "<row r=\"1\" ht=\"60\" customHeight=\"1\"><c r=\"C1\" s=\"27\">");
    assert_has(out.data, "<row r=\"2\" ht=\"33.00\"><c r=\"C2\" s=\"20\">");
    assert_has(out.data,
               "<row r=\"3\" ht=\"48.00\"><c r=\"B3\" s=\"24\"><v>1</v></c><c r=\"D3\" s=\"24\"");
    assert_has(out.data, "<row r=\"4\"><c r=\"B4\" s=\"4\">"); /* what is no row of the list stays */
    text_buffer_free(&out);
}

/* Figures are never broken, texts are; a column of nothing keeps its width. */
static void test_columns_are_as_wide_as_their_rows_need(void **state)
{
    (void)state;
    static const char csv[] =
        "Danh sách cán bộ đăng ký học trực tuyến của cơ quan,,,,,\n"
        "TT,Họ và tên,Số CCCD,E-mail,Ký tên,\n"
        "1,Nguyễn Thanh Tùng,002193213185,nguyen.thanh.tung.1978@hagiang.example.vn,,\n"
        "2,Lò An,002193213186,a@b.vn,,\n";
    struct error err = {0};
    char path[] = "/tmp/test_follow_up_XXXXXX.csv";
    int file = mkstemps(path, 4);
    assert_true(file >= 0 && write(file, csv, strlen(csv)) == (ssize_t)strlen(csv));
    close(file);
    struct sheet_book *book = sheet_open(path, &err);
    unlink(path);
    assert_non_null(book);
    struct added_row rows[] = {
        {.row = 2, .head = true}, {.row = 3, .text = {"Đã được cấp giấy chứng nhận"}}, {.row = 4}};
    static const double ours[ADDED_COLUMNS] = {16, 12, 19, 16};
    double widths[6];
    paper_widths(book, 0, rows, 3, 1000, widths, 6);
    assert_true(widths[0] < 6 && widths[1] > 17 && widths[1] < 20 && widths[2] > 12 && widths[2] < 15);
    assert_true(widths[3] > 24 && widths[3] < 27 && widths[4] > 10 && widths[4] < 13);
    assert_true(widths[5] == 0);
    paper_widths(book, 0, rows, 3, 57, widths, 6);
    assert_true(widths[2] > 12 && widths[3] < 16 &&
                widths[0] + widths[1] + widths[2] + widths[3] <= 50);
    paper_heights(book, 0, widths, 6, ours, rows, 3);
    assert_true(rows[1].height > 2 * rows[2].height && rows[2].height > 12 && rows[2].height < 20);
    sheet_free(book);
}

static void test_a_sheet_made_of_cells_has_a_name_that_excel_takes(void **state)
{
    (void)state;
    const char *text = "\a - Xã Ea H'leo\nA\n\a - 'Danh sách cán bộ tham gia lớp bồi dưỡng'\nA\n";
    struct error err = {0};
    char path[] = "/tmp/test_follow_up_XXXXXX.sheets";
    int file = mkstemps(path, 7);
    assert_true(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    struct sheet_book *book = sheet_open(path, &err);
    unlink(path);
    assert_non_null(book);
    struct package *made = given_book_of_cells(book, (size_t[]){0, 0}, (size_t[]){1, 1});
    size_t length;
    const char *workbook = package_part(made, "xl/workbook.xml", &length);
    assert_has(workbook, "<sheet name=\"Xã Ea H'leo\" ");
    assert_has(workbook, ">'Xã Ea H''leo'!$1:$1<");
    assert_has(workbook, "<sheet name=\" Danh sách cán bộ tham gia lớp \" ");
    assert_has(workbook, ">' Danh sách cán bộ tham gia lớp '!$1:$1<");
    package_free(made);
    sheet_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sheet_prints_one_page_wide),
        cmocka_unit_test(test_a_list_is_made_to_fit_on_paper),
        cmocka_unit_test(test_columns_are_as_wide_as_their_rows_need),
        cmocka_unit_test(test_a_sheet_made_of_cells_has_a_name_that_excel_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
