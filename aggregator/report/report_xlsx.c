/* An Excel workbook that prints as it stands: A4 across, one page wide, headings on every page. The only file that knows
 * libxlsxwriter. */
#include <stdlib.h>
#include <xlsxwriter.h>

#include "report.h"
#include "width.h"

#define CELL_KINDS (CELL_RATE + 1)
#define FONT "Times New Roman"
#define FONT_SIZE 13
#define PAPER_A4 9
#define LINE_HEIGHT 18.0
#define WIDEST 45.0
#define NARROWEST 6.0
#define HEADING_WRAP 9 /* characters to which headings are wrapped, if their words allow */
#define TO_FILL_IN 26  /* characters of a text column that is still empty */
/* Letters of the font, in those that widths are counted in. */
#define LETTER 1.17
#define BOLD_LETTER 1.25

struct formats {
    lxw_format *title, *line, *heading, *note;
    lxw_format *cell[2][CELL_KINDS]; /* body, totals; by cell kind */
    lxw_format *to_fill_in; /* an empty text cell: what is typed there stays as typed, 0 in front too */
};

struct sheet {
    const struct report *report;
    lxw_worksheet *worksheet;
    struct formats formats;
    size_t count; /* printed columns */
    size_t *column;
    double *width;
    lxw_row_t row; /* the next free one */
};

static lxw_format *plain_format(lxw_workbook *workbook, bool bold, bool border)
{
    lxw_format *format = workbook_add_format(workbook);
    format_set_font_name(format, FONT);
    format_set_font_size(format, FONT_SIZE);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (bold)
        format_set_bold(format);
    if (border)
        format_set_border(format, LXW_BORDER_THIN);
    return format;
}

static void make_formats(lxw_workbook *workbook, struct formats *f)
{
    f->title = plain_format(workbook, true, false);
    format_set_align(f->title, LXW_ALIGN_CENTER);
    format_set_text_wrap(f->title);
    f->line = plain_format(workbook, false, false);
    format_set_align(f->line, LXW_ALIGN_CENTER);
    format_set_text_wrap(f->line);
    f->heading = plain_format(workbook, true, true);
    format_set_align(f->heading, LXW_ALIGN_CENTER);
    format_set_text_wrap(f->heading);
    f->note = plain_format(workbook, false, false);
    format_set_italic(f->note);
    format_set_text_wrap(f->note);
    for (int totals = 0; totals < 2; totals++) {
        for (int kind = 0; kind < CELL_KINDS; kind++)
            f->cell[totals][kind] = plain_format(workbook, totals == 1, true);
        format_set_align(f->cell[totals][CELL_TEXT], LXW_ALIGN_LEFT);
        format_set_indent(f->cell[totals][CELL_TEXT], 1);
        format_set_text_wrap(f->cell[totals][CELL_TEXT]);
        format_set_num_format(f->cell[totals][CELL_COUNT], "#,##0");
        format_set_num_format(f->cell[totals][CELL_NUMBER], "0");
        format_set_num_format(f->cell[totals][CELL_RATE], "0.0%");
    }
    f->to_fill_in = plain_format(workbook, false, true);
    format_set_text_wrap(f->to_fill_in);
    format_set_num_format(f->to_fill_in, "@");
}

static size_t cell_width(const struct report *report, const struct report_cell *cell)
{
    struct text_buffer text = {0};
    report_cell_text(report, cell, &text);
    size_t width = text.length > 0 ? text_width_of(text.data, text.length) : 0;
    text_buffer_free(&text);
    return width;
}

/* In characters of the default font. */
static double column_width(const struct report *report, size_t column)
{
    const struct report_column *c = &report->columns[column];
    size_t heading = text_width(c->heading);
    size_t widest_word = text_widest_word(c->heading);
    size_t width = heading < HEADING_WRAP ? heading : widest_word, widest = 0;
    for (size_t row = 0; row < report->row_count; row++) {
        size_t needed = cell_width(report, report_cell(report, row, column));
        widest = needed > widest ? needed : widest;
    }
    if (widest == 0 && c->kind == CELL_TEXT)
        widest = TO_FILL_IN;
    width = widest > width ? widest : width;
    double wide = (double)width * LETTER + 2.5;
    return wide < NARROWEST ? NARROWEST : wide > WIDEST ? WIDEST : wide;
}

static void lay_out(struct sheet *s)
{
    const struct report *report = s->report;
    s->column = calloc(report->column_count + 1, sizeof(*s->column));
    s->width = calloc(report->column_count + 1, sizeof(*s->width));
    if (s->column == NULL || s->width == NULL)
        abort();
    for (size_t i = 0; i < report->column_count; i++) {
        if (report->columns[i].for_programs)
            continue;
        s->column[s->count] = i;
        s->width[s->count] = column_width(report, i);
        worksheet_set_column(s->worksheet, (lxw_col_t)s->count, (lxw_col_t)s->count,
                             s->width[s->count], NULL);
        s->count++;
    }
}

static double whole_width(const struct sheet *s)
{
    double width = 0;
    for (size_t i = 0; i < s->count; i++)
        width += s->width[i];
    return width;
}

static void merge_or_write(struct sheet *s, lxw_row_t first, size_t left, lxw_row_t last,
                           size_t right, const char *text, lxw_format *format)
{
    if (first == last && left == right)
        worksheet_write_string(s->worksheet, first, (lxw_col_t)left, text, format);
    else
        worksheet_merge_range(s->worksheet, first, (lxw_col_t)left, last, (lxw_col_t)right, text,
                              format);
}

/* A text over all columns, as high as it needs. */
static void write_across(struct sheet *s, const char *text, lxw_format *format)
{
    double lines = (double)text_width(text) * LETTER / whole_width(s);
    worksheet_set_row(s->worksheet, s->row, LINE_HEIGHT * (double)(1 + (int)lines), NULL);
    merge_or_write(s, s->row, 0, s->row, s->count - 1, text, format);
    s->row++;
}

static bool has_groups(const struct sheet *s)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->report->columns[s->column[i]].group != NULL)
            return true;
    }
    return false;
}

/* Lines that a text takes in a column. */
static size_t lines_at(const char *text, double width, double letter)
{
    const char *rest = text, *line;
    size_t bytes, lines = 0;
    while (text_wrap(&rest, (size_t)(width / letter), &line, &bytes))
        lines++;
    return lines;
}

static double heading_height(const struct sheet *s)
{
    size_t most = 1;
    for (size_t i = 0; i < s->count; i++) {
        size_t lines = lines_at(s->report->columns[s->column[i]].heading, s->width[i], BOLD_LETTER);
        most = lines > most ? lines : most;
    }
    return LINE_HEIGHT * (double)most + 6;
}

/* Said in the file: not every program that opens it finds the height itself. */
static double row_height(const struct sheet *s, size_t row)
{
    size_t most = 1;
    for (size_t i = 0; i < s->count; i++) {
        const struct report_cell *cell = report_cell(s->report, row, s->column[i]);
        size_t lines = cell->kind == CELL_TEXT ? lines_at(cell->text, s->width[i], LETTER) : 1;
        most = lines > most ? lines : most;
    }
    return LINE_HEIGHT * (double)most;
}

static void write_headings(struct sheet *s)
{
    bool two_levels = has_groups(s);
    lxw_row_t top = s->row, bottom = two_levels ? s->row + 1 : s->row;
    for (size_t i = 0; i < s->count;) {
        const struct report_column *column = &s->report->columns[s->column[i]];
        size_t end = i + 1;
        if (column->group == NULL) {
            merge_or_write(s, top, i, bottom, i, column->heading, s->formats.heading);
            i = end;
            continue;
        }
        while (end < s->count && s->report->columns[s->column[end]].group != NULL &&
               strcmp(column->group, s->report->columns[s->column[end]].group) == 0)
            end++;
        merge_or_write(s, top, i, top, end - 1, column->group, s->formats.heading);
        for (; i < end; i++)
            worksheet_write_string(s->worksheet, bottom, (lxw_col_t)i,
                                   s->report->columns[s->column[i]].heading, s->formats.heading);
    }
    if (two_levels)
        worksheet_set_row(s->worksheet, top, LINE_HEIGHT + 6, NULL);
    worksheet_set_row(s->worksheet, bottom, heading_height(s), NULL);
    worksheet_repeat_rows(s->worksheet, top, bottom);
    worksheet_freeze_panes(s->worksheet, bottom + 1, 0);
    s->row = bottom + 1;
}

static void write_cell(struct sheet *s, const struct report_cell *cell, enum cell_kind kind,
                       size_t column, bool totals)
{
    lxw_format *format = s->formats.cell[totals][cell->kind == CELL_EMPTY ? kind : cell->kind];
    lxw_col_t at = (lxw_col_t)column;
    int64_t tenths;
    switch (cell->kind) {
    case CELL_TEXT:
        worksheet_write_string(s->worksheet, s->row, at, cell->text, format);
        return;
    case CELL_COUNT:
    case CELL_NUMBER:
        worksheet_write_number(s->worksheet, s->row, at, (double)cell->count, format);
        return;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths)) {
            worksheet_write_number(s->worksheet, s->row, at, (double)tenths / 1000.0, format);
            return;
        }
        break;
    case CELL_EMPTY:
        if (kind == CELL_TEXT)
            format = s->formats.to_fill_in;
        break;
    }
    worksheet_write_blank(s->worksheet, s->row, at, format);
}

static void write_rows(struct sheet *s)
{
    const struct report *report = s->report;
    for (size_t row = 0; row < report->row_count; row++) {
        bool totals = report->has_totals && row + 1 == report->row_count;
        worksheet_set_row(s->worksheet, s->row, row_height(s, row), NULL);
        for (size_t i = 0; i < s->count; i++)
            write_cell(s, report_cell(report, row, s->column[i]),
                       report->columns[s->column[i]].kind, i, totals);
        s->row++;
    }
}

static void set_up_page(struct sheet *s)
{
    worksheet_set_landscape(s->worksheet);
    worksheet_set_paper(s->worksheet, PAPER_A4);
    worksheet_fit_to_pages(s->worksheet, 1, 0);
    worksheet_center_horizontally(s->worksheet);
    worksheet_set_margins(s->worksheet, 0.5, 0.5, 0.6, 0.6);
    worksheet_set_footer(
        s->worksheet, SAY(s->report, "&C&\"" FONT "\"Trang &P/&N", "&C&\"" FONT "\"Page &P of &N"));
}

static void write_all(struct sheet *s)
{
    const struct report *report = s->report;
    lay_out(s);
    set_up_page(s);
    write_across(s, report->title, s->formats.title);
    for (size_t i = 0; i < report->line_count; i++)
        write_across(s, report->lines[i], s->formats.line);
    s->row++;
    write_headings(s);
    write_rows(s);
    s->row++;
    for (size_t i = 0; i < report->note_count; i++)
        write_across(s, report->notes[i], s->formats.note);
    worksheet_print_area(s->worksheet, 0, 0, s->row > 0 ? s->row - 1 : 0, (lxw_col_t)(s->count - 1));
    free(s->column);
    free(s->width);
}

bool report_write_xlsx(const struct report *report, const char *path, struct error *err)
{
    lxw_workbook *workbook = workbook_new(path);
    if (workbook == NULL)
        return error_set(err, ERROR_INTERNAL, false, "cannot make an Excel file");
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)report->title,
                                     .company = (char *)(uintptr_t) "MOOC Pulse"};
    workbook_set_properties(workbook, &properties);
    struct sheet sheet = {.report = report,
                          .worksheet = workbook_add_worksheet(workbook, report->name)};
    make_formats(workbook, &sheet.formats);
    write_all(&sheet);
    lxw_error failure = workbook_close(workbook);
    if (failure != LXW_NO_ERROR)
        return error_set(err, ERROR_INTERNAL, false, "cannot be written: %s", lxw_strerror(failure));
    return true;
}
