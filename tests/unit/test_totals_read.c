#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ingest/files/correction_read.h"
#include "../../ingest/files/totals_read.h"

static struct reference *reference;
static char folder[] = "/tmp/test_totals_XXXXXX";

static struct sheet_book *book_of(const char *csv)
{
    char path[128];
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "%s/t.csv", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fputs(csv, f);
    (void)fclose(f);
    struct sheet_book *book = sheet_open(path, &err);
    assert_non_null(book);
    return book;
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int64_t number;
    } cells[] = {{"2716", 2716},  {"2.716", 2716},  {"2,716", 2716},
                 {"2 716", 2716}, {"2716.0", 2716}, {"1.234.567", 1234567},
                 {"0", 0},        {"", -1},         {" ", -1},
                 {"-", -1},       {"27.16", -2},    {"2716.5", -2},
                 {"12.3456", -2}, {"abc", -2},      {"-5", -2},
                 {"1.", -2},      {"97,5%", -2},    {"2716.000000", 2716},
                 {"120.00", 120}};
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        if (totals_number(cells[i].cell) != cells[i].number)
            print_error("\"%s\" gave %lld\n", cells[i].cell, (long long)totals_number(cells[i].cell));
        assert_int_equal(totals_number(cells[i].cell), cells[i].number);
    }
}

static void test_totals(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = book_of("PHỤ LỤC\n\n"
                                      "STT,\"Tỉnh, thành\",Số đăng ký,Số đạt,Tỷ lệ\n"
                                      "1,Khánh Hoà,947,923,\"97,5%\"\n"
                                      "2,DA06-2023-TB,2.853,2753,\"96,5%\"\n"
                                      "3,Hải Phòng,3552,,\n"
                                      "4,Nghệ An đợt 2,1515,,\n"
                                      "5,Hà Giang,2716,2072,\n"
                                      "6,Đà Nẵng,100,90,\n"
                                      "7,Cà Mau,10,11,\n"
                                      "8,Sơn La,,5,\n"
                                      "9,Khánh Hòa,947,923,\n"
                                      "Tổng,,1,1,\n");
    struct totals_list *list = totals_read(book, reference, &err);
    assert_non_null(list);
    assert_int_equal(list->row_count, 9);
    const struct totals_row *r = list->rows;
    assert_string_equal(r[0].wave, "DA06-2023-KH");
    assert_int_equal(r[0].row, 4);
    assert_int_equal(r[0].registered, 947);
    assert_int_equal(r[0].passed, 923);
    assert_string_equal(r[1].wave, "DA06-2023-TB");
    assert_int_equal(r[1].registered, 2853);
    assert_string_equal(r[2].wave, "DA06-2023-HP");
    assert_int_equal(r[2].passed, -1); /* no result is not zero */
    assert_string_equal(r[3].wave, "DA06-2023-NA2");
    assert_string_equal(r[4].reason, "wave_counted");
    assert_string_equal(r[5].reason, "wave_unknown");
    assert_string_equal(r[6].reason, "totals_inconsistent");
    assert_string_equal(r[7].reason, "number_malformed");
    assert_string_equal(r[8].reason, "listed_twice");

    struct event e;
    char entity[EVENT_MAX_KEY + 1];
    struct text_buffer data = {0};
    totals_map("lists", "i", "f.csv", "", &r[0], &e, entity);
    assert_string_equal(e.entity, "totals:DA06-2023-KH");
    event_encode_data(&e, &data);
    assert_string_equal(data.data, "{\"passed\":923,\"registered\":947,\"wave\":\"DA06-2023-KH\"}");
    totals_map("lists", "i", "f.csv", "", &r[2], &e, entity);
    text_buffer_clear(&data);
    event_encode_data(&e, &data);
    assert_string_equal(data.data, "{\"registered\":3552,\"wave\":\"DA06-2023-HP\"}");
    text_buffer_free(&data);
    totals_free(list);
    sheet_free(book);
}

/* As a ministry's table stands: other titles, and signatures below it. */
static void test_totals_between_other_rows(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = book_of("TT,Tỉnh/TP,Số học viên đăng ký,Số học viên không đạt,"
                                      "Số học viên đạt,Tỷ lệ đạt\n"
                                      "1,Khánh Hòa,947,24,923,\n"
                                      "2,Đà Nẵng,100,10,90,\n"
                                      ",Tổng cộng,1047,34,1013,\n"
                                      ",Người lập biểu,,,Thủ trưởng đơn vị,\n"
                                      ",Nguyễn Văn An,,,,\n");
    struct totals_list *list = totals_read(book, reference, &err);
    assert_non_null(list);
    assert_string_equal(list->rows[0].wave, "DA06-2023-KH");
    assert_int_equal(list->rows[0].passed, 923);
    assert_string_equal(list->rows[1].reason, "wave_unknown");
    assert_int_equal(list->row_count, 2); /* a signer is no wave, and his name goes nowhere */
    assert_true(list->passed_shown);
    totals_free(list);
    sheet_free(book);
    book = book_of("Đợt,Số đăng ký,Đạt (%)\nKhánh Hòa,947,97\n");
    list = totals_read(book, reference, &err);
    assert_int_equal(list->rows[0].passed, -1); /* a rate is no count */
    assert_false(list->passed_shown);
    totals_free(list);
    sheet_free(book);
}

static void test_no_totals(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = book_of("a,b\n1,2\n");
    assert_null(totals_read(book, reference, &err));
    assert_int_equal(err.kind, ERROR_DATA);
    assert_non_null(strstr(err.message, "Số đăng ký"));
    sheet_free(book);
}

static void test_corrections(void **state)
{
    (void)state;
    struct error err = {0};
    struct sheet_book *book = book_of("File,Sheet,Dòng,Lỗi,Cần làm,Sửa thành\n"
                                      "a.xlsx,DS,12,email_malformed,sửa,An@B.vn\n"
                                      "a.xlsx,DS,13,email_missing,,\n"
                                      "a.xlsx,DS,14,email_shared,,x@y\n"
                                      "a.xlsx,DS,15.0,listed_twice,,\n"
                                      ",DS,15,listed_twice,,\n"
                                      "a.xlsx,DS,x,listed_twice,,\n"
                                      "\n"
                                      "a.xlsx,,16,account_under_other_email,,other@b.vn\n"
                                      "a.xlsx,DS,17,unit_unknown,,Sở Giao thông vận tải\n"
                                      "a.xlsx,DS,18,typo,,a\n"
                                      "a.xlsx,DS,19,citizen_malformed,,2085001234\n"
                                      "a.xlsx,DS,20,phone_malformed,,0912 345 678\n"
                                      "a.xlsx,DS,21,identifier_shared,,own@b.vn\n");
    struct correction_list *list = correction_read(book, &err);
    assert_non_null(list);
    assert_int_equal(list->count, 7);
    assert_int_equal(list->corrections[0].kind, CORRECT_EMAIL);
    assert_string_equal(list->corrections[0].value, "an@b.vn");
    assert_string_equal(list->corrections[0].file, "a.xlsx");
    assert_int_equal(list->corrections[0].row, 12);
    assert_int_equal(list->corrections[0].at_row, 2);
    assert_int_equal(list->corrections[1].kind, CORRECT_ONE_PERSON);
    assert_int_equal(list->corrections[1].row, 15);
    assert_int_equal(list->corrections[2].kind, CORRECT_ACCOUNT_EMAIL);
    assert_string_equal(list->corrections[2].sheet, "");
    assert_int_equal(list->corrections[3].kind, CORRECT_UNIT);
    assert_string_equal(list->corrections[3].value, "Sở Giao thông vận tải");
    assert_string_equal(list->corrections[4].value, "002085001234");
    assert_string_equal(list->corrections[5].value, "+84912345678");
    assert_int_equal(list->corrections[6].kind, CORRECT_EMAIL);
    static const struct correction_problem problems[] = {{"", 3, "not_filled_in"},
                                                         {"", 4, "value_malformed"},
                                                         {"", 6, "file_missing"},
                                                         {"", 7, "row_malformed"},
                                                         {"", 11, "fault_unknown"}};
    assert_int_equal(list->problem_count, ARRAY_LEN(problems));
    for (size_t i = 0; i < ARRAY_LEN(problems); i++) {
        assert_int_equal(list->problems[i].at_row, problems[i].at_row);
        assert_string_equal(list->problems[i].reason, problems[i].reason);
    }
    correction_free(list);
    sheet_free(book);
    book = book_of("File,Dòng\na,1\n");
    assert_null(correction_read(book, &err));
    assert_non_null(strstr(err.message, "Sửa thành"));
    sheet_free(book);
}

static int set_up(void **state)
{
    (void)state;
    struct error err = {0};
    reference = reference_load("config/hagiang-2023", NULL, NULL, &err);
    return reference == NULL || mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    reference_free(reference);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_totals_between_other_rows),
        cmocka_unit_test(test_no_totals),
        cmocka_unit_test(test_corrections),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
