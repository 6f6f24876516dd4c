/* Absence: what complete sweeps did not see is removed by its stream's rule, or held for a person; then the mark goes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "shard_internal.h"

#define DECISIONS_MS 500

struct sweep {
    struct shard *shard;
    const struct stream_spec *stream;
    struct substream *substream;
    uint64_t incarnation;
    uint8_t mark;
    bool is_rest;
    int64_t through_us, seen_before;
};

struct sweep *shard_sweep_begin(struct shard *shard, const struct stream_spec *stream,
                                const char *source, const char *substream, int64_t server_time_us)
{
    struct sweep *sweep = calloc(1, sizeof(*sweep));
    if (!sweep)
        abort();
    *sweep = (struct sweep){.shard = shard,
                            .stream = stream,
                            .incarnation = shard->incarnation,
                            .through_us = server_time_us};
    if (shard->memory) {
        sweep->substream = memory_substream(shard->memory, source, stream->name, substream);
        memory_begin_sweep(shard->memory, sweep->substream);
        sweep->mark = sweep->substream->mark;
    } else {
        sweep->incarnation = 0; /* fails at its end */
    }
    return sweep;
}

static bool is_current(const struct sweep *sweep)
{
    return sweep->incarnation == sweep->shard->incarnation && sweep->shard->memory &&
           sweep->substream->sweeping && sweep->substream->mark == sweep->mark;
}

void shard_sweep_is_rest(struct sweep *sweep, int64_t seen_before)
{
    sweep->is_rest = true;
    sweep->seen_before = seen_before;
}

void shard_sweep_abandon(struct sweep *sweep)
{
    if (is_current(sweep))
        sweep->substream->sweeping = false;
    free(sweep);
}

/* ---- marks ---- */

static void add_mark(struct shard *shard, const struct substream *substream, struct event *e,
                     int32_t partition, int64_t previous)
{
    struct batch *batch = shard->making;
    struct text_buffer entity = {0}, data = {0};
    text_buffer_add_format(&entity, "swept:%s:%s:%s:%d", substream->kept.source,
                           substream->kept.stream, substream->kept.substream, (int)partition);
    if (entity.length > EVENT_MAX_KEY) { /* long names: their hash stands for them */
        char digest[33];
        uint8_t bytes[16];
        key128_store(key128_of(entity.data, entity.length), bytes);
        hex_encode(bytes, sizeof(bytes), digest);
        text_buffer_clear(&entity);
        text_buffer_add_format(&entity, "swept:%.200s:%s:%d", substream->kept.source, digest,
                               (int)partition);
    }
    e->entity = entity.data;
    e->partition = partition;
    e->previous = partition < substream->kept.partitions ? previous : 0;
    event_encode_data(e, &data);
    size_t at = batch_add(batch, BATCH_EVENTS, partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    text_buffer_add_text(&batch->arena, entity.data);
    batch_begin_value(batch, at);
    event_encode(e, data.data, data.length, &batch->arena);
    batch_end_value(batch, at);
    text_buffer_free(&entity);
    text_buffer_free(&data);
}

static void store_substream(struct shard *shard, const struct substream *substream)
{
    const struct state_substream *kept = &substream->kept;
    struct batch *batch = shard->making;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    state_substream_key(kept->source, kept->stream, kept->substream, &batch->arena);
    batch_begin_value(batch, at);
    state_substream_value(kept, &batch->arena);
    batch_end_value(batch, at);
}

/* To every events partition, behind all data of the sweep: they stand earlier in this batch or in an earlier one. */
static void publish_marks(struct shard *shard, struct substream *substream, int64_t through_us,
                          int64_t seen)
{
    struct state_substream *kept = &substream->kept;
    int64_t previous = kept->revision, now = clock_now_us();
    struct event e = {.type = EVENT_SOURCE_SWEPT,
                      .type_name = event_type_name(EVENT_SOURCE_SWEPT),
                      .source = kept->source,
                      .stream = kept->stream,
                      .substream = kept->substream,
                      .revision = now > previous ? now : previous + 1,
                      .time = through_us,
                      .through = through_us,
                      .records = seen,
                      .dead = substream->dead};
    e.present = UINT64_C(1) << FIELD_STREAM | UINT64_C(1) << FIELD_PARTITION |
                UINT64_C(1) << FIELD_THROUGH | UINT64_C(1) << FIELD_RECORDS |
                UINT64_C(1) << FIELD_DEAD |
                (kept->substream[0] ? UINT64_C(1) << FIELD_SUBSTREAM : 0);
    for (int32_t p = 0; p < shard->events_partitions; p++)
        add_mark(shard, substream, &e, p, previous);
    kept->revision = e.revision;
    kept->through_us = through_us;
    kept->partitions = shard->events_partitions;
    store_substream(shard, substream);
}

/* ---- the vanished ---- */

struct absent {
    int64_t unseen;     /* in force and not seen by this sweep */
    int64_t candidates; /* of them: as often as the stream asks */
};

/* Counts a miss for whatever this sweep did not see. */
static struct absent count_misses(struct shard *shard, const struct substream *substream,
                                  const struct stream_spec *stream)
{
    struct absent absent = {0};
    for (uint32_t i = substream->first; i != LEDGER_NONE;) {
        struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        i = entry->next;
        if (ledger_is(entry, LEDGER_GONE) || entry->mark == substream->mark)
            continue;
        ledger_set_misses(entry, ledger_misses(entry) + 1);
        if (ledger_is(entry, LEDGER_DEAD))
            continue;
        absent.unseen++;
        absent.candidates += ledger_misses(entry) >= (unsigned)stream->confirmations;
    }
    return absent;
}

/* Removes the entities that were missed often enough; all_kinds false: rejected records only. */
static int64_t remove_missed(struct shard *shard, struct substream *substream, int confirmations,
                             bool all_kinds)
{
    int64_t removed = 0, now = clock_now_us();
    for (uint32_t i = substream->first; i != LEDGER_NONE;) {
        struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        uint32_t index = i;
        bool dead = ledger_is(entry, LEDGER_DEAD);
        i = entry->next;
        if (ledger_is(entry, LEDGER_GONE) || ledger_misses(entry) < (unsigned)confirmations ||
            ledger_misses(entry) == 0 || (!all_kinds && !dead))
            continue;
        shard_remove_entry(shard, index, EVENT_UNKNOWN, now);
        removed += !dead;
    }
    if (removed)
        substream_count_removed(substream, removed, now);
    return removed;
}

/* ---- holds ---- */

static void hold_cursor(const struct hold *hold, char *out, size_t size)
{
    snprintf(out, size, "hold:%s", hold->id);
}

/* What a person decided stays in its file until what follows from it is committed. */
static void close_hold(struct shard *shard, const char *id)
{
    struct hold *hold = holds_find(&shard->holds, id);
    if (!hold)
        return;
    char name[40];
    hold_cursor(hold, name, sizeof(name));
    shard_store_cursor(shard, hold->source, name, NULL);
    holds_put(&shard->settled, hold);
    holds_remove(&shard->holds, id);
    shard->holds_changed = true;
}

static void open_hold(struct shard *shard, const struct sweep *sweep, const struct hold *hold)
{
    bool is_new = !holds_find(&shard->holds, hold->id);
    const struct hold *kept = holds_put(&shard->holds, hold);
    struct text_buffer text = {0};
    char name[40];
    hold_cursor(kept, name, sizeof(name));
    hold_encode(kept, &text);
    shard_store_cursor(shard, kept->source, name, text.data);
    text_buffer_free(&text);
    shard->holds_changed = true;
    const char *id = kept->id;
    if (is_new)
        LOG_WARN_EVENT("mass removal held: decide with `mooc-ingest hold accept|reject`",
                       LOG_TEXT("hold", id), LOG_TEXT("source", kept->source),
                       LOG_TEXT("stream", sweep->stream->name),
                       LOG_TEXT("substream", kept->substream),
                       LOG_NUMBER("vanished", kept->vanished), LOG_NUMBER("of", kept->of));
}

/* Would removing so many be more than the stream allows at once or in 24 hours? */
static bool is_mass(const struct stream_spec *stream, const struct substream *substream,
                    int64_t candidates, int64_t lately)
{
    int64_t sum = candidates + lately;
    double of = (double)(substream->in_force + lately);
    if (stream->hold_empty && substream->seen == 0 && candidates > 0)
        return true;
    return candidates > 0 && sum >= stream->hold_minimum && (double)sum > stream->hold_share * of;
}

/* True when the sweep's removals must wait. */
static bool must_hold(struct shard *shard, const struct sweep *sweep, const struct absent *absent,
                      struct sweep_outcome *outcome)
{
    const struct substream *substream = sweep->substream;
    const char *data_dir = shard->settings.data_dir;
    int64_t now = clock_now_us(), lately = substream_removed_lately(substream, now);
    struct hold hold = {.source = (char *)(uintptr_t)substream->kept.source,
                        .stream = (char *)(uintptr_t)substream->kept.stream,
                        .substream = (char *)(uintptr_t)substream->kept.substream,
                        .vanished = absent->candidates,
                        .of = substream->in_force,
                        .lately = lately,
                        .since_us = now,
                        .through_us = sweep->through_us,
                        .seen = substream->seen,
                        .confirmations = sweep->stream->confirmations};
    hold_id(hold.source, hold.stream, hold.substream, hold.id);
    bool known = holds_find(&shard->holds, hold.id) != NULL;
    bool mass = is_mass(sweep->stream, substream, absent->candidates, lately);
    bool accepted = data_dir && hold_decision(data_dir, hold.id) == HOLD_ACCEPTED;
    bool unsure = known && absent->candidates < absent->unseen; /* after a restart: count again */
    if ((mass && !accepted) || unsure) {
        if (mass)
            open_hold(shard, sweep, &hold);
        outcome->held = true;
        snprintf(outcome->hold_id, sizeof(outcome->hold_id), "%s", hold.id);
        return true;
    }
    if (known)
        close_hold(shard, hold.id);
    return false;
}

bool shard_sweep_end(struct sweep *sweep, struct sweep_outcome *outcome, struct error *err)
{
    struct shard *shard = sweep->shard;
    struct sweep_outcome unused;
    outcome = outcome ? outcome : &unused;
    memset(outcome, 0, sizeof(*outcome));
    if (!is_current(sweep)) {
        free(sweep);
        return error_set(err, ERROR_STATE, true,
                         "the sweep is void: the shard's state was read anew, or another sweep of "
                         "the same records began meanwhile");
    }
    struct substream *substream = sweep->substream;
    const struct stream_spec *stream = sweep->stream;
    bool held = false;
    substream->sweeping = false;
    outcome->seen = substream->seen + sweep->seen_before;
    if (stream->on_vanish != VANISH_KEEP && !sweep->is_rest) {
        struct absent absent = count_misses(shard, substream, stream);
        outcome->vanished = absent.unseen;
        bool removing = stream->on_vanish == VANISH_REMOVE;
        held = removing && must_hold(shard, sweep, &absent, outcome);
        outcome->removed = remove_missed(shard, substream, stream->confirmations, removing && !held);
    }
    if (!held)
        publish_marks(shard, substream, sweep->through_us, outcome->seen);
    free(sweep);
    return true;
}

/* ---- what persons decide ---- */

void shard_holds_recall(struct shard *shard)
{
    holds_free(&shard->holds);
    for (size_t i = 0; i < memory_cursor_count(shard->memory); i++) {
        const char *name, *value;
        memory_cursor_at(shard->memory, i, &name, &value);
        struct hold hold;
        if (strncmp(name, "hold:", 5) != 0 || !value)
            continue;
        if (!hold_decode(value, &hold, NULL)) {
            LOG_WARN_EVENT("a stored hold is damaged and forgotten", LOG_TEXT("cursor", name));
            continue;
        }
        holds_put(&shard->holds, &hold);
        hold_release(&hold);
    }
    shard->holds_changed = true;
}

/* The misses of this incarnation say who vanished; after a restart the next sweeps must find them again, and the decision waits. */
static void act_on(struct shard *shard, const struct hold *hold, enum hold_decision decision)
{
    struct substream *substream =
        memory_find_substream(shard->memory, hold->source, hold->stream, hold->substream);
    char id[HOLD_ID_SIZE];
    memcpy(id, hold->id, sizeof(id));
    int64_t removed = 0;
    if (decision == HOLD_ACCEPTED) {
        int64_t through = hold->through_us, seen = hold->seen;
        if (substream && !substream->sweeping)
            removed = remove_missed(shard, substream, hold->confirmations, true);
        if (removed == 0)
            return;
        publish_marks(shard, substream, through, seen);
    } else if (substream) {
        for (uint32_t i = substream->first; i != LEDGER_NONE;
             i = ledger_at(shard->memory->ledger, i)->next)
            ledger_set_misses(ledger_at(shard->memory->ledger, i), 0);
    }
    const char *text = id;
    LOG_INFO_EVENT("hold decided", LOG_TEXT("hold", text),
                   LOG_TEXT("decision", decision == HOLD_ACCEPTED ? "accept" : "reject"),
                   LOG_NUMBER("removed", removed));
    close_hold(shard, id);
}

static void look_for_decisions(struct shard *shard)
{
    int64_t now = clock_monotonic_ms();
    if (now < shard->decisions_at_ms)
        return;
    shard->decisions_at_ms = now + DECISIONS_MS;
    for (size_t i = shard->holds.count; i-- > 0;) {
        enum hold_decision decision =
            hold_decision(shard->settings.data_dir, shard->holds.items[i].id);
        if (decision != HOLD_UNDECIDED)
            act_on(shard, &shard->holds.items[i], decision);
    }
}

void shard_holds_tick(struct shard *shard)
{
    struct error err = {0};
    const char *data_dir = shard->settings.data_dir;
    if (!data_dir)
        return;
    if (shard_is_flushed(shard) && shard->settled.count) {
        for (size_t i = 0; i < shard->settled.count; i++)
            hold_decision_done(data_dir, shard->settled.items[i].id);
        holds_free(&shard->settled);
    }
    look_for_decisions(shard);
    if (!shard->holds_changed)
        return;
    shard->holds_changed = false;
    if (!holds_save(&shard->holds, data_dir, shard->settings.partition, &err))
        log_error("the list of held removals could not be written", &err);
}
