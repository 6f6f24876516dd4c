/* The records of a page: each applied, and offered to the streams that ask about its learner; what says the same as before is passed
 * over. */
#include <string.h>

#include "../../common/clock.h"
#include "platform.h"
#include "recall.h"
#include "records.h"

/* The streams that ask about this record's learner. */
static void offer(const struct apply *a, const struct json *record, const struct json *enclosing,
                  bool changed)
{
    struct platform *p = a->p;
    const struct scope scope = {record, enclosing, a->texts->at};
    for (size_t i = 0; i < p->connector->stream_count; i++) {
        struct stream *child = &p->streams[i];
        bool wanted = true;
        if (!child->asks || !stream_hears_of(child->rules, a->stream))
            continue;
        if (child->rules->ask_when && !condition_holds(child->rules->ask_when, &scope, &wanted, NULL))
            wanted = false;
        struct offer offer = {
            .course = a->course, .account = p->mapped.account, .wanted = wanted, .changed = changed};
        struct text_buffer rooms[ASK_MAX_TAKEN] = {{.data = NULL}};
        for (size_t k = 0; k < child->rules->taken_count; k++)
            offer.taken[k] = value_text(child->rules->taken[k].value, &scope, &rooms[k]);
        lesson_until(a->lesson, asks_offer(child->asks, &offer));
        for (size_t k = 0; k < child->rules->taken_count; k++)
            text_buffer_free(&rooms[k]);
    }
}

static void note_time(const struct apply *a, const struct json *record, const struct json *enclosing)
{
    struct page_times *times = a->times;
    const struct scope scope = {record, enclosing, a->texts->at};
    struct text_buffer *room = &a->p->room;
    int64_t us;
    if (!times)
        return;
    times->record++;
    times->record_us = 0;
    if (!times->of)
        return;
    text_buffer_clear(room);
    const char *text = value_text(times->of, &scope, room);
    if (!text || !clock_parse(text, &us))
        return;
    times->record_us = us;
    times->rises |= times->before_us && us > times->before_us;
    times->falls |= us < times->before_us;
    times->before_us = us;
    if (us > times->newest_us)
        times->newest_us = us;
    if (times->oldest_us == 0 || us < times->oldest_us)
        times->oldest_us = us;
}

static void learn_one(void *context, const struct json *record, const struct json *enclosing)
{
    const struct apply *a = context;
    note_time(a, record, enclosing);
    platform_learn(a, record, enclosing);
}

static void apply_one(void *context, const struct json *record, const struct json *enclosing)
{
    const struct apply *a = context;
    bool changed;
    note_time(a, record, enclosing);
    if (platform_apply(a, record, enclosing, &changed) && !a->p->mapped.skipped &&
        a->p->mapped.account)
        offer(a, record, enclosing, changed);
}

/* Slow cycles that go along with this stream's sweeps must hear of everybody. */
static bool is_gathered(const struct apply *a)
{
    struct platform *p = a->p;
    for (size_t i = 0; i < p->connector->stream_count; i++)
        if (p->streams[i].asks && stream_hears_of(p->streams[i].rules, a->stream) &&
            asks_gather(p->streams[i].asks, a->course))
            return true;
    return false;
}

bool platform_apply_page(const struct apply *a, struct page_list *list, bool recalls,
                         struct error *err)
{
    struct lesson lesson;
    struct recall recall;
    struct apply applying = *a;
    const char *each = a->p->streams[a->stream].rules->each;
    size_t count = list ? page_list_count(list) : 0;
    bool gathered = is_gathered(a);
    recalls = recalls && recall_begin(&recall, a->p, a->stream, a->course, a->texts);
    recall.offers_again = a->offers_again;
    applying.lesson = recalls ? &lesson : NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const char *text = recalls ? page_list_text(list, i, &length) : NULL;
        uint64_t digest = text ? siphash(recall.key, text, length) : 0;
        if (text && !gathered && recall_record(&recall, a, digest))
            continue;
        const struct json *element = page_list_record(list, i, err);
        if (!element)
            return false;
        lesson_begin(&lesson);
        records_of_element(element, each, apply_one, &applying);
        if (text)
            recall_learn(&recall, a, digest, &lesson);
    }
    return true;
}

bool platform_learn_page(const struct apply *a, struct page_list *list, struct error *err)
{
    struct apply learning = *a;
    return records_of_page(list, a->p->streams[a->stream].rules->each, learn_one, &learning, err);
}
