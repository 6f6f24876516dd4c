/* The records of mooc.state.v1, by which a shard finds its place again. Compacted: one record per key is kept.
 *
 *   e|<entity>                        what the ledger holds of an entity and what a removing event needs
 *   w|<source>|<stream>|<substream>   a sub-stream: revision and instant of its last mark, removals of the last 24 hours
 *   c|<source>|<name>                 a cursor
 *   m|meta                            whose state this is: key fingerprint, key version, connectors' mappings
 *   k|<number>                        after a key rotation: hashes of the keys that stood in the log before it
 *   x|<32 hex>                        a learner key that was erased: nothing of it is observed any more
 *   m|log                             how far the events topic reached when the shard was last loaded: ends by partition
 *   m|owner                           written at each take-over and hourly: proves ownership and gives the broker's clock
 *
 * Values are compact JSON with short names: t type, s source, m stream, b sub-stream, j subject, r revision, f fingerprint,
 * n since (seconds), a status, g gone, o running total, d data. Unknown members are skipped. Pure. */
#ifndef MOOC_INGEST_STATE_RECORD_H
#define MOOC_INGEST_STATE_RECORD_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../../common/event.h"
#include "../../common/json.h"
#include "../../common/text_buffer.h"

enum state_kind {
    STATE_UNKNOWN, /* of a later version: skipped */
    STATE_ENTITY,
    STATE_SUBSTREAM,
    STATE_CURSOR,
    STATE_META,
    STATE_OWNER,
    STATE_LOG,
    STATE_KEYS,
    STATE_ERASED,
    STATE_FORGOTTEN_ENTITY, /* tombstones: `state rebuild` has taken them back; only the names are set */
    STATE_FORGOTTEN_SUBSTREAM,
    STATE_FORGOTTEN_META, /* `state rebuild` or `key rotate` is at work, or was broken off: not whole */
};

/* The data fields that are stored, because a removing event or a source's look-up needs them. */
#define STATE_STORED_FIELDS                                                                          \
    ((UINT64_C(1) << FIELD_ATTEMPT) | (UINT64_C(1) << FIELD_CLASS) | (UINT64_C(1) << FIELD_COURSE) | \
     (UINT64_C(1) << FIELD_DAY) | (UINT64_C(1) << FIELD_EXAM) | (UINT64_C(1) << FIELD_STREAM) |      \
     (UINT64_C(1) << FIELD_SUBSTREAM) | (UINT64_C(1) << FIELD_UNIT) | (UINT64_C(1) << FIELD_WAVE))

#define STATE_REMOVAL_HOURS 24

struct state_entity {
    /* type (as observed, also when gone), source, entity (of a running total: the total's), subject, revision, stored data
     * fields. */
    struct event event;
    const char *stream, *substream;
    uint64_t fingerprint;
    uint32_t since;
    uint8_t status;
    bool gone, total;
};

struct state_substream {
    const char *source, *stream, *substream;
    int64_t revision;   /* of the last mark; 0 = none yet */
    int64_t through_us; /* of the last mark */
    int64_t partitions; /* that the last mark went to */
    int64_t hour;       /* hours since 1970 of removed[0] */
    int64_t removed[STATE_REMOVAL_HOURS];
};

struct state_cursor {
    const char *source, *name, *value; /* value NULL = taken back */
};

struct state_meta {
    const char *hmac; /* fingerprint of the HMAC key */
    int64_t key_version;
    const char *connectors; /* "openedx=1 files=1": mapping versions, sorted by kind */
};

#define STATE_MAX_PARTITIONS 256

struct state_log {
    int64_t ends[STATE_MAX_PARTITIONS]; /* high watermarks of the events topic */
    size_t count;
};

struct state_record {
    enum state_kind kind;
    struct state_entity entity;
    struct state_substream substream;
    struct state_cursor cursor;
    struct state_meta meta;
    struct state_log log;
    const char *keys; /* 16 hex digits each */
    struct key128 erased;
    struct json *tree;       /* the strings live here … */
    struct text_buffer text; /* … and here */
};

void state_entity_key(const char *entity, struct text_buffer *out);
void state_entity_value(const struct state_entity *entity, struct text_buffer *out);
void state_substream_key(const char *source, const char *stream, const char *substream,
                         struct text_buffer *out);
void state_substream_value(const struct state_substream *substream, struct text_buffer *out);
void state_cursor_key(const char *source, const char *name, struct text_buffer *out);
void state_cursor_value(const char *value, struct text_buffer *out);
void state_meta_key(struct text_buffer *out);
void state_meta_value(const struct state_meta *meta, struct text_buffer *out);
#define STATE_KEYS_EACH 4096 /* in one record */
void state_keys_key(int64_t number, struct text_buffer *out);
void state_keys_value(const uint64_t *keys, size_t count, struct text_buffer *out);
void state_erased_key(struct key128 learner, struct text_buffer *out);
void state_erased_value(int64_t now_us, struct text_buffer *out);
void state_log_key(struct text_buffer *out);
void state_log_value(const struct state_log *log, struct text_buffer *out);
void state_owner_key(struct text_buffer *out);
void state_owner_value(const char *instance, int64_t now_us, struct text_buffer *out);

/* ERROR_STATE with the key's class and what is wrong; record need not be initialised and must be freed after success. value NULL =
 * tombstone. */
bool state_record_decode(const char *key, size_t key_length, const char *value, size_t value_length,
                         struct state_record *record, struct error *err) MUST_CHECK;
void state_record_free(struct state_record *record);

/* The type that takes a fact of this type back; EVENT_UNKNOWN if there is none. A removing type (a platform can show a cancelled
 * enrolment) is its own. */
enum event_type event_type_removing(enum event_type type);
/* The other way round; a creating type is its own. account.closed gives account.created. */
enum event_type event_type_created(enum event_type type);

#endif
