#include "groups_sheet.h"

#include <inttypes.h>

#include "remarks.h"
#include "sheet_edit.h"
#include "../../common/xml.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define FIRST_STATUS 3 /* column, behind unit, group and persons */
#define HEIGHT "18"
#define HEADING_HEIGHT 56 /* points: three lines */
#define COLUMNS (FIRST_STATUS + FOLLOW_UP_STATUSES)

static const char *const meanings[FOLLOW_UP_STATUSES][2] = {
    {"chưa thấy tài khoản nào trên nền tảng, cũng chưa có hoạt động học",
     "neither an account nor learning is seen on the platform"},
    {"có tài khoản nhưng chưa kích hoạt (chỉ ở nền tảng cho biết việc kích hoạt)",
     "an account that is not activated (only where the platform shows it)"},
    {"có tài khoản, chưa có hoạt động học nào", "an account, and no learning yet"},
    {"đã có hoạt động học, chưa đủ tiến độ yêu cầu",
     "some learning, the required progress not done"},
    {"đã đủ tiến độ yêu cầu, chưa thi lần nào",
     "the required progress done, no attempt at the exam"},
    {"đã thi, chưa lần nào đạt", "sat the exam, not passed"},
    {"đạt theo quy định của khóa học", "passed by the training's rule"},
    {"giấy chứng nhận còn hiệu lực, chưa bị thu hồi", "a certificate is issued and not revoked"},
    {"chưa biết dòng này là ai, nên không nói là chưa có tài khoản; xem cột Lỗi của dòng",
     "it is not known who the row is, so not said that there is no account; see the row's fault"},
};

static const char *const words[2][FIRST_STATUS] = {{"Đơn vị", "Tổ", "Số người"},
                                                   {"Unit", "Group", "People"}};

struct writing {
    struct text_buffer *out, merges;
    size_t row; /* from 1 */
    bool english, has_completion;
};

static void begin_row(struct writing *w)
{
    text_buffer_add_format(w->out, "<row r=\"%zu\">", ++w->row);
}

static void begin_heading(struct writing *w)
{
    text_buffer_add_format(w->out, "<row r=\"%zu\" ht=\"%d\" customHeight=\"1\">", ++w->row,
                           HEADING_HEIGHT);
}

static void end_row(struct writing *w)
{
    text_buffer_add_text(w->out, "</row>");
}

static void add_text(struct writing *w, size_t column, size_t look, const char *text)
{
    char name[4];
    sheet_column_name(column, name);
    text_buffer_add_format(
        w->out, "<c r=\"%s%zu\" s=\"%zu\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", name,
        w->row, look);
    xml_add_text(w->out, text);
    text_buffer_add_text(w->out, "</t></is></c>");
}

static void add_count(struct writing *w, size_t column, size_t look, int64_t count)
{
    char name[4];
    sheet_column_name(column, name);
    text_buffer_add_format(w->out, "<c r=\"%s%zu\" s=\"%zu\"><v>%" PRId64 "</v></c>", name, w->row,
                           look, count);
}

static void add_blank(struct writing *w, size_t column, size_t look)
{
    char name[4];
    sheet_column_name(column, name);
    text_buffer_add_format(w->out, "<c r=\"%s%zu\" s=\"%zu\"/>", name, w->row, look);
}

static void add_across(struct writing *w, size_t look, const char *text)
{
    char last[4];
    if (!text || !*text)
        return;
    begin_row(w);
    add_text(w, 0, look, text);
    end_row(w);
    sheet_column_name(COLUMNS - 1, last);
    text_buffer_add_format(&w->merges, "<mergeCell ref=\"A%zu:%s%zu\"/>", w->row, last, w->row);
}

/* Long, in merged cells, whose height no program finds by itself. */
static void add_remark(struct writing *w, const struct given_book_looks *looks, const char *text)
{
    char last[4];
    if (!text)
        return;
    begin_heading(w);
    add_text(w, 0, looks->text, text);
    end_row(w);
    sheet_column_name(COLUMNS - 1, last);
    text_buffer_add_format(&w->merges, "<mergeCell ref=\"A%zu:%s%zu\"/>", w->row, last, w->row);
}

static void add_headings(struct writing *w, const struct given_book_looks *looks)
{
    begin_heading(w);
    for (size_t i = 0; i < FIRST_STATUS; i++)
        add_text(w, i, looks->heading, words[w->english][i]);
    for (size_t s = 0; s < FOLLOW_UP_STATUSES; s++)
        add_text(w, FIRST_STATUS + s, looks->heading,
                 follow_up_status_text((enum follow_up_status)s,
                                       w->english ? LANGUAGE_EN : LANGUAGE_VI));
    end_row(w);
}

static void add_counts(struct writing *w, const struct group_count *g, const char *unit,
                       const char *group, size_t text_look, size_t number_look)
{
    begin_row(w);
    add_text(w, 0, text_look, unit);
    add_text(w, 1, text_look, group);
    add_count(w, 2, number_look, g->persons);
    for (size_t s = 0; s < FOLLOW_UP_STATUSES; s++) {
        if (follow_up_status_known((enum follow_up_status)s, w->has_completion))
            add_count(w, FIRST_STATUS + s, number_look, g->by_status[s]);
        else
            add_blank(w, FIRST_STATUS + s, number_look);
    }
    end_row(w);
}

static const char *meaning_of(const struct writing *w, size_t status)
{
    if (follow_up_status_known((enum follow_up_status)status, w->has_completion))
        return meanings[status][w->english];
    return w->english
               ? "no data (empty, not zero), for the training has no rule of completion, or "
                 "no platform tells how far people are"
               : "không có dữ liệu (để trống, không phải 0), vì khóa học không quy định hoàn "
                 "thành hoặc nền tảng không cho biết tiến độ học";
}

static void add_meanings(struct writing *w, const struct given_book_looks *looks,
                         const struct list_back *back)
{
    for (size_t s = 0; s < FOLLOW_UP_STATUSES; s++) {
        struct text_buffer line = {0};
        text_buffer_add_format(&line, "%s: %s.",
                               follow_up_status_text((enum follow_up_status)s, back->language),
                               meaning_of(w, s));
        add_across(w, looks->text, line.data);
        text_buffer_free(&line);
    }
    if (back->match->due_unknown)
        add_across(w, looks->text,
                   w->english ? "Where the due date is empty the calendar does not reach so far."
                              : "Ô hạn hoàn thành để trống khi lịch làm việc chưa có các ngày đó.");
}

size_t groups_sheet(const struct group_counts *groups, const struct given_book_looks *looks,
                    const struct list_back *back, struct text_buffer *out)
{
    struct writing w = {.out = out,
                        .english = back->language == LANGUAGE_EN,
                        .has_completion = back->has_completion};
    text_buffer_add_format(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"" MAIN
        "\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetFormatPr "
        "defaultRowHeight=\"" HEIGHT "\" "
        "customHeight=\"1\"/><cols><col min=\"1\" max=\"1\" "
        "width=\"32\" customWidth=\"1\"/><col min=\"2\" max=\"%d\" width=\"12\" "
        "customWidth=\"1\"/></cols><sheetData>",
        COLUMNS);
    add_across(&w, looks->title,
               w.english ? "STATUS OF LEARNERS BY STUDY GROUP" : "TÌNH TRẠNG HỌC VIÊN THEO TỔ");
    add_across(&w, looks->title, back->wave_name);
    add_across(&w, looks->title, back->as_of);
    for (size_t i = 0; i < REMARKS; i++)
        add_remark(&w, looks, back->remarks->text[i].data);
    add_headings(&w, looks);
    size_t heading = w.row;
    for (size_t i = 0; i < groups->count; i++) {
        const struct group_count *g = &groups->items[i];
        add_counts(&w, g,
                   *g->unit    ? g->unit
                   : w.english ? "(unknown)"
                               : "(không rõ đơn vị)",
                   *g->group   ? g->group
                   : w.english ? "(none)"
                               : "(không ghi Tổ)",
                   looks->cell, looks->number);
    }
    struct group_count total = groups_total(groups);
    add_counts(&w, &total, w.english ? "Total" : "Tổng số", "", looks->total, looks->total_number);
    add_meanings(&w, looks, back);
    text_buffer_add_text(out, "</sheetData><mergeCells>");
    text_buffer_add(out, w.merges.data, w.merges.length);
    text_buffer_add_text(
        out, "</mergeCells><pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" "
             "header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" "
             "fitToWidth=\"1\" fitToHeight=\"0\"/><headerFooter><oddFooter>&amp;C&amp;P/&amp;N"
             "</oddFooter></headerFooter></worksheet>");
    text_buffer_free(&w.merges);
    return heading;
}

bool groups_sheet_is_heading(const char *first, const char *second, const char *third)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(first, words[i][0]) == 0 && strcmp(second, words[i][1]) == 0 &&
            strcmp(third, words[i][2]) == 0)
            return true;
    return false;
}
