#include "row_key.h"

/* The columns by which a row is known, whatever its figures become. */
static bool is_key(const struct report_column *column)
{
    static const char *const keys[] = {"unit", "study_group", "wave",    "province",
                                       "kind", "target",      "activity"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (strcmp(column->name, keys[i]) == 0)
            return true;
    return false;
}

const char *row_text(const struct report *report, size_t row, const char *column)
{
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_cell *cell = report_cell(report, row, i);
        if (cell->kind == CELL_TEXT && strcmp(report->columns[i].name, column) == 0)
            return cell->text;
    }
    return NULL;
}

const char *row_label(const struct report *report, size_t row)
{
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_cell *cell = report_cell(report, row, i);
        if (cell->kind == CELL_TEXT && !report->columns[i].for_programs)
            return cell->text;
    }
    return "";
}

void row_key(const struct report *report, size_t row, struct text_buffer *out)
{
    enum row_kind kind = report_row_kind(report, row);
    bool coded = false;
    text_buffer_clear(out);
    text_buffer_add_text(out, kind == ROW_TOTALS ? "totals" : kind == ROW_PLAIN ? "" : "heading");
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_cell *cell = report_cell(report, row, i);
        if (!is_key(&report->columns[i]) || cell->kind == CELL_EMPTY)
            continue;
        text_buffer_add_text(out, "|");
        report_cell_text(report, cell, out);
        coded = true;
    }
    if (!coded || kind != ROW_PLAIN) {
        text_buffer_add_text(out, "|");
        text_buffer_add_text(out, row_label(report, row));
    }
}
