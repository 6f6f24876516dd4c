/* What `status` says of a platform's streams. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "platform.h"

struct sum {
    int64_t entities, through_us, swept_us, rejected, contradicted, nameless, next_ms;
    size_t active, hidden;
    bool held, running;
    const struct error *problem;
};

static void add(struct sum *sum, const struct place *place)
{
    sum->active++;
    sum->contradicted += place->tally.contradicted;
    sum->nameless += place->tally.nameless;
    sum->hidden += place->not_visible;
    sum->held |= place->held;
    sum->running |= place->running;
    if (place->swept_us < sum->swept_us)
        sum->swept_us = place->swept_us;
    if (place->due_ms < sum->next_ms)
        sum->next_ms = place->due_ms;
    if (place->problem.kind != ERROR_NONE && !sum->problem)
        sum->problem = &place->problem;
}

/* What this process has read of it; before that, what the state knows. */
static void add_known(struct sum *sum, const struct platform *p, const struct shard *shard,
                      size_t stream, size_t course)
{
    const struct place *place = platform_by_course(p, stream) ? &p->streams[stream].places[course]
                                                              : &p->streams[stream].whole;
    const struct stream_spec *spec = &p->settings.streams[stream].spec;
    const char *name = p->base.name, *substream = platform_substream(p, stream, course);
    bool asks_state = shard && p->streams[stream].rules->mapping;
    int64_t known_us = asks_state ? shard_substream_through(shard, spec, name, substream) : 0,
            through_us = known_us > place->through_us ? known_us : place->through_us;
    sum->entities += place->swept_us || !asks_state
                         ? place->entities
                         : shard_substream_entities(shard, spec, name, substream);
    /* Those in force: a sweep has to come to them first, and a window may never. */
    sum->rejected +=
        asks_state ? shard_substream_rejected(shard, spec, name, substream) : place->rejected;
    if (through_us < sum->through_us)
        sum->through_us = through_us;
    add(sum, place);
}

static struct sum add_up(const struct platform *p, const struct shard *shard, size_t stream)
{
    struct sum sum = {.through_us = INT64_MAX, .swept_us = INT64_MAX, .next_ms = INT64_MAX};
    if (!platform_by_course(p, stream))
        add_known(&sum, p, shard, stream, NO_COURSE);
    for (size_t i = 0; platform_by_course(p, stream) && i < p->course_count; i++)
        if (p->courses[i].active)
            add_known(&sum, p, shard, stream, i);
    if (sum.active == 0)
        sum.through_us = sum.swept_us = 0;
    return sum;
}

static const char *why_waiting(const struct teller *to, enum http_hold hold)
{
    switch (hold) {
    case HTTP_FREE:
    case HTTP_BUDGET:
        break;
    case HTTP_RETRY_AFTER:
        return TELL(to, "nền tảng yêu cầu chờ", "the platform asked for it");
    case HTTP_DAY_SPENT:
        return TELL(to, "đã hết số lần được hỏi hôm nay", "today's requests are spent");
    case HTTP_QUIET:
        return TELL(to, "giờ nghỉ", "quiet hours");
    }
    return TELL(to, "hạn mức của nền tảng", "rate limit");
}

static void describe(struct platform *p, size_t stream, const struct sum *sum, struct told *out)
{
    const struct stream *s = &p->streams[stream];
    static const struct teller vi = {true}, en = {false};
    struct http_usage usage;
    http_origin_usage(p->origin, &usage);
    int64_t wait = usage.hold_ms;
    size_t asks = s->asks ? asks_pending(s->asks) : 0;
    if (p->settings.paused)
        told_set(out, "tạm dừng theo cấu hình", "paused by the configuration");
    else if (s->off)
        told_set(out, "tắt trong cấu hình", "off");
    else if (sum->held)
        told_set(out, "đang giữ lại chờ quyết định: xem `mooc-ingest hold list`",
                 "held: see `mooc-ingest hold list`");
    else if (wait > 2000 && p->started) {
        long long seconds = (long long)(wait + 999) / 1000;
        snprintf(out->vi, sizeof out->vi, "chờ %lld giây (%s)", seconds,
                 why_waiting(&vi, usage.hold));
        snprintf(out->en, sizeof out->en, "waiting %lld s (%s)", seconds,
                 why_waiting(&en, usage.hold));
    } else if (asks > 0)
        TOLD_FORMAT(out, "đang hỏi về %zu người học", "asking for %zu learners", asks);
    else
        told_set(out, "chờ lượt sau", "idle");
    for (size_t i = 0; sum->running && wait <= 2000 && i < MAX_JOBS; i++)
        if (p->jobs[i] && job_stream(p->jobs[i]) == stream)
            job_describe(p->jobs[i], out);
}

static void note(const struct platform *p, size_t stream, const struct sum *sum, struct told *out)
{
    const struct stream_rules *rules = p->streams[stream].rules;
    bool worded = rules->invisible_note.en[0] != '\0';
    *out = (struct told){.vi = ""};
    for (size_t i = 0; sum->hidden == 0 && i < ARRAY_LEN(rules->other_parents); i++) {
        int parent = rules->other_parents[i]; /* learners that nobody looks for */
        if (parent >= 0 && p->streams[parent].off)
            *out = p->streams[parent].rules->invisible_note;
    }
    if (sum->hidden == 0)
        return;
    struct told what = rules->invisible_note;
    if (!worded)
        told_set(&what, "nền tảng không cho xem", "not visible here");
    *out = what;
    if (sum->active > 1) {
        snprintf(out->vi, sizeof out->vi, "%.250s (%zu trong %zu khóa)", what.vi, sum->hidden,
                 sum->active);
        snprintf(out->en, sizeof out->en, "%.180s (%zu of %zu courses)", what.en, sum->hidden,
                 sum->active);
    }
}

/* What is being asked for again just now; NULL = nothing. */
static const struct error *trouble_of(const struct platform *p, size_t stream)
{
    for (size_t i = 0; i < MAX_JOBS; i++)
        if (p->jobs[i] && job_reading(p->jobs[i]) == stream &&
            job_trouble(p->jobs[i])->kind != ERROR_NONE)
            return job_trouble(p->jobs[i]);
    const struct asks *asks = p->streams[stream].asks;
    return asks && asks_trouble(asks)->kind != ERROR_NONE ? asks_trouble(asks) : NULL;
}

/* Nothing hinders the reading, but of some records nothing could be made. */
static void problem_of_records(const struct sum *sum, struct source_stream_status *out)
{
    struct told told = {.vi = ""};
    if (sum->nameless > 0)
        TOLD_FORMAT(
            &told,
            "%lld bản ghi không cho biết là của ai: chừng nào còn vậy thì không ai bị coi là đã "
            "rời "
            "khóa học; xem lỗi dữ liệu",
            "%lld records do not say whom they are about: nobody is taken for gone until they "
            "do; see the data issues",
            (long long)sum->nameless);
    else if (sum->rejected > 0)
        TOLD_FORMAT(&told, "%lld bản ghi không đọc được: `mooc-ingest dead list` cho biết vì sao",
                    "%lld records could not be mapped: `mooc-ingest dead list` tells why",
                    (long long)sum->rejected);
    else if (sum->contradicted > 0)
        TOLD_FORMAT(
            &told,
            "%lld lần một bản ghi trái với bản ghi trước nó trong cùng danh sách; bản ghi đầu được "
            "tính, trừ khi nó chỉ rút lại điều bản ghi kia nêu (tệp kết nối có cần thêm `key` "
            "không?)",
            "%lld times a record says something else than one before it in the same list; the "
            "first one counts, but not where it only withdraws what the other tells (does the "
            "event need a `key`?)",
            (long long)sum->contradicted);
    else
        return;
    (void)error_set(&out->problem, ERROR_DATA, false, "%s", told.en);
    memcpy(out->problem_vi, told.vi, sizeof told.vi);
}

void platform_stream_status(struct platform *p, const struct shard *shard, size_t stream,
                            struct source_stream_status *out)
{
    struct sum sum = add_up(p, shard, stream);
    *out = (struct source_stream_status){.stream = p->connector->streams[stream].spec.name,
                                         .entities = sum.entities,
                                         .through_us = sum.through_us,
                                         .not_kept = !p->streams[stream].rules->mapping,
                                         .swept_us = sum.swept_us};
    int64_t next_ms = sum.next_ms - clock_monotonic_ms();
    if (!sum.running && sum.active > 0 && next_ms > 0 && !p->streams[stream].off)
        out->next_ms = next_ms;
    struct http_usage usage;
    http_origin_usage(p->origin, &usage);
    if (!p->streams[stream].off && !p->settings.paused && sum.hidden == 0 && !out->not_kept &&
        usage.hold != HTTP_QUIET)
        out->every_ms = p->settings.streams[stream].every_ms;
    describe(p, stream, &sum, &out->state);
    note(p, stream, &sum, &out->note);
    if (auth_error(p->auth)->kind != ERROR_NONE)
        out->problem = *auth_error(p->auth);
    else if (p->courses_problem.kind != ERROR_NONE)
        out->problem = p->courses_problem;
    else if (sum.problem)
        out->problem = *sum.problem;
    else if (trouble_of(p, stream))
        out->problem = *trouble_of(p, stream);
    else
        out->problem = p->streams[stream].problem;
    if (out->problem.kind == ERROR_NONE)
        problem_of_records(&sum, out);
}
