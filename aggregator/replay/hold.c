#include "hold.h"

#include <inttypes.h>
#include <stdio.h>

#include "../../common/clock.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "sql.h"

#define NEAR_RECORDS 20000
#define LOOK_MS 100
#define HELD_LOOK_MS 10
/* Between the statements of a hold hardly any time passes, but where the process was stopped or cut off: live must not wait for it. */
#define HELD_PATIENCE "SET LOCAL idle_in_transaction_session_timeout = '3s'"

struct distance {
    int64_t records; /* that the other is short of */
    int64_t reached; /* by the other: grows while somebody brings it up */
};

/* The other is read first: what it has done meanwhile must not look as if it were ahead. */
static bool measure(struct pg *pg, int live, int other, struct replay_vector *vector,
                    struct distance *distance, struct error *err)
{
    struct replay_vector follower = {0};
    bool ok =
        replay_vector_read(pg, other, &follower, err) && replay_vector_read(pg, live, vector, err);
    *distance = (struct distance){.records = ok ? replay_vector_behind(vector, &follower) : 0};
    for (size_t i = 0; ok && i < follower.count; i++)
        distance->reached += follower.items[i].next_offset;
    if (ok && replay_vector_behind(&follower, vector) > 0)
        ok =
            error_tell(err, ERROR_STATE, false,
                       "phiên bản số liệu %d đi trước số liệu đang dùng: cơ sở dữ liệu vừa "
                       "được khôi phục chăng? Hãy xóa nó và tính lại từ đầu",
                       "generation %d is ahead of the live one: was the database restored? Drop it "
                       "and start a replay anew",
                       other);
    replay_vector_release(&follower);
    return ok;
}

static bool nobody_follows(const struct generation *other, int64_t records, struct error *err)
{
    return error_tell(
        err, ERROR_STATE, true,
        "phiên bản số liệu %d còn thiếu %" PRId64 " bản ghi mà không máy nào cập nhật: cần một "
        "mooc-aggregator run của quy tắc đếm phiên bản %d",
        "generation %d is %" PRId64 " records behind and nobody brings it up: it takes "
        "a running mooc-aggregator of fold version %d",
        other->number, records, other->fold_version);
}

/* Why they do not stand at one vector after all that time, in which the other stood at *before first. */
static bool not_level(const struct generation *other, const struct distance *before,
                      const struct distance *now, struct error *err)
{
    if (now->reached <= before->reached)
        return nobody_follows(other, now->records, err);
    return error_tell(
        err, ERROR_STATE, true,
        "phiên bản số liệu %d đang được cập nhật nhưng vẫn thiếu %" PRId64 " bản ghi: hãy thử lại "
        "khi có ít dữ liệu mới hơn, hoặc chờ lâu hơn bằng --hold",
        "generation %d is being brought up to date, and still %" PRId64 " records behind: "
        "try again when less comes in, or wait longer with --hold",
        other->number, now->records);
}

/* Near, and level or seen to move: the live one is not held still for one that nobody brings up. */
static bool near(const struct distance *now, const struct distance *first)
{
    return now->records == 0 || (now->records <= NEAR_RECORDS && now->reached > first->reached);
}

static bool wait_until_near(struct pg *pg, const struct generation *live,
                            const struct generation *other, int64_t timeout_ms, struct error *err)
{
    struct replay_vector vector = {0};
    struct progress *progress = NULL;
    struct distance first, now, nearest = {.records = INT64_MAX};
    bool ok = measure(pg, live->number, other->number, &vector, &first, err);
    int64_t nearest_ms = clock_monotonic_ms();
    for (now = first; ok && !near(&now, &first);
         ok = ok && measure(pg, live->number, other->number, &vector, &now, err)) {
        if (!progress && now.records > NEAR_RECORDS)
            progress = progress_new("catching up", now.records);
        if (progress)
            progress_at(progress, 0, now.records);
        if (now.records < nearest.records) {
            nearest = now;
            nearest_ms = clock_monotonic_ms();
        }
        ok = clock_monotonic_ms() - nearest_ms < timeout_ms || not_level(other, &nearest, &now, err);
        if (ok && !stop_sleep_ms(LOOK_MS))
            ok = error_stopped(err);
    }
    progress_end(progress);
    replay_vector_release(&vector);
    return ok;
}

bool hold_at_one_vector(struct pg *pg, const struct options *options, const struct generation *live,
                        const struct generation *other, struct replay_vector *vector,
                        int64_t *since_ms, struct error *err)
{
    int64_t timeout_ms = options_number(options, "hold");
    struct distance first = {.reached = -1}, distance;
    if (!wait_until_near(pg, live, other, 10 * timeout_ms, err))
        return false;
    *since_ms = clock_monotonic_ms();
    int64_t until_ms = *since_ms + timeout_ms;
    bool ok = pg_begin(pg, err) && pg_run(pg, HELD_PATIENCE, err) &&
              generations_call(pg, sql_replay_hold, live->number, err);
    while (ok && (ok = measure(pg, live->number, other->number, vector, &distance, err)) &&
           distance.records > 0) {
        if (first.reached < 0)
            first = distance;
        ok = clock_monotonic_ms() < until_ms || not_level(other, &first, &distance, err);
        if (ok && !stop_sleep_ms(HELD_LOOK_MS))
            ok = error_stopped(err);
    }
    if (!ok)
        pg_rollback(pg);
    return ok;
}
