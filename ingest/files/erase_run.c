#include "erase_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/log.h"
#include "imports.h"
#include "quarantine.h"
#include "reread.h"
#include "row_lookup.h"

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

/* By what is looked: identifiers, if not NULL, besides the learners that the shard knows as erased. */
struct sight {
    const struct files_env *env;
    const struct shard *shard;
    const struct local_erasure *erasure;
};

static struct sight sight_of(const struct erase_run *run)
{
    return (struct sight){run->env, run->shard, &run->erasure};
}

static bool carries_erased(const struct sight *s, const struct event *e)
{
    for (size_t i = 0; s->erasure != NULL && i < e->identifiers.count; i++)
        if (erased_keys_has_form(s->erasure->identifiers, s->erasure->keys, e->identifiers.items[i]))
            return true;
    return false;
}

static bool names_erased(const struct sight *s, const struct event *e)
{
    return shard_names_erased(s->shard, e) || carries_erased(s, e);
}

static bool row_names_erased(const struct sight *s, const struct roster_person *person,
                             const struct row_correction *correction)
{
    struct roster_event mapped;
    map_anywhere(s->env, person, correction, &mapped);
    return names_erased(s, &mapped.event);
}

/* ---- quarantine ---- */

static bool leave_row(void *context, const struct quarantined *q)
{
    struct erase_run *run = context;
    struct row_correction correction;
    char entity[EVENT_MAX_KEY + 1], substream[80];
    const struct sight sight = sight_of(run);
    row_lookup_one(run->env, run->shard, q->person.own_content, &correction);
    if (!row_names_erased(&sight, &q->person, &correction))
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
    const struct sight *sight;
    bool found;
};

static void look(void *context, const struct import_fact *fact)
{
    struct looking *l = context;
    l->found = l->found || (!fact->rejected && names_erased(l->sight, fact->seen.event));
}

static bool row_says_erased(const struct sight *s, struct shard *shard, struct import_run *import,
                            size_t index)
{
    struct looking looking = {s, false};
    import->kind->each(import, shard, index, look, &looking);
    return looking.found;
}

static bool list_row_names_erased(const struct sight *s, struct shard *shard,
                                  struct import_run *import, size_t index)
{
    const struct roster_list *list = import->contents->roster;
    struct row_correction correction;
    if (row_says_erased(s, shard, import, index))
        return true;
    row_lookup(s->env, shard, list, index, &correction);
    return row_names_erased(s, &list->persons[index], &correction);
}

/* Notes which rows of a list go: all those of a person, of whom one row names somebody erased. Returns how many. */
static size_t mark(const struct sight *s, struct shard *shard, struct import_run *import, bool *gone)
{
    const struct roster_list *list = import->contents->roster;
    size_t count = 0;
    for (size_t i = 0; i < list->person_count; i++) {
        size_t first = list->persons[i].same_as != SIZE_MAX ? list->persons[i].same_as : i;
        gone[first] = gone[first] || list_row_names_erased(s, shard, import, i);
    }
    for (size_t i = 0; i < list->person_count; i++) {
        if (list->persons[i].same_as != SIZE_MAX)
            gone[i] = gone[list->persons[i].same_as];
        count += gone[i];
    }
    return count;
}

/* True if the kept copy named somebody. */
static bool clear_list(const struct sight *s, struct shard *shard, struct import_run *import)
{
    bool *gone = must_have(calloc(import->contents->roster->person_count + 1, sizeof(*gone)));
    bool any = mark(s, shard, import, gone) > 0;
    if (any)
        imports_clear(s->env, &import->job, import->contents, gone);
    free(gone);
    return any;
}

static bool drop_table(const struct sight *s, struct shard *shard, struct import_run *import)
{
    bool found = false;
    for (size_t i = 0; i < import->kind->rows(import) && !found; i++)
        found = row_says_erased(s, shard, import, i);
    if (found)
        imports_drop(s->env, &import->job);
    return found;
}

static void visit(void *context, struct import_run *import)
{
    struct erase_run *run = context;
    const struct sight sight = sight_of(run);
    bool list = import->kind == &import_kind_roster;
    run->done->copies +=
        list ? clear_list(&sight, run->shard, import) : drop_table(&sight, run->shard, import);
}

/* One that cannot be read for good may name an erased person, and is of no use. What is wrong with the machine passes. */
static bool unread(void *context, struct import_run *import)
{
    struct erase_run *run = context;
    const struct error *why = &import->contents->err;
    bool damaged = !why->retriable && (why->kind == ERROR_SOURCE || why->kind == ERROR_DATA);
    log_error(damaged ? "a kept list cannot be read to clear it of an erased person, and is not "
                        "kept any more"
                      : "a kept list cannot be read to clear it of an erased person; tried again",
              why);
    if (damaged) {
        imports_drop(run->env, &import->job);
        run->done->copies++;
    }
    return !damaged;
}

void erase_clear_import(struct shard *shard, struct import_run *import)
{
    const struct sight sight = {import->env, shard, NULL};
    if (import->kind == &import_kind_roster)
        (void)clear_list(&sight, shard, import);
    else
        imports_drop(import->env, &import->job);
}

static void begin(struct erase_run *run)
{
    run->reread = reread_new(run->env, unread);
    for (enum files_kind kind = FILES_ROSTER; kind < FILES_KINDS; kind++) {
        char(*ids)[64];
        size_t count = imports_list(run->env, kind, &ids);
        for (size_t i = 0; i < count; i++)
            reread_add(run->reread, ids[i]);
        free(ids);
    }
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
