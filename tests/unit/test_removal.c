/* From what is stored to the event that takes it back, and from the log back to what is stored. */
#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/state/ledger.h"
#include "../../ingest/shard/removal.h"
#include "../../ingest/files/table_map.h"
#include "../../ingest/state/replayed.h"

#define BIT(field) (UINT64_C(1) << FIELD_##field)

struct stored {
    struct text_buffer key, value;
};

static struct stored store(const struct state_entity *entity)
{
    struct stored stored = {0};
    state_entity_key(entity->event.entity, &stored.key);
    state_entity_value(entity, &stored.value);
    return stored;
}

static bool fill(struct batch *batch, const struct stored *s, const char *entity, struct error *err)
{
    struct batch_removal *removal = batch_add_removal(batch, 3, 17);
    removal->entity = key128_of(entity, strlen(entity));
    removal->revision = 200;
    removal->previous = 100;
    removal->seen_us = INT64_C(1695200000000000);
    return removal_fill(batch, removal, s->key.data, s->key.length, s->value.data, s->value.length,
                        err);
}

static void release(struct stored *stored)
{
    text_buffer_free(&stored->key);
    text_buffer_free(&stored->value);
}

static struct event decode(struct event_decoder *decoder, const struct batch *batch, size_t record)
{
    struct event e;
    struct error err = {0};
    const struct batch_record *r = &batch->records[record];
    if (!event_decode(decoder, batch_value(batch, r), r->value_length, &e, &err))
        fail_msg("%s", err.message);
    return e;
}

static void graded_is_annulled_with_what_was_stored(void **state)
{
    (void)state;
    struct state_entity graded = {.event = {.type = EVENT_EXAM_GRADED,
                                            .source = "daotao",
                                            .entity = "exam:1",
                                            .subject = "account@daotao:1",
                                            .revision = 100,
                                            .present = BIT(COURSE) | BIT(EXAM) | BIT(SCORE),
                                            .course = "c",
                                            .exam = "course",
                                            .score = 0.5},
                                  .stream = "grades",
                                  .substream = "c",
                                  .fingerprint = 9};
    struct stored stored = store(&graded);
    struct batch batch = {0};
    assert_true(fill(&batch, &stored, "exam:1", NULL));
    struct event_decoder *decoder = event_decoder_new();
    struct event e = decode(decoder, &batch, 0);
    assert_int_equal(batch.records[0].topic, BATCH_EVENTS);
    assert_int_equal(e.type, EVENT_EXAM_ANNULLED);
    assert_string_equal(e.subject, "account@daotao:1");
    assert_string_equal(e.course, "c");
    assert_string_equal(e.exam, "course");
    assert_int_equal(e.revision, 200);
    assert_int_equal(e.previous, 100);
    assert_true(e.time_observed);
    assert_memory_equal(batch_key(&batch, &batch.records[0]), "account@daotao:1",
                        batch.records[0].key_length);

    struct state_record gone;
    const struct batch_record *r = &batch.records[1];
    assert_int_equal(r->topic, BATCH_STATE);
    assert_int_equal(r->partition, 3);
    assert_int_equal(r->entry, 17);
    assert_true(state_record_decode(batch_key(&batch, r), r->key_length, batch_value(&batch, r),
                                    r->value_length, &gone, NULL));
    assert_true(gone.entity.gone);
    assert_int_equal(gone.entity.event.revision, 200);
    assert_int_equal(gone.entity.since, 1695200000); /* when it was seen to be gone */
    assert_int_equal(gone.entity.event.type, EVENT_EXAM_GRADED);
    assert_string_equal(gone.entity.event.course, "c");
    state_record_free(&gone);
    event_decoder_free(decoder);
    release(&stored);
    batch_free(&batch);
}

static void total_withdraws_its_last_day(void **state)
{
    (void)state;
    struct state_entity total = {.event = {.type = EVENT_LEARNING_PROGRESSED,
                                           .source = "s",
                                           .entity = "progress:1",
                                           .subject = "account@s:1",
                                           .revision = 100,
                                           .present = BIT(COURSE) | BIT(DAY),
                                           .course = "c",
                                           .day = 19620},
                                 .stream = "grades",
                                 .substream = "c",
                                 .since = 19620,
                                 .total = true};
    struct stored stored = store(&total);
    struct batch batch = {0};
    assert_true(fill(&batch, &stored, "progress:1", NULL));
    struct event_decoder *decoder = event_decoder_new();
    struct event e = decode(decoder, &batch, 0);
    assert_int_equal(e.type, EVENT_LEARNING_WITHDRAWN);
    assert_string_equal(e.entity, "progress:1:2023-09-20");
    assert_int_equal(e.day, 19620);
    struct state_record gone;
    const struct batch_record *r = &batch.records[1];
    assert_true(state_record_decode(batch_key(&batch, r), r->key_length, batch_value(&batch, r),
                                    r->value_length, &gone, NULL));
    assert_int_equal(gone.entity.since, 19620); /* a total's is its day */
    state_record_free(&gone);
    event_decoder_free(decoder);
    release(&stored);
    batch_free(&batch);
}

static void rejection_is_taken_back_in_the_dead_topic(void **state)
{
    (void)state;
    struct state_entity dead = {.event = {.type = EVENT_RECORD_REJECTED,
                                          .source = "s",
                                          .entity = "dead:1",
                                          .revision = 100,
                                          .present = BIT(STREAM),
                                          .stream = "roster"},
                                .stream = "roster",
                                .substream = ""};
    struct stored stored = store(&dead);
    struct batch batch = {0};
    assert_true(fill(&batch, &stored, "dead:1", NULL));
    struct event_decoder *decoder = event_decoder_new();
    assert_int_equal(batch.records[0].topic, BATCH_DEAD);
    assert_int_equal(decode(decoder, &batch, 0).type, EVENT_RECORD_ACCEPTED);
    event_decoder_free(decoder);
    release(&stored);
    batch_free(&batch);
}

static void anothers_record_means_reading_anew(void **state)
{
    (void)state;
    struct state_entity other = {.event = {.type = EVENT_ACCOUNT_CREATED,
                                           .source = "s",
                                           .entity = "account:2",
                                           .subject = "a",
                                           .revision = 1},
                                 .stream = "accounts",
                                 .substream = ""};
    struct stored stored = store(&other);
    struct batch batch = {0};
    struct error err = {0};
    assert_false(fill(&batch, &stored, "account:1", &err));
    assert_int_equal(err.kind, ERROR_UNKNOWN_OUTCOME);
    release(&stored);
    batch_free(&batch);
}

static void log_gives_back_what_the_state_held(void **state)
{
    (void)state;
    struct text_buffer scratch = {0}, data = {0};
    struct event e = {.type = EVENT_LEARNING_PROGRESSED,
                      .source = "s",
                      .entity = "progress:1:2023-09-20",
                      .subject = "a",
                      .revision = INT64_C(1695200000000000),
                      .present = BIT(COURSE) | BIT(DAY) | BIT(PERCENT),
                      .course = "c",
                      .day = 19620,
                      .percent = 0.5,
                      .time_observed = true,
                      .time = INT64_C(1695190000000000),
                      .hash = 1};
    struct replayed out;
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.total);
    assert_string_equal(out.entity.event.entity, "progress:1");
    assert_int_equal(out.entity.since, 19620);
    assert_string_equal(out.entity.stream, "grades");
    assert_string_equal(out.entity.substream, "c");
    text_buffer_add(&data, "learning.progressed", 20);
    text_buffer_add_text(&data, "{\"course\":\"c\",\"percent\":0.5}");
    assert_true(out.entity.fingerprint == key128_of(data.data, data.length).hi);

    e = (struct event){.type = EVENT_EXAM_ANNULLED,
                       .source = "s",
                       .entity = "exam:1",
                       .revision = INT64_C(1695200000000000),
                       .course = "c",
                       .hash = 5};
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.gone && !out.entity.total);
    assert_int_equal(out.entity.event.type, EVENT_EXAM_GRADED);

    e = (struct event){.type = EVENT_EXAM_GRADED,
                       .source = "s",
                       .entity = "exam:1",
                       .revision = INT64_C(1695200000000000),
                       .time = INT64_C(1695100000000000),
                       .time_observed = true,
                       .course = "c",
                       .hash = 5};
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.fingerprint == 5);
    assert_int_equal(out.entity.since, 1695100000);
    assert_int_equal(out.entity.status, LEDGER_STATUS_UNKNOWN);

    /* Un-enrolled, and still listed: in force. Vanished: gone. */
    e = (struct event){.type = EVENT_ENROLLMENT_CANCELLED,
                       .source = "s",
                       .entity = "enrollment:1",
                       .revision = INT64_C(1695200000000000),
                       .present = BIT(COURSE) | BIT(MODE),
                       .course = "c",
                       .mode = "honor",
                       .hash = 7};
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_false(out.entity.gone);
    assert_int_equal(out.entity.event.type, EVENT_ENROLLMENT_CANCELLED);
    assert_true(out.entity.fingerprint == 7);
    e.present = BIT(COURSE);
    e.time_observed = true;
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.gone);
    assert_int_equal(out.entity.event.type, EVENT_ENROLLMENT_CREATED);
    e.time_observed = false; /* the platform itself said when: it tells so again */
    e.time = INT64_C(1695100000000000);
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_false(out.entity.gone);
    e.type = EVENT_SOURCE_SWEPT;
    assert_false(replayed_entity(&e, true, &scratch, &out));
    text_buffer_free(&scratch);
    text_buffer_free(&data);
}

/* What the log says of classes goes back to where an import would put it. */
static void attendance_is_rebuilt_where_it_was(void **state)
{
    (void)state;
    struct text_buffer scratch = {0};
    struct event e = {.type = EVENT_ATTENDANCE_RECORDED,
                      .source = "s",
                      .entity = "attendance:W1:0:2023-06-20:email:a+1",
                      .subject = "email:a+1",
                      .revision = INT64_C(1695200000000000),
                      .present = BIT(CLASS) | BIT(DAY) | BIT(WAVE),
                      .class_name = "L\xE1\xBB\x9Bp 1",
                      .wave = "W1",
                      .day = 19528,
                      .hash = 9};
    struct replayed out;
    char substream[TABLE_SUBSTREAM];
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_false(out.entity.total || out.entity.gone);
    assert_string_equal(out.entity.stream, "attendance");
    table_attendance_substream(&e, substream);
    assert_string_equal(out.entity.substream, substream);
    assert_int_equal(strncmp(substream, "W1/", 3), 0);
    e.type = EVENT_ATTENDANCE_WITHDRAWN;
    e.subject = NULL;
    e.unit = "U1";
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.gone);
    assert_string_equal(out.entity.stream, "headcounts");
    assert_int_equal(strncmp(out.entity.substream, "W1/U1/", 6), 0);
    text_buffer_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attendance_is_rebuilt_where_it_was),
        cmocka_unit_test(graded_is_annulled_with_what_was_stored),
        cmocka_unit_test(total_withdraws_its_last_day),
        cmocka_unit_test(rejection_is_taken_back_in_the_dead_topic),
        cmocka_unit_test(anothers_record_means_reading_anew),
        cmocka_unit_test(log_gives_back_what_the_state_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
