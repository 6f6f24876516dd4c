/* A workbook made of cells alone. */
#include <stdlib.h>

#include "sheet_edit.h"
#include "given_book.h"
#include "../../common/xml.h"

#define WIDEST 45.0
#define NARROWEST 6.0
#define SHEET_MOST_COLUMNS 256 /* as sheet.h reads them */

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006"
#define SHEETS "application/vnd.openxmlformats-officedocument.spreadsheetml."

/* Formats by their place in the list. */
enum { PLAIN, HEADING, CELL };

static const char styles[] = DECLARATION
    "<styleSheet xmlns=\"" MAIN "\"><fonts count=\"2\"><font><sz val=\"13\"/><name val=\"Times New "
    "Roman\"/><family val=\"1\"/></font><font><b/><sz val=\"13\"/><name val=\"Times New "
    "Roman\"/><family val=\"1\"/></font></fonts><fills count=\"2\"><fill><patternFill "
    "patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border><border><left "
    "style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom "
    "style=\"thin\"/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" "
    "fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\">"
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
    "<xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyFont=\"1\" "
    "applyBorder=\"1\" applyAlignment=\"1\"><alignment horizontal=\"center\" vertical=\"center\" "
    "wrapText=\"1\"/></xf>"
    "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyFont=\"1\" "
    "applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"center\" wrapText=\"1\"/></xf>"
    "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" "
    "builtinId=\"0\"/></cellStyles></styleSheet>";

static void put(struct package *package, const char *name, const char *text)
{
    struct text_buffer part = {0};
    text_buffer_add_text(&part, text);
    package_put(package, name, &part);
}

static void add_widths(const struct sheet_book *book, size_t sheet, size_t from,
                       struct text_buffer *out)
{
    double widths[SHEET_MOST_COLUMNS] = {0};
    size_t columns = 0;
    for (size_t row = from == SIZE_MAX ? 0 : from; row < sheet_rows(book, sheet); row++) {
        size_t count = sheet_columns(book, sheet, row);
        columns = count > columns ? count : columns;
        for (size_t c = 0; c < count && c < SHEET_MOST_COLUMNS; c++) {
            double width = (double)strlen(sheet_cell(book, sheet, row, c)) * 1.1 + 2;
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    if (columns == 0)
        return;
    text_buffer_add_text(out, "<cols>");
    for (size_t c = 0; c < columns && c < SHEET_MOST_COLUMNS; c++)
        text_buffer_add_format(out, "<col min=\"%zu\" max=\"%zu\" width=\"%.1f\" customWidth=\"1\"/>",
                               c + 1, c + 1,
                               widths[c] > WIDEST      ? WIDEST
                               : widths[c] < NARROWEST ? NARROWEST
                                                       : widths[c]);
    text_buffer_add_text(out, "</cols>");
}

static void add_row(const struct sheet_book *book, size_t sheet, size_t row, size_t style,
                    struct text_buffer *out)
{
    size_t count = sheet_columns(book, sheet, row);
    if (count == 0)
        return;
    text_buffer_add_format(out, "<row r=\"%zu\">", row + 1);
    for (size_t c = 0; c < count; c++) {
        char name[4];
        const char *text = sheet_cell(book, sheet, row, c);
        sheet_column_name(c, name);
        if (!*text && style == PLAIN)
            continue;
        text_buffer_add_format(out, "<c r=\"%s%zu\" s=\"%zu\"", name, row + 1, style);
        if (!*text) {
            text_buffer_add_text(out, "/>");
            continue;
        }
        text_buffer_add_text(out, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        xml_add_text(out, text);
        text_buffer_add_text(out, "</t></is></c>");
    }
    text_buffer_add_text(out, "</row>");
}

static void add_sheet(struct package *package, const struct sheet_book *book, size_t sheet,
                      size_t head, size_t body)
{
    struct text_buffer out = {0}, name = {0};
    text_buffer_add_text(&out, DECLARATION "<worksheet xmlns=\"" MAIN "\"><sheetPr><pageSetUpPr "
                                           "fitToPage=\"1\"/></sheetPr>");
    add_widths(book, sheet, head, &out);
    text_buffer_add_text(&out, "<sheetData>");
    for (size_t row = 0; row < sheet_rows(book, sheet); row++)
        add_row(book, sheet, row,
                head == SIZE_MAX || row < head ? PLAIN
                : row < body                   ? HEADING
                                               : CELL,
                &out);
    text_buffer_add_text(&out, "</sheetData><pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" "
                               "bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/><pageSetup "
                               "paperSize=\"9\" orientation=\"landscape\" fitToWidth=\"1\" "
                               "fitToHeight=\"0\"/></worksheet>");
    text_buffer_add_format(&name, "xl/worksheets/sheet%zu.xml", sheet + 1);
    package_put(package, name.data, &out);
    text_buffer_free(&name);
}

/* At most 31 of UTF-16 that make whole characters. */
static size_t name_length(const char *name)
{
    size_t units = 0, length = 0;
    while (name[length]) {
        size_t bytes = 1;
        while (((unsigned char)name[length + bytes] & 0xC0) == 0x80)
            bytes++;
        units += bytes > 3 ? 2 : 1;
        if (units > 31)
            break;
        length += bytes;
    }
    return length;
}

/* What Excel takes for a sheet's name: none of []:*?/\, and ' only inside, which stands twice in a formula. */
static void add_sheet_name(const struct sheet_book *book, size_t sheet, bool formula,
                           struct text_buffer *out)
{
    const char *given = sheet_name(book, sheet);
    const char *name = *given ? given : "Danh sách";
    size_t length = name_length(name);
    struct text_buffer fit = {0};
    for (size_t i = 0; i < length; i++) {
        bool inside = name[i] == '\'' && i > 0 && i + 1 < length;
        bool refused = strchr("[]:*?/\\'", name[i]) != NULL;
        text_buffer_add_text(&fit, inside && formula ? "'" : "");
        text_buffer_add(&fit, refused && !inside ? " " : &name[i], 1);
    }
    xml_add_text(out, fit.data);
    text_buffer_free(&fit);
}

static void add_book(struct package *package, const struct sheet_book *book, const size_t *head,
                     const size_t *body)
{
    struct text_buffer sheets = {0}, titles = {0}, relations = {0}, types = {0};
    text_buffer_add_text(&sheets, DECLARATION "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE
                                              "\"><sheets>");
    text_buffer_add_text(&relations,
                         DECLARATION "<Relationships xmlns=\"" PACKAGE "/relationships\">");
    text_buffer_add_text(
        &types, DECLARATION
        "<Types xmlns=\"" PACKAGE "/content-types\"><Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
        "Extension=\"xml\" ContentType=\"application/xml\"/><Override "
        "PartName=\"/xl/workbook.xml\" ContentType=\"" SHEETS "sheet.main+xml\"/><Override "
        "PartName=\"/xl/styles.xml\" ContentType=\"" SHEETS "styles+xml\"/>");
    for (size_t i = 0; i < sheet_count(book); i++) {
        text_buffer_add_text(&sheets, "<sheet name=\"");
        add_sheet_name(book, i, false, &sheets);
        text_buffer_add_format(&sheets, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
        text_buffer_add_format(&relations,
                               "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
                               "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>",
                               i + 1, i + 1);
        text_buffer_add_format(&types,
                               "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" "
                               "ContentType=\"" SHEETS "worksheet+xml\"/>",
                               i + 1);
        if (head[i] == SIZE_MAX)
            continue;
        text_buffer_add_format(&titles,
                               "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"%zu\">'", i);
        add_sheet_name(book, i, true, &titles);
        text_buffer_add_format(&titles, "'!$%zu:$%zu</definedName>", head[i] + 1, body[i]);
    }
    text_buffer_add_text(&sheets, "</sheets>");
    if (titles.length)
        text_buffer_add_format(&sheets, "<definedNames>%s</definedNames>", titles.data);
    text_buffer_add_text(&sheets, "</workbook>");
    text_buffer_add_text(&relations, "<Relationship Id=\"rIdStyles\" Type=\"" OFFICE
                                     "/styles\" Target=\"styles.xml\"/></Relationships>");
    text_buffer_add_text(&types, "</Types>");
    package_put(package, "[Content_Types].xml", &types);
    package_put(package, "xl/workbook.xml", &sheets);
    package_put(package, "xl/_rels/workbook.xml.rels", &relations);
    text_buffer_free(&titles);
}

struct package *given_book_of_cells(const struct sheet_book *book, const size_t *head,
                                    const size_t *body)
{
    struct package *package = package_new();
    add_book(package, book, head, body);
    put(package, "_rels/.rels",
        DECLARATION "<Relationships xmlns=\"" PACKAGE
                    "/relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
    put(package, "xl/styles.xml", styles);
    for (size_t i = 0; i < sheet_count(book); i++)
        add_sheet(package, book, i, head[i], body[i]);
    return package;
}
