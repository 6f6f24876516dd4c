#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../common/sheet.h"
#include "../../common/sheet_csv.h"
#include "../../common/sheet_zip.h"
#include "../../common/text_buffer.h"

#define DATA "tests/unit/data/"

static char folder[] = "/tmp/test_sheet_XXXXXX";

static const char *write_file(const char *name, const void *bytes, size_t length)
{
    static char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, length, f), length);
    (void)fclose(f);
    return path;
}

static struct sheet_book *open_text(const char *name, const char *text)
{
    struct error err = {0};
    struct sheet_book *book = sheet_open(write_file(name, text, strlen(text)), &err);
    if (book == NULL)
        print_error("%s\n", err.message);
    return book;
}

static void assert_refused(const char *name, const void *bytes, size_t length, const char *part)
{
    struct error err = {0};
    assert_null(sheet_open(write_file(name, bytes, length), &err));
    assert_int_equal(err.kind, ERROR_SOURCE);
    if (strstr(err.message, part) == NULL || strstr(err.message, name) != err.message)
        print_error("message: %s\n", err.message);
    assert_non_null(strstr(err.message, part));
    assert_ptr_equal(strstr(err.message, name), err.message);
}

static void test_a_pipe_keeps_nobody_waiting(void **state)
{
    (void)state;
    char path[256];
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "%s/pipe.csv", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(20);
    assert_null(sheet_open(path, &err));
    alarm(0);
    assert_string_equal(err.message, "pipe.csv: it is no regular file");
    assert_int_equal(unlink(path), 0);
}

static void test_csv_quotes(void **state)
{
    (void)state;
    struct sheet_book *book =
        open_text("a.csv", "a,\"b, \"\"c\"\"\nd\",\r\n\r\n\"\",x\"y,z,,\n,,,\nlast");
    assert_non_null(book);
    assert_int_equal(sheet_count(book), 1);
    assert_string_equal(sheet_name(book, 0), "");
    assert_int_equal(sheet_rows(book, 0), 5);
    assert_int_equal(sheet_columns(book, 0, 0), 2); /* the empty cell at the end is left out */
    assert_string_equal(sheet_cell(book, 0, 0, 1), "b, \"c\"\nd");
    assert_int_equal(sheet_columns(book, 0, 1), 0);
    assert_string_equal(sheet_cell(book, 0, 2, 0), "");
    assert_string_equal(sheet_cell(book, 0, 2, 1), "x\"y");
    assert_string_equal(sheet_cell(book, 0, 2, 2), "z");
    assert_int_equal(sheet_columns(book, 0, 3), 0);
    assert_string_equal(sheet_cell(book, 0, 4, 0), "last");
    assert_string_equal(sheet_cell(book, 0, 4, 9), "");
    assert_string_equal(sheet_cell(book, 0, 99, 0), "");
    sheet_free(book);
}

static void test_csv_delimiters(void **state)
{
    (void)state;
    struct sheet_book *book =
        open_text("a.csv", "\xEF\xBB\xBFTT;Họ tên;Email\n1;Vàng, A;a@b.vn\n2;\"x;y\";\n");
    assert_string_equal(sheet_cell(book, 0, 0, 0), "TT");
    assert_string_equal(sheet_cell(book, 0, 1, 1), "Vàng, A");
    assert_string_equal(sheet_cell(book, 0, 2, 1), "x;y");
    sheet_free(book);
    book = open_text("a.csv", "=\"0912345678\",\"=\"\"0987654321\"\"\",=\"\",=\"a\"&\"b\",=1\n");
    assert_string_equal(sheet_cell(book, 0, 0, 0), "0912345678"); /* how Excel is made to keep a zero */
    assert_string_equal(sheet_cell(book, 0, 0, 1), "0987654321");
    assert_string_equal(sheet_cell(book, 0, 0, 2), "");
    assert_string_equal(sheet_cell(book, 0, 0, 3), "=\"a\"&\"b\"");
    assert_string_equal(sheet_cell(book, 0, 0, 4), "=1");
    sheet_free(book);
    book = open_text("a.tsv", "a\tb, c\td\ne\tf\tg");
    assert_string_equal(sheet_cell(book, 0, 0, 1), "b, c");
    sheet_free(book);
    book = open_text("a.csv", "sep=;\na,b;c\n");
    assert_string_equal(sheet_cell(book, 0, 0, 0), "a,b");
    sheet_free(book);
    /* a letterhead above the table does not decide */
    book = open_text("a.csv", "Hà Giang, ngày 2, tháng 10\n\na;b;c\nd;e;f\n");
    assert_string_equal(sheet_cell(book, 0, 3, 2), "f");
    sheet_free(book);
    book = open_text("empty.csv", "");
    assert_int_equal(sheet_rows(book, 0), 0);
    sheet_free(book);
}

static void test_csv_refusals(void **state)
{
    (void)state;
    assert_refused("q.csv", "a,\"b\nc", 6, "row 1");
    assert_refused("u.csv",
                   "\xFF\xFE"
                   "a",
                   3, "UTF-16");
    assert_refused("w.csv", "S\xF4 1258", 7, "UTF-8");
    assert_refused("n.csv", "a\0b", 3, "UTF-8");
    char *wide = malloc(600);
    memset(wide, ',', 599);
    wide[0] = wide[300] = 'x';
    assert_refused("wide.csv", wide, 599, "256 columns");
    free(wide);
    char *long_cell = malloc(40000);
    memset(long_cell, 'x', 40000);
    assert_refused("long.csv", long_cell, 40000, "32 KiB");
    free(long_cell);
}

static struct sheet_book *open_as(const char *text, enum text_encoding encoding, struct error *err)
{
    return sheet_open_as(write_file("ds.csv", text, strlen(text)), encoding, err);
}

/* Names in one font, units in Unicode, ambiguous cells ("Tó" is Tú, "Tên" is Tên) by column and row. */
static void test_legacy_columns(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = open_as("TT,Họ đệm,Tên,Đơn vị\n"
                                      "1,NguyÔn V¨n,Tó,Sở Y tế\n"
                                      "2,Giµng Seo,Ph¸ng,Huyện Mèo Vạc\n"
                                      "3,Lª ThÞ,Hoµng,Sở Tư pháp\n",
                                      ENCODING_AUTO, &err);
    assert_non_null(book);
    assert_string_equal(sheet_cell(book, 0, 0, 1), "Họ đệm");
    assert_string_equal(sheet_cell(book, 0, 0, 2), "Tên");
    assert_string_equal(sheet_cell(book, 0, 1, 1), "Nguyễn Văn");
    assert_string_equal(sheet_cell(book, 0, 1, 2), "Tú");
    assert_string_equal(sheet_cell(book, 0, 1, 3), "Sở Y tế");
    assert_string_equal(sheet_cell(book, 0, 2, 2), "Pháng");
    assert_string_equal(sheet_cell(book, 0, 3, 1), "Lê Thị");
    assert_string_equal(
        sheet_encoding(book),
        "UTF-8, column B from TCVN3 (font .VnTime), column C from TCVN3 (font .VnTime)");
    sheet_free(book);
    book = open_as("STT;Hoï vaø teân;Ñôn vò\n1;Nguyeãn Thò Hoa;Sôû Y teá\n", ENCODING_AUTO, &err);
    assert_non_null(book);
    assert_string_equal(sheet_cell(book, 0, 0, 1), "Họ và tên");
    assert_string_equal(sheet_cell(book, 0, 1, 1), "Nguyễn Thị Hoa");
    assert_string_equal(sheet_cell(book, 0, 1, 2), "Sở Y tế");
    sheet_free(book);
}

static void test_legacy_uncertain(void **state)
{
    (void)state;
    struct error err = {0};
    static const char foreign[] = "TT,Họ tên\n1,Lª An\n2,Hµ ßåæøð\n3,Jo÷÷\n";
    assert_null(open_as(foreign, ENCODING_AUTO, &err));
    assert_string_equal(err.message,
                        "ds.csv: column Họ tên looks like TCVN3 (font .VnTime): save as "
                        "Unicode, or say --encoding tcvn3");
    /* Without a header nobody's name stands for one. */
    assert_null(open_as("1,Lª An\n2,Hµ ßåæøð\n3,Jo÷÷\n", ENCODING_AUTO, &err));
    assert_non_null(strstr(err.message, "column B looks like"));
    struct sheet_book *book = open_as(foreign, ENCODING_TCVN3, &err);
    assert_non_null(book);
    assert_string_equal(sheet_cell(book, 0, 0, 1), "Họ tên");
    assert_string_equal(sheet_cell(book, 0, 1, 1), "Lê An");
    sheet_free(book);
    book = open_as(foreign, ENCODING_UTF8, &err); /* somebody says that it is right as it stands */
    assert_non_null(book);
    assert_string_equal(sheet_cell(book, 0, 1, 1), "Lª An");
    sheet_free(book);
    /* Foreign names and signs in a Unicode list are nobody's font. */
    book =
        open_as("TT,Họ tên,m²\n1,Hồ José,5°\n2,Trần François,«A»\n3,Đỗ Tú,·\n", ENCODING_AUTO, &err);
    assert_non_null(book);
    assert_string_equal(sheet_encoding(book), "UTF-8");
    assert_string_equal(sheet_cell(book, 0, 3, 1), "Đỗ Tú");
    assert_string_equal(sheet_cell(book, 0, 2, 2), "«A»");
    sheet_free(book);
}

/* What was decomposed by the program that wrote it is composed before anything looks at it. */
static void test_cells_are_composed(void **state)
{
    (void)state;
    struct sheet_book *book =
        open_text("d.csv", "TT,Ho\xCC\xA3 t\x65\xCC\x82n\n1,Nguye\xCC\x82\xCC\x83n\n");
    assert_string_equal(sheet_cell(book, 0, 0, 1), "Họ tên");
    assert_string_equal(sheet_cell(book, 0, 1, 1), "Nguyễn");
    sheet_free(book);
}

static void test_kinds_refused_by_name(void **state)
{
    (void)state;
    const unsigned char ole[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    assert_refused("danh sách.xls", ole, sizeof(ole), "Save As > Excel Workbook (.xlsx)");
    assert_refused("DS.XLS", "<html>", 6, "Save As");
    assert_refused("locked.xlsx", ole, sizeof(ole), "password");
    assert_refused("fake.xlsx", "a,b\n", 4, "no .xlsx workbook");
    assert_refused("a.pdf", "%PDF", 4, "only .xlsx and .csv");
    assert_refused("zip.csv", "PK\003\004....", 8, "workbook");
    assert_refused("broken.xlsx", "PK\003\004....", 8, "damaged");
    struct error err = {0};
    assert_null(sheet_open("/nonexistent/a.csv", &err));
    assert_string_equal(err.message, "a.csv: cannot be opened: No such file or directory");
}

/* An archive whose only entry says that it unpacks to `size`. */
static size_t archive_of(uint64_t size, bool zip64, unsigned char out[128])
{
    memset(out, 0, 128);
    memcpy(out, "PK\003\004", 4);
    unsigned char *entry = out + 8, *end = entry + 46 + (zip64 ? 12 : 0);
    memcpy(entry, "PK\001\002", 4);
    for (size_t i = 0; i < 4; i++)
        entry[24 + i] = (unsigned char)(zip64 ? 0xFF : size >> 8 * i);
    if (zip64) {
        entry[30] = 12; /* length of the extra field */
        entry[46] = 1;
        entry[48] = 8;
        for (size_t i = 0; i < 8; i++)
            entry[50 + i] = (unsigned char)(size >> 8 * i);
    }
    memcpy(end, "PK\005\006", 4);
    end[12] = (unsigned char)(end - entry);
    end[16] = 8;
    return (size_t)(end - out) + 22;
}

static void test_bombs(void **state)
{
    (void)state;
    unsigned char bytes[128];
    static const uint64_t sizes[] = {1000, 536870912, 536870913, 4294967294};
    for (size_t i = 0; i < 4; i++) {
        for (int zip64 = 0; zip64 < 2; zip64++) {
            uint64_t size = 0;
            size_t length = archive_of(sizes[i], zip64, bytes);
            FILE *f = fopen(write_file("bomb.xlsx", bytes, length), "rb");
            assert_non_null(f);
            assert_true(zip_unpacked_size(f, &size));
            assert_int_equal(size, sizes[i]);
            (void)fclose(f);
            assert_refused("bomb.xlsx", bytes, length, i < 2 ? "damaged" : "512 MiB");
        }
    }
    (void)archive_of(1000, true, bytes);
    assert_refused("bomb.xlsx", bytes, 60, "damaged"); /* no end */
}

/* Formatted to the last column: its empty cells are nothing. */
static const char *long_cell(void *context, size_t sheet, size_t row, size_t column)
{
    static char text[101];
    (void)sheet;
    (void)row;
    (void)column;
    memset(text, 'x', sizeof(text) - 1);
    ++*(size_t *)context;
    return text;
}

/* One wide row makes all as wide: what becomes too large is seen before it is all in memory. */
static void test_a_copy_that_becomes_too_large_is_given_up(void **state)
{
    (void)state;
    struct text_buffer text = {0};
    struct error err = {0};
    size_t asked = 0;
    char path[64];
    for (int column = 1; column < SHEET_MAX_COLUMNS; column++)
        text_buffer_add_text(&text, ",");
    text_buffer_add_text(&text, "z\n");
    for (int row = 1; row < 10000; row++)
        text_buffer_add_text(&text, "a\n");
    struct sheet_book *book = open_text("wide.csv", text.data);
    (void)snprintf(path, sizeof(path), "%s/kept" SHEET_KEPT, folder);
    assert_false(sheet_save(book, path, long_cell, &asked, &err));
    assert_non_null(strstr(err.message, "it is over 64 MiB"));
    assert_in_range(asked, SHEET_MAX_BYTES / 110, SHEET_MAX_BYTES / 100);
    assert_int_equal(access(path, F_OK), -1);
    sheet_free(book);
    text_buffer_free(&text);
}

static void test_wide_rows(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = sheet_open(DATA "wide.xlsx", &err);
    if (book == NULL)
        print_error("%s\n", err.message);
    assert_non_null(book);
    assert_int_equal(sheet_rows(book, 0), 1500);
    assert_int_equal(sheet_columns(book, 0, 1499), 4);
    assert_string_equal(sheet_cell(book, 0, 1499, 2), "lo \"1499\", và");
    assert_string_equal(sheet_cell(book, 0, 1499, 3), "\"\"");
    assert_string_equal(sheet_cell(book, 0, 1, 0), "1");
    assert_int_equal(sheet_columns(book, 0, 7), 0);
    sheet_free(book);
}

static void test_workbook(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = sheet_open(DATA "cells.xlsx", &err);
    if (book == NULL)
        print_error("%s\n", err.message);
    assert_non_null(book);
    assert_int_equal(sheet_count(book), 3); /* the hidden one is no part of the list */
    assert_string_equal(sheet_name(book, 0), "Danh sách, 1");
    assert_string_equal(sheet_name(book, 1), "Trống");
    assert_string_equal(sheet_name(book, 2), "a - b");
    assert_string_equal(sheet_cell(book, 0, 0, 1), "dấu \"phẩy\", xuống\ndòng");
    assert_string_equal(sheet_cell(book, 0, 2, 0), "2085001234");
    assert_string_equal(sheet_cell(book, 0, 2, 1), "2085001234");
    assert_string_equal(sheet_cell(book, 0, 2, 2), "912345678.000000");
    assert_string_equal(sheet_cell(book, 0, 2, 3), "1985-04-30");
    assert_string_equal(sheet_cell(book, 0, 2, 4), "1985-04-30");
    assert_string_equal(sheet_cell(book, 0, 2, 5), "002085001234");
    assert_string_equal(sheet_cell(book, 0, 2, 6), "1.5");
    assert_string_equal(sheet_cell(book, 0, 2, 7), "22085001234");
    assert_string_equal(sheet_cell(book, 0, 7, 0), "gộp"); /* row 8 in Excel */
    assert_string_equal(sheet_cell(book, 0, 9, 0), "hàng ẩn");
    assert_int_equal(sheet_rows(book, 1), 0);
    assert_string_equal(sheet_cell(book, 2, 1, 2), "Đ");
    sheet_free(book);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pipe_keeps_nobody_waiting),
        cmocka_unit_test(test_csv_quotes),
        cmocka_unit_test(test_csv_delimiters),
        cmocka_unit_test(test_csv_refusals),
        cmocka_unit_test(test_kinds_refused_by_name),
        cmocka_unit_test(test_workbook),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_wide_rows),
        cmocka_unit_test(test_a_copy_that_becomes_too_large_is_given_up),
        cmocka_unit_test(test_legacy_columns),
        cmocka_unit_test(test_legacy_uncertain),
        cmocka_unit_test(test_cells_are_composed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
