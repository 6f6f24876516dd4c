#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../report/width.h"
#include "members.h"
#include "storage.h"

static const char *unknown(const struct storage *s)
{
    return TELL(s, "không rõ", "unknown");
}

static void format_bytes(const struct storage *s, int64_t bytes, char out[32])
{
    if (bytes < 0)
        snprintf(out, 32, "%s", unknown(s));
    else
        tell_bytes(bytes, s->vietnamese, out);
}

/* "2026-11"; "11/2026". */
static void format_month(const struct storage *s, const char *month, char out[16])
{
    if (s->vietnamese)
        snprintf(out, 16, "%.2s/%.4s", month + 5, month);
    else
        snprintf(out, 16, "%.7s", month);
}

static void format_days(const struct storage *s, int64_t days, char out[32])
{
    if (days < 0)
        snprintf(out, 32, "%s", unknown(s));
    else
        snprintf(out, 32, "%" PRId64, days);
}

/* The parts' names are the database's own words. */
static void name_part(const struct storage *s, const char *part, char out[192])
{
    static const char generation[] = "generation ";
    if (s->vietnamese && strcmp(part, "database") == 0)
        snprintf(out, 192, "cơ sở dữ liệu");
    else if (s->vietnamese && strcmp(part, "archive") == 0)
        snprintf(out, 192, "kho sự kiện");
    else if (strncmp(part, generation, strlen(generation)) == 0)
        snprintf(out, 192, TELL(s, "phiên bản số liệu %s", "set of figures %s"),
                 part + strlen(generation));
    else
        snprintf(out, 192, "%s", part);
}

static void write_cells(struct text_buffer *out, const char *name, const char *size,
                        const char *growth, const char *left)
{
    text_pad(out, name, strlen(name), 32, ALIGN_LEFT);
    text_buffer_add_text(out, " ");
    text_pad(out, size, strlen(size), 12, ALIGN_RIGHT);
    text_buffer_add_text(out, " ");
    text_pad(out, growth, strlen(growth), 13, ALIGN_RIGHT);
    text_buffer_add_text(out, " ");
    text_pad(out, left, strlen(left), 10, ALIGN_RIGHT);
    text_buffer_add_text(out, "\n");
}

static void write_line(const struct storage *s, struct text_buffer *out, const char *name,
                       int64_t bytes, int64_t per_day, int64_t days_left)
{
    char size[32], growth[32], left[32];
    format_bytes(s, bytes, size);
    format_bytes(s, per_day, growth);
    format_days(s, days_left, left);
    write_cells(out, name, size, growth, left);
}

static void write_topic(const struct storage *s, const struct storage_topic *t,
                        struct text_buffer *out)
{
    text_pad(out, t->name, strlen(t->name), 32, ALIGN_LEFT);
    if (t->held < 0)
        text_buffer_add_text(out, TELL(s, " đang giữ: không rõ", " held: unknown"));
    else
        text_buffer_add_format(
            out,
            TELL(s, " đang giữ %" PRId64 " vị trí (bản ghi và dấu kết thúc giao dịch)",
                 " %" PRId64 " positions held (records, and marks that end transactions)"),
            t->held);
    if (t->deleted > 0)
        text_buffer_add_format(out,
                               TELL(s, ", %" PRId64 " vị trí trước đó không còn",
                                    ", %" PRId64 " before them are gone"),
                               t->deleted);
    if (!t->settings.known)
        text_buffer_add_text(out, TELL(s, ", thời gian giữ: không rõ", ", kept for: unknown"));
    else if (t->settings.retention_ms < 0)
        text_buffer_add_text(out, TELL(s, ", giữ mãi", ", kept for ever"));
    else
        text_buffer_add_format(out,
                               TELL(s, ", giữ trong %" PRId64 " ngày", ", kept for %" PRId64 " days"),
                               t->settings.retention_ms / 86400000);
    text_buffer_add_text(out, "\n");
    if (t->archived)
        write_line(s, out, TELL(s, "  ước theo kho sự kiện", "  estimated by the archive"),
                   t->bytes, storage_topic_per_day(s, t),
                   storage_days_left(s->kafka_free, storage_topic_per_day(s, t)));
}

void storage_write_text(const struct storage *s, struct text_buffer *out)
{
    text_buffer_add_text(out, "\n");
    write_cells(out, TELL(s, "Dung lượng", "Room"), TELL(s, "đang dùng", "takes"),
                TELL(s, "tăng mỗi ngày", "grows a day"), TELL(s, "còn (ngày)", "days left"));
    for (size_t i = 0; i < s->part_count; i++) {
        const struct storage_part *p = &s->parts[i];
        char name[192];
        if (p->bytes < 0)
            continue;
        name_part(s, p->name, name);
        write_line(s, out, name, p->bytes, p->bytes_per_day,
                   i == 0 ? storage_days_left(s->database_free, p->bytes_per_day) : STATUS_UNKNOWN);
    }
    for (size_t i = 0; i < s->month_count; i++) {
        char size[32], month[16];
        format_month(s, s->months[i].month, month);
        format_bytes(s, s->months[i].bytes, size);
        text_buffer_add_format(
            out, "  %-30s %12s%s\n", month, size,
            s->months[i].exported ? TELL(s, "  đã xuất và kiểm tra", "  exported and checked") : "");
    }
    for (size_t t = 0; t < s->topic_count; t++)
        write_topic(s, &s->topics[t], out);
    if (s->kafka_failure[0] != '\0')
        text_buffer_add_format(out, "%s\n", s->kafka_failure);
    if (s->database_free < 0)
        text_buffer_add_text(out, TELL(s,
                                       "Chưa biết còn được bao nhiêu ngày: ghi dung lượng cho phép "
                                       "vào storage.capacity hoặc thư mục vào storage.path.\n",
                                       "Days left are unknown until storage.capacity or "
                                       "storage.path says how much room there is.\n"));
}

/* JSON ------------------------------------------------------------------------------------------------------------------- */

static void add_topic(const struct storage *s, const struct storage_topic *t, struct text_buffer *out)
{
    int64_t per_day = storage_topic_per_day(s, t);
    text_buffer_add_text(out, "{\"topic\":");
    text_buffer_add_json_string(out, t->name);
    member_number(out, "records_held", t->held);
    text_buffer_add_format(out, ",\"records_deleted\":%" PRId64, t->deleted);
    member_number(out, "bytes_estimated", t->bytes);
    member_number(out, "bytes_per_day_estimated", per_day);
    member_number(out, "days_left",
                  t->archived ? storage_days_left(s->kafka_free, per_day) : STATUS_UNKNOWN);
    if (t->settings.known)
        text_buffer_add_format(out, ",\"retention_ms\":%" PRId64 ",\"retention_bytes\":%" PRId64,
                               t->settings.retention_ms, t->settings.retention_bytes);
    else
        text_buffer_add_text(out, ",\"retention_ms\":null,\"retention_bytes\":null");
    text_buffer_add_text(out, "}");
}

void storage_write_json(const struct storage *s, struct text_buffer *out)
{
    struct member_lines warnings = {out, 0};
    text_buffer_add_text(out, "\"storage\":{\"parts\":[");
    for (size_t i = 0; i < s->part_count; i++) {
        const struct storage_part *p = &s->parts[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"part\":" : "\n{\"part\":");
        text_buffer_add_json_string(out, p->name);
        member_number(out, "bytes", p->bytes);
        member_number(out, "records", p->records);
        member_number(out, "bytes_per_day", p->bytes_per_day);
        member_number(out, "records_per_day", p->records_per_day);
        member_number(out, "days_left",
                      i == 0 ? storage_days_left(s->database_free, p->bytes_per_day)
                             : STATUS_UNKNOWN);
        text_buffer_add_text(out, "}");
    }
    text_buffer_add_text(out, "],\"months\":[");
    for (size_t i = 0; i < s->month_count; i++)
        text_buffer_add_format(out, "%s{\"month\":\"%s\",\"bytes\":%" PRId64 ",\"exported\":%s}",
                               i > 0 ? "," : "", s->months[i].month, s->months[i].bytes,
                               s->months[i].exported ? "true" : "false");
    text_buffer_add_text(out, "],\"topics\":[");
    for (size_t t = 0; t < s->topic_count; t++) {
        text_buffer_add_text(out, t > 0 ? "," : "");
        add_topic(s, &s->topics[t], out);
    }
    text_buffer_add_text(out, "],\"warnings\":[");
    (void)storage_warnings(s, clock_now_us(), member_line, &warnings);
    text_buffer_add_text(out, "]");
    member_number(out, "database_free", s->database_free);
    text_buffer_add_text(out, "}");
}
