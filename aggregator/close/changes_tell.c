/* The cells of closed figures that are others now, one under the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "changes_private.h"
#include "row_key.h"

/* As what it is, so that programs get numbers; of one that is not there, or not known, a dash. */
static void put_value(struct report *r, size_t row, const char *column, const struct listed_cell *cell)
{
    static const struct report_cell none = {.kind = CELL_TEXT, .text = "—"};
    const struct report_cell *own = cell ? report_cell(cell->report, cell->row, cell->column) : &none;
    report_put_cell(r, row, column, own->kind == CELL_EMPTY ? &none : own);
}

/* Rows of one unit are told apart by what each is about. */
static const char *const parts[] = {"study_group", "issue", "phase", "measure"};

static void put_label(struct report *r, size_t row, const struct listed_cell *cell)
{
    struct text_buffer text = {0};
    text_buffer_add_text(&text, row_label(cell->report, cell->row));
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const char *part = row_text(cell->report, cell->row, parts[i]);
        if (part && strcmp(part, text.data) != 0)
            text_buffer_add_format(&text, "%s%s%s", text.length ? ", " : "",
                                   i == 0 ? SAY(r, "Tổ ", "group ") : "", part);
    }
    report_put_text(r, row, "label", text.data);
    text_buffer_free(&text);
}

static bool add_change(const struct changing *c, const char *key, const struct listed_cell *old,
                       const struct listed_cell *new, struct report *r, struct error *err)
{
    const struct listed_cell *shown = old ? old : new;
    const struct report_column *column = &shown->report->columns[shown->column];
    char heading[256];
    snprintf(heading, sizeof(heading), "%s%s%s", column->group ? column->group : "",
             column->group ? ": " : "", column->heading);
    size_t row = report_add_row(r);
    report_put_number(r, row, "no", (int64_t)row + 1);
    report_put_text(r, row, "report", shown->report->name);
    report_put_text(r, row, "table",
                    shown->report->sheet ? shown->report->sheet : shown->report->title);
    report_put_text(r, row, "unit", row_text(shown->report, shown->row, "unit"));
    report_put_text(r, row, "measure", column->name);
    put_label(r, row, shown);
    report_put_text(r, row, "heading", heading);
    put_value(r, row, "old", old);
    put_value(r, row, "new", new);
    return changes_put_cause(c, key, r, row, err);
}

/* Of a row that came or went: is the cell but its name, which stands beside each of its figures? */
static bool names_row(const struct listed_cell *cell)
{
    const struct report *report = cell->report;
    const struct report_cell *own = report_cell(report, cell->row, cell->column);
    bool name = own->kind == CELL_TEXT && strcmp(own->text, row_label(report, cell->row)) == 0;
    bool figures = false;
    for (size_t i = 0; own->kind == CELL_TEXT && i < ARRAY_LEN(parts); i++)
        name = name || strcmp(report->columns[cell->column].name, parts[i]) == 0;
    for (size_t i = 0; name && i < report->column_count; i++) {
        enum cell_kind kind = report_cell(report, cell->row, i)->kind;
        figures = figures || kind == CELL_COUNT || kind == CELL_RATE;
    }
    return figures;
}

/* Of faults only how many there are is a figure: what each is called, and what is to be done by whom, are the same for all units. */
static bool is_words_of_issue(const struct listed_cell *cell)
{
    return strcmp(cell->report->name, "issues") == 0 &&
           cell->report->columns[cell->column].kind == CELL_TEXT;
}

static int in_print_order(const void *a, const void *b)
{
    const struct listed_cell *x = a, *y = b;
    int order = strcmp(x->report->name, y->report->name);
    if (order == 0 && x->row != y->row)
        order = x->row < y->row ? -1 : 1;
    if (order == 0 && x->column != y->column)
        order = x->column < y->column ? -1 : 1;
    return order ? order : strcmp(x->key, y->key);
}

/* Those of one side, in print order: of the closed one all that changed, of the new one what was not there before. A rate that reads
 * as it was sent is no correction: what moved it stands in the rows of its counts. */
static bool tell_side(const struct changing *c, bool closed, struct report *r, size_t *rounded,
                      struct error *err)
{
    const struct cell_list *from = &c->turns[closed ? CLOSED : NOW].cells;
    const struct cell_list *to = &c->turns[closed ? NOW : CLOSED].cells;
    struct listed_cell *ordered = must_have(malloc((from->count + 1) * sizeof(*ordered)));
    bool ok = true;
    if (from->count) {
        memcpy(ordered, from->items, from->count * sizeof(*ordered));
        qsort(ordered, from->count, sizeof(*ordered), in_print_order);
    }
    for (size_t i = 0; ok && i < from->count; i++) {
        const struct listed_cell *cell = &ordered[i], *other = cell_list_find(to, cell->key);
        if (cell->report->columns[cell->column].for_programs || (!closed && other) ||
            cells_equal(cell, other) || (!other && names_row(cell)) || is_words_of_issue(cell))
            continue;
        if (cells_printed_equal(cell, other)) {
            ++*rounded;
            continue;
        }
        ok = add_change(c, cell->key, closed ? cell : NULL, closed ? other : cell, r, err);
    }
    free(ordered);
    return ok;
}

bool changes_tell(const struct changing *c, struct report *r, size_t *rounded, struct error *err)
{
    *rounded = 0;
    return tell_side(c, true, r, rounded, err) && tell_side(c, false, r, rounded, err);
}
