/* What tells a record apart from the same learner's others in a course. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../ingest/mapping/mapping.h"

static const char *const name_items[] = {"course", "modules.id"};
static const struct name_list names = {.count = 2, .items = name_items};
static struct error err;

/* Of a stream with these events, said of the record, asked for module m9. */
static char *apart(const char *events, const char *record, char out[200])
{
    const char *texts[] = {"P-7", "m9"};
    struct text_buffer text = {.data = NULL}, found = {.data = NULL};
    text_buffer_add_format(&text, "learner: {account: /ref}\nevents: [%s]", events);
    struct yaml *doc = yaml_load_text(text.data, text.length, "case.yaml", &err);
    assert_non_null(doc);
    struct mapping *mapping = mapping_compile(doc, yaml_root(doc), &names, &err);
    if (!mapping)
        fail_msg("%s", err.message);
    struct json *root = json_parse(record, strlen(record), &err);
    assert_non_null(root);
    mapping_tell_apart(mapping, &(struct scope){root, NULL, texts}, &found);
    snprintf(out, 200, "%s", found.data ? found.data : "");
    json_free(root);
    mapping_free(mapping);
    yaml_unload(doc);
    text_buffer_free(&text);
    text_buffer_free(&found);
    return out;
}

static void one_record_a_learner(void **state)
{
    (void)state;
    char out[200];
    assert_string_equal(apart("{type: enrollment.created}", "{\"ref\":\"a\"}", out), "");
    assert_string_equal(
        apart("{type: exam.graded, exam: course, score: /s}", "{\"ref\":\"a\"}", out), "");
}

static void attempts_and_modules(void **state)
{
    (void)state;
    static const char event[] = "{type: exam.graded, exam: '{modules.id}', key: /no, score: /s}";
    char first[200], second[200];
    assert_string_equal(apart(event, "{\"ref\":\"a\",\"no\":1,\"s\":\"17/20\"}", first), "\nm9\n1");
    assert_string_not_equal(apart(event, "{\"ref\":\"a\",\"no\":2,\"s\":17}", second), first);
    assert_string_equal(apart(event, "{\"ref\":\"a\",\"no\":1,\"s\":17}", second), first);
}

static void a_part_that_is_missing_keeps_its_place(void **state)
{
    (void)state;
    char out[200];
    assert_string_equal(apart("{type: exam.graded, exam: /quiz, key: /no}", "{\"no\":3}", out),
                        "\n\n3");
}

/* The rule that speaks may be another one before and after. */
static void does_not_depend_on_when(void **state)
{
    (void)state;
    static const char events[] = "{type: certificate.issued, when: /good, key: /no, time: /at}";
    char bad[200], good[200];
    assert_string_equal(apart(events, "{\"no\":\"x\",\"good\":7,\"at\":\"never\"}", bad), "\nx");
    assert_string_equal(apart(events, "{\"no\":\"x\",\"good\":true}", good), bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_record_a_learner),
        cmocka_unit_test(attempts_and_modules),
        cmocka_unit_test(a_part_that_is_missing_keeps_its_place),
        cmocka_unit_test(does_not_depend_on_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
