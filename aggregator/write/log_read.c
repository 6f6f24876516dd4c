/* Reading: records as they come, up to the limits. */
#include <stdatomic.h>
#include <string.h>

#include "../../common/clock.h"
#include "log_reader_private.h"

#define LATEST_MS 253402300799000LL /* the last second of the year 9999 */
#define ASK_EVERY_MS 1000

/* While the brokers are away nothing tells that they are back but a question. */
static void ask_if_back(struct log_reader *reader)
{
    const struct rd_kafka_metadata *metadata = NULL;
    if (clock_monotonic_ms() - reader->asked_ms < ASK_EVERY_MS)
        return;
    reader->asked_ms = clock_monotonic_ms();
    if (rd_kafka_metadata(reader->kafka, 0, NULL, &metadata, 500) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    rd_kafka_metadata_destroy(metadata);
    error_clear(&reader->away);
}

/* Once librdkafka has prefetched as much as it may, it looks again only after a second, or when something wakes the thread of the
 * broker; up to 2.1 nothing can be set about that. So a question that wakes it is asked each time half of it is used up. */
static void wake_fetcher(struct log_reader *reader, size_t bytes)
{
    const struct rd_kafka_metadata *metadata = NULL;
    reader->used_bytes += bytes;
    if (reader->used_bytes < PREFETCH_BYTES / 2)
        return;
    reader->used_bytes = 0;
    if (rd_kafka_metadata(reader->kafka, 0, reader->woken, &metadata, 1) == RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_metadata_destroy(metadata);
}

static size_t index_of(const struct log_reader *reader, const rd_kafka_message_t *message)
{
    bool event = strcmp(rd_kafka_topic_name(message->rkt), reader->topics[0]) == 0;
    return (event ? 0 : reader->event_partitions) + (size_t)message->partition;
}

bool log_reader_came_back(const struct log_reader *reader)
{
    return reader->was_away && reader->away.kind == ERROR_NONE;
}

static enum log_read failure(const rd_kafka_message_t *message, struct error *err)
{
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
        message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
        error_set(err, ERROR_STATE, false,
                  "topic %s partition %d: the next offset to read is not in the log (%s): was the "
                  "topic recreated, truncated or restored? Compare with `mooc-aggregator status`",
                  message->rkt ? rd_kafka_topic_name(message->rkt) : "?", message->partition,
                  rd_kafka_message_errstr(message));
        return LOG_READ_FAILED;
    }
    if (message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED && message->rkt)
        (void)log_reader_may_not_read(rd_kafka_topic_name(message->rkt), err);
    else
        error_set(err, ERROR_UNREACHABLE, true, "Kafka: %s", rd_kafka_message_errstr(message));
    return LOG_READ_NOTHING;
}

/* With CreateTime the producer says the time, and may say anything; 0 where the record has none. */
static int64_t log_time_us(const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || ms < 0)
        return 0;
    return (ms < LATEST_MS ? ms : LATEST_MS) * 1000;
}

static void note_end(struct log_reader *reader, size_t at, int64_t end, struct batch *batch)
{
    int64_t limit = reader->held[at].limit;
    if (end > limit)
        end = limit;
    if (end <= reader->positions[at])
        return;
    reader->positions[at] = end;
    batch_reach(batch, at, end);
}

/* librdkafka tells an end once, and behind a transaction's marks no record follows in a quiet hour: what of it is beyond the limit is kept
 * until the limit is there. */
static void keep_end(struct log_reader *reader, size_t at, int64_t end)
{
    struct held *held = &reader->held[at];
    bool beyond = end > held->limit;
    reader->ends_count += (size_t)beyond;
    reader->ends_count -= (size_t)(held->end > 0);
    held->end = beyond ? end : 0;
}

/* Kept first: limits grow meanwhile, and an end that is not kept any more must have been reached. */
static void take_end(struct log_reader *reader, size_t at, int64_t end, struct batch *batch)
{
    keep_end(reader, at, end);
    note_end(reader, at, end, batch);
}

static void reach_ends(struct log_reader *reader, struct batch *batch)
{
    for (size_t i = 0; reader->ends_count && i < reader->partition_count; i++) {
        int64_t end = reader->held[i].end;
        if (end == 0)
            continue;
        take_end(reader, i, end, batch);
    }
}

/* Limits ----------------------------------------------------------------------------------------------------------------- */

void log_reader_limit(struct log_reader *reader, const int64_t *limits)
{
    for (size_t i = 0; i < reader->partition_count; i++)
        atomic_store(&reader->held[i].limit, limits[i]);
}

bool log_reader_at_limit(const struct log_reader *reader)
{
    for (size_t i = 0; i < reader->partition_count; i++)
        if (!reader->left_out[i] && reader->positions[i] < reader->held[i].limit)
            return false;
    return true;
}

static void pause_partition(struct log_reader *reader, size_t at, bool pause)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, reader->partitions[at].topic,
                                      reader->partitions[at].partition);
    if (pause)
        rd_kafka_pause_partitions(reader->kafka, list);
    else
        rd_kafka_resume_partitions(reader->kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
}

void log_reader_drop_held(struct log_reader *reader)
{
    for (size_t i = 0; i < reader->partition_count; i++)
        if (reader->held[i].message) {
            rd_kafka_message_destroy(reader->held[i].message);
            reader->held[i].message = NULL;
            pause_partition(reader, i, false); /* it would stay paused under the next assignment */
        }
    for (size_t i = 0; i < reader->partition_count; i++)
        reader->held[i].end = 0;
    reader->held_count = reader->ends_count = 0;
}

/* Everything before the record was handed out. */
static void hold(struct log_reader *reader, size_t at, rd_kafka_message_t *message,
                 struct batch *batch)
{
    note_end(reader, at, message->offset, batch);
    reader->held[at].message = message;
    reader->held_count++;
    pause_partition(reader, at, true);
}

/* A held record that may go by now. */
static rd_kafka_message_t *let_go(struct log_reader *reader, struct batch *batch)
{
    for (size_t i = 0; reader->held_count && i < reader->partition_count; i++) {
        rd_kafka_message_t *message = reader->held[i].message;
        if (!message)
            continue;
        if (message->offset >= reader->held[i].limit) {
            note_end(reader, i, message->offset, batch);
            continue;
        }
        reader->held[i].message = NULL;
        reader->held_count--;
        pause_partition(reader, i, false);
        return message;
    }
    return NULL;
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static enum log_read take_message(struct log_reader *reader, rd_kafka_message_t *message,
                                  struct batch *batch, struct error *err)
{
    enum log_read read = LOG_READ_NOTHING;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        take_end(reader, index_of(reader, message), message->offset, batch);
    } else if (message->err) {
        read = failure(message, err);
    } else {
        size_t at = index_of(reader, message);
        if (message->offset >= reader->held[at].limit) {
            hold(reader, at, message, batch);
            return LOG_READ_NOTHING;
        }
        read = LOG_READ_RECORD;
        reader->positions[at] = message->offset + 1;
        batch_add(batch, at, message->offset, log_time_us(message), message->payload, message->len);
        wake_fetcher(reader, message->len);
    }
    rd_kafka_message_destroy(message);
    return read;
}

enum log_read log_reader_read(struct log_reader *reader, struct batch *batch, int timeout_ms,
                              struct error *err)
{
    reach_ends(reader, batch);
    rd_kafka_message_t *message = reader->held_count ? let_go(reader, batch) : NULL;
    if (!message)
        message = rd_kafka_consumer_poll(reader->kafka, timeout_ms);
    if (!message) {
        if (reader->away.kind != ERROR_NONE)
            ask_if_back(reader);
        if (err)
            *err = reader->away;
        return LOG_READ_NOTHING;
    }
    error_clear(&reader->away);
    return take_message(reader, message, batch, err);
}
