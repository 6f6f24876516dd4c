#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "../../common/turns.h"
#include "../fold/fold.h"
#include "sql.h"
#include "status.h"

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

static void *new_array(size_t count, size_t size)
{
    void *items = calloc(count + 1, size);
    if (items == NULL)
        abort();
    return items;
}

static bool read_writer(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_writer, 0, NULL, err);
    if (rows == NULL)
        return false;
    status->heartbeat_age_ms = STATUS_UNKNOWN;
    status->counted_by = status->counts_by = FOLD_VERSION;
    if (pg_rows_count(rows) == 1) {
        status->generation = pg_rows_integer(rows, 0, 0, 0);
        status->config_version = pg_rows_integer(rows, 0, 1, 0);
        copy(status->instance, sizeof(status->instance), pg_rows_value(rows, 0, 2));
        status->epoch = pg_rows_integer(rows, 0, 3, 0);
        copy(status->since, sizeof(status->since), pg_rows_value(rows, 0, 4));
        status->heartbeat_age_ms = pg_rows_integer(rows, 0, 5, STATUS_UNKNOWN);
        status->counted_by = pg_rows_integer(rows, 0, 6, FOLD_VERSION);
        copy(status->standing_by, sizeof(status->standing_by), pg_rows_value(rows, 0, 7));
        copy(status->restarted, sizeof(status->restarted), pg_rows_value(rows, 0, 8));
        copy(status->taking_over, sizeof(status->taking_over), pg_rows_value(rows, 0, 9));
    }
    pg_rows_free(rows);
    return true;
}

static bool read_partitions(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_partitions, 0, NULL, err);
    if (rows == NULL)
        return false;
    status->partition_count = pg_rows_count(rows);
    status->partitions = new_array(status->partition_count, sizeof(*status->partitions));
    for (size_t i = 0; i < status->partition_count; i++) {
        struct status_partition *p = &status->partitions[i];
        copy(p->topic, sizeof(p->topic), pg_rows_value(rows, i, 0));
        p->partition = pg_rows_integer(rows, i, 1, 0);
        p->counted = pg_rows_integer(rows, i, 2, STATUS_UNKNOWN);
        p->end = STATUS_UNKNOWN;
        copy(p->log_time, sizeof(p->log_time), pg_rows_value(rows, i, 3));
    }
    pg_rows_free(rows);
    return true;
}

static bool read_streams(struct pg *pg, const char *by_hand, struct status *status, struct error *err)
{
    const char *const values[] = {by_hand != NULL ? by_hand : ""};
    struct pg_rows *rows = pg_query(pg, sql_status_streams, 1, values, err);
    if (rows == NULL)
        return false;
    status->stream_count = pg_rows_count(rows);
    status->streams = new_array(status->stream_count, sizeof(*status->streams));
    for (size_t i = 0; i < status->stream_count; i++) {
        struct status_stream *s = &status->streams[i];
        copy(s->source, sizeof(s->source), pg_rows_value(rows, i, 0));
        copy(s->stream, sizeof(s->stream), pg_rows_value(rows, i, 1));
        copy(s->complete_through, sizeof(s->complete_through), pg_rows_value(rows, i, 2));
        s->age_ms = pg_rows_integer(rows, i, 3, STATUS_UNKNOWN);
        s->parts = pg_rows_integer(rows, i, 4, 0);
        s->parts_complete = pg_rows_integer(rows, i, 5, 0);
        s->records = pg_rows_integer(rows, i, 6, 0);
        s->rejected = pg_rows_integer(rows, i, 7, 0);
        s->ages = strcmp(pg_rows_value(rows, i, 8), "t") == 0;
        s->every_ms = pg_rows_integer(rows, i, 9, 0) * 1000;
    }
    pg_rows_free(rows);
    return true;
}

static bool read_calendar(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_calendar, 0, NULL, err);
    if (rows == NULL)
        return false;
    if (pg_rows_count(rows) == 1) {
        copy(status->calendar_ends, sizeof(status->calendar_ends), pg_rows_value(rows, 0, 0));
        status->calendar_days = pg_rows_integer(rows, 0, 1, 0);
    }
    pg_rows_free(rows);
    return true;
}

static bool read_verified(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_verified, 0, NULL, err);
    if (rows == NULL)
        return false;
    bool ever = pg_rows_count(rows) == 1;
    status->verified_age_ms = ever ? pg_rows_integer(rows, 0, 0, 0) : STATUS_UNKNOWN;
    status->verify_differences = ever ? pg_rows_integer(rows, 0, 1, 0) : STATUS_UNKNOWN;
    pg_rows_free(rows);
    return true;
}

bool status_read(struct pg *pg, const char *by_hand, struct status *status, struct error *err)
{
    *status = (struct status){0};
    return read_writer(pg, status, err) && read_partitions(pg, status, err) &&
           read_streams(pg, by_hand, status, err) && read_calendar(pg, status, err) &&
           read_verified(pg, status, err);
}

void status_free(struct status *status)
{
    free(status->partitions);
    free(status->streams);
    *status = (struct status){0};
}

static struct status_partition *partition_of(struct status *status, const struct partition_end *end)
{
    for (size_t i = 0; i < status->partition_count; i++) {
        struct status_partition *p = &status->partitions[i];
        if (p->partition == end->partition && strcmp(p->topic, end->topic) == 0)
            return p;
    }
    size_t count = status->partition_count + 1;
    struct status_partition *bigger =
        realloc(status->partitions, (count + 1) * sizeof(*status->partitions));
    if (bigger == NULL)
        abort();
    status->partitions = bigger;
    status->partition_count = count;
    struct status_partition *p = &bigger[count - 1];
    *p = (struct status_partition){.partition = end->partition, .counted = STATUS_UNKNOWN};
    copy(p->topic, sizeof(p->topic), end->topic);
    return p;
}

void status_add_ends(struct status *status, const struct partition_end *ends, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct status_partition *p = partition_of(status, &ends[i]);
        p->begin = ends[i].begin;
        p->end = ends[i].end;
    }
}

/* The ends are asked for after the offsets: one that lies before what was counted is another log's. */
static bool is_shorter(const struct status_partition *p)
{
    return p->end != STATUS_UNKNOWN && p->end < p->counted;
}

int64_t status_lag(const struct status_partition *p)
{
    if (p->end == STATUS_UNKNOWN || is_shorter(p))
        return STATUS_UNKNOWN;
    int64_t counted = p->counted == STATUS_UNKNOWN ? 0 : p->counted;
    return p->end - counted;
}

bool status_writer_problem(const struct status *status, const struct status_limits *limits,
                           char *line, size_t size)
{
    char age[32];
    if (status->taking_over[0] != '\0')
        return false;
    if (status->instance[0] == '\0' || status->heartbeat_age_ms == STATUS_UNKNOWN) {
        snprintf(line, size, "%s",
                 TELL(status, "không có máy nào đang tính: chạy mooc-aggregator run",
                      "nobody is counting: start mooc-aggregator run"));
        return true;
    }
    if (status->heartbeat_age_ms > limits->max_heartbeat_age_ms && status->restarted[0] != '\0') {
        char restarted[CLOCK_LOCAL_SIZE];
        tell_instant_of(status->restarted, status->vietnamese, restarted);
        snprintf(
            line, size,
            TELL(
                status,
                "không có máy nào đang tính: %s tính đến khi cơ sở dữ liệu khởi động lại lúc %s và "
                "chưa trở lại: chạy mooc-aggregator run, nếu không phải đã dừng có ý",
                "nobody is counting: %s counted until the database was restarted at %s, and has "
                "not come back: start mooc-aggregator run, unless it was meant to stop"),
            status->instance, restarted);
        return true;
    }
    if (status->heartbeat_age_ms > limits->max_heartbeat_age_ms) {
        tell_age(status->heartbeat_age_ms, status->vietnamese, age);
        snprintf(line, size,
                 TELL(status, "%s tính sau cùng nhưng đã im lặng %s: xem máy đó còn chạy không",
                      "%s counted last and has given no sign of life for %s: see whether it runs"),
                 status->instance, age);
        return true;
    }
    return false;
}

static bool is_deleted_unread(const struct status_partition *p)
{
    int64_t counted = p->counted == STATUS_UNKNOWN ? 0 : p->counted;
    return p->end != STATUS_UNKNOWN && p->begin > counted;
}

/* run refuses to go on, in the same words. */
static bool log_problem(const struct status *status, char *line, size_t size)
{
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct status_partition *p = &status->partitions[i];
        if (is_deleted_unread(p)) {
            snprintf(line, size,
                     TELL(status,
                          "%s phần %" PRId64 " bắt đầu ở %" PRId64 ", nhưng mới tính đến %" PRId64
                          ": có bản ghi bị xóa trước khi được tính; hãy đưa nhật ký trở lại, hoặc "
                          "phục hồi từ bản xuất của kho sự kiện",
                          "%s partition %" PRId64 " begins at %" PRId64 ", but was counted up to "
                          "%" PRId64 ": records were deleted uncounted; restore the log or its "
                          "archive export"),
                     p->topic, p->partition, p->begin, p->counted == STATUS_UNKNOWN ? 0 : p->counted);
            return true;
        }
        if (!is_shorter(p))
            continue;
        snprintf(line, size,
                 TELL(status,
                      "%s phần %" PRId64 " kết thúc ở %" PRId64 ", nhưng đã tính đến %" PRId64
                      ": nhật ký đã bị tạo lại, bị cắt hoặc được phục hồi từ bản sao lưu cũ hơn, "
                      "và không tính gì nữa cho đến khi có lại đúng nhật ký cũ",
                      "%s partition %" PRId64 " ends at %" PRId64 ", but was counted up to %" PRId64
                      ": the log was made anew, cut off or restored from an older backup, and "
                      "nothing is counted until it is the old one again"),
                 p->topic, p->partition, p->end, p->counted);
        return true;
    }
    return false;
}

static bool lag_problem(const struct status *status, const struct status_limits *limits, char *line,
                        size_t size)
{
    int64_t lag = 0;
    if (status->ends_failure.kind != ERROR_NONE) {
        snprintf(line, size,
                 TELL(status, "không biết nhật ký sự kiện đến đâu: %.500s",
                      "cannot see how far the log goes: %.500s"),
                 error_words(&status->ends_failure, status->vietnamese));
        return true;
    }
    for (size_t i = 0; i < status->partition_count; i++) {
        int64_t behind = status_lag(&status->partitions[i]);
        lag += behind == STATUS_UNKNOWN ? 0 : behind;
    }
    if (lag > limits->max_lag)
        snprintf(line, size,
                 TELL(status, "còn đến %" PRId64 " bản ghi chưa tính (giới hạn %" PRId64 ")",
                      "up to %" PRId64 " records are not counted yet (limit %" PRId64 ")"),
                 lag, limits->max_lag);
    return lag > limits->max_lag;
}

static bool stream_problem(const struct status *status, const struct status_limits *limits,
                           char *line, size_t size)
{
    char age[32];
    for (size_t i = 0; i < status->stream_count; i++) {
        const struct status_stream *s = &status->streams[i];
        if (!s->ages || s->stream[0] == '\0')
            continue;
        if (s->age_ms == STATUS_UNKNOWN) {
            snprintf(line, size,
                     TELL(status, "luồng %s của %s chưa đọc đủ lần nào: xem mooc-ingest status",
                          "%s of %s has not been read whole yet: see mooc-ingest status"),
                     s->stream, s->source);
            return true;
        }
        /* What is read once a day grows a day old every day. */
        if (s->age_ms > limits->max_stream_age_ms && s->age_ms > TURNS_LATE * s->every_ms) {
            tell_age(s->age_ms, status->vietnamese, age);
            snprintf(line, size,
                     TELL(status, "luồng %s của %s đã cũ %s: xem mooc-ingest status",
                          "%s of %s is %s old: see mooc-ingest status"),
                     s->stream, s->source, age);
            return true;
        }
    }
    return false;
}

static bool calendar_problem(const struct status *status, char *line, size_t size)
{
    bool ended = status->calendar_ends[0] != '\0' && status->calendar_days < 0;
    if (ended)
        snprintf(
            line, size,
            TELL(status,
                 "lịch làm việc đã hết từ ngày %s nên không tính được hạn: bổ sung ngày nghỉ "
                 "của năm nay vào calendar.csv rồi chạy mooc-aggregator config load",
                 "the calendar of working days ended on %s, so deadlines cannot be counted: "
                 "add this year's holidays to calendar.csv and run mooc-aggregator config load"),
            status->calendar_ends);
    return ended;
}

bool status_warning(const struct status *status, char *line, size_t size)
{
    bool ends = status->calendar_ends[0] != '\0' && status->calendar_days >= 0 &&
                status->calendar_days <= STATUS_CALENDAR_DAYS;
    if (ends)
        snprintf(line, size,
                 TELL(status,
                      "lịch làm việc hết vào ngày %s, còn %" PRId64 " ngày: bổ sung ngày nghỉ của "
                      "năm sau vào calendar.csv rồi chạy mooc-aggregator config load",
                      "the calendar of working days ends on %s, in %" PRId64 " days: add next "
                      "year's holidays to calendar.csv and run mooc-aggregator config load"),
                 status->calendar_ends, status->calendar_days);
    return ends;
}

static bool verify_problem(const struct status *status, char *line, size_t size)
{
    char age[32];
    if (status->verified_age_ms == STATUS_UNKNOWN || status->verify_differences <= 0)
        return false;
    tell_age(status->verified_age_ms, status->vietnamese, age);
    snprintf(line, size,
             TELL(status,
                  "số liệu khác kho sự kiện ở %" PRId64 " chỗ (cách đây %s): mooc-aggregator "
                  "verify cho biết ở đâu, mooc-aggregator replay start tính lại",
                  "the figures differed from the archive in %" PRId64 " places %s ago: "
                  "mooc-aggregator verify shows where, mooc-aggregator replay start counts anew"),
             status->verify_differences, age);
    return true;
}

bool status_problem(const struct status *status, const struct status_limits *limits, char *line,
                    size_t size)
{
    return log_problem(status, line, size) || status_writer_problem(status, limits, line, size) ||
           lag_problem(status, limits, line, size) || stream_problem(status, limits, line, size) ||
           calendar_problem(status, line, size) || verify_problem(status, line, size);
}
