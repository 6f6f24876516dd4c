#include "log_ends.h"

static bool is_watched(int32_t partition)
{
    return partition >= 0 && partition < STATE_MAX_PARTITIONS;
}

void log_ends_note(struct log_ends *ends, enum batch_topic topic, int32_t partition, int64_t offset)
{
    if (!is_watched(partition))
        return;
    int64_t *end = &ends->ends[topic][partition];
    if (offset < *end && !ends->fell_back) {
        ends->fell_back = true;
        ends->topic = topic;
        ends->partition = partition;
        ends->reached = *end;
        ends->landed = offset;
    }
    if (offset >= *end)
        *end = offset + 1;
}

bool log_ends_check(const struct log_ends *ends, const char *const names[BATCH_TOPICS],
                    struct error *err)
{
    if (!ends->fell_back)
        return true;
    return error_set(err, ERROR_STATE, false,
                     "topic %s took a record at offset %lld of partition %d, but had reached %lld "
                     "before: it was "
                     "recreated while we ran, and what stood in it is missing. Bring the log back; "
                     "if it is lost "
                     "for good, run `mooc-ingest state rebuild`",
                     names[ends->topic], (long long)ends->landed, (int)ends->partition,
                     (long long)ends->reached);
}

bool log_ends_advance(struct state_log *log, const struct batch *batch)
{
    bool moved = false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_record *r = &batch->records[i];
        if (r->topic != BATCH_EVENTS || !is_watched(r->landed))
            continue;
        while (log->count <= (size_t)r->landed)
            log->ends[log->count++] = 0;
        if (r->offset < log->ends[r->landed])
            continue;
        log->ends[r->landed] = r->offset + 1;
        moved = true;
    }
    return moved;
}

void log_ends_join(struct state_log *log, const struct state_log *other)
{
    for (size_t p = 0; p < other->count; p++) {
        if (p >= log->count)
            log->ends[log->count++] = 0;
        if (log->ends[p] < other->ends[p])
            log->ends[p] = other->ends[p];
    }
}
