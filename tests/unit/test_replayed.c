#include "cmocka_all.h"

#include "../../ingest/state/ledger.h"
#include "../../ingest/state/replayed.h"

#define HAS(field) (UINT64_C(1) << (field))

static const struct event base = {.source = "daotao",
                                  .entity = "e:1",
                                  .subject = "account@daotao:00",
                                  .revision = INT64_C(1700000000000000),
                                  .time = INT64_C(1690000000000000),
                                  .hash = 77,
                                  .course = "course-v1:a",
                                  .wave = "w",
                                  .unit = "u",
                                  .stream = "roster",
                                  .present = HAS(FIELD_COURSE) | HAS(FIELD_WAVE) | HAS(FIELD_UNIT) |
                                             HAS(FIELD_STREAM)};

static struct event of(enum event_type type)
{
    struct event e = base;
    e.type = type;
    return e;
}

/* Whoever adds a type says where it stands, or a rebuild would forget its entities. */
static void every_type_that_can_be_taken_back_is_replayed(void **state)
{
    (void)state;
    struct text_buffer scratch = {0};
    for (int type = EVENT_UNKNOWN + 1; type < EVENT_TYPE_COUNT; type++) {
        struct event e = of((enum event_type)type);
        struct replayed out;
        e.time_observed = true;
        bool paired = event_type_removing(e.type) != EVENT_UNKNOWN;
        if (replayed_entity(&e, true, &scratch, &out) != paired)
            fail_msg("%s", event_type_name(e.type));
        if (paired && event_type_removing(e.type) == e.type)
            assert_true(out.entity.gone);
    }
    text_buffer_free(&scratch);
}

static void fingerprint_revision_and_since_come_from_the_event(void **state)
{
    (void)state;
    struct text_buffer scratch = {0};
    struct replayed out;
    struct event e = of(EVENT_EXAM_GRADED);
    e.present |= HAS(FIELD_PASSED) | HAS(FIELD_SAT);
    e.passed = e.sat = true;
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_int_equal(out.entity.fingerprint, 77);
    assert_int_equal(out.entity.event.revision, e.revision);
    assert_int_equal(out.entity.since,
                     1700000000); /* the platform's own time is not when it was first seen */
    assert_int_equal(out.entity.status, 3);
    e.time_observed = true;
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_int_equal(out.entity.since, 1690000000);
    assert_false(out.entity.gone);
    text_buffer_free(&scratch);
}

static void what_is_gone_stays_gone_with_its_revision(void **state)
{
    (void)state;
    struct text_buffer scratch = {0};
    struct replayed out;
    struct event e = of(EVENT_EXAM_ANNULLED);
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.gone);
    assert_int_equal(out.entity.event.type, EVENT_EXAM_GRADED);
    assert_int_equal(out.entity.event.revision, e.revision);
    assert_int_equal(out.entity.fingerprint, 0);
    assert_int_equal(out.entity.status, LEDGER_STATUS_UNKNOWN);
    text_buffer_free(&scratch);
}

static void a_day_of_a_running_total_is_the_total(void **state)
{
    (void)state;
    struct text_buffer scratch = {0};
    struct replayed out;
    struct event e = of(EVENT_LEARNING_PROGRESSED);
    e.entity = "progress:1:2023-09-20";
    e.day = 19620;
    e.present |= HAS(FIELD_DAY) | HAS(FIELD_PERCENT);
    e.percent = 0.5;
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_true(out.entity.total);
    assert_string_equal(out.entity.event.entity, "progress:1");
    assert_int_equal(out.entity.since, 19620);
    uint64_t today = out.entity.fingerprint;
    e.entity = "progress:1:2023-09-21";
    e.day = 19621;
    assert_true(replayed_entity(&e, true, &scratch, &out));
    assert_int_equal(out.entity.fingerprint, today);         /* the day is not of it */
    assert_true(replayed_entity(&e, false, &scratch, &out)); /* of a source that tells days one by one */
    assert_false(out.entity.total);
    assert_string_equal(out.entity.event.entity, "progress:1:2023-09-21");
    assert_int_equal(out.entity.fingerprint, 77);
    text_buffer_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_that_can_be_taken_back_is_replayed),
        cmocka_unit_test(fingerprint_revision_and_since_come_from_the_event),
        cmocka_unit_test(what_is_gone_stays_gone_with_its_revision),
        cmocka_unit_test(a_day_of_a_running_total_is_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
