/* `state show`: what the state topic holds, by source and stream. */
#include <stdio.h>

#include "../../common/clock.h"
#include "log_reader.h"
#include "memory.h"
#include "rebuild.h"

#define PATIENCE_MS 30000

static bool visit_state(void *context, const struct log_record *r, struct error *err)
{
    struct state_record record;
    if (!state_record_decode(r->key, r->key_length, r->value, r->value_length, &record, err))
        return error_context(err, "offset %lld", (long long)r->offset);
    memory_apply(context, &record, r->offset);
    state_record_free(&record);
    return true;
}

static void print(const struct memory *memory, int32_t shard)
{
    printf("shard %d: %lld records, %u entities, %zu cursors, key %s\n", (int)shard,
           (long long)memory->records, ledger_count(memory->ledger), memory->cursor_count,
           memory->has_meta ? memory->meta.hmac : "not set: the state is not whole");
    for (uint32_t i = 0; i < memory->substream_count; i++) {
        const struct substream *s = memory->substreams[i];
        char through[CLOCK_LOCAL_SIZE] = "never";
        if (s->kept.through_us)
            clock_format_local(s->kept.through_us, through);
        printf("  %s %s %s: %lld in force, %lld rejected, complete through %s\n", s->kept.source,
               s->kept.stream, s->kept.substream[0] ? s->kept.substream : "-",
               (long long)s->in_force, (long long)s->dead, through);
    }
}

int state_show(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    const char *topic = options_text(options, "state_topic");
    struct log_reader *reader = log_reader_new(options, NULL, true, &err);
    int32_t partitions = reader ? log_reader_partitions(reader, topic, &err) : 0;
    bool fine = partitions > 0;
    for (int32_t p = 0; fine && p < partitions; p++) {
        int64_t low, high;
        struct memory *memory = memory_new();
        fine = log_reader_range(reader, topic, p, &low, &high, &err) &&
               (high <= low ||
                log_reader_read(reader, topic, p, high, PATIENCE_MS, visit_state, memory, &err));
        if (fine)
            print(memory, p);
        memory_free(memory);
    }
    log_reader_free(reader);
    if (!fine)
        fprintf(stderr, "mooc-ingest: %s\n", err.message);
    return error_exit_code(&err);
}
