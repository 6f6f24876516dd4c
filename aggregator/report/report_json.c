/* One JSON object, or an array of them if the report has parts: columns with their labels, rows and totals as objects, notes. Rates
 * are percent with one decimal. */
#include "report.h"

static void add_cell(struct text_buffer *out, const struct report_cell *cell)
{
    char number[NUMBER_SIZE];
    int64_t tenths;
    switch (cell->kind) {
    case CELL_TEXT:
        text_buffer_add_json_string(out, cell->text);
        return;
    case CELL_COUNT:
    case CELL_NUMBER:
        text_buffer_add_number(out, cell->count);
        return;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths)) {
            format_plain_rate(tenths, number);
            text_buffer_add_text(out, number);
            return;
        }
        break;
    case CELL_DATE:
        format_plain_date(cell->count, number);
        text_buffer_add_json_string(out, number);
        return;
    case CELL_EMPTY:
        break;
    }
    text_buffer_add_text(out, "null");
}

static void add_row(const struct report *report, size_t row, struct text_buffer *out)
{
    text_buffer_add_text(out, "{");
    for (size_t i = 0; i < report->column_count; i++) {
        if (i > 0)
            text_buffer_add_text(out, ",");
        text_buffer_add_json_string(out, report->columns[i].name);
        text_buffer_add_text(out, ":");
        add_cell(out, report_cell(report, row, i));
    }
    text_buffer_add_text(out, "}");
}

static void add_member(struct text_buffer *out, const char *name, const char *text)
{
    text_buffer_add_text(out, ",");
    text_buffer_add_json_string(out, name);
    text_buffer_add_text(out, ":");
    if (text == NULL)
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_json_string(out, text);
}

static void add_columns(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_text(out, ",\n\"columns\":[");
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_column *column = &report->columns[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"name\":" : "\n{\"name\":");
        text_buffer_add_json_string(out, column->name);
        if (!column->for_programs) {
            add_member(out, "label", column->heading);
            if (column->group != NULL)
                add_member(out, "group", column->group);
        }
        text_buffer_add_text(out, "}");
    }
    text_buffer_add_text(out, "]");
}

static void add_list(struct text_buffer *out, const char *name, const char *const *texts, size_t count)
{
    text_buffer_add_format(out, ",\n\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_text(out, i > 0 ? "," : "");
        text_buffer_add_json_string(out, texts[i]);
    }
    text_buffer_add_text(out, "]");
}

/* Rows whose kind is not "plain": which they are, by their place in "rows". */
static void add_row_kinds(const struct report *report, size_t rows, struct text_buffer *out)
{
    bool any = false;
    for (size_t row = 0; row < rows; row++) {
        enum row_kind kind = report_row_kind(report, row);
        if (kind == ROW_PLAIN)
            continue;
        text_buffer_add_format(out, "%s{\"row\":%zu,\"kind\":\"%s\"}",
                               any ? "," : ",\n\"row_kinds\":[", row,
                               kind == ROW_SECTION ? "section" : "subtotal");
        any = true;
    }
    text_buffer_add_text(out, any ? "]" : "");
}

static void write_part(const struct report *report, struct text_buffer *out)
{
    size_t rows = report->row_count - (report->has_totals ? 1 : 0);
    text_buffer_add_text(out, "{\"report\":");
    text_buffer_add_json_string(out, report->name);
    add_member(out, "title", report->title);
    add_member(out, "wave", report->wave);
    add_member(out, "as_of", report->as_of);
    if (report->attached_to != NULL)
        add_member(out, "attached_to", report->attached_to);
    if (report->paragraph_count > 0)
        add_list(out, "paragraphs", report->paragraphs, report->paragraph_count);
    add_columns(report, out);
    text_buffer_add_text(out, ",\n\"rows\":[");
    for (size_t row = 0; row < rows; row++) {
        text_buffer_add_text(out, row > 0 ? ",\n" : "\n");
        add_row(report, row, out);
    }
    text_buffer_add_text(out, "]");
    add_row_kinds(report, rows, out);
    if (report->has_totals) {
        text_buffer_add_text(out, ",\n\"totals\":");
        add_row(report, rows, out);
    }
    add_list(out, "notes", report->notes, report->note_count);
    text_buffer_add_text(out, "}");
}

void report_write_json(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    if (report->part_count > 0)
        text_buffer_add_text(out, "[");
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        text_buffer_add_text(out, i > 0 ? ",\n" : "");
        write_part(part, out);
    }
    text_buffer_add_text(out, report->part_count > 0 ? "]\n" : "\n");
}
