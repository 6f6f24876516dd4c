/* What is not well, and what will not be unless somebody does something: judged from what was read. */
#include <inttypes.h>
#include <stdio.h>

#include "../../common/clock.h"
#include "../../common/turns.h"
#include "status.h"

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

static void calendar_warning(const struct status *status, status_say say, void *context)
{
    char line[320];
    if (status->calendar_ends[0] == '\0' || status->calendar_days < 0 ||
        status->calendar_days > STATUS_CALENDAR_DAYS)
        return;
    snprintf(line, sizeof(line),
             TELL(status,
                  "lịch làm việc hết vào ngày %s, còn %" PRId64 " ngày: bổ sung ngày nghỉ của "
                  "năm sau vào calendar.csv rồi chạy mooc-aggregator config load",
                  "the calendar of working days ends on %s, in %" PRId64 " days: add next "
                  "year's holidays to calendar.csv and run mooc-aggregator config load"),
             status->calendar_ends, status->calendar_days);
    say(context, line);
}

/* A command that is at work has them open too. */
static void erasure_warning(const struct status *status, status_say say, void *context)
{
    char line[320], age[32];
    if (status->erasures_open == 0 || status->erasures_age_ms < STATUS_ERASURE_MS)
        return;
    tell_age(status->erasures_age_ms, status->vietnamese, age);
    snprintf(line, sizeof(line),
             TELL(status,
                  "việc xóa dữ liệu cá nhân chưa xong với %" PRId64 " mã, từ %s trước: chạy "
                  "mooc-aggregator erase --finish",
                  "an erasure of %" PRId64 " keys has not been finished for %s: run "
                  "mooc-aggregator erase --finish"),
             status->erasures_open, age);
    say(context, line);
}

void status_warnings(const struct status *status, status_say say, void *context)
{
    calendar_warning(status, say, context);
    erasure_warning(status, say, context);
}
