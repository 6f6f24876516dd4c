/* An Excel workbook that prints as it stands: A4 across, one page wide, headings on every page. */
#include <stdlib.h>
#include <string.h>

#include "../../common/xlsx_book.h"
#include "report.h"
#include "width.h"

#define CELL_KINDS (CELL_RATE + 1)
#define FONT "Times New Roman"
#define LINE_HEIGHT 18.0
#define WIDEST 45.0
#define NARROWEST 6.0
#define HEADING_WRAP 9 /* characters to which headings are wrapped, if their words allow */
#define TO_FILL_IN 26  /* characters of a text column that is still empty */
/* Letters of the font, in those that widths are counted in. */
#define LETTER 1.17
#define BOLD_LETTER 1.25

struct formats {
    struct xlsx_style *title, *line, *heading, *note;
    struct xlsx_style *cell[2][CELL_KINDS]; /* body, totals; by cell kind */
    struct xlsx_style *to_fill_in; /* an empty text cell: what is typed there stays as typed, 0 in front too */
};

struct sheet {
    const struct report *report;
    struct xlsx_sheet *sheet;
    struct formats formats;
    size_t count; /* printed columns */
    size_t *column;
    double *width;
    size_t row; /* the next free one */
};

static void make_formats(struct xlsx_book *book, struct formats *f)
{
    f->title = xlsx_style(book, &(struct xlsx_look){.bold = true, .centre = true, .wrap = true});
    f->line = xlsx_style(book, &(struct xlsx_look){.centre = true, .wrap = true});
    f->heading = xlsx_style(
        book, &(struct xlsx_look){.bold = true, .border = true, .centre = true, .wrap = true});
    f->note = xlsx_style(book, &(struct xlsx_look){.italic = true, .wrap = true});
    for (int totals = 0; totals < 2; totals++) {
        for (int kind = 0; kind < CELL_KINDS; kind++) {
            struct xlsx_look look = {.bold = totals == 1, .border = true};
            look.left_indent = look.wrap = kind == CELL_TEXT;
            look.numbers = kind == CELL_COUNT    ? "#,##0"
                           : kind == CELL_NUMBER ? "0"
                           : kind == CELL_RATE   ? "0.0%"
                                                 : NULL;
            f->cell[totals][kind] = xlsx_style(book, &look);
        }
    }
    f->to_fill_in =
        xlsx_style(book, &(struct xlsx_look){.border = true, .wrap = true, .numbers = "@"});
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
        xlsx_width(s->sheet, s->count, s->width[s->count], NULL);
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

/* A text over all columns, as high as it needs. */
static void write_across(struct sheet *s, const char *text, struct xlsx_style *format)
{
    double lines = (double)text_width(text) * LETTER / whole_width(s);
    xlsx_height(s->sheet, s->row, LINE_HEIGHT * (double)(1 + (int)lines));
    xlsx_merge(s->sheet, s->row, 0, s->row, s->count - 1, text, format);
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
    size_t top = s->row, bottom = two_levels ? s->row + 1 : s->row;
    for (size_t i = 0; i < s->count;) {
        const struct report_column *column = &s->report->columns[s->column[i]];
        size_t end = i + 1;
        if (column->group == NULL) {
            xlsx_merge(s->sheet, top, i, bottom, i, column->heading, s->formats.heading);
            i = end;
            continue;
        }
        while (end < s->count && s->report->columns[s->column[end]].group != NULL &&
               strcmp(column->group, s->report->columns[s->column[end]].group) == 0)
            end++;
        xlsx_merge(s->sheet, top, i, top, end - 1, column->group, s->formats.heading);
        for (; i < end; i++)
            xlsx_text(s->sheet, bottom, i, s->report->columns[s->column[i]].heading,
                      s->formats.heading);
    }
    if (two_levels)
        xlsx_height(s->sheet, top, LINE_HEIGHT + 6);
    xlsx_height(s->sheet, bottom, heading_height(s));
    xlsx_headings(s->sheet, top, bottom);
    s->row = bottom + 1;
}

static void write_cell(struct sheet *s, const struct report_cell *cell, enum cell_kind kind,
                       size_t column, bool totals)
{
    struct xlsx_style *format = s->formats.cell[totals][cell->kind == CELL_EMPTY ? kind : cell->kind];
    size_t at = column;
    int64_t tenths;
    switch (cell->kind) {
    case CELL_TEXT:
        xlsx_text(s->sheet, s->row, at, cell->text, format);
        return;
    case CELL_COUNT:
    case CELL_NUMBER:
        xlsx_number(s->sheet, s->row, at, (double)cell->count, format);
        return;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths)) {
            xlsx_number(s->sheet, s->row, at, (double)tenths / 1000.0, format);
            return;
        }
        break;
    case CELL_EMPTY:
        if (kind == CELL_TEXT)
            format = s->formats.to_fill_in;
        break;
    }
    xlsx_blank(s->sheet, s->row, at, format);
}

static void write_rows(struct sheet *s)
{
    const struct report *report = s->report;
    for (size_t row = 0; row < report->row_count; row++) {
        bool totals = report->has_totals && row + 1 == report->row_count;
        xlsx_height(s->sheet, s->row, row_height(s, row));
        for (size_t i = 0; i < s->count; i++)
            write_cell(s, report_cell(report, row, s->column[i]),
                       report->columns[s->column[i]].kind, i, totals);
        s->row++;
    }
}

static void write_all(struct sheet *s)
{
    const struct report *report = s->report;
    lay_out(s);
    write_across(s, report->title, s->formats.title);
    for (size_t i = 0; i < report->line_count; i++)
        write_across(s, report->lines[i], s->formats.line);
    s->row++;
    write_headings(s);
    write_rows(s);
    s->row++;
    for (size_t i = 0; i < report->note_count; i++)
        write_across(s, report->notes[i], s->formats.note);
    xlsx_page(s->sheet, SAY(report, "&C&\"" FONT "\"Trang &P/&N", "&C&\"" FONT "\"Page &P of &N"),
              s->row, s->count);
    free(s->column);
    free(s->width);
}

bool report_write_xlsx(const struct report *report, const char *path, struct error *err)
{
    struct xlsx_book *book = xlsx_book_new(path, report->title, err);
    if (book == NULL)
        return false;
    struct sheet sheet = {.report = report, .sheet = xlsx_sheet(book, report->name)};
    make_formats(book, &sheet.formats);
    write_all(&sheet);
    return xlsx_book_close(book, err);
}
