#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../walk_page.h"
#include "openedx.h"
#include "rejected.h"

#define MOST_KEPT 1000 /* raw records of a stream in a round: a platform that changed rejects all */

struct map_input openedx_map_input(const struct openedx *o, const struct course *course)
{
    return (struct map_input){.source = o->base.name,
                              .course = course ? course->id : NULL,
                              .hmac = o->context->hmac,
                              .today = clock_day(clock_now_us())};
}

/* "dead:<source>:<stream>:<hash>": by course and learner, so that the record's recovery finds its rejection; by content where
 * no learner can be told. */
static void dead_entity(const struct map_input *in, enum stream_id stream,
                        const struct json *record, const struct map_output *out, char *entity)
{
    struct key128 key;
    if (out->username) {
        char text[EVENT_MAX_KEY * 2];
        int length =
            snprintf(text, sizeof text, "%s\n%s", in->course ? in->course : "", out->subject);
        key = key128_of(text, (size_t)length);
    } else {
        key = json_fingerprint(record);
    }
    uint8_t bytes[16];
    char hex[33];
    key128_store(key, bytes);
    hex_encode(bytes, sizeof bytes, hex);
    snprintf(entity, EVENT_MAX_KEY + 1, "dead:%s:%s:%s", in->source,
             openedx_streams[stream].spec.name, hex);
}

static void reject(struct openedx *o, enum stream_id stream, const struct map_input *in,
                   const char *entity, const struct json *record, const struct error *err)
{
    const char *colon = strstr(err->message, ": ");
    char reason[64];
    snprintf(reason, sizeof reason, "%.*s", colon ? (int)(colon - err->message) : 63, err->message);
    struct event e = {.type = EVENT_RECORD_REJECTED,
                      .type_name = event_type_name(EVENT_RECORD_REJECTED),
                      .source = in->source,
                      .entity = entity,
                      .time_observed = true,
                      .reason = reason,
                      .detail = colon ? colon + 2 : err->message,
                      .stream = openedx_streams[stream].spec.name,
                      .substream = in->course};
    e.present = 1ULL << FIELD_REASON | 1ULL << FIELD_DETAIL | 1ULL << FIELD_STREAM;
    if (in->course)
        e.present |= 1ULL << FIELD_SUBSTREAM;
    struct observation seen = {.stream = &openedx_streams[stream].spec,
                               .substream = in->course ? in->course : "",
                               .event = &e};
    if (o->reports[stream].rejected++ < MOST_KEPT &&
        (shard_peek(o->shard, &seen) != OBSERVE_UNCHANGED || !rejected_is_kept(o->context, &e)))
        rejected_keep(o->context, &e, record);
    shard_reject(o->shard, &seen);
}

static void tell(struct openedx *o, enum stream_id stream, const struct map_input *in,
                 const struct map_item *item)
{
    const struct stream_spec *spec = &openedx_streams[stream].spec;
    const char *substream = in->course ? in->course : "";
    const char *lasting = *item->total_entity ? item->total_entity : item->entity;
    if (item->action != MAP_OBSERVE && !shard_holds(o->shard, lasting))
        return;
    if (item->action == MAP_REMOVE_IF_HELD) {
        shard_remove(o->shard, spec, in->source, substream, lasting, EVENT_UNKNOWN);
        return;
    }
    struct observation seen = {.stream = spec,
                               .substream = substream,
                               .event = &item->event,
                               .status = item->status,
                               .total_entity = *item->total_entity ? item->total_entity : NULL};
    shard_observe(o->shard, &seen);
}

/* A record that can be mapped takes back its rejection. Few streams have any, so most records need no look. */
static void accept(struct openedx *o, enum stream_id stream, const struct map_input *in,
                   const struct json *record, const struct map_output *out)
{
    const struct stream_spec *spec = &openedx_streams[stream].spec;
    const char *substream = in->course ? in->course : "";
    char dead[EVENT_MAX_KEY + 1];
    if (shard_substream_rejected(o->shard, spec, in->source, substream) == 0)
        return;
    dead_entity(in, stream, record, out, dead);
    if (!shard_holds(o->shard, dead))
        return;
    shard_accept(o->shard, spec, in->source, substream, dead);
    rejected_forget(o->context, in->source, spec->name, dead);
}

bool openedx_apply(struct openedx *o, enum stream_id stream, const struct map_input *in,
                   const struct json *record, struct map_output *out)
{
    struct error err = {.kind = ERROR_NONE};
    if (!openedx_streams[stream].map(in, record, out, &err)) {
        char dead[EVENT_MAX_KEY + 1];
        dead_entity(in, stream, record, out, dead);
        reject(o, stream, in, dead, record, &err);
        if (out->username && *out->items[0].entity)
            shard_see(o->shard, out->items[0].entity);
        return false;
    }
    accept(o, stream, in, record, out);
    for (size_t i = 0; i < out->count; i++)
        tell(o, stream, in, &out->items[i]);
    return true;
}

void openedx_problem(struct openedx *o, enum stream_id stream, const struct error *err)
{
    o->reports[stream].problem = *err;
    o->reports[stream].failed = err->kind != ERROR_NONE;
    if (err->kind != ERROR_NONE) {
        LOG_WARN_EVENT(
            "a stream could not be read; it will be tried again", LOG_TEXT("source", o->base.name),
            LOG_TEXT("stream", openedx_streams[stream].spec.name), LOG_TEXT("error", err->message));
    }
}

void openedx_end_sweep(struct openedx *o, enum stream_id stream, struct sweep **sweep,
                       bool complete, int64_t started_us, struct stream_seen *seen)
{
    struct sweep *ending = *sweep;
    *sweep = NULL;
    if (!ending)
        return;
    if (!complete) {
        shard_sweep_abandon(ending);
        return;
    }
    struct sweep_outcome outcome = {.seen = 0};
    struct error err = {.kind = ERROR_NONE};
    if (!shard_sweep_end(ending, &outcome, &err)) {
        openedx_problem(o, stream, &err);
        return;
    }
    rejected_clean(o->context, o->base.name, openedx_streams[stream].spec.name, o->shard);
    seen->entities = outcome.seen;
    seen->held = outcome.held;
    if (!outcome.held)
        seen->through_us = started_us;
}
