#include "log_check.h"

#include <string.h>

static bool check_range(struct log_reader *reader, const struct vector *v, size_t i, int timeout_ms,
                        int64_t *begin, struct error *err)
{
    const struct log_partition *p = &v->partitions[i];
    int64_t end, next = v->next_offsets[i];
    if (!log_reader_range(reader, i, timeout_ms, begin, &end, err))
        return false;
    if (next < *begin)
        return error_set(err, ERROR_STATE, false,
                         "topic %s partition %d begins at %lld, but %lld is the next to read: "
                         "records were deleted unread; restore the log or its archive export",
                         p->topic, p->partition, (long long)*begin, (long long)next);
    if (next > end)
        return error_set(err, ERROR_STATE, false,
                         "topic %s partition %d ends at %lld, but was read to %lld: it was "
                         "recreated, truncated or restored from an older backup; nothing is "
                         "counted until it is the old log again",
                         p->topic, p->partition, (long long)end, (long long)next);
    return true;
}

/* What retention has deleted cannot be compared; that nothing unread went with it was checked before. */
static bool check_last_id(struct log_reader *reader, const struct vector *v, size_t i,
                          int64_t begin, int timeout_ms, struct error *err)
{
    char id[EVENT_MAX_KEY + 1];
    const struct log_partition *p = &v->partitions[i];
    if (!p->archived || v->archived_last[i] < begin)
        return true;
    if (!log_reader_id_at(reader, i, v->archived_last[i], timeout_ms, id, err))
        return false;
    if (strcmp(id, v->archived_id[i]) == 0)
        return true;
    return error_set(err, ERROR_STATE, false,
                     "topic %s partition %d has another record at offset %lld than the archive: "
                     "it was recreated or restored; nothing is counted until it is the old log",
                     p->topic, p->partition, (long long)v->archived_last[i]);
}

bool log_check(struct log_reader *reader, const struct vector *v, int timeout_ms, struct error *err)
{
    for (size_t i = 0; i < v->count; i++) {
        int64_t begin;
        if (!check_range(reader, v, i, timeout_ms, &begin, err) ||
            !check_last_id(reader, v, i, begin, timeout_ms, err))
            return false;
    }
    return true;
}
