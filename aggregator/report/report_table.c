/* A table for the terminal: headings wrapped over their columns, groups of columns under a common heading. */
#include <stdlib.h>

#include "report.h"
#include "width.h"

#define GAP 2
#define HEADING_WIDTH 8 /* a heading is wrapped to this, if its words allow */

struct layout {
    size_t count;
    size_t *column; /* index into the report's columns */
    size_t *width;
};

static void add_repeated(struct text_buffer *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_buffer_add_text(out, text);
}

/* Ends the line without the blanks that padded its last cell. */
static void end_line(struct text_buffer *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->length--;
    text_buffer_add_text(out, "\n");
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t natural_width(const struct report *report, size_t column)
{
    const char *heading = report->columns[column].heading;
    size_t width = text_width(heading);
    width = width > HEADING_WIDTH ? larger(HEADING_WIDTH, text_widest_word(heading)) : width;
    struct text_buffer text = {0};
    for (size_t row = 0; row < report->row_count; row++) {
        text_buffer_clear(&text);
        report_cell_text(report, report_cell(report, row, column), &text);
        if (text.length > 0)
            width = larger(width, text_width_of(text.data, text.length));
    }
    text_buffer_free(&text);
    return width;
}

static struct layout layout_of(const struct report *report)
{
    struct layout layout = {0};
    layout.column = calloc(report->column_count + 1, sizeof(size_t));
    layout.width = calloc(report->column_count + 1, sizeof(size_t));
    if (layout.column == NULL || layout.width == NULL)
        abort();
    for (size_t i = 0; i < report->column_count; i++) {
        if (report->columns[i].for_programs)
            continue;
        layout.column[layout.count] = i;
        layout.width[layout.count++] = natural_width(report, i);
    }
    return layout;
}

static const char *group_at(const struct report *report, const struct layout *layout, size_t at)
{
    return report->columns[layout->column[at]].group;
}

/* Where the group that begins at this column ends (exclusive), and how wide it stands. */
static size_t group_end(const struct report *report, const struct layout *layout, size_t at,
                        size_t *width)
{
    const char *group = group_at(report, layout, at);
    size_t end = at + 1;
    *width = layout->width[at];
    while (group != NULL && end < layout->count && group_at(report, layout, end) != NULL &&
           strcmp(group, group_at(report, layout, end)) == 0)
        *width += GAP + layout->width[end++];
    return end;
}

static void add_groups(const struct report *report, struct layout *layout, struct text_buffer *out)
{
    struct text_buffer rule = {0};
    bool any = false;
    size_t start = out->length;
    for (size_t at = 0; at < layout->count;) {
        const char *group = group_at(report, layout, at);
        size_t width;
        size_t end = group_end(report, layout, at, &width);
        if (group != NULL && text_width(group) > width) {
            layout->width[end - 1] += text_width(group) - width;
            width = text_width(group);
        }
        const char *text = group != NULL ? group : "";
        if (at > 0) {
            add_repeated(out, " ", GAP);
            add_repeated(&rule, " ", GAP);
        }
        text_pad(out, text, strlen(text), width, ALIGN_CENTRE);
        add_repeated(&rule, group != NULL ? "─" : " ", width);
        any = any || group != NULL;
        at = end;
    }
    if (any) {
        end_line(out);
        text_buffer_add(out, rule.data, rule.length);
        text_buffer_add_text(out, "\n");
    } else {
        out->length = start;
    }
    text_buffer_free(&rule);
}

static size_t heading_lines(const char *heading, size_t width)
{
    const char *rest = heading, *line;
    size_t bytes, count = 0;
    while (text_wrap(&rest, width, &line, &bytes))
        count++;
    return count;
}

static enum alignment alignment_of(const struct report *report, size_t column)
{
    return report->columns[column].kind == CELL_TEXT || report->columns[column].kind == CELL_DATE
               ? ALIGN_LEFT
               : ALIGN_RIGHT;
}

/* Headings stand on the bottom line. */
static void add_headings(const struct report *report, const struct layout *layout,
                         struct text_buffer *out)
{
    size_t lines = 0;
    for (size_t at = 0; at < layout->count; at++)
        lines = larger(
            lines, heading_lines(report->columns[layout->column[at]].heading, layout->width[at]));
    for (size_t line = 0; line < lines; line++) {
        for (size_t at = 0; at < layout->count; at++) {
            const char *heading = report->columns[layout->column[at]].heading;
            size_t skip = lines - heading_lines(heading, layout->width[at]);
            const char *rest = heading, *text = "";
            size_t bytes = 0;
            for (size_t i = skip; i <= line; i++) {
                if (!text_wrap(&rest, layout->width[at], &text, &bytes))
                    bytes = 0;
            }
            if (at > 0)
                add_repeated(out, " ", GAP);
            text_pad(out, text, bytes, layout->width[at], alignment_of(report, layout->column[at]));
        }
        end_line(out);
    }
}

static void add_row(const struct report *report, const struct layout *layout, size_t row,
                    struct text_buffer *out)
{
    struct text_buffer text = {0};
    for (size_t at = 0; at < layout->count; at++) {
        text_buffer_clear(&text);
        text_buffer_add_text(&text, "");
        report_cell_text(report, report_cell(report, row, layout->column[at]), &text);
        if (at > 0)
            add_repeated(out, " ", GAP);
        text_pad(out, text.length > 0 ? text.data : "", text.length, layout->width[at],
                 alignment_of(report, layout->column[at]));
    }
    text_buffer_free(&text);
    end_line(out);
}

static void add_rule(const struct layout *layout, struct text_buffer *out)
{
    size_t width = 0;
    for (size_t at = 0; at < layout->count; at++)
        width += layout->width[at] + (at > 0 ? GAP : 0);
    add_repeated(out, "─", width);
    text_buffer_add_text(out, "\n");
}

static void write_rows(const struct report *report, struct text_buffer *out)
{
    struct layout layout = layout_of(report);
    add_groups(report, &layout, out);
    add_headings(report, &layout, out);
    add_rule(&layout, out);
    for (size_t row = 0; row < report->row_count; row++) {
        if (report_row_kind(report, row) == ROW_TOTALS)
            add_rule(&layout, out);
        add_row(report, &layout, row, out);
    }
    free(layout.column);
    free(layout.width);
}

static void add_lines(const char *const *lines, size_t count, struct text_buffer *out)
{
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(out, "%s\n", lines[i]);
}

static void write_part(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_format(out, "%s\n", report->title);
    if (report->attached_to != NULL)
        text_buffer_add_format(out, SAY(report, "(Phụ lục kèm theo %s)\n", "(Attached to %s)\n"),
                               report->attached_to);
    add_lines(report->lines, report->line_count, out);
    if (report->paragraph_count > 0)
        text_buffer_add_text(out, "\n");
    add_lines(report->paragraphs, report->paragraph_count, out);
    if (report->column_count > 0) {
        text_buffer_add_text(out, "\n");
        write_rows(report, out);
    }
    if (report->note_count > 0)
        text_buffer_add_text(out, "\n");
    add_lines(report->notes, report->note_count, out);
    if (report->note_count == 0 && report->hint_count > 0)
        text_buffer_add_text(out, "\n");
    add_lines(report->hints, report->hint_count, out);
}

void report_write_table(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    struct text_buffer text = {0};
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        text_buffer_add_text(&text, i > 0 ? "\n\n" : "");
        write_part(part, &text);
    }
    text_add_plain(out, text.data, true);
    text_buffer_free(&text);
}
