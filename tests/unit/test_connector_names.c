/* Whom the shipped connectors name, and how: learners of xAPI statements, days of learning. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ingest/language/connector.h"

static struct hmac *hmac;
static struct connector *connector;
static const char *texts[CONNECTOR_MAX_NAMES];

static int set_up(void **state)
{
    struct error err = {0};
    char path[100];
    snprintf(path, sizeof path, "ingest/connectors/%s.yaml", (const char *)*state);
    memset(texts, 0, sizeof texts);
    hmac = hmac_new("0123456789abcdef", 16, &err);
    connector = connector_load(path, &err);
    if (!connector)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < connector->option_count; i++)
        texts[connector->first_option + i] = connector->options[i].fallback;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    connector_free(connector);
    hmac_free(hmac);
    return 0;
}

static void set(const char *name, const char *text)
{
    for (size_t i = 0; i < connector->names.count; i++) {
        if (strcmp(connector->names.items[i], name) == 0) {
            texts[i] = text;
            return;
        }
    }
    fail_msg("no name %s", name);
}

static const struct stream_rules *stream(const char *name)
{
    for (size_t i = 0; i < connector->stream_count; i++)
        if (strcmp(connector->streams[i].spec.name, name) == 0)
            return &connector->streams[i];
    fail_msg("no stream %s", name);
    return NULL;
}

/* Whom a statement of this actor is about; out: IDENTITY_KEY bytes. */
static void learner_of(const char *account, char *out)
{
    char text[400];
    struct error err = {0};
    snprintf(text, sizeof text,
             "{\"id\":\"u1\",\"actor\":{\"account\":%s},\"verb\":{\"id\":\"http://adlnet.gov/"
             "expapi/verbs/registered\"},\"object\":{\"id\":\"7\"}}",
             account);
    struct json *node = json_parse(text, strlen(text), &err);
    const struct map_input in = {
        .source = "s", .hmac = hmac, .today = 20000, .record = node, .texts = texts};
    struct map_output result = {.count = 0};
    assert_true(mapping_apply(stream("statements")->mapping, &in, &result, &err));
    memcpy(out, result.subject, IDENTITY_KEY);
    text_buffer_free(&result.room);
    text_buffer_free(&result.scratch);
    json_free(node);
}

/* xAPI-Data 4.1.2.2: an account is its home page and its name; two platforms may both have an "an". */
static void xapi_accounts(void **state)
{
    (void)state;
    char here[IDENTITY_KEY], elsewhere[IDENTITY_KEY], named[IDENTITY_KEY];
    learner_of("{\"homePage\":\"https://p\",\"name\":\"an\"}", here);
    learner_of("{\"homePage\":\"https://q\",\"name\":\"an\"}", elsewhere);
    assert_string_not_equal(here, elsewhere);
    set("option.home_page", "https://p");
    learner_of("{\"homePage\":\"https://p\",\"name\":\"an\"}", here);
    identity_account_key(hmac, "s", "an", named);
    assert_string_equal(here, named);
    learner_of("{\"homePage\":\"https://q\",\"name\":\"an\"}", here);
    assert_string_equal(here, elsewhere);
}

static bool day_is_of_total(const char *entity)
{
    const struct event e = {
        .type = EVENT_LEARNING_PROGRESSED, .source = "s", .course = "a:b", .entity = entity};
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

#define OF(name, test)                                                                             \
    {                                                                                              \
#test, test, set_up, tear_down, #name                                                      \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF(xapi, xapi_accounts),
        OF(canvas, canvas_days),
        OF(xapi, xapi_days),
        OF(moodle, moodle_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
