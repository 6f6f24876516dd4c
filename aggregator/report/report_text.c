/* Running text, to be pasted into a letter or a message: a table becomes a line or a few for each row. */
#include <ctype.h>
#include <string.h>

#include "report.h"
#include "width.h"

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

/* A rate's cell has its sign itself. */
static void add_heading(const char *heading, struct text_buffer *out)
{
    static const char sign[] = " (%)";
    size_t length = strlen(heading), end = strlen(sign);
    bool has_sign = length > end && strcmp(heading + length - end, sign) == 0;
    text_buffer_add(out, heading, has_sign ? length - end : length);
}

static bool is_told(const struct report *report, size_t row, size_t column)
{
    return !report->columns[column].for_programs &&
           report_cell(report, row, column)->kind != CELL_EMPTY;
}

static bool same_group(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Numbers and texts lead: "1. Sở Y tế, Tổ 17". Returns the column behind them. */
static size_t add_leading(const struct report *report, size_t row, struct text_buffer *out)
{
    const char *between = "";
    size_t i = 0;
    for (; i < report->column_count; i++) {
        const struct report_column *column = &report->columns[i];
        const struct report_cell *cell = report_cell(report, row, i);
        if (!is_told(report, row, i))
            continue;
        if ((cell->kind != CELL_TEXT && cell->kind != CELL_NUMBER) || column->labelled)
            break;
        text_buffer_add_text(out, between);
        if (cell->kind == CELL_TEXT && is_number(cell->text))
            text_buffer_add_format(out, "%s ", column->heading);
        report_cell_text(report, cell, out);
        between = cell->kind == CELL_NUMBER ? ". " : ", ";
    }
    return i;
}

/* How many figures stand below the heading above this column, from here on. */
static size_t group_length(const struct report *report, size_t row, size_t from)
{
    size_t length = 0;
    for (size_t i = from; i < report->column_count; i++) {
        if (!is_told(report, row, i))
            continue;
        if (!same_group(report->columns[i].group, report->columns[from].group))
            break;
        length++;
    }
    return length;
}

/* Several headings above columns, one of them above several figures: too much for a line. */
static bool needs_lines(const struct report *report, size_t row, size_t from)
{
    size_t groups = 0, longest = 0, left = 0;
    for (size_t i = from; i < report->column_count; i++) {
        if (!is_told(report, row, i))
            continue;
        if (left == 0) {
            left = group_length(report, row, i);
            bool has_heading = report->columns[i].group != NULL;
            groups += has_heading;
            longest = has_heading && left > longest ? left : longest;
        }
        left--;
    }
    return groups > 1 && longest > 1;
}

/* "1. Sở Y tế, Tổ 17: Đăng ký 18; …", "1. Sở Y tế: Đăng ký tham gia (Tổng 729; Tỷ lệ 91,3%); Đạt 487"; and where that is too much a
 * line below for each heading: "   - Trong tháng: Mới tham gia học 20; Mới đạt 6". */
static void add_row(const struct report *report, size_t row, struct text_buffer *out)
{
    size_t begin = out->length, i = add_leading(report, row, out), left = 0;
    bool lines = needs_lines(report, row, i), first = true, brackets = false;
    for (; i < report->column_count; i++) {
        const struct report_column *column = &report->columns[i];
        if (!is_told(report, row, i))
            continue;
        bool begins = left == 0;
        if (begins) {
            left = group_length(report, row, i);
            brackets = !lines && column->group != NULL && left > 1;
        }
        if (first && out->length > begin)
            text_buffer_add_text(out, lines ? ":" : ": ");
        text_buffer_add_text(out, begins && lines ? "\n   - " : first ? "" : "; ");
        if (begins && column->group != NULL) {
            add_heading(column->group, out);
            text_buffer_add_text(out, lines ? ": " : brackets ? " (" : ", ");
        }
        add_heading(column->heading, out);
        text_buffer_add_text(out, " ");
        report_cell_text(report, report_cell(report, row, i), out);
        first = false;
        if (--left == 0 && brackets)
            text_buffer_add_text(out, ")");
    }
    text_buffer_add_text(out, "\n");
}

static void add_gap(struct text_buffer *out)
{
    if (out->length > 0)
        text_buffer_add_text(out, "\n");
}

static void write_part(const struct report *part, struct text_buffer *out)
{
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

void report_write_text(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    struct text_buffer text = {0};
    text_buffer_add_text(&text, "");
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        if (i > 0)
            add_gap(&text);
        write_part(part, &text);
    }
    text_add_plain(out, text.data, true);
    text_buffer_free(&text);
}
