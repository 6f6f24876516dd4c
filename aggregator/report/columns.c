#include "columns.h"

#include <stdlib.h>
#include <string.h>

#include "../cells/words.h"

struct rate {
    const char *name, *part, *whole, *vi, *en;
};

/* As DOMAIN defines them; what a report leaves out it has no rates of. */
static const struct rate rates[] = {
    {"plan_rate", "registered", "planned", "Đăng ký / kế hoạch", "Registered / planned"},
    {"account_rate", "accounts", "registered", "Tài khoản / đăng ký", "Accounts / registered"},
    {"participation_rate", "participated", "registered", "Tham gia / đăng ký",
     "Participated / registered"},
    {"completion_rate", "completed", "registered", "Hoàn thành / đăng ký", "Completed / registered"},
    {"pass_rate_registered", "passed", "registered", "Đạt / đăng ký", "Passed / registered"},
    {"pass_rate_participants", "passed", "participated", "Đạt / tham gia", "Passed / participated"},
    {"pass_rate_accounts", "passed", "accounts", "Đạt / tài khoản", "Passed / accounts"},
    {"target_rate", "actual", "planned_low", "Thực hiện / kế hoạch", "Actual / planned"},
};

static const struct rate *rate_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(rates); i++)
        if (strcmp(rates[i].name, name) == 0)
            return &rates[i];
    abort();
}

static const char *heading_of(const struct report *r, const struct column_spec *column)
{
    if (column->vi != NULL)
        return SAY(r, column->vi, column->en);
    if (column->at == AT_NUMBER)
        return SAY(r, "TT.", "No.");
    if (column->at == AT_RATE)
        return SAY(r, rate_of(column->name)->vi, rate_of(column->name)->en);
    return words_of_measure(column->name, r->language);
}

void columns_add(struct report *r, struct column_list columns)
{
    for (size_t i = 0; i < columns.count; i++) {
        const struct column_spec *c = &columns.items[i];
        if (c->for_programs)
            report_add_program_column(r, c->kind, c->name);
        else
            report_add_column(r, c->kind, c->name, SAY(r, c->group_vi, c->group_en),
                              heading_of(r, c));
        r->columns[r->column_count - 1].labelled = c->labelled;
    }
}

static const struct report_cell *count_cell(const struct report *r, size_t row, const char *name)
{
    for (size_t i = 0; i < r->column_count; i++) {
        const struct report_cell *cell = report_cell(r, row, i);
        if (strcmp(r->columns[i].name, name) == 0 && cell->kind == CELL_COUNT)
            return cell;
    }
    return NULL;
}

int64_t columns_count(const struct report *r, size_t row, const char *name)
{
    const struct report_cell *cell = count_cell(r, row, name);
    return cell != NULL ? cell->count : 0;
}

static void put_rates(struct report *r, size_t row, struct column_list columns)
{
    for (size_t i = 0; i < columns.count; i++) {
        if (columns.items[i].at != AT_RATE)
            continue;
        const struct rate *rate = rate_of(columns.items[i].name);
        const struct report_cell *part = count_cell(r, row, rate->part);
        const struct report_cell *whole = count_cell(r, row, rate->whole);
        if (part != NULL && whole != NULL)
            report_put_rate(r, row, rate->name, part->count, whole->count);
    }
}

static void put_row(struct report *r, size_t row, struct column_list columns,
                    const struct pg_rows *rows, size_t from, int shift)
{
    for (size_t i = 0; i < columns.count; i++) {
        const struct column_spec *c = &columns.items[i];
        if (c->at < shift)
            continue;
        size_t at = (size_t)(c->at - shift);
        if (c->kind == CELL_TEXT)
            report_put_text(r, row, c->name, pg_rows_value(rows, from, at));
        else if (c->kind == CELL_DATE)
            report_put_date(r, row, c->name, pg_rows_value(rows, from, at));
        else if (pg_rows_value(rows, from, at) != NULL)
            report_put_count(r, row, c->name, pg_rows_integer(rows, from, at, 0));
    }
    put_rates(r, row, columns);
}

size_t columns_add_row(struct report *r, struct column_list columns, const struct pg_rows *rows,
                       size_t from)
{
    size_t row = report_add_row(r);
    for (size_t i = 0; i < columns.count; i++)
        if (columns.items[i].at == AT_NUMBER)
            report_put_number(r, row, columns.items[i].name, (int64_t)row + 1);
    put_row(r, row, columns, rows, from, 0);
    return row;
}

void columns_add_total_of(struct report *r, struct column_list columns, const char *at,
                          const char *label, const struct pg_rows *rows, int shift)
{
    size_t row = report_add_row(r);
    report_put_text(r, row, at, label);
    put_row(r, row, columns, rows, 0, shift);
    report_mark_row(r, row, ROW_TOTALS);
}

/* Sums are taken over all rows before the totals row, itself still empty. */
void columns_add_sums(struct report *r, struct column_list columns, const char *at, const char *label)
{
    size_t row = report_add_row(r);
    report_put_text(r, row, at, label);
    for (size_t i = 0; i < columns.count; i++) {
        int64_t sum;
        if (columns.items[i].kind == CELL_COUNT && !columns.items[i].not_summed &&
            report_sum(r, columns.items[i].name, &sum))
            report_put_count(r, row, columns.items[i].name, sum);
    }
    put_rates(r, row, columns);
    report_mark_row(r, row, ROW_TOTALS);
}
