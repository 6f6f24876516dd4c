/* manifest.json of an archive export: which files there are, what they hold, how far they reach. Its last line holds the SHA-256 of
 * all bytes before that line, so it can be checked without us: head -n -1 manifest.json | sha256sum. */
#ifndef MOOC_ARCHIVE_MANIFEST_H
#define MOOC_ARCHIVE_MANIFEST_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../../common/text_buffer.h"

#define ARCHIVE_FORMAT_VERSION 1
#define ARCHIVE_MAX_TOPIC 250
#define ARCHIVE_MAX_PARTITIONS 4096
#define ARCHIVE_MONTH 8 /* "2026-03" */
#define ARCHIVE_FILE 64

/* What a month has of one partition. */
struct archive_part {
    int32_t partition;
    int64_t rows, erased; /* erased: rows that were blanked and keep only offset, time and id */
    int64_t rows_before;  /* of the partition in all months before */
    int64_t first_offset, last_offset;   /* -1 without rows, as the next two */
    int64_t first_time_us, last_time_us; /* earliest and latest */
    uint64_t hash;                       /* archive_record_hash of all, exclusive or */
    char file[ARCHIVE_FILE];             /* "" without rows */
    int64_t bytes;
    char sha256[65];
};

struct archive_month {
    char month[ARCHIVE_MONTH]; /* UTC */
    bool complete;             /* it was over, and everything of it was in the archive */
    int64_t exported_us;
    size_t part_count;
    struct archive_part *parts; /* one for each partition, ascending */
};

struct archive_reach {
    int32_t partition;
    int64_t archived; /* the archive's vector when it was exported: next offset */
    int64_t through;  /* every record of the log before this offset is in these files */
};

struct archive_manifest {
    char topic[ARCHIVE_MAX_TOPIC], archive_id[40];
    int64_t created_us, updated_us;
    size_t reach_count, month_count;
    struct archive_reach *reaches; /* by partition, ascending */
    struct archive_month *months;  /* ascending */
};

void archive_manifest_free(struct archive_manifest *manifest);
struct archive_month *archive_manifest_month(const struct archive_manifest *manifest,
                                             const char *month);
/* The month, made where it is missing; empty. */
struct archive_month *archive_manifest_renew(struct archive_manifest *manifest, const char *month);
const struct archive_part *archive_month_part(const struct archive_month *month, int32_t partition);

/* "2026-03": false if it is no month of 1970–9999. */
bool archive_month_check(const char *text) MUST_CHECK;
/* Its begin, and the begin of the next one, µs. */
void archive_month_bounds(const char *month, int64_t *begins_us, int64_t *ends_us);

void archive_manifest_write(const struct archive_manifest *manifest, struct text_buffer *out);
/* Everything is checked: checksum, form, ranges, order, one part for each partition, sums that must fit each other. ERROR_DATA. */
bool archive_manifest_read(const char *text, size_t length, struct archive_manifest *manifest,
                           struct error *err) MUST_CHECK;

#endif
