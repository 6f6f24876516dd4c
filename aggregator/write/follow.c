#include "follow.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "sql.h"

bool follow_live(struct log_reader *reader, const int64_t *offsets, struct pg *pg, int64_t *behind,
                 struct error *err)
{
    size_t count;
    const struct log_partition *partitions = log_reader_partitions(reader, &count);
    struct pg_rows *rows = pg_query(pg, sql_follow_limits, 0, NULL, err);
    if (!rows)
        return false;
    int64_t *limits = must_have(calloc(count, sizeof(*limits)));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *topic = pg_rows_value(rows, i, 0);
        int64_t partition = pg_rows_integer(rows, i, 1, -1);
        for (size_t k = 0; k < count; k++)
            if (partitions[k].partition == partition && strcmp(partitions[k].topic, topic) == 0)
                limits[k] = pg_rows_integer(rows, i, 2, 0);
    }
    pg_rows_free(rows);
    *behind = 0;
    for (size_t k = 0; offsets && k < count; k++)
        *behind += limits[k] > offsets[k] ? limits[k] - offsets[k] : 0;
    log_reader_limit(reader, limits);
    free(limits);
    return true;
}
