#include "letter_retry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../operate/letters.h"
#include "reread.h"

struct letter_retry {
    const struct files_env *env;
    struct reread *reread;
    struct shard *shard;
    struct name_set *open;    /* entities of the letters */
    struct name_set *settled; /* of them: has become good */
    int64_t taken;
    bool flushing, begun;
    uint64_t incarnation;
};

struct letter_retry *letter_retry_new(const struct files_env *env)
{
    struct letter_retry *retry = must_have(calloc(1, sizeof(*retry)));
    retry->env = env;
    return retry;
}

static void forget(struct letter_retry *retry)
{
    reread_free(retry->reread);
    name_set_free(retry->open);
    name_set_free(retry->settled);
}

static bool note_letter(void *context, const struct letter *letter)
{
    struct letter_retry *retry = context;
    enum files_kind kind;
    if (files_kind_parse(letter->kind, &kind) && import_kind_of(kind)->dead_entity != NULL) {
        (void)name_set_add(retry->open, letter->entity);
        reread_add(retry->reread, letter->import);
    }
    return true;
}

/* Its letters stay. */
static bool pass_over(void *context, struct import_run *import)
{
    (void)context, (void)import;
    return false;
}

static void begin(struct letter_retry *retry)
{
    forget(retry);
    retry->reread = reread_new(retry->env, pass_over);
    retry->open = name_set_new();
    retry->settled = name_set_new();
    retry->taken = 0;
    retry->flushing = false;
    letters_for_each(retry->env->context->data_dir, retry->env->source, note_letter, retry);
}

static void observe(void *context, const struct import_fact *fact)
{
    struct letter_retry *retry = context;
    (void)shard_observe(retry->shard, &fact->seen);
}

static void is_good(void *context, const struct import_fact *fact)
{
    *(bool *)context = *(bool *)context && !fact->rejected;
}

static void visit(void *context, struct import_run *import)
{
    struct letter_retry *retry = context;
    for (size_t i = 0; i < import->kind->rows(import); i++) {
        char entity[EVENT_MAX_KEY + 1];
        bool good = true;
        import->kind->dead_entity(import, i, entity);
        if (!name_set_has(retry->open, entity) || name_set_has(retry->settled, entity))
            continue;
        import->kind->each(import, retry->shard, i, is_good, &good);
        if (!good)
            continue;
        /* It counts from when the list was handed in that it stands in. */
        shard_seen_at(retry->shard, shard_counts_from(retry->shard, entity));
        import->kind->each(import, retry->shard, i, observe, retry);
        shard_accept(retry->shard, import->kind->stream(import->job.kind), retry->env->source, "-",
                     entity);
        shard_seen_at(retry->shard, 0);
        (void)name_set_add(retry->settled, entity);
        retry->taken++;
    }
}

static bool leave_letter(void *context, const struct letter *letter)
{
    const struct letter_retry *retry = context;
    if (name_set_has(retry->settled, letter->entity))
        (void)unlink(letter->path);
    return true;
}

bool letter_retry_tick(struct letter_retry *retry, struct shard *shard)
{
    retry->shard = shard;
    if (!retry->begun || retry->incarnation != shard_incarnation(shard)) {
        retry->begun = true;
        retry->incarnation = shard_incarnation(shard);
        begin(retry);
    }
    if (!retry->flushing) {
        if (!shard_can_accept(shard) || !reread_tick(retry->reread, visit, retry))
            return false;
        shard_flush(shard);
        retry->flushing = true;
    }
    if (!shard_is_flushed(shard))
        return false;
    letters_for_each(retry->env->context->data_dir, retry->env->source, leave_letter, retry);
    return true;
}

int64_t letter_retry_taken(const struct letter_retry *retry)
{
    return retry->taken;
}

void letter_retry_free(struct letter_retry *retry)
{
    if (retry == NULL)
        return;
    forget(retry);
    free(retry);
}
