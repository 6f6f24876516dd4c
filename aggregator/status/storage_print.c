#include <inttypes.h>
#include <stdio.h>

#include "../../common/clock.h"
#include "storage.h"

/* "12.3 GiB"; "unknown". */
static void format_bytes(int64_t bytes, char out[32])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1024 && unit + 1 < ARRAY_LEN(units)) {
        size /= 1024;
        unit++;
    }
    if (bytes < 0)
        snprintf(out, 32, "unknown");
    else
        snprintf(out, 32, unit > 0 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void format_days(int64_t days, char out[32])
{
    if (days < 0)
        snprintf(out, 32, "unknown");
    else
        snprintf(out, 32, "%" PRId64, days);
}

static void write_line(struct text_buffer *out, const char *name, int64_t bytes, int64_t per_day,
                       int64_t days_left)
{
    char size[32], growth[32], left[32];
    format_bytes(bytes, size);
    format_bytes(per_day, growth);
    format_days(days_left, left);
    text_buffer_add_format(out, "%-32s %12s %12s %10s\n", name, size, growth, left);
}

static void write_topic(const struct storage *s, const struct storage_topic *t,
                        struct text_buffer *out)
{
    text_buffer_add_format(out, "%-32s", t->name);
    if (t->held < 0)
        text_buffer_add_text(out, " records held: unknown");
    else
        text_buffer_add_format(out, " %" PRId64 " records held", t->held);
    if (t->deleted > 0)
        text_buffer_add_format(out, ", %" PRId64 " before them are gone", t->deleted);
    if (!t->settings.known)
        text_buffer_add_text(out, ", kept for: unknown");
    else if (t->settings.retention_ms < 0)
        text_buffer_add_text(out, ", kept for ever");
    else
        text_buffer_add_format(out, ", kept for %" PRId64 " days",
                               t->settings.retention_ms / 86400000);
    text_buffer_add_text(out, "\n");
    if (t->archived)
        write_line(out, "  estimated by the archive", t->bytes, storage_topic_per_day(s, t),
                   storage_days_left(s->kafka_free, storage_topic_per_day(s, t)));
}

void storage_write_text(const struct storage *s, struct text_buffer *out)
{
    text_buffer_add_format(out, "\n%-32s %12s %12s %10s\n", "Room", "takes", "grows a day",
                           "days left");
    for (size_t i = 0; i < s->part_count; i++) {
        const struct storage_part *p = &s->parts[i];
        if (p->bytes < 0)
            continue;
        write_line(out, p->name, p->bytes, p->bytes_per_day,
                   i == 0 ? storage_days_left(s->database_free, p->bytes_per_day) : STATUS_UNKNOWN);
    }
    for (size_t i = 0; i < s->month_count; i++) {
        char size[32];
        format_bytes(s->months[i].bytes, size);
        text_buffer_add_format(out, "  %-30s %12s%s\n", s->months[i].month, size,
                               s->months[i].exported ? "  exported and checked" : "");
    }
    for (size_t t = 0; t < s->topic_count; t++)
        write_topic(s, &s->topics[t], out);
    if (s->kafka_failure[0] != '\0')
        text_buffer_add_format(out, "%s\n", s->kafka_failure);
    if (s->database_free < 0)
        text_buffer_add_text(out, "Days left are unknown until storage.capacity or storage.path "
                                  "says how much room there is.\n");
}

/* JSON ------------------------------------------------------------------------------------------------------------------- */

static void add_number(struct text_buffer *out, const char *name, int64_t number)
{
    text_buffer_add_format(out, ",\"%s\":", name);
    if (number < 0)
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_number(out, number);
}

static void add_topic(const struct storage *s, const struct storage_topic *t, struct text_buffer *out)
{
    int64_t per_day = storage_topic_per_day(s, t);
    text_buffer_add_text(out, "{\"topic\":");
    text_buffer_add_json_string(out, t->name);
    add_number(out, "records_held", t->held);
    text_buffer_add_format(out, ",\"records_deleted\":%" PRId64, t->deleted);
    add_number(out, "bytes_estimated", t->bytes);
    add_number(out, "bytes_per_day_estimated", per_day);
    add_number(out, "days_left",
               t->archived ? storage_days_left(s->kafka_free, per_day) : STATUS_UNKNOWN);
    if (t->settings.known)
        text_buffer_add_format(out, ",\"retention_ms\":%" PRId64 ",\"retention_bytes\":%" PRId64,
                               t->settings.retention_ms, t->settings.retention_bytes);
    else
        text_buffer_add_text(out, ",\"retention_ms\":null,\"retention_bytes\":null");
    text_buffer_add_text(out, "}");
}

struct list {
    struct text_buffer *out;
    size_t count;
};

static void add_line(void *context, const char *line)
{
    struct list *list = context;
    text_buffer_add_text(list->out, list->count++ > 0 ? "," : "");
    text_buffer_add_json_string(list->out, line);
}

void storage_write_json(const struct storage *s, struct text_buffer *out)
{
    struct list warnings = {out, 0};
    text_buffer_add_text(out, "\"storage\":{\"parts\":[");
    for (size_t i = 0; i < s->part_count; i++) {
        const struct storage_part *p = &s->parts[i];
        text_buffer_add_text(out, i > 0 ? ",\n{\"part\":" : "\n{\"part\":");
        text_buffer_add_json_string(out, p->name);
        add_number(out, "bytes", p->bytes);
        add_number(out, "records", p->records);
        add_number(out, "bytes_per_day", p->bytes_per_day);
        add_number(out, "records_per_day", p->records_per_day);
        add_number(out, "days_left",
                   i == 0 ? storage_days_left(s->database_free, p->bytes_per_day) : STATUS_UNKNOWN);
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
    (void)storage_warnings(s, clock_now_us(), add_line, &warnings);
    text_buffer_add_text(out, "]");
    add_number(out, "database_free", s->database_free);
    text_buffer_add_text(out, "}");
}
