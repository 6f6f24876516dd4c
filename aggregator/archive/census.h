/* What the archive holds, by month and partition, at one moment: what an export goes by. */
#ifndef MOOC_ARCHIVE_CENSUS_H
#define MOOC_ARCHIVE_CENSUS_H

#include "../../common/tell.h"
#include "../pg.h"
#include "manifest.h"

struct census_row {
    char month[ARCHIVE_MONTH];
    int32_t partition;
    int64_t rows, erased, first_offset, last_time_us;
    bool attached; /* false: it was detached, its rows are not in archive.events */
};

struct census {
    size_t count, partition_count;
    struct census_row *rows; /* by month and partition */
    struct census_end {
        int32_t partition;
        int64_t next_offset, latest_us; /* of its records; -1: it has none */
        bool at_end;                    /* Kafka has no record that the archive has not */
    } * partitions;                     /* of the archive's vector, ascending */
};

/* Inside a transaction with one snapshot. */
bool census_read(struct census *census, struct pg *pg, const char *topic, struct error *err)
    MUST_CHECK;
void census_free(struct census *census);

/* Pure: */
/* Is the month over, and is there no partition of which the archive may lack a record of it? Otherwise why not. */
bool census_month_is_whole(const struct census *census, const char *month, int64_t now_us,
                           struct told *why);
const struct census_row *census_find(const struct census *census, const char *month,
                                     int32_t partition);
/* Rows of the partition in earlier months. */
int64_t census_rows_before(const struct census *census, const char *month, int32_t partition);
bool census_month_is_detached(const struct census *census, const char *month);
/* Through which offset a partition stands in these months: the first offset that does not, or where the archive ends. */
int64_t census_through(const struct census *census, const struct archive_manifest *manifest,
                       int32_t partition);

#endif
