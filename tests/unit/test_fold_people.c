/* The fold: what one person raises and counts for in unusual but real cases. */
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

static int reset(void **state)
{
    (void)state;
    s.count = 0;
    return 0;
}

static struct event *learn(const char *subject, const char *course)
{
    struct event *e =
        script_in_course(&s, EVENT_LEARNING_PROGRESSED, subject, course, (int64_t)s.count + 1);
    e->present |= HAS(DAY);
    e->day = clock_day_from_civil(2023, 9, 22);
    return e;
}

static void who_passed_without_learning_is_an_issue_and_counts(void **state)
{
    (void)state;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.8);
    learn("account@mooc:x", "C1");
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, 2);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 0);
    fold_store_batch(run.store, run.fold, s.events + 2, 1);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
    fold_store_batch(run.store, run.fold, s.events + 3, 1);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 0);
    struct event *withdrawn = learn("account@mooc:x", "C1");
    withdrawn->type = EVENT_LEARNING_WITHDRAWN;
    fold_store_batch(run.store, run.fold, withdrawn, 1);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 1);
    run_finish(&run);
}

/* C1 shows what was learned, C2 does not: a pass there alone says nothing of how. */
static void a_pass_where_learning_is_hidden_is_no_issue(void **state)
{
    (void)state;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C2", true, true, 0.8);
    script_graded(&s, "account@mooc:x", "C1", true, false, 0.2);
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.8);
    struct rules *rules = script_rules();
    rules_hide_learning(rules, rules_find_course(rules, "mooc", "C2"));
    struct run run = run_start(rules, 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, 4);
    run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 0);
    fold_store_batch(run.store, run.fold, s.events + 4, 1);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 1);
    run_finish(&run);
}

static void a_failed_attempt_without_learning_is_no_issue(void **state)
{
    (void)state;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C1", true, false, 0.2);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    assert_int_equal(run_count(&run, "issue passed_without_learning"), 0);
    run_expect(&run, SCOPE_WAVE, MEASURE_FAILED, 1);
    run_finish(&run);
}

/* One list names the person by e-mail, another by citizen number; an account that has both shows that it is one. */
static void a_second_row_in_the_same_unit_is_an_issue(void **state)
{
    (void)state;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a")->row = 3;
    script_list(&s, "phone:1+n1", "W1", "U1", "name:1", "phone:1")->row = 5;
    struct event *account = script_account(&s, "account@mooc:x", "email:a");
    account->identifiers = (struct event_list){2, {"email:a", "phone:1"}};
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, 2);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 2);
    assert_int_equal(run_count(&run, "issue listed_twice"), 0);
    fold_store_batch(run.store, run.fold, s.events + 2, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 1);
    assert_int_equal(run_count(&run, "issue listed_twice"), 1);
    assert_int_equal(run_count(&run, "issue listed_in_two_units"), 0);
    run_finish(&run);
}

static void a_person_counts_in_each_of_many_waves(void **state)
{
    (void)state;
    enum { WAVES = 100 };
    static char names[WAVES][16];
    struct rules *rules = script_rules();
    int32_t first = clock_day_from_civil(1990, 1, 1);
    for (int i = 0; i < WAVES; i++) {
        snprintf(names[i], sizeof(names[i]), "V%d", i);
        rules_add_wave(rules, names[i], 0, first + 366 * i, first + 366 * i + 6);
        script_list(&s, "email:a+n1", names[i], "U1", "name:1", "email:a");
    }
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.8)->time =
        (first + 366LL * (WAVES - 1)) * DAY_US;
    struct run run = run_start(rules, 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, WAVES);
    run_expect(&run, SCOPE_YEAR, MEASURE_REGISTERED, WAVES);
    run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
    assert_int_equal(
        run_count(&run, "tally 0 0 102 0  U1 7 1 1 0 0 1 0 1 1 0 0 0 0 1 1 1 1 8000\n"), 1);
    run_finish(&run);
}

static void results_stay_with_the_person_when_the_account_is_closed(void **state)
{
    (void)state;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.8);
    script_account(&s, "account@mooc:x", "email:a")->type = EVENT_ACCOUNT_CLOSED;
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, 3);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 1);
    fold_store_batch(run.store, run.fold, s.events + 3, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 0);
    run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
    run_expect(&run, SCOPE_ALL, MEASURE_NOT_REGISTERED, 0);
    run_finish(&run);
}

/* Equal revision and data, another time: the contract's hash does not cover it. */
static void a_tie_does_not_depend_on_the_order(void **state)
{
    (void)state;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_list(&s, "email:a+n1", "W2", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
    struct event *early = script_graded(&s, "account@mooc:x", "C1", true, true, 0.9);
    struct event *late = script_graded(&s, "account@mooc:x", "C1", true, true, 0.9);
    early->revision = late->revision = 7;
    early->time = clock_day_from_civil(2023, 9, 21) * DAY_US;
    late->time = clock_day_from_civil(2023, 10, 5) * DAY_US;
    char *dumps[2];
    for (int turn = 0; turn < 2; turn++) {
        struct run run = run_start(script_rules(), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, 3);
        fold_store_batch(run.store, run.fold, turn ? late : early, 1);
        fold_store_batch(run.store, run.fold, turn ? early : late, 1);
        assert_int_equal(
            run_count(&run, "tally 0 0 1 0  U1 7 1 1 0 0 1 0 1 1 0 0 0 0 1 1 1 1 9000\n"), 1);
        dumps[turn] = fold_store_dump(run.store, run.fold);
        run_finish(&run);
    }
    assert_string_equal(dumps[0], dumps[1]);
    free(dumps[0]);
    free(dumps[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_passed_without_learning_is_an_issue_and_counts, reset),
        cmocka_unit_test_setup(a_pass_where_learning_is_hidden_is_no_issue, reset),
        cmocka_unit_test_setup(a_failed_attempt_without_learning_is_no_issue, reset),
        cmocka_unit_test_setup(a_second_row_in_the_same_unit_is_an_issue, reset),
        cmocka_unit_test_setup(a_person_counts_in_each_of_many_waves, reset),
        cmocka_unit_test_setup(results_stay_with_the_person_when_the_account_is_closed, reset),
        cmocka_unit_test_setup(a_tie_does_not_depend_on_the_order, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
