#include "reread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "imports.h"

struct reread {
    const struct files_env *env;
    char (*ids)[64];
    size_t count, capacity, next;
    struct import_run *run; /* whose file is being read */
};

struct reread *reread_new(const struct files_env *env)
{
    struct reread *reread = must_have(calloc(1, sizeof(*reread)));
    reread->env = env;
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

bool reread_tick(struct reread *reread, reread_visit visit, void *context)
{
    if (reread->run == NULL) {
        while (reread->next < reread->count && !start_next(reread))
            ;
        return reread->run == NULL;
    }
    reread->run->contents = file_reader_done(reread->run->reader);
    if (reread->run->contents == NULL)
        return false;
    if (reread->run->contents->err.kind == ERROR_NONE)
        visit(context, reread->run);
    import_run_free(reread->run);
    reread->run = NULL;
    return false;
}
