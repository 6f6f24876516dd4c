/* The transactional producer of one shard: the only file of ingest that produces. A batch goes out whole or not at all; what its
 * sender must do next is in the error's kind:
 *
 *   ERROR_FENCED           another instance has taken the transactional id over: drop everything, back off
 *   ERROR_UNKNOWN_OUTCOME  the transaction may or may not have been committed: free the publisher, make a new one, read the state
 *                          again (librdkafka has no KIP-890, so nothing less is safe)
 *   ERROR_UNREACHABLE      no broker answers (publisher_init only): try again later
 *   ERROR_STATE            the batch is committed, into a topic that is not the one from before: a person must act
 *   ERROR_CONFIG           the broker refuses (no such topic, not authorised): a person must act
 *
 * What can be sent again unchanged (a transaction that was aborted) is sent again here. Blocking; one thread at a time. */
#ifndef MOOC_INGEST_PUBLISHER_H
#define MOOC_INGEST_PUBLISHER_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../state/state_record.h"
#include "batch.h"

struct options;
struct publisher;

struct publisher_settings {
    const struct options *options; /* brokers, kafka.*; NULL in tests */
    const char *brokers;           /* used when options is NULL */
    const char *transactional_id;
    const char *topics[BATCH_TOPICS]; /* must outlive the publisher */
    int64_t transaction_timeout_ms;   /* 0 = 10 s */
};

#define PUBLISHER_TIMEOUT_MS 10000

struct publisher *publisher_new(const struct publisher_settings *settings, struct error *err);
/* What is in flight is given up; an open transaction is left to the broker or the next publisher_init. */
void publisher_free(struct publisher *publisher);

/* Fences every other producer of this transactional id and aborts what it left open. Waits at most timeout_ms. */
bool publisher_init(struct publisher *publisher, int64_t timeout_ms, struct error *err) MUST_CHECK;

/* One transaction. On success every record has its offset and the batch the broker's clock. Either way nothing refers to the batch any
 * more: it is the caller's to fill anew or to free. */
bool publisher_send(struct publisher *publisher, struct batch *batch, struct error *err) MUST_CHECK;

/* The events topic has reached these ends: nothing can land before them. */
void publisher_expect(struct publisher *publisher, const struct state_log *events);

/* Partitions of the topic; 0 with err set when it does not exist or no broker answers. */
int32_t publisher_partitions(struct publisher *publisher, enum batch_topic topic, struct error *err);

#endif
