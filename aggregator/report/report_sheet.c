#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text.h"
#include "report_font.h"
#include "report_sheet.h"
#include "width.h"

#define AIR 3.0 /* over and under the lines of a row */
#define HEADING_AIR 8.25
#define HIGHEST 408.75   /* that a row may be */
#define ROOM_TO_SIGN 4   /* rows */
#define SIGNED_SHARE 0.4 /* of the page's width, at least */
#define LONGEST_CELL 32000

struct sheet {
    const struct report *report;
    const struct report_page *page;
    const struct sheet_styles *styles;
    struct xlsx_sheet *sheet;
    size_t columns; /* of the sheet: without a table two, so that there is a right half */
    size_t row;     /* the next free one */
    double used;    /* height of what was written */
    bool measured;  /* nothing is written: only row and used move on */
};

/* The height of the next row, or of those up to it. */
static void set_height(struct sheet *s, double height)
{
    if (!s->measured)
        xlsx_height(s->sheet, s->row, height);
    s->used += height;
}

static void leave_row(struct sheet *s)
{
    set_height(s, page_pixels(PAGE_FONT));
    s->row++;
}

/* Excel writes the separators of the reader's own settings; others those of the language named here. "_)" is a blank as wide as
 * a bracket. */
const char *sheet_number_format(enum language language, enum cell_kind kind)
{
    static const char *const formats[2][4] = {{"[$-42A]#,##0_)", "0", "[$-42A]0.0%_)", "dd/mm/yyyy"},
                                              {"[$-409]#,##0_)", "0", "[$-409]0.0%_)", "dd/mm/yyyy"}};
    return kind < CELL_COUNT ? NULL : formats[language == LANGUAGE_EN][kind - CELL_COUNT];
}

void sheet_styles_make(struct xlsx_book *book, enum language language, double font,
                       struct sheet_styles *s)
{
    s->strong = xlsx_style(book, &(struct xlsx_look){.bold = true, .centre = true, .wrap = true});
    s->centred = xlsx_style(book, &(struct xlsx_look){.centre = true, .wrap = true});
    s->slanted = xlsx_style(book, &(struct xlsx_look){.italic = true, .centre = true, .wrap = true});
    s->note = xlsx_style(book, &(struct xlsx_look){.italic = true, .wrap = true});
    s->paragraph = xlsx_style(book, &(struct xlsx_look){.justify = true, .wrap = true});
    s->heading = xlsx_style(
        book, &(struct xlsx_look){
                  .bold = true, .border = true, .centre = true, .wrap = true, .size = font});
    for (int face = 0; face < FACES; face++) {
        for (int kind = 0; kind <= CELL_DATE; kind++) {
            struct xlsx_look look = {.bold = face != FACE_PLAIN,
                                     .italic = face == FACE_SUBTOTAL,
                                     .border = true,
                                     .centre = kind == CELL_NUMBER || kind == CELL_DATE,
                                     .left_indent = kind == CELL_TEXT,
                                     .wrap = kind == CELL_TEXT,
                                     .size = font,
                                     .numbers = sheet_number_format(language, (enum cell_kind)kind)};
            s->cell[face][kind] = xlsx_style(book, &look);
        }
    }
    s->to_fill_in = xlsx_style(
        book, &(struct xlsx_look){.border = true, .wrap = true, .size = font, .numbers = "@"});
}

#define SERIAL_OF_1970 25569 /* as spreadsheets number days */

/* The library writes no text at all that is too long for a cell. */
static void put_text(struct sheet *s, size_t column, const char *text, struct xlsx_style *style)
{
    struct text_buffer cut = {0};
    if (strlen(text) > LONGEST_CELL) {
        text_buffer_add_format(&cut, "%.*s…", text_fit(text, LONGEST_CELL), text);
        text = cut.data;
    }
    xlsx_text(s->sheet, s->row, column, text, style);
    text_buffer_free(&cut);
}

static double height_of(size_t lines, double font)
{
    double height = page_pixels((double)lines * font * FONT_LINE + AIR);
    return height < HIGHEST ? height : HIGHEST;
}

/* Merges from a column to the last one, in a row that is as high as the text needs. */
static void write_from(struct sheet *s, size_t left, double width, const char *text, bool bold,
                       struct xlsx_style *style)
{
    size_t lines = report_page_lines(text, width, PAGE_FONT, bold);
    set_height(s, height_of(lines, PAGE_FONT));
    if (left + 1 < s->columns && !s->measured)
        xlsx_merge(s->sheet, s->row, left, s->row, s->columns - 1, "", style);
    if (!s->measured)
        put_text(s, left, text, style);
    s->row++;
}

static void write_across(struct sheet *s, const char *text, bool bold, struct xlsx_style *style)
{
    write_from(s, 0, s->page->whole, text, bold, style);
}

static void write_title(struct sheet *s)
{
    struct text_buffer text = {0};
    report_page_balance(s->report->title, s->page->whole, PAGE_FONT, true, &text);
    write_across(s, text.data, true, s->styles->strong);
    text_buffer_free(&text);
}

static void write_top(struct sheet *s)
{
    const struct report *report = s->report;
    if (report->caption != NULL)
        write_across(s, report->caption, true, s->styles->strong);
    if (report->title[0] != '\0')
        write_title(s);
    if (report->attached_to != NULL) {
        struct text_buffer text = {0};
        report_say_attached(report, &text);
        write_across(s, text.data, false, s->styles->slanted);
        text_buffer_free(&text);
    }
    for (size_t i = 0; i < report->line_count; i++)
        write_across(s, report->lines[i], false, s->styles->centred);
    if (s->row > 0)
        leave_row(s);
}

static double heading_height(const struct sheet *s)
{
    size_t most = 1;
    for (size_t i = 0; i < s->page->count; i++) {
        const struct report_column *column = &s->report->columns[s->page->column[i]];
        if (s->page->groups && column->group == NULL)
            continue; /* it has both rows */
        size_t lines = report_page_lines(column->heading, s->page->width[i], s->page->font, true);
        most = lines > most ? lines : most;
    }
    return height_of(most, s->page->font) + HEADING_AIR;
}

static double headings_height(const struct sheet *s)
{
    double groups = height_of(1, s->page->font) + HEADING_AIR;
    return heading_height(s) + (s->page->groups ? groups : 0);
}

static void write_headings(struct sheet *s)
{
    const struct report *report = s->report;
    size_t top = s->row, bottom = s->page->groups ? s->row + 1 : s->row;
    for (size_t i = 0, end; i < s->page->count; i = end) {
        const struct report_column *column = &report->columns[s->page->column[i]];
        end = report_page_group_end(report, s->page, i);
        if (column->group == NULL) {
            xlsx_merge(s->sheet, top, i, bottom, i, column->heading, s->styles->heading);
            continue;
        }
        xlsx_merge(s->sheet, top, i, top, end - 1, column->group, s->styles->heading);
        for (size_t at = i; at < end; at++)
            xlsx_text(s->sheet, bottom, at, report->columns[s->page->column[at]].heading,
                      s->styles->heading);
    }
    if (s->page->groups)
        xlsx_height(s->sheet, top, headings_height(s) - heading_height(s));
    xlsx_height(s->sheet, bottom, heading_height(s));
    xlsx_headings(s->sheet, top, bottom);
    s->row = bottom + 1;
}

static void write_cell(struct sheet *s, const struct report_cell *cell, enum cell_kind kind,
                       size_t column, enum sheet_face face)
{
    bool own = kind == CELL_TEXT && cell->kind != CELL_EMPTY; /* texts may have figures among them */
    struct xlsx_style *style = s->styles->cell[face][own ? cell->kind : kind];
    int64_t tenths;
    switch (cell->kind) {
    case CELL_TEXT:
        put_text(s, column, cell->text, style);
        return;
    case CELL_COUNT:
    case CELL_NUMBER:
        xlsx_number(s->sheet, s->row, column, (double)cell->count, style);
        return;
    case CELL_RATE:
        if (rate_tenths(cell->count, cell->of, &tenths)) {
            xlsx_number(s->sheet, s->row, column, (double)tenths / 1000.0, style);
            return;
        }
        break;
    case CELL_DATE:
        xlsx_number(s->sheet, s->row, column, (double)(cell->count + SERIAL_OF_1970), style);
        return;
    case CELL_EMPTY:
        if (kind == CELL_TEXT && face == FACE_PLAIN)
            style = s->styles->to_fill_in;
        break;
    }
    xlsx_blank(s->sheet, s->row, column, style);
}

/* heights: of the report's rows. */
static void write_rows(struct sheet *s, const double *heights)
{
    static const enum sheet_face faces[] = {FACE_PLAIN, FACE_TOTALS, FACE_SUBTOTAL, FACE_TOTALS};
    const struct report *report = s->report;
    size_t first = s->row;
    for (size_t row = 0; row < report->row_count; row++) {
        enum sheet_face face = faces[report_row_kind(report, row)];
        set_height(s, heights[row]);
        for (size_t i = 0; i < s->page->count; i++)
            write_cell(s, report_cell(report, row, s->page->column[i]),
                       report->columns[s->page->column[i]].kind, i, face);
        s->row++;
    }
    if (s->row > first)
        xlsx_text_is_meant(s->sheet, first, 0, s->row - 1, s->columns - 1);
}

/* The first column of the right part of the page, in which it is signed, and how wide that is. */
static size_t signed_column(const struct sheet *s, double *width)
{
    size_t column = s->page->count;
    *width = 0;
    if (column == 0) {
        *width = s->page->whole / 2;
        return 1;
    }
    while (column > 0 && *width < s->page->whole * SIGNED_SHARE)
        *width += s->page->width[--column];
    return column;
}

static void write_signature(struct sheet *s)
{
    struct text_buffer text = {0};
    double width;
    size_t left = signed_column(s, &width);
    leave_row(s);
    report_say_place(s->report, &text);
    write_from(s, left, width, text.data, false, s->styles->slanted);
    for (size_t line = 0;; line++) {
        text_buffer_clear(&text);
        text_buffer_add_text(&text, "");
        if (!report_say_signer(s->report, line, &text))
            break;
        write_from(s, left, width, text.data, true, s->styles->strong);
    }
    write_from(s, left, width, report_say_sign(s->report), false, s->styles->slanted);
    for (size_t i = 0; i < ROOM_TO_SIGN; i++)
        write_from(s, left, width, "", false, s->styles->centred);
    text_buffer_free(&text);
}

static void write_end(struct sheet *s)
{
    const struct report *report = s->report;
    if (report->note_count > 0)
        leave_row(s);
    for (size_t i = 0; i < report->note_count; i++)
        write_across(s, report->notes[i], false, s->styles->note);
    if (report->signature.wanted)
        write_signature(s);
}

static double paragraph_height(const struct sheet *s, size_t paragraph)
{
    return height_of(
        report_page_lines(s->report->paragraphs[paragraph], s->page->whole, PAGE_FONT, false),
        PAGE_FONT);
}

static double end_height(const struct sheet *s)
{
    struct sheet end = *s;
    end.measured = true;
    end.used = 0;
    leave_row(&end);
    write_end(&end);
    return end.used;
}

/* What stays on one page from this paragraph on: a heading with what it leads, the last one with where it is signed. */
static double kept_height(const struct sheet *s, size_t paragraph)
{
    size_t count = s->report->paragraph_count;
    double height = paragraph_height(s, paragraph);
    while (paragraph + 1 < count && report_page_leads(s->report->paragraphs[paragraph]))
        height += paragraph_height(s, ++paragraph);
    return paragraph + 1 == count && s->page->count == 0 ? height + end_height(s) : height;
}

/* Empty rows down to the end of a page: programs that fit a sheet to the page's width heed no page break. */
static void leave_page(struct sheet *s, double room)
{
    room = page_pixels(room) - page_pixels(1.0); /* never a hair more than there is */
    while (room > 0) {
        double height = room < HIGHEST ? room : HIGHEST;
        set_height(s, height);
        s->row++;
        room -= height;
    }
}

static void write_paragraphs(struct sheet *s)
{
    const struct report *report = s->report;
    double on_page = s->used;
    for (size_t i = 0; i < report->paragraph_count; i++) {
        double height = paragraph_height(s, i), kept = kept_height(s, i);
        if (on_page + kept > PAGE_HEIGHT && kept <= PAGE_HEIGHT && on_page < PAGE_HEIGHT) {
            leave_page(s, PAGE_HEIGHT - on_page);
            on_page = 0;
        }
        on_page = on_page + height > PAGE_HEIGHT ? height : on_page + height;
        write_across(s, report->paragraphs[i], false, s->styles->paragraph);
    }
    if (report->paragraph_count > 0)
        leave_row(s);
}

/* The table, and the end as far as it can be under the table's last rows. */
static void write_table(struct sheet *s)
{
    const struct report *report = s->report;
    double *heights = must_have(calloc(report->row_count + 1, sizeof(*heights)));
    double percent = floor(s->page->scale * 100) / 100; /* pages shrink by whole ones */
    struct page_flow flow = {.page = PAGE_HEIGHT / percent,
                             .before = s->used,
                             .heading = headings_height(s),
                             .rows = heights,
                             .row_count = report->row_count};
    write_headings(s);
    for (size_t row = 0; row < report->row_count; row++)
        heights[row] = height_of(report_page_row_lines(report, s->page, row), s->page->font);
    /* What comes after is written first: then its height is known. */
    struct sheet end = *s;
    end.row += report->row_count;
    end.used = 0;
    write_end(&end);
    flow.after = end.used;
    double stretch = page_flow_stretch(&flow);
    for (size_t row = 0; row < report->row_count; row++) {
        heights[row] = page_pixels(heights[row] * stretch);
        heights[row] = heights[row] < HIGHEST ? heights[row] : HIGHEST;
    }
    write_rows(s, heights);
    free(heights);
    s->row = end.row;
}

const char *sheet_footer(const struct report *report)
{
    return SAY(report, "&C&\"Times New Roman\"Trang &P/&N", "&C&\"Times New Roman\"Page &P/&N");
}

void sheet_fill(const struct report *report, const struct report_page *page,
                const struct sheet_styles *styles, struct xlsx_sheet *sheet, size_t *first_row)
{
    size_t columns = page->count > 0 ? page->count : 2;
    struct sheet s = {report, page, styles, sheet, columns, 0, 0, false};
    for (size_t i = 0; i < s.columns; i++)
        xlsx_points_wide(sheet, i, page->count > 0 ? page->width[i] : page->whole / 2);
    write_top(&s);
    write_paragraphs(&s);
    *first_row = s.row + (page->groups ? 2 : 1);
    if (page->count > 0)
        write_table(&s);
    else
        write_end(&s);
    xlsx_page(sheet, sheet_footer(report), s.row, s.columns);
}
