#include "dead_jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/log.h"
#include "letters.h"
#include "../../common/spool.h"
#include "../answer.h"

#define LOOK_MS 300

struct dead_jobs {
    const char *data_dir;
    char source[64], queue[80];
    char id[SPOOL_ID_SIZE]; /* of the job under way; "" = none */
    char letter[128];
    struct shard *shard;
    size_t dropped;
    bool sent;
    uint64_t incarnation;
    int64_t look_at_ms;
};

static const struct stream_spec stream_dead = {"dead", VANISH_KEEP, 1, 1, 0, false, 0};

static void queue_of(const char *source, char out[80])
{
    (void)snprintf(out, 80, "%.64s.dead", source);
}

struct dead_jobs *dead_jobs_new(const char *data_dir, const char *source)
{
    struct dead_jobs *jobs = must_have(calloc(1, sizeof(*jobs)));
    jobs->data_dir = data_dir;
    (void)snprintf(jobs->source, sizeof(jobs->source), "%s", source);
    queue_of(source, jobs->queue);
    return jobs;
}

void dead_jobs_free(struct dead_jobs *jobs)
{
    free(jobs);
}

static bool is_meant(const struct dead_jobs *jobs, const struct letter *letter)
{
    return strcmp(jobs->letter, DEAD_ALL) == 0 || strcmp(jobs->letter, letter->id) == 0;
}

static bool withdraw(void *context, const struct letter *letter)
{
    struct dead_jobs *jobs = context;
    if (is_meant(jobs, letter)) {
        shard_accept(jobs->shard, &stream_dead, jobs->source, "-", letter->entity);
        jobs->dropped++;
    }
    return true;
}

/* Not one that a source rejected again, or that came, while the withdrawal was being committed. */
static bool forget(void *context, const struct letter *letter)
{
    const struct dead_jobs *jobs = context;
    if (is_meant(jobs, letter) && !shard_holds(jobs->shard, letter->entity))
        (void)unlink(letter->path);
    return true;
}

static void take_up(struct dead_jobs *jobs)
{
    struct error err = {0};
    size_t length = 0;
    char *text = spool_next(jobs->data_dir, jobs->queue, "", jobs->id, &length, &err);
    if (text == NULL) {
        jobs->id[0] = '\0';
        return;
    }
    (void)snprintf(jobs->letter, sizeof(jobs->letter), "%.*s", (int)(length < 127 ? length : 127),
                   text);
    jobs->sent = false;
    free(text);
}

void dead_jobs_tick(struct dead_jobs *jobs, struct shard *shard)
{
    struct error err = {0};
    char answer[32];
    int64_t now = clock_monotonic_ms();
    jobs->shard = shard;
    if (jobs->id[0] == '\0') {
        if (now < jobs->look_at_ms)
            return;
        jobs->look_at_ms = now + LOOK_MS;
        take_up(jobs);
        if (jobs->id[0] == '\0')
            return;
    }
    if (!jobs->sent || jobs->incarnation != shard_incarnation(shard)) {
        jobs->dropped = 0;
        jobs->incarnation = shard_incarnation(shard);
        letters_for_each(jobs->data_dir, jobs->source, withdraw, jobs);
        shard_flush(shard);
        jobs->sent = true;
        return;
    }
    if (!shard_is_flushed(shard))
        return;
    letters_for_each(jobs->data_dir, jobs->source, forget, jobs);
    (void)snprintf(answer, sizeof(answer), "%zu", jobs->dropped);
    if (!spool_finish(jobs->data_dir, jobs->queue, jobs->id, answer, &err))
        log_error("the answer about a dead letter cannot be written", &err);
    jobs->id[0] = '\0';
}

int dead_jobs_drop(const struct options *options, const char *source, const char *id)
{
    struct error err = {0};
    char queue[80], job[SPOOL_ID_SIZE];
    const char *data_dir = options_text(options, "data_dir");
    queue_of(source, queue);
    char *answer = NULL;
    if (spool_submit(data_dir, queue, id, strlen(id), job, &err))
        answer = answer_wait(options, queue, job, &err);
    if (answer == NULL)
        return answer_fail(options, &err);
    (void)printf("%s: %s dropped\n", source, answer);
    free(answer);
    return 0;
}
