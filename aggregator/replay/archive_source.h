/* The archive's records up to a vector, a part of the partitions at a time, as batches of events. */
#ifndef MOOC_REPLAY_ARCHIVE_SOURCE_H
#define MOOC_REPLAY_ARCHIVE_SOURCE_H

#include "../write/batch.h"
#include "plan.h"

struct archive_source;

/* Of the partitions p with p mod threads = part. Refuses if the archive lacks what the vector says was read. */
struct archive_source *archive_source_open(const struct replay_plan *plan, const char *topic,
                                           size_t part, struct error *err);
void archive_source_close(struct archive_source *source);
/* The batch that archive_source_next fills anew each time. */
struct batch *archive_source_batch(struct archive_source *source);
/* 1: there may be more, 0: that was all, -1: failed. */
int archive_source_next(struct archive_source *source, struct error *err);

#endif
