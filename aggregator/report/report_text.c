/* Running text, to be pasted into a letter or a message: a table becomes a line for each row. */
#include <ctype.h>
#include <string.h>

#include "report.h"

static void add_lines(const char *const *lines, size_t count, struct text_buffer *out)
{
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(out, "%s\n", lines[i]);
}

/* A group's name is often its number, which says nothing by itself: "Tổ 17". */
static bool is_number(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return digits > 0 && (name[digits] == '\0' ||
                          (isalpha((unsigned char)name[digits]) && name[digits + 1] == '\0'));
}

/* "1. Sở Y tế, Tổ 17: Đăng ký 18; …" or "1. Sở Y tế: Đăng ký tham gia, Tổng 729; Đạt 487": numbers and texts lead, what was measured follows. */
static void add_row(const struct report *report, size_t row, struct text_buffer *out)
{
    const char *between = "";
    bool leading = true;
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_column *column = &report->columns[i];
        const struct report_cell *cell = report_cell(report, row, i);
        if (column->for_programs || cell->kind == CELL_EMPTY)
            continue;
        bool leads = leading && (cell->kind == CELL_TEXT || cell->kind == CELL_NUMBER);
        text_buffer_add_text(out, leading && !leads && between[0] != '\0' ? ": " : between);
        if (!leads && column->group != NULL)
            text_buffer_add_format(out, "%s, ", column->group);
        if (!leads || (cell->kind == CELL_TEXT && is_number(cell->text)))
            text_buffer_add_format(out, "%s ", column->heading);
        report_cell_text(report, cell, out);
        between = !leads ? "; " : cell->kind == CELL_NUMBER ? ". " : ", ";
        leading = leads;
    }
    text_buffer_add_text(out, "\n");
}

static void add_gap(struct text_buffer *out)
{
    if (out->length > 0)
        text_buffer_add_text(out, "\n");
}

void report_write_text(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        if (i > 0)
            add_gap(out);
        if (part->title[0] != '\0')
            text_buffer_add_format(out, "%s\n", part->title);
        if (part->attached_to != NULL)
            text_buffer_add_format(out, SAY(part, "(Phụ lục kèm theo %s)\n", "(Attached to %s)\n"),
                                   part->attached_to);
        add_lines(part->lines, part->line_count, out);
        if (part->paragraph_count > 0)
            add_gap(out);
        add_lines(part->paragraphs, part->paragraph_count, out);
        if (part->row_count > 0)
            add_gap(out);
        for (size_t row = 0; row < part->row_count; row++)
            add_row(part, row, out);
        if (part->note_count > 0)
            add_gap(out);
        add_lines(part->notes, part->note_count, out);
    }
}
