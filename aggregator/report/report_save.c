/* A report as JSON, with nothing lost: members in a fixed order, NULL as null, integers beyond 2^53 as strings. */
#include <inttypes.h>

#include "report.h"
#include "report_names.h"

#define EXACT ((int64_t)1 << 53)

static void add_text(struct text_buffer *out, const char *text)
{
    if (text == NULL)
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_json_string(out, text);
}

static void add_member(struct text_buffer *out, const char *name, const char *text)
{
    text_buffer_add_format(out, ",\"%s\":", name);
    add_text(out, text);
}

static void add_list(struct text_buffer *out, const char *name, const char *const *texts, size_t count)
{
    text_buffer_add_format(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_text(out, i > 0 ? "," : "");
        add_text(out, texts[i]);
    }
    text_buffer_add_text(out, "]");
}

static void add_integer(struct text_buffer *out, int64_t number)
{
    bool exact = number >= -EXACT && number <= EXACT;
    text_buffer_add_text(out, exact ? "" : "\"");
    text_buffer_add_format(out, "%" PRId64, number);
    text_buffer_add_text(out, exact ? "" : "\"");
}

static void add_columns(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_text(out, ",\"columns\":[");
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_column *column = &report->columns[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"name\":" : "\n{\"name\":");
        add_text(out, column->name);
        add_member(out, "group", column->group);
        add_member(out, "heading", column->heading);
        add_member(out, "kind", cell_kind_names[column->kind]);
        text_buffer_add_format(out, ",\"for_programs\":%s}", column->for_programs ? "true" : "false");
    }
    text_buffer_add_text(out, "]");
}

static void add_cell(struct text_buffer *out, const struct report_cell *cell)
{
    switch (cell->kind) {
    case CELL_EMPTY:
        text_buffer_add_text(out, "null");
        break;
    case CELL_TEXT:
        add_text(out, cell->text);
        break;
    case CELL_COUNT:
    case CELL_NUMBER:
        add_integer(out, cell->count);
        break;
    case CELL_RATE:
        text_buffer_add_text(out, "[");
        add_integer(out, cell->count);
        text_buffer_add_text(out, ",");
        add_integer(out, cell->of);
        text_buffer_add_text(out, "]");
        break;
    case CELL_DATE: {
        char date[NUMBER_SIZE];
        format_plain_date(cell->count, date);
        add_text(out, date);
        break;
    }
    }
}

/* A row is its kind and its cells. */
static void add_rows(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_text(out, ",\"rows\":[");
    for (size_t row = 0; row < report->row_count; row++) {
        text_buffer_add_format(out, "%s\n[\"%s\"", row > 0 ? "," : "",
                               row_kind_names[report_row_kind(report, row)]);
        for (size_t i = 0; i < report->column_count; i++) {
            text_buffer_add_text(out, ",");
            add_cell(out, report_cell(report, row, i));
        }
        text_buffer_add_text(out, "]");
    }
    text_buffer_add_text(out, "]");
}

static void add_chart(const struct report_chart *chart, struct text_buffer *out)
{
    if (chart->kind == CHART_NONE) {
        text_buffer_add_text(out, ",\"chart\":null");
        return;
    }
    text_buffer_add_format(out, ",\"chart\":{\"kind\":\"%s\"", chart_kind_names[chart->kind]);
    add_member(out, "title", chart->title);
    text_buffer_add_format(out, ",\"label\":%zu,\"values\":[", chart->label);
    for (size_t i = 0; i < chart->value_count; i++)
        text_buffer_add_format(out, "%s%zu", i > 0 ? "," : "", chart->values[i]);
    text_buffer_add_text(out, "]}");
}

static void add_signature(const struct report_signature *signature, struct text_buffer *out)
{
    if (!signature->wanted) {
        text_buffer_add_text(out, ",\"signature\":null");
        return;
    }
    text_buffer_add_text(out, ",\"signature\":{\"place\":");
    add_text(out, signature->place);
    add_member(out, "signer", signature->signer);
    text_buffer_add_text(out, "}");
}

static void add_part(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_text(out, "{\"name\":");
    add_text(out, report->name);
    add_member(out, "language", language_names[report->language]);
    add_member(out, "sheet", report->sheet);
    add_member(out, "caption", report->caption);
    add_member(out, "title", report->title);
    add_member(out, "attached_to", report->attached_to);
    add_member(out, "wave", report->wave);
    add_member(out, "as_of", report->as_of);
    add_list(out, "lines", report->lines, report->line_count);
    add_list(out, "paragraphs", report->paragraphs, report->paragraph_count);
    add_columns(report, out);
    add_rows(report, out);
    add_list(out, "notes", report->notes, report->note_count);
    add_chart(&report->chart, out);
    add_signature(&report->signature, out);
    text_buffer_add_text(out, "}");
}

void report_save(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    text_buffer_add_format(out, "{\"format\":%d,\"reports\":[", REPORT_FORMAT);
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        text_buffer_add_text(out, i > 0 ? ",\n" : "\n");
        add_part(part, out);
    }
    text_buffer_add_text(out, "]}\n");
}
