/* Threads that do one thing together: the first failure stops them all. */
#ifndef MOOC_REPLAY_CREW_H
#define MOOC_REPLAY_CREW_H

#include <stdatomic.h>

#include "../../common/error.h"
#include "../../common/progress.h"

struct crew {
    atomic_bool over;     /* somebody failed, or the process is to stop: end soon */
    _Atomic int64_t done; /* for the progress */
};

/* Runs work(context, number, …) in so many threads and waits, telling how far they are of `of` (0: nobody knows). False with the first
 * error, or ERROR_STOPPED. */
typedef bool (*crew_work)(void *context, size_t number, struct error *err);
bool crew_run(struct crew *crew, const char *what, int64_t of, size_t threads, crew_work work,
              void *context, struct error *err) MUST_CHECK;
bool crew_over(struct crew *crew);

#endif
