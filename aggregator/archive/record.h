/* One record of the log as an archive export holds it: a line of JSON, and what a record adds to the checksum of its month. Pure. */
#ifndef MOOC_ARCHIVE_RECORD_H
#define MOOC_ARCHIVE_RECORD_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/error.h"
#include "../../common/text_buffer.h"

/* Of a value; Kafka's own limit is 1 MiB unless somebody raised it. */
#define ARCHIVE_MAX_VALUE ((size_t)64 << 20)
/* A line with its newline: every byte may need six ("\u0001"). */
#define ARCHIVE_MAX_LINE (6 * ARCHIVE_MAX_VALUE + 1024)

enum archive_content {
    ARCHIVE_VALUE,     /* value, length: the record's value, byte for byte */
    ARCHIVE_TOMBSTONE, /* the log's record had no value */
    ARCHIVE_ERASED,    /* value, length: only the event's id was kept */
};

struct archive_record {
    int32_t partition;
    int64_t offset, log_time_us;
    enum archive_content content;
    const char *value; /* borrowed */
    size_t length;
};

/* The line with its newline: {"partition":3,"offset":12,"log_time":"2026-03-01T00:00:00.123456Z",…} where … is "value":"text",
 * "value_base64":"…" (not UTF-8, or with a NUL), "value":null (no value), or "erased":true,"id":"…". No blanks, members in this
 * order. */
void archive_record_write(const struct archive_record *record, struct text_buffer *out);

/* Reads what archive_record_write wrote, and nothing else; line is without its newline. value points into scratch, which is
 * overwritten. ERROR_DATA says what is wrong and at which byte, never the content. */
bool archive_record_read(const char *line, size_t length, struct text_buffer *scratch,
                         struct archive_record *record, struct error *err) MUST_CHECK;

/* First eight bytes, as a big-endian number, of SHA-256 over: offset and log_time_us (eight bytes each, big-endian), one byte 0
 * (no value), 1 (value) or 2 (id of what was erased), then that. As archive.record_hash in the database. The checksum of records is
 * the exclusive or of theirs: their order does not matter. */
uint64_t archive_record_hash(struct sha256_stream *sha256, const struct archive_record *record);

#define ARCHIVE_INSTANT 28
/* "2026-03-01T00:00:00.123456Z", years 1970–9999. */
void archive_instant(int64_t us, char out[ARCHIVE_INSTANT]);
bool archive_instant_read(const char *text, size_t length, int64_t *us) MUST_CHECK;

#endif
