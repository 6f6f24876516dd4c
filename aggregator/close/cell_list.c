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

/* Rows of the same codes are told apart by their order. */
static size_t earlier(const struct report *part, size_t row, const char *name)
{
    struct text_buffer other = {0};
    size_t count = 0;
    for (size_t i = 0; i < row; i++) {
        row_key(part, i, &other);
        count += strcmp(other.data, name) == 0;
    }
    text_buffer_free(&other);
    return count;
}

static void add_part(struct cell_list *list, const struct report *part, size_t number)
{
    struct text_buffer name = {0};
    for (size_t row = 0; row < part->row_count; row++) {
        row_key(part, row, &name);
        size_t again = earlier(part, row, name.data);
        for (size_t column = 0; column < part->column_count; column++)
            if (strcmp(part->columns[column].name, "no") != 0)
                add(list, part, number, row, column, name.data, again);
    }
    text_buffer_free(&name);
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
