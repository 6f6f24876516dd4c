#include "cmocka_all.h"

#include <string.h>

#include "../../common/reference.h"
#include "support/reference_folder.h"

#define TRAINING "- code: T\n  name: {vi: K}\n"
#define RULE TRAINING "  pass_rule: {by: platform}\n"

static void test_faults_of_rules(void **state)
{
    (void)state;
    static const char *const faults[][2] = {
        {TRAINING "  pass_rule: {by: platform, min_score: 0.5}\n", ":3: pass_rule must be either"},
        {TRAINING "  pass_rule: 0.5\n", ":3: pass_rule must have keys of its own"},
        {TRAINING "  pass_rules: {by: platform}\n", ":3: pass_rules must be a list"},
        {TRAINING "  pass_rules: [0.5]\n", ":3: a pass rule must have keys"},
        {TRAINING "  pass_rules: []\n", ":3: pass_rules must be a list"},
        {RULE "  pass_rules: [{by: platform}]\n", ":1: training T must have either"},
        {TRAINING "  pass_rule: {by: platform, attempt: lsat}\n",
         ":3: attempt \"lsat\" is not known; did you mean \"last\"?"},
        {TRAINING "  pass_rule: {by: platform, attempt: seventh}\n",
         "attempt \"seventh\" is not known; known: best, last, first"},
        {TRAINING "  pass_rule: {by: platform, certificate: maybe}\n",
         "certificate \"maybe\" is not known; known: required"},
        {TRAINING "  pass_rule:\n    by: platform\n    from: 2023-02-30\n",
         ":5: from \"2023-02-30\" is no date"},
        {TRAINING "  pass_rule: {by: platform, from: 2023-02-03, to: 2023-02-02}\n",
         ":3: the rule ends before it begins"},
        {TRAINING "  pass_rule: {by: platform, waves: W}\n", ":3: waves must be a list of codes"},
        {TRAINING "  pass_rule: {by: platform, waves: [W, W]}\n", ":3: wave W stands twice"},
        {TRAINING "  pass_rule: {by: platform, waves: [V]}\n",
         ":3: training T: wave V of the pass rule is not in waves.csv"},
        {TRAINING "  pass_rule: {by: platform}\n"
                  "- code: S\n  name: {vi: S}\n  pass_rule: {by: platform, waves: [W]}\n",
         ":6: training S: wave W of the pass rule belongs to training T"},
        {TRAINING "  pass_rules:\n    - {by: platform}\n    - {min_score: 0.5}\n",
         ":5: this pass rule can never judge"},
        {TRAINING "  pass_rules:\n    - {min_score: 0.5, wave: [W]}\n",
         ":4: unknown key \"wave\"; did you mean \"waves\"?"},
        {RULE "  completion: {by: passd}\n",
         ":4: by \"passd\" is not known; did you mean \"passed\"?"},
        {RULE "  completion: {min_attendance: 0}\n",
         ":4: min_attendance \"0\" is no whole number from 1 to 366"},
        {RULE "  completion: {min_progress: 1}\n  deadline: {workingdays: 10}\n",
         ":5: unknown key \"workingdays\"; did you mean \"working_days\"?"},
        {RULE "  completion: {min_progress: 1}\n  deadline: {working_days: ten}\n",
         ":5: working_days \"ten\" is no whole number"},
        {RULE "  completion: {min_progress: 1}\n  deadline: {}\n",
         ":5: deadline has no working_days"},
        {RULE "  deadline: {working_days: 10}\n",
         ":4: training T has a deadline and no completion"},
        {RULE "  lectures: {minutes: 30}\n", ":4: lectures has no count"},
        {RULE "  lectures: {count: 1.5, minutes: 30}\n", ":4: count \"1.5\" is no whole number"},
        {RULE "  lectures: {count: 10, minutes: 1441}\n",
         ":4: minutes \"1441\" is no whole number"},
    };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        folder_assert_fault("trainings.yaml", faults[i][0], faults[i][1]);
        assert_ptr_equal(strstr(folder_reported, "trainings.yaml:"), folder_reported);
    }
}

static void test_rules_are_read(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(
        &f, "trainings.yaml",
        "- code: T\n  name: {vi: Khóa}\n  pass_rules:\n"
        "    - {min_score: 0.5, min_progress: 0.8, certificate: required, attempt: first, waves: "
        "[W],"
        " from: 2023-07-01, to: 2023-12-31}\n    - {by: platform, attempt: last}\n"
        "  completion: {min_progress: 0.9, by: passed, min_attendance: 3}\n"
        "  deadline: {working_days: 10}\n  lectures: {count: 12, minutes: 30}\n"
        "- code: S\n  name: {vi: S}\n  pass_rule: {min_score: 1}\n");
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    assert_non_null(r);
    const struct reference_training *t = &r->trainings[0];
    assert_int_equal(t->rule_count, 2);
    assert_false(t->rules[0].by_platform);
    assert_true(t->rules[0].min_score == 0.5 && t->rules[0].min_progress == 0.8);
    assert_true(t->rules[0].certificate);
    assert_string_equal(t->rules[0].attempt, "first");
    assert_int_equal(t->rules[0].wave_count, 1);
    assert_string_equal(t->rules[0].waves[0], "W");
    assert_string_equal(t->rules[0].from, "2023-07-01");
    assert_string_equal(t->rules[0].to, "2023-12-31");
    assert_true(t->rules[1].by_platform && t->rules[1].min_score < 0 && t->rules[1].min_progress < 0);
    assert_false(t->rules[1].certificate);
    assert_string_equal(t->rules[1].attempt, "last");
    assert_int_equal(t->rules[1].wave_count, 0);
    assert_true(t->completion_min_progress == 0.9);
    assert_string_equal(t->completion_by, "passed");
    assert_int_equal(t->completion_min_attendance, 3);
    assert_int_equal(t->deadline_working_days, 10);
    assert_int_equal(t->lectures, 12);
    assert_int_equal(t->lecture_minutes, 30);
    t = &r->trainings[1];
    assert_true(t->rules[0].min_score == 1 && t->completion_min_progress < 0);
    assert_string_equal(t->completion_by, "");
    assert_int_equal(t->completion_min_attendance + t->deadline_working_days + t->lectures, 0);
    reference_free(r);
    folder_put(&f, "calendar.csv", "date,kind,name\n");
    folder_reported[0] = '\0';
    assert_null(reference_load(f.path, folder_note, NULL, &err));
    assert_string_equal(folder_reported,
                        "trainings.yaml:1: training T has a deadline and calendar.csv lists no "
                        "day: working days cannot be counted without the holidays\n");
    folder_drop(&f);
}

static void test_there_may_be_no_training_yet(void **state)
{
    (void)state;
    folder_assert_fault("trainings.yaml", "[]\n",
                        "waves.csv:2: wave W: training T is not in trainings.yaml");
    folder_assert_fault("trainings.yaml", "", "trainings.yaml:1: a list of trainings is expected");
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(&f, "trainings.yaml", "[]\n");
    folder_put(&f, "waves.csv", FOLDER_WAVES);
    folder_put(&f, "courses.csv", "source,course,training,exam\n");
    folder_put(&f, "targets.csv", "wave,unit,planned\n");
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    assert_non_null(r);
    assert_int_equal(r->training_count, 0);
    reference_free(r);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_of_rules),
        cmocka_unit_test(test_rules_are_read),
        cmocka_unit_test(test_there_may_be_no_training_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
