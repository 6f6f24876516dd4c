#include "quarantine_retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/log.h"
#include "listed_changes.h"
#include "quarantine.h"
#include "row_lookup.h"

struct quarantine_retry {
    const struct files_env *env;
    const struct reference *reference;
    struct shard *shard;
    struct listed_changes *emails; /* NULL: not kept */
    char **done;                   /* files to take away after the commit */
    size_t done_count;
    int64_t listed;
    bool observed;
    uint64_t incarnation;
};

struct quarantine_retry *quarantine_retry_new(const struct files_env *env)
{
    struct quarantine_retry *retry = calloc(1, sizeof(*retry));
    if (retry == NULL)
        abort();
    retry->env = env;
    retry->reference = env->context->reference;
    return retry;
}

static void forget_done(struct quarantine_retry *retry)
{
    for (size_t i = 0; i < retry->done_count; i++)
        free(retry->done[i]);
    free(retry->done);
    retry->done = NULL;
    retry->done_count = 0;
}

static void remember_done(struct quarantine_retry *retry, const char *path)
{
    retry->done = realloc(retry->done, (retry->done_count + 1) * sizeof(char *));
    char *copy = strdup(path);
    if (retry->done == NULL || copy == NULL)
        abort();
    retry->done[retry->done_count++] = copy;
}

static bool try_row(void *context, const struct quarantined *q)
{
    struct quarantine_retry *retry = context;
    const struct files_env *env = retry->env;
    const struct reference_wave *wave = reference_find_wave(retry->reference, q->wave);
    const struct reference_unit *unit =
        wave != NULL
            ? reference_match_unit(retry->reference, wave->province, q->person.unit_text, NULL, 0)
            : NULL;
    struct row_correction correction;
    struct roster_event mapped;
    row_lookup_one(env, retry->shard, q->person.own_content, &correction);
    if (unit == NULL && correction.unit[0] == '\0')
        return true;
    struct roster_person person = q->person;
    person.unit = unit != NULL ? unit->code : NULL;
    const struct roster_origin origin = {env->source, q->wave, q->import_id, q->file};
    roster_map(env->context->hmac, &origin, &person, q->sheet, &correction, &mapped);
    if (mapped.rejected)
        return true; /* it has no name either */
    char entity[EVENT_MAX_KEY + 1], substream[80];
    (void)snprintf(entity, sizeof(entity), "dead:roster:%.64s:%s", q->wave, q->row_key);
    roster_substream(q->wave, NULL, substream);
    struct observation seen = {
        .stream = &files_stream_roster, .substream = mapped.substream, .event = &mapped.event};
    /* It counts from when the list was handed in that it stands in. */
    shard_seen_at(retry->shard, shard_counts_from(retry->shard, entity));
    bool erased = shard_observe(retry->shard, &seen) == OBSERVE_ERASED;
    shard_accept(retry->shard, &files_stream_roster, env->source, substream, entity);
    shard_seen_at(retry->shard, 0);
    for (size_t i = 0; retry->emails != NULL && !erased && i < person.email_count; i++)
        listed_changes_add(retry->emails, env->source, mapped.substream, mapped.entity,
                           person.emails[i]);
    remember_done(retry, q->path);
    retry->listed++;
    return true;
}

static void observe(struct quarantine_retry *retry, struct shard *shard)
{
    listed_changes_free(retry->emails);
    retry->emails = retry->env->keep_emails ? listed_changes_new() : NULL;
    forget_done(retry);
    retry->listed = 0;
    retry->shard = shard;
    retry->incarnation = shard_incarnation(shard);
    if (retry->reference != NULL)
        quarantine_for_each(retry->env, try_row, retry);
    shard_flush(shard);
    retry->observed = true;
}

bool quarantine_retry_tick(struct quarantine_retry *retry, struct shard *shard)
{
    struct error err = {0};
    if (!retry->observed || retry->incarnation != shard_incarnation(shard)) {
        if (shard_can_accept(shard))
            observe(retry, shard);
        return false;
    }
    if (!shard_is_flushed(shard))
        return false;
    for (size_t i = 0; i < retry->done_count; i++)
        (void)unlink(retry->done[i]);
    if (retry->emails != NULL && !listed_changes_save(retry->emails, retry->env->context, &err))
        log_error("accounts of listed people cannot be asked for by e-mail", &err);
    return true;
}

int64_t quarantine_retry_listed(const struct quarantine_retry *retry)
{
    return retry->listed;
}

void quarantine_retry_free(struct quarantine_retry *retry)
{
    if (retry == NULL)
        return;
    forget_done(retry);
    listed_changes_free(retry->emails);
    free(retry);
}
