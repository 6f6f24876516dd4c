/* A shard: one partition of mooc.state.v1 with its one owner, its one transactional id, its ledger of entities, and its
 * transactions. Everything that ingest publishes goes through shard_observe and shard_remove, so that events, fingerprints
 * and cursors are always in one Kafka transaction (DESIGN, invariants of ingest 1–6, 9, 10).
 *
 * Single-threaded for its caller: the commit runs in a thread of its own while the caller goes on observing into the next
 * batch. When a commit's outcome is unknown or the shard is fenced, everything in memory is dropped and read again:
 * shard_incarnation() changes, and sources start their sweeps anew. */
#ifndef MOOC_INGEST_SHARD_H
#define MOOC_INGEST_SHARD_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../../common/event.h"

struct shard;

enum shard_status {
    SHARD_LOADING, /* init_transactions, then reading the state partition to the high watermark taken after it */
    SHARD_READY,
    SHARD_PAUSED, /* rebalanced away: memory kept, nothing published */
    SHARD_FENCED, /* another owner published: dropped, backing off */
    SHARD_FAILED, /* needs a person: shard_reason() says what and why */
};

enum vanish_rule {
    VANISH_REMOVE, /* gone in `confirmations` complete sweeps in a row = removed */
    VANISH_KEEP,   /* absence means nothing (Open edX grades list active enrolments only) */
    VANISH_LOOKUP, /* the source must confirm each one by shard_absent */
};

/* A stream as its source declares it; static data. */
struct stream_spec {
    const char *name; /* "enrollments" */
    enum vanish_rule on_vanish;
    int confirmations; /* complete sweeps; 1 for a list that says itself that it is complete */
    double hold_share; /* a larger share of the sub-stream vanishing (at once, or in 24 h) is held; 0..1 */
    int64_t hold_minimum; /* … but never for fewer entities than this */
    bool hold_empty; /* … except that an empty list where there was somebody is always held */
    int64_t every_ms; /* how often it is read whole, for who reads its marks; 0 = nothing is promised */
};

/* contradicted: with `once`, a record before it in the same sweep said something else; that one counts. erased: it is
 * about somebody who was erased, and is left out. */
enum observe_result {
    OBSERVE_UNCHANGED,
    OBSERVE_NEW,
    OBSERVE_CHANGED,
    OBSERVE_CONTRADICTED,
    OBSERVE_ERASED
};

struct observation {
    const struct stream_spec *stream;
    const char *substream; /* "" if the stream has none */
    /* type, source, entity, subject, origin and data filled; revision, previous and id are the shard's to fill.
     * time: the platform's own, or time_observed = true and the shard fills in when `status` was first seen. */
    const struct event *event;
    uint8_t status; /* with time_observed: `since` moves only when this changes */
    bool dated; /* … or always: what is seen counts from that instant, or from before, and is said anew if it counted later only */
    /* Running totals: not NULL when the platform shows only a total; then `event` is the entity of the day it is seen, named
     * "<total_entity>:<YYYY-MM-DD>", with FIELD_DAY of that same day; `total_entity` names the total, which is fingerprinted
     * without the day, and a later sweep neither seeks nor misses the day's entity. `time` is when it was observed. */
    const char *total_entity;
    /* In one sweep an entity is told once: two records of one list that disagree for ever must not be published in turn for ever. */
    bool once;
};

/* What is observed, rejected and removed from here on was seen at this instant (µs): by the clock of the platform that told it, or on
 * the day when a list was handed in. 0, as at first: at our clock's time. It is what events without a time of their own are timed with;
 * revisions always go by our clock. Whoever sets it sets it back before returning to the engine. */
void shard_seen_at(struct shard *shard, int64_t seen_us);
int64_t shard_seen_us(const struct shard *shard); /* that instant, or our clock's time now */

/* Adds to the batch in the making what differs from the ledger. Never blocks. */
enum observe_result shard_observe(struct shard *shard, const struct observation *observation);

/* An entity, and a hash of what was held of it, and where, after it was observed. For whoever knows without mapping a record anew that it would
 * be observed as before. Means nothing after shard_incarnation has changed. */
struct shard_known {
    uint32_t entry; /* SHARD_UNKNOWN: it would not simply be unchanged the next time */
    uint32_t check;
};
#define SHARD_UNKNOWN UINT32_MAX
enum observe_result shard_observe_noting(struct shard *shard, const struct observation *observation,
                                         struct shard_known *known);
/* Of several entities: their checks, one after the other, into one; 0 begins. */
static inline uint32_t shard_check_add(uint32_t check, uint32_t more)
{
    return (check << 5 | check >> 27) ^ more;
}
/* Are these still held as the check says, in the sub-streams they stood in? Then they count as observed, unchanged; else nothing is
 * done. */
bool shard_observe_known(struct shard *shard, const uint32_t *entries, size_t count, uint32_t check);
/* How many entities have come into force in this incarnation: while it stays, what was not held is not held yet. */
uint64_t shard_births(const struct shard *shard);

/* What shard_observe would answer, changing nothing: for previews. What a complete sweep would remove is
 * shard_substream_entities less what is unchanged or changed. */
enum observe_result shard_peek(struct shard *shard, const struct observation *observation);
int64_t shard_substream_entities(const struct shard *shard, const struct stream_spec *stream,
                                 const char *source, const char *substream);
/* … of all sub-streams of a stream. */
int64_t shard_stream_entities(const struct shard *shard, const struct stream_spec *stream,
                              const char *source);
/* Through when the sub-stream is complete by its last mark (µs), whoever made it; 0 = none was. */
int64_t shard_substream_through(const struct shard *shard, const struct stream_spec *stream,
                                const char *source, const char *substream);

/* The entity is known to be gone (look-up, corrected row, withdrawn total: then `entity` is the total's). Unknown or already
 * gone: no event. What the removing event needs (subject; attempt course day exam identifiers stream substream unit wave) is read
 * back from the state topic before the batch is sent. removing_type EVENT_UNKNOWN = what takes the stored type back. What is
 * removed and observed between two returns to the engine goes out in one transaction. */
void shard_remove(struct shard *shard, const struct stream_spec *stream, const char *source,
                  const char *substream, const char *entity, enum event_type removing_type);
/* What was removed before is removed from the instant on at which it is seen now, where that is earlier, so that nothing of it
 * is in force as of any instant in between. In force, unknown or gone by then: no event. */
void shard_remove_earlier(struct shard *shard, struct key128 entity);
/* A record of a list that is read whole, in the sweep under way, takes the entity back. Another record of the list may tell of it
 * (`once`), before or behind: then that one counts. So the entity is only noted, and removed by shard_sweep_withdraw; at once where
 * it is in force in another sub-stream or no sweep is under way. False: a record before has told of it. Unknown or already gone:
 * nothing. */
bool shard_withdraw(struct shard *shard, const struct stream_spec *stream, const char *source,
                    const char *substream, const char *entity);

/* A record that could not be mapped: record.rejected to mooc.dead.v1 in the same transaction; entity starts with "dead:".
 * Observing it again is unchanged; shard_accept withdraws it (record.accepted) when it has become good. */
void shard_reject(struct shard *shard, const struct observation *observation);
void shard_accept(struct shard *shard, const struct stream_spec *stream, const char *source,
                  const char *substream, const char *entity);

/* The entity was seen though it could not be read: it is not missing from the running sweep. */
void shard_see(struct shard *shard, const char *entity);

/* Does the ledger hold this entity, in force? */
bool shard_holds(const struct shard *shard, const char *entity);
/* The name of the sub-stream in which it is in force; NULL if it is not. */
const char *shard_held_in(const struct shard *shard, const char *entity);
/* The instant (µs) from which it counts, by whole seconds, if it is timed by when it was seen. 0 if it is not in force. */
int64_t shard_counts_from(const struct shard *shard, const char *entity);
/* Did the ledger hold it, and was it taken back? */
bool shard_took_back(const struct shard *shard, const char *entity);

/* VANISH_LOOKUP: the platform was asked for this one and has it no more. It is removed, unless it is one of too many, by the next
 * shard_settle_absent or complete sweep. Unknown or already gone: nothing. */
void shard_absent(struct shard *shard, const char *entity);
/* After the last of some look-ups, so that a mass of absences is seen as one: removes what they found absent, or holds it as a sweep
 * would. True when it is held. */
bool shard_settle_absent(struct shard *shard, const struct stream_spec *stream, const char *source,
                         const char *substream);
/* Would so many of the sub-stream, missing from a complete sweep, be held? lately: how many left in the last 24 hours. For previews. */
bool shard_would_hold(const struct shard *shard, const struct stream_spec *stream,
                      const char *source, const char *substream, int64_t missing, int64_t *lately);
/* Does a removal of the sub-stream wait for a person? */
bool shard_is_held(const struct shard *shard, const struct stream_spec *stream, const char *source,
                   const char *substream);
/* Has a record of the sweep under way told of this entity (`once`)? */
bool shard_was_told(const struct shard *shard, const char *entity);

/* How many rejected records of the sub-stream are in force. */
int64_t shard_substream_rejected(const struct shard *shard, const struct stream_spec *stream,
                                 const char *source, const char *substream);

/* A sweep: begin, observe everything, end. Ended complete, the vanished are removed by the stream's rule or held, and
 * source.swept (through = the server's time at the sweep's start, µs) goes to every events partition after the last data.
 * A held sweep publishes no mark. Abandoned (incomplete) sweeps change nothing about absence. */
struct sweep;
struct sweep_outcome {
    int64_t seen, vanished, removed;
    bool held;
    char hold_id[64];
};
/* One sweep of a sub-stream at a time: beginning another makes the earlier one fail at its end. */
struct sweep *shard_sweep_begin(struct shard *shard, const struct stream_spec *stream,
                                const char *source, const char *substream, int64_t server_time_us);
/* How many were published, removed or moved among the sub-stream's entities since the state was read: two equal numbers of one
 * incarnation mean that the ledger says the same of it. */
uint64_t shard_substream_changes(const struct shard *shard, const struct stream_spec *stream,
                                 const char *source, const char *substream);

/* This sweep goes on where another one left off, an earlier owner's or one whose pages have not changed, which saw so many records: it
 * counts for the mark, never as evidence of absence. */
void shard_sweep_is_rest(struct sweep *sweep, int64_t seen_before);
/* What was seen is complete only through this time, if that is earlier than the server's time at the start. */
void shard_sweep_through(struct sweep *sweep, int64_t through_us);
/* Records of it do not say what they are about: who is missing may be behind one of them. */
void shard_sweep_proves_nothing(struct sweep *sweep);
/* Entities that its records were about so far; 0 of NULL. */
int64_t shard_sweep_seen(const struct sweep *sweep);
/* How often a record told of an entity that one before it took back. */
int64_t shard_sweep_contradicted(const struct sweep *sweep);
/* The whole list was read: removes what its records took back and none told of, so many as go into a transaction; false: there are
 * more, for after the next return to the engine. They are no absence: no hold, and not counted towards one. To be called, until
 * true, before the sweep is ended or abandoned; else they are taken back when the list is read again. */
bool shard_sweep_withdraw(struct sweep *sweep) MUST_CHECK;
/* Frees the sweep. Fails (retriable) when the shard was read anew meanwhile: sweep again. outcome may be NULL. */
bool shard_sweep_end(struct sweep *sweep, struct sweep_outcome *outcome, struct error *err)
    MUST_CHECK;
void shard_sweep_abandon(struct sweep *sweep);

/* ---- erasure ---- */

/* Source of learner.erased, a name that no configured source can have. */
#define ERASURE_SOURCE "+erasure"
struct erased_keys;
/* From now on these learners are not observed, and what is held of them is forgotten. tells: this shard publishes learner.erased, in
 * the same transaction; one of all shards does. Over when shard_is_erasing says no and shard_is_flushed yes, in this incarnation: another
 * one is to be asked again. Ignored while one is under way. */
void shard_erase(struct shard *shard, const struct erased_keys *learners, bool tells);
bool shard_is_erasing(const struct shard *shard);
int64_t shard_erased_entities(const struct shard *shard); /* that the last one forgot */
/* Is the event about an erased learner, so that it would not be observed? */
bool shard_names_erased(const struct shard *shard, const struct event *event);

/* A cursor (head scan's watermark): stored in the same transaction as what was observed before it. */
void shard_cursor_set(struct shard *shard, const char *source, const char *name, const char *value);
const char *shard_cursor_get(const struct shard *shard, const char *source, const char *name);

/* False while two batches wait: do not decode the next page yet. */
bool shard_can_accept(const struct shard *shard);
/* Starts committing what is in the batch now instead of when it is large or old enough. */
void shard_flush(struct shard *shard);
/* True when everything observed so far is committed. */
bool shard_is_flushed(const struct shard *shard);

enum shard_status shard_status(const struct shard *shard);
uint64_t shard_incarnation(const struct shard *shard);
const char *shard_reason(const struct shard *shard);
const char *shard_reason_vi(const struct shard *shard); /* "" = it has no Vietnamese words */
/* What is known was made with keys that are not ours: why nothing can be published. NULL: it was not. */
const struct error *shard_other_keys(const struct shard *shard);
int64_t shard_entities(const struct shard *shard);
int64_t shard_bytes(const struct shard *shard); /* of memory, for what is known of entities */

/* ---- for the engine, commands and tests ---- */

struct options;

struct shard_settings {
    const struct options *options; /* brokers and kafka.*; NULL in tests, then `brokers` counts */
    const char *brokers;
    const char *events_topic, *state_topic, *dead_topic;
    int32_t partition; /* of the state topic: which shard this is */
    const char *instance;
    const char *data_dir; /* holds are told and decided there; NULL = nowhere */
    const char *hmac_fingerprint;
    int64_t key_version;
    struct key_ring *keys;                         /* NULL = one key only */
    const char *connectors;                        /* "files=1 openedx=1" */
    int64_t batch_records, batch_bytes, linger_ms; /* 0 = default */
    int64_t transaction_timeout_ms;
    int64_t patience_ms;         /* without progress while the state is read; 0 = default */
    void (*wake)(void *context); /* from the committing thread: call shard_tick soon; may be NULL */
    void *wake_context;
};

struct shard_counters {
    int64_t events, changes; /* changes: without the marks of sweeps */
    int64_t state_records, dead_letters, commits, unchanged, reloads;
    int64_t erased;          /* observations of erased learners, left out */
    int64_t clock_offset_us; /* our clock less the broker's, at the last commit */
};

/* settings and its texts must outlive the shard. */
struct shard *shard_new(const struct shard_settings *settings, struct error *err);
/* Waits at most patience_ms for the transaction under way; false when it did not end (then the shard is left as it is, and the
 * process should end: the broker aborts what stays open). */
bool shard_free(struct shard *shard, int64_t patience_ms);
/* Takes in what the committing thread did, starts what is due. Never blocks. */
void shard_tick(struct shard *shard);
/* Rebalanced away and back. */
void shard_pause(struct shard *shard);
void shard_resume(struct shard *shard);
const struct shard_counters *shard_counters(const struct shard *shard);
int32_t shard_partition(const struct shard *shard);

/* The shard that a source lives on. */
int32_t shard_of_source(const char *source, int32_t state_partitions);
/* "mooc-ingest.<state topic>.<partition>": one transactional id per shard, ever. */
void shard_transactional_id(const char *state_topic, int32_t partition, char out[300]);

#endif
