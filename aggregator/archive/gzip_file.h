/* A gzip file (RFC 1952) written once from begin to end, or read so; of both the size and the SHA-256 as it stands on the disk. The
 * only file but one (common/package.c) that knows zlib. Not thread-safe; files of one's own in several threads are fine. */
#ifndef MOOC_ARCHIVE_GZIP_FILE_H
#define MOOC_ARCHIVE_GZIP_FILE_H

#include "../../common/base.h"
#include "../../common/error.h"

struct gzip_sum {
    int64_t bytes;
    char sha256[65];
};

struct gzip_writer;
/* Makes the file, which must not be there yet. */
struct gzip_writer *gzip_create(const char *path, struct error *err);
bool gzip_write(struct gzip_writer *writer, const void *data, size_t length, struct error *err)
    MUST_CHECK;
/* Everything is on the disk (fsync). Frees the writer, whatever comes out. */
bool gzip_finish(struct gzip_writer *writer, struct gzip_sum *sum, struct error *err) MUST_CHECK;
void gzip_abandon(struct gzip_writer *writer); /* NULL-safe; the file stays, and is no gzip file */

struct gzip_reader;
struct gzip_reader *gzip_open(const char *path, struct error *err);
void gzip_close(struct gzip_reader *reader);
/* Up to size bytes; *got 0 = the end. ERROR_DATA: no gzip file, cut off, damaged (its CRC), or more behind its end. */
bool gzip_read(struct gzip_reader *reader, void *out, size_t size, size_t *got, struct error *err)
    MUST_CHECK;
/* After the end was read. */
void gzip_read_sum(const struct gzip_reader *reader, struct gzip_sum *sum);

#endif
