/* Records of the state topic: what is written reads back the same, and what is not ours is refused or skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs the four above */
#include <cmocka.h>
#include <string.h>

#include "../../ingest/state/state_record.h"
#include "../../ingest/state/state_scan.h"

struct pair {
    struct text_buffer key, value;
};

static void decode(struct pair *pair, struct state_record *record)
{
    struct error err = {0};
    if (!state_record_decode(pair->key.data, pair->key.length, pair->value.data, pair->value.length,
                             record, &err))
        fail_msg("%s", err.message);
    text_buffer_free(&pair->key);
    text_buffer_free(&pair->value);
}

#define BIT(field) (UINT64_C(1) << FIELD_##field)

static void entity_round_trip(void **state)
{
    (void)state;
    struct state_entity in = {
        .event = {.type = EVENT_EXAM_GRADED,
                  .source = "daotao",
                  .entity = "exam:daotao|\"quoted\":course",
                  .subject = "account@daotao:0123",
                  .revision = INT64_C(1695200000000001),
                  .present = BIT(COURSE) | BIT(EXAM) | BIT(ATTEMPT) | BIT(PASSED) | BIT(SCORE),
                  .course = "course-v1:HG+KNS+2023",
                  .exam = "course",
                  .attempt = 2,
                  .passed = true,
                  .score = 0.8},
        .stream = "grades",
        .substream = "course-v1:HG+KNS+2023",
        .fingerprint = UINT64_C(0xFEDCBA9876543210),
        .since = 1695200000,
        .status = 3};
    struct pair pair = {0};
    state_entity_key(in.event.entity, &pair.key);
    state_entity_value(&in, &pair.value);
    assert_null(strstr(pair.value.data, "score")); /* only what a removal needs */
    struct state_record out;
    decode(&pair, &out);
    assert_int_equal(out.kind, STATE_ENTITY);
    const struct event *e = &out.entity.event;
    assert_int_equal(e->type, EVENT_EXAM_GRADED);
    assert_string_equal(e->entity, in.event.entity);
    assert_string_equal(e->subject, in.event.subject);
    assert_string_equal(e->source, "daotao");
    assert_int_equal(e->revision, in.event.revision);
    assert_int_equal(e->present, BIT(COURSE) | BIT(EXAM) | BIT(ATTEMPT));
    assert_string_equal(e->course, in.event.course);
    assert_string_equal(e->exam, "course");
    assert_int_equal(e->attempt, 2);
    assert_string_equal(out.entity.stream, "grades");
    assert_string_equal(out.entity.substream, in.substream);
    assert_true(out.entity.fingerprint == in.fingerprint);
    assert_int_equal(out.entity.since, 1695200000);
    assert_int_equal(out.entity.status, 3);
    assert_false(out.entity.gone || out.entity.total);
    state_record_free(&out);
}

static void gone_total_and_link_round_trip(void **state)
{
    (void)state;
    struct state_entity total = {.event = {.type = EVENT_LEARNING_PROGRESSED,
                                           .source = "s",
                                           .entity = "progress:a",
                                           .subject = "a",
                                           .revision = 5,
                                           .present = BIT(DAY) | BIT(COURSE),
                                           .course = "c",
                                           .day = 19620},
                                 .stream = "progress",
                                 .substream = "",
                                 .since = 19620,
                                 .gone = true,
                                 .total = true};
    struct pair pair = {0};
    state_entity_key("progress:a", &pair.key);
    state_entity_value(&total, &pair.value);
    struct state_record out;
    decode(&pair, &out);
    assert_true(out.entity.gone && out.entity.total);
    assert_int_equal(out.entity.event.day, 19620);
    assert_string_equal(out.entity.substream, "");
    state_record_free(&out);

    struct state_entity link = {
        .event = {.type = EVENT_IDENTITY_LINKED,
                  .source = "s",
                  .entity = "link:1",
                  .revision = 5,
                  .present = BIT(IDENTIFIERS),
                  .identifiers = {.count = 2, .items = {"email:aa", "citizen:bb"}}},
        .stream = "links",
        .substream = ""};
    pair = (struct pair){0};
    state_entity_key("link:1", &pair.key);
    state_entity_value(&link, &pair.value);
    decode(&pair, &out);
    assert_null(out.entity.event.subject);
    assert_int_equal(out.entity.event.identifiers.count, 2);
    assert_string_equal(out.entity.event.identifiers.items[1], "citizen:bb");
    state_record_free(&out);
}

static void substream_cursor_and_meta_round_trip(void **state)
{
    (void)state;
    struct state_substream in = {.source = "daotao",
                                 .stream = "roster",
                                 .substream = "HG-2023|so-y-te",
                                 .revision = 7,
                                 .through_us = INT64_C(1695200000000000),
                                 .partitions = 8,
                                 .hour = 470888,
                                 .removed = {[2] = 4, [5] = 1}};
    struct pair pair = {0};
    state_substream_key(in.source, in.stream, in.substream, &pair.key);
    state_substream_value(&in, &pair.value);
    struct state_record out;
    decode(&pair, &out);
    assert_int_equal(out.kind, STATE_SUBSTREAM);
    assert_string_equal(out.substream.source, "daotao");
    assert_string_equal(out.substream.stream, "roster");
    assert_string_equal(out.substream.substream, "HG-2023|so-y-te");
    assert_int_equal(out.substream.revision, 7);
    assert_int_equal(out.substream.through_us, in.through_us);
    assert_int_equal(out.substream.partitions, 8);
    assert_int_equal(out.substream.hour, 470888);
    assert_memory_equal(out.substream.removed, in.removed, sizeof(in.removed));
    state_record_free(&out);

    pair = (struct pair){0};
    state_cursor_key("daotao", "head|x", &pair.key);
    state_cursor_value("a\"b", &pair.value);
    decode(&pair, &out);
    assert_int_equal(out.kind, STATE_CURSOR);
    assert_string_equal(out.cursor.source, "daotao");
    assert_string_equal(out.cursor.name, "head|x");
    assert_string_equal(out.cursor.value, "a\"b");
    state_record_free(&out);

    pair = (struct pair){0};
    state_meta_key(&pair.key);
    state_meta_value(&(struct state_meta){"abcd", 2, "files=1 openedx=3"}, &pair.value);
    decode(&pair, &out);
    assert_int_equal(out.kind, STATE_META);
    assert_string_equal(out.meta.hmac, "abcd");
    assert_int_equal(out.meta.key_version, 2);
    assert_string_equal(out.meta.connectors, "files=1 openedx=3");
    state_record_free(&out);
}

static void tombstones_and_later_kinds_are_skipped(void **state)
{
    (void)state;
    struct state_record out;
    assert_true(state_record_decode("e|x", 3, NULL, 0, &out, NULL));
    assert_int_equal(out.kind, STATE_FORGOTTEN_ENTITY);
    assert_string_equal(out.entity.event.entity, "x");
    state_record_free(&out);
    assert_true(state_record_decode("w|s|m|b", 7, NULL, 0, &out, NULL));
    assert_int_equal(out.kind, STATE_FORGOTTEN_SUBSTREAM);
    assert_string_equal(out.substream.substream, "b");
    state_record_free(&out);
    assert_true(state_record_decode("m|log", 5, "{\"ends\":[3,4]}", 14, &out, NULL));
    assert_int_equal(out.kind, STATE_LOG);
    assert_int_equal(out.log.count, 2);
    assert_int_equal(out.log.ends[1], 4);
    state_record_free(&out);
    assert_true(state_record_decode("m|meta", 6, NULL, 0, &out, NULL));
    assert_int_equal(out.kind, STATE_FORGOTTEN_META);
    state_record_free(&out);
    assert_true(state_record_decode("c|s|n", 5, NULL, 0, &out, NULL));
    assert_int_equal(out.kind, STATE_CURSOR);
    assert_null(out.cursor.value);
    state_record_free(&out);
    assert_true(state_record_decode("z|new", 5, "{}", 2, &out, NULL));
    assert_int_equal(out.kind, STATE_UNKNOWN);
    state_record_free(&out);
}

static void what_is_damaged_is_refused(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "{}"},
        {"e|x", "{"},
        {"e|x", "[]"},
        {"e|x", "{\"t\":\"exam.graded\"}"},
        {"e|x", "{\"t\":\"no.such\",\"s\":\"s\",\"m\":\"m\",\"r\":\"1\",\"f\":\"0123456789abcdef\","
                "\"n\":1,\"d\":{}}"},
        {"e|x", "{\"t\":\"exam.graded\",\"s\":\"s\",\"m\":\"m\",\"r\":\"-1\",\"f\":"
                "\"0123456789abcdef\",\"n\":1,\"d\":{}}"},
        {"e|x", "{\"t\":\"exam.graded\",\"s\":\"s\",\"m\":\"m\",\"r\":\"1\",\"f\":\"0123\",\"n\":1,"
                "\"d\":{}}"},
        {"e|x", "{\"t\":\"exam.graded\",\"s\":\"s\",\"m\":\"m\",\"r\":\"1\",\"f\":"
                "\"0123456789abcdef\",\"n\":-1,\"d\":{}}"},
        {"e|x", "{\"t\":\"exam.graded\",\"s\":\"s\",\"m\":\"m\",\"r\":\"1\",\"f\":"
                "\"0123456789abcdef\",\"n\":1}"},
        {"w|a|b", "{}"},
        {"w|a|b|c", "{}"},
        {"c|a", "{\"value\":\"x\"}"},
        {"c|a|b", "{}"},
        {"m|meta", "{\"format\":2,\"hmac\":\"x\",\"key_version\":1,\"connectors\":\"\"}"},
        {"m|meta", "{\"format\":1}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct state_record out;
        struct error err = {0};
        if (state_record_decode(bad[i][0], strlen(bad[i][0]), bad[i][1], strlen(bad[i][1]), &out,
                                &err))
            fail_msg("accepted: %s %s", bad[i][0], bad[i][1]);
        assert_int_equal(err.kind, ERROR_STATE);
        assert_true(err.message[0]);
    }
    struct state_record out;
    assert_false(state_record_decode("e|\xff", 3, "{}", 2, &out, NULL));
    assert_false(state_record_decode("e|a\0b", 5, "{}", 2, &out, NULL));
}

static void scan_sees_what_decode_sees(void **state)
{
    (void)state;
    struct state_record scanned = {0}, decoded;
    for (unsigned shape = 0; shape < 64; shape++) {
        struct state_entity in = {
            .event = {.type = shape & 1 ? EVENT_EXAM_GRADED : EVENT_RECORD_REJECTED,
                      .source = "daotao",
                      .entity = "exam:1",
                      .subject = shape & 2 ? "account@daotao:1" : NULL,
                      .revision = INT64_C(1695200000000001),
                      .present = BIT(COURSE) | BIT(EXAM),
                      .course = "c",
                      .exam = "course"},
            .stream = "grades",
            .substream = shape & 4 ? "course \xc3\xa9" : "",
            .fingerprint = UINT64_C(0x0123456789abcdef) * shape,
            .since = shape & 8 ? 4294967295 : 0,
            .status = shape & 8 ? 255 : 0,
            .gone = shape & 16,
            .total = shape & 32};
        struct pair pair = {0};
        state_entity_key(in.event.entity, &pair.key);
        state_entity_value(&in, &pair.value);
        assert_true(state_entity_scan(pair.key.data, pair.key.length, pair.value.data,
                                      pair.value.length, &scanned));
        decode(&pair, &decoded);
        const struct state_entity *a = &scanned.entity, *b = &decoded.entity;
        assert_int_equal(scanned.kind, STATE_ENTITY);
        assert_string_equal(a->event.entity, b->event.entity);
        assert_string_equal(a->event.source, b->event.source);
        assert_string_equal(a->stream, b->stream);
        assert_string_equal(a->substream, b->substream);
        assert_int_equal(a->event.type, b->event.type);
        assert_int_equal(a->event.revision, b->event.revision);
        assert_true(a->fingerprint == b->fingerprint && a->since == b->since);
        assert_int_equal(a->status, b->status);
        assert_true(a->gone == b->gone && a->total == b->total);
        state_record_free(&decoded);
    }
    state_record_free(&scanned);
}

static void scan_leaves_what_differs_to_decode(void **state)
{
    (void)state;
    static const char good[] = "{\"t\":\"exam.graded\",\"s\":\"s\",\"m\":\"m\",\"r\":\"1\",\"f\":"
                               "\"0123456789abcdef\",\"n\":1,\"d\":{}}";
    struct state_record record = {0};
    assert_true(state_entity_scan("e|x", 3, good, sizeof(good) - 1, &record));
    for (size_t cut = 0; cut < sizeof(good) - 1; cut++)
        assert_false(state_entity_scan("e|x", 3, good, cut, &record));
    char changed[sizeof(good)];
    for (size_t i = 0; i < 70; i++) { /* another member, an escape, no number … */
        memcpy(changed, good, sizeof(good));
        changed[i] = '\\';
        assert_false(state_entity_scan("e|x", 3, changed, sizeof(good) - 1, &record));
    }
    assert_false(state_entity_scan("w|x", 3, good, sizeof(good) - 1, &record));
    assert_false(state_entity_scan("e|x", 3, NULL, 0, &record));
    state_record_free(&record);
}

static void every_fact_has_its_removing_type(void **state)
{
    (void)state;
    assert_int_equal(event_type_removing(EVENT_EXAM_GRADED), EVENT_EXAM_ANNULLED);
    assert_int_equal(event_type_removing(EVENT_ACCOUNT_ACTIVATED), EVENT_ACCOUNT_CLOSED);
    assert_int_equal(event_type_removing(EVENT_ENROLLMENT_CANCELLED), EVENT_ENROLLMENT_CANCELLED);
    assert_int_equal(event_type_removing(EVENT_SOURCE_SWEPT), EVENT_UNKNOWN);
    assert_int_equal(event_type_created(EVENT_ACCOUNT_CLOSED), EVENT_ACCOUNT_CREATED);
    assert_int_equal(event_type_created(EVENT_ACCOUNT_ACTIVATED), EVENT_ACCOUNT_ACTIVATED);
    assert_int_equal(event_type_created(EVENT_RECORD_ACCEPTED), EVENT_RECORD_REJECTED);
    assert_int_equal(event_type_created(EVENT_SOURCE_SWEPT), EVENT_UNKNOWN);
}

static void an_erased_learner_round_trips(void **state)
{
    (void)state;
    struct text_buffer key = {0}, value = {0};
    struct state_record record;
    struct error err = {0};
    struct key128 learner = key128_of("account@p1:x", 12);
    state_erased_key(learner, &key);
    state_erased_value(INT64_C(1700000000000000), &value);
    assert_true(state_record_decode(key.data, key.length, value.data, value.length, &record, &err));
    assert_int_equal(record.kind, STATE_ERASED);
    assert_true(key128_equal(record.erased, learner));
    state_record_free(&record);
    assert_false(state_record_decode("x|0011", 6, "{}", 2, &record, &err));
    assert_int_equal(err.kind, ERROR_STATE);
    text_buffer_free(&key);
    text_buffer_free(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entity_round_trip),
        cmocka_unit_test(gone_total_and_link_round_trip),
        cmocka_unit_test(substream_cursor_and_meta_round_trip),
        cmocka_unit_test(tombstones_and_later_kinds_are_skipped),
        cmocka_unit_test(what_is_damaged_is_refused),
        cmocka_unit_test(scan_sees_what_decode_sees),
        cmocka_unit_test(scan_leaves_what_differs_to_decode),
        cmocka_unit_test(an_erased_learner_round_trips),
        cmocka_unit_test(every_fact_has_its_removing_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
