/* What a template gives is read without a fault: one record, and nothing of the sheets beside it. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/roster_read.h"
#include "../../ingest/files/table_map.h"
#include "../../ingest/files/template.h"
#include "../../ingest/files/template_example.h"
#include "../../ingest/files/totals_read.h"

static struct reference *reference;
static struct hmac *hmac;

static struct sheet_book *filled_in(enum files_kind kind)
{
    char path[64];
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "/tmp/test_template_%ld_%s.xlsx", (long)getpid(),
                   files_kind_name(kind));
    assert_true(template_write(kind, reference, "daotao", path, &err));
    struct sheet_book *book = sheet_open(path, &err);
    (void)unlink(path);
    if (book == NULL)
        fail_msg("%s", err.message);
    assert_int_equal(sheet_count(book), 2); /* the one with the choices is hidden */
    return book;
}

static void count(void *context, const struct table_fact *fact)
{
    (void)fact;
    ++*(size_t *)context;
}

static void test_tables(void **state)
{
    (void)state;
    static const size_t events[FILES_KINDS] = {
        [FILES_RESULTS] = 2, [FILES_ATTENDANCE] = 1, [FILES_HEADCOUNT] = 3};
    for (enum files_kind kind = FILES_RESULTS; kind < FILES_KINDS; kind++) {
        struct error err = {0};
        struct sheet_book *book = filled_in(kind);
        struct table_list *list = table_read(book, kind, NULL, &err);
        if (list == NULL)
            fail_msg("%s: %s", files_kind_name(kind), err.message);
        assert_int_equal(list->row_count, 1);
        assert_int_equal(list->skip_count, 0);
        const struct table_origin origin = {hmac,     reference,      kind, "daotao",
                                            NULL,     "DA06-2023-HG", "",   "import-1",
                                            "a.xlsx", "Điểm danh"};
        struct table_reject reject = {0};
        size_t said = 0;
        if (!table_map(&origin, &list->rows[0], count, &said, &reject))
            fail_msg("%s: %s", files_kind_name(kind), reject.detail);
        assert_int_equal(said, events[kind]);
        table_free(list);
        sheet_free(book);
    }
}

static void test_roster(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = filled_in(FILES_ROSTER);
    const struct roster_settings settings = {reference, "HG", NULL};
    struct roster_list *list = roster_read(book, &settings, &err);
    assert_non_null(list);
    assert_int_equal(list->person_count, 1);
    assert_int_equal(list->sheets_read, 1);
    assert_int_equal(list->persons[0].faults, 0);
    assert_string_equal(list->persons[0].citizen, "012345678901"); /* its 0 in front stayed */
    assert_string_equal(list->persons[0].unit, "HG-XINMAN");
    roster_free(list);
    sheet_free(book);
}

static void test_totals(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = filled_in(FILES_TOTALS);
    struct totals_list *list = totals_read(book, reference, &err);
    assert_non_null(list);
    assert_int_equal(list->row_count, 1);
    assert_null(list->rows[0].reason);
    assert_int_equal(list->rows[0].registered, 12345);
    assert_int_equal(list->rows[0].passed, -1);
    totals_free(list);
    sheet_free(book);
}

/* As text, so that a test can change a cell of it. */
static struct sheet_book *typed(const char *text)
{
    char path[64];
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "/tmp/test_template_%ld.csv", (long)getpid());
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    struct sheet_book *book = sheet_open(path, &err);
    (void)unlink(path);
    assert_non_null(book);
    return book;
}

static void test_examples_are_left_out(void **state)
{
    (void)state;
    for (enum files_kind kind = FILES_ROSTER; kind < FILES_KINDS; kind++) {
        struct sheet_book *book = filled_in(kind);
        assert_string_not_equal(sheet_cell(book, 0, 1, 1), "");
        assert_int_equal(template_leave_out_examples(book, kind, reference), 1);
        for (size_t c = 0; c < sheet_columns(book, 0, 1); c++)
            assert_string_equal(sheet_cell(book, 0, 1, c), "");
        assert_string_not_equal(sheet_cell(book, 0, 0, 0), "");
        sheet_free(book);
    }
}

static void test_what_resembles_an_example_stays(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t left_out;
    } cases[] = {
        {"Đợt,Số đăng ký,Số đạt\n,12345,\nDA06-2023-KH,12345,\nDA06-2023-KH, 12345 ,\n", 3},
        {"Letterhead\nSố đạt,Đợt,Số đăng ký,Ghi chú\n,,12345,\n", 1}, /* in another order, below others */
        {"Đợt,Số đăng ký,Số đạt\nDA06-2023-TB,12345,\n", 0},          /* another wave */
        {"Đợt,Số đăng ký,Số đạt\nDA06-2023-KH,12345,7\n", 0},
        {"Đợt,Số đăng ký,Số đạt\nDA06-2023-KH,12346,\n", 0},
        {"Đợt,Số đăng ký,Số đạt,Ghi chú\nDA06-2023-KH,12345,,sơ bộ\n", 0},
        {"Đợt,Số đăng ký\nDA06-2023-KH,12345\n", 0}, /* not all of its columns */
        {"a,b,c\nDA06-2023-KH,12345,\n", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sheet_book *book = typed(cases[i].text);
        size_t left_out = template_leave_out_examples(book, FILES_TOTALS, reference);
        if (left_out != cases[i].left_out)
            fail_msg("%s: %zu", cases[i].text, left_out);
        sheet_free(book);
    }
}

static int set_up(void **state)
{
    struct error err = {0};
    (void)state;
    reference = reference_load("config/hagiang-2023", NULL, NULL, &err);
    hmac = hmac_new("0123456789abcdef0123456789abcdef", 32, &err);
    return reference == NULL || hmac == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    reference_free(reference);
    hmac_free(hmac);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_roster),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_examples_are_left_out),
        cmocka_unit_test(test_what_resembles_an_example_stays),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
