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

static bool day_is_of_total(const char *entity)
{
    const struct event e = {
        .type = EVENT_LEARNING_PROGRESSED, .source = "s", .course = "a:b", .entity = entity};
    const struct connector *connector = shipped_connector();
    for (size_t i = 0; i < connector->stream_count; i++) {
        bool total = false;
        if (connector->streams[i].mapping &&
            mapping_tells_day(connector->streams[i].mapping, &e, &total))
            return total;
    }
    fail_msg("no rule of %s names %s", connector->name, entity);
    return false;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHIPPED_AS(xapi, xapi_accounts),
        SHIPPED_AS(canvas, canvas_days),
        SHIPPED_AS(xapi, xapi_days),
        SHIPPED_AS(moodle, moodle_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
