#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

#include "report.h"

struct report_memory {
    struct report_memory *next;
    char text[];
};

struct report *report_new(const char *name, enum language language)
{
    struct report *report = calloc(1, sizeof(*report));
    if (report == NULL)
        abort();
    report->name = name;
    report->language = language;
    report->title = "";
    return report;
}

void report_free(struct report *report)
{
    if (report == NULL)
        return;
    while (report->memory != NULL) {
        struct report_memory *next = report->memory->next;
        free(report->memory);
        report->memory = next;
    }
    for (size_t i = 0; i < report->part_count; i++)
        report_free(report->parts[i]);
    free(report->parts);
    free(report->lines);
    free(report->paragraphs);
    free(report->columns);
    free(report->cells);
    free(report->row_kinds);
    free(report->notes);
    free(report->hints);
    free(report);
}

const char *report_copy(struct report *report, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    struct report_memory *memory = malloc(sizeof(*memory) + size);
    if (memory == NULL)
        abort();
    memcpy(memory->text, text, size);
    memory->next = report->memory;
    report->memory = memory;
    return memory->text;
}

PRINTF_LIKE(4, 0)
static void add_formatted(struct report *report, const char ***list, size_t *count,
                          const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = must_have(malloc(length < 0 ? 1 : (size_t)length + 1));
    text[0] = '\0';
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    *list = must_have(realloc(*list, (*count + 1) * sizeof(**list)));
    (*list)[(*count)++] = report_copy(report, text);
    free(text);
}

const char *report_number(struct report *report, int64_t count)
{
    char text[NUMBER_SIZE];
    format_count(count, report->language, text);
    return report_copy(report, text);
}

void report_add_line(struct report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(report, &report->lines, &report->line_count, format, arguments);
    va_end(arguments);
}

void report_add_paragraph(struct report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(report, &report->paragraphs, &report->paragraph_count, format, arguments);
    va_end(arguments);
}

void report_add_note(struct report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(report, &report->notes, &report->note_count, format, arguments);
    va_end(arguments);
}

void report_add_hint(struct report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(report, &report->hints, &report->hint_count, format, arguments);
    va_end(arguments);
}

static void add_column(struct report *report, struct report_column column)
{
    if (report->row_count > 0)
        abort();
    report->columns =
        must_have(realloc(report->columns, (report->column_count + 1) * sizeof(*report->columns)));
    report->columns[report->column_count++] = column;
}

void report_add_column(struct report *report, enum cell_kind kind, const char *name,
                       const char *group, const char *heading)
{
    add_column(report, (struct report_column){name, group, heading, kind, false, false});
}

void report_add_program_column(struct report *report, enum cell_kind kind, const char *name)
{
    add_column(report, (struct report_column){name, NULL, name, kind, true, false});
}

size_t report_add_row(struct report *report)
{
    size_t columns = report->column_count;
    report->cells =
        must_have(realloc(report->cells, (report->row_count + 1) * columns * sizeof(*report->cells)));
    report->row_kinds =
        must_have(realloc(report->row_kinds, (report->row_count + 1) * sizeof(*report->row_kinds)));
    report->row_kinds[report->row_count] = ROW_PLAIN;
    for (size_t i = 0; i < columns; i++)
        report->cells[report->row_count * columns + i] = (struct report_cell){.kind = CELL_EMPTY};
    return report->row_count++;
}

void report_mark_row(struct report *report, size_t row, enum row_kind kind)
{
    if (row >= report->row_count || (kind == ROW_TOTALS && row + 1 != report->row_count))
        abort();
    if (kind == ROW_TOTALS)
        report->has_totals = true;
    else
        report->row_kinds[row] = kind;
}

enum row_kind report_row_kind(const struct report *report, size_t row)
{
    return report->has_totals && row + 1 == report->row_count ? ROW_TOTALS : report->row_kinds[row];
}

static size_t column_index(const struct report *report, const char *name, enum cell_kind kind)
{
    for (size_t i = 0; i < report->column_count; i++) {
        if (strcmp(report->columns[i].name, name) == 0 && report->columns[i].kind == kind)
            return i;
    }
    abort();
}

static struct report_cell *cell_at(struct report *report, size_t row, const char *column,
                                   enum cell_kind kind)
{
    return &report->cells[row * report->column_count + column_index(report, column, kind)];
}

void report_put_text(struct report *report, size_t row, const char *column, const char *text)
{
    struct report_cell *cell = cell_at(report, row, column, CELL_TEXT);
    if (text != NULL && text[0] != '\0')
        *cell = (struct report_cell){.kind = CELL_TEXT, .text = report_copy(report, text)};
}

void report_put_count(struct report *report, size_t row, const char *column, int64_t count)
{
    *cell_at(report, row, column, CELL_COUNT) =
        (struct report_cell){.kind = CELL_COUNT, .count = count};
}

void report_put_number(struct report *report, size_t row, const char *column, int64_t number)
{
    *cell_at(report, row, column, CELL_NUMBER) =
        (struct report_cell){.kind = CELL_NUMBER, .count = number};
}

void report_put_date(struct report *report, size_t row, const char *column, const char *date)
{
    struct report_cell *cell = cell_at(report, row, column, CELL_DATE);
    int32_t day;
    if (date != NULL && clock_parse_date(date, &day))
        *cell = (struct report_cell){.kind = CELL_DATE, .count = day};
}

void report_put_rate(struct report *report, size_t row, const char *column, int64_t part,
                     int64_t whole)
{
    struct report_cell *cell = cell_at(report, row, column, CELL_RATE);
    if (whole > 0)
        *cell = (struct report_cell){.kind = CELL_RATE, .count = part, .of = whole};
}

void report_put_cell(struct report *report, size_t row, const char *column,
                     const struct report_cell *cell)
{
    struct report_cell *own = cell_at(report, row, column, CELL_TEXT);
    *own = *cell;
    if (cell->kind == CELL_TEXT)
        own->text = report_copy(report, cell->text);
}

bool report_sum(const struct report *report, const char *column, int64_t *sum)
{
    size_t index = column_index(report, column, CELL_COUNT);
    bool known = false;
    *sum = 0;
    for (size_t row = 0; row < report->row_count; row++) {
        const struct report_cell *cell = report_cell(report, row, index);
        if (cell->kind != CELL_COUNT || report_row_kind(report, row) != ROW_PLAIN)
            continue;
        known = true;
        *sum += cell->count;
    }
    return known;
}

static void add_date(const struct report_cell *cell, struct text_buffer *out)
{
    int year, month, day;
    clock_civil_from_day((int32_t)cell->count, &year, &month, &day);
    text_buffer_add_format(out, "%02d/%02d/%04d", day, month, year);
}

void report_cell_text(const struct report *report, const struct report_cell *cell,
                      struct text_buffer *out)
{
    char number[NUMBER_SIZE];
    int64_t tenths;
    switch (cell->kind) {
    case CELL_EMPTY:
        break;
    case CELL_TEXT:
        text_buffer_add_text(out, cell->text);
        break;
    case CELL_COUNT:
        format_count(cell->count, report->language, number);
        text_buffer_add_text(out, number);
        break;
    case CELL_NUMBER:
        text_buffer_add_number(out, cell->count);
        break;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths)) {
            format_rate(tenths, report->language, number);
            text_buffer_add_text(out, number);
        }
        break;
    case CELL_DATE:
        add_date(cell, out);
        break;
    }
}
