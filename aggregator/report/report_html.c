/* One HTML file that needs nothing else and prints on A4 across: headings on every page, pages numbered, a chart in it. A screen
 * reader finds titles, row and column headings where it looks for them. */
#include "report_markup.h"
#include "report_page.h"

/* What old readers of HTML take, as LibreOffice is one. They leave what is said under @supports to browsers. */
static const char plain_style[] =
    "@page{size:A4 landscape;margin:15mm}\n"
    "body,p,h1{font-family:\"Times New Roman\",\"Liberation Serif\",serif;font-size:13pt;"
    "color:#000000}\n"
    "p{margin-top:0.04in;margin-bottom:0.04in}\n"
    "h1{font-weight:bold;text-align:center;margin-top:0;margin-bottom:0}\n"
    "td,th{font-family:\"Times New Roman\",\"Liberation Serif\",serif;border:1px solid #000000;"
    "padding:0.02in 0.04in;font-weight:normal}\n"
    "p.caption{text-align:center;font-weight:bold}\n"
    "p.attached{text-align:center;font-style:italic}\n"
    "p.line{text-align:center}\n"
    "p.note{font-style:italic}\n"
    "p.text,p.lead{text-align:justify;text-indent:0.4in}\n"
    "p.place,p.sign{text-align:center;font-style:italic;margin-left:5.6in}\n"
    "p.signer{text-align:center;font-weight:bold;margin-left:5.6in}\n"
    "p.lead,p.note,p.place,p.signer,p.sign{page-break-after:avoid}\n"
    "p.room{margin-bottom:0.6in}\n"
    "p.chart{text-align:center}\n";

static const char style[] =
    "body{line-height:1.2;background:#fff;max-width:267mm;margin:8mm auto;padding:0 4mm}\n"
    "h1{text-wrap:balance}\n"
    "header p,.note,.signature p{margin:0.8mm 0}\n"
    "p,td,th{white-space:pre-line}\n"
    "table{border-collapse:collapse;table-layout:fixed;margin:4mm 0}\n"
    "th,td{border:0.75pt solid #000;padding:0.12em 0.22em;vertical-align:middle;font-size:inherit;"
    "overflow-wrap:anywhere}\n"
    ".n{font-variant-numeric:tabular-nums}\n"
    ".subtotal>*{font-style:italic}\n"
    ".signature{margin:5mm 0 0 auto;width:45%}\n"
    ".signature .room{height:14mm;margin:0}\n"
    ".chart{margin:8mm 0 0}\n"
    ".chart img{width:100%;height:auto;max-height:170mm}\n"
    "@media screen{section{overflow-x:auto}table{min-width:180mm}}\n"
    "@media print{\n"
    "body{margin:0;padding:0;max-width:none}\n"
    "thead{display:table-header-group}\n"
    "tr,.end,.chart{break-inside:avoid}\n"
    "section+section,.chart{break-before:page}\n"
    ".chart{margin:0}\n"
    ".lead{break-after:avoid}\n"
    ".end{break-before:avoid}\n"
    "tbody tr:nth-last-child(-n+3){break-after:avoid}\n"
    "}\n";

static void add_element(struct text_buffer *out, const char *tag, const char *class, const char *text)
{
    text_buffer_add_format(out, "<%s class=\"%s\">", tag, class);
    markup_text(out, text);
    text_buffer_add_format(out, "</%s>\n", tag);
}

/* Of the parts' tables: old readers know one size of all. */
static double smallest_font(const struct report *report)
{
    const struct report *part;
    double smallest = PAGE_FONT;
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++) {
        struct report_page page;
        report_page_of(part, &page);
        double font = page.font * page.scale;
        smallest = font < smallest ? font : smallest;
        report_page_free(&page);
    }
    return smallest;
}

/* Browsers number pages by "@bottom-center". */
static void add_head(const struct report *report, struct text_buffer *out)
{
    text_buffer_add_format(out,
                           "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                           "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
                           report->language == LANGUAGE_VI ? "vi" : "en");
    markup_text(out, report->title[0] != '\0' ? report->title : report->name);
    text_buffer_add_format(out, "</title>\n<style>\n%std,th{font-size:%.1fpt}\n</style>\n",
                           plain_style, smallest_font(report));
    text_buffer_add_format(out, "<style>\n@supports(display:grid){\n%s", style);
    text_buffer_add_format(out,
                           "@page{size:A4 landscape;@bottom-center{font:11pt \"Times New "
                           "Roman\",\"Liberation Serif\",serif;"
                           "content:\"%s \" counter(page) \"/\" counter(pages)}}\n}\n"
                           "</style>\n</head>\n<body>\n",
                           SAY(report, "Trang", "Page"));
}

/* A heading with what it leads, the last paragraph with where it is signed. */
static bool keeps_with_next(const struct report *report, size_t paragraph)
{
    return report_page_leads(report->paragraphs[paragraph]) ||
           (paragraph + 1 == report->paragraph_count && report->signature.wanted);
}

static void add_header(const struct report *report, size_t level, struct text_buffer *out)
{
    text_buffer_add_text(out, "<header>\n");
    if (report->caption != NULL)
        add_element(out, "p", "caption", report->caption);
    text_buffer_add_format(out, "<h1 id=\"part%zu\">", level);
    markup_text(out, report->title);
    text_buffer_add_text(out, "</h1>\n");
    if (report->attached_to != NULL) {
        struct text_buffer text = {0};
        report_say_attached(report, &text);
        add_element(out, "p", "attached", text.data);
        text_buffer_free(&text);
    }
    for (size_t i = 0; i < report->line_count; i++)
        add_element(out, "p", "line", report->lines[i]);
    text_buffer_add_text(out, "</header>\n");
    for (size_t i = 0; i < report->paragraph_count; i++)
        add_element(out, "p", keeps_with_next(report, i) ? "lead" : "text", report->paragraphs[i]);
}

/* kind: "rowspan" or "colspan". */
static void add_heading(struct text_buffer *out, const char *scope, const char *kind, size_t span,
                        const char *text)
{
    text_buffer_add_format(out, "<th scope=\"%s\"", scope);
    if (span > 1)
        text_buffer_add_format(out, " %s=\"%zu\"", kind, span);
    text_buffer_add_text(out, "><b>");
    markup_text(out, text);
    text_buffer_add_text(out, "</b></th>");
}

static void add_headings(const struct report *report, const struct report_page *page,
                         struct text_buffer *out)
{
    text_buffer_add_text(out, "<thead>\n<tr>");
    for (size_t at = 0, end; at < page->count; at = end) {
        const struct report_column *column = &report->columns[page->column[at]];
        end = report_page_group_end(report, page, at);
        if (column->group == NULL)
            add_heading(out, "col", "rowspan", page->groups ? 2 : 1, column->heading);
        else
            add_heading(out, "colgroup", "colspan", end - at, column->group);
    }
    text_buffer_add_text(out, "</tr>\n");
    if (page->groups)
        text_buffer_add_text(out, "<tr>");
    for (size_t at = 0; page->groups && at < page->count; at++) {
        const struct report_column *column = &report->columns[page->column[at]];
        if (column->group != NULL)
            add_heading(out, "col", "rowspan", 1, column->heading);
    }
    text_buffer_add_text(out, page->groups ? "</tr>\n</thead>\n" : "</thead>\n");
}

/* The first text in a row names it. */
static void add_row(const struct report *report, const struct report_page *page, size_t row,
                    struct text_buffer *out)
{
    static const char *const rows[] = {"<tr>", "<tr class=\"section\">", "<tr class=\"subtotal\">",
                                       "<tr class=\"totals\">"};
    static const char *const aligned[] = {"align=\"left\"",
                                          "align=\"left\"",
                                          "align=\"right\" class=\"n\"",
                                          "align=\"center\"",
                                          "align=\"right\" class=\"n\"",
                                          "align=\"center\""};
    struct text_buffer text = {0};
    bool named = false, strong = report_row_kind(report, row) != ROW_PLAIN;
    text_buffer_add_text(out, rows[report_row_kind(report, row)]);
    for (size_t at = 0; at < page->count; at++) {
        const struct report_cell *cell = report_cell(report, row, page->column[at]);
        bool names = !named && cell->kind == CELL_TEXT;
        named = named || names;
        text_buffer_clear(&text);
        text_buffer_add_text(&text, "");
        report_cell_text(report, cell, &text);
        if (names)
            text_buffer_add_text(out, "<th scope=\"row\" align=\"left\">");
        else
            text_buffer_add_format(out, "<td %s>", aligned[report->columns[page->column[at]].kind]);
        text_buffer_add_text(out, strong && text.length > 0 ? "<b>" : "");
        markup_text(out, text.data);
        text_buffer_add_text(out, strong && text.length > 0 ? "</b>" : "");
        text_buffer_add_text(out, names ? "</th>" : "</td>");
    }
    text_buffer_add_text(out, "</tr>\n");
    text_buffer_free(&text);
}

static void add_table(const struct report *report, const struct report_page *page, size_t number,
                      struct text_buffer *out)
{
    text_buffer_add_format(
        out, "<table border=\"1\" width=\"100%%\" aria-labelledby=\"part%zu\" style=\"font-size:%.1fpt\">\n<colgroup>",
        number, page->font * page->scale);
    for (size_t at = 0; at < page->count; at++)
        text_buffer_add_format(out, "<col width=\"%.0f\">", page->width[at] / page->whole * 1000);
    text_buffer_add_text(out, "</colgroup>\n");
    add_headings(report, page, out);
    text_buffer_add_text(out, "<tbody>\n");
    for (size_t row = 0; row < report->row_count; row++)
        add_row(report, page, row, out);
    text_buffer_add_text(out, "</tbody>\n</table>\n");
}

static void add_signature(const struct report *report, struct text_buffer *out)
{
    struct text_buffer text = {0};
    text_buffer_add_text(out, "<div class=\"signature\">\n");
    report_say_place(report, &text);
    add_element(out, "p", "place", text.data);
    for (size_t line = 0;; line++) {
        text_buffer_clear(&text);
        text_buffer_add_text(&text, "");
        if (!report_say_signer(report, line, &text))
            break;
        add_element(out, "p", "signer", text.data);
    }
    add_element(out, "p", "sign", report_say_sign(report));
    text_buffer_add_text(out, "<p class=\"room\"></p>\n</div>\n");
    text_buffer_free(&text);
}

static void add_part(const struct report *report, size_t number, struct text_buffer *out)
{
    struct report_page page;
    report_page_of(report, &page);
    text_buffer_add_format(out, "<section lang=\"%s\">\n",
                           report->language == LANGUAGE_VI ? "vi" : "en");
    add_header(report, number, out);
    if (page.count > 0)
        add_table(report, &page, number, out);
    text_buffer_add_text(out, "<div class=\"end\">\n");
    for (size_t i = 0; i < report->note_count; i++)
        add_element(out, "p", "note", report->notes[i]);
    if (report->signature.wanted)
        add_signature(report, out);
    text_buffer_add_text(out, "</div>\n");
    markup_chart(report, out);
    text_buffer_add_text(out, "</section>\n");
    report_page_free(&page);
}

void report_write_html(const struct report *report, struct text_buffer *out)
{
    const struct report *part;
    add_head(report, out);
    for (size_t i = 0; (part = report_part(report, i)) != NULL; i++)
        add_part(part, i, out);
    text_buffer_add_text(out, "</body>\n</html>\n");
}
