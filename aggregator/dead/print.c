#include "print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/rejected_words.h"
#include "../../common/tell.h"
#include "../report/width.h"

static void put_place(const struct letter *letter, struct text_buffer *out)
{
    text_buffer_add_format(out, "%s/%lld/%lld", letter->topic, (long long)letter->partition,
                           (long long)letter->offset);
}

/* Text that anybody may have written, without what would command a terminal. */
static void put_clean(struct report *r, size_t row, const char *column, const char *text)
{
    struct text_buffer clean = {0};
    if (text == NULL || text[0] == '\0')
        return;
    letter_put_text(text, &clean);
    report_put_text(r, row, column, clean.data);
    text_buffer_free(&clean);
}

static void put_letter(struct report *r, size_t row, const struct letter *letter)
{
    struct text_buffer place = {0};
    put_place(letter, &place);
    report_put_text(r, row, "record", place.data);
    text_buffer_free(&place);
    report_put_text(r, row, "entity", letter->entity);
    put_clean(r, row, "source", letter->source);
    put_clean(r, row, "reason", letter->reason);
}

/* ---- list ---- */

static void put_time(struct report *r, size_t row, const char *column, const char *text, bool local)
{
    char written[CLOCK_LOCAL_SIZE] = "";
    if (text != NULL && local)
        tell_instant_of(text, r->language == LANGUAGE_VI, written);
    put_clean(r, row, column, local ? written : text);
}

static void add_detail(const struct letter *letter, bool vietnamese, struct text_buffer *out)
{
    rejected_add_detail(letter->detail != NULL ? letter->detail : "", vietnamese, out);
}

static void put_where(struct report *r, size_t row, const struct letter *letter, bool local)
{
    struct text_buffer detail = {0};
    add_detail(letter, local && r->language == LANGUAGE_VI, &detail);
    put_clean(r, row, "detail", detail.data);
    text_buffer_free(&detail);
    put_clean(r, row, "file", letter->file);
    put_clean(r, row, "sheet", letter->sheet);
    if (letter->row > 0)
        report_put_number(r, row, "row", letter->row);
    put_clean(r, row, "stream", letter->stream);
    put_clean(r, row, "wave", letter->wave);
    put_clean(r, row, "unit", letter->unit);
    put_time(r, row, "since", letter->since, local);
    put_time(r, row, "dropped_at", letter->dropped_at, local);
    put_clean(r, row, "dropped_by", letter->dropped_by);
    put_clean(r, row, "dropped_for", letter->dropped_for);
}

/* What has something in common: where it stands first, and how often. */
struct common_count {
    size_t first, count;
};

static int by_count(const void *a, const void *b)
{
    const struct common_count *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count) - (x->count > y->count)
                                : (x->first > y->first) - (x->first < y->first);
}

static void add_counts(struct report *r, const struct letter *letters, size_t count)
{
    struct common_count *list = NULL;
    size_t reasons = 0, capacity = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < reasons && strcmp(letters[list[at].first].reason, letters[i].reason) != 0)
            at++;
        if (at == reasons) {
            list = array_room(list, reasons, &capacity, sizeof(*list));
            list[reasons++] = (struct common_count){.first = i};
        }
        list[at].count++;
    }
    if (reasons > 0)
        qsort(list, reasons, sizeof(*list), by_count);
    for (size_t i = 0; i < reasons; i++) {
        const struct letter *letter = &letters[list[i].first];
        struct text_buffer reason = {0};
        letter_put_text(letter->reason, &reason);
        report_add_note(r, "%s %s (%s): %s.", report_number(r, (int64_t)list[i].count), reason.data,
                        letter->label, letter->advice);
        text_buffer_free(&reason);
    }
    free(list);
}

static const char *none_rejected(const struct report *r)
{
    return SAY(r, "Không có bản ghi nào bị loại, và bản ghi nào cũng đọc được.",
               "No record was rejected, and all could be read.");
}

struct report *dead_list_report(const struct letter *letters, size_t count, bool filtered,
                                size_t aside, bool for_people, enum language language)
{
    struct report *r = report_new("dead", language);
    r->title = SAY(r, "CÁC BẢN GHI KHÔNG DÙNG ĐƯỢC", "RECORDS THAT COULD NOT BE USED");
    report_add_column(r, CELL_TEXT, "source", NULL, SAY(r, "Nguồn", "Source"));
    report_add_column(r, CELL_TEXT, "reason", NULL, SAY(r, "Mã lỗi", "Reason"));
    report_add_column(r, CELL_TEXT, "record", NULL, SAY(r, "Bản ghi", "Record"));
    report_add_column(r, CELL_TEXT, "file", NULL, SAY(r, "Tệp", "File"));
    report_add_column(r, CELL_TEXT, "sheet", NULL, SAY(r, "Trang tính", "Sheet"));
    report_add_column(r, CELL_NUMBER, "row", NULL, SAY(r, "Dòng", "Row"));
    report_add_column(r, CELL_TEXT, "since", NULL, SAY(r, "Từ lúc", "Since"));
    report_add_column(r, CELL_TEXT, "dropped_for", NULL, SAY(r, "Bỏ qua vì", "Set aside because"));
    report_add_column(r, CELL_TEXT, "detail", NULL, SAY(r, "Chi tiết", "Detail"));
    static const char *const more[] = {"entity", "stream",     "wave",
                                       "unit",   "dropped_at", "dropped_by"};
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        report_add_program_column(r, CELL_TEXT, more[i]);
    for (size_t i = 0; i < count; i++) {
        size_t row = report_add_row(r);
        put_letter(r, row, &letters[i]);
        put_where(r, row, &letters[i], for_people);
    }
    add_counts(r, letters, count);
    if (aside > 0)
        report_add_note(
            r,
            SAY_COUNT(r, aside,
                      "%s bản ghi nữa đã được bỏ qua (dead drop): --all liệt kê, kèm ai "
                      "bỏ và vì sao.",
                      "%s more was set aside (dead drop): --all shows them, with who "
                      "did it and why.",
                      "%s more were set aside (dead drop): --all shows them, with who "
                      "did it and why."),
            report_number(r, (int64_t)aside));
    else if (count == 0)
        report_add_note(r, "%s",
                        filtered
                            ? SAY(r, "Không có bản ghi nào như vậy; bỏ điều kiện lọc để xem tất cả.",
                                  "No record fits; without filters all are shown.")
                            : none_rejected(r));
    return r;
}

/* ---- retry ---- */

/* One line per source whose letters mooc-ingest must look at again. */
static void add_commands(struct report *r, const struct letter *letters,
                         const enum letter_verdict *verdicts, size_t count)
{
    struct common_count *list = NULL;
    size_t sources = 0, capacity = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        if (verdicts[i] != VERDICT_ASK_INGEST)
            continue;
        while (at < sources && strcmp(letters[list[at].first].source, letters[i].source) != 0)
            at++;
        if (at == sources) {
            list = array_room(list, sources, &capacity, sizeof(*list));
            list[sources++] = (struct common_count){.first = i};
        }
        list[at].count++;
    }
    for (size_t i = 0; i < sources; i++) {
        struct text_buffer command = {0};
        text_buffer_add_text(&command, "mooc-ingest dead retry --source ");
        letter_quote_word(letters[list[i].first].source, &command);
        report_add_note(
            r,
            SAY_COUNT(r, list[i].count,
                      "%s bản ghi bị mooc-ingest loại. Khi đã sửa nguyên nhân, chạy ở "
                      "máy đó: %s",
                      "%s record was rejected by mooc-ingest. Once what stands in the "
                      "way is put right, type there: %s",
                      "%s records were rejected by mooc-ingest. Once what stands in the "
                      "way is put right, type there: %s"),
            report_number(r, (int64_t)list[i].count), command.data);
        text_buffer_free(&command);
    }
    free(list);
}

struct report *dead_retry_report(const struct letter *letters, const enum letter_verdict *verdicts,
                                 const char *const *why, size_t count, enum language language)
{
    struct report *r = report_new("dead_retry", language);
    size_t readable = 0;
    r->title = SAY(r, "NẾU THỬ LẠI THÌ SAO", "WHAT A RETRY WOULD BRING");
    report_add_column(r, CELL_TEXT, "record", NULL, SAY(r, "Bản ghi", "Record"));
    report_add_column(r, CELL_TEXT, "source", NULL, SAY(r, "Nguồn", "Source"));
    report_add_column(r, CELL_TEXT, "reason", NULL, SAY(r, "Mã lỗi", "Reason"));
    report_add_column(r, CELL_TEXT, "why", NULL, SAY(r, "Kết quả sẽ là", "What would become of it"));
    report_add_program_column(r, CELL_TEXT, "entity");
    report_add_program_column(r, CELL_TEXT, "verdict");
    for (size_t i = 0; i < count; i++) {
        size_t row = report_add_row(r);
        put_letter(r, row, &letters[i]);
        report_put_text(r, row, "why", why[i]);
        report_put_text(r, row, "verdict", letter_verdict_name(verdicts[i]));
        readable += verdicts[i] == VERDICT_READABLE;
    }
    if (readable > 0)
        report_add_note(
            r,
            SAY(r,
                "%s bản ghi nay đọc được. Không có gì bị tính hai lần: số liệu đang dùng giữ "
                "nguyên, "
                "lần tính lại sau đếm mỗi bản ghi một lần: mooc-aggregator replay start",
                "%s can be read now. Nothing is counted twice: the figures shown today stay as "
                "they "
                "are, the next generation counts each once: mooc-aggregator replay start"),
            report_number(r, (int64_t)readable));
    add_commands(r, letters, verdicts, count);
    if (count == 0)
        report_add_note(r, "%s", none_rejected(r));
    return r;
}

/* ---- show ---- */

/* A line's name, in a column of its own. */
static void begin_line(struct text_buffer *out, const char *name)
{
    text_pad(out, name, strlen(name), 12, ALIGN_LEFT);
    text_buffer_add_text(out, " ");
}

static void put_line_of_time(struct text_buffer *out, const char *name, const char *text)
{
    char local[CLOCK_LOCAL_SIZE];
    if (text == NULL || text[0] == '\0')
        return;
    clock_localise(text, local);
    begin_line(out, name);
    text_buffer_add_format(out, "%s\n", local);
}

static void put_line(struct text_buffer *out, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    begin_line(out, name);
    letter_put_text(text, out);
    text_buffer_add_text(out, "\n");
}

static void put_record(const struct teller *to, const struct letter_record *record, bool value,
                       struct text_buffer *out)
{
    const char *archive = TELL(to, "kho lưu", "archive");
    if (!record->asked)
        return;
    if (!record->found) {
        put_line(out, archive,
                 TELL(to, "không có nó (hoặc không còn)", "does not hold it (any more)"));
        return;
    }
    char log_time[CLOCK_LOCAL_SIZE], bytes[NUMBER_SIZE];
    clock_localise(record->log_time, log_time);
    format_count((int64_t)record->length, TELL(to, LANGUAGE_VI, LANGUAGE_EN), bytes);
    begin_line(out, archive);
    text_buffer_add_format(
        out, TELL(to, "%s byte, trong nhật ký từ %s\n", "%s bytes, in the log since %s\n"),
        record->kept ? bytes : TELL(to, "không còn", "no"), log_time);
    if (value && record->kept) {
        begin_line(out, TELL(to, "nội dung", "value"));
        letter_escape(record->value, record->length, out);
        text_buffer_add_text(out, "\n");
    }
}

static void put_set_aside(const struct teller *to, const struct letter *letter,
                          struct text_buffer *out)
{
    char dropped_at[CLOCK_LOCAL_SIZE];
    if (letter->dropped_at == NULL)
        return;
    clock_localise(letter->dropped_at, dropped_at);
    begin_line(out, TELL(to, "bỏ qua", "set aside"));
    text_buffer_add_format(out, TELL(to, "%s, người bỏ: ", "%s by "), dropped_at);
    letter_put_text(letter->dropped_by, out);
    text_buffer_add_text(out, TELL(to, ", vì: ", ": "));
    letter_put_text(letter->dropped_for, out);
    text_buffer_add_text(out, "\n");
}

void dead_show_text(const struct letter *letter, const struct letter_record *record, bool value,
                    bool vietnamese, struct text_buffer *out)
{
    char row[24] = "";
    struct text_buffer detail = {0};
    const struct teller teller = {vietnamese}, *to = &teller;
    begin_line(out, TELL(to, "bản ghi", "record"));
    put_place(letter, out);
    text_buffer_add_text(out, "\n");
    put_line(out, TELL(to, "đối tượng", "entity"), letter->entity);
    put_line(out, TELL(to, "nguồn", "source"), letter->source);
    put_line(out, TELL(to, "mã lỗi", "reason"), letter->reason);
    put_line(out, "", letter->label);
    add_detail(letter, vietnamese, &detail);
    put_line(out, TELL(to, "chi tiết", "detail"), detail.data);
    text_buffer_free(&detail);
    put_line(out, TELL(to, "luồng", "stream"), letter->stream);
    put_line(out, TELL(to, "đợt", "wave"), letter->wave);
    put_line(out, TELL(to, "đơn vị", "unit"), letter->unit);
    put_line(out, TELL(to, "tệp", "file"), letter->file);
    put_line(out, TELL(to, "trang tính", "sheet"), letter->sheet);
    if (letter->row > 0)
        snprintf(row, sizeof(row), "%lld", (long long)letter->row);
    put_line(out, TELL(to, "dòng", "row"), row);
    put_line_of_time(out, TELL(to, "từ lúc", "since"), letter->since);
    put_record(to, record, value, out);
    put_line(out, TELL(to, "cần làm", "to do"), letter->advice);
    put_set_aside(to, letter, out);
}

static void put_member(struct text_buffer *out, const char *name, const char *text)
{
    text_buffer_add_format(out, ",\"%s\":", name);
    if (text == NULL || text[0] == '\0')
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_json_string(out, text);
}

static void put_json_record(const struct letter_record *record, bool value, struct text_buffer *out)
{
    if (!record->found) {
        text_buffer_add_text(out, ",\"bytes\":null,\"log_time\":null");
        return;
    }
    if (record->kept)
        text_buffer_add_format(out, ",\"bytes\":%zu", record->length);
    else
        text_buffer_add_text(out, ",\"bytes\":null");
    put_member(out, "log_time", record->log_time);
    if (!value || !record->kept)
        return;
    struct text_buffer escaped = {0};
    letter_escape(record->value, record->length, &escaped);
    put_member(out, "value", escaped.length > 0 ? escaped.data : "");
    text_buffer_free(&escaped);
}

void dead_show_json(const struct letter *letter, const struct letter_record *record, bool value,
                    struct text_buffer *out)
{
    static const char *const kinds[] = {"rejected", "unreadable_event", "unreadable_report"};
    const char *const names[] = {"source", "reason", "label", "detail", "stream", "wave",
                                 "unit",   "file",   "sheet", "since",  "to_do"};
    const char *const values[] = {letter->source, letter->reason, letter->label, letter->detail,
                                  letter->stream, letter->wave,   letter->unit,  letter->file,
                                  letter->sheet,  letter->since,  letter->advice};
    text_buffer_add_format(out, "{\"entity\":\"%s\",\"kind\":\"%s\",\"topic\":", letter->entity,
                           kinds[letter->kind]);
    text_buffer_add_json_string(out, letter->topic);
    text_buffer_add_format(out, ",\"partition\":%lld,\"offset\":%lld,\"row\":",
                           (long long)letter->partition, (long long)letter->offset);
    if (letter->row > 0)
        text_buffer_add_number(out, letter->row);
    else
        text_buffer_add_text(out, "null");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        put_member(out, names[i], values[i]);
    put_json_record(record, value, out);
    put_member(out, "dropped_at", letter->dropped_at);
    put_member(out, "dropped_by", letter->dropped_by);
    put_member(out, "dropped_for", letter->dropped_for);
    text_buffer_add_text(out, "}\n");
}
