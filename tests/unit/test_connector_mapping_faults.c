/* What of a stream's mapping is refused when its file is read. */
#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/mapping/mapping.h"

static const char *const name_items[] = {
    "course",      "course.exam", "gradebook", "gradebook.attempted", "gradebook.exam_attempted",
    "option.least"};
static const struct name_list names = {.count = sizeof name_items / sizeof *name_items,
                                       .items = name_items};
static struct error err;

static void what_does_not_compile(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"events: [{type: enrollment.created}]", "`learner` with `account` is missing"},
        {"learner: {account: /a}\nevents: []", "`events` is a list of 1 to 12"},
        {"learner: {account: /a}\nevents: [{type: enrolment.created}]",
         "did you mean `enrollment.created`?"},
        {"learner: {account: /a}\nevents: [{type: certificate.revoked}]",
         "no event that a connector tells"},
        {"learner: {account: /a}\nevents: [{type: exam.graded, score: /s}]",
         "exam.graded needs `exam`"},
        {"learner: {account: /a}\nevents: [{type: learning.progressed, percent: /p}]",
         "needs `total: true`, `day` or `time`"},
        {"learner: {account: /a}\nevents: [{type: learning.progressed, total: true, time: /t}]",
         "a total has no `time`"},
        {"learner: {account: /a}\nevents: [{type: enrollment.created, score: /s}]",
         "enrollment.created has no field `score`"},
        {"learner: {account: /a}\nevents: [{type: enrollment.created, otherwise: withdraw}]",
         "`otherwise` without `when`"},
        {"learner: {account: /a}\nevents: [{type: enrollment.created, on_vanish: remove}]",
         "`on_vanish` of an event is keep"},
        {"learner: {account: /a}\nevents: [{type: enrollment.created, time: {value: /t, format: "
         "'%d/%m/%Y'}}]",
         "a pattern without %z needs `zone`"},
        {"learner: {account: /a}\nevents: [{type: enrollment.created, time: {value: /t, format: "
         "isoo}}]",
         "no format: iso, unix"},
        {"learner: {account: /a, name: /n}\nevents: [{type: enrollment.created}]",
         "identifiers and name are told by account.* events"},
        {"learner: {account: person/ref}\nevents: [{type: enrollment.created}]",
         "case.yaml:1: `account` would be the same text for every record; a pointer begins with /: "
         "`/person/ref`"},
        {"learner:\n  account: /a\n  identifiers:\n    email: mail\nevents: [{type: "
         "account.created}]",
         "case.yaml:4: `email` would be the same text"},
        {"learner: {account: /a, name: \"{{name}\"}\nevents: [{type: account.created}]",
         "`name` would be the same text for every record"},
        {"learner: {account: /a}\nexpect: [{that: /b, reason: 'Not So'}]\nevents: [{type: "
         "account.created}]",
         "an expectation is"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct yaml *doc = yaml_load_text(cases[i][0], strlen(cases[i][0]), "case.yaml", &err);
        assert_non_null(doc);
        assert_null(mapping_compile(doc, yaml_root(doc), &names, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        if (strncmp(err.message, "case.yaml:", 10) != 0 || !strstr(err.message, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], err.message);
        yaml_unload(doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_compile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
