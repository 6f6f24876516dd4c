#include "reread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "imports.h"

#define LATER_MS 5000

struct reread {
    const struct files_env *env;
    char (*ids)[64];
    size_t count, capacity, next;
    struct import_run *run; /* whose file is being read */
    reread_unread unread;
    int64_t later_ms; /* when the next one is read; 0 = at once */
};

struct reread *reread_new(const struct files_env *env, reread_unread unread)
{
    struct reread *reread = must_have(calloc(1, sizeof(*reread)));
    reread->env = env;
    reread->unread = unread;
    return reread;
}

void reread_free(struct reread *reread)
{
    if (reread == NULL)
        return;
    import_run_free(reread->run);
    free(reread->ids);
    free(reread);
}

void reread_add(struct reread *reread, const char *id)
{
    for (size_t i = 0; i < reread->count; i++) {
        if (strcmp(reread->ids[i], id) == 0)
            return;
    }
    reread->ids = array_room(reread->ids, reread->count, &reread->capacity, sizeof(reread->ids[0]));
    (void)snprintf(reread->ids[reread->count++], sizeof(reread->ids[0]), "%.63s", id);
}

static bool start_next(struct reread *reread)
{
    struct files_job job;
    if (!imports_load(reread->env, reread->ids[reread->next++], &job))
        return false;
    reread->run = import_run_new(reread->env, &job);
    reread->run->as_kept = true;
    reread->run->reader = import_start_reading(reread->run);
    return true;
}

/* True when there is none left. */
static bool go_on(struct reread *reread)
{
    if (clock_monotonic_ms() < reread->later_ms)
        return false;
    while (reread->next < reread->count && !start_next(reread))
        ;
    return reread->run == NULL;
}

bool reread_tick(struct reread *reread, reread_visit visit, void *context)
{
    if (reread->run == NULL)
        return go_on(reread);
    reread->run->contents = file_reader_done(reread->run->reader);
    if (reread->run->contents == NULL)
        return false;
    if (reread->run->contents->err.kind == ERROR_NONE) {
        visit(context, reread->run);
    } else if (reread->unread(context, reread->run)) {
        reread->next--;
        reread->later_ms = clock_monotonic_ms() + LATER_MS;
    }
    import_run_free(reread->run);
    reread->run = NULL;
    return go_on(reread);
}
