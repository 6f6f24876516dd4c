/* Records that could not become events, in clear, for the one who looks into it on this machine: one file each, mode 0600,
 * <data_dir>/quarantine/<source>/<stream>.<the hash at the end of the dead letter's entity>.json. The next sweep asks the platform
 * again, `dead retry` at once (backfill.h); the file goes when the record has become good or is there no more. */
#ifndef MOOC_CONNECTOR_REJECTED_H
#define MOOC_CONNECTOR_REJECTED_H

#include "../../common/json.h"
#include "../source.h"

/* letter: the dead letter that goes out. Failure is logged: the dead letter counts, the file only helps. */
void rejected_keep(const struct source_context *context, const struct event *letter,
                   const struct json *record);
bool rejected_is_kept(const struct source_context *context, const struct event *letter);
/* entity: "dead:<source>:<stream>:<hash>". */
void rejected_forget(const struct source_context *context, const char *source, const char *stream,
                     const char *entity);
/* After a complete sweep: removes the files of what is no longer rejected. */
void rejected_clean(const struct source_context *context, const char *source, const char *stream,
                    const struct shard *shard);

#endif
