/* Drives one shard with a made-up platform, so that tests can kill it at any moment and look at the log.
 *
 *   shard_driver BROKERS PREFIX INSTANCE DATA_DIR SEED ENTITIES ROUNDS [PAUSE_MS [BATCH_RECORDS [stay|go [TRANSACTION_MS [PATIENCE_MS]]]]]
 *
 * Each round is one complete sweep of what the platform holds in that round: entity i is absent or has a score, both functions of
 * (seed, i, round). The round is a cursor in the shard's state, so a killed driver goes on where its last commit stood. Prints
 * "loading <reason>" when a load failed and is tried again, "ready <entities>" after each load, "round <n>" after each committed round, "fenced" and exits 4 when another took over; with "stay" it waits
 * and takes over again, as the engine does. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../../ingest/shard/shard.h"

#define MOST_DESKS 2000 /* of a run that another one with fewer entities follows */
#define SOURCE "made-up"
#define COURSE "course-v1:made-up"

static const struct stream_spec grades = {
    .name = "grades", .on_vanish = VANISH_REMOVE, .confirmations = 2, .hold_share = 0.9};
static const struct stream_spec progress = {.name = "progress", .on_vanish = VANISH_KEEP};
static const struct stream_spec seats = {
    .name = "seats", .on_vanish = VANISH_REMOVE, .confirmations = 1, .hold_share = 0.9};

static const struct stream_spec desks = {
    .name = "desks", .on_vanish = VANISH_LOOKUP, .confirmations = 2, .hold_share = 0.9};

static uint64_t mix(uint64_t seed, uint64_t i, uint64_t round)
{
    uint64_t x = seed * UINT64_C(0x9E3779B97F4A7C15) ^ i * UINT64_C(0xC2B2AE3D27D4EB4F) ^
                 round * UINT64_C(0x165667B19E3779F9);
    x ^= x >> 31;
    x *= UINT64_C(0xD6E8FEB86659FD93);
    return x ^ x >> 32;
}

/* Absent for stretches of eight rounds, one entity in eight; in the last stretch too. */
static bool is_present(uint64_t seed, uint64_t i, uint64_t round)
{
    return mix(seed, i, round / 8 + 1000) % 8 != 0;
}

/* Changes in one round of four. */
static double score(uint64_t seed, uint64_t i, uint64_t round)
{
    return (double)(mix(seed, i, (round + i) / 4) % 1000) / 1000;
}

static void observe_grade(struct shard *shard, uint64_t seed, uint64_t i, uint64_t round)
{
    char entity[64], subject[64];
    snprintf(entity, sizeof(entity), "exam:%" PRIu64 ":course", i);
    snprintf(subject, sizeof(subject), "account@" SOURCE ":%" PRIu64, i);
    struct event e = {.type = EVENT_EXAM_GRADED,
                      .source = SOURCE,
                      .entity = entity,
                      .subject = subject,
                      .time_observed = true,
                      .course = COURSE,
                      .exam = "course",
                      .score = score(seed, i, round),
                      .present = UINT64_C(1) << FIELD_COURSE | UINT64_C(1) << FIELD_EXAM |
                                 UINT64_C(1) << FIELD_SCORE};
    struct observation o = {
        .stream = &grades, .substream = COURSE, .event = &e, .status = e.score >= 0.5};
    shard_observe(shard, &o);
}

/* One entity in four has a desk as long as it is there; who vanishes is looked up. */
static void observe_desk(struct shard *shard, uint64_t i)
{
    char entity[64], subject[64];
    snprintf(entity, sizeof(entity), "desk:%" PRIu64, i);
    snprintf(subject, sizeof(subject), "account@" SOURCE ":%" PRIu64, i);
    struct event e = {.type = EVENT_CERTIFICATE_ISSUED,
                      .source = SOURCE,
                      .entity = entity,
                      .subject = subject,
                      .time_observed = true,
                      .course = COURSE,
                      .status = "sat at",
                      .present = UINT64_C(1) << FIELD_COURSE | UINT64_C(1) << FIELD_STATUS};
    struct observation o = {.stream = &desks, .substream = COURSE, .event = &e, .status = 1};
    shard_observe(shard, &o);
}

/* A running total, and a seat that moves from one name to another in one transaction. */
static void observe_rest(struct shard *shard, uint64_t seed, uint64_t i, uint64_t round)
{
    char total[64], entity[80], subject[64], seat[64], old[64], date[CLOCK_DATE_SIZE];
    snprintf(subject, sizeof(subject), "account@" SOURCE ":%" PRIu64, i);
    snprintf(total, sizeof(total), "progress:%" PRIu64, i);
    struct event e = {.type = EVENT_LEARNING_PROGRESSED,
                      .source = SOURCE,
                      .subject = subject,
                      .time_observed = true,
                      .course = COURSE,
                      .day = 19620 + (int32_t)(round / 3),
                      .percent = (double)(round / 2 % 50) / 50,
                      .present = UINT64_C(1) << FIELD_COURSE | UINT64_C(1) << FIELD_DAY |
                                 UINT64_C(1) << FIELD_PERCENT};
    clock_format_date(e.day, date);
    snprintf(entity, sizeof(entity), "%s:%s", total, date);
    e.entity = entity;
    struct observation o = {.stream = &progress, .substream = "", .event = &e, .total_entity = total};
    shard_observe(shard, &o);

    uint64_t name = mix(seed, i, round / 5) % 1000;
    uint64_t before = mix(seed, i, round / 5 - 1) % 1000;
    snprintf(seat, sizeof(seat), "seat:%" PRIu64 ":%" PRIu64, i, name);
    snprintf(old, sizeof(old), "seat:%" PRIu64 ":%" PRIu64, i, before);
    struct event listed = {.type = EVENT_ROSTER_LISTED,
                           .source = SOURCE,
                           .entity = seat,
                           .subject = seat,
                           .time_observed = true,
                           .wave = "w",
                           .unit = "u",
                           .present = UINT64_C(1) << FIELD_WAVE | UINT64_C(1) << FIELD_UNIT};
    if (round >= 5 && before != name)
        shard_remove(shard, &seats, SOURCE, "w/u", old, EVENT_ROSTER_REMOVED);
    struct observation list = {.stream = &seats, .substream = "w/u", .event = &listed};
    shard_observe(shard, &list);
}

static bool wait_ready(struct shard *shard, bool stay)
{
    char told[200] = "starting";
    while (!stop_requested() && shard_status(shard) != SHARD_READY) {
        if ((shard_status(shard) == SHARD_FENCED && !stay) || shard_status(shard) == SHARD_FAILED)
            return false;
        shard_tick(shard);
        if (shard_status(shard) == SHARD_LOADING &&
            strncmp(told, shard_reason(shard), sizeof(told) - 1) != 0) {
            snprintf(told, sizeof(told), "%.199s", shard_reason(shard));
            printf("loading %s\n", told);
        }
        stop_sleep_ms(2);
    }
    return !stop_requested();
}

static bool flush(struct shard *shard, uint64_t incarnation)
{
    shard_flush(shard);
    while (!stop_requested() && shard_incarnation(shard) == incarnation && !shard_is_flushed(shard)) {
        shard_tick(shard);
        shard_flush(shard);
        stop_sleep_ms(1);
    }
    return !stop_requested() && shard_incarnation(shard) == incarnation;
}

/* Confirms that whoever is not there is gone; an earlier run may have had more of them. */
static void look_up(struct shard *shard, uint64_t seed, uint64_t entities, uint64_t round)
{
    char entity[64];
    bool missing = false;
    for (uint64_t i = 0; i < entities || i < MOST_DESKS; i += 4) {
        snprintf(entity, sizeof(entity), "desk:%" PRIu64, i);
        if ((i < entities && is_present(seed, i, round)) || !shard_holds(shard, entity))
            continue;
        shard_absent(shard, entity);
        missing = true;
    }
    if (missing)
        shard_settle_absent(shard, &desks, SOURCE, COURSE);
}

/* False when the shard was read anew: do the round again. */
static bool run_round(struct shard *shard, uint64_t seed, uint64_t entities, uint64_t round)
{
    uint64_t incarnation = shard_incarnation(shard);
    int64_t now = clock_now_us();
    struct sweep *sweep = shard_sweep_begin(shard, &grades, SOURCE, COURSE, now);
    struct sweep *desking = shard_sweep_begin(shard, &desks, SOURCE, COURSE, now);
    struct sweep *seating = shard_sweep_begin(shard, &seats, SOURCE, "w/u", now);
    for (uint64_t i = 0; i < entities && shard_incarnation(shard) == incarnation; i++) {
        if (is_present(seed, i, round))
            observe_grade(shard, seed, i, round);
        if (i % 4 == 0 && is_present(seed, i, round))
            observe_desk(shard, i);
        if (i % 10 == 0)
            observe_rest(shard, seed, i, round);
        if (i % 50 == 0)
            shard_tick(shard);
        while (!shard_can_accept(shard) && shard_incarnation(shard) == incarnation &&
               !stop_requested()) {
            shard_tick(shard);
            stop_sleep_ms(1);
        }
    }
    bool fine = shard_incarnation(shard) == incarnation && !stop_requested();
    if (fine) {
        char number[24];
        snprintf(number, sizeof(number), "%" PRIu64, round);
        struct error err;
        fine = shard_sweep_end(seating, NULL, &err) && shard_sweep_end(sweep, NULL, &err) &&
               shard_sweep_end(desking, NULL, &err);
        shard_cursor_set(shard, SOURCE, "round", number);
    } else {
        shard_sweep_abandon(desking);
        shard_sweep_abandon(seating);
        shard_sweep_abandon(sweep);
    }
    if (!fine || !flush(shard, incarnation))
        return false;
    look_up(shard, seed, entities, round);
    return flush(shard, incarnation);
}

static void tell_desks(const struct shard *shard)
{
    printf("desks %" PRId64 "\n", shard_substream_entities(shard, &desks, SOURCE, COURSE));
}

int main(int argc, char **argv)
{
    if (argc < 8) {
        fputs("usage: shard_driver BROKERS PREFIX INSTANCE DATA_DIR SEED ENTITIES ROUNDS\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    log_setup("shard_driver", LOG_INFO, LOG_FORMAT_TEXT);
    stop_install_handlers();
    char events[200], state[200], dead[200];
    snprintf(events, sizeof(events), "%smooc.events.v1", argv[2]);
    snprintf(state, sizeof(state), "%smooc.state.v1", argv[2]);
    snprintf(dead, sizeof(dead), "%smooc.dead.v1", argv[2]);
    struct shard_settings settings = {.brokers = argv[1],
                                      .events_topic = events,
                                      .state_topic = state,
                                      .dead_topic = dead,
                                      .partition = 0,
                                      .instance = argv[3],
                                      .data_dir = argv[4],
                                      .hmac_fingerprint = "test",
                                      .connectors = "made-up=1",
                                      .batch_records = argc > 9 ? strtoll(argv[9], NULL, 10) : 500,
                                      .transaction_timeout_ms =
                                          argc > 11 ? strtoll(argv[11], NULL, 10) : 0,
                                      .patience_ms = argc > 12 ? strtoll(argv[12], NULL, 10) : 0};
    uint64_t seed = strtoull(argv[5], NULL, 10), entities = strtoull(argv[6], NULL, 10),
             rounds = strtoull(argv[7], NULL, 10);
    int64_t pause_ms = argc > 8 ? strtoll(argv[8], NULL, 10) : 0;
    struct error err = {0};
    struct shard *shard = shard_new(&settings, &err);
    if (!shard) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    int code = 0;
    uint64_t incarnation = 0;
    while (!stop_requested()) {
        if (!wait_ready(shard, argc > 10 && strcmp(argv[10], "stay") == 0)) {
            if (stop_requested())
                break;
            printf("%s %s\n", shard_status(shard) == SHARD_FENCED ? "fenced" : "failed",
                   shard_reason(shard));
            code = shard_status(shard) == SHARD_FENCED ? 4 : 1;
            break;
        }
        if (incarnation != shard_incarnation(shard))
            printf("ready %" PRId64 "\n", shard_entities(shard));
        incarnation = shard_incarnation(shard);
        const char *cursor = shard_cursor_get(shard, SOURCE, "round");
        uint64_t round = cursor ? strtoull(cursor, NULL, 10) + 1 : 0;
        if (round >= rounds) {
            tell_desks(shard);
            break;
        }
        if (run_round(shard, seed, entities, round))
            printf("round %" PRIu64 "\n", round);
        if (pause_ms)
            stop_sleep_ms(pause_ms);
    }
    const struct shard_counters *c = shard_counters(shard);
    printf("done events %" PRId64 " state %" PRId64 " commits %" PRId64 " unchanged %" PRId64 "\n",
           c->events, c->state_records, c->commits, c->unchanged);
    return shard_free(shard, 4000) ? code : 5;
}
