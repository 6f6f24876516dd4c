/* Head scan: a newest-first list, read from its head to the watermark, finds new rows between sweeps. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "platform.h"
#include "withdrawals.h"

struct head_scan {
    struct platform *p;
    size_t stream, course;
    struct walk *walk;
    struct texts texts;
    struct page_times times;
    struct withdrawals *withdrawals;
    int64_t watermark_us, server_time_us, read_us, rejected; /* read_us: the last page */
    struct conclusion reading;
    bool unchanged;
};

static void cursor_name(struct platform *p, size_t stream, size_t course, struct text_buffer *out)
{
    text_buffer_add_format(out, "head:%s:%s", p->connector->streams[stream].spec.name,
                           platform_substream(p, stream, course));
}

static bool watermark(struct platform *p, size_t stream, size_t course, int64_t *us)
{
    struct text_buffer name = {.data = NULL};
    cursor_name(p, stream, course, &name);
    const char *text = shard_cursor_get(p->shard, p->base.name, name.data);
    text_buffer_free(&name);
    return text && clock_parse(text, us);
}

void head_scan_mark(struct platform *p, size_t stream, size_t course, int64_t newest_us,
                    int64_t server_time_us)
{
    int64_t before, mark = newest_us;
    int64_t latest = server_time_us - p->connector->streams[stream].head_delay_ms * 1000;
    if (mark > latest)
        mark = latest;
    if (newest_us == 0 || (watermark(p, stream, course, &before) && before >= mark))
        return;
    struct text_buffer name = {.data = NULL};
    char text[CLOCK_TEXT_SIZE];
    cursor_name(p, stream, course, &name);
    clock_format(mark, text);
    shard_cursor_set(p->shard, p->base.name, name.data, text);
    text_buffer_free(&name);
}

static bool ask(void *context, const struct page_position *position, struct walk_request *request,
                struct error *err)
{
    struct head_scan *scan = context;
    struct place *place = platform_place(scan->p, scan->stream, scan->course);
    texts_position(&scan->texts, position, platform_page_size(scan->p, scan->stream, place));
    return platform_request(scan->p, &scan->p->streams[scan->stream].rules->request, &scan->texts,
                            position, request, err);
}

static enum walk_verdict judge(void *context, const struct walk_answer *answer, struct error *err)
{
    struct head_scan *scan = context;
    return platform_judge(scan->p, scan->p->streams[scan->stream].rules, &scan->texts, answer, err);
}

/* Of a list that contradicts itself, or was not read whole yet, only a sweep can tell what is gone: what tells of it may stand far
 * behind the head. */
static bool take(void *context, const struct walk_page *page, struct error *err)
{
    struct head_scan *scan = context;
    const struct stream_rules *rules = scan->p->streams[scan->stream].rules;
    const struct place *place = platform_place(scan->p, scan->stream, scan->course);
    const struct apply apply = {.p = scan->p,
                                .stream = scan->stream,
                                .course = scan->course,
                                .spec = &scan->p->settings.streams[scan->stream].spec,
                                .texts = &scan->texts,
                                .rejected = &scan->rejected,
                                .times = &scan->times,
                                .withdrawals = scan->withdrawals,
                                .first_counts = true,
                                .adds_only = place->swept_us == 0 || place->contradicts};
    if (page->number == 1)
        scan->server_time_us = page->server_time_us;
    scan->read_us = page->server_time_us;
    scan->times.oldest_us = 0;
    uint64_t before = conclusion_before(scan->p, scan->stream, scan->course);
    shard_seen_at(scan->p->shard, page->server_time_us);
    bool fine = platform_apply_page(&apply, page->list, false, err);
    shard_seen_at(scan->p->shard, 0);
    conclusion_page(&scan->reading, scan->p, scan->stream, scan->course, before);
    if (!fine)
        return false;
    int64_t reached = scan->watermark_us - rules->head_overlap_ms * 1000;
    return !(scan->times.oldest_us && scan->times.oldest_us < reached);
}

static bool holds(struct platform *p, size_t stream, size_t course)
{
    const struct conclusion *last = &platform_place(p, stream, course)->head;
    return last->known && conclusion_stands(last, p, stream, course);
}

/* As when the last scan had come to its end: there is nothing new. */
static bool unchanged(void *context, int64_t server_time_us)
{
    struct head_scan *scan = context;
    (void)server_time_us;
    scan->unchanged = holds(scan->p, scan->stream, scan->course);
    return scan->unchanged;
}

static void take_back(struct head_scan *scan)
{
    struct platform *p = scan->p;
    uint64_t before = conclusion_before(p, scan->stream, scan->course);
    platform_take_back(p, scan->stream, scan->course, scan->withdrawals, scan->read_us);
    conclusion_page(&scan->reading, p, scan->stream, scan->course, before);
}

/* The head of the list asks no more. */
static void conclude(struct head_scan *scan)
{
    struct platform *p = scan->p;
    struct conclusion *last = &platform_place(p, scan->stream, scan->course)->head;
    const struct http_validator *validator = walk_validator(scan->walk);
    last->known = false;
    if (!validator || !conclusion_stands(&scan->reading, p, scan->stream, scan->course))
        return;
    http_remember(p->origin, validator);
    *last = scan->reading;
    last->known = true;
}

struct head_scan *head_scan_new(struct platform *p, size_t stream, size_t course)
{
    const struct stream_rules *rules = p->streams[stream].rules;
    int64_t us;
    if (!watermark(p, stream, course, &us))
        return NULL; /* the first sweep will set it */
    struct head_scan *scan = must_have(calloc(1, sizeof *scan));
    *scan = (struct head_scan){.p = p,
                               .stream = stream,
                               .course = course,
                               .watermark_us = us,
                               .times = {.of = rules->head_time},
                               .reading = conclusion_begin(p, stream, course)};
    scan->withdrawals = withdrawals_new();
    texts_begin(&scan->texts, p, course);
    struct text_buffer what = {.data = NULL};
    text_buffer_add_format(&what, "new %s of %s", rules->spec.name,
                           course == NO_COURSE ? p->base.name : p->courses[course].id);
    scan->walk =
        walk_new(&(struct walk_spec){.origin = p->origin,
                                     .auth = &p->walk_auth,
                                     .what = what.data,
                                     .pages = &rules->pages,
                                     .records = rules->records,
                                     .record = rules->record,
                                     .ask = ask,
                                     .judge = judge,
                                     .take = take,
                                     .reader = rules->conditional ? "head" : NULL,
                                     .unchanged = holds(p, stream, course) ? unchanged : NULL,
                                     .context = scan});
    text_buffer_free(&what);
    return scan;
}

void head_scan_free(struct head_scan *scan)
{
    if (!scan)
        return;
    platform_place(scan->p, scan->stream, scan->course)->head_running = false;
    walk_free(scan->walk);
    withdrawals_free(scan->withdrawals);
    free(scan);
}

bool head_scan_step(struct head_scan *scan)
{
    struct platform *p = scan->p;
    enum walk_state state = walk_step(scan->walk, shard_can_accept(p->shard));
    if (state == WALK_DONE && !scan->unchanged) {
        take_back(scan);
        conclude(scan);
    }
    if (state == WALK_DONE)
        head_scan_mark(p, scan->stream, scan->course, scan->times.newest_us, scan->server_time_us);
    if (state == WALK_FAILED && p->streams[scan->stream].problem.kind == ERROR_NONE)
        platform_problem(p, scan->stream, &p->streams[scan->stream].problem, walk_error(scan->walk));
    else if (state == WALK_DONE)
        p->streams[scan->stream].problem.kind = ERROR_NONE;
    return state != WALK_RUNNING;
}
