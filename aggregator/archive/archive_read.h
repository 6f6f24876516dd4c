/* Reads an archive export back: for `archive check`, `archive import`, `replay start --from-archive`. Knows no database.
 *
 *     struct archive_export *export = archive_open(dir, &err);
 *     struct archive_reader *reader = archive_reader_new(export, partition);
 *     while (archive_reader_next(reader, &record, &err) == ARCHIVE_READ_RECORD)
 *         …                                    // in order of month, within it of offset; ends after the last file
 *     archive_reader_free(reader);
 *
 * One file is open at a time; memory is one record and two buffers of 256 KiB. Readers of one export may run in several threads, each
 * used by one. All that comes from the disk is checked: the manifest's checksum, each line's form, the order of offsets, and at the
 * end of a file its SHA-256, size, rows, offsets, times and hash against the manifest. A file's records are handed out before its end
 * is reached: who acts on them must be able to drop what was done when a later call fails. */
#ifndef MOOC_ARCHIVE_READ_H
#define MOOC_ARCHIVE_READ_H

#include "manifest.h"
#include "record.h"

struct archive_export;
struct archive_reader;

/* Reads and checks dir/manifest.json. NULL with err where there is none, or it is damaged. */
struct archive_export *archive_open(const char *dir, struct error *err);
void archive_close(struct archive_export *export);
const struct archive_manifest *archive_of(const struct archive_export *export);

/* All of the partition's records of the log before this offset are in the export; 0: it has none from the start. Where a restored
 * archive, or a replay from it, goes on reading the log. */
int64_t archive_through(const struct archive_export *export, int32_t partition);
/* Records of the partition with these months' rows, for progress; partition -1: all. */
int64_t archive_rows(const struct archive_export *export, int32_t partition);

/* The records of one partition, of all months. Borrows the export. */
struct archive_reader *archive_reader_new(const struct archive_export *export, int32_t partition);
/* Those of one month. */
struct archive_reader *archive_reader_month(const struct archive_export *export, int32_t partition,
                                            const char *month);
void archive_reader_free(struct archive_reader *reader);

enum archive_read { ARCHIVE_READ_RECORD, ARCHIVE_READ_END, ARCHIVE_READ_FAILED };
/* What record points to is good until the next call. ARCHIVE_READ_FAILED: err names file and line; the reader is of no more use. */
enum archive_read archive_reader_next(struct archive_reader *reader, struct archive_record *record,
                                      struct error *err);

#endif
