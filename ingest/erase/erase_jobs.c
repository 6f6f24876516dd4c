#include "erase_jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/erasure_queue.h"
#include "../../common/file.h"
#include "../../common/identity.h"
#include "../../common/log.h"
#include "../../common/spool.h"
#include "../answer.h"
#include "../files/listed_emails.h"
#include "erased_keys.h"

#define LOOK_MS 250
#define MOST_BYTES ((size_t)16 << 20)

enum step { STEP_SHARDS, STEP_FILES };

struct erase_jobs {
    const char *data_dir;
    int32_t partitions, home; /* home: the shard that tells */
    int64_t look_at_ms;
    char id[SPOOL_ID_SIZE]; /* of the job under way; "" = none */
    struct erase_job job;
    enum step step;
    size_t source;          /* whose files are being looked through */
    uint64_t *incarnations; /* of each shard when it was asked; 0 = not yet */
    int64_t *entities;      /* that each shard forgot */
    bool *done; /* of each shard: its part was committed here; of no other one it is known */
    struct local_erased local;
};

struct erase_jobs *erase_jobs_new(const char *data_dir, int32_t partitions)
{
    struct erase_jobs *jobs = must_have(calloc(1, sizeof(*jobs)));
    jobs->data_dir = data_dir;
    jobs->partitions = partitions;
    jobs->home = shard_of_source(ERASURE_SOURCE, partitions);
    jobs->incarnations = must_have(calloc((size_t)partitions, sizeof(*jobs->incarnations)));
    jobs->entities = must_have(calloc((size_t)partitions, sizeof(*jobs->entities)));
    jobs->done = must_have(calloc((size_t)partitions, sizeof(*jobs->done)));
    return jobs;
}

void erase_jobs_free(struct erase_jobs *jobs)
{
    if (!jobs)
        return;
    erase_job_free(&jobs->job);
    free(jobs->incarnations);
    free(jobs->entities);
    free(jobs->done);
    free(jobs);
}

static void finish(struct erase_jobs *jobs, const char *result)
{
    struct error err = {0};
    if (!spool_finish(jobs->data_dir, ERASURE_QUEUE, jobs->id, result, &err))
        log_error("the result of an erasure cannot be written", &err);
    erase_job_free(&jobs->job);
    jobs->id[0] = '\0';
}

/* ---- taken ---- */

static void take_up(struct erase_jobs *jobs)
{
    struct error err = {0};
    size_t length = 0;
    char *text = spool_next(jobs->data_dir, ERASURE_QUEUE, "", jobs->id, &length, &err);
    if (!text) {
        jobs->id[0] = '\0';
        if (err.kind != ERROR_NONE)
            log_error("a job in the spool cannot be read", &err);
        return;
    }
    if (!erase_job_parse(text, length, &jobs->job, &err))
        finish(jobs, "{\"refused\":true}");
    free(text);
    jobs->step = STEP_SHARDS;
    jobs->source = 0;
    jobs->local = (struct local_erased){0};
    memset(jobs->incarnations, 0, (size_t)jobs->partitions * sizeof(*jobs->incarnations));
    memset(jobs->entities, 0, (size_t)jobs->partitions * sizeof(*jobs->entities));
}

/* ---- shards ---- */

static bool is_ours(const struct shard *shard)
{
    return shard && shard_status(shard) != SHARD_PAUSED;
}

/* Of an instance that has none nothing can be told: it is not assigned any yet, or stands by. The job stays in the spool. */
static bool has_any(const struct erase_jobs *jobs, struct shard *const *shards)
{
    for (int32_t p = 0; p < jobs->partitions; p++)
        if (is_ours(shards[p]))
            return true;
    return false;
}

/* True when the shard's part is committed. */
static bool ask(struct erase_jobs *jobs, int32_t p, struct shard *shard)
{
    if (shard_status(shard) != SHARD_READY)
        return false;
    uint64_t now = shard_incarnation(shard);
    if (jobs->incarnations[p] != now) {
        if (!shard_is_erasing(shard)) {
            shard_erase(shard, &jobs->job.learners, p == jobs->home);
            jobs->incarnations[p] = now;
        }
        return false;
    }
    if (shard_is_erasing(shard) || !shard_is_flushed(shard))
        return false;
    if (jobs->entities[p] == 0)
        jobs->entities[p] = shard_erased_entities(shard);
    return true;
}

static bool ask_all(struct erase_jobs *jobs, struct shard *const *shards)
{
    bool all = true;
    for (int32_t p = 0; p < jobs->partitions; p++) {
        bool ours = is_ours(shards[p]);
        jobs->done[p] = ours && ask(jobs, p, shards[p]);
        all = (jobs->done[p] || !ours) && all;
    }
    return all;
}

/* ---- local files ---- */

struct addresses {
    const struct local_erasure *erasure;
    struct hmac *hmac;
    const char *found; /* the first that is to go */
};

static bool look_at_address(void *context, const char *email, bool found)
{
    struct addresses *a = context;
    char key[IDENTITY_KEY];
    (void)found;
    identity_key(a->hmac, "email", email, key);
    if (erased_keys_has_form(a->erasure->identifiers, a->erasure->keys, key))
        a->found = email;
    return a->found == NULL;
}

static void drop_addresses(struct erase_jobs *jobs, const struct source_context *context,
                           const struct local_erasure *erasure)
{
    struct error err = {0};
    struct listed_emails *list =
        listed_emails_load(jobs->data_dir, context->secret, context->secret_length, &err);
    for (bool more = list != NULL; more;) {
        struct addresses addresses = {erasure, context->hmac, NULL};
        listed_emails_for_each(list, look_at_address, &addresses);
        more = addresses.found != NULL;
        if (more)
            jobs->local.addresses += listed_emails_remove_address(list, addresses.found);
    }
    if (!list || !listed_emails_save(list, &err))
        log_error("the e-mail addresses of listed people cannot be changed", &err);
    listed_emails_free(list);
}

/* True when there is nothing left to look through. */
static bool look_through_files(struct erase_jobs *jobs, const struct sources *sources,
                               const int32_t *home, struct shard *const *shards)
{
    const struct local_erasure erasure = {&jobs->job.identifiers, sources->keys};
    while (jobs->source < sources->count) {
        struct source *source = sources->items[jobs->source];
        struct shard *shard = shards[home[jobs->source]];
        if (source->kind->forget_erased && is_ours(shard)) {
            if (shard_status(shard) != SHARD_READY ||
                !source->kind->forget_erased(source, shard, &erasure, &jobs->local))
                return false;
        }
        jobs->source++;
    }
    drop_addresses(jobs, &sources->context, &erasure);
    return true;
}

/* A shard that came or went while files were looked through does not count for what it is now. */
static void tell(struct erase_jobs *jobs)
{
    struct text_buffer out = {0};
    int64_t entities = 0, elsewhere = 0;
    for (int32_t p = 0; p < jobs->partitions; p++) {
        entities += jobs->entities[p];
        elsewhere += !jobs->done[p];
    }
    text_buffer_add_format(&out,
                           "{\"learners\":%zu,\"entities\":%lld,\"shards\":%d,\"elsewhere\":%lld,"
                           "\"published\":%s,\"copies\":%lld,\"rows\":%lld,\"addresses\":%lld}",
                           jobs->job.learners.count, (long long)entities, (int)jobs->partitions,
                           (long long)elsewhere, jobs->done[jobs->home] ? "true" : "false",
                           (long long)jobs->local.copies, (long long)jobs->local.rows,
                           (long long)jobs->local.addresses);
    finish(jobs, out.data);
    text_buffer_free(&out);
}

void erase_jobs_tick(struct erase_jobs *jobs, const struct sources *sources, const int32_t *home,
                     struct shard *const *shards)
{
    int64_t now = clock_monotonic_ms();
    if (!has_any(jobs, shards))
        return;
    if (!jobs->id[0]) {
        if (now < jobs->look_at_ms)
            return;
        jobs->look_at_ms = now + LOOK_MS;
        take_up(jobs);
        if (!jobs->id[0])
            return;
    }
    if (jobs->step == STEP_SHARDS && ask_all(jobs, shards))
        jobs->step = STEP_FILES;
    if (jobs->step == STEP_FILES && look_through_files(jobs, sources, home, shards))
        tell(jobs);
}

/* ---- the command's end ---- */

static bool print(const struct teller *to, const char *result, struct error *err)
{
    struct erasure_result r;
    if (!erasure_result_parse(result, &r, err))
        return false;
    printf(
        TELL(to,
             "đã xóa %lld khóa người học; bỏ %lld bản ghi đã biết, xóa người đó khỏi %lld tệp đang "
             "giữ, bỏ %lld dòng bị loại và %lld địa chỉ e-mail\n",
             "%lld learner keys are erased; %lld records of the state were forgotten, %lld kept "
             "files cleared, %lld rows in quarantine and %lld e-mail addresses removed\n"),
        (long long)r.learners, (long long)r.entities, (long long)r.copies, (long long)r.rows,
        (long long)r.addresses);
    if (r.elsewhere > 0)
        printf(TELL(to, "%lld trong %lld phần việc nay do máy khác làm: đưa cùng tệp này cho máy đó\n",
                    "%lld of %lld parts of the work belong to another instance now: give the same "
                    "file to it, too\n"),
               (long long)r.elsewhere, (long long)r.shards);
    return true;
}

int command_erase(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct erase_job job = {0};
    const struct teller to = tell_of(options);
    char id[SPOOL_ID_SIZE];
    size_t length = 0;
    const char *data_dir = options_text(options, "data_dir");
    char *result = NULL,
         *text = file_read_whole(options_argument(options, 0), MOST_BYTES, &length, &err);
    if (text && erase_job_parse(text, length, &job, &err) &&
        spool_submit(data_dir, ERASURE_QUEUE, text, length, id, &err))
        result = answer_wait(options, ERASURE_QUEUE, id, &err);
    if (!result || !print(&to, result, &err))
        (void)answer_fail(options, &err);
    erase_job_free(&job);
    free(result);
    free(text);
    return error_exit_code(&err);
}
