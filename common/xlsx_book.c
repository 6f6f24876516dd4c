#include "xlsx_book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "allocate.h"
#include "text_buffer.h"

#define FONT "Times New Roman"
#define FONT_SIZE 13
#define PAPER_A4 9
#define MARGIN_SIDE 0.59 /* inches: 15 mm */
#define MARGIN_TOP 0.6
#define POINTS_PER_PIXEL 0.75
/* Widths of columns are said in digits of the book's font: 9 pixels, which the library takes for 7 and pads with 5. */
#define DIGIT 9.0
#define TAKEN_FOR 7.0
#define PADDED 5.0

/* Version 1.1.4 copies the formula of a drop-down twice and frees it once. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:lxw_strdup\n";
}

struct xlsx_book {
    lxw_workbook *workbook;
};

/* The library's own objects, under names that say nothing of it. */
static lxw_worksheet *of(struct xlsx_sheet *sheet)
{
    return (lxw_worksheet *)(void *)sheet;
}

static lxw_format *format_of(struct xlsx_style *style)
{
    return (lxw_format *)(void *)style;
}

/* Text outside of cells: XML has no control characters, and a name that begins with "=" would be a reference. Freed by the caller. */
static char *plain_text(const char *text)
{
    struct text_buffer out = {0};
    text_buffer_add_text(&out, text[0] == '=' ? " " : "");
    for (const char *c = text; *c != '\0'; c++)
        text_buffer_add(&out, (unsigned char)*c < ' ' ? " " : c, 1);
    return out.data;
}

/* seconds 0: now. */
static void set_properties(struct xlsx_book *book, const char *title, int64_t seconds)
{
    char *plain = plain_text(title);
    lxw_doc_properties properties = {
        .title = plain, .company = (char *)(uintptr_t) "MOOC Pulse", .created = (time_t)seconds};
    workbook_set_properties(book->workbook, &properties);
    free(plain);
}

struct xlsx_book *xlsx_book_new(const char *path, const char *title, struct error *err)
{
    /* The library would say so only at its end, and on standard error. */
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) {
        (void)error_tell(err, ERROR_CONFIG, false, "không ghi được: " REASON_VI,
                         "cannot be written: " REASON_EN, ERROR_REASON(errno));
        return NULL;
    }
    (void)close(file);
    struct xlsx_book *book = must_have(calloc(1, sizeof(*book)));
    book->workbook = workbook_new(path);
    if (book->workbook == NULL) {
        (void)error_set(err, ERROR_INTERNAL, false, "cannot make an Excel file");
        free(book);
        return NULL;
    }
    /* The first format is that of empty cells, and its digits are the unit of widths. */
    format_set_font_name(STAILQ_FIRST(book->workbook->formats), FONT);
    format_set_font_size(STAILQ_FIRST(book->workbook->formats), FONT_SIZE);
    set_properties(book, title, 0);
    return book;
}

void xlsx_made(struct xlsx_book *book, const char *title, int64_t seconds)
{
    set_properties(book, title, seconds);
}

/* The library prints what went wrong, in its own words and beside ours: nothing goes to standard error meanwhile. *reason: errno, 0 where
 * it tells nothing. */
static lxw_error close_silently(lxw_workbook *workbook, int *reason)
{
    int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0),
        nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept >= 0 && nowhere >= 0)
        (void)dup2(nowhere, STDERR_FILENO);
    errno = 0;
    lxw_error failure = workbook_close(workbook);
    *reason = failure >= LXW_ERROR_CREATING_XLSX_FILE && failure <= LXW_ERROR_ZIP_CLOSE ? errno : 0;
    if (kept >= 0 && nowhere >= 0)
        (void)dup2(kept, STDERR_FILENO);
    if (kept >= 0)
        (void)close(kept);
    if (nowhere >= 0)
        (void)close(nowhere);
    return failure;
}

bool xlsx_book_close(struct xlsx_book *book, struct error *err)
{
    int reason;
    lxw_error failure = close_silently(book->workbook, &reason);
    free(book);
    if (failure == LXW_ERROR_CREATING_TMPFILE && reason != 0)
        return error_tell(
            err, ERROR_INTERNAL, false, "không ghi được: không tạo được tệp tạm: " REASON_VI,
            "cannot be written: no temporary file can be made: " REASON_EN, ERROR_REASON(reason));
    if (reason != 0)
        return error_tell(err, ERROR_INTERNAL, false, "không ghi được: " REASON_VI,
                          "cannot be written: " REASON_EN, ERROR_REASON(reason));
    return failure == LXW_NO_ERROR ||
           error_set(err, ERROR_INTERNAL, false, "cannot be written: %s", lxw_strerror(failure));
}

struct xlsx_style *xlsx_style(struct xlsx_book *book, const struct xlsx_look *look)
{
    lxw_format *format = workbook_add_format(book->workbook);
    format_set_font_name(format, FONT);
    format_set_font_size(format, look->size > 0 ? look->size : FONT_SIZE);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (look->justify)
        format_set_align(format, LXW_ALIGN_JUSTIFY);
    if (look->bold)
        format_set_bold(format);
    if (look->italic)
        format_set_italic(format);
    if (look->border)
        format_set_border(format, LXW_BORDER_THIN);
    if (look->centre)
        format_set_align(format, LXW_ALIGN_CENTER);
    if (look->left_indent) {
        format_set_align(format, LXW_ALIGN_LEFT);
        format_set_indent(format, 1);
    }
    if (look->wrap)
        format_set_text_wrap(format);
    if (look->numbers != NULL)
        format_set_num_format(format, look->numbers);
    return (struct xlsx_style *)(void *)format;
}

struct xlsx_sheet *xlsx_sheet(struct xlsx_book *book, const char *name)
{
    return (struct xlsx_sheet *)(void *)must_have(workbook_add_worksheet(book->workbook, name));
}

void xlsx_hide(struct xlsx_sheet *sheet)
{
    worksheet_hide(of(sheet));
}

void xlsx_width(struct xlsx_sheet *sheet, size_t column, double characters, struct xlsx_style *style)
{
    worksheet_set_column(of(sheet), (lxw_col_t)column, (lxw_col_t)column, characters,
                         format_of(style));
}

void xlsx_points_wide(struct xlsx_sheet *sheet, size_t column, double points)
{
    double digits = points / POINTS_PER_PIXEL / DIGIT - PADDED / TAKEN_FOR;
    xlsx_width(sheet, column, digits > 1 ? digits : 1, NULL);
}

void xlsx_height(struct xlsx_sheet *sheet, size_t row, double points)
{
    worksheet_set_row(of(sheet), (lxw_row_t)row, points, NULL);
}

void xlsx_text(struct xlsx_sheet *sheet, size_t row, size_t column, const char *text,
               struct xlsx_style *style)
{
    worksheet_write_string(of(sheet), (lxw_row_t)row, (lxw_col_t)column, text, format_of(style));
}

void xlsx_number(struct xlsx_sheet *sheet, size_t row, size_t column, double number,
                 struct xlsx_style *style)
{
    worksheet_write_number(of(sheet), (lxw_row_t)row, (lxw_col_t)column, number, format_of(style));
}

void xlsx_blank(struct xlsx_sheet *sheet, size_t row, size_t column, struct xlsx_style *style)
{
    worksheet_write_blank(of(sheet), (lxw_row_t)row, (lxw_col_t)column, format_of(style));
}

void xlsx_merge(struct xlsx_sheet *sheet, size_t top, size_t left, size_t bottom, size_t right,
                const char *text, struct xlsx_style *style)
{
    if (top == bottom && left == right)
        xlsx_text(sheet, top, left, text, style);
    else
        worksheet_merge_range(of(sheet), (lxw_row_t)top, (lxw_col_t)left, (lxw_row_t)bottom,
                              (lxw_col_t)right, text, format_of(style));
}

void xlsx_headings(struct xlsx_sheet *sheet, size_t top, size_t bottom)
{
    worksheet_repeat_rows(of(sheet), (lxw_row_t)top, (lxw_row_t)bottom);
    worksheet_freeze_panes(of(sheet), (lxw_row_t)bottom + 1, 0);
}

void xlsx_page(struct xlsx_sheet *sheet, const char *footer, size_t rows, size_t columns)
{
    lxw_worksheet *worksheet = of(sheet);
    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, PAPER_A4);
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_center_horizontally(worksheet);
    worksheet_set_margins(worksheet, MARGIN_SIDE, MARGIN_SIDE, MARGIN_TOP, MARGIN_TOP);
    worksheet_set_footer(worksheet, footer);
    worksheet_print_area(worksheet, 0, 0, rows > 0 ? (lxw_row_t)rows - 1 : 0,
                         columns > 0 ? (lxw_col_t)(columns - 1) : 0);
}

void xlsx_text_is_meant(struct xlsx_sheet *sheet, size_t top, size_t left, size_t bottom, size_t right)
{
    char range[64];
    lxw_rowcol_to_range(range, (lxw_row_t)top, (lxw_col_t)left, (lxw_row_t)bottom, (lxw_col_t)right);
    worksheet_ignore_errors(of(sheet), LXW_IGNORE_NUMBER_STORED_AS_TEXT, range);
}

/* "='Sheet'!$B$8:$B$40", several of them in brackets. */
static void add_reference(struct text_buffer *out, const struct xlsx_chart *chart, size_t column)
{
    text_buffer_add_text(out, chart->row_count > 1 ? "=(" : "=");
    for (size_t i = 0; i < chart->row_count; i++) {
        char range[64];
        lxw_rowcol_to_range_abs(range, (lxw_row_t)chart->rows[i].first, (lxw_col_t)column,
                                (lxw_row_t)chart->rows[i].last, (lxw_col_t)column);
        text_buffer_add_text(out, i > 0 ? ",'" : "'");
        for (const char *c = chart->sheet; *c != '\0'; c++)
            text_buffer_add(out, *c == '\'' ? "''" : c, *c == '\'' ? 2 : 1);
        text_buffer_add_format(out, "'!%s", range);
    }
    text_buffer_add_text(out, chart->row_count > 1 ? ")" : "");
}

static void add_series(lxw_chart *object, const struct xlsx_chart *chart, size_t index)
{
    struct text_buffer labels = {0}, values = {0};
    lxw_chart_font font = {.name = (char *)(uintptr_t)FONT, .size = 10};
    add_reference(&labels, chart, chart->labels);
    add_reference(&values, chart, chart->series[index].column);
    lxw_chart_series *series = chart_add_series(object, labels.data, values.data);
    char *name = plain_text(chart->series[index].name);
    chart_series_set_name(series, name);
    free(name);
    chart_series_set_labels(series);
    chart_series_set_labels_font(series, &font);
    chart_series_set_labels_num_format(series, chart->numbers);
    text_buffer_free(&labels);
    text_buffer_free(&values);
}

/* Of bars the library calls the axis across x, whose values stand there. The number stands at each bar, so that axis is left away; a
 * little more than 100 % leaves room for it. */
static void set_axes(lxw_chart *object, const struct xlsx_chart *chart)
{
    lxw_chart_axis *labels = chart->line ? object->x_axis : object->y_axis;
    lxw_chart_axis *values = chart->line ? object->y_axis : object->x_axis;
    lxw_chart_font font = {.name = (char *)(uintptr_t)FONT, .size = 10};
    chart_axis_set_num_font(labels, &font);
    chart_axis_set_min(values, 0);
    if (chart->percent)
        chart_axis_set_max(values, 1.08);
    chart_axis_major_gridlines_set_visible(values, LXW_FALSE);
    chart_axis_off(values);
    if (!chart->line) { /* the first bar at the top */
        chart_axis_set_reverse(labels);
        chart_axis_set_interval_unit(labels, 1);
    }
}

void xlsx_chart_sheet(struct xlsx_book *book, const char *name, const struct xlsx_chart *chart,
                      const char *footer)
{
    lxw_chartsheet *sheet = must_have(workbook_add_chartsheet(book->workbook, name));
    lxw_chart *object =
        must_have(workbook_add_chart(book->workbook, chart->line ? LXW_CHART_LINE : LXW_CHART_BAR));
    lxw_chart_font font = {.name = (char *)(uintptr_t)FONT, .size = 14, .bold = LXW_TRUE};
    for (size_t i = 0; i < chart->series_count; i++)
        add_series(object, chart, i);
    set_axes(object, chart);
    chart_set_series_gap(object, chart->line ? 150 : 50);
    char *title = plain_text(chart->title);
    chart_title_set_name(object, title);
    free(title);
    chart_title_set_name_font(object, &font);
    chart_legend_set_position(object, chart->series_count > 1 ? LXW_CHART_LEGEND_BOTTOM
                                                              : LXW_CHART_LEGEND_NONE);
    chartsheet_set_chart(sheet, object);
    chartsheet_set_landscape(sheet);
    chartsheet_set_paper(sheet, PAPER_A4);
    chartsheet_set_margins(sheet, MARGIN_SIDE, MARGIN_SIDE, MARGIN_TOP, MARGIN_TOP);
    chartsheet_set_footer(sheet, footer);
}

void xlsx_choices(struct xlsx_sheet *sheet, size_t top, size_t bottom, size_t column,
                  const char *from_sheet, size_t from_column, size_t count)
{
    char formula[128];
    (void)snprintf(formula, sizeof(formula), "='%.60s'!$%c$1:$%c$%zu", from_sheet,
                   (char)('A' + from_column % 26), (char)('A' + from_column % 26), count);
    lxw_data_validation choices = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                   .value_formula = formula,
                                   .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING};
    worksheet_data_validation_range(of(sheet), (lxw_row_t)top, (lxw_col_t)column, (lxw_row_t)bottom,
                                    (lxw_col_t)column, &choices);
}
