/* Absence: what complete sweeps did not see, or look-ups found gone, is removed by its stream's rule or held for a person; then the
 * mark goes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "shard_internal.h"

#define MOST_WITHDRAWN 10000 /* at once: a transaction is held in memory */

struct sweep {
    struct shard *shard;
    const struct stream_spec *stream;
    struct substream *substream;
    uint64_t incarnation;
    uint8_t mark;
    bool is_rest, proves_nothing;
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
        sweep->substream->every_ms = stream->every_ms;
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

void shard_sweep_through(struct sweep *sweep, int64_t through_us)
{
    if (through_us < sweep->through_us)
        sweep->through_us = through_us;
}

void shard_sweep_proves_nothing(struct sweep *sweep)
{
    sweep->proves_nothing = true;
}

int64_t shard_sweep_seen(const struct sweep *sweep)
{
    return sweep && is_current(sweep) ? sweep->substream->seen + sweep->substream->withdrawn : 0;
}

int64_t shard_sweep_contradicted(const struct sweep *sweep)
{
    return is_current(sweep) ? sweep->substream->contradicted : 0;
}

bool shard_sweep_withdraw(struct sweep *sweep)
{
    struct shard *shard = sweep->shard;
    struct substream *substream = sweep->substream;
    int64_t now = clock_now_us();
    if (!is_current(sweep) || substream->withdrawn == 0)
        return true;
    if (!shard_can_accept(shard))
        return false;
    size_t most = MOST_WITHDRAWN;
    for (uint32_t i = substream->first; i != LEDGER_NONE && substream->withdrawn > 0 && most > 0;) {
        struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        uint32_t index = i;
        i = entry->next;
        if (!memory_was_withdrawn(substream, entry))
            continue;
        substream->withdrawn--;
        most--;
        shard_remove_entry(shard, index, EVENT_UNKNOWN, now);
        memory_tell(substream, entry);
    }
    return substream->withdrawn == 0;
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
    batch_put_event(batch, batch_add(batch, BATCH_EVENTS, partition, BATCH_NO_ENTRY), e, data.data,
                    data.length);
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
void shard_publish_marks(struct shard *shard, struct substream *substream, int64_t through_us,
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
                      .dead = substream->dead,
                      .every = (substream->every_ms + 999) / 1000};
    e.present = UINT64_C(1) << FIELD_STREAM | UINT64_C(1) << FIELD_PARTITION |
                UINT64_C(1) << FIELD_THROUGH | UINT64_C(1) << FIELD_RECORDS |
                UINT64_C(1) << FIELD_DEAD | (e.every > 0 ? UINT64_C(1) << FIELD_EVERY : 0) |
                (kept->substream[0] ? UINT64_C(1) << FIELD_SUBSTREAM : 0);
    for (int32_t p = 0; p < shard->events_partitions; p++)
        add_mark(shard, substream, &e, p, previous);
    kept->revision = e.revision;
    kept->through_us = through_us;
    kept->partitions = shard->events_partitions;
    store_substream(shard, substream);
}

/* ---- the vanished ---- */

unsigned shard_misses_needed(const struct stream_spec *stream)
{
    return stream->on_vanish == VANISH_LOOKUP ? LEDGER_LOOKED_UP : (unsigned)stream->confirmations;
}

/* sweep: counts a miss for whatever it did not see, of one that proves nothing for rejected records only; NULL = counts none. */
static struct absent count_absent(struct shard *shard, const struct substream *substream,
                                  const struct stream_spec *stream, const struct sweep *sweep)
{
    struct absent absent = {0};
    unsigned needed = shard_misses_needed(stream);
    for (uint32_t i = substream->first; i != LEDGER_NONE;) {
        struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        i = entry->next;
        if (ledger_is(entry, LEDGER_GONE) ||
            (sweep && (memory_was_seen(substream, entry) ||
                       (sweep->proves_nothing && !ledger_is(entry, LEDGER_DEAD)))))
            continue;
        unsigned misses = sweep ? ledger_miss(entry) : ledger_misses(entry);
        if (ledger_is(entry, LEDGER_DEAD))
            continue;
        absent.kept += misses == LEDGER_KEPT;
        absent.unseen += misses != LEDGER_KEPT;
        absent.candidates += misses >= needed && misses != LEDGER_KEPT;
    }
    return absent;
}

int64_t shard_remove_missed(struct shard *shard, struct substream *substream, unsigned needed,
                            bool dead_only)
{
    int64_t removed = 0, now = clock_now_us();
    for (uint32_t i = substream->first; i != LEDGER_NONE;) {
        struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        uint32_t index = i;
        unsigned misses = ledger_misses(entry);
        i = entry->next;
        if (ledger_is(entry, LEDGER_GONE) || ledger_is(entry, LEDGER_DEAD) != dead_only ||
            misses == 0 || misses < needed || (misses == LEDGER_KEPT && needed != LEDGER_KEPT))
            continue;
        shard_remove_entry(shard, index, EVENT_UNKNOWN, now);
        removed += !dead_only;
    }
    if (removed)
        substream_count_removed(substream, removed, now);
    return removed;
}

/* What the last complete sweep missed is removed or held. */
static void end_absence(struct shard *shard, const struct sweep *sweep, struct sweep_outcome *outcome)
{
    const struct stream_spec *stream = sweep->stream;
    struct absence absence = {.stream = stream,
                              .substream = sweep->substream,
                              .absent = count_absent(shard, sweep->substream, stream, sweep),
                              .swept = true,
                              .through_us = sweep->through_us,
                              .seen = sweep->substream->seen};
    outcome->vanished = absence.absent.unseen;
    if (sweep->substream->dead > 0)
        shard_remove_missed(shard, sweep->substream, (unsigned)stream->confirmations, true);
    if (sweep->proves_nothing)
        return;
    outcome->held = shard_must_hold(shard, &absence, outcome->hold_id);
    if (!outcome->held && absence.absent.candidates > 0)
        outcome->removed =
            shard_remove_missed(shard, sweep->substream, shard_misses_needed(stream), false);
}

bool shard_sweep_end(struct sweep *sweep, struct sweep_outcome *outcome, struct error *err)
{
    struct shard *shard = sweep->shard;
    struct sweep_outcome unused;
    outcome = outcome ? outcome : &unused;
    memset(outcome, 0, sizeof(*outcome));
    if (!is_current(sweep)) {
        free(sweep);
        return error_tell_plain(
            err, ERROR_STATE, true,
            "chưa kết luận được ai đã rời: trong lúc đó những gì đã biết được đọc "
            "lại, hoặc có lượt đọc khác của cùng các bản ghi này",
            "the sweep is void: what is known was read anew, or another sweep of "
            "the same records began meanwhile");
    }
    struct substream *substream = sweep->substream;
    substream->sweeping = false;
    outcome->seen = substream->seen + sweep->seen_before;
    if (sweep->stream->on_vanish != VANISH_KEEP && !sweep->is_rest)
        end_absence(shard, sweep, outcome);
    if (!outcome->held)
        shard_publish_marks(shard, substream, sweep->through_us, outcome->seen);
    free(sweep);
    return true;
}

bool shard_settle_absent(struct shard *shard, const struct stream_spec *stream, const char *source,
                         const char *substream)
{
    struct substream *found =
        shard->memory ? memory_find_substream(shard->memory, source, stream->name, substream) : NULL;
    if (!found || stream->on_vanish != VANISH_LOOKUP)
        return false;
    struct absence absence = {
        .stream = stream, .substream = found, .absent = count_absent(shard, found, stream, NULL)};
    if (absence.absent.candidates == 0)
        return shard_is_held(shard, stream, source, substream);
    if (shard_must_hold(shard, &absence, NULL))
        return true;
    shard_remove_missed(shard, found, shard_misses_needed(stream), false);
    return false;
}
