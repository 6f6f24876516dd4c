#include <math.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "report_font.h"
#include "report_page.h"

#define PADDING 10.0      /* of a cell, both sides */
#define TEXT_PADDING 17.0 /* with an indent on one */
#define HEADING_PADDING 8.0
#define HEADING_LINES 4   /* of a heading, if there is room */
#define TO_FILL_IN 170.0  /* of a text column that is still empty */
#define WIDEST_TEXT 330.0 /* that a text column asks for */
#define TEXT_LEAST 120.0  /* of a text column, if its texts are so long */
#define PIXEL 0.75
#define SLACK 0.95 /* programs break lines a little earlier than one reckons */

#define TOGETHER ((size_t)3) /* rows that stand over a signature */

/* What a column needs at least, and what it would like to have. */
struct need {
    double least, wish;
};

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static void need_of_cells(const struct report *report, size_t column, double font, struct need *need)
{
    struct text_buffer text = {0};
    bool filled = false;
    for (size_t row = 0; row < report->row_count; row++) {
        const struct report_cell *cell = report_cell(report, row, column);
        bool bold = report_row_kind(report, row) != ROW_PLAIN;
        text_buffer_clear(&text);
        text_buffer_add_text(&text, "");
        report_cell_text(report, cell, &text);
        double whole = font_width(text.data, text.length, font, bold) / SLACK;
        filled = filled || text.length > 0;
        need->wish = larger(need->wish, whole);
        if (cell->kind == CELL_TEXT)
            whole = larger(whole < TEXT_LEAST ? whole : TEXT_LEAST,
                           font_widest_word(text.data, font, bold) / SLACK);
        need->least = larger(need->least, whole);
    }
    if (!filled && report->columns[column].kind == CELL_TEXT)
        need->wish = TO_FILL_IN;
    need->wish = need->wish < WIDEST_TEXT ? need->wish : WIDEST_TEXT;
    need->least = need->least < WIDEST_TEXT ? need->least : WIDEST_TEXT;
    text_buffer_free(&text);
}

static struct need need_of(const struct report *report, size_t column, double font)
{
    const char *heading = report->columns[column].heading;
    double whole = font_width(heading, strlen(heading), font, true);
    struct need need = {0};
    need_of_cells(report, column, font, &need);
    double padding = report->columns[column].kind == CELL_TEXT ? TEXT_PADDING : PADDING;
    need.least = larger(need.least + padding,
                        font_widest_word(heading, font, true) / SLACK + HEADING_PADDING);
    need.wish = larger(need.wish, whole / HEADING_LINES * 1.25) + padding;
    need.wish = larger(need.wish, need.least);
    return need;
}

/* A group's heading stands on one line over its columns. */
static void widen_for_groups(const struct report *report, const struct report_page *page,
                             struct need *needs)
{
    for (size_t at = 0, end; at < page->count; at = end) {
        const char *group = report->columns[page->column[at]].group;
        end = report_page_group_end(report, page, at);
        if (group == NULL)
            continue;
        double least = 0,
               wanted = font_width(group, strlen(group), page->font, true) / SLACK + PADDING;
        wanted = wanted < WIDEST_TEXT ? wanted : WIDEST_TEXT;
        for (size_t i = at; i < end; i++)
            least += needs[i].least;
        for (size_t i = at; i < end && wanted > least; i++) {
            needs[i].least += (wanted - least) / (double)(end - at);
            needs[i].wish = larger(needs[i].wish, needs[i].least);
        }
    }
}

/* Everybody gets the least; what is left goes to the wishes, then to all in proportion, so that the table fills the page. */
static double share(const struct need *needs, struct report_page *page)
{
    double least = 0, wish = 0;
    for (size_t i = 0; i < page->count; i++) {
        least += needs[i].least;
        wish += needs[i].wish;
    }
    for (size_t i = 0; i < page->count; i++) {
        if (least >= PAGE_WIDTH)
            page->width[i] = needs[i].least;
        else if (wish > PAGE_WIDTH)
            page->width[i] = needs[i].least + (needs[i].wish - needs[i].least) *
                                                  (PAGE_WIDTH - least) / (wish - least);
        else
            page->width[i] = needs[i].wish * PAGE_WIDTH / wish;
    }
    return least;
}

static void lay_out(const struct report *report, struct report_page *page)
{
    static const double fonts[] = {PAGE_FONT, PAGE_DENSE_FONT};
    struct need *needs = must_have(calloc(page->count + 1, sizeof(*needs)));
    double least = 0;
    for (size_t i = 0; i < ARRAY_LEN(fonts) && (i == 0 || least > PAGE_WIDTH); i++) {
        page->font = fonts[i];
        for (size_t at = 0; at < page->count; at++)
            needs[at] = need_of(report, page->column[at], page->font);
        widen_for_groups(report, page, needs);
        least = share(needs, page);
    }
    page->whole = larger(least, PAGE_WIDTH);
    page->scale = PAGE_WIDTH / page->whole;
    free(needs);
}

void report_page_of(const struct report *report, struct report_page *page)
{
    *page = (struct report_page){.font = PAGE_FONT, .scale = 1, .whole = PAGE_WIDTH};
    page->column = must_have(calloc(report->column_count + 1, sizeof(*page->column)));
    page->width = must_have(calloc(report->column_count + 1, sizeof(*page->width)));
    for (size_t i = 0; i < report->column_count; i++) {
        if (report->columns[i].for_programs)
            continue;
        page->column[page->count++] = i;
        page->groups = page->groups || report->columns[i].group != NULL;
    }
    if (page->count > 0)
        lay_out(report, page);
}

void report_page_free(struct report_page *page)
{
    free(page->column);
    free(page->width);
}

size_t report_page_group_end(const struct report *report, const struct report_page *page, size_t at)
{
    const char *group = report->columns[page->column[at]].group;
    size_t end = at + 1;
    while (group != NULL && end < page->count) {
        const char *next = report->columns[page->column[end]].group;
        if (next == NULL || strcmp(group, next) != 0)
            break;
        end++;
    }
    return end;
}

size_t report_page_lines(const char *text, double width, double font, bool bold)
{
    return font_lines(text, (width - PADDING) * SLACK, font, bold);
}

size_t report_page_row_lines(const struct report *report, const struct report_page *page, size_t row)
{
    bool bold = report_row_kind(report, row) != ROW_PLAIN;
    size_t most = 1;
    for (size_t i = 0; i < page->count; i++) {
        const struct report_cell *cell = report_cell(report, row, page->column[i]);
        if (cell->kind != CELL_TEXT)
            continue;
        double indent = TEXT_PADDING - PADDING;
        size_t lines = report_page_lines(cell->text, page->width[i] - indent, page->font, bold);
        most = lines > most ? lines : most;
    }
    return most;
}

void report_page_balance(const char *text, double width, double font, bool bold,
                         struct text_buffer *out)
{
    size_t lines = report_page_lines(text, width, font, bold), length = strlen(text);
    double part = font_width(text, length, font, bold) / (double)lines, used = 0;
    for (const char *at = text; *at != '\0';) {
        size_t word = strcspn(at, " ");
        double wide = font_width(at, word, font, bold);
        /* the line ends where it comes nearest to its part of the whole */
        if (lines > 1 && used > 0 && used + wide / 2 > part && strchr(text, '\n') == NULL) {
            out->data[out->length - 1] = '\n';
            used = 0;
            lines--;
        }
        text_buffer_add(out, at, word + (at[word] != '\0' ? 1 : 0));
        used += wide + font_width(" ", 1, font, bold);
        at += word + (at[word] != '\0' ? 1 : 0);
    }
}

bool report_page_leads(const char *paragraph)
{
    size_t length = strlen(paragraph);
    return length > 0 && strchr(".!?)", paragraph[length - 1]) == NULL;
}

double page_pixels(double height)
{
    return ceil(height / PIXEL - 0.001) * PIXEL;
}

/* Rows on the page on which the rest stands, if it stands there whole; 0 otherwise. */
static size_t rows_above_the_rest(const struct page_flow *flow, double stretch)
{
    double used = flow->before + flow->heading;
    size_t on_page = 0;
    for (size_t i = 0; i < flow->row_count; i++) {
        double height = page_pixels(flow->rows[i] * stretch);
        if (used + height > flow->page) {
            used = flow->heading;
            on_page = 0;
        }
        used += height;
        on_page++;
    }
    return used + flow->after <= flow->page ? on_page : 0;
}

double page_flow_stretch(const struct page_flow *flow)
{
    size_t wanted = flow->row_count < TOGETHER ? flow->row_count : TOGETHER;
    for (int percent = 100; percent <= 140; percent++) {
        if (rows_above_the_rest(flow, percent / 100.0) >= wanted)
            return percent / 100.0;
    }
    return 1;
}

void report_say_attached(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_format(out, SAY(report, "(Phụ lục kèm theo %s)", "(Attached to %s)"),
                           report->attached_to);
}

void report_say_place(const struct report *report, struct text_buffer *out)
{
    const char *place = report->signature.place;
    text_buffer_add_format(out,
                           SAY(report, "%s, ngày …… tháng …… năm …………", "%s, date …… / …… / …………"),
                           place != NULL ? place : "……………………");
}

void report_say_chart(const struct report *report, struct text_buffer *out)
{
    size_t plain = 0;
    for (size_t row = 0; row < report->row_count; row++)
        plain += report_row_kind(report, row) == ROW_PLAIN;
    text_buffer_add_text(out, report->chart.title != NULL ? report->chart.title : report->title);
    if (plain > CHART_ROWS)
        text_buffer_add_format(out, SAY(report, " (%d dòng đầu)", " (the first %d rows)"),
                               CHART_ROWS);
}

bool report_say_signer(const struct report *report, size_t line, struct text_buffer *out)
{
    const char *signer = report->signature.signer;
    if (signer == NULL)
        signer = SAY(report, "THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF THE UNIT");
    for (; line > 0 && *signer != '\0'; line--) {
        signer += strcspn(signer, "|");
        signer += *signer == '|' ? 1 : 0;
    }
    size_t bytes = strcspn(signer, "|");
    text_buffer_add(out, signer, bytes);
    return bytes > 0;
}

const char *report_say_sign(const struct report *report)
{
    return SAY(report, "(Ký, ghi rõ họ tên, đóng dấu)", "(Signature, full name, stamp)");
}
