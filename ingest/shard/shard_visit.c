/* Reading back what is stored of a sub-stream's entities, for look-ups. */
#include <stdlib.h>
#include <string.h>

#include "../state/log_reader.h"
#include "shard_internal.h"

#define PATIENCE_MS 10000

struct gathering {
    int64_t *offsets;
    size_t count, room;
};

static void gather(struct gathering *g, int64_t offset)
{
    if (g->count == g->room) {
        g->room = g->room ? g->room * 2 : 1024;
        g->offsets = realloc(g->offsets, g->room * sizeof(*g->offsets));
        if (!g->offsets)
            abort();
    }
    g->offsets[g->count++] = offset;
}

static int rising(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

struct visiting {
    const struct ledger *ledger;
    shard_visit visit;
    void *context;
};

static bool visit_record(void *context, const struct log_record *r, struct error *err)
{
    const struct visiting *v = context;
    struct state_record record;
    if (!state_record_decode(r->key, r->key_length, r->value, r->value_length, &record, err))
        return false;
    const char *name = record.kind == STATE_ENTITY ? record.entity.event.entity : "";
    uint32_t index = ledger_find(v->ledger, key128_of(name, strlen(name)));
    bool ours = index != LEDGER_NONE && ledger_offset(ledger_at(v->ledger, index)) == r->offset;
    if (ours)
        v->visit(v->context, name, &record.entity.event);
    else
        error_set(err, ERROR_STATE, true,
                  "offset %lld of the state topic holds another record than remembered",
                  (long long)r->offset);
    state_record_free(&record);
    return ours;
}

bool shard_for_each(struct shard *shard, const struct stream_spec *stream, const char *source,
                    const char *substream, bool missing_only, shard_visit visit, void *context,
                    struct error *err)
{
    const struct shard_settings *s = &shard->settings;
    if (!shard->memory || !shard_is_flushed(shard))
        return error_set(err, ERROR_STATE, true, "the shard has records that are not committed yet");
    const struct substream *found =
        memory_find_substream(shard->memory, source, stream->name, substream);
    if (!shard->reader)
        shard->reader = log_reader_new(s->options, s->brokers, false, err);
    if (!shard->reader)
        return false;
    struct gathering g = {0};
    for (uint32_t i = found ? found->first : LEDGER_NONE; i != LEDGER_NONE;) {
        const struct ledger_entry *entry = ledger_at(shard->memory->ledger, i);
        i = entry->next;
        if (!ledger_is(entry, LEDGER_GONE) && !ledger_is(entry, LEDGER_DEAD) &&
            (!missing_only || ledger_misses(entry) >= (unsigned)stream->confirmations))
            gather(&g, ledger_offset(entry));
    }
    if (g.count)
        qsort(g.offsets, g.count, sizeof(*g.offsets), rising);
    struct visiting visiting = {shard->memory->ledger, visit, context};
    bool fine = log_reader_fetch(shard->reader, s->state_topic, s->partition, g.offsets, g.count,
                                 PATIENCE_MS, visit_record, &visiting, err);
    free(g.offsets);
    return fine;
}
