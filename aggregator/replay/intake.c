#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../write/log_reader.h"
#include "archive_source.h"
#include "crew.h"
#include "../cells/state_source.h"

#define KAFKA_TIMEOUT_MS 10000
#define RECORDS_AT_A_TIME 500 /* so many decoded ones stay in the near caches */
#define SILENT_MS 60000
#define LOOK_MS 200 /* whether to stop */

struct intake_run {
    struct crew crew;
    const struct replay_plan *plan;
    const struct bulk_part *part;
    struct intake_result *result;
};

/* One thread's part. */
struct part {
    struct intake_run *run;
    size_t number;
    struct bulk_intake *intake;
    struct bulk_position *positions;
    size_t position_capacity;
    int64_t began_ms, taken;
};

/* Taking what was read --------------------------------------------------------------------------------------------------- */

static uint32_t topic_number(const struct intake_result *result, const char *topic)
{
    return strcmp(topic, result->topics[0]) != 0;
}

static void keep_unreadable(struct part *part, struct batch *batch)
{
    struct intake_result *result = part->run->result;
    struct unreadable_list *list = &result->unreadable[part->number];
    for (size_t i = 0; i < batch->unreadable_count; i++) {
        list->items = array_room(list->items, list->count, &list->capacity, sizeof(*list->items));
        list->items[list->count] = batch->unreadable[i];
        uint32_t topic = topic_number(result, batch->unreadable[i].position.topic);
        list->items[list->count++].position.topic = result->topics[topic];
    }
    batch->unreadable_count = 0; /* their texts are the list's now */
}

static void keep_to_the_rate(const struct part *part)
{
    const struct replay_plan *plan = part->run->plan;
    if (plan->rate <= 0)
        return;
    int64_t due_ms = part->began_ms + part->taken * 1000 * (int64_t)plan->threads / plan->rate;
    int64_t early_ms;
    while ((early_ms = due_ms - clock_monotonic_ms()) > 0 && !crew_over(&part->run->crew))
        (void)stop_sleep_ms(early_ms < LOOK_MS ? early_ms : LOOK_MS);
}

static void take_batch(struct part *part, struct batch *batch)
{
    if (part->position_capacity < batch->event_count) {
        part->position_capacity = batch->event_count * 2;
        part->positions =
            must_have(realloc(part->positions, part->position_capacity * sizeof(*part->positions)));
    }
    for (size_t i = 0; i < batch->event_count; i++) {
        const struct log_position *p = &batch->positions[i];
        part->positions[i] = (struct bulk_position){topic_number(part->run->result, p->topic),
                                                    p->partition, p->offset};
    }
    bulk_take(part->intake, batch->events, part->positions, batch->event_count);
    keep_unreadable(part, batch);
    part->run->crew.done += (int64_t)batch->records;
    part->taken += (int64_t)batch->records;
    keep_to_the_rate(part);
}

/* From the log ----------------------------------------------------------------------------------------------------------- */

/* False if the log's beginning is gone. */
static bool assign(const struct part *part, struct log_reader *reader, struct error *err)
{
    size_t count;
    const struct replay_plan *plan = part->run->plan;
    const struct log_partition *partitions = log_reader_partitions(reader, &count);
    int64_t *limits = must_have(calloc(count, sizeof(*limits)));
    int64_t *offsets = must_have(calloc(count, sizeof(*offsets)));
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        int64_t begin = 0, end;
        bool events = strcmp(partitions[i].topic, part->run->result->topics[0]) == 0;
        limits[i] = replay_vector_offset(&plan->until, partitions[i].topic, partitions[i].partition);
        offsets[i] = LOG_NOT_READ;
        if (i % plan->threads != part->number || limits[i] == 0 || (events && plan->from_archive))
            continue;
        ok = log_reader_range(reader, i, KAFKA_TIMEOUT_MS, &begin, &end, err);
        offsets[i] = begin < limits[i] ? begin : LOG_NOT_READ;
        if (ok && begin > 0 && !events)
            LOG_WARN_EVENT("rejected records of long ago are not in the log any more: the new "
                           "generation does not know them",
                           LOG_TEXT("topic", partitions[i].topic),
                           LOG_NUMBER("partition", partitions[i].partition),
                           LOG_NUMBER("begins", begin));
        if (ok && begin > 0 && events)
            ok = error_tell(err, ERROR_STATE, false,
                            "nhật ký %s phần %d bắt đầu từ %lld: phần trước đó đã bị xóa khỏi nhật "
                            "ký; replay start --from-archive đọc từ cơ sở dữ liệu",
                            "topic %s partition %d begins at %lld: what came before was deleted "
                            "from the log; replay start --from-archive reads it from the database",
                            partitions[i].topic, partitions[i].partition, (long long)begin);
    }
    log_reader_limit(reader, limits);
    ok = ok && log_reader_assign(reader, offsets, err);
    free(limits);
    free(offsets);
    return ok;
}

static bool read_log(struct part *part, struct log_reader *reader, struct error *err)
{
    size_t count;
    const struct log_partition *partitions = log_reader_partitions(reader, &count);
    struct batch *batch = batch_new(partitions, count);
    int64_t heard_ms = clock_monotonic_ms();
    bool ok = true;
    while (ok && !crew_over(&part->run->crew) && !log_reader_at_limit(reader)) {
        batch_clear(batch, NULL);
        struct error passing = {0};
        enum log_read read = LOG_READ_RECORD;
        while (batch->records < RECORDS_AT_A_TIME && read == LOG_READ_RECORD)
            read = log_reader_read(reader, batch, batch->records ? 0 : 100, &passing);
        bool heard = batch->records || batch->reached;
        take_batch(part, batch); /* which waits, where a rate is set */
        if (heard)
            heard_ms = clock_monotonic_ms();
        if (read == LOG_READ_FAILED)
            *err = passing;
        else if (clock_monotonic_ms() - heard_ms > SILENT_MS)
            error_set(err, ERROR_UNREACHABLE, true, "%s",
                      passing.kind ? passing.message : "Kafka gives no records of the log");
        ok = err->kind == ERROR_NONE;
    }
    batch_free(batch);
    return ok;
}

static bool from_log(struct part *part, struct error *err)
{
    struct log_reader *reader = log_reader_new(part->run->plan->options, false, err);
    bool ok = reader && log_reader_discover(reader, KAFKA_TIMEOUT_MS, err) &&
              assign(part, reader, err) && read_log(part, reader, err);
    log_reader_free(reader);
    return ok;
}

/* From the archive ------------------------------------------------------------------------------------------------------- */

static bool from_archive(struct part *part, struct error *err)
{
    const struct replay_plan *plan = part->run->plan;
    struct archive_source *source =
        archive_source_open(plan, part->run->result->topics[0], part->number, err);
    struct batch *batch = source ? archive_source_batch(source) : NULL;
    int more = source ? 1 : -1;
    while (more > 0 && !crew_over(&part->run->crew)) {
        more = archive_source_next(source, err);
        if (more >= 0)
            take_batch(part, batch);
    }
    archive_source_close(source);
    return more >= 0;
}

/* From what live holds ---------------------------------------------------------------------------------------------------- */

static bool count_states(void *context, size_t rows)
{
    struct part *part = context;
    part->run->crew.done += (int64_t)rows;
    part->taken += (int64_t)rows;
    keep_to_the_rate(part);
    return !crew_over(&part->run->crew);
}

static bool from_states(struct part *part, struct error *err)
{
    const struct replay_plan *plan = part->run->plan;
    struct state_source source = {plan->from_states, part->number, plan->threads,
                                  plan->rules,       part,         count_states};
    char begin[256];
    snprintf(begin, sizeof(begin),
             "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '%s'",
             plan->snapshot);
    struct pg *pg = pg_connect(plan->options, "mooc-aggregator replay read", true, err);
    bool ok = pg && pg_run(pg, begin, err) && state_source_take(&source, pg, part->intake, err);
    pg_free(pg);
    return ok;
}

static bool take_part(void *context, size_t number, struct error *err)
{
    struct intake_run *run = context;
    struct part part = {.run = run, .number = number, .began_ms = clock_monotonic_ms()};
    part.intake = run->result->intakes[number] = bulk_intake_new(run->plan->rules, number);
    bulk_intake_limit(part.intake, run->part);
    bool ok = run->plan->from_states ? from_states(&part, err)
                                     : (!run->plan->from_archive || from_archive(&part, err)) &&
                                           (run->plan->timed_until || from_log(&part, err));
    free(part.positions);
    return ok;
}

static int64_t records_until(const struct replay_vector *until)
{
    int64_t sum = 0;
    for (size_t i = 0; i < until->count; i++)
        sum += until->items[i].next_offset;
    return sum;
}

bool intake_run(const struct replay_plan *plan, const struct bulk_part *part,
                struct intake_result *result, struct error *err)
{
    struct intake_run run = {.plan = plan, .part = part, .result = result};
    snprintf(result->topics[0], TOPIC_SIZE, "%s", options_text(plan->options, "events_topic"));
    snprintf(result->topics[1], TOPIC_SIZE, "%s", options_text(plan->options, "dead_topic"));
    bool ok =
        plan->from_states
            ? crew_run(&run.crew, "reading states", 0, plan->threads, take_part, &run, err)
            : crew_run(&run.crew, plan->from_archive ? "reading the archive" : "reading the log",
                       records_until(&plan->until), plan->threads, take_part, &run, err);
    result->records = run.crew.done;
    for (size_t i = 0; i < plan->threads; i++)
        result->bytes += bulk_intake_bytes(result->intakes[i]);
    return ok;
}

void intake_release(struct intake_result *result)
{
    for (size_t i = 0; i < BULK_INTAKES; i++) {
        bulk_intake_free(result->intakes[i]);
        for (size_t k = 0; k < result->unreadable[i].count; k++)
            unreadable_record_release(&result->unreadable[i].items[k]);
        free(result->unreadable[i].items);
    }
}
