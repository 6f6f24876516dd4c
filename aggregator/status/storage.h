/* How much room everything takes, how fast it grows, how long that goes well, and whether Kafka deletes what nothing else holds. */
#ifndef MOOC_AGGREGATOR_STORAGE_H
#define MOOC_AGGREGATOR_STORAGE_H

#include "../../common/text_buffer.h"
#include "../pg.h"
#include "../../common/topic_settings.h"
#include "ends.h"
#include "status.h"

struct storage_part {
    char name[160]; /* database, archive, generation N, topic NAME */
    int64_t bytes, records, bytes_per_day, records_per_day; /* STATUS_UNKNOWN each */
};

struct storage_month {
    char month[8];
    int64_t bytes;
    bool exported; /* and the export was checked */
};

struct storage_topic {
    char name[128];
    struct topic_settings settings;
    int64_t held;    /* records, and marks of transactions; STATUS_UNKNOWN: Kafka did not say */
    int64_t deleted; /* before the first that is held, over all partitions */
    int64_t bytes;   /* estimated by what a record takes in the archive; STATUS_UNKNOWN */
    bool archived;   /* the events; of the other topic nothing else holds the records */
};

struct storage {
    bool vietnamese; /* as in struct status */
    size_t part_count, month_count, topic_count;
    struct storage_part *parts;
    struct storage_month *months;
    struct storage_topic topics[2];
    int64_t unchecked_since_us; /* from then on no checked export has the records; STATUS_UNKNOWN: there are none such */
    int64_t database_free, kafka_free; /* bytes; STATUS_UNKNOWN: nobody told how much there is */
    char kafka_failure[512];
};

/* Inside the transaction that status reads in. */
bool storage_read(struct pg *pg, const struct options *options, struct storage *storage,
                  struct error *err) MUST_CHECK;
/* Asks Kafka for the topics' settings. */
void storage_ask_kafka(const struct options *options, int timeout_ms,
                       const struct partition_end *ends, size_t count, struct storage *storage);
void storage_free(struct storage *storage);

/* Pure: */
const struct storage_part *storage_find(const struct storage *storage, const char *name);
/* STATUS_UNKNOWN where either is, or nothing grows. */
int64_t storage_days_left(int64_t free_bytes, int64_t bytes_per_day);
/* Bytes that a topic grows by in a day, estimated. */
int64_t storage_topic_per_day(const struct storage *storage, const struct storage_topic *topic);
/* Each warning as a call; how many. */
typedef void (*storage_say)(void *context, const char *line);
size_t storage_warnings(const struct storage *storage, int64_t now_us, storage_say say,
                        void *context);

void storage_write_text(const struct storage *storage, struct text_buffer *out);
/* As a member: "storage":{…}. */
void storage_write_json(const struct storage *storage, struct text_buffer *out);

#endif
