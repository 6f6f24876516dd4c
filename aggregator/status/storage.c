#include "storage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "sql.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define DAYS_WARNED_OF 30

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static bool read_parts(struct pg *pg, struct storage *s, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_sizes, 0, NULL, err);
    if (!rows)
        return false;
    s->part_count = pg_rows_count(rows);
    s->parts = must_have(calloc(s->part_count + 1, sizeof(*s->parts)));
    for (size_t i = 0; i < s->part_count; i++) {
        struct storage_part *p = &s->parts[i];
        snprintf(p->name, sizeof(p->name), "%s", pg_rows_value(rows, i, 0));
        p->bytes = pg_rows_integer(rows, i, 1, STATUS_UNKNOWN);
        p->records = pg_rows_integer(rows, i, 2, STATUS_UNKNOWN);
        p->bytes_per_day = pg_rows_integer(rows, i, 3, STATUS_UNKNOWN);
        p->records_per_day = pg_rows_integer(rows, i, 4, STATUS_UNKNOWN);
        /* What shrank does not tell how it will grow. */
        if (p->bytes_per_day < 0)
            p->bytes_per_day = STATUS_UNKNOWN;
        if (p->records_per_day < 0)
            p->records_per_day = STATUS_UNKNOWN;
    }
    pg_rows_free(rows);
    return true;
}

static bool read_months(struct pg *pg, struct storage *s, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_archive_months, 0, NULL, err);
    if (!rows)
        return false;
    s->month_count = pg_rows_count(rows);
    s->months = must_have(calloc(s->month_count + 1, sizeof(*s->months)));
    for (size_t i = 0; i < s->month_count; i++) {
        snprintf(s->months[i].month, sizeof(s->months[i].month), "%s", pg_rows_value(rows, i, 0));
        s->months[i].bytes = pg_rows_integer(rows, i, 1, STATUS_UNKNOWN);
        s->months[i].exported = *pg_rows_value(rows, i, 2) == 't';
    }
    pg_rows_free(rows);
    rows = pg_query(pg, sql_status_unchecked_since, 0, NULL, err);
    if (!rows)
        return false;
    s->unchecked_since_us = pg_rows_integer(rows, 0, 0, STATUS_UNKNOWN);
    pg_rows_free(rows);
    return true;
}

/* PostgreSQL does not tell how full its disk is: the operator says how much there is, or where it is on this machine. */
static void read_free(const struct options *options, struct storage *s)
{
    struct statvfs about;
    const struct storage_part *database = storage_find(s, "database");
    const char *path = options_text(options, "storage.path");
    int64_t capacity = options_number(options, "storage.capacity");
    s->database_free = STATUS_UNKNOWN;
    if (path && statvfs(path, &about) == 0)
        s->database_free = (int64_t)about.f_bavail * (int64_t)about.f_frsize;
    else if (capacity > 0 && database)
        s->database_free = database->bytes < capacity ? capacity - database->bytes : 0;
}

bool storage_read(struct pg *pg, const struct options *options, struct storage *s, struct error *err)
{
    *s = (struct storage){.topic_count = 2, .kafka_free = STATUS_UNKNOWN};
    for (int i = 0; i < 2; i++) {
        struct storage_topic *topic = &s->topics[i];
        snprintf(topic->name, sizeof(topic->name), "%s",
                 options_text(options, i ? "dead_topic" : "events_topic"));
        topic->settings = (struct topic_settings){.retention_ms = -1, .retention_bytes = -1};
        topic->held = topic->bytes = STATUS_UNKNOWN;
        topic->archived = i == 0;
    }
    if (!read_parts(pg, s, err) || !read_months(pg, s, err))
        return false;
    read_free(options, s);
    return true;
}

/* Of the events only: of the other topic nothing tells how large a record is. */
static int64_t record_bytes(const struct storage *s)
{
    const struct storage_part *archive = storage_find(s, "archive");
    return archive && archive->records > 0 && archive->bytes > 0 ? archive->bytes / archive->records
                                                                 : STATUS_UNKNOWN;
}

void storage_ask_kafka(const struct options *options, int timeout_ms,
                       const struct partition_end *ends, size_t count, struct storage *s)
{
    struct error err = {0};
    struct topic_settings settings[2];
    const char *names[] = {s->topics[0].name, s->topics[1].name};
    int64_t capacity = options_number(options, "storage.kafka_capacity");
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < s->topic_count; t++)
            if (strcmp(ends[i].topic, s->topics[t].name) == 0) {
                s->topics[t].held =
                    (s->topics[t].held < 0 ? 0 : s->topics[t].held) + ends[i].end - ends[i].begin;
                s->topics[t].deleted += ends[i].begin;
            }
    if (s->topics[0].held >= 0 && record_bytes(s) >= 0)
        s->topics[0].bytes = s->topics[0].held * record_bytes(s);
    if (capacity > 0 && s->topics[0].bytes >= 0)
        s->kafka_free = s->topics[0].bytes < capacity ? capacity - s->topics[0].bytes : 0;
    if (!topic_settings_fetch(options, names, s->topic_count, timeout_ms, settings, &err)) {
        snprintf(s->kafka_failure, sizeof(s->kafka_failure), "%.500s",
                 error_words(&err, s->vietnamese));
        return;
    }
    for (size_t t = 0; t < s->topic_count; t++)
        s->topics[t].settings = settings[t];
}

void storage_free(struct storage *s)
{
    free(s->parts);
    free(s->months);
    *s = (struct storage){0};
}

/* Judging ---------------------------------------------------------------------------------------------------------------- */

const struct storage_part *storage_find(const struct storage *s, const char *name)
{
    for (size_t i = 0; i < s->part_count; i++)
        if (strcmp(s->parts[i].name, name) == 0)
            return &s->parts[i];
    return NULL;
}

int64_t storage_days_left(int64_t free_bytes, int64_t bytes_per_day)
{
    return free_bytes < 0 || bytes_per_day <= 0 ? STATUS_UNKNOWN : free_bytes / bytes_per_day;
}

int64_t storage_topic_per_day(const struct storage *s, const struct storage_topic *topic)
{
    char name[160];
    snprintf(name, sizeof(name), "topic %s", topic->name);
    const struct storage_part *part = storage_find(s, name);
    if (!topic->archived || !part || part->records_per_day < 0 || record_bytes(s) < 0)
        return STATUS_UNKNOWN;
    return part->records_per_day * record_bytes(s);
}

static bool retention_warning(const struct storage *s, const struct storage_topic *t,
                              int64_t now_us, char *line, size_t size)
{
    char since[CLOCK_LOCAL_SIZE];
    const int64_t retention_us = t->settings.retention_ms * 1000;
    if (!t->settings.known || (t->settings.retention_ms < 0 && t->settings.retention_bytes < 0))
        return false;
    if (t->settings.retention_bytes >= 0) {
        snprintf(line, size,
                 TELL(s,
                      "Kafka xóa bản ghi của %s theo dung lượng (retention.bytes=%" PRId64
                      "), dù đã xuất hay chưa: đặt retention.bytes=-1",
                      "Kafka deletes records of %s by size (retention.bytes=%" PRId64
                      "), whatever is exported: set retention.bytes=-1"),
                 t->name, t->settings.retention_bytes);
        return true;
    }
    if (!t->archived) {
        snprintf(line, size,
                 TELL(s,
                      "Kafka xóa bản ghi của %s sau %" PRId64
                      " ngày, không nơi nào khác còn giữ: đặt retention.ms=-1",
                      "Kafka deletes records of %s after %" PRId64
                      " days, and nothing else holds them: set retention.ms=-1"),
                 t->name, t->settings.retention_ms / DAY_MS);
        return true;
    }
    if (s->unchecked_since_us < 0 || s->unchecked_since_us >= now_us - retention_us)
        return false;
    tell_instant(s->unchecked_since_us, s->vietnamese, since);
    snprintf(line, size,
             TELL(s,
                  "Kafka xóa bản ghi của %s sau %" PRId64
                  " ngày, nhưng bản ghi từ %.10s chưa có trong bản xuất nào đã kiểm tra: chạy "
                  "archive export rồi archive check --against database, hoặc tăng retention.ms",
                  "Kafka deletes records of %s after %" PRId64
                  " days, but those since %.10s are in no checked export: run archive export "
                  "and archive check --against database, or lengthen retention.ms"),
             t->name, t->settings.retention_ms / DAY_MS, since);
    return true;
}

/* mooc-ingest refuses to start on it; but what is changed while it runs deletes at once. */
static bool compaction_warning(const struct storage *s, const struct storage_topic *t, char *line,
                               size_t size)
{
    if (!t->settings.known || !strstr(t->settings.cleanup_policy, "compact"))
        return false;
    snprintf(line, size,
             TELL(s,
                  "Kafka chỉ giữ lại bản ghi mới nhất của mỗi khóa trong %s (cleanup.policy=%s), "
                  "các bản ghi khác bị xóa: đặt cleanup.policy=delete ngay",
                  "Kafka keeps only the newest record of each key in %s (cleanup.policy=%s) and "
                  "deletes the others: set cleanup.policy=delete at once"),
             t->name, t->settings.cleanup_policy);
    return true;
}

size_t storage_warnings(const struct storage *s, int64_t now_us, storage_say say, void *context)
{
    char line[512];
    size_t count = 0;
    const struct storage_part *database = storage_find(s, "database");
    for (size_t t = 0; t < s->topic_count; t++) {
        if (compaction_warning(s, &s->topics[t], line, sizeof(line))) {
            say(context, line);
            count++;
        }
        if (retention_warning(s, &s->topics[t], now_us, line, sizeof(line))) {
            say(context, line);
            count++;
        }
    }
    int64_t days =
        database ? storage_days_left(s->database_free, database->bytes_per_day) : STATUS_UNKNOWN;
    if (s->database_free == 0 || (days != STATUS_UNKNOWN && days < DAYS_WARNED_OF)) {
        snprintf(line, sizeof(line),
                 TELL(s,
                      "cơ sở dữ liệu còn đủ chỗ cho %" PRId64
                      " ngày: thêm đĩa, hoặc xuất rồi tách bớt tháng của kho sự kiện",
                      "the database has room for %" PRId64
                      " days: add disk, or export and detach months of the archive"),
                 days == STATUS_UNKNOWN ? 0 : days);
        say(context, line);
        count++;
    }
    return count;
}
