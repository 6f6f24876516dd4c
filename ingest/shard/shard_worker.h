/* The thread of a shard that talks to Kafka: takes the shard over and reads its state, or sends one batch. One job at a time; the
 * batch is the worker's until the job is taken back. */
#ifndef MOOC_INGEST_SHARD_WORKER_H
#define MOOC_INGEST_SHARD_WORKER_H

#include "batch.h"
#include "../state/memory.h"
#include "shard.h"

enum shard_job { JOB_NONE, JOB_LOAD, JOB_SEND, JOB_FIND, JOB_EXIT };

struct shard_result {
    enum shard_job job;
    struct error error;        /* ERROR_NONE: done */
    int32_t events_partitions; /* of JOB_SEND now and then, else 0 */
    /* JOB_LOAD: */
    struct memory *memory; /* the caller's from now on */
    int64_t clock_offset_us;
    bool other_keys; /* error says of what: the state was made with keys that are not ours */
    struct text_buffer entities; /* JOB_FIND: names, each with its NUL; the caller's */
};

struct shard_worker;

struct shard_worker *shard_worker_new(const struct shard_settings *settings, struct error *err);
/* Asks the thread to end; false if it has not within patience_ms. */
bool shard_worker_free(struct shard_worker *worker, int64_t patience_ms);

/* All only when no job is under way. */
void shard_worker_load(struct shard_worker *worker);
void shard_worker_send(struct shard_worker *worker, struct batch *batch);
/* The entities that the committed state has of these learners, gone ones too. learners stays as it is until the job is taken back. */
void shard_worker_find(struct shard_worker *worker, const struct erased_keys *learners);
/* Is the shard ours? What is not wanted any more takes nothing over. */
void shard_worker_want(struct shard_worker *worker, bool wanted);
bool shard_worker_busy(const struct shard_worker *worker);
/* Takes the finished job's result; false if there is none. */
bool shard_worker_collect(struct shard_worker *worker, struct shard_result *result);

#endif
