#include "revoke_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/log.h"
#include "../operate/letters.h"
#include "imports.h"
#include "listed_emails.h"
#include "reread.h"

enum step { STEP_FIND, STEP_OWN, STEP_CHECK, STEP_OTHERS, STEP_REMOVE, STEP_PUBLISHED, STEP_DONE };

static const struct stream_spec stream_imports = {"imports", VANISH_KEEP, 1, 1, 0, false, 0};

/* An entity that the import said and that is in force. */
struct said {
    char *entity, *substream;
    const struct stream_spec *stream;
    bool rejected, beside;
    int64_t counted_us; /* from when it counted; 0 = from when it is taken back on */
};

struct revoke_run {
    const struct files_env *env;
    struct files_job job, import;
    struct files_report report;
    enum step step;
    struct reread *reread;
    struct shard *shard; /* while a visit goes on */
    struct said *said;
    size_t said_count, said_capacity;
    struct name_set *known;   /* of them, for looking up */
    struct name_set *settled; /* another import says it, too */
    struct error unread;      /* the first that could not be read */
    int64_t restored;
    uint64_t incarnation;
};

struct revoke_run *revoke_run_new(const struct files_env *env, const struct files_job *job)
{
    struct revoke_run *run = must_have(calloc(1, sizeof(*run)));
    run->env = env;
    run->job = *job;
    run->report.revocation = true;
    run->report.preview = job->preview;
    (void)snprintf(run->report.file, sizeof(run->report.file), "%.100s", job->target);
    return run;
}

/* Whoever stands in it, too, would be taken back; of its own file nobody would. */
static bool unread(void *context, struct import_run *import)
{
    struct revoke_run *run = context;
    const struct error *why = &import->contents->err;
    const struct files_job *job = &import->job;
    if (run->unread.kind == ERROR_NONE)
        (void)error_tell(
            &run->unread, why->kind, why->retriable,
            "lần nạp %s (%.80s) không đọc lại được nên không rút lại gì: %.200s%.0s; nếu không "
            "tính đến lần nạp đó thì chuyển imports/%s ra khỏi data_dir",
            "import %s (%.80s) cannot be read again, so nothing is taken back: %.0s%.200s; if it "
            "is not to count, move imports/%s out of data_dir",
            job->id, job->file, error_words(why, true), why->message, job->id);
    return false;
}

static void forget(struct revoke_run *run)
{
    for (size_t i = 0; i < run->said_count; i++) {
        free(run->said[i].entity);
        free(run->said[i].substream);
    }
    run->said_count = 0;
    run->restored = 0;
    name_set_free(run->known);
    name_set_free(run->settled);
    run->known = name_set_new();
    run->settled = name_set_new();
    reread_free(run->reread);
    run->reread = reread_new(run->env, unread);
    error_clear(&run->unread);
}

static bool over(struct revoke_run *run, const struct error *err)
{
    run->report.error = *err;
    run->step = STEP_DONE;
    return true;
}

static bool find(struct revoke_run *run, struct error *err)
{
    if (run->env->context->reference == NULL)
        return error_tell(err, ERROR_CONFIG, false,
                          "muốn nạp danh sách thì cần danh mục: đặt mục reference",
                          "lists need the reference folder: set option reference");
    if (imports_load(run->env, run->job.target, &run->import)) {
        (void)snprintf(run->report.file, sizeof(run->report.file), "%s", run->import.file);
        return true;
    }
    return imports_unknown(run->env, err);
}

/* ---- what it said ---- */

/* What should never have been there is taken back from when it counted, so that figures as of any instant are without it. A row that an
 * import of before had brought keeps the time until this one. */
static int64_t counted_from(const struct revoke_run *run, const struct event *said)
{
    if (!said->time_observed)
        return said->time;
    const struct files_job *import = &run->import;
    int64_t us = shard_counts_from(run->shard, said->entity);
    int64_t own = import->received_us > 0 ? import->received_us : files_id_time(run->job.target);
    return us > 0 && us < own ? own : us;
}

static void gather(void *context, const struct import_fact *fact)
{
    struct revoke_run *run = context;
    const char *entity = fact->seen.event->entity;
    if (!shard_holds(run->shard, entity) || !name_set_add(run->known, entity))
        return;
    run->said = array_room(run->said, run->said_count, &run->said_capacity, sizeof(run->said[0]));
    run->said[run->said_count++] = (struct said){must_have(strdup(entity)),
                                                 must_have(strdup(fact->seen.substream)),
                                                 fact->seen.stream,
                                                 fact->rejected,
                                                 fact->beside,
                                                 counted_from(run, fact->seen.event)};
}

static void visit_own(void *context, struct import_run *import)
{
    struct revoke_run *run = context;
    for (size_t i = 0; i < import->kind->rows(import); i++)
        import->kind->each(import, run->shard, i, gather, run);
}

/* Newest first: the first other import that says it decides how it is. */
static void settle(void *context, const struct import_fact *fact)
{
    struct revoke_run *run = context;
    const char *entity = fact->seen.event->entity;
    if (!name_set_has(run->known, entity) || !name_set_add(run->settled, entity))
        return;
    if (!fact->beside && !fact->rejected)
        run->restored++;
    if (!run->job.preview)
        (void)shard_observe(run->shard, &fact->seen);
}

static void visit_nothing(void *context, struct import_run *import)
{
    (void)context, (void)import;
}

static void visit_other(void *context, struct import_run *import)
{
    struct revoke_run *run = context;
    for (size_t i = 0; i < import->kind->rows(import); i++)
        import->kind->each(import, run->shard, i, settle, run);
}

static void add_others(struct revoke_run *run)
{
    char(*ids)[64];
    size_t count = imports_list(run->env, run->import.kind, &ids);
    reread_free(run->reread);
    run->reread = reread_new(run->env, unread);
    while (count-- > 0) {
        if (strcmp(ids[count], run->job.target) != 0)
            reread_add(run->reread, ids[count]);
    }
    free(ids);
}

/* ---- taken back ---- */

static void publish(struct revoke_run *run, int64_t removed)
{
    char entity[EVENT_MAX_KEY + 1];
    (void)snprintf(entity, sizeof(entity), "import:%.64s", run->job.target);
    const struct event e = {.type = EVENT_IMPORT_REVOKED,
                            .source = run->env->source,
                            .entity = entity,
                            .time_observed = true,
                            .import = run->job.target,
                            .records = removed,
                            .present = 1ULL << FIELD_IMPORT | 1ULL << FIELD_RECORDS};
    const struct observation seen = {.stream = &stream_imports, .substream = "", .event = &e};
    (void)shard_observe(run->shard, &seen);
}

static void take_back(struct revoke_run *run)
{
    int64_t removed = 0, letters = 0;
    for (size_t i = 0; i < run->said_count; i++) {
        const struct said *s = &run->said[i];
        if (name_set_has(run->settled, s->entity))
            continue;
        removed += !s->rejected && !s->beside; /* rows, as the import counted them */
        letters += s->rejected;
        if (run->job.preview)
            continue;
        shard_seen_at(run->shard, s->counted_us);
        shard_remove(run->shard, s->stream, run->env->source, s->substream, s->entity,
                     s->rejected ? EVENT_RECORD_ACCEPTED : EVENT_UNKNOWN);
    }
    shard_seen_at(run->shard, run->job.received_us);
    run->report.removed = removed;
    run->report.changed = run->restored;
    run->report.rejected = letters;
    if (run->import.complete)
        files_report_note(
            &run->report,
            "những gì đã bỏ vì %s không có thì không tự trở lại: nạp lại tệp trước đó "
            "nếu cần",
            "what left because %s did not have it stays away: import the earlier file "
            "again to have it back",
            run->import.file);
    if (!run->job.preview)
        publish(run, removed);
}

static bool leave_letter(void *context, const struct letter *letter)
{
    const struct revoke_run *run = context;
    if (name_set_has(run->known, letter->entity) && !name_set_has(run->settled, letter->entity))
        (void)unlink(letter->path);
    return true;
}

static void forget_emails(const struct revoke_run *run)
{
    struct error err = {0};
    const struct source_context *c = run->env->context;
    if (!run->env->keep_emails || run->import.kind != FILES_ROSTER)
        return;
    struct listed_emails *emails = listed_emails_load(c->data_dir, c->secret, c->secret_length, &err);
    struct key128 *gone = must_have(calloc(run->said_count + 1, sizeof(*gone)));
    size_t count = 0;
    for (size_t i = 0; i < run->said_count; i++) {
        const char *entity = run->said[i].entity;
        if (!name_set_has(run->settled, entity))
            gone[count++] = key128_of(entity, strlen(entity));
    }
    if (emails != NULL)
        listed_emails_remove(emails, gone, count);
    free(gone);
    if (emails == NULL || !listed_emails_save(emails, &err))
        log_error("addresses of people no longer listed could not be forgotten", &err);
    listed_emails_free(emails);
}

static bool after_commit(struct revoke_run *run)
{
    letters_for_each(run->env->context->data_dir, run->env->source, leave_letter, run);
    forget_emails(run);
    imports_drop(run->env, &run->import);
    run->step = STEP_DONE;
    return true;
}

bool revoke_run_tick(struct revoke_run *run, struct shard *shard)
{
    struct error err = {0};
    run->shard = shard;
    if (run->incarnation != shard_incarnation(shard)) {
        /* Read anew: what was taken back may or may not have been committed. Doing it again tells. */
        run->incarnation = shard_incarnation(shard);
        if (run->step != STEP_DONE) {
            forget(run);
            files_report_clear(&run->report);
            run->step = STEP_FIND;
        }
    }
    switch (run->step) {
    case STEP_FIND:
        if (!find(run, &err))
            return over(run, &err);
        reread_add(run->reread, run->job.target);
        run->step = STEP_OWN;
        return false;
    case STEP_OWN:
        if (!reread_tick(run->reread, visit_own, run))
            return false;
        if (run->unread.kind != ERROR_NONE)
            return over(run, &run->unread);
        add_others(run);
        run->step = run->job.preview ? STEP_OTHERS : STEP_CHECK;
        return false;
    case STEP_CHECK: /* what they say is observed as they are read: all of it or nothing */
        if (!reread_tick(run->reread, visit_nothing, run))
            return false;
        add_others(run);
        run->step = STEP_OTHERS;
        return run->unread.kind != ERROR_NONE && over(run, &run->unread);
    case STEP_OTHERS:
        if (!reread_tick(run->reread, visit_other, run))
            return false;
        run->step = STEP_REMOVE;
        return run->unread.kind != ERROR_NONE && over(run, &run->unread);
    case STEP_REMOVE:
        if (!run->job.preview && !shard_can_accept(shard))
            return false;
        take_back(run);
        shard_flush(shard);
        run->step = run->job.preview ? STEP_DONE : STEP_PUBLISHED;
        return run->job.preview;
    case STEP_PUBLISHED:
        return shard_is_flushed(shard) && after_commit(run);
    case STEP_DONE:
        break;
    }
    return true;
}

const struct files_report *revoke_run_report(const struct revoke_run *run)
{
    return &run->report;
}

void revoke_run_free(struct revoke_run *run)
{
    if (run == NULL)
        return;
    forget(run);
    reread_free(run->reread);
    name_set_free(run->known);
    name_set_free(run->settled);
    free(run->said);
    files_report_free(&run->report);
    free(run);
}
