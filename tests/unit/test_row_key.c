#include "cmocka_all.h"

#include <stdio.h>

#include "../../aggregator/close/cell_list.h"
#include "../../common/clock.h"
#include "../../aggregator/close/row_key.h"

/* Groups of one unit, the lowest rate first, as the report prints them. */
static struct report *groups(const char *first, int64_t first_count, const char *second,
                             int64_t second_count)
{
    struct report *r = report_new("groups", LANGUAGE_VI);
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, "Đơn vị");
    report_add_column(r, CELL_TEXT, "study_group", NULL, "Tổ");
    report_add_column(r, CELL_COUNT, "participated", NULL, "Tham gia học");
    for (int i = 0; i < 2; i++) {
        size_t row = report_add_row(r);
        report_put_text(r, row, "unit", "HG-SYTE");
        report_put_text(r, row, "unit_name", "Sở Y tế");
        report_put_text(r, row, "study_group", i == 0 ? first : second);
        report_put_count(r, row, "participated", i == 0 ? first_count : second_count);
    }
    return r;
}

static int64_t count_of(const struct cell_list *list, const char *key)
{
    const struct listed_cell *found = cell_list_find(list, key);
    assert_non_null(found);
    return report_cell(found->report, found->row, found->column)->count;
}

static void a_group_is_known_by_its_number_wherever_it_stands(void **state)
{
    (void)state;
    struct report *before = groups("17", 1, "9", 2), *after = groups("9", 2, "17", 5);
    struct cell_list old = {0}, new = {0};
    cell_list_add(&old, before);
    cell_list_sort(&old);
    cell_list_add(&new, after);
    cell_list_sort(&new);
    const char *ninth = "groups|0||HG-SYTE|9|0|participated";
    const char *seventeenth = "groups|0||HG-SYTE|17|0|participated";
    assert_int_equal(count_of(&old, ninth), 2);
    assert_int_equal(count_of(&new, ninth), 2);
    assert_int_equal(count_of(&old, seventeenth), 1);
    assert_int_equal(count_of(&new, seventeenth), 5);
    cell_list_release(&old);
    cell_list_release(&new);
    report_free(before);
    report_free(after);
}

/* Ten thousand communes have as many rows: each looked up among all before it took minutes. */
static void many_rows_are_told_apart_by_their_order_in_no_time(void **state)
{
    (void)state;
    struct report *r = report_new("targets", LANGUAGE_VI);
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_COUNT, "participated", NULL, "Tham gia");
    for (int i = 0; i < 8000; i++) {
        char unit[16];
        (void)snprintf(unit, sizeof(unit), "U%d", i % 4000);
        size_t row = report_add_row(r);
        report_put_text(r, row, "unit", unit);
        report_put_count(r, row, "participated", i);
    }
    struct cell_list list = {0};
    int64_t begin_ms = clock_monotonic_ms();
    cell_list_add(&list, r);
    assert_in_range(clock_monotonic_ms() - begin_ms, 0, 4000);
    cell_list_sort(&list);
    assert_int_equal(list.count, 16000);
    assert_int_equal(count_of(&list, "targets|0||U7|0|participated"), 7);
    assert_int_equal(count_of(&list, "targets|0||U7|1|participated"), 4007);
    assert_null(cell_list_find(&list, "targets|0||U7|2|participated"));
    cell_list_release(&list);
    report_free(r);
}

/* A rate may be another fraction and read as before; a cell that is not there reads as an empty one. */
static void what_is_printed_may_be_equal_where_values_are_not(void **state)
{
    (void)state;
    struct report *r = report_new("appendix1", LANGUAGE_VI);
    report_add_column(r, CELL_RATE, "participation_rate", NULL, "Tỷ lệ");
    static const int64_t rates[][2] = {{2103, 2716}, {2104, 2717}, {2104, 2716}, {0, 0}};
    struct listed_cell cells[ARRAY_LEN(rates)];
    for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
        size_t row = report_add_row(r);
        report_put_rate(r, row, "participation_rate", rates[i][0], rates[i][1]);
        cells[i] = (struct listed_cell){.report = r, .row = row};
    }
    assert_false(cells_equal(&cells[0], &cells[1]));
    assert_true(cells_printed_equal(&cells[0], &cells[1]));  /* 77,4% */
    assert_false(cells_printed_equal(&cells[0], &cells[2])); /* 77,5% */
    assert_false(cells_printed_equal(&cells[0], NULL));
    assert_true(cells_printed_equal(&cells[3], NULL));
    report_free(r);
}

static void what_becomes_of_a_target_does_not_change_which_it_is(void **state)
{
    (void)state;
    struct text_buffer key = {0};
    struct report *r = report_new("targets", LANGUAGE_VI);
    report_add_program_column(r, CELL_TEXT, "target");
    report_add_program_column(r, CELL_COUNT, "planned_low");
    report_add_program_column(r, CELL_TEXT, "state");
    size_t row = report_add_row(r);
    report_put_text(r, row, "target", "NA-DOT-1");
    report_put_count(r, row, "planned_low", 4500);
    report_put_text(r, row, "state", "no_list");
    row_key(r, row, &key);
    assert_string_equal(key.data, "|NA-DOT-1");
    report_put_text(r, row, "state", "reached");
    row_key(r, row, &key);
    assert_string_equal(key.data, "|NA-DOT-1");
    text_buffer_free(&key);
    report_free(r);
}

static void rows_without_a_code_are_known_by_their_first_text(void **state)
{
    (void)state;
    struct text_buffer key = {0};
    struct report *r = report_new("appendix1", LANGUAGE_VI);
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, "Đơn vị");
    size_t row = report_add_row(r);
    report_put_text(r, row, "unit_name", "Tổng số");
    report_mark_row(r, row, ROW_TOTALS);
    row_key(r, row, &key);
    assert_string_equal(key.data, "totals|Tổng số");
    text_buffer_free(&key);
    report_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_known_by_its_number_wherever_it_stands),
        cmocka_unit_test(many_rows_are_told_apart_by_their_order_in_no_time),
        cmocka_unit_test(what_is_printed_may_be_equal_where_values_are_not),
        cmocka_unit_test(what_becomes_of_a_target_does_not_change_which_it_is),
        cmocka_unit_test(rows_without_a_code_are_known_by_their_first_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
