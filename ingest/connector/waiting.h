/* What work that was handed over waits for, as the running mooc-ingest says it in its status: told on standard error at once, when it
 * becomes something else, and now and then; what is wrong with a stream only if the work still reads it and does not move on. A line on
 * a terminal, elsewhere one JSON object:
 * {"what":"waiting","source":"lms","waited_s":12,"why":"grades of c1: 10.0.0.7: the platform has a fault (HTTP 503)"}. */
#ifndef MOOC_CONNECTOR_WAITING_H
#define MOOC_CONNECTOR_WAITING_H

#include "../../common/json.h"
#include "../../common/options.h"

struct waiting;

/* Both are borrowed. */
struct waiting *waiting_new(const struct options *options, const char *source);
/* progress: what the owner of the work says of it (backfill_progress_path); NULL: nothing yet. */
void waiting_look(struct waiting *waiting, const struct json *progress);
void waiting_free(struct waiting *waiting); /* NULL-safe */

#endif
