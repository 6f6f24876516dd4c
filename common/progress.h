/* How far long work is, on standard error: a line with bar, rate and time left on a terminal, one JSON object a line elsewhere:
 * {"what":"reading the log","done":120000,"of":500000,"per_s":98000,"eta_s":4}. Nothing of work that takes less than two seconds. Used by
 * one thread at a time. */
#ifndef MOOC_PROGRESS_H
#define MOOC_PROGRESS_H

#include "base.h"

struct progress;

/* what is borrowed; of 0: nobody knows how much there is. */
struct progress *progress_new(const char *what, int64_t of);
/* So far done, of so many. Told a few times a second on a terminal, once a second elsewhere. */
void progress_at(struct progress *progress, int64_t done, int64_t of);
void progress_add(struct progress *progress, int64_t done);
/* Tells the last word and frees; NULL-safe. */
void progress_end(struct progress *progress);

#endif
