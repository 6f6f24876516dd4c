/* Reading and writing overlap: a reading thread consumes and decodes the next batch while one is folded and others are written. The writing side
 * says from which offsets to read; batches read under an earlier assignment are dropped. */
#ifndef MOOC_WRITE_PIPELINE_H
#define MOOC_WRITE_PIPELINE_H

#include "../../common/metrics.h"
#include "log_reader.h"
#include "writer_metrics.h"

/* The people of what one transaction folds are in memory together, whatever the cache: with a small one it is small. */
#define CACHE_BYTES_PER_RECORD 4096

struct pipeline;

/* reader is used by the pipeline's thread only between pipeline_start and pipeline_park. */
struct pipeline *pipeline_new(const struct options *options, size_t cache_bytes,
                              struct log_reader *reader, struct metrics *metrics,
                              struct writer_metrics *figures);
void pipeline_free(struct pipeline *pipeline); /* parks first */

/* Starts reading at the offsets (one per partition of the reader). */
bool pipeline_start(struct pipeline *pipeline, const int64_t *offsets, struct error *err) MUST_CHECK;
/* Stops reading and drops what was read. */
void pipeline_park(struct pipeline *pipeline);

/* The next batch, owned by the caller until pipeline_give_back; NULL after timeout_ms without one, then err is set if the
 * reading failed for good (the log no longer has the offsets). */
struct batch *pipeline_take(struct pipeline *pipeline, int timeout_ms, struct error *err);
void pipeline_give_back(struct pipeline *pipeline, struct batch *batch);
/* Archive rows that a batch carried and that were sent. There are a few only: they bound what is read ahead of PostgreSQL. */
void pipeline_give_rows(struct pipeline *pipeline, struct archive_rows *rows);

#endif
