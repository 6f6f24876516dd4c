/* What lies beside the events of a list: rows in quarantine, e-mails of listed people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/log.h"
#include "import_internal.h"
#include "listed_emails.h"
#include "quarantine.h"
#include "row_lookup.h"

/* Rows of an earlier version of this file that are in quarantine and no longer in it. */
struct leaving {
    struct import_run *run;
    struct shard *shard;
    const char **wrong; /* contents of the rows that are still without a unit or a name, sorted */
    size_t wrong_count;
};

static int compare_contents(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void gather_wrong(struct leaving *l)
{
    const struct roster_list *list = l->run->contents->roster;
    l->wrong = malloc((list->person_count + 1) * sizeof(l->wrong[0]));
    if (l->wrong == NULL)
        abort();
    for (size_t i = 0; i < list->person_count; i++) {
        const struct roster_person *p = &list->persons[i];
        bool nameless = (p->faults >> ROSTER_NAME_MISSING) & 1U;
        struct row_correction correction;
        if (p->same_as != SIZE_MAX || (p->unit != NULL && !nameless))
            continue;
        row_lookup(l->run->env, l->shard, list, i, &correction);
        if (nameless || correction.unit[0] == '\0')
            l->wrong[l->wrong_count++] = p->content;
    }
    qsort(l->wrong, l->wrong_count, sizeof(l->wrong[0]), compare_contents);
}

static bool leave(void *context, const struct quarantined *q)
{
    struct leaving *l = context;
    if (strcmp(q->file, l->run->job.file) != 0 || strcmp(q->wave, l->run->job.wave) != 0)
        return true;
    if (bsearch(&q->person.content, l->wrong, l->wrong_count, sizeof(l->wrong[0]),
                compare_contents) != NULL)
        return true; /* still there, still wrong */
    char entity[EVENT_MAX_KEY + 1], substream[80];
    (void)snprintf(entity, sizeof(entity), "dead:roster:%.64s:%s", q->wave, q->row_key);
    roster_substream(q->wave, NULL, substream);
    shard_accept(l->shard, &files_stream_roster, l->run->env->source, substream, entity);
    import_leave_later(l->run, q->path);
    return true;
}

void import_leave_quarantine(struct import_run *run, struct shard *shard)
{
    struct leaving leaving = {.run = run, .shard = shard};
    import_forget_left(run, false);
    gather_wrong(&leaving);
    quarantine_for_each(run->env, leave, &leaving);
    free(leaving.wrong);
}

static void note_emails(struct import_run *run, struct shard *shard, struct listed_emails *emails)
{
    const struct roster_list *list = run->contents->roster;
    struct key128 *corrected = must_have(calloc(list->person_count + 1, sizeof(*corrected)));
    size_t count = 0;
    for (size_t i = 0; i < list->person_count; i++) {
        const struct roster_person *p = &list->persons[i];
        struct row_correction correction;
        struct roster_event mapped;
        if (p->same_as != SIZE_MAX)
            continue;
        row_lookup(run->env, shard, list, i, &correction);
        roster_map(run->env->context->hmac, &run->origin, p, "", &correction, &mapped);
        if (mapped.rejected || shard_names_erased(shard, &mapped.event))
            continue;
        if (correction.email_count > 0)
            corrected[count++] = key128_of(mapped.entity, strlen(mapped.entity));
        for (size_t k = 0; correction.email_count == 0 && k < p->email_count; k++)
            listed_emails_add(emails, run->env->source, mapped.substream, mapped.entity,
                              p->emails[k]);
    }
    listed_emails_keep(emails, corrected, count);
    free(corrected);
}

void import_keep_emails(struct import_run *run, struct shard *shard)
{
    struct error err = {0};
    if (!run->env->keep_emails)
        return;
    struct listed_emails *emails =
        listed_emails_load(run->env->context->data_dir, run->env->context->secret,
                           run->env->context->secret_length, &err);
    bool complete = run->job.complete && run->report.rejected == 0;
    for (size_t i = 0; emails != NULL && complete && i < run->covered_count; i++) {
        if (!run->covered[i].held)
            listed_emails_replace_begin(emails, run->env->source, run->covered[i].substream);
    }
    if (emails != NULL) {
        note_emails(run, shard, emails);
        listed_emails_replace_end(emails);
    }
    if (emails == NULL || !listed_emails_save(emails, &err))
        log_error("accounts of listed people cannot be asked for by e-mail", &err);
    listed_emails_free(emails);
}
