/* One record of any stream: mapped and told to the shard; and how a sweep of it ends. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "platform.h"
#include "recall.h"
#include "rejected.h"
#include "withdrawals.h"

#define MOST_KEPT 1000 /* raw records of a sweep: a platform that changed rejects all */

/* "dead:<source>:<stream>:<hash>": by course, learner and which of the learner's records it is, so that the record's recovery
 * finds its rejection, and the learner's other records do not; by content where no learner can be told. */
static void dead_entity(const struct apply *a, const struct map_output *out,
                        const struct scope *scope, char *entity)
{
    struct key128 key;
    if (out->account) {
        struct text_buffer text = {.data = NULL};
        text_buffer_add_format(&text, "%s\n%s", platform_substream(a->p, a->stream, a->course),
                               out->subject);
        mapping_tell_apart(a->p->streams[a->stream].rules->mapping, scope, &text);
        key = key128_of(text.data, text.length);
        text_buffer_free(&text);
    } else {
        key = json_fingerprint(scope->record);
    }
    uint8_t bytes[16];
    char hex[33];
    key128_store(key, bytes);
    hex_encode(bytes, sizeof bytes, hex);
    snprintf(entity, EVENT_MAX_KEY + 1, "dead:%s:%s:%s", a->p->base.name, a->spec->name, hex);
}

static void reject(const struct apply *a, const char *entity, const struct json *record,
                   const struct error *err)
{
    struct platform *p = a->p;
    const char *colon = strstr(err->message, ": ");
    const char *substream = platform_substream(p, a->stream, a->course);
    char reason[64];
    snprintf(reason, sizeof reason, "%.*s", colon ? (int)(colon - err->message) : 63, err->message);
    struct event e = {.type = EVENT_RECORD_REJECTED,
                      .type_name = event_type_name(EVENT_RECORD_REJECTED),
                      .source = p->base.name,
                      .entity = entity,
                      .time_observed = true,
                      .reason = reason,
                      .detail = colon ? colon + 2 : err->message,
                      .stream = a->spec->name,
                      .substream = *substream ? substream : NULL};
    e.present = 1ULL << FIELD_REASON | 1ULL << FIELD_DETAIL | 1ULL << FIELD_STREAM;
    if (*substream)
        e.present |= 1ULL << FIELD_SUBSTREAM;
    struct observation seen = {
        .stream = a->spec, .substream = substream, .event = &e, .once = a->once};
    if ((*a->rejected)++ < MOST_KEPT &&
        (shard_peek(p->shard, &seen) != OBSERVE_UNCHANGED || !rejected_is_kept(p->context, &e)))
        rejected_keep(p->context, &e, record);
    shard_reject(p->shard, &seen);
}

/* What the ledger knows it by from one day to the next. */
static const char *lasting_entity(const struct map_item *item)
{
    return *item->total_entity ? item->total_entity : item->entity;
}

/* A window is read in whatever order and again; what is taken back for good has the last word in it and beyond. */
static bool has_last_word(const struct map_item *item)
{
    return item->for_good && item->action == MAP_REMOVE_IF_HELD;
}

static int64_t speaks_at(const struct apply *a, const struct map_item *item)
{
    return has_last_word(item) ? INT64_MAX : a->times->record_us;
}

static bool may_speak(const struct apply *a, const struct map_item *item, const char *lasting)
{
    const struct page_times *times = a->times;
    if (times && times->newest && times->record_us &&
        !newest_may_speak(times->newest, lasting, speaks_at(a, item), times->record))
        return false;
    if (times && times->told_until_us && times->record_us > times->told_until_us)
        return false;
    return has_last_word(item) || !item->for_good || !shard_took_back(a->p->shard, lasting);
}

static const struct stream_spec *spec_of(const struct apply *a, const struct map_item *item)
{
    return item->lasting ? &a->p->streams[a->stream].lasting_spec : a->spec;
}

static void count_contradicted(const struct apply *a, bool contradicted)
{
    if (a->tally)
        a->tally->contradicted += contradicted;
}

/* Of a list that is read whole only the end tells whether a record is for it after all. */
static bool take_back(const struct apply *a, const struct map_item *item, const char *lasting)
{
    struct platform *p = a->p;
    const char *substream = platform_substream(p, a->stream, a->course);
    const struct stream_spec *spec = spec_of(a, item);
    lesson_spoil(a->lesson);
    if (a->withdrawals && !has_last_word(item)) {
        if (!a->adds_only)
            withdrawals_add(a->withdrawals, lasting);
        return !a->adds_only;
    }
    if (!a->once || has_last_word(item)) {
        shard_remove(p->shard, spec, p->base.name, substream, lasting, EVENT_UNKNOWN);
        return true;
    }
    bool withdrawn = shard_withdraw(p->shard, spec, p->base.name, substream, lasting);
    count_contradicted(a, !withdrawn);
    return withdrawn;
}

static bool tell(const struct apply *a, const struct map_item *item)
{
    struct platform *p = a->p;
    const char *substream = platform_substream(p, a->stream, a->course);
    const char *lasting = lasting_entity(item);
    if (!may_speak(a, item, lasting))
        return false;
    if (item->action != MAP_OBSERVE && !shard_holds(p->shard, lasting)) {
        lesson_absent(a->lesson);
        return false;
    }
    if (a->tally)
        a->tally->told++;
    if (item->action == MAP_REMOVE_IF_HELD)
        return take_back(a, item, lasting);
    if (a->withdrawals &&
        !withdrawals_tell(a->withdrawals, lasting, a->times ? a->times->record : 0) &&
        a->first_counts)
        return false;
    struct observation seen = {.stream = spec_of(a, item),
                               .substream = substream,
                               .event = &item->event,
                               .status = item->status,
                               .total_entity = *item->total_entity ? item->total_entity : NULL,
                               .once = a->once};
    struct shard_known known;
    enum observe_result result = shard_observe_noting(p->shard, &seen, &known);
    lesson_known(a->lesson, &known);
    count_contradicted(a, result == OBSERVE_CONTRADICTED);
    return result == OBSERVE_NEW || result == OBSERVE_CHANGED;
}

/* A record that can be mapped takes back its rejection, if no other one of the list is rejected by the same name. Few streams have
 * any, so most records need no look. */
static void accept(const struct apply *a, const struct map_output *out, const struct scope *scope)
{
    struct platform *p = a->p;
    const char *substream = platform_substream(p, a->stream, a->course);
    char dead[EVENT_MAX_KEY + 1];
    if (shard_substream_rejected(p->shard, a->spec, p->base.name, substream) == 0)
        return;
    dead_entity(a, out, scope, dead);
    if (a->once) {
        (void)shard_withdraw(p->shard, a->spec, p->base.name, substream, dead);
        return; /* what is kept of the record goes when the sweep ends */
    }
    if (!shard_holds(p->shard, dead))
        return;
    if (a->withdrawals) {
        withdrawals_add(a->withdrawals, dead);
        return;
    }
    shard_accept(p->shard, a->spec, p->base.name, substream, dead);
    rejected_forget(p->context, p->base.name, a->spec->name, dead);
}

static bool wants_course(void *context, const char *id)
{
    struct platform *p = context;
    size_t course = platform_course(p, id);
    return course != NO_COURSE && p->courses[course].active;
}

static struct map_input input_of(const struct apply *a, const struct json *record,
                                 const struct json *enclosing)
{
    struct platform *p = a->p;
    return (struct map_input){.source = p->base.name,
                              .hmac = p->context->hmac,
                              .today = clock_day(shard_seen_us(p->shard)),
                              .record = record,
                              .enclosing = enclosing,
                              .texts = a->texts->at,
                              .course = a->course == NO_COURSE ? NULL : p->courses[a->course].id,
                              .wants_course = p->course_count > 0 ? wants_course : NULL,
                              .context = p};
}

static bool map(const struct apply *a, const struct map_input *in, struct error *err)
{
    struct platform *p = a->p;
    const struct stream_rules *rules = p->streams[a->stream].rules;
    struct map_output *out = &p->mapped;
    bool readable = texts_look_up(a->texts, rules, a->tables, in->record, in->enclosing, &p->room);
    bool mapped = mapping_apply(rules->mapping, in, out, err);
    if (mapped && !readable && !out->skipped)
        return error_set(err, ERROR_DATA, false,
                         "%s_row_malformed: the row that this record looks up cannot be read",
                         p->connector->streams[rules->lookups[0].stream].spec.name);
    return mapped;
}

/* Sound records of the same sweep have told of all that this one could be about. */
static bool is_told(const struct apply *a, const struct map_output *names)
{
    bool told = a->once && names->count > 0;
    for (size_t i = 0; told && i < names->count; i++)
        told = shard_was_told(a->p->shard, lasting_entity(&names->items[i]));
    return told;
}

static void turn_away(const struct apply *a, const struct map_output *names,
                      const struct scope *scope, const struct error *err)
{
    char dead[EVENT_MAX_KEY + 1];
    bool known = names->count > 0;
    if (is_told(a, names)) {
        count_contradicted(a, true);
        return;
    }
    dead_entity(a, &a->p->mapped, scope, dead);
    if (a->withdrawals)
        (void)withdrawals_tell(a->withdrawals, dead, 0);
    reject(a, dead, scope->record, err);
    for (size_t i = 0; known && i < names->count; i++)
        shard_see(a->p->shard, lasting_entity(&names->items[i]));
    if (!known && a->tally)
        a->tally->nameless++;
}

bool platform_apply(const struct apply *a, const struct json *record, const struct json *enclosing,
                    bool *changed)
{
    struct platform *p = a->p;
    struct map_output *out = &p->mapped;
    const struct map_input in = input_of(a, record, enclosing);
    struct error err = {.kind = ERROR_NONE};
    const struct scope scope = {record, enclosing, a->texts->at};
    *changed = false;
    if (!map(a, &in, &err)) {
        lesson_spoil(a->lesson);
        mapping_name(p->streams[a->stream].rules->mapping, &in, &p->named);
        turn_away(a, &p->named, &scope, &err);
        return false;
    }
    if (out->skipped)
        return true;
    accept(a, out, &scope);
    for (size_t i = 0; i < out->count; i++)
        *changed |= tell(a, &out->items[i]);
    return true;
}

void platform_take_back(struct platform *p, size_t stream, size_t course,
                        const struct withdrawals *withdrawals, int64_t seen_us)
{
    const struct stream_spec *spec = &p->settings.streams[stream].spec;
    const char *substream = platform_substream(p, stream, course), *entity;
    size_t at = 0;
    shard_seen_at(p->shard, seen_us);
    while ((entity = withdrawals_next(withdrawals, &at))) {
        shard_remove(p->shard, spec, p->base.name, substream, entity, EVENT_UNKNOWN);
        if (strncmp(entity, "dead:", 5) == 0)
            rejected_forget(p->context, p->base.name, spec->name, entity);
    }
    shard_seen_at(p->shard, 0);
}

void platform_learn(const struct apply *a, const struct json *record, const struct json *enclosing)
{
    struct error err = {.kind = ERROR_NONE};
    const struct map_input in = input_of(a, record, enclosing);
    if (!a->times->record_us || !map(a, &in, &err))
        return; /* what cannot be mapped is told when it is read again */
    const struct map_output *out = &a->p->mapped;
    for (size_t i = 0; i < out->count; i++)
        newest_learn(a->times->newest, lasting_entity(&out->items[i]), speaks_at(a, &out->items[i]));
}

/* ---- sweeps ---- */

bool platform_end_sweep(struct platform *p, size_t stream, size_t course, struct sweep **sweep,
                        bool complete, int64_t through_us)
{
    struct place *place = platform_place(p, stream, course);
    const char *substream = platform_substream(p, stream, course);
    struct sweep *ending = *sweep;
    *sweep = NULL;
    if (!ending)
        return false;
    if (!complete) {
        shard_sweep_abandon(ending);
        return false;
    }
    struct sweep_outcome outcome = {.seen = 0};
    struct error err = {.kind = ERROR_NONE};
    if (through_us > 0)
        shard_sweep_through(ending, through_us);
    if (!shard_sweep_end(ending, &outcome, &err)) {
        platform_problem(p, stream, &place->problem, &err);
        return false;
    }
    rejected_clean(p->context, p->base.name, p->streams[stream].rules->spec.name, p->shard);
    place->entities = p->streams[stream].rules->windowed
                          ? shard_substream_entities(p->shard, &p->settings.streams[stream].spec,
                                                     p->base.name, substream)
                          : outcome.seen;
    place->held = outcome.held;
    place->missed = outcome.vanished > 0;
    place->swept_us = clock_now_us();
    if (!outcome.held)
        place->through_us = through_us;
    return true;
}
