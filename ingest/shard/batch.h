/* A batch: the records of one Kafka transaction, all in memory before it begins. Texts stand in one growing arena; records point
 * into it by position, so that the arena may move. Pure: no I/O. */
#ifndef MOOC_INGEST_BATCH_H
#define MOOC_INGEST_BATCH_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/event.h"
#include "../../common/text_buffer.h"

enum batch_topic { BATCH_EVENTS, BATCH_STATE, BATCH_DEAD, BATCH_TOPICS };

#define BATCH_NO_ENTRY UINT32_MAX
#define BATCH_BY_KEY (-1)

struct batch_record {
    size_t key_at, value_at;
    uint32_t key_length, value_length; /* value_length 0 = tombstone; both 0 = not filled in yet */
    uint32_t entry;    /* ledger entry of an entity's state record, else BATCH_NO_ENTRY */
    int32_t partition; /* BATCH_BY_KEY = by hash of the key */
    int32_t landed;    /* the partition it stands in, once delivered */
    int64_t offset;    /* where it stands in the log, once delivered; -1 before */
    enum batch_topic topic;
};

/* A removing event and the gone entity's record, whose text is filled in before the transaction begins, from what the state
 * topic (or this batch) holds of the entity. */
struct batch_removal {
    size_t record;         /* index of the event's record; the state record follows it */
    struct key128 entity;  /* to check what is read back */
    int64_t stored_offset; /* of the newest state record, resolved when the batch is handed over */
    int64_t stored_record; /* >= 0: it stands in this batch, at this index */
    int64_t revision, previous;
    int64_t seen_us;      /* when it was seen to be gone */
    enum event_type type; /* EVENT_UNKNOWN = what takes the stored type back */
};

struct batch {
    struct text_buffer arena;
    struct batch_record *records;
    size_t count, room;
    struct batch_removal *removals;
    size_t removal_count, removal_room;
    int64_t begun_ms; /* monotonic, when the first record came in */
    /* filled in by the publisher: */
    int64_t broker_time_us; /* LogAppendTime of a record, 0 = unknown */
    int64_t delivered_us;   /* our clock when that was reported */
};

void batch_free(struct batch *batch);
void batch_clear(struct batch *batch);
static inline bool batch_is_empty(const struct batch *batch)
{
    return batch->count == 0;
}

/* Adds an empty record and returns its index. */
size_t batch_add(struct batch *batch, enum batch_topic topic, int32_t partition, uint32_t entry);
/* Key and value are appended to batch->arena between these: key first. */
void batch_begin_key(struct batch *batch, size_t record);
void batch_begin_value(struct batch *batch, size_t record);
void batch_end_value(struct batch *batch, size_t record);

/* The record is this event, with its data as event_encode_data writes it; the key is the learner's, else the entity. */
void batch_put_event(struct batch *batch, size_t record, const struct event *event,
                     const char *data, size_t length);

/* Two records are added; what the caller knows is filled in. */
struct batch_removal *batch_add_removal(struct batch *batch, int32_t state_partition, uint32_t entry);

static inline const char *batch_key(const struct batch *batch, const struct batch_record *record)
{
    return batch->arena.data + record->key_at;
}
static inline const char *batch_value(const struct batch *batch, const struct batch_record *record)
{
    return batch->arena.data + record->value_at;
}

#endif
