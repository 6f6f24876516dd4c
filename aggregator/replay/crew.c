#include "crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "../../common/allocate.h"
#include "../../common/stop.h"

#define LOOK_MS 50

struct member {
    struct crew *crew;
    crew_work work;
    void *context;
    size_t number;
    struct error err;
    bool ok;
    atomic_bool ended;
    pthread_t thread;
};

static void *work_until_done(void *context)
{
    struct member *member = context;
    member->ok = member->work(member->context, member->number, &member->err);
    if (!member->ok)
        member->crew->over = true;
    member->ended = true;
    return NULL;
}

bool crew_over(struct crew *crew)
{
    return crew->over || stop_requested();
}

static bool all_ended(struct member *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!members[i].ended)
            return false;
    return true;
}

bool crew_run(struct crew *crew, const char *what, int64_t of, size_t threads, crew_work work,
              void *context, struct error *err)
{
    struct member *members = must_have(calloc(threads, sizeof(*members)));
    struct progress *progress = what ? progress_new(what, of) : NULL;
    crew->over = false;
    crew->done = 0;
    for (size_t i = 0; i < threads; i++) {
        members[i] = (struct member){.crew = crew, .work = work, .context = context, .number = i};
        if (pthread_create(&members[i].thread, NULL, work_until_done, &members[i]) != 0)
            abort();
    }
    while (!all_ended(members, threads)) {
        struct timespec pause = {0, LOOK_MS * 1000000};
        nanosleep(&pause, NULL);
        if (progress)
            progress_at(progress, crew->done, of);
    }
    bool ok = true;
    for (size_t i = 0; i < threads; i++) {
        pthread_join(members[i].thread, NULL);
        if (ok && !members[i].ok && members[i].err.kind != ERROR_NONE)
            *err = members[i].err;
        ok = ok && members[i].ok;
    }
    if (progress)
        progress_end(progress);
    free(members);
    if (stop_requested())
        return error_set(err, ERROR_STOPPED, false, "stopped; nothing of it is kept");
    return ok;
}
