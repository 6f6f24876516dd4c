/* The fold: who is erased was never there. */
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

/* Two accounts and two rows of one person, linked; and somebody who shared an e-mail with that person. */
static void add_person(struct script *s)
{
    script_list(s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_list(s, "email:b+n1", "W3", "U2", "name:1", "email:b");
    script_account(s, "account@mooc:x", "email:a");
    script_graded(s, "account@mooc:x", "C1", true, true, 0.8);
    script_account(s, "account@mooc:y", "email:b");
    script_in_course(s, EVENT_ENROLLMENT_CREATED, "account@mooc:y", "C3", 50);
    struct event *link = script_add(s, EVENT_IDENTITY_LINKED, NULL, "link:a:b", 60);
    link->identifiers = (struct event_list){2, {"email:a", "email:b"}};
}

static void add_others(struct script *s)
{
    script_list(s, "email:c+n2", "W1", "U1", "name:2", "email:c");
    struct event *shared = script_list(s, "email:d+n3", "W1", "U1", "name:3", "email:d");
    shared->identifiers = (struct event_list){2, {"email:d", "email:a"}};
    script_account(s, "account@mooc:z", "email:a");
    script_graded(s, "account@mooc:z", "C1", true, false, 0.2);
}

static const char *const whole_person[] = {"email:a+n1", "email:b+n1", "account@mooc:x",
                                           "account@mooc:y", "link:a:b"};

/* Erased, a person leaves the figures as they would be without, in whatever order facts and erasures come; only tombstones stay. */
static void who_is_erased_was_never_there(void **state)
{
    (void)state;
    static struct script s, without;
    without.count = 0;
    add_others(&without);
    struct run other = run_start(script_rules(), 1 << 20);
    fold_store_batch(other.store, other.fold, without.events, without.count);
    for (size_t i = 0; i < ARRAY_LEN(whole_person); i++) {
        struct event *e = script_erase(&without, whole_person[i]);
        fold_store_batch(other.store, other.fold, e, 1);
    }
    char *wanted = fold_store_dump(other.store, other.fold);
    assert_non_null(strstr(wanted, "tally 0 0 0 0  U1"));
    assert_null(strstr(wanted, "issue identifier_shared"));
    for (int order = 0; order < 3; order++) {
        s.count = 0;
        add_others(&s);
        size_t first = s.count;
        add_person(&s);
        size_t erasures = s.count;
        for (size_t i = 0; i < ARRAY_LEN(whole_person); i++)
            script_erase(&s, whole_person[i]);
        struct run run = run_start(script_rules(), 1 << 20);
        fold_store_batch(run.store, run.fold, s.events, first);
        if (order == 1)
            fold_store_batch(run.store, run.fold, s.events + erasures, s.count - erasures);
        if (order == 2) {
            fold_store_batch(run.store, run.fold, s.events + first, s.count - first);
        } else {
            fold_store_batch(run.store, run.fold, s.events + first, erasures - first);
            if (order == 0)
                run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 4);
            fold_store_batch(run.store, run.fold, s.events + erasures, s.count - erasures);
        }
        fold_store_batch(run.store, run.fold, s.events + first, erasures - first); /* seen again */
        assert_true(fold_any_erased(run.fold));
        char *dump = fold_store_dump(run.store, run.fold);
        assert_string_equal(dump, wanted);
        free(dump);
        run_finish(&run);
    }
    free(wanted);
    run_finish(&other);
}

/* The events of the last batch whose records are to leave nothing, known to the config or not. */
static void whose_records_leave_nothing(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    struct run run = run_start(script_rules(), 1 << 20);
    add_person(&s);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    assert_false(fold_any_erased(run.fold));
    fold_store_batch(run.store, run.fold, s.events, 1); /* what was saved is visible from here on */
    fold_free(run.fold);                                /* nobody is resident */
    run.fold = fold_new(run.rules, 1 << 20);
    s.count = 0;
    struct event *fact = script_account(&s, "account@mooc:x", "email:a");
    struct event *erasure = script_erase(&s, "account@mooc:x");
    struct event *elsewhere =
        script_in_course(&s, EVENT_ENROLLMENT_CREATED, "account@mooc:x", "C-unknown", 70);
    struct event *later = script_add(&s, EVENT_UNKNOWN, "account@mooc:x", "badge:x", 71);
    struct event *other = script_account(&s, "account@mooc:y", "email:b");
    fold_store_apply(run.store, run.fold, s.events, s.count);
    assert_true(fold_any_erased(run.fold));
    struct key128 key = key128_of("account@mooc:x", 14);
    struct event *const erased[] = {fact, elsewhere, later};
    for (size_t i = 0; i < ARRAY_LEN(erased); i++) {
        erased[i]->subject_key = key;
        assert_true(fold_is_erased(run.fold, erased[i]));
    }
    erasure->subject_key = key;
    assert_false(fold_is_erased(run.fold, erasure));
    other->subject_key = key128_of("account@mooc:y", 14);
    assert_false(fold_is_erased(run.fold, other));
    fold_store_save(run.store, run.fold);
    run_finish(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_erased_was_never_there),
        cmocka_unit_test(whose_records_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
