/* An Excel workbook that prints as it stands: a sheet for each part, A4 across, one page wide, headings on every page; the charts
 * follow, each on a sheet of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text.h"
#include "report_sheet.h"
#include "width.h"

#define NAME_CHARACTERS 31     /* that the name of a sheet may have */
#define NAME_SIZE 160          /* bytes of it, with a number behind */
#define MADE_UNKNOWN 946684800 /* 2000-01-01: what a file says that is of no known instant */
#define SECOND 1000000

struct book {
    struct xlsx_book *book;
    char (*names)[NAME_SIZE];
    size_t name_count;
};

/* The bytes of the first `most` characters. */
static size_t first_characters(const char *text, size_t most)
{
    size_t at = 0, length = strlen(text);
    for (uint32_t c; most > 0 && at < length; most--)
        at += text_character(text + at, length - at, &c);
    return at;
}

/* What Excel takes for a name: no []:*?/\, no control characters, no apostrophe at an end. */
static void clean_name(const char *wanted, size_t characters, char out[NAME_SIZE])
{
    size_t used = 0, bytes = first_characters(wanted, characters);
    for (size_t i = 0; i < bytes; i++) {
        bool bad = strchr("[]:*?/\\'", wanted[i]) != NULL || (unsigned char)wanted[i] < ' ';
        out[used++] = bad ? '-' : wanted[i];
    }
    out[used] = '\0';
    if (used == 0)
        memcpy(out, "1", 2);
}

/* Names differ whatever the case of their letters is. */
static bool is_taken(const struct book *b, const char *name)
{
    char folded[NAME_SIZE * 2], other[NAME_SIZE * 2];
    for (size_t i = 0; i < b->name_count; i++) {
        bool comparable =
            text_fold(name, folded, sizeof(folded)) && text_fold(b->names[i], other, sizeof(other));
        if (strcmp(b->names[i], name) == 0 || (comparable && strcmp(folded, other) == 0))
            return true;
    }
    return false;
}

static const char *new_name(struct book *b, const char *wanted)
{
    char *name = b->names[b->name_count];
    clean_name(wanted, NAME_CHARACTERS, name);
    for (size_t number = 2; is_taken(b, name); number++) {
        char suffix[24];
        int length = snprintf(suffix, sizeof(suffix), " %zu", number);
        clean_name(wanted, NAME_CHARACTERS - (size_t)length, name);
        memcpy(name + strlen(name), suffix, (size_t)length + 1);
    }
    b->name_count++;
    return name;
}

/* Where the plain rows stand on the sheet, as ranges. */
static struct xlsx_rows *plain_rows(const struct report *report, size_t first_row, size_t *count)
{
    struct xlsx_rows *rows = must_have(calloc(report->row_count + 1, sizeof(*rows)));
    size_t shown = 0;
    *count = 0;
    for (size_t row = 0; row < report->row_count && shown < CHART_ROWS; row++) {
        if (report_row_kind(report, row) != ROW_PLAIN)
            continue;
        size_t at = first_row + row;
        if (*count > 0 && rows[*count - 1].last + 1 == at)
            rows[*count - 1].last = at;
        else
            rows[(*count)++] = (struct xlsx_rows){at, at};
        shown++;
    }
    return rows;
}

static size_t printed_index(const struct report_page *page, size_t column)
{
    size_t at = 0;
    while (page->column[at] != column)
        at++;
    return at;
}

static void add_chart(struct book *b, const struct report *report, const struct report_page *page,
                      const char *sheet, size_t first_row)
{
    const struct report_chart *from = &report->chart;
    struct xlsx_series series[REPORT_CHART_VALUES];
    struct text_buffer title = {0};
    struct xlsx_chart chart = {.sheet = sheet,
                               .line = from->kind == CHART_LINE,
                               .series = series,
                               .series_count = from->value_count};
    struct xlsx_rows *rows = plain_rows(report, first_row, &chart.row_count);
    if (from->value_count > 0 && chart.row_count > 0) {
        report_say_chart(report, &title);
        chart.title = title.data;
        chart.rows = rows;
        chart.labels = printed_index(page, from->label);
        for (size_t i = 0; i < from->value_count; i++)
            series[i] = (struct xlsx_series){report->columns[from->values[i]].heading,
                                             printed_index(page, from->values[i])};
        enum cell_kind kind = report->columns[from->values[0]].kind;
        chart.percent = kind == CELL_RATE;
        chart.numbers = sheet_number_format(report->language, kind);
        xlsx_chart_sheet(b->book, new_name(b, SAY(report, "Biểu đồ", "Chart")), &chart,
                         sheet_footer(report));
    }
    text_buffer_free(&title);
    free(rows);
}

static void add_part(struct book *b, const struct report *report)
{
    struct report_page page;
    struct sheet_styles styles;
    size_t first_row;
    report_page_of(report, &page);
    sheet_styles_make(b->book, report->language, page.font, &styles);
    const char *name = new_name(b, report->sheet != NULL ? report->sheet : report->name);
    sheet_fill(report, &page, &styles, xlsx_sheet(b->book, name), &first_row);
    if (report->chart.kind != CHART_NONE)
        add_chart(b, report, &page, name, first_row);
    report_page_free(&page);
}

bool report_write_xlsx(const struct report *report, const char *path, struct error *err)
{
    struct book b = {0};
    int64_t made = (int64_t)MADE_UNKNOWN * SECOND;
    const struct report *part;
    b.book = xlsx_book_new(path, report->title, err);
    if (b.book == NULL)
        return false;
    if (report->as_of != NULL && !clock_parse(report->as_of, &made))
        made = (int64_t)MADE_UNKNOWN * SECOND;
    xlsx_made(b.book, report->title, made / SECOND);
    b.names = must_have(calloc(2 * (report->part_count + 1), sizeof(*b.names)));
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++)
        add_part(&b, part);
    bool written = xlsx_book_close(b.book, err);
    free(b.names);
    return written;
}
