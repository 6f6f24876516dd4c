#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/openedx/map.h"

#define COURSE "course-v1:ORG+DX01+2026"

static struct hmac *hmac;
static struct error err;

static int set_up(void **state)
{
    (void)state;
    hmac = hmac_new("a key of sixteen", 16, &err);
    return hmac ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hmac_free(hmac);
    return 0;
}

static struct map_input input(void)
{
    int32_t today = clock_day_from_civil(2026, 11, 22);
    return (struct map_input){.source = "daotao", .course = COURSE, .hmac = hmac, .today = today};
}

static struct json *parse(const char *text)
{
    err = (struct error){.kind = ERROR_NONE};
    struct json *record = json_parse(text, strlen(text), &err);
    assert_non_null(record);
    return record;
}

static int64_t instant(const char *text)
{
    int64_t us = 0;
    assert_true(clock_parse(text, &us));
    return us;
}

/* The reason at the head of the message. */
static void assert_reason(const char *reason)
{
    assert_int_equal(err.kind, ERROR_DATA);
    assert_memory_equal(err.message, reason, strlen(reason));
    assert_int_equal(err.message[strlen(reason)], ':');
    assert_null(strstr(err.message, "nguyen"));
}

static void enrollment_created(void **state)
{
    (void)state;
    struct json *r =
        parse("{\"created\":\"2026-11-21T08:15:30.123456Z\",\"mode\":\"honor\","
              "\"is_active\":true,\"user\":\"nguyen_a\",\"course_id\":\"" COURSE "\"}");
    struct map_input in = input();
    struct map_output out;
    assert_true(map_enrollment(&in, r, &out, &err));
    assert_int_equal(out.count, 1);
    const struct event *e = &out.items[0].event;
    assert_int_equal(out.items[0].action, MAP_OBSERVE);
    assert_int_equal(e->type, EVENT_ENROLLMENT_CREATED);
    assert_string_equal(e->type_name, "enrollment.created");
    assert_int_equal(e->time, instant("2026-11-21T08:15:30.123456Z"));
    assert_false(e->time_observed);
    assert_string_equal(e->course, COURSE);
    assert_string_equal(e->mode, "honor");
    char key[IDENTITY_KEY], entity[EVENT_MAX_KEY];
    identity_account_key(hmac, "daotao", "nguyen_a", key);
    assert_string_equal(e->subject, key);
    snprintf(entity, sizeof entity, "enrollment:daotao:" COURSE ":%s", strchr(key, ':') + 1);
    assert_string_equal(e->entity, entity);
    assert_int_equal(strlen(strchr(key, ':') + 1), 32);
    assert_string_equal(out.username, "nguyen_a");
    assert_null(strstr(e->entity, "nguyen"));
    json_free(r);
}

static void enrollment_cancelled_keeps_the_entity(void **state)
{
    (void)state;
    struct json *r =
        parse("{\"created\":\"2026-11-21T08:15:30Z\",\"mode\":\"honor\","
              "\"is_active\":false,\"user\":\"nguyen_a\",\"course_key\":\"" COURSE "\"}");
    struct json *a = parse("{\"created\":\"2026-11-21T08:15:30Z\",\"is_active\":true,"
                           "\"user\":\"nguyen_a\"}");
    struct map_input in = input();
    struct map_output out, before;
    assert_true(map_enrollment(&in, a, &before, &err));
    assert_true(map_enrollment(&in, r, &out, &err));
    assert_int_equal(out.items[0].event.type, EVENT_ENROLLMENT_CANCELLED);
    assert_true(out.items[0].event.time_observed);
    assert_string_equal(out.items[0].entity, before.items[0].entity);
    assert_int_not_equal(out.items[0].status, before.items[0].status);
    json_free(r);
    json_free(a);
}

static void faulty_enrollments(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"user\":\"nguyen_a\",\"created\":\"gestern\",\"is_active\":true}", "date_malformed"},
        {"{\"user\":\"nguyen_a\",\"created\":7,\"is_active\":true}", "date_malformed"},
        {"{\"user\":\"nguyen_a\",\"created\":\"2026-11-21T08:15:30Z\"}", "is_active_missing"},
        {"{\"user\":\"nguyen_a\",\"is_active\":\"true\"}", "is_active_missing"},
        {"{\"user\":\"\",\"is_active\":true}", "username_malformed"},
        {"{\"user\":\"nguyen,a\",\"is_active\":true}", "username_malformed"},
        {"{\"user\":\"nguyen\\na\",\"is_active\":true}", "username_malformed"},
        {"{\"user\":{\"name\":\"nguyen\"},\"is_active\":true}", "username_malformed"},
        {"{\"user\":\"nguyen_a\",\"is_active\":true,\"course_id\":\"course-v1:X+Y+Z\"}",
         "course_mismatch"},
        {"[\"nguyen_a\"]", "not_an_object"},
        {"\"nguyen_a\"", "not_an_object"},
    };
    struct map_input in = input();
    struct map_output out;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json *r = parse(cases[i][0]);
        assert_false(map_enrollment(&in, r, &out, &err));
        assert_reason(cases[i][1]);
        bool named = strstr("date_malformed is_active_missing", cases[i][1]) != NULL;
        assert_int_equal(out.username && *out.items[0].entity, named);
        json_free(r);
    }
}

static void an_erased_account_says_nothing(void **state)
{
    (void)state;
    struct json *r = parse("{\"user\":\"retired__user_0a1b\",\"is_active\":false}");
    struct map_input in = input();
    struct map_output out;
    assert_true(map_enrollment(&in, r, &out, &err));
    assert_int_equal(out.count, 0);
    json_free(r);
}

static void map_one_grade(const char *text, struct learner_table *gradebook, struct json **record,
                          struct map_output *out)
{
    struct map_input in = input();
    in.gradebook = gradebook;
    *record = parse(text);
    assert_true(map_grade(&in, *record, out, &err));
    assert_int_equal(out->count, 2);
}

static const char *gradebook_row =
    "{\"user_id\":7,\"username\":\"nguyen_a\",\"full_name\":\"A\",\"percent\":0.1,"
    "\"section_breakdown\":["
    "{\"attempted\":%s,\"category\":\"Homework\",\"label\":\"HW 01\",\"module_id\":\"block-v1:hw\","
    "\"percent\":0.1,\"score_earned\":1,\"score_possible\":10,\"subsection_name\":\"Bài tập\"},"
    "{\"attempted\":%s,\"category\":\"Final "
    "exam\",\"label\":\"Final\",\"module_id\":\"block-v1:exam\","
    "\"percent\":0,\"score_earned\":0,\"score_possible\":20,\"subsection_name\":\"Thi cuối "
    "khóa\"}]}";

static uint8_t row_flags(const char *homework, const char *exam_attempted, const char *exam)
{
    char text[1024];
    const char *username;
    uint8_t flags;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, gradebook_row, homework, exam_attempted);
#pragma GCC diagnostic pop
    struct json *r = parse(text);
    assert_true(map_gradebook_row(r, exam, &username, &flags, &err));
    assert_string_equal(username, "nguyen_a");
    json_free(r);
    return flags;
}

static void gradebook_rows(void **state)
{
    (void)state;
    static const char *const names[] = {"Thi cuối khóa",
                                        "Final",
                                        "block-v1:exam",
                                        "Final exam",
                                        "Thi cu\x6f\xcc\x82\xcc\x81i kh\x6f\xcc\x81"
                                        "a", /* decomposed */
                                        "  Thi cuối  khóa "};
    assert_int_equal(row_flags("false", "false", "Final"), 0);
    assert_int_equal(row_flags("true", "false", "Final"), GRADEBOOK_ATTEMPTED);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(row_flags("false", "true", names[i]),
                         GRADEBOOK_ATTEMPTED | GRADEBOOK_EXAM_ATTEMPTED);
    assert_int_equal(row_flags("true", "true", ""), GRADEBOOK_ATTEMPTED);
    assert_int_equal(row_flags("true", "true", "Another exam"), GRADEBOOK_ATTEMPTED);
    assert_int_equal(row_flags("null", "\"true\"", "Final"), 0);
    struct json *bad = parse("{\"username\":\"nguyen_a\",\"section_breakdown\":null}");
    const char *username;
    uint8_t flags;
    assert_false(map_gradebook_row(bad, "Final", &username, &flags, &err));
    assert_reason("section_breakdown_missing");
    assert_string_equal(username, "nguyen_a");
    json_free(bad);
}

static void a_grade_at_zero_is_no_activity(void **state)
{
    (void)state;
    struct learner_table *gradebook = learner_table_new();
    struct json *r;
    struct map_output out;
    learner_table_put(gradebook, "nguyen_a")->flags = 0;
    map_one_grade("{\"username\":\"nguyen_a\",\"email\":\"\",\"course_id\":\"" COURSE
                  "\",\"passed\":false,\"percent\":0.0,\"letter_grade\":null}",
                  gradebook, &r, &out);
    assert_int_equal(out.items[0].action, MAP_REMOVE_IF_HELD);
    assert_int_equal(out.items[1].action, MAP_OBSERVE_IF_HELD);
    assert_false(out.items[1].event.sat);
    json_free(r);
    learner_table_free(gradebook);
}

static void progress_is_the_day_of_a_running_total(void **state)
{
    (void)state;
    struct learner_table *gradebook = learner_table_new();
    struct json *r;
    struct map_output out;
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.35}", gradebook, &r,
                  &out);
    const struct map_item *item = &out.items[0];
    assert_int_equal(item->action, MAP_OBSERVE);
    assert_int_equal(item->event.type, EVENT_LEARNING_PROGRESSED);
    assert_true(item->event.percent == 0.35);
    assert_int_equal(item->event.day, clock_day_from_civil(2026, 11, 22));
    assert_true(item->event.time_observed);
    size_t length = strlen(item->total_entity);
    assert_memory_equal(item->entity, item->total_entity, length);
    assert_string_equal(item->entity + length, ":2026-11-22");
    assert_memory_equal(item->total_entity, "progress:daotao:" COURSE ":", 40);
    json_free(r);
    learner_table_free(gradebook);
}

static void sat_is_passed_or_attempted(void **state)
{
    (void)state;
    struct learner_table *gradebook = learner_table_new();
    struct json *r;
    struct map_output out;
    learner_table_put(gradebook, "nguyen_a")->flags = GRADEBOOK_ATTEMPTED | GRADEBOOK_EXAM_ATTEMPTED;
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.0}", gradebook, &r,
                  &out);
    const struct event *e = &out.items[1].event;
    assert_int_equal(out.items[0].action, MAP_OBSERVE); /* an attempt is participation */
    assert_int_equal(out.items[1].action, MAP_OBSERVE);
    assert_int_equal(e->type, EVENT_EXAM_GRADED);
    assert_true(e->sat);
    assert_false(e->passed);
    assert_string_equal(e->exam, "course");
    assert_true(e->score == 0.0 && e->max_score == 1.0);
    uint8_t failed = out.items[1].status;
    json_free(r);
    map_one_grade("{\"username\":\"tran_b\",\"passed\":true,\"percent\":0.83}", gradebook, &r, &out);
    assert_int_equal(out.items[1].action, MAP_OBSERVE);
    assert_true(e->sat && e->passed && e->score == 0.83);
    assert_true(out.passed);
    assert_int_not_equal(out.items[1].status, failed);
    uint8_t passed = out.items[1].status;
    json_free(r);
    /* 0.83 to 0.85 moves no day: the status byte is that of before. */
    map_one_grade("{\"username\":\"tran_b\",\"passed\":true,\"percent\":0.85}", gradebook, &r, &out);
    assert_int_equal(out.items[1].status, passed);
    json_free(r);
    learner_table_free(gradebook);
}

static void without_gradebook_sat_counts_passed_only(void **state)
{
    (void)state;
    struct json *r;
    struct map_output out;
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.2}", NULL, &r, &out);
    assert_int_equal(out.items[1].action, MAP_OBSERVE_IF_HELD);
    assert_true(out.items[1].event.sat); /* if it is held, it was sat when that could be seen */
    json_free(r);
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":0.9}", NULL, &r, &out);
    assert_int_equal(out.items[1].action, MAP_OBSERVE);
    json_free(r);
    /* Nothing is known of attempts: activity that was seen before is not taken back. */
    r = parse("{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":0.0}");
    struct map_input in = input();
    assert_true(map_grade(&in, r, &out, &err));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.items[0].event.type, EVENT_EXAM_GRADED);
    json_free(r);
}

/* No percent is neither activity nor a fault; what else the platform says of the learner counts. */
static void a_grade_may_have_no_percent(void **state)
{
    (void)state;
    struct learner_table *gradebook = learner_table_new();
    struct json *r;
    struct map_output out;
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":false,\"percent\":null}", gradebook, &r,
                  &out);
    assert_int_equal(out.items[0].action, MAP_REMOVE_IF_HELD);
    assert_int_equal(out.items[1].action, MAP_OBSERVE_IF_HELD);
    json_free(r);
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":null}", gradebook, &r,
                  &out);
    assert_int_equal(out.items[0].action, MAP_OBSERVE);
    assert_false(event_has(&out.items[0].event, FIELD_PERCENT));
    assert_int_equal(out.items[1].action, MAP_OBSERVE);
    assert_true(out.items[1].event.passed && out.items[1].event.sat);
    assert_false(event_has(&out.items[1].event, FIELD_SCORE));
    assert_false(event_has(&out.items[1].event, FIELD_MAX_SCORE));
    json_free(r);
    learner_table_free(gradebook);
}

static void faulty_grades(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"username\":\"nguyen_a\",\"passed\":true}", "percent_malformed"},
        {"{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":\"0.5\"}", "percent_malformed"},
        {"{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":-0.5}", "percent_malformed"},
        {"{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":1e300}", "percent_malformed"},
        {"{\"username\":\"nguyen_a\",\"passed\":null,\"percent\":0.5}", "passed_missing"},
        {"{\"username\":\"broken\",\"passed\":true,\"percent\":0.5}", "gradebook_row_malformed"},
    };
    struct learner_table *gradebook = learner_table_new();
    learner_table_put(gradebook, "broken")->flags = GRADEBOOK_UNREADABLE;
    struct map_input in = input();
    in.gradebook = gradebook;
    struct map_output out;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json *r = parse(cases[i][0]);
        assert_false(map_grade(&in, r, &out, &err));
        assert_reason(cases[i][1]);
        assert_non_null(out.username);
        json_free(r);
    }
    struct json *r;
    map_one_grade("{\"username\":\"nguyen_a\",\"passed\":true,\"percent\":1.04}", gradebook, &r,
                  &out);
    assert_true(out.items[0].event.percent == 1.0);
    json_free(r);
    learner_table_free(gradebook);
}

static void certificates(void **state)
{
    (void)state;
    struct map_input in = input();
    struct map_output out;
    struct json *r = parse(
        "{\"username\":\"nguyen_a\",\"course_id\":\"" COURSE "\",\"certificate_type\":\"honor\","
        "\"created_date\":\"2015-12-03T13:14:28+0000\",\"status\":\"downloadable\","
        "\"is_passing\":true,\"download_url\":\"http://www.example.com/"
        "cert.pdf\",\"grade\":\"0.98\"}");
    assert_true(map_certificate(&in, r, &out, &err));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.items[0].action, MAP_OBSERVE);
    assert_int_equal(out.items[0].event.type, EVENT_CERTIFICATE_ISSUED);
    assert_int_equal(out.items[0].event.time, instant("2015-12-03T13:14:28Z"));
    assert_string_equal(out.items[0].event.status, "downloadable");
    char entity[EVENT_MAX_KEY + 1];
    map_certificate_entity(&in, "nguyen_a", entity);
    assert_string_equal(out.items[0].entity, entity);
    json_free(r);
    r = parse("{\"username\":\"nguyen_a\",\"course_id\":\"" COURSE "\",\"status\":\"unavailable\","
              "\"is_passing\":false}");
    assert_true(map_certificate(&in, r, &out, &err));
    assert_int_equal(out.items[0].action, MAP_REMOVE_IF_HELD);
    json_free(r);
    r = parse("{\"username\":\"nguyen_a\",\"course_id\":\"course-v1:X+Y+Z\","
              "\"status\":\"downloadable\"}");
    assert_true(map_certificate(&in, r, &out, &err));
    assert_int_equal(out.count, 0);
    json_free(r);
    r = parse("{\"username\":\"nguyen_a\",\"course_id\":\"" COURSE "\"}");
    assert_false(map_certificate(&in, r, &out, &err));
    assert_reason("certificate_malformed");
    json_free(r);
}

static void accounts(void **state)
{
    (void)state;
    struct map_input in = input();
    struct map_output out;
    in.course = NULL;
    struct json *r = parse("{\"username\":\"nguyen_a\",\"email\":\" Nguyen.A@HaGiang.gov.vn \","
                           "\"name\":\"Nguyễn Văn A\",\"is_active\":true,"
                           "\"date_joined\":\"2023-09-18T02:00:00Z\"}");
    assert_true(map_account(&in, r, &out, &err));
    const struct event *e = &out.items[0].event;
    char normal[IDENTITY_TEXT], key[IDENTITY_KEY];
    assert_int_equal(identity_normalise_email("nguyen.a@hagiang.gov.vn", normal), IDENTITY_OK);
    identity_key(hmac, "email", normal, key);
    assert_int_equal(e->type, EVENT_ACCOUNT_ACTIVATED);
    assert_true(event_has(e, FIELD_ACTIVATED) && e->activated);
    assert_int_equal(e->identifiers.count, 1);
    assert_string_equal(e->identifiers.items[0], key);
    assert_memory_equal(e->name, "name:", 5);
    assert_int_equal(e->time, instant("2023-09-18T02:00:00Z"));
    assert_false(event_has(e, FIELD_COURSE));
    json_free(r);
    r = parse("{\"username\":\"nguyen_a\",\"email\":\"nguyen at home\",\"name\":\"\","
              "\"is_active\":false}");
    assert_true(map_account(&in, r, &out, &err));
    assert_int_equal(e->type, EVENT_ACCOUNT_CREATED);
    assert_false(event_has(e, FIELD_IDENTIFIERS));
    assert_false(event_has(e, FIELD_NAME));
    assert_true(event_has(e, FIELD_ACTIVATED) && !e->activated);
    assert_true(e->time_observed);
    json_free(r);
    /* What a caller without staff rights is shown. */
    r = parse("{\"username\":\"nguyen_a\",\"profile_image\":{},\"account_privacy\":\"private\"}");
    assert_true(map_account(&in, r, &out, &err));
    assert_false(event_has(e, FIELD_ACTIVATED));
    json_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enrollment_created),
        cmocka_unit_test(enrollment_cancelled_keeps_the_entity),
        cmocka_unit_test(faulty_enrollments),
        cmocka_unit_test(an_erased_account_says_nothing),
        cmocka_unit_test(gradebook_rows),
        cmocka_unit_test(a_grade_at_zero_is_no_activity),
        cmocka_unit_test(progress_is_the_day_of_a_running_total),
        cmocka_unit_test(sat_is_passed_or_attempted),
        cmocka_unit_test(without_gradebook_sat_counts_passed_only),
        cmocka_unit_test(a_grade_may_have_no_percent),
        cmocka_unit_test(faulty_grades),
        cmocka_unit_test(certificates),
        cmocka_unit_test(accounts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
