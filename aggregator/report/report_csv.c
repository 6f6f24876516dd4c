/* CSV (RFC 4180, UTF-8): column names for programs, plain numbers, rates in percent with one decimal. */
#include "report.h"

/* A spreadsheet takes text that begins like this for a formula. */
static bool looks_like_formula(const char *text)
{
    return strchr("=+-@\t\r", text[0]) != NULL && text[0] != '\0';
}

static void add_field(struct text_buffer *out, const char *text)
{
    if (looks_like_formula(text)) {
        text_buffer_add_text(out, "\"'");
    } else if (strpbrk(text, "\",\r\n;") == NULL) {
        text_buffer_add_text(out, text);
        return;
    } else {
        text_buffer_add_text(out, "\"");
    }
    for (const char *c = text; *c != '\0'; c++)
        text_buffer_add(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    text_buffer_add_text(out, "\"");
}

static void add_cell(struct text_buffer *out, const struct report_cell *cell)
{
    char number[NUMBER_SIZE];
    int64_t tenths;
    switch (cell->kind) {
    case CELL_EMPTY:
        break;
    case CELL_TEXT:
        add_field(out, cell->text);
        break;
    case CELL_COUNT:
    case CELL_NUMBER:
        text_buffer_add_number(out, cell->count);
        break;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths)) {
            format_plain_rate(tenths, number);
            text_buffer_add_text(out, number);
        }
        break;
    }
}

void report_write_csv(const struct report *report, struct text_buffer *out)
{
    for (size_t i = 0; i < report->column_count; i++) {
        if (i > 0)
            text_buffer_add_text(out, ",");
        add_field(out, report->columns[i].name);
    }
    text_buffer_add_text(out, "\r\n");
    for (size_t row = 0; row < report->row_count; row++) {
        for (size_t i = 0; i < report->column_count; i++) {
            if (i > 0)
                text_buffer_add_text(out, ",");
            add_cell(out, report_cell(report, row, i));
        }
        text_buffer_add_text(out, "\r\n");
    }
}
