/* Mass removals: held for a person, and what becomes of the decision. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "shard_internal.h"

#define DECISIONS_MS 500
#define RECALLED_SWEEPS                                                                            \
    3 /* after these, everything that is missing was missed or looked up twice */

static void store(struct shard *shard, const struct hold *hold, bool is_over)
{
    struct text_buffer text = {0};
    char name[40];
    snprintf(name, sizeof(name), "hold:%s", hold->id);
    hold_encode(hold, &text);
    shard_store_cursor(shard, hold->source, name, is_over ? NULL : text.data);
    text_buffer_free(&text);
    shard->holds_changed = true;
}

/* It waits no longer. */
static void conclude(struct shard *shard, struct hold *hold, int64_t kept)
{
    hold->vanished = 0;
    hold->kept = kept;
    store(shard, hold, kept == 0);
    if (kept == 0)
        holds_remove(&shard->holds, hold->id);
}

/* … and what a person decided stays in its file until what follows from it is committed. */
static void settle(struct shard *shard, struct hold *hold, int64_t kept)
{
    holds_put(&shard->settled, hold);
    conclude(shard, hold, kept);
}

static void open_hold(struct shard *shard, const struct hold *hold)
{
    const struct hold *before = holds_find(&shard->holds, hold->id);
    bool is_new = !before || before->vanished == 0;
    if (!before && shard->settings.data_dir) /* left over from a removal of before */
        hold_decision_done(shard->settings.data_dir, hold->id);
    const struct hold *now = holds_put(&shard->holds, hold);
    store(shard, now, false);
    const char *id = now->id;
    if (is_new)
        LOG_WARN_EVENT("mass removal held: decide with `mooc-ingest hold accept|reject`",
                       LOG_TEXT("hold", id), LOG_TEXT("source", now->source),
                       LOG_TEXT("stream", now->stream), LOG_TEXT("substream", now->substream),
                       LOG_NUMBER("vanished", now->vanished), LOG_NUMBER("of", now->of));
}

/* Would removing so many be more than the stream allows at once or in 24 hours? */
static bool is_mass(const struct stream_spec *stream, const struct substream *substream,
                    int64_t candidates, int64_t lately, int64_t seen)
{
    int64_t sum = candidates + lately;
    double of = (double)(substream->in_force + lately);
    if (stream->hold_empty && stream->on_vanish == VANISH_REMOVE && seen == 0 && candidates > 0)
        return true;
    return candidates > 0 && sum >= stream->hold_minimum && (double)sum > stream->hold_share * of;
}

bool shard_would_hold(const struct shard *shard, const struct stream_spec *stream,
                      const char *source, const char *substream, int64_t missing, int64_t *lately)
{
    const struct substream *found =
        shard->memory ? memory_find_substream(shard->memory, source, stream->name, substream) : NULL;
    *lately = found ? substream_removed_lately(found, clock_now_us()) : 0;
    return found && is_mass(stream, found, missing, *lately, found->in_force - missing);
}

/* Notes that those who are missing stay, and counts all who are to stay. */
static int64_t keep(struct shard *shard, const struct substream *substream, unsigned needed)
{
    int64_t kept = 0;
    for (uint32_t i = substream->first; i != LEDGER_NONE;) {
        struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        i = entry->next;
        if (ledger_is(entry, LEDGER_GONE) || ledger_is(entry, LEDGER_DEAD) ||
            ledger_misses(entry) < needed)
            continue;
        ledger_set_misses(entry, LEDGER_KEPT);
        kept++;
    }
    return kept;
}

/* Which ones were kept is not stored: after a restart they are those who are missing, if they are no more than there were. */
static void keep_again(struct shard *shard, const struct hold *known, const struct absence *a,
                       struct absent *absent)
{
    if (!known || known->vanished > 0 || known->recalled == 0 || absent->candidates == 0 ||
        absent->kept + absent->candidates > known->kept)
        return;
    absent->kept = keep(shard, a->substream, shard_misses_needed(a->stream));
    absent->candidates = 0;
}

/* After a restart, not all who were missing have been found missing again. */
static bool is_counting(const struct absence *a, const struct hold *hold, const struct absent *absent)
{
    if (a->stream->on_vanish == VANISH_LOOKUP)
        return hold->recalled > 0 && absent->candidates < hold->vanished;
    return absent->candidates < absent->unseen;
}

/* Nothing waits; what was kept may be there again. */
static void go_on(struct shard *shard, const struct absence *a, struct hold *known,
                  const struct absent *absent)
{
    if (known->vanished > 0)
        settle(shard, known, absent->kept);
    else if (a->swept && known->recalled == 0 && known->kept != absent->kept)
        conclude(shard, known, absent->kept);
}

/* A person accepted what was told. Do so many more vanish by now that they alone would be held, it is to be decided anew. */
static bool is_accepted(struct shard *shard, const struct absence *a, const char *id,
                        int64_t candidates)
{
    const char *data_dir = shard->settings.data_dir;
    int64_t of = data_dir ? hold_accepted(data_dir, id) : -1;
    if (of < 0 || !is_mass(a->stream, a->substream, candidates - of, 0, a->substream->seen))
        return of >= 0;
    LOG_WARN_EVENT("more vanished than the removal that was accepted: decide anew",
                   LOG_TEXT("hold", id), LOG_NUMBER("accepted", of),
                   LOG_NUMBER("vanished", candidates));
    hold_decision_done(data_dir, id);
    return false;
}

bool shard_must_hold(struct shard *shard, const struct absence *a, char *id)
{
    const struct state_substream *names = &a->substream->kept;
    struct absent absent = a->absent;
    int64_t now = clock_now_us(), lately = substream_removed_lately(a->substream, now);
    struct hold hold = {.source = (char *)(uintptr_t)names->source,
                        .stream = (char *)(uintptr_t)names->stream,
                        .substream = (char *)(uintptr_t)names->substream,
                        .of = a->substream->in_force,
                        .lately = lately,
                        .since_us = now,
                        .through_us = a->through_us,
                        .seen = a->seen,
                        .confirmations = (int)shard_misses_needed(a->stream)};
    hold_id(hold.source, hold.stream, hold.substream, hold.id);
    struct hold *known = holds_find(&shard->holds, hold.id);
    keep_again(shard, known, a, &absent);
    hold.vanished = absent.candidates;
    hold.kept = absent.kept;
    if (known && known->recalled > 0 && a->swept) {
        known->recalled--;
        shard->holds_changed = true;
    }
    bool waits = known && known->vanished > 0;
    bool accepted = waits && is_accepted(shard, a, hold.id, absent.candidates);
    bool mass = is_mass(a->stream, a->substream, absent.candidates, lately, a->substream->seen);
    bool counting = waits && is_counting(a, known, &absent);
    if ((!mass || accepted) && !counting) {
        if (known)
            go_on(shard, a, known, &absent);
        return false;
    }
    if (mass && !(counting && a->stream->on_vanish == VANISH_LOOKUP))
        open_hold(shard, &hold);
    if (id)
        memcpy(id, hold.id, sizeof(hold.id));
    return true;
}

bool shard_is_held(const struct shard *shard, const struct stream_spec *stream, const char *source,
                   const char *substream)
{
    char id[HOLD_ID_SIZE];
    hold_id(source, stream->name, substream, id);
    const struct hold *hold = holds_find(&shard->holds, id);
    return hold && hold->vanished > 0;
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
        hold.recalled = RECALLED_SWEEPS;
        holds_put(&shard->holds, &hold);
        hold_release(&hold);
    }
    shard->holds_changed = true;
}

/* The misses of this incarnation say who vanished; after a restart the next sweeps must find them again, and the decision waits.
 * False while it waits. */
static bool accept(struct shard *shard, const struct hold *hold, struct substream *substream,
                   int64_t *removed)
{
    bool was_rejected = hold->vanished == 0, looked_up = hold->confirmations == LEDGER_LOOKED_UP;
    if (!substream || (substream->sweeping && !looked_up) ||
        (hold->recalled > 0 && (looked_up || was_rejected)))
        return false;
    unsigned needed = was_rejected ? LEDGER_KEPT : (unsigned)hold->confirmations;
    *removed = shard_remove_missed(shard, substream, needed, false);
    if (was_rejected)
        return true;
    if (*removed > 0 && hold->through_us > 0)
        shard_publish_marks(shard, substream, hold->through_us, hold->seen);
    return *removed > 0;
}

static void act_on(struct shard *shard, struct hold *hold, enum hold_decision decision)
{
    struct substream *substream =
        memory_find_substream(shard->memory, hold->source, hold->stream, hold->substream);
    int64_t removed = 0, kept = 0;
    if (decision == HOLD_ACCEPTED && !accept(shard, hold, substream, &removed))
        return;
    if (decision == HOLD_REJECTED && hold->recalled > 0)
        kept = hold->kept + hold->vanished;
    else if (substream)
        kept = keep(shard, substream,
                    decision == HOLD_ACCEPTED ? LEDGER_KEPT : (unsigned)hold->confirmations);
    char id[HOLD_ID_SIZE];
    memcpy(id, hold->id, sizeof(id));
    const char *text = id;
    LOG_INFO_EVENT("hold decided", LOG_TEXT("hold", text),
                   LOG_TEXT("decision", decision == HOLD_ACCEPTED ? "accept" : "reject"),
                   LOG_NUMBER("removed", removed), LOG_NUMBER("kept", kept));
    settle(shard, hold, kept);
}

static void look_for_decisions(struct shard *shard)
{
    int64_t now = clock_monotonic_ms();
    if (now < shard->decisions_at_ms)
        return;
    shard->decisions_at_ms = now + DECISIONS_MS;
    for (size_t i = shard->holds.count; i-- > 0;) {
        struct hold *hold = &shard->holds.items[i];
        enum hold_decision decision = hold_decision(shard->settings.data_dir, hold->id);
        if (decision != HOLD_UNDECIDED && !holds_find(&shard->settled, hold->id))
            act_on(shard, hold, decision);
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
