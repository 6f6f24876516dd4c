/* Rejected rows of kinds whose rows are not kept themselves: noted, and withdrawn when a later version of the file is without them. */
#include <string.h>

#include "../../common/log.h"
#include "../operate/letters.h"
#include "import_internal.h"

void import_note_letter(struct import_run *run, struct shard *shard, size_t index,
                        const struct import_fact *fact)
{
    struct error err = {0};
    (void)shard, (void)index;
    if (!run->job.preview && !letters_put(run->env->context->data_dir, run->env->source,
                                          files_kind_name(run->job.kind), fact->seen.event, &err))
        log_error("a rejected row could not be noted for a later try", &err);
}

struct leaving {
    struct import_run *run;
    struct shard *shard;
    struct name_set *wrong; /* entities of the rows that are still rejected */
};

static void gather_wrong(void *context, const struct import_fact *fact)
{
    struct leaving *l = context;
    if (fact->rejected)
        (void)name_set_add(l->wrong, fact->seen.event->entity);
}

static bool leave_letter(void *context, const struct letter *letter)
{
    struct leaving *l = context;
    struct import_run *run = l->run;
    if (strcmp(letter->kind, files_kind_name(run->job.kind)) != 0 ||
        strcmp(letter->file, run->job.file) != 0 || name_set_has(l->wrong, letter->entity))
        return true;
    shard_accept(l->shard, run->kind->stream(run->job.kind), run->env->source, "-", letter->entity);
    import_leave_later(run, letter->path);
    return true;
}

void import_leave_letters(struct import_run *run, struct shard *shard)
{
    struct leaving leaving = {run, shard, name_set_new()};
    import_forget_left(run, false);
    for (size_t i = 0; i < run->kind->rows(run); i++)
        run->kind->each(run, shard, i, gather_wrong, &leaving);
    letters_for_each(run->env->context->data_dir, run->env->source, leave_letter, &leaving);
    name_set_free(leaving.wrong);
}
