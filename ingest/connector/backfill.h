/* A backfill: streams of some courses are read out of turn, windows from one instant to another. The command hands the job to the
 * owner through the spool; which parts are done stands in the shard's state, so that whoever owns the source next goes on there.
 * Job: "from to\ncourse\ncourse…", instants in µs, 0 = open; no course = all. Or, to try rejected records again,
 * "retry\nstream\tcourse\n…": these streams alone, course "" where the stream has none; windows from their beginning. What is asked
 * learner by learner is asked again along with its parent, and waited for. */
#ifndef MOOC_CONNECTOR_BACKFILL_H
#define MOOC_CONNECTOR_BACKFILL_H

#include "../../common/spool.h"
#include "platform.h"

struct backfill;

struct backfill *backfill_new(struct platform *platform);
void backfill_free(struct backfill *backfill); /* NULL-safe; the job stays in the spool */
#define BACKFILL_RETRY "retry\n"

/* Takes up a job, tells how far it is, and finishes it. */
void backfill_step(struct backfill *backfill);
bool backfill_wants(const struct backfill *backfill, size_t stream, size_t course);
/* The instants, µs; 0 = open. */
void backfill_range(const struct backfill *backfill, int64_t *from_us, int64_t *to_us);
/* A part was read; one that fails three times is given up and said so. */
void backfill_read(struct backfill *backfill, size_t stream, size_t course, bool whole);

/* Queue of a source's jobs, and the file in which the owner says how far one is, and which streams it still reads:
 * {"done":3,"of":24,"streams":["enrollments","grades"]}. */
void backfill_queue(const char *source, char out[80]);
void backfill_progress_path(const char *data_dir, const char *source, char *out, size_t size);

#endif
