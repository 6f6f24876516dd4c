/* Charts as SVG: bars from top to bottom with their numbers, or lines from left to right. Lengths in points, as wide as the page. */
#include <stdlib.h>

#include "../../common/crypto.h"
#include "report_font.h"
#include "report_markup.h"
#include "report_page.h"

#define TEXT_SIZE 11.0
#define BAR 12.0
#define BAR_GAP 5.0
#define TITLE_ROOM 28.0
#define NUMBER_ROOM 60.0
#define LEGEND_ROOM 22.0
#define LABELS_MOST 260.0
#define LABELS_SPARE 1.1 /* LibreOffice sets letters of a picture wider than on a page */
#define LINE_HEIGHT 320.0
#define LINE_FOOT 70.0
#define LINE_SIDE 50.0 /* for the slanting label of the first point */
#define MOST_HEIGHT 470.0

static const char *const colours[REPORT_CHART_VALUES] = {"#1f5fa8", "#d9822b", "#4a8f4a", "#8a5aa8"};

struct chart {
    const struct report *report;
    const struct report_chart *is;
    size_t rows[CHART_ROWS]; /* that are shown */
    size_t row_count;
    double most; /* value that fills the room */
    struct text_buffer *out;
};

/* A rate as a fraction; what is not known or below zero has no length. */
static double value_of(const struct report_cell *cell)
{
    int64_t tenths;
    if (cell->kind == CELL_COUNT && cell->count > 0)
        return (double)cell->count;
    if (cell->kind == CELL_RATE && rate_tenths(cell->count, cell->of, &tenths))
        return (double)tenths / 1000.0;
    return 0;
}

static const struct report_cell *value_cell(const struct chart *chart, size_t row, size_t series)
{
    return report_cell(chart->report, chart->rows[row], chart->is->values[series]);
}

static const char *label_of(const struct chart *chart, size_t row)
{
    const struct report_cell *cell = report_cell(chart->report, chart->rows[row], chart->is->label);
    return cell->kind == CELL_TEXT ? cell->text : "";
}

static void find_rows(struct chart *chart)
{
    const struct report *report = chart->report;
    for (size_t row = 0; row < report->row_count && chart->row_count < CHART_ROWS; row++) {
        if (report_row_kind(report, row) == ROW_PLAIN)
            chart->rows[chart->row_count++] = row;
    }
    chart->most = report->columns[chart->is->values[0]].kind == CELL_RATE ? 1 : 0;
    for (size_t row = 0; row < chart->row_count; row++) {
        for (size_t i = 0; i < chart->is->value_count; i++) {
            double value = value_of(value_cell(chart, row, i));
            chart->most = value > chart->most ? value : chart->most;
        }
    }
    if (chart->most <= 0)
        chart->most = 1;
}

static void add_label(struct text_buffer *out, double x, double y, const char *anchor,
                      const char *text)
{
    text_buffer_add_format(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    markup_text(out, text);
    text_buffer_add_text(out, "</text>\n");
}

static void add_value(const struct chart *chart, double x, double y, const char *anchor,
                      const struct report_cell *cell)
{
    struct text_buffer text = {0};
    text_buffer_add_text(&text, "");
    report_cell_text(chart->report, cell, &text);
    if (text.length > 0)
        add_label(chart->out, x, y, anchor, text.data);
    text_buffer_free(&text);
}

/* What the colours mean, where there are several. */
static double add_legend(const struct chart *chart)
{
    double x = 0;
    if (chart->is->value_count < 2)
        return TITLE_ROOM;
    for (size_t i = 0; i < chart->is->value_count; i++) {
        const char *heading = chart->report->columns[chart->is->values[i]].heading;
        text_buffer_add_format(
            chart->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" fill=\"%s\"/>", x,
            TITLE_ROOM, colours[i]);
        add_label(chart->out, x + 14, TITLE_ROOM + 9, "start", heading);
        x += 34 + font_width(heading, strlen(heading), TEXT_SIZE, false);
    }
    return TITLE_ROOM + LEGEND_ROOM;
}

static double label_room(const struct chart *chart)
{
    double widest = 0;
    for (size_t row = 0; row < chart->row_count; row++) {
        const char *label = label_of(chart, row);
        double width = font_width(label, strlen(label), TEXT_SIZE, false);
        widest = width > widest ? width : widest;
    }
    return (widest < LABELS_MOST ? widest : LABELS_MOST) * LABELS_SPARE + 8;
}

static void add_bars(const struct chart *chart)
{
    double left = label_room(chart), y = add_legend(chart);
    double scale = (PAGE_WIDTH - left - NUMBER_ROOM) / chart->most;
    for (size_t row = 0; row < chart->row_count; row++) {
        double middle = y + BAR * (double)chart->is->value_count / 2;
        add_label(chart->out, left - 6, middle + 4, "end", label_of(chart, row));
        for (size_t i = 0; i < chart->is->value_count; i++) {
            const struct report_cell *cell = value_cell(chart, row, i);
            double width = value_of(cell) * scale;
            text_buffer_add_format(
                chart->out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", left, y,
                width, BAR - 1, colours[i]);
            add_value(chart, left + width + 4, y + 9.5, "start", cell);
            y += BAR;
        }
        y += BAR_GAP;
    }
}

static double bars_height(const struct chart *chart)
{
    return TITLE_ROOM + (chart->is->value_count > 1 ? LEGEND_ROOM : 0) +
           (double)chart->row_count * (BAR * (double)chart->is->value_count + BAR_GAP);
}

/* A gap in what is known is a gap in the line. */
static void add_line(const struct chart *chart, size_t series, double top)
{
    double step = (PAGE_WIDTH - LINE_SIDE - NUMBER_ROOM / 2) /
                  (double)(chart->row_count > 1 ? chart->row_count - 1 : 1);
    double height = LINE_HEIGHT - top - LINE_FOOT;
    const char *move = "M";
    text_buffer_add_format(chart->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"",
                           colours[series]);
    for (size_t row = 0; row < chart->row_count; row++) {
        const struct report_cell *cell = value_cell(chart, row, series);
        if (cell->kind == CELL_EMPTY) {
            move = "M";
            continue;
        }
        text_buffer_add_format(chart->out, "%s%.1f %.1f", move, LINE_SIDE + step * (double)row,
                               top + height * (1 - value_of(cell) / chart->most));
        move = " L";
    }
    text_buffer_add_text(chart->out, "\"/>\n");
    for (size_t row = 0; row < chart->row_count; row++) {
        const struct report_cell *cell = value_cell(chart, row, series);
        double x = LINE_SIDE + step * (double)row;
        add_value(chart, x, top + height * (1 - value_of(cell) / chart->most) - 5, "middle", cell);
        if (series == 0)
            text_buffer_add_format(chart->out, "<g transform=\"translate(%.1f %.1f) rotate(-45)\">",
                                   x, LINE_HEIGHT - LINE_FOOT + 12);
        if (series == 0)
            add_label(chart->out, 0, 0, "end", label_of(chart, row));
        text_buffer_add_text(chart->out, series == 0 ? "</g>\n" : "");
    }
}

static void add_lines(const struct chart *chart)
{
    double top = add_legend(chart) + 12;
    for (size_t i = 0; i < chart->is->value_count; i++)
        add_line(chart, i, top);
}

static void add_svg(const struct chart *chart, const char *title, double height)
{
    text_buffer_add_format(
        chart->out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
        "viewBox=\"0 0 %.0f %.0f\" font-family=\"Times New Roman,Liberation "
        "Serif,serif\" font-size=\"%.0f\">\n<text x=\"%.1f\" y=\"14\" "
        "font-size=\"14\" font-weight=\"bold\" text-anchor=\"middle\">",
        PAGE_WIDTH, height, PAGE_WIDTH, height, TEXT_SIZE, PAGE_WIDTH / 2);
    markup_text(chart->out, title);
    text_buffer_add_text(chart->out, "</text>\n");
    if (chart->is->kind == CHART_LINE)
        add_lines(chart);
    else
        add_bars(chart);
    text_buffer_add_text(chart->out, "</svg>\n");
}

/* As an image in the file itself: LibreOffice would print the texts of an element <svg> one after the other. */
void markup_chart(const struct report *report, struct text_buffer *out)
{
    struct text_buffer title = {0}, svg = {0};
    struct chart chart = {.report = report, .is = &report->chart, .out = &svg};
    if (chart.is->kind == CHART_NONE || chart.is->value_count == 0)
        return;
    find_rows(&chart);
    if (chart.row_count == 0)
        return;
    report_say_chart(report, &title);
    double height = chart.is->kind == CHART_LINE ? LINE_HEIGHT : bars_height(&chart);
    /* in pixels, as high as a page is at most */
    double shrunk = height > MOST_HEIGHT ? MOST_HEIGHT / height : 1;
    add_svg(&chart, title.data, height);
    char *encoded = base64_encode(svg.data, svg.length);
    text_buffer_add_format(out, "<p class=\"chart\"><img width=\"%.0f\" height=\"%.0f\" alt=\"",
                           PAGE_WIDTH * shrunk / 0.75, height * shrunk / 0.75);
    text_buffer_add_text(out, SAY(report, "Biểu đồ: ", "Chart: "));
    markup_text(out, title.data);
    text_buffer_add_text(out, SAY(report, " (số liệu trong bảng)", " (figures in the table)"));
    text_buffer_add_format(out, "\" src=\"data:image/svg+xml;base64,%s\"></p>\n", encoded);
    free(encoded);
    text_buffer_free(&svg);
    text_buffer_free(&title);
}
