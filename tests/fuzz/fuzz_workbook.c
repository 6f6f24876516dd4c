/* Bytes of anything as what a unit's own workbook is made of: a sheet that gets columns, the parts that tell of sheets and formats, or the
 * package itself. Each is changed or refused with a reason, and what was changed is a package that is read again. The first byte says
 * which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../aggregator/follow_up/given_book.h"
#include "../../aggregator/follow_up/page_setup.h"
#include "../../aggregator/follow_up/print_area.h"
#include "../../aggregator/follow_up/sheet_edit.h"
#include "../../common/file.h"

#define RELATIONS                                                                                  \
    "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/s1.xml\"/>"   \
    "<Relationship Id=\"r2\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>"
#define WORKBOOK                                                                                   \
    "<workbook><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
#define STYLES "<styleSheet><cellXfs count=\"1\"><xf/></cellXfs></styleSheet>"
#define SHEET "<worksheet><sheetData><row r=\"1\"/></sheetData></worksheet>"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void put(struct package *package, const char *name, const char *text, size_t length)
{
    struct text_buffer part = {0};
    text_buffer_add(&part, text, length);
    package_put(package, name, &part);
}

/* A whole workbook with this in the place of one part. */
static struct package *package_with(const char *name, const char *text, size_t length)
{
    static const char *const parts[][2] = {
        {"[Content_Types].xml", "<Types></Types>"},
        {"_rels/.rels", "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
                        "Target=\"xl/workbook.xml\"/></Relationships>"},
        {"xl/_rels/workbook.xml.rels", RELATIONS},
        {"xl/workbook.xml", WORKBOOK},
        {"xl/styles.xml", STYLES},
        {"xl/worksheets/s1.xml", SHEET}};
    struct package *package = package_new();
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        put(package, parts[i][0], parts[i][1], strlen(parts[i][1]));
    put(package, name, text, length);
    return package;
}

static void check_sheet(const char *xml, size_t length)
{
    static const struct added_row rows[] = {
        {.row = 1, .head = true, .text = {"H", "I", "J", "K"}, .height = 48},
        {.row = 3, .text = {"=1+1", NULL, "a&b", NULL}, .height = 16},
        {.row = 4, .text = {NULL, NULL, NULL, NULL}}};
    static const double given[] = {9, 0, 12};
    struct text_buffer out = {0}, printed = {0};
    struct error err = {0};
    size_t first;
    const struct added_columns added = {.rows = rows,
                                        .row_count = ARRAY_LEN(rows),
                                        .like_column = 1,
                                        .again = length % 3 == 0 ? 2 : SIZE_MAX,
                                        .widths = {16, 12, 19, 16},
                                        .wrapping = length % 2 * 7,
                                        .unlocking = length % 5 * 3,
                                        .first = &first,
                                        .given_widths = given,
                                        .given_count = length % 2 * ARRAY_LEN(given)};
    if (sheet_add_columns(xml, length, &added, &out, &err))
        sheet_fit_width(out.data, out.length, &printed);
    else
        must(err.kind == ERROR_DATA && err.message[0] != '\0');
    text_buffer_free(&out);
    text_buffer_free(&printed);
}

static void read_again(struct package *package)
{
    struct text_buffer packed = {0};
    struct error err = {0};
    size_t length;
    must(package_pack(package, &packed, &err));
    must(file_write_whole(path, packed.data, packed.length, &err));
    text_buffer_free(&packed);
    struct package *again = package_read(path, &err);
    must(again != NULL && package_part(again, "xl/worksheets/followup.xml", &length) != NULL);
    package_free(again);
}

/* All that is done to a workbook but to its sheets. */
static void check_package(struct package *package)
{
    struct book_parts book;
    struct error err = {0};
    struct given_book_looks looks;
    if (!book_parts_open(package, &book, &err)) {
        must(err.kind == ERROR_DATA && err.message[0] != '\0');
        return;
    }
    (void)given_book_wrap(&book);
    (void)given_book_unlock(&book);
    given_book_repeat_rows(&book, book.sheets[0].place, book.sheets[0].name, 1, 2);
    given_book_widen_print(&book, book.sheets[0].place, 30);
    given_book_looks(&book, &looks);
    struct text_buffer xml = {0};
    text_buffer_add_text(&xml, SHEET);
    bool in_folder = strncmp(book.main, "xl/", 3) == 0 && strchr(book.main + 3, '/') == NULL;
    if (given_book_add_sheet(&book, "Theo Tổ", 3, &xml, &err) && in_folder)
        read_again(package);
    book_parts_close(&book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    if (size == 0)
        return 0;
    if (path[0] == '\0')
        (void)snprintf(path, sizeof(path), "/tmp/fuzz_workbook_%ld.xlsx", (long)getpid());
    const char *text = (const char *)data + 1;
    struct package *package = NULL;
    if (data[0] == 's') {
        check_sheet(text, size - 1);
    } else if (data[0] == 'w') {
        package = package_with("xl/workbook.xml", text, size - 1);
    } else if (data[0] == 'f') {
        package = package_with("xl/styles.xml", text, size - 1);
    } else if (data[0] == 'r') {
        package = package_with("xl/_rels/workbook.xml.rels", text, size - 1);
    } else {
        must(file_write_whole(path, text, size - 1, &err));
        package = package_read(path, &err);
        must(package != NULL || err.kind == ERROR_SOURCE || err.kind == ERROR_CONFIG);
    }
    if (package != NULL)
        check_package(package);
    package_free(package);
    (void)unlink(path);
    return 0;
}
