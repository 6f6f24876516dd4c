/* How far the log goes, for `status`: a reader of its own. */
#include <stdlib.h>
#include <string.h>

#include "../status/ends.h"
#include "log_reader.h"

bool partition_ends_fetch(const struct options *options, int timeout_ms,
                          struct partition_end **ends, size_t *count, struct error *err)
{
    struct log_reader *reader = log_reader_new(options, false, err);
    if (!reader)
        return false;
    bool ok = log_reader_discover(reader, timeout_ms, err);
    const struct log_partition *partitions = log_reader_partitions(reader, count);
    if (!ok)
        *count = 0;
    *ends = calloc(*count ? *count : 1, sizeof(**ends));
    if (!*ends)
        abort();
    for (size_t i = 0; ok && i < *count; i++) {
        struct partition_end *end = &(*ends)[i];
        size_t length = strnlen(partitions[i].topic, sizeof(end->topic) - 1);
        memcpy(end->topic, partitions[i].topic, length);
        end->partition = partitions[i].partition;
        ok = log_reader_range(reader, i, timeout_ms, &end->begin, &end->end, err);
    }
    log_reader_free(reader);
    if (!ok) {
        free(*ends);
        *ends = NULL;
        *count = 0;
    }
    return ok;
}
