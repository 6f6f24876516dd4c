/* Whom the shipped connectors name, and how: learners of xAPI statements, days of learning. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../ingest/language/connector.h"
#include "support/ingest/shipped.h"

/* Whom a statement of this actor is about; out: IDENTITY_KEY bytes. */
static void learner_of(const char *account, char *out)
{
    char text[400];
    snprintf(text, sizeof text,
             "{\"id\":\"u1\",\"actor\":{\"account\":%s},\"verb\":{\"id\":\"http://adlnet.gov/"
             "expapi/verbs/registered\"},\"object\":{\"id\":\"7\"}}",
             account);
    shipped_learner("statements", text, out);
}

/* xAPI-Data 4.1.2.2: an account is its home page and its name; two platforms may both have an "an". */
static void xapi_accounts(void **state)
{
    (void)state;
    char here[IDENTITY_KEY], elsewhere[IDENTITY_KEY], named[IDENTITY_KEY];
    learner_of("{\"homePage\":\"https://p\",\"name\":\"an\"}", here);
    learner_of("{\"homePage\":\"https://q\",\"name\":\"an\"}", elsewhere);
    assert_string_not_equal(here, elsewhere);
    shipped_text("option.home_page", "https://p");
    learner_of("{\"homePage\":\"https://p\",\"name\":\"an\"}", here);
    identity_account_key(shipped_hmac(), "s", "an", named);
    assert_string_equal(here, named);
    learner_of("{\"homePage\":\"https://q\",\"name\":\"an\"}", here);
    assert_string_equal(here, elsewhere);
}

/* With the options as they are by themselves. */
static const char *const *known_texts(void)
{
    static const char *texts[CONNECTOR_MAX_NAMES];
    const struct connector *connector = shipped_connector();
    memset(texts, 0, sizeof texts);
    for (size_t i = 0; i < connector->option_count; i++)
        texts[connector->first_option + i] = connector->options[i].fallback;
    return texts;
}

/* The first stream whose rules could tell of it. */
static const char *teller(const struct event *e, struct map_told *told)
{
    const struct connector *connector = shipped_connector();
    const char *const *texts = known_texts();
    for (size_t i = 0; i < connector->stream_count; i++)
        if (connector->streams[i].mapping &&
            mapping_tells(connector->streams[i].mapping, e, texts, told))
            return connector->streams[i].spec.name;
    return NULL;
}

static bool day_is_of_total(const char *entity)
{
    const struct event e = {
        .type = EVENT_LEARNING_PROGRESSED, .source = "s", .course = "a:b", .entity = entity};
    struct map_told told;
    if (!teller(&e, &told))
        fail_msg("no rule of %s names %s", shipped_connector()->name, entity);
    return told.total;
}

#define DAY_OF(key) "progress:s:a:b:0123456789abcdef0123456789abcdef" key ":2026-11-29"

/* What a rebuild of the state must know: these names look alike. */
static void canvas_days(void **state)
{
    (void)state;
    assert_false(day_is_of_total(DAY_OF("")));
    assert_true(day_is_of_total(DAY_OF(":modules")));
}

static void xapi_days(void **state)
{
    (void)state;
    assert_false(day_is_of_total(DAY_OF("")));
}

static void moodle_days(void **state)
{
    (void)state;
    assert_true(day_is_of_total(DAY_OF("")));
    assert_true(day_is_of_total(DAY_OF(":completion")));
}

#define HASH "0123456789abcdef0123456789abcdef"

static const char *stream_of(enum event_type type, const char *entity, const char *exam)
{
    struct map_told told;
    const struct event e = {
        .type = type, .source = "s", .course = "a:b", .entity = entity, .exam = exam};
    return teller(&e, &told);
}

/* A quiz's grade and its attempts have names that begin alike. */
static void moodle_exams(void **state)
{
    (void)state;
    assert_string_equal(stream_of(EVENT_EXAM_GRADED, "exam:s:a:b:" HASH ":quiz:7", "quiz:7"),
                        "grades");
    assert_string_equal(stream_of(EVENT_EXAM_GRADED, "exam:s:a:b:" HASH ":quiz:7:1", "quiz:7"),
                        "attempts");
    assert_string_equal(stream_of(EVENT_EXAM_GRADED, "exam:s:a:b:" HASH ":course", "course"),
                        "grades");
    assert_string_equal(stream_of(EVENT_ACCOUNT_ACTIVATED, "account:s:" HASH, NULL), "accounts");
    assert_string_equal(stream_of(EVENT_ENROLLMENT_CREATED, "enrollment:s:a:b:" HASH, NULL),
                        "enrollments");
}

static void onetouch_exams(void **state)
{
    (void)state;
    assert_string_equal(stream_of(EVENT_EXAM_GRADED, "exam:s:a:b:" HASH ":course:1", "course"),
                        "exams");
    assert_null(stream_of(EVENT_EXAM_GRADED, "exam:s:a:b:" HASH ":quiz:1", "quiz"));
    assert_null(stream_of(EVENT_EXAM_GRADED, "exam:other:a:b:" HASH ":course:1", "course"));
    assert_string_equal(stream_of(EVENT_ACCOUNT_CREATED, "account:s:" HASH, NULL), "users");
}

static void canvas_whole_names(void **state)
{
    (void)state;
    assert_string_equal(stream_of(EVENT_ENROLLMENT_CREATED, "s:enrollment:9", NULL), "enrollments");
    assert_null(stream_of(EVENT_CERTIFICATE_ISSUED, "s:enrollment:9", NULL));
}

/* Days that stand for themselves, where the running total is left alone. */
static void onetouch_days(void **state)
{
    (void)state;
    assert_true(day_is_of_total(DAY_OF("")));
    const struct connector *connector = shipped_connector();
    const char *texts[CONNECTOR_MAX_NAMES];
    memcpy(texts, known_texts(), sizeof texts);
    for (size_t i = 0; i < connector->option_count; i++)
        if (strcmp(connector->options[i].name, "daily_progress") == 0)
            texts[connector->first_option + i] = "true";
    const struct event e = {
        .type = EVENT_LEARNING_PROGRESSED, .source = "s", .course = "a:b", .entity = DAY_OF("")};
    struct map_told told;
    for (size_t i = 0; i < connector->stream_count; i++) {
        const struct mapping *mapping = connector->streams[i].mapping;
        if (!mapping || !mapping_tells(mapping, &e, texts, &told))
            continue;
        assert_string_equal(connector->streams[i].spec.name, "progress");
        assert_false(told.total);
        return;
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHIPPED_AS(xapi, xapi_accounts),     SHIPPED_AS(canvas, canvas_days),
        SHIPPED_AS(xapi, xapi_days),         SHIPPED_AS(moodle, moodle_days),
        SHIPPED_AS(moodle, moodle_exams),    SHIPPED_AS(onetouch, onetouch_exams),
        SHIPPED_AS(onetouch, onetouch_days), SHIPPED_AS(canvas, canvas_whole_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
