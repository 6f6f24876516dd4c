/* What a record could be about, whether it can be mapped or not: by this it is not missing, and its rejection is found again. */
#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/mapping/mapping.h"

#define TIMED                                                                                      \
    "learner: {account: /a}\nevents:\n"                                                            \
    "  - {type: enrollment.created, time: /t}\n"                                                   \
    "  - {type: exam.graded, exam: /e, key: /k, time: /t, score: /s}\n"                            \
    "  - {type: learning.progressed, total: true, when: {above: [/p, 0]}}\n"

static const struct name_list no_names = {.count = 0};
static struct map_output out;
static struct error err;

/* Maps the record, or only names it; then "TYPE TYPE …" of what it is about, with exam and key. */
static bool about(const char *stream, const char *text, bool only_name, char *said, size_t size)
{
    struct yaml *doc = yaml_load_text(stream, strlen(stream), "case.yaml", &err);
    struct mapping *mapping = mapping_compile(doc, yaml_root(doc), &no_names, &err);
    struct hmac *hmac = hmac_new("0123456789abcdef", 16, &err);
    struct json *record = json_parse_exact(text, strlen(text), &err);
    const struct map_input in = {
        .source = "s", .hmac = hmac, .today = 20000, .record = record, .course = "7"};
    assert_non_null(mapping);
    assert_non_null(record);
    bool ok = true;
    if (only_name)
        mapping_name(mapping, &in, &out);
    else
        ok = mapping_apply(mapping, &in, &out, &err);
    said[0] = '\0';
    for (size_t i = 0; i < out.count; i++) {
        const struct map_item *item = &out.items[i];
        strncat(said, *item->total_entity ? item->total_entity : item->entity,
                size - strlen(said) - 1);
        strncat(said, "\n", size - strlen(said) - 1);
    }
    json_free(record);
    hmac_free(hmac);
    mapping_free(mapping);
    yaml_unload(doc);
    return ok;
}

/* An impossible date hides nothing. */
static void a_name_needs_no_time(void **state)
{
    (void)state;
    char said[2000], named[2000], sound[2000];
    assert_false(about(
        TIMED, "{\"a\":\"an\",\"e\":\"q\",\"k\":2,\"s\":1,\"t\":\"2026-02-31T00:00:00Z\",\"p\":0}",
        false, said, sizeof said));
    assert_int_equal(strncmp(err.message, "date_malformed:", 15), 0);
    assert_int_equal(out.count, 3);
    assert_non_null(strstr(said, ":q:2\n"));
    /* The same when it has recovered, and whatever it says then. */
    about(TIMED, "{\"a\":\"an\",\"e\":\"q\",\"k\":2,\"s\":9,\"t\":\"2026-02-28T00:00:00Z\",\"p\":1}",
          true, named, sizeof named);
    assert_string_equal(named, said);
    /* Another attempt of the same learner is something else. */
    about(TIMED, "{\"a\":\"an\",\"e\":\"q\",\"k\":3,\"s\":9,\"t\":\"2026-02-28T00:00:00Z\"}", true,
          sound, sizeof sound);
    assert_string_not_equal(sound, said);
}

#define WHOLE                                                                                      \
    "learner: {account: /a}\nevents:\n"                                                            \
    "  - {type: enrollment.created, entity: \"e:{/id}\"}\n"

static void a_whole_name_needs_no_learner(void **state)
{
    (void)state;
    char said[2000];
    assert_false(about(WHOLE, "{\"id\":7}", false, said, sizeof said));
    assert_string_equal(said, "s:e:7\n");
    assert_false(about(WHOLE, "{}", false, said, sizeof said));
    assert_string_equal(said, "");
}

static void what_is_not_there_names_nothing(void **state)
{
    (void)state;
    char said[2000];
    about(TIMED, "{\"e\":\"q\",\"k\":2}", true, said, sizeof said);
    assert_int_equal(out.count, 0);
    assert_null(out.account);
    about(TIMED, "{\"a\":\"an\",\"k\":2}", true, said, sizeof said); /* no exam */
    assert_int_equal(out.count, 2);
}

static int forget(void **state)
{
    (void)state;
    text_buffer_free(&out.room);
    text_buffer_free(&out.scratch);
    return 0;
}

static bool keyed(const char *stream, char *entity)
{
    struct yaml *doc = yaml_load_text(stream, strlen(stream), "case.yaml", &err);
    struct mapping *mapping = mapping_compile(doc, yaml_root(doc), &no_names, &err);
    struct hmac *hmac = hmac_new("0123456789abcdef", 16, &err);
    const struct map_input in = {.source = "s", .hmac = hmac, .course = "7"};
    assert_non_null(mapping);
    bool known = mapping_keyed_entities(mapping, &in, "an", entity);
    hmac_free(hmac);
    mapping_free(mapping);
    yaml_unload(doc);
    return known;
}

/* The names of all that a learner can have, where only the key is the record's. */
static void a_key_completes_the_name(void **state)
{
    (void)state;
    static const char attempts[] = "learner: {account: /a}\nevents:\n"
                                   "  - {type: exam.graded, exam: final, key: /k, score: /s}\n";
    char said[2000], entity[EVENT_MAX_KEY + 1];
    assert_true(about(attempts, "{\"a\":\"an\",\"k\":2,\"s\":1}", true, said, sizeof said));
    assert_true(keyed(attempts, entity));
    assert_int_equal(strncmp(said, entity, strlen(entity)), 0);
    assert_string_equal(said + strlen(entity), ":2\n");
    assert_false(keyed(TIMED, entity));
    assert_false(keyed("learner: {account: /a}\nevents:\n"
                       "  - {type: exam.graded, exam: /e, key: /k, score: /s}\n",
                       entity));
    assert_false(keyed("learner: {account: /a}\nevents:\n  - {type: certificate.issued}\n", entity));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_needs_no_time),
        cmocka_unit_test(a_key_completes_the_name),
        cmocka_unit_test(a_whole_name_needs_no_learner),
        cmocka_unit_test(what_is_not_there_names_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
