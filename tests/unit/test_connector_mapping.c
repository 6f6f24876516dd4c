/* Records to events: Open edX by its connector file, and a file that uses all of the language. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/mapping/mapping.h"

#define COURSE "course-v1:ORG+DX01+2026"

enum name { COURSE_NAME, EXAM_NAME, GRADEBOOK, ATTEMPTED, EXAM_ATTEMPTED, LEAST, NAMES };
static const char *const name_items[NAMES] = {
    "course",      "course.exam", "gradebook", "gradebook.attempted", "gradebook.exam_attempted",
    "option.least"};
static const struct name_list names = {.count = NAMES, .items = name_items};

static struct yaml *openedx, *features;
static struct mapping *enrollments, *grades, *certificates, *accounts, *everything;
static struct hmac *hmac;
static struct error err;
static struct map_output out;
static const char *texts[NAMES];

static struct mapping *compile(const struct yaml *doc, const char *stream)
{
    return mapping_compile(doc, yaml_get(yaml_get(yaml_root(doc), "streams"), stream), &names, &err);
}

static int set_up(void **state)
{
    (void)state;
    hmac = hmac_new("a key of sixteen", 16, &err);
    openedx = yaml_load_file("ingest/connectors/openedx.yaml", &err);
    features = yaml_load_file("tests/fuzz/data/every_feature.yaml", &err);
    if (!hmac || !openedx || !features)
        return -1;
    enrollments = compile(openedx, "enrollments");
    grades = compile(openedx, "grades");
    certificates = compile(openedx, "certificates");
    accounts = compile(openedx, "accounts");
    everything = compile(features, "everything");
    if (enrollments && grades && certificates && accounts && everything)
        return 0;
    fprintf(stderr, "%s\n", err.message);
    return -1;
}

static int tear_down(void **state)
{
    (void)state;
    mapping_free(enrollments);
    mapping_free(grades);
    mapping_free(certificates);
    mapping_free(accounts);
    mapping_free(everything);
    yaml_unload(openedx);
    yaml_unload(features);
    hmac_free(hmac);
    text_buffer_free(&out.room);
    text_buffer_free(&out.scratch);
    return 0;
}

static int each_time(void **state)
{
    (void)state;
    memset(texts, 0, sizeof texts);
    texts[COURSE_NAME] = COURSE;
    return 0;
}

static bool wants_course(void *context, const char *course)
{
    (void)context;
    return strcmp(course, "other") != 0;
}

/* The tree stays until the next record: events point into it. */
static bool map(const struct mapping *mapping, const char *text)
{
    static struct json *record, *outer;
    json_free(record);
    json_free(outer);
    record = json_parse_exact(text, strlen(text), &err);
    outer = json_parse("{\"owner\":\"owner_7\"}", 19, &err);
    if (!record)
        fail_msg("%s: %s", text, err.message);
    struct map_input in = {.source = "daotao",
                           .hmac = hmac,
                           .today = clock_day_from_civil(2026, 11, 22),
                           .record = record,
                           .enclosing = outer,
                           .texts = texts,
                           .course = mapping == accounts || mapping == everything ? NULL : COURSE,
                           .wants_course = wants_course};
    err.kind = ERROR_NONE;
    bool ok = mapping_apply(mapping, &in, &out, &err);
    assert_int_equal(ok, err.kind == ERROR_NONE);
    return ok;
}

static void told(const struct mapping *mapping, const char *text, size_t count)
{
    if (!map(mapping, text))
        fail_msg("%s: %s", text, err.message);
    assert_int_equal(out.count, count);
}

static void refused(const struct mapping *mapping, const char *text, const char *reason)
{
    if (map(mapping, text))
        fail_msg("accepted: %s", text);
    assert_int_equal(err.kind, ERROR_DATA);
    if (strncmp(err.message, reason, strlen(reason)) != 0 || err.message[strlen(reason)] != ':')
        fail_msg("%s: %s, not %s", text, err.message, reason);
    assert_null(strstr(err.message, "nguyen"));
}

static int64_t instant(const char *text)
{
    int64_t us = 0;
    assert_true(clock_parse(text, &us));
    return us;
}

/* "<begin>:<hex of the account><rest>" */
static void assert_entity(const char *entity, const char *begin, const char *account, const char *rest)
{
    char key[IDENTITY_KEY], expected[600];
    identity_account_key(hmac, "daotao", account, key);
    snprintf(expected, sizeof expected, "%s:%s%s", begin, strrchr(key, ':') + 1, rest);
    assert_string_equal(entity, expected);
}

/* ---- Open edX ---- */

static void openedx_enrollments(void **state)
{
    (void)state;
    const struct event *e = &out.items[0].event;
    told(enrollments,
         "{\"created\":\"2026-11-21T08:15:30.123456Z\",\"mode\":\"honor\",\"is_active\":true,"
         "\"user\":\"nguyen_a\",\"course_id\":\"" COURSE "\"}",
         1);
    assert_int_equal(out.items[0].action, MAP_OBSERVE);
    assert_int_equal(e->type, EVENT_ENROLLMENT_CREATED);
    assert_string_equal(e->type_name, "enrollment.created");
    assert_int_equal(e->time, instant("2026-11-21T08:15:30.123456Z"));
    assert_false(e->time_observed);
    assert_string_equal(e->course, COURSE);
    assert_string_equal(e->mode, "honor");
    assert_entity(e->entity, "enrollment:daotao:" COURSE, "nguyen_a", "");
    assert_string_equal(out.account, "nguyen_a");
    assert_int_equal(out.items[0].status, 1);
    told(enrollments, "{\"mode\":\"honor\",\"is_active\":false,\"user\":\"nguyen_a\"}", 1);
    assert_int_equal(e->type, EVENT_ENROLLMENT_CANCELLED);
    assert_true(e->time_observed);
    assert_entity(e->entity, "enrollment:daotao:" COURSE, "nguyen_a", "");
    assert_int_equal(out.items[0].status, 0);
    told(enrollments, "{\"user\":\"retired__user_0a1b\",\"is_active\":false}", 0);
    assert_true(out.skipped);
}

static void openedx_faulty_records(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"{\"user\":\"nguyen_a\",\"created\":\"gestern\",\"is_active\":true}", "date_malformed",
         "named"},
        {"{\"user\":\"nguyen_a\",\"created\":7,\"is_active\":true}", "date_malformed", "named"},
        {"{\"user\":\"nguyen_a\",\"created\":\"2026-02-31T00:00:00Z\",\"is_active\":true}",
         "date_malformed", "named"},
        {"{\"user\":\"nguyen_a\",\"created\":\"2026-11-21T08:15:30Z\"}", "is_active_missing", "named"},
        {"{\"user\":\"nguyen_a\",\"is_active\":\"true\"}", "is_active_missing", "named"},
        {"{\"user\":\"\",\"is_active\":true}", "username_malformed", NULL},
        {"{\"user\":\"nguyen,a\",\"is_active\":true}", "username_malformed", NULL},
        {"{\"user\":\"nguyen\\na\",\"is_active\":true}", "username_malformed", NULL},
        {"{\"user\":{\"name\":\"nguyen\"},\"is_active\":true}", "username_malformed", NULL},
        {"{\"user\":\"nguyen_a\",\"is_active\":true,\"course_id\":\"course-v1:X+Y+Z\"}",
         "course_mismatch", "named"},
        {"[\"nguyen_a\"]", "not_an_object", NULL},
        {"\"nguyen_a\"", "not_an_object", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        refused(enrollments, cases[i][0], cases[i][1]);
        assert_int_equal(out.account && out.count == 1 && *out.items[0].entity, cases[i][2] != NULL);
    }
    assert_string_equal(out.items[0].entity, "");
    refused(grades, "{\"username\":\"nguyen_a\",\"passed\":true}", "percent_malformed");
    refused(grades, "{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":-0.5}",
            "percent_malformed");
    refused(grades, "{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":1e999}",
            "percent_malformed");
    refused(grades, "{\"username\":\"nguyen_a\",\"passed\":null,\"percent\":0.5}", "passed_missing");
    assert_string_equal(out.account, "nguyen_a");
    assert_int_equal(out.count, 2); /* neither is missing from the sweep */
    assert_entity(out.items[0].total_entity, "progress:daotao:" COURSE, "nguyen_a", "");
    assert_entity(out.items[1].entity, "exam:daotao:" COURSE, "nguyen_a", ":course");
}

static void openedx_grades(void **state)
{
    (void)state;
    const struct map_item *progress = &out.items[0], *exam = &out.items[1];
    texts[GRADEBOOK] = "true";
    told(grades, "{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.35}", 2);
    assert_int_equal(progress->action, MAP_OBSERVE);
    assert_true(progress->event.percent == 0.35 && progress->event.time_observed);
    assert_int_equal(progress->event.day, clock_day_from_civil(2026, 11, 22));
    assert_entity(progress->total_entity, "progress:daotao:" COURSE, "nguyen_a", "");
    assert_entity(progress->entity, "progress:daotao:" COURSE, "nguyen_a", ":2026-11-22");
    assert_int_equal(exam->action, MAP_OBSERVE_IF_HELD);
    assert_false(exam->event.sat);
    told(grades, "{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.0}", 2);
    assert_int_equal(progress->action, MAP_REMOVE_IF_HELD);
    texts[ATTEMPTED] = texts[EXAM_ATTEMPTED] = "true";
    told(grades, "{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.0}", 2);
    assert_int_equal(progress->action, MAP_OBSERVE); /* an attempt is participation */
    assert_int_equal(exam->action, MAP_OBSERVE);
    assert_true(exam->event.sat && !exam->event.passed);
    assert_string_equal(exam->event.exam, "course");
    assert_true(exam->event.score == 0.0 && exam->event.max_score == 1.0);
    assert_int_equal(exam->status, 2);
    told(grades, "{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":1.04}", 2);
    assert_true(progress->event.percent == 1.0 && exam->event.score == 1.0);
    assert_int_equal(exam->status, 3);
    texts[ATTEMPTED] = texts[EXAM_ATTEMPTED] = NULL;
    told(grades, "{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":null}", 2);
    assert_int_equal(progress->action, MAP_OBSERVE);
    assert_false(event_has(&progress->event, FIELD_PERCENT));
    assert_false(event_has(&exam->event, FIELD_SCORE) || event_has(&exam->event, FIELD_MAX_SCORE));
    texts[GRADEBOOK] = NULL; /* nothing is known of attempts: what was seen before stays */
    told(grades, "{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.0}", 1);
    assert_int_equal(out.items[0].event.type, EVENT_EXAM_GRADED);
    assert_true(out.items[0].event.sat);
}

static void openedx_certificates_and_accounts(void **state)
{
    (void)state;
    const struct event *e = &out.items[0].event;
    told(certificates,
         "{\"username\":\"nguyen_a\",\"course_id\":\"" COURSE
         "\",\"created_date\":\"2015-12-03T13:14:28+0000\",\"status\":\"downloadable\"}",
         1);
    assert_int_equal(out.items[0].action, MAP_OBSERVE);
    assert_int_equal(e->time, instant("2015-12-03T13:14:28Z"));
    assert_string_equal(e->status, "downloadable");
    told(certificates,
         "{\"username\":\"a\",\"course_id\":\"" COURSE
         "\",\"status\":\"downloadable\",\"is_passing\":false}",
         1);
    assert_int_equal(out.items[0].action, MAP_REMOVE_IF_HELD);
    told(certificates, "{\"username\":\"a\",\"course_id\":\"course-v1:X+Y+Z\",\"status\":\"x\"}", 0);
    refused(certificates, "{\"username\":\"a\",\"course_id\":\"" COURSE "\"}",
            "certificate_malformed");
    refused(certificates, "{\"username\":\"a\",\"status\":\"downloadable\"}",
            "certificate_malformed");

    char normal[IDENTITY_TEXT], key[IDENTITY_KEY];
    told(accounts,
         "{\"username\":\"nguyen_a\",\"email\":\" Nguyen.A@HaGiang.gov.vn \",\"name\":\"Nguyễn Văn "
         "A\",\"is_active\":true,\"date_joined\":\"2023-09-18T02:00:00Z\"}",
         1);
    assert_int_equal(identity_normalise_email("nguyen.a@hagiang.gov.vn", normal), IDENTITY_OK);
    identity_key(hmac, "email", normal, key);
    assert_int_equal(e->type, EVENT_ACCOUNT_ACTIVATED);
    assert_true(event_has(e, FIELD_ACTIVATED) && e->activated);
    assert_string_equal(e->identifiers.items[0], key);
    assert_string_equal(out.email, " Nguyen.A@HaGiang.gov.vn ");
    assert_memory_equal(e->name, "name:", 5);
    assert_false(event_has(e, FIELD_COURSE));
    assert_entity(e->entity, "account:daotao", "nguyen_a", "");
    told(accounts, "{\"username\":\"nguyen_a\",\"email\":\"nguyen at home\",\"is_active\":false}", 1);
    assert_int_equal(e->type, EVENT_ACCOUNT_CREATED);
    assert_false(event_has(e, FIELD_IDENTIFIERS) || event_has(e, FIELD_NAME));
    assert_true(event_has(e, FIELD_ACTIVATED) && !e->activated);
    told(accounts, "{\"username\":\"nguyen_a\"}", 1); /* what a caller without staff rights is shown */
    assert_false(event_has(e, FIELD_ACTIVATED));
}

/* ---- all of the language ---- */

#define USER                                                                                       \
    "\"user\":{\"id\":9007199254740993,\"mail\":\"a@b.vn\",\"citizen\":1090000001,\"phone\":"      \
    "\"0912 345 678\",\"first\":\"Lê\",\"last\":\"A\"}"

static const struct map_item *item_of(enum event_type type)
{
    for (size_t i = 0; i < out.count; i++) {
        if (out.items[i].event.type == type)
            return &out.items[i];
    }
    fail_msg("no event of type %s", event_type_name(type));
    return NULL;
}

static void everything_at_once(void **state)
{
    (void)state;
    texts[LEAST] = "0.5";
    told(everything,
         "{" USER
         ",\"course\":\"c1\",\"enrolled\":\"20/9/2026 8:15:30\",\"lesson\":12,\"day\":\"2026-"
         "09-21\",\"seen\":1790000000123,\"done\":45,\"share\":0.75,\"exam\":\"final\",\"attempt\":"
         "2,"
         "\"score\":8,\"max\":10,\"parts\":[{\"label\":\" "
         "final\"}],\"at\":1790000000,\"certified\":true,"
         "\"certificate\":77,\"certified_at\":null,\"joined\":\"2026-01-02 03:04:05\"}",
         6);
    const struct event *e = &item_of(EVENT_ENROLLMENT_CREATED)->event;
    const char *id = "9007199254740993"; /* every digit of it */
    assert_string_equal(out.account, id);
    assert_string_equal(out.course, "course-1");
    assert_int_equal(e->time, instant("2026-09-20T01:15:30Z"));
    assert_string_equal(e->mode, "standard");
    assert_string_equal(e->course, "course-1");
    assert_entity(e->entity, "enrollment:daotao:course-1", id, "");
    e = &out.items[1].event;
    assert_entity(e->entity, "progress:daotao:course-1", id, ":12:2026-09-21");
    assert_string_equal(out.items[1].total_entity, "");
    assert_int_equal(e->day, clock_day_from_civil(2026, 9, 21));
    assert_int_equal(e->time, INT64_C(1790000000123000));
    assert_true(e->progress == 0.45);
    assert_entity(out.items[2].total_entity, "progress:daotao:course-1", id, "");
    assert_true(out.items[2].event.percent == 0.75);
    assert_true(out.items[2].lasting && !out.items[1].lasting && !out.items[0].lasting);
    e = &item_of(EVENT_EXAM_GRADED)->event;
    assert_entity(e->entity, "exam:daotao:course-1", id, ":final:2");
    assert_true(e->passed && e->sat && e->score == 8 && e->max_score == 10 && e->attempt == 2);
    assert_string_equal(e->exam, "final");
    assert_int_equal(e->time, INT64_C(1790000000000000));
    e = &item_of(EVENT_CERTIFICATE_ISSUED)->event;
    assert_string_equal(e->entity, "daotao:certificate:77");
    assert_string_equal(e->status, "issued");
    assert_true(e->time_observed);
    e = &item_of(EVENT_ACCOUNT_ACTIVATED)->event;
    assert_int_equal(e->identifiers.count, 3);
    assert_memory_equal(e->identifiers.items[1], "citizen:", 8);
    assert_memory_equal(e->identifiers.items[2], "phone:", 6);
    assert_int_equal(e->time, instant("2026-01-02T03:04:05Z"));
    assert_true(event_has(e, FIELD_NAME));
}

static void parts_of_it(void **state)
{
    (void)state;
    told(everything, "{" USER ",\"course\":\"c3\"}", 0); /* nobody wants that course */
    assert_true(out.skipped);
    told(everything, "{" USER ",\"course\":\"c1\",\"kind\":\"trial\"}", 0);
    assert_true(out.skipped);
    told(everything, "{\"user\":{},\"course\":\"c2\",\"certified\":false,\"logins\":-1}", 2);
    assert_string_equal(out.account, "owner_7"); /* of the record around it */
    assert_int_equal(out.items[0].action, MAP_REMOVE_IF_HELD);
    assert_int_equal(out.items[1].event.type, EVENT_ACCOUNT_ACTIVATED); /* the first of one entity */
    texts[LEAST] = "0.5";
    told(everything, "{" USER ",\"course\":\"c2\",\"certified\":false,\"share\":0.1,\"logins\":7}",
         3);
    assert_int_equal(out.items[1].action, MAP_OBSERVE_IF_HELD);
    told(everything,
         "{" USER ",\"course\":\"c2\",\"certified\":false,\"voided\":\"77\",\"logins\":7}", 4);
    assert_string_equal(out.items[2].entity, "daotao:certificate:77");
    assert_int_equal(out.items[2].action, MAP_REMOVE_IF_HELD);

    /* What is taken back by its whole name needs neither course nor learner. */
    told(everything, "{\"voided\":\"77\",\"user\":{\"id\":\"a b\"}}", 1);
    assert_string_equal(out.items[0].entity, "daotao:certificate:77");
    assert_null(out.account);
    told(everything, "{" USER ",\"voided\":\"77\",\"course\":\"c3\"}", 1);
    assert_false(out.skipped);
    refused(everything, "{\"user\":{\"id\":\"a b\"},\"course\":\"c1\"}", "username_malformed");

    refused(everything, "{" USER "}", "course_missing");
    refused(everything, "{\"course\":\"c1\"}", "user_missing");
    refused(everything, "{" USER ",\"course\":\"c1\",\"score\":11,\"max\":10}", "score_too_high");
    refused(everything, "{" USER ",\"course\":\"c1\",\"certified\":true}", "entity_missing");
    refused(everything,
            "{" USER ",\"course\":\"c1\",\"certified\":false,\"exam\":\"x\",\"parts\":[]}",
            "key_missing");
    refused(everything,
            "{" USER
            ",\"course\":\"c1\",\"certified\":false,\"exam\":\"x\",\"attempt\":1.5,\"parts\":[]}",
            "attempt_malformed");
    refused(everything,
            "{" USER ",\"course\":\"c1\",\"certified\":false,\"enrolled\":\"31/02/2026 00:00:00\"}",
            "date_malformed");
    refused(
        everything,
        "{" USER
        ",\"course\":\"c1\",\"certified\":false,\"lesson\":1,\"day\":\"2026-09-21\",\"done\":4500}",
        "progress_malformed");
    char text[1200], lesson[400];
    memset(lesson, 'x', sizeof lesson - 1);
    lesson[sizeof lesson - 1] = '\0';
    snprintf(text, sizeof text,
             "{" USER ",\"course\":\"c1\",\"certified\":false,\"lesson\":\"%s\"}", lesson);
    refused(everything, text, "entity_too_long");
    assert_string_equal(out.account, "9007199254740993");
    assert_entity(out.items[0].entity, "enrollment:daotao:course-1", out.account, "");
}

static void lone_entities(void **state)
{
    (void)state;
    char entity[EVENT_MAX_KEY + 1];
    struct map_input in = {.source = "daotao", .course = COURSE, .hmac = hmac};
    assert_true(mapping_lone_entity(certificates, &in, "a", entity));
    assert_entity(entity, "certificate:daotao:" COURSE, "a", "");
    assert_true(mapping_lone_entity(enrollments, &in, "a", entity));
    assert_false(mapping_lone_entity(grades, &in, "a", entity));
    assert_false(mapping_lone_entity(everything, &in, "a", entity));
    in.course = NULL;
    assert_true(mapping_lone_entity(accounts, &in, "a", entity));
    assert_entity(entity, "account:daotao", "a", "");
    assert_false(mapping_lone_entity(certificates, &in, "a", entity));
    /* A stream without events finds accounts. */
    struct mapping *finder = compile(openedx, "search_emails");
    assert_non_null(finder);
    assert_false(mapping_lone_entity(finder, &in, "a", entity));
    mapping_free(finder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(openedx_enrollments, each_time),
        cmocka_unit_test_setup(openedx_faulty_records, each_time),
        cmocka_unit_test_setup(openedx_grades, each_time),
        cmocka_unit_test_setup(openedx_certificates_and_accounts, each_time),
        cmocka_unit_test_setup(everything_at_once, each_time),
        cmocka_unit_test_setup(parts_of_it, each_time),
        cmocka_unit_test_setup(lone_entities, each_time),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
