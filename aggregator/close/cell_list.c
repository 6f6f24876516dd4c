#include "cell_list.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "row_key.h"

static void add(struct cell_list *list, const struct report *part, size_t number, size_t row,
                size_t column, const char *row_name, size_t again)
{
    struct text_buffer key = {0};
    text_buffer_add_format(&key, "%s|%zu|", part->name, number);
    text_buffer_add_text(&key, row_name);
    text_buffer_add_format(&key, "|%zu|%s", again, part->columns[column].name);
    list->items = array_room(list->items, list->count, &list->capacity, sizeof(*list->items));
    list->items[list->count++] = (struct listed_cell){part, row, column, key.data};
}

/* A row by its codes; rows of the same codes are told apart by their order. */
struct named_row {
    char *name;
    size_t row, again;
};

static int by_name(const void *a, const void *b)
{
    const struct named_row *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

/* The names of all rows; freed by the caller, as is each name. */
static struct named_row *name_rows(const struct report *part)
{
    struct named_row *rows = must_have(calloc(part->row_count + 1, sizeof(*rows)));
    for (size_t row = 0; row < part->row_count; row++) {
        struct text_buffer name = {0};
        row_key(part, row, &name);
        rows[row] = (struct named_row){.name = name.data, .row = row};
    }
    qsort(rows, part->row_count, sizeof(*rows), by_name);
    for (size_t i = 1; i < part->row_count; i++)
        if (strcmp(rows[i].name, rows[i - 1].name) == 0)
            rows[i].again = rows[i - 1].again + 1;
    return rows;
}

static void add_part(struct cell_list *list, const struct report *part, size_t number)
{
    struct named_row *rows = name_rows(part);
    for (size_t i = 0; i < part->row_count; i++) {
        for (size_t column = 0; column < part->column_count; column++)
            if (strcmp(part->columns[column].name, "no") != 0)
                add(list, part, number, rows[i].row, column, rows[i].name, rows[i].again);
        free(rows[i].name);
    }
    free(rows);
}

void cell_list_add(struct cell_list *list, const struct report *report)
{
    const struct report *part;
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++)
        add_part(list, part, i);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct listed_cell *)a)->key, ((const struct listed_cell *)b)->key);
}

void cell_list_sort(struct cell_list *list)
{
    if (list->count)
        qsort(list->items, list->count, sizeof(*list->items), by_key);
}

void cell_list_release(struct cell_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].key);
    free(list->items);
    *list = (struct cell_list){0};
}

const struct listed_cell *cell_list_find(const struct cell_list *list, const char *key)
{
    const struct listed_cell wanted = {.key = (char *)(uintptr_t)key};
    return list->count ? bsearch(&wanted, list->items, list->count, sizeof(wanted), by_key) : NULL;
}

static void print(const struct listed_cell *cell, struct text_buffer *out)
{
    text_buffer_add_text(out, "");
    if (cell)
        report_cell_text(cell->report, report_cell(cell->report, cell->row, cell->column), out);
}

bool cells_printed_equal(const struct listed_cell *a, const struct listed_cell *b)
{
    struct text_buffer first = {0}, second = {0};
    print(a, &first);
    print(b, &second);
    bool equal = strcmp(first.data, second.data) == 0;
    text_buffer_free(&first);
    text_buffer_free(&second);
    return equal;
}

bool cells_equal(const struct listed_cell *a, const struct listed_cell *b)
{
    static const struct report_cell empty = {.kind = CELL_EMPTY};
    const struct report_cell *x = a ? report_cell(a->report, a->row, a->column) : &empty;
    const struct report_cell *y = b ? report_cell(b->report, b->row, b->column) : &empty;
    if (x->kind != y->kind)
        /* A date and a text: documents of before kept dates as they were printed. */
        return (x->kind == CELL_DATE || y->kind == CELL_DATE) && cells_printed_equal(a, b);
    if (x->kind == CELL_TEXT)
        return strcmp(x->text, y->text) == 0;
    return x->kind == CELL_EMPTY ||
           (x->count == y->count && (x->kind != CELL_RATE || x->of == y->of));
}
