/* The chasing list's pure parts: where a person stands, counts per group, columns put into a worksheet's XML, workbooks as packages. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../aggregator/follow_up/given_book.h"
#include "../../aggregator/follow_up/groups.h"
#include "../../aggregator/follow_up/print_area.h"
#include "../../aggregator/follow_up/sheet_edit.h"
#include "../../common/xml.h"
#include "../../common/file.h"

/* ---- status ---- */

static void test_the_furthest_that_holds_is_told(void **state)
{
    (void)state;
    const uint32_t learned = BIT(REGISTERED) | BIT(ACCOUNTS) | BIT(ENROLLED) | BIT(PARTICIPATED);
    const struct {
        uint32_t measures;
        bool shown;
        const char *code;
    } cases[] = {
        {0, false, "no_account"},
        {BIT(REGISTERED), true, "no_account"},
        {BIT(REGISTERED) | BIT(ACCOUNTS), true, "not_activated"},
        {BIT(REGISTERED) | BIT(ACCOUNTS), false, "not_started"},
        {BIT(ACCOUNTS) | BIT(ACTIVATED), true, "not_started"},
        {BIT(ACCOUNTS) | BIT(ACTIVATED) | BIT(ENROLLED), true, "not_started"},
        {learned, true, "learning"},
        {BIT(PARTICIPATED), false, "learning"}, /* in a class, without an account */
        {learned | BIT(COMPLETED), true, "not_sat"},
        {learned | BIT(SAT) | BIT(FAILED), true, "failed"},
        {learned | BIT(COMPLETED) | BIT(SAT) | BIT(FAILED), true, "failed"},
        {learned | BIT(SAT) | BIT(PASSED), true, "passed"},
        {learned | BIT(COMPLETED) | BIT(SAT) | BIT(PASSED) | BIT(CERTIFIED), true, "certified"},
        {learned | BIT(SAT) | BIT(FAILED) | BIT(CERTIFIED), true, "certified"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(
            follow_up_status_code(follow_up_status_of(cases[i].measures, cases[i].shown)),
            cases[i].code);
    assert_string_equal(follow_up_status_text(FOLLOW_UP_PASSED, LANGUAGE_VI), "Đạt");
    assert_string_equal(follow_up_status_text(FOLLOW_UP_NOT_SAT, LANGUAGE_EN), "Not sat the exam");
}

/* ---- groups ---- */

static void test_groups_stand_in_the_order_of_people(void **state)
{
    (void)state;
    struct group_counts groups = {0};
    static const char *const rows[][2] = {{"B", "10"}, {"B", "9"}, {"B", ""},
                                          {"A", "2"},  {"B", "9"}, {"B", "Tổ dân phố"},
                                          {"A", "10"}, {"B", "10"}};
    static const char *const wanted[][2] = {{"B", "9"}, {"B", "10"}, {"B", "Tổ dân phố"},
                                            {"B", ""},  {"A", "2"},  {"A", "10"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        groups_add(&groups, rows[i][0], rows[i][1], i % 2 ? FOLLOW_UP_PASSED : FOLLOW_UP_LEARNING);
    groups_sort(&groups);
    assert_int_equal(groups.count, ARRAY_LEN(wanted));
    for (size_t i = 0; i < groups.count; i++) {
        assert_string_equal(groups.items[i].unit, wanted[i][0]);
        assert_string_equal(groups.items[i].group, wanted[i][1]);
    }
    assert_int_equal(groups.items[0].persons, 2);
    assert_int_equal(groups.items[0].by_status[FOLLOW_UP_PASSED], 1);
    assert_int_equal(groups.items[0].by_status[FOLLOW_UP_LEARNING], 1);
    struct group_count total = groups_total(&groups);
    assert_int_equal(total.persons, 8);
    assert_int_equal(total.by_status[FOLLOW_UP_PASSED], 4);
    groups_release(&groups);
}

/* ---- XML ---- */

static void test_tags_and_attributes(void **state)
{
    (void)state;
    const char *xml =
        "<?xml version=\"1.0\"?><!-- <a> --><x:a b='1>2' r:id=\"q\"/><![CDATA[<c>]]>t</d>";
    const char *end = xml + strlen(xml), *value;
    size_t length;
    struct xml_tag tag;
    assert_true(xml_next(xml, end, &tag));
    assert_true(xml_is(&tag, "a") && tag.empty && !tag.closing);
    assert_int_equal(tag.prefix_length, 2);
    assert_true(xml_attribute(&tag, "b", &value, &length));
    assert_memory_equal(value, "1>2", 3);
    assert_true(xml_attribute(&tag, ":id", &value, &length));
    assert_int_equal(length, 1);
    assert_false(xml_attribute(&tag, "id", &value, &length));
    assert_true(xml_next(tag.end, end, &tag));
    assert_true(xml_is(&tag, "d") && tag.closing);
    assert_false(xml_next(tag.end, end, &tag));
    struct text_buffer text = {0};
    const char *given = "A &amp; B&#7857;&#x1EB1;&#xD800;&lt;";
    xml_decode(given, strlen(given), &text);
    assert_string_equal(text.data, "A & Bằằ<");
    text_buffer_clear(&text);
    xml_add_text(&text, "<\"&\x01>\n");
    assert_string_equal(text.data, "&lt;&quot;&amp;&gt;\n");
    text_buffer_free(&text);
}

/* ---- sheets ---- */

static const struct added_row rows_at_2_and_3[] = {
    {.row = 2, .head = true, .text = {"H", "I", "J", "K"}},
    {.row = 3, .text = {"=1+1", NULL, "a&b", NULL}}};

/* What the XML becomes, its rows only. */
static char *edited_again(const char *xml, const struct added_row *rows, size_t count, size_t again)
{
    struct text_buffer out = {0};
    struct error err = {0};
    const struct added_columns added = {
        .rows = rows, .row_count = count, .like_column = 1, .again = again, .widths = {10, 11, 12, 13}};
    if (!sheet_add_columns(xml, strlen(xml), &added, &out, &err)) {
        text_buffer_free(&out);
        return NULL;
    }
    return out.data;
}

static char *edited(const char *xml, const struct added_row *rows, size_t count)
{
    return edited_again(xml, rows, count, SIZE_MAX);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void test_cells_go_to_the_right_of_all_that_stands_there(void **state)
{
    (void)state;
    char *out =
        edited("<worksheet><dimension ref=\"A1:C3\"/><cols><col min=\"1\" max=\"16384\" "
               "width=\"9\"/></cols>"
               "<sheetData><row r=\"1\" spans=\"1:3\"><c r=\"A1\" s=\"7\"><v>1</v></c></row>"
               "<row r=\"2\" spans=\"1:3\"><c r=\"A2\" s=\"4\"><v>1</v></c><c r=\"C2\" "
               "s=\"5\"><f>A1</f><v>9</v></c>"
               "<c r=\"D2\" s=\"1\"/><c r=\"Z2\" s=\"1\"/></row>"
               "<row r=\"3\"><c r=\"A3\" s=\"6\"><v>5</v></c><c r=\"B3\" s=\"8\" "
               "t=\"s\"><v>0</v></c></row>"
               "</sheetData><pageMargins/></worksheet>",
               rows_at_2_and_3, 2);
    assert_non_null(out);
    assert_null(strstr(out, "dimension"));
    assert_has(out, "<row r=\"1\" spans=\"1:3\"><c r=\"A1\" s=\"7\"><v>1</v></c></row>");
    assert_has(
        out,
        "<row r=\"2\"><c r=\"A2\" s=\"4\"><v>1</v></c><c r=\"C2\" s=\"5\"><f>A1</f><v>9</v></c>"
        "<c r=\"D2\" s=\"5\" t=\"inlineStr\"><is><t xml:space=\"preserve\">H</t></is></c>");
    assert_has(out, "K</t></is></c><c r=\"Z2\" s=\"1\"/></row>");
    /* Text even if it looks like a formula; like column B. */
    assert_has(out,
               "<c r=\"D3\" s=\"8\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1</t></is></c>"
               "<c r=\"E3\" s=\"8\"/>");
    assert_has(out, "a&amp;b</t>");
    assert_has(out, "<col width=\"9\" min=\"3\" max=\"3\"/><col min=\"4\" max=\"4\" "
                    "width=\"10.00\" customWidth=\"1\"/>");
    assert_has(out, "<col width=\"9\" min=\"8\" max=\"16384\"/></cols>");
    assert_has(out, "</sheetData><pageMargins/></worksheet>");
    free(out);
}

static void test_rows_and_cells_that_do_not_say_where_they_are(void **state)
{
    (void)state;
    char *out = edited(
        "<x:worksheet><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>"
        "<x:row><x:c/><x:c s=\"2\"><x:v>2</x:v></x:c></x:row><x:row/></x:sheetData></x:worksheet>",
        rows_at_2_and_3, 2);
    assert_non_null(out);
    assert_has(out, "<x:v>2</x:v></x:c><x:c r=\"C2\" s=\"2\" t=\"inlineStr\"><x:is><x:t "
                    "xml:space=\"preserve\">H</x:t></x:is></x:c>");
    assert_has(out, "<x:row><x:c r=\"C3\" t=\"inlineStr\">");
    assert_has(out, "<x:cols><x:col min=\"3\" max=\"3\" width=\"10.00\" customWidth=\"1\"/>");
    free(out);
}

static void test_merged_cells_and_missing_rows(void **state)
{
    (void)state;
    char *out =
        edited("<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"
               "<row r=\"9\"><c r=\"B9\"><v>1</v></c></row></sheetData><mergeCells count=\"3\">"
               "<mergeCell ref=\"A1:P1\"/><mergeCell ref=\"A2:E2\"/><mergeCell "
               "ref=\"A4:XFD4\"/></mergeCells></worksheet>",
               rows_at_2_and_3, 2);
    assert_non_null(out);
    assert_has(out, "<row r=\"2\"><c r=\"F2\""); /* behind the merge of the list's own row, not of the title's */
    assert_has(out, "<row r=\"3\"><c r=\"F3\"");
    assert_true(strstr(out, "<row r=\"3\">") < strstr(out, "<row r=\"9\">"));
    free(out);
    assert_null(edited("<worksheet><sheetData/></worksheet>", rows_at_2_and_3, 2));
    assert_null(edited("<worksheet><sheetData><row><c r=\"12\"/></row></sheetData></worksheet>",
                       rows_at_2_and_3, 2));
    assert_null(edited("not XML", rows_at_2_and_3, 2));
}

static void test_a_list_that_came_back_keeps_its_reasons(void **state)
{
    (void)state;
    char *out = edited_again(
        "<worksheet><cols><col min=\"1\" max=\"2\" width=\"9\"/></cols><sheetData>"
        "<row r=\"2\"><c r=\"A2\" s=\"4\"><v>1</v></c><c r=\"C2\"><v>8</v></c><c "
        "r=\"F2\"><v>7</v></c></row>"
        "<row r=\"3\"><c r=\"B3\" s=\"9\"><v>1</v></c><c r=\"C3\"><v>8</v></c><c "
        "r=\"E3\"><v>6</v></c>"
        "<c r=\"F3\"><v>why</v></c><c r=\"G3\"><v>more</v></c></row></sheetData></worksheet>",
        rows_at_2_and_3, 2, 2);
    assert_non_null(out);
    assert_has(out, "<cols><col min=\"1\" max=\"2\" width=\"9\"/></cols>");
    assert_has(out, "J</t></is></c><c r=\"F2\"><v>7</v></c></row>");
    assert_has(out, "<c r=\"C3\" s=\"9\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1</t>");
    assert_has(out,
               "a&amp;b</t></is></c><c r=\"F3\"><v>why</v></c><c r=\"G3\"><v>more</v></c></row>");
    assert_null(strstr(out, "<v>8</v>"));
    assert_null(strstr(out, "<v>6</v>"));
    free(out);
}

/* Its quotation marks come out uneven when it is written anew. */
static void test_a_sheet_that_cannot_be_written_anew_is_refused(void **state)
{
    (void)state;
    static const struct added_row higher[] = {{.row = 1, .text = {"H", "I", "J", "K"}, .height = 32}};
    static const struct added_row as_high[] = {{.row = 1, .text = {"H", "I", "J", "K"}}};
    const char *broken =
        "<worksheet><sheetData><row r=\"1\" a\"b c\"=\"1\"><c r=\"A1\"><v>1</v></c>"
        "</row></sheetData></worksheet>";
    const char *sound = "<worksheet><sheetData><row r=\"1\" spans=\"1:1\" ht=\"9\" "
                        "customHeight=\"0\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    assert_null(edited(broken, higher, 1));
    assert_null(edited(broken, as_high, 1));
    char *out = edited(sound, higher, 1);
    assert_non_null(out);
    assert_has(out, "<row r=\"1\" ht=\"32.00\">");
    free(out);
    /* Widths that do not end before the rows begin. */
    assert_null(
        edited("<worksheet><cols><col min=\"1\" max=\"2\"/><sheetData><row r=\"1\"/></sheetData>"
               "</worksheet>",
               as_high, 1));
    free(edited("<worksheet><cols><cols></cols><sheetData><row r=\"1\"/></sheetData></cols>"
                "</worksheet>",
                as_high, 1));
}

static void test_names_of_columns(void **state)
{
    (void)state;
    static const struct {
        size_t column;
        const char *name;
    } cases[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char name[4];
        sheet_column_name(cases[i].column, name);
        assert_string_equal(name, cases[i].name);
    }
}

/* ---- packages ---- */

static void put(struct package *package, const char *name, const char *text)
{
    struct text_buffer part = {0};
    text_buffer_add_text(&part, text);
    package_put(package, name, &part);
}

static void test_a_workbook_takes_one_more_sheet_and_stays_a_package(void **state)
{
    (void)state;
    struct error err = {0};
    struct package *package = package_new();
    put(package, "[Content_Types].xml", "<Types></Types>");
    put(package, "_rels/.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"http://x/officeDocument\" "
        "Target=\"/xl/workbook.xml\"/></Relationships>");
    put(package, "xl/workbook.xml",
        "<workbook><sheets><sheet name=\"Theo T&#7893;\" sheetId=\"4\" q:id = \"r1\"/>"
        "<sheet name=\"B\" state=\"hidden\" sheetId=\"7\"\n"
        "q:id=\"r2\"/></sheets><calcPr/></workbook>");
    put(package, "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"s\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"r2\" Type=\"s\" "
        "Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>");
    put(package, "xl/worksheets/sheet1.xml", "<worksheet/>");
    struct book_parts book;
    struct given_book_looks looks;
    assert_true(book_parts_open(package, &book, &err));
    assert_int_equal(book.sheet_count, 2);
    assert_string_equal(book.sheets[1].part, "xl/worksheets/sheet2.xml");
    assert_string_equal(book_parts_sheet(&book, "Theo Tổ", 0)->part, "xl/worksheets/sheet1.xml");
    assert_null(book_parts_sheet(&book, "B", 1));
    given_book_looks(&book, &looks);
    assert_int_equal(looks.heading, 0); /* it has no formats */
    struct text_buffer xml = {0};
    text_buffer_add_text(&xml, "<worksheet>3</worksheet>");
    assert_true(given_book_add_sheet(&book, "Theo Tổ", 3, &xml, &err));
    book_parts_close(&book);

    struct text_buffer packed = {0};
    char path[] = "/tmp/test_follow_up_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && package_pack(package, &packed, &err));
    package_free(package);
    assert_true(file_write_whole(path, packed.data, packed.length, &err));
    text_buffer_free(&packed);
    package = package_read(path, &err);
    assert_non_null(package);
    size_t length;
    const char *part = package_part(package, "xl/workbook.xml", &length);
    assert_has(
        part,
        "<sheet name=\"Theo Tổ (2)\" sheetId=\"8\" q:id=\"rIdFollowUp\"/></sheets><definedNames>"
        "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"2\">'Theo Tổ "
        "(2)'!$3:$3</definedName></definedNames><calcPr/>");
    assert_string_equal(package_part(package, "xl/worksheets/followup.xml", &length),
                        "<worksheet>3</worksheet>");
    assert_null(package_part(package, "no/such.xml", &length));
    package_free(package);
    (void)close(file);
    assert_int_equal(unlink(path), 0);
}

/* Each format has a twin that wraps; headings that a sheet repeats already are its own. */
static void test_formats_wrap_and_headings_repeat(void **state)
{
    (void)state;
    struct error err = {0};
    struct package *package = package_new();
    put(package, "_rels/.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"http://x/officeDocument\" "
        "Target=\"/xl/workbook.xml\"/></Relationships>");
    put(package, "xl/workbook.xml",
        "<workbook><sheets><sheet name=\"A' 50%số\" sheetId=\"1\" q:id=\"r1\"/><sheet name=\"B\" "
        "sheetId=\"2\" q:id=\"r1\"/></sheets><definedNames><definedName "
        "name=\"_xlnm.Print_Titles\" localSheetId=\"1\">B!$1:$1</definedName></definedNames>"
        "</workbook>");
    put(package, "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Type=\"s\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"r9\" Type=\"http://x/styles\" Target=\"styles.xml\"/></Relationships>");
    put(package, "xl/styles.xml",
        "<styleSheet><cellXfs count=\"3\"><xf fontId=\"1\"/><xf><alignment horizontal=\"right\" "
        "shrinkToFit=\"1\"/></xf><xf applyAlignment=\"0\"><protection locked=\"0\"/></xf></cellXfs>"
        "</styleSheet>");
    put(package, "xl/empty.xml", "<x:a><x:b d=\"1\"/></x:a>");
    struct book_parts book;
    assert_true(book_parts_open(package, &book, &err));
    assert_int_equal(given_book_wrap(&book), 3);
    assert_int_equal(given_book_unlock(&book), 6);
    size_t length;
    const char *part = package_part(package, "xl/styles.xml", &length);
    assert_has(part,
               "<xf fontId=\"1\"/><xf><alignment horizontal=\"right\" shrinkToFit=\"1\"/></xf>");
    assert_has(part, "count=\"12\"");
    assert_has(part, "</xf><xf fontId=\"1\" applyProtection=\"1\"><protection locked=\"0\"/></xf>");
    assert_has(part, "<xf applyProtection=\"1\"><alignment horizontal=\"right\" shrinkToFit=\"1\"/>"
                     "<protection locked=\"0\"/></xf>");
    assert_has(part, "<alignment vertical=\"center\" wrapText=\"1\"/></xf><xf");
    assert_has(part, "<alignment horizontal=\"right\" wrapText=\"1\"/></xf>");
    assert_has(part, "<alignment vertical=\"center\" wrapText=\"1\"/><protection "
                     "locked=\"0\"/></xf><xf fontId=\"1\" applyProtection");
    given_book_repeat_rows(&book, book.sheets[0].place, book.sheets[0].name, 4, 5);
    given_book_repeat_rows(&book, book.sheets[1].place, book.sheets[1].name, 4, 5);
    assert_true(given_book_append(package, "xl/empty.xml", "b", "<%sc/>"));
    assert_string_equal(package_part(package, "xl/empty.xml", &length),
                        "<x:a><x:b d=\"1\"><x:c/></x:b></x:a>");
    part = package_part(package, "xl/workbook.xml", &length);
    assert_has(part,
               "localSheetId=\"1\">B!$1:$1</definedName><definedName name=\"_xlnm.Print_Titles\" "
               "localSheetId=\"0\">'A'' 50&#37;số'!$4:$5</definedName></definedNames>");
    book_parts_close(&book);
    package_free(package);
}

static void test_print_areas_reach_to_what_was_added(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"DS!$A$1:$H$40", "DS!$A$1:$AB$40"},
        {"'A:Z, b'!$A:$H", "'A:Z, b'!$A:$AB"},
        {"'A''s'!$A$1:$H$9,'A''s'!$A$11:$C$12,'A''s'!$B$14:$H$15",
         "'A''s'!$A$1:$AB$9,'A''s'!$A$11:$C$12,'A''s'!$B$14:$AB$15"},
        {"DS!A1:H40", "DS!A1:AB40"},
        {"'DS (2)'!$A$1:$H$4", "'DS (2)'!$A$1:$AB$4"},
        {"DS!$1:$40", NULL},
        {"DS!$A$1:$AB$40", NULL},
        {"DS!$A$1:$AC$40", NULL},
        {"OFFSET(DS!$A$1:$H$1,0,0,9)", NULL},
        {"DS!#REF!", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct text_buffer out = {0};
        bool widened = print_area_widen(cases[i][0], strlen(cases[i][0]), 27, &out);
        assert_int_equal(widened, cases[i][1] != NULL);
        if (widened)
            assert_string_equal(out.data, cases[i][1]);
        text_buffer_free(&out);
    }
}

static void test_what_is_no_package_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "PK", "PK\005\006 and nothing more than that, at all"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct error err = {0};
        char path[] = "/tmp/test_follow_up_XXXXXX";
        int file = mkstemp(path);
        assert_true(file >= 0);
        assert_int_equal(write(file, texts[i], strlen(texts[i])), (int)strlen(texts[i]));
        assert_null(package_read(path, &err));
        (void)close(file);
        assert_int_equal(unlink(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_furthest_that_holds_is_told),
        cmocka_unit_test(test_groups_stand_in_the_order_of_people),
        cmocka_unit_test(test_tags_and_attributes),
        cmocka_unit_test(test_cells_go_to_the_right_of_all_that_stands_there),
        cmocka_unit_test(test_rows_and_cells_that_do_not_say_where_they_are),
        cmocka_unit_test(test_merged_cells_and_missing_rows),
        cmocka_unit_test(test_a_list_that_came_back_keeps_its_reasons),
        cmocka_unit_test(test_a_sheet_that_cannot_be_written_anew_is_refused),
        cmocka_unit_test(test_names_of_columns),
        cmocka_unit_test(test_a_workbook_takes_one_more_sheet_and_stays_a_package),
        cmocka_unit_test(test_formats_wrap_and_headings_repeat),
        cmocka_unit_test(test_print_areas_reach_to_what_was_added),
        cmocka_unit_test(test_what_is_no_package_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
