#include "erase_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "imports.h"
#include "quarantine.h"
#include "reread.h"
#include "row_lookup.h"

#define MOST_LISTED 4096

struct erase_run {
    const struct files_env *env;
    struct local_erasure erasure;
    struct reread *reread;
    struct shard *shard;
    struct local_erased *done;
};

struct erase_run *erase_run_new(const struct files_env *env, const struct local_erasure *erasure)
{
    struct erase_run *run = must_have(calloc(1, sizeof(*run)));
    run->env = env;
    run->erasure = *erasure;
    return run;
}

/* ---- rows that are no event ---- */

static void map_anywhere(const struct files_env *env, const struct roster_person *p,
                         const struct row_correction *correction, struct roster_event *out)
{
    const struct roster_origin origin = {env->source, "-", "", ""};
    struct roster_person person = *p;
    person.unit = "-";
    person.faults &= ~(1U << ROSTER_NAME_MISSING);
    roster_map(env->context->hmac, &origin, &person, "", correction, out);
}

bool erase_names_row(const struct files_env *env, const struct shard *shard,
                     const struct roster_person *person, const struct row_correction *correction)
{
    struct roster_event mapped;
    map_anywhere(env, person, correction, &mapped);
    return shard_names_erased(shard, &mapped.event);
}

static bool carries_erased(const struct erase_run *run, const struct event *e)
{
    for (size_t i = 0; i < e->identifiers.count; i++)
        if (erased_keys_has_form(run->erasure.identifiers, run->erasure.keys, e->identifiers.items[i]))
            return true;
    return false;
}

static bool names_erased(const struct erase_run *run, const struct event *e)
{
    return shard_names_erased(run->shard, e) || carries_erased(run, e);
}

static bool row_names_erased(const struct erase_run *run, const struct roster_person *person,
                             const struct row_correction *correction)
{
    struct roster_event mapped;
    map_anywhere(run->env, person, correction, &mapped);
    return names_erased(run, &mapped.event);
}

/* ---- quarantine ---- */

static bool leave_row(void *context, const struct quarantined *q)
{
    struct erase_run *run = context;
    struct row_correction correction;
    char entity[EVENT_MAX_KEY + 1], substream[80];
    row_lookup_one(run->env, run->shard, q->person.own_content, &correction);
    if (!row_names_erased(run, &q->person, &correction))
        return true;
    (void)snprintf(entity, sizeof(entity), "dead:roster:%.64s:%s", q->wave, q->row_key);
    roster_substream(q->wave, NULL, substream);
    shard_accept(run->shard, &files_stream_roster, run->env->source, substream, entity);
    (void)unlink(q->path);
    run->done->rows++;
    return true;
}

/* ---- kept originals ---- */

struct looking {
    const struct erase_run *run;
    bool found;
};

static void look(void *context, const struct import_fact *fact)
{
    struct looking *l = context;
    l->found = l->found || (!fact->rejected && names_erased(l->run, fact->seen.event));
}

static bool rejected_row_names_erased(const struct erase_run *run, struct import_run *import,
                                      size_t index)
{
    if (import->kind != &import_kind_roster)
        return false;
    const struct roster_list *list = import->contents->roster;
    struct row_correction correction;
    row_lookup(run->env, run->shard, list, index, &correction);
    return row_names_erased(run, &list->persons[index], &correction);
}

static void visit(void *context, struct import_run *import)
{
    struct erase_run *run = context;
    struct looking looking = {run, false};
    for (size_t i = 0; i < import->kind->rows(import) && !looking.found; i++) {
        import->kind->each(import, run->shard, i, look, &looking);
        looking.found = looking.found || rejected_row_names_erased(run, import, i);
    }
    if (!looking.found)
        return;
    imports_drop(run->env, &import->job);
    run->done->copies++;
}

static void begin(struct erase_run *run)
{
    char(*ids)[64] = must_have(calloc(MOST_LISTED, sizeof(*ids)));
    run->reread = reread_new(run->env);
    for (enum files_kind kind = FILES_ROSTER; kind < FILES_KINDS; kind++) {
        size_t count = imports_list(run->env, kind, ids, MOST_LISTED);
        for (size_t i = 0; i < count; i++)
            reread_add(run->reread, ids[i]);
    }
    free(ids);
    quarantine_for_each(run->env, leave_row, run);
    shard_flush(run->shard);
}

bool erase_run_tick(struct erase_run *run, struct shard *shard, struct local_erased *done)
{
    run->shard = shard;
    run->done = done;
    if (run->env->context->reference == NULL)
        return true; /* without it no list was ever read */
    if (run->reread == NULL)
        begin(run);
    return reread_tick(run->reread, visit, run);
}

void erase_run_free(struct erase_run *run)
{
    if (run == NULL)
        return;
    reread_free(run->reread);
    free(run);
}
