/* What is known of the service's state, and whether it is well. */
#ifndef MOOC_AGGREGATOR_STATUS_H
#define MOOC_AGGREGATOR_STATUS_H

#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "../pg.h"
#include "ends.h"

#define STATUS_UNKNOWN ((int64_t)-1)
#define STATUS_TEXT 160
#define STATUS_CALENDAR_DAYS 60 /* so long before its end the calendar is warned of */
/* An erasure that is open for longer was given up or forgotten. */
#define STATUS_ERASURE_MS INT64_C(900000)

struct storage;

struct status_partition {
    char topic[128];
    int64_t partition;
    int64_t counted;   /* next offset; STATUS_UNKNOWN: nothing yet */
    int64_t begin;     /* of what the log still holds; with end */
    int64_t end;       /* STATUS_UNKNOWN: Kafka did not say */
    char log_time[32]; /* of the last record counted, UTC; "" */
};

struct status_stream {
    char source[STATUS_TEXT], stream[STATUS_TEXT]; /* stream "": nothing of the source was ever read */
    char complete_through[32];                     /* UTC; "" = never read whole */
    int64_t age_ms;                                /* STATUS_UNKNOWN with it */
    int64_t parts, parts_complete, records, rejected;
    bool ages;        /* a platform's; what people send does not grow stale */
    int64_t every_ms; /* how often mooc-ingest reads it whole; 0 = it does not say */
};

struct status {
    bool vietnamese; /* what its lines are written in, else English; JSON is always English */
    int64_t generation, config_version, epoch;
    int64_t counted_by, counts_by; /* the fold's version of these figures, and of this program */
    char instance[STATUS_TEXT];    /* "" = nobody has written yet */
    char taking_over[STATUS_TEXT]; /* after a switch of seconds ago, when nobody has written yet; "" */
    char standing_by[512];         /* instances, "a, b"; "" = none */
    char since[32];
    char restarted[32]; /* when the database was, if since the last sign of life; UTC, "" = it was not */
    int64_t heartbeat_age_ms; /* STATUS_UNKNOWN: none */
    size_t partition_count, stream_count;
    struct status_partition *partitions;
    struct status_stream *streams;
    struct error ends_failure; /* why Kafka's ends are not known; ERROR_NONE: they are */
    char calendar_ends[16]; /* last day of the calendar of working days; "" = no deadline needs it */
    int64_t calendar_days;  /* from today to that day; negative: it has ended */
    int64_t verified_age_ms; /* since the last verify of all figures began; STATUS_UNKNOWN: never */
    int64_t verify_differences; /* that it found */
    /* Learner keys, handed over or folded, of which the archive may have something yet. */
    int64_t erasures_open;
    int64_t erasures_age_ms;       /* of the oldest; STATUS_UNKNOWN: there is none */
    const struct storage *storage; /* storage.h, borrowed; NULL: it was not asked for */
};

struct status_limits {
    int64_t max_lag, max_heartbeat_age_ms, max_stream_age_ms, late_after_ms;
};

/* Inside a transaction. by_hand: sources that people feed and that do not age, "a,b"; NULL = none. */
bool status_read(struct pg *pg, const char *by_hand, struct status *status, struct error *err)
    MUST_CHECK;
void status_free(struct status *status);

/* Pure: */
void status_add_ends(struct status *status, const struct partition_end *ends, size_t count);
/* STATUS_UNKNOWN where an end is, and where the log is another one, which ends before what was counted. */
int64_t status_lag(const struct status_partition *partition);
/* The first thing that is not well, as one line; false when all is well. */
bool status_problem(const struct status *status, const struct status_limits *limits, char *line,
                    size_t size);
typedef void (*status_say)(void *context, const char *line);
/* What will not be well unless somebody does something, a line each. */
void status_warnings(const struct status *status, status_say say, void *context);
/* Each platform with streams that are late (turns.h), or of which nothing was ever read, as a line; how many. */
size_t status_late(const struct status *status, const struct status_limits *limits, status_say say,
                   void *context);
/* Of these only whether somebody counts, which needs no answer of Kafka's. */
bool status_writer_problem(const struct status *status, const struct status_limits *limits,
                           char *line, size_t size);
void status_write_text(const struct status *status, const struct status_limits *limits,
                       struct text_buffer *out);
void status_write_json(const struct status *status, const struct status_limits *limits,
                       struct text_buffer *out);

#endif
