/* The fold's figures beside the tallies, worked out by hand: windows over month borders, pass rules, deadlines, dimensions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../aggregator/fold/fold.h"
#include "support/fold_script.h"

static struct script s;

static struct event *progress(const char *subject, const char *course, int32_t day, double done)
{
    char entity[96];
    snprintf(entity, sizeof(entity), "progress:%s:%s:%d", course, subject, day);
    struct event *e =
        script_add(&s, EVENT_LEARNING_PROGRESSED, subject, entity, (int64_t)s.count + 1);
    e->course = course;
    e->day = day;
    e->progress = done;
    e->time = day * DAY_US;
    e->present = HAS(COURSE) | HAS(DAY) | HAS(PROGRESS);
    return e;
}

static struct event *attempt(const char *subject, const char *course, int number, double score)
{
    char entity[96];
    snprintf(entity, sizeof(entity), "exam:%s:%s:%d", course, subject, number);
    struct event *e = script_add(&s, EVENT_EXAM_GRADED, subject, entity, (int64_t)s.count + 1);
    e->course = course;
    e->score = score;
    e->max_score = 1;
    e->attempt = number;
    e->present = HAS(COURSE) | HAS(SCORE) | HAS(MAX_SCORE) | HAS(ATTEMPT);
    e->time = clock_day_from_civil(2023, 9, 22) * DAY_US + number;
    return e;
}

static void listed_with_account(void)
{
    s.count = 0;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
}

static void expect_line(const struct run *run, const char *line, size_t times)
{
    if (run_count(run, line) != times)
        fail_msg("\"%s\" stands %zu times, should %zu", line, run_count(run, line), times);
}

/* 28 February and 5 March of a leap year are six days apart: one interval of seven days each, which touch. */
static void windows_cross_the_end_of_a_leap_february(void **state)
{
    (void)state;
    listed_with_account();
    progress("account@mooc:x", "C1", clock_day_from_civil(2024, 2, 28), 0.1);
    progress("account@mooc:x", "C1", clock_day_from_civil(2024, 3, 5), 0.2);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    expect_line(&run, "activity 1 0 -1  U1 649: 0/28=1 1/28=1 2/28=1 3/28=1\n", 1);
    expect_line(&run, "activity 1 0 -1  U1 650: 0/5=1 1/12=-1\n", 1);
    expect_line(&run, "activity 1 0 -1  U1 651: 2/4=-1\n", 1);
    /* Taken back months later: the past is as if it had never been. */
    struct event *gone = progress("account@mooc:x", "C1", clock_day_from_civil(2024, 3, 5), 0.2);
    gone->type = EVENT_LEARNING_WITHDRAWN;
    fold_store_batch(run.store, run.fold, gone, 1);
    expect_line(&run, "activity 1 0 -1  U1 650: 1/6=-1 2/29=-1\n", 1);
    expect_line(&run, "activity 1 0 -1  U1 651:", 0);
    run_finish(&run);
}

static void a_moved_unit_takes_its_days_along(void **state)
{
    (void)state;
    listed_with_account();
    progress("account@mooc:x", "C1", clock_day_from_civil(2023, 9, 21), 0.1);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    expect_line(&run, "activity 2 -1 -1  U1 644:", 1);
    struct event *gone = script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    gone->type = EVENT_ROSTER_REMOVED;
    script_list(&s, "email:a+n1", "W1", "U2", "name:1", "email:a");
    fold_store_batch(run.store, run.fold, gone, 2);
    expect_line(&run, " U1 644:", 0);
    expect_line(&run, "activity 2 -1 -1  U2 644: 0/21=1 1/21=1 1/28=-1 2/21=1 3/21=1\n", 1);
    run_finish(&run);
}

static struct rules *rules_with(struct pass_rule rule)
{
    struct rules *rules = rules_new();
    rules_add_training(rules, &(struct rule_training){.code = "T",
                                                      .completion_min_progress = 1,
                                                      .deadline_working_days = 10,
                                                      .lectures = 10});
    rules_add_pass_rule(rules, 0, &rule);
    rules_add_wave(rules, "W1", 0, clock_day_from_civil(2023, 9, 20), INT32_MAX);
    rules_add_course(rules, "mooc", "C1", 0);
    return rules;
}

/* Attempts of 0.9 and then 0.2. */
static void expect_passed(struct pass_rule rule, int64_t passed)
{
    listed_with_account();
    attempt("account@mooc:x", "C1", 1, 0.9);
    attempt("account@mooc:x", "C1", 2, 0.2);
    struct run run = run_start(rules_with(rule), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, passed);
    run_expect(&run, SCOPE_WAVE, MEASURE_FAILED, 1 - passed);
    run_finish(&run);
}

static void the_rule_says_which_attempt_counts(void **state)
{
    (void)state;
    expect_passed((struct pass_rule){RULE_DEFAULTS, .min_score = 0.5}, 1);
    expect_passed((struct pass_rule){RULE_DEFAULTS, .min_score = 0.5, .attempt = ATTEMPT_FIRST}, 1);
    expect_passed((struct pass_rule){RULE_DEFAULTS, .min_score = 0.5, .attempt = ATTEMPT_LAST}, 0);
    expect_passed((struct pass_rule){RULE_DEFAULTS, .min_score = 0.5, .certificate = true}, 0);
    struct pass_rule progressed = {RULE_DEFAULTS, .min_score = 0.5};
    progressed.min_progress = 0.5;
    expect_passed(progressed, 0);
    struct pass_rule later = {RULE_DEFAULTS, .min_score = 0.5};
    later.from = clock_day_from_civil(2023, 9, 23);
    expect_passed(later, 0);
    struct pass_rule of_no_wave = {RULE_DEFAULTS, .min_score = 0.5};
    of_no_wave.any_wave = false;
    expect_passed(of_no_wave, 0);
}

/* Of attempts of 0.9 on 22 and 25 September the second, of that course, made the person pass. */
static void expect_newly_passed(struct rules *rules, const char *course, const char *row)
{
    char line[160];
    listed_with_account();
    attempt("account@mooc:x", "C1", 1, 0.9);
    attempt("account@mooc:x", course, 2, 0.9)->time = clock_day_from_civil(2023, 9, 25) * DAY_US;
    struct run run = run_start(rules, 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    snprintf(line, sizeof(line),
             "activity %s  U1 644: 0/22=1 0/25=1 1/22=1 2/22=1 3/22=1 4/22=1 4/25=1 5/22=1 5/25=1 "
             "6/25=1\n",
             row);
    expect_line(&run, line, 1);
    run_finish(&run);
}

/* An attempt that met the mark of a training, or by a rule, without making anybody pass it does not date the pass of another. */
static void newly_passed_is_of_what_was_passed(void **state)
{
    (void)state;
    struct pass_rule more = {RULE_DEFAULTS, .min_score = 0.5, .certificate = true};
    struct pass_rule enough = {RULE_DEFAULTS, .min_score = 0.5};
    struct rules *rules = rules_with(more);
    rules_add_training(rules, &(struct rule_training){.code = "T2", .completion_min_progress = -1});
    rules_add_pass_rule(rules, 1, &enough);
    rules_add_course(rules, "mooc", "C2", 1);
    expect_newly_passed(rules, "C2", "2 -1 -1");
    more.to = clock_day_from_civil(2023, 9, 24);
    rules = rules_with(more);
    rules_add_pass_rule(rules, 0, &enough);
    expect_newly_passed(rules, "C1", "1 0 -1");
}

/* Lists of results have days: attempts of one have the same time, and come in any order. */
static void attempts_of_one_time_count_by_their_number(void **state)
{
    (void)state;
    struct pass_rule rule = {RULE_DEFAULTS, .min_score = 0.5, .attempt = ATTEMPT_LAST};
    for (int i = 0; i < 20; i++) {
        char account[40];
        snprintf(account, sizeof(account), "account@mooc:%d", i);
        s.count = 0;
        script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
        script_account(&s, account, "email:a");
        attempt(account, "C1", 2, 0.9)->time = 1695340800000000;
        attempt(account, "C1", 1, 0.2)->time = 1695340800000000;
        struct run run = run_start(rules_with(rule), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, s.count);
        run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
        run_expect(&run, SCOPE_WAVE, MEASURE_PASSED_FIRST, 0);
        run_finish(&run);
    }
}

/* A producer's slip: one revision told twice, once with the platform's time and once with the time of observation. */
static void what_stands_beside_the_data_depends_on_no_order(void **state)
{
    (void)state;
    char *dumps[2];
    for (int order = 0; order < 2; order++) {
        listed_with_account();
        struct event *one = attempt("account@mooc:x", "C1", 1, 0.9);
        struct event *other = attempt("account@mooc:x", "C1", 1, 0.9);
        other->revision = one->revision;
        (order ? one : other)->time_observed = true;
        struct run run = run_start(script_rules(), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, s.count);
        dumps[order] = fold_store_dump(run.store, run.fold);
        run_finish(&run);
    }
    assert_string_equal(dumps[0], dumps[1]);
    free(dumps[0]);
    free(dumps[1]);
}

/* Two lists of one day: which of them was taken in later says where the person is. */
static void of_lists_of_one_time_the_later_import_counts(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        char row[40], earlier[8], later[8], line[40];
        snprintf(row, sizeof(row), "email:a+n%d", i);
        snprintf(earlier, sizeof(earlier), "U%d", 1 + i % 2);
        snprintf(later, sizeof(later), "U%d", 2 - i % 2);
        s.count = 0;
        struct event *second = script_list(&s, row, "W1", later, "name:1", "email:a");
        struct event *first = script_list(&s, row, "W1", earlier, "name:1", "email:a");
        first->time = second->time;
        second->revision = first->revision + 1;
        struct run run = run_start(script_rules(), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, s.count);
        snprintf(line, sizeof(line), "tally 0 0 0 0  %s 7 1", later);
        expect_line(&run, line, 1);
        run_finish(&run);
    }
}

/* Who passed the exam in time and did the lectures after the deadline was late. */
static void completed_is_who_has_all_that_the_rule_asks_for(void **state)
{
    (void)state;
    char line[96];
    int32_t day = clock_day_from_civil(2023, 9, 22);
    struct pass_rule rule = {RULE_DEFAULTS, .min_score = 0.5};
    rule.min_progress = 1;
    for (int certificate = 0; certificate < 2; certificate++) {
        rule.certificate = certificate;
        struct rules *rules = rules_new();
        rules_add_training(rules, &(struct rule_training){.code = "T",
                                                          .completion_min_progress = -1,
                                                          .completion_by_passed = true,
                                                          .deadline_working_days = 3});
        rules_add_pass_rule(rules, 0, &rule);
        rules_add_wave(rules, "W1", 0, clock_day_from_civil(2023, 9, 20), INT32_MAX);
        rules_add_course(rules, "mooc", "C1", 0);
        listed_with_account();
        attempt("account@mooc:x", "C1", 1, 0.9);
        progress("account@mooc:x", "C1", day + 17, 1);
        if (certificate)
            script_in_course(&s, EVENT_CERTIFICATE_ISSUED, "account@mooc:x", "C1", 9)->time =
                (day + 20) * DAY_US;
        struct run run = run_start(rules, 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, s.count);
        run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
        snprintf(line, sizeof(line), " %d 0: 1\n", day + (certificate ? 20 : 17));
        expect_line(&run, line, 1);
        run_finish(&run);
    }
}

/* Marks of attempts, one a day from 22 September on: on which day of the month (0: never) the training was completed. */
static void expect_completed(enum rule_attempt which, const char *marks, int day_of_month)
{
    char line[96];
    struct rules *rules = rules_new();
    struct pass_rule rule = {RULE_DEFAULTS, .min_score = 0.5, .attempt = which};
    rules_add_training(rules, &(struct rule_training){.code = "T",
                                                      .completion_min_progress = -1,
                                                      .completion_by_passed = true,
                                                      .deadline_working_days = 3});
    rules_add_pass_rule(rules, 0, &rule);
    rules_add_wave(rules, "W1", 0, clock_day_from_civil(2023, 9, 20), INT32_MAX);
    rules_add_course(rules, "mooc", "C1", 0);
    listed_with_account();
    for (int n = 0; marks[n]; n++)
        attempt("account@mooc:x", "C1", n + 1, (marks[n] - '0') / 10.0)->time =
            clock_day_from_civil(2023, 9, 22 + n) * DAY_US;
    struct run run = run_start(rules, 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_WAVE, MEASURE_COMPLETED, day_of_month != 0);
    snprintf(line, sizeof(line), " %d 0: 1\n",
             day_of_month ? clock_day_from_civil(2023, 9, day_of_month) : INT32_MAX);
    expect_line(&run, line, 1);
    run_finish(&run);
}

/* Completed since the day from which on the rule has held: a better mark later moves nothing, a failed attempt that counts does. */
static void completed_is_since_the_rule_holds(void **state)
{
    (void)state;
    expect_completed(ATTEMPT_BEST, "192", 23);
    expect_completed(ATTEMPT_BEST, "69", 22);
    expect_completed(ATTEMPT_FIRST, "61", 22);
    expect_completed(ATTEMPT_FIRST, "69", 22);
    expect_completed(ATTEMPT_FIRST, "19", 0);
    expect_completed(ATTEMPT_LAST, "9", 22);
    expect_completed(ATTEMPT_LAST, "91", 0);
    expect_completed(ATTEMPT_LAST, "19", 23);
    expect_completed(ATTEMPT_LAST, "69", 22);
    expect_completed(ATTEMPT_LAST, "9169", 24);
    expect_completed(ATTEMPT_LAST, "91619", 26);
}

/* The attempts of one rule say nothing of when another began to hold. */
static void each_rule_is_held_by_its_own_attempts(void **state)
{
    (void)state;
    char line[96];
    struct rules *rules = rules_new();
    struct pass_rule september = {RULE_DEFAULTS, .min_score = 0.5, .attempt = ATTEMPT_LAST},
                     october = september;
    september.to = clock_day_from_civil(2023, 9, 30);
    october.from = september.to + 1;
    rules_add_training(rules, &(struct rule_training){.code = "T",
                                                      .completion_min_progress = -1,
                                                      .completion_by_passed = true,
                                                      .deadline_working_days = 3});
    rules_add_pass_rule(rules, 0, &september);
    rules_add_pass_rule(rules, 0, &october);
    rules_add_wave(rules, "W1", 0, clock_day_from_civil(2023, 9, 20), INT32_MAX);
    rules_add_course(rules, "mooc", "C1", 0);
    listed_with_account();
    static const int days[] = {22, 23, 32};
    for (int n = 0; n < 3; n++)
        attempt("account@mooc:x", "C1", n + 1, n == 1 ? 0.2 : 0.9)->time =
            (clock_day_from_civil(2023, 9, 1) + days[n] - 1) * DAY_US;
    struct run run = run_start(rules, 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    snprintf(line, sizeof(line), " %d 0: 1\n", clock_day_from_civil(2023, 10, 2));
    expect_line(&run, line, 1);
    run_finish(&run);
}

static void who_has_just_the_pass_mark_passes(void **state)
{
    (void)state;
    static const struct {
        double score, max_score, min_score;
        int64_t passed;
    } marks[] = {{9.6, 12, 0.8, 1}, {2.4, 3, 0.8, 1}, {8.1, 9, 0.9, 1}, {9.59, 12, 0.8, 0}};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        struct pass_rule rule = {RULE_DEFAULTS, .min_score = marks[i].min_score};
        listed_with_account();
        attempt("account@mooc:x", "C1", 1, marks[i].score)->max_score = marks[i].max_score;
        struct run run = run_start(rules_with(rule), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, s.count);
        run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, marks[i].passed);
        run_finish(&run);
    }
}

/* Ten times a tenth, added up, is a bit less than all. */
static void who_did_just_what_is_asked_did_it(void **state)
{
    (void)state;
    for (int64_t all = 0; all <= 1; all++) {
        struct pass_rule rule = {RULE_DEFAULTS, .min_score = 0.5};
        rule.min_progress = 1;
        listed_with_account();
        progress("account@mooc:x", "C1", clock_day_from_civil(2023, 9, 21), all ? 1 - 0x1p-53 : 0.99);
        attempt("account@mooc:x", "C1", 1, 0.9);
        struct run run = run_start(rules_with(rule), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, s.count);
        run_expect(&run, SCOPE_WAVE, MEASURE_COMPLETED, all);
        run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, all);
        run_finish(&run);
    }
}

static void a_deadline_runs_from_the_latest_of_account_enrolment_and_wave(void **state)
{
    (void)state;
    char line[96];
    int32_t day = clock_day_from_civil(2023, 9, 25);
    s.count = 0;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    struct run run =
        run_start(rules_with((struct pass_rule){RULE_DEFAULTS, .by_platform = true}), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, 1);
    snprintf(line, sizeof(line), "deadline 0 0 U1 %d %d 0: 1\n", NEVER, NEVER);
    expect_line(&run, line, 1); /* no account yet */
    script_account(&s, "account@mooc:x", "email:a");
    script_in_course(&s, EVENT_ENROLLMENT_CREATED, "account@mooc:x", "C1", 3)->time =
        (day + 1) * DAY_US;
    progress("account@mooc:x", "C1", day + 2, 0.3);
    fold_store_batch(run.store, run.fold, s.events + 1, s.count - 1);
    snprintf(line, sizeof(line), "deadline 0 0 U1 %d %d 3: 1\n", day + 1, NEVER);
    expect_line(&run, line, 1);
    progress("account@mooc:x", "C1", day + 9, 1);
    fold_store_batch(run.store, run.fold, s.events + s.count - 1, 1);
    snprintf(line, sizeof(line), "deadline 0 0 U1 %d %d 0: 1\n", day + 1, day + 9);
    expect_line(&run, line, 1);
    expect_line(&run, "deadline ", 1);
    run_finish(&run);
}

static void audiences_and_platforms_have_rows_of_their_own(void **state)
{
    (void)state;
    listed_with_account();
    s.events[0].audience = (struct event_list){2, {"women", "farmers"}};
    s.events[0].invited_by = "youth-union";
    script_graded(&s, "account@mooc:x", "C2", true, true, 0.8);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_AUDIENCE, MEASURE_REGISTERED, 2);
    run_expect(&run, SCOPE_INVITER, MEASURE_PASSED, 1);
    run_expect(&run, SCOPE_PLATFORM, MEASURE_PASSED, 1);
    run_expect(&run, SCOPE_COURSE, MEASURE_PASSED, 1);
    expect_line(&run, "tally 6 0 -1 0 women U1  1 1", 1);
    expect_line(&run, "tally 5 0 -1 0 mooc C2 U1  1 1", 1);
    expect_line(&run, "activity 6 0 -1 farmers  644:", 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_REGISTERED, 1);
    run_expect(&run, SCOPE_YEAR, MEASURE_FIRST_TIME, 1);
    run_finish(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_cross_the_end_of_a_leap_february),
        cmocka_unit_test(a_moved_unit_takes_its_days_along),
        cmocka_unit_test(the_rule_says_which_attempt_counts),
        cmocka_unit_test(newly_passed_is_of_what_was_passed),
        cmocka_unit_test(attempts_of_one_time_count_by_their_number),
        cmocka_unit_test(what_stands_beside_the_data_depends_on_no_order),
        cmocka_unit_test(of_lists_of_one_time_the_later_import_counts),
        cmocka_unit_test(completed_is_who_has_all_that_the_rule_asks_for),
        cmocka_unit_test(completed_is_since_the_rule_holds),
        cmocka_unit_test(each_rule_is_held_by_its_own_attempts),
        cmocka_unit_test(who_has_just_the_pass_mark_passes),
        cmocka_unit_test(who_did_just_what_is_asked_did_it),
        cmocka_unit_test(a_deadline_runs_from_the_latest_of_account_enrolment_and_wave),
        cmocka_unit_test(audiences_and_platforms_have_rows_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
