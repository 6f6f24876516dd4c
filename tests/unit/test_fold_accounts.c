/* The fold: an account that a link or a list names is its owner's, whether or not the platform ever tells of accounts. */
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

#define LEARNER "account@lrs:x"

/* A listed person, and what a platform without a stream of accounts tells of one account. */
static void add_both(struct script *s)
{
    s->count = 0;
    script_list(s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_in_course(s, EVENT_ENROLLMENT_CREATED, LEARNER, "C1", 50);
    script_graded(s, LEARNER, "C1", true, true, 0.8);
}

static struct event *add_link(struct script *s, enum event_type type, int64_t revision)
{
    struct event *link = script_add(s, type, NULL, "link:a:x", revision);
    link->identifiers = (struct event_list){2, {LEARNER, "email:a"}};
    return link;
}

static struct event *add_naming_row(struct script *s, const char *subject, const char *name,
                                    const char *email)
{
    struct event *row = script_list(s, subject, "W1", "U1", name, email);
    row->identifiers = (struct event_list){2, {email, LEARNER}};
    return row;
}

static void expect_counts(const struct run *run, int64_t registered, int64_t of_the_list,
                          int64_t apart)
{
    run_expect(run, SCOPE_WAVE, MEASURE_REGISTERED, registered);
    run_expect(run, SCOPE_WAVE, MEASURE_ACCOUNTS, of_the_list);
    run_expect(run, SCOPE_WAVE, MEASURE_ENROLLED, of_the_list);
    run_expect(run, SCOPE_WAVE, MEASURE_PASSED, of_the_list);
    run_expect(run, SCOPE_TRAINING, MEASURE_NOT_REGISTERED, apart);
    run_expect(run, SCOPE_ALL, MEASURE_REGISTERED, registered);
    run_expect(run, SCOPE_ALL, MEASURE_NOT_REGISTERED, apart);
    assert_int_equal(run_count(run, "issue account_not_on_roster"), apart);
}

/* The next one in lexical order; false after the last. */
static bool next_order(size_t *order, size_t count)
{
    size_t at = count - 1, other = count - 1;
    while (at > 0 && order[at - 1] > order[at])
        at--;
    if (at == 0)
        return false;
    while (order[other] < order[at - 1])
        other--;
    size_t held = order[at - 1];
    order[at - 1] = order[other];
    order[other] = held;
    for (size_t end = count - 1; at < end; at++, end--) {
        held = order[at];
        order[at] = order[end];
        order[end] = held;
    }
    return true;
}

/* EVICTED_AT_ONCE: nobody is resident when the next event comes, and all is visible. */
enum store_way { TOGETHER, ONE_BY_ONE, EVICTED, EVICTED_AT_ONCE, STORE_WAYS };

static struct run fold_in(const struct script *s, const size_t *order, enum store_way way)
{
    struct run run = run_start(script_rules(), way >= EVICTED ? 0 : 1 << 20);
    static struct event batch[ARRAY_LEN(s->events)];
    static const struct event nothing = {.type_name = "", .entity = ""};
    for (size_t i = 0; i < s->count; i++)
        batch[i] = s->events[order[i]];
    if (way == TOGETHER)
        fold_store_batch(run.store, run.fold, batch, s->count);
    for (size_t i = 0; way != TOGETHER && i < s->count; i++) {
        fold_store_batch(run.store, run.fold, &batch[i], 1);
        if (way == EVICTED_AT_ONCE)
            fold_store_batch(run.store, run.fold, &nothing, 1);
    }
    return run;
}

static void expect_equal(const char *found, const char *wanted, const char *how)
{
    if (strcmp(found, wanted) != 0)
        fail_msg("%s gives\n%s\ninstead of\n%s", how, found, wanted);
}

static void at_once_it_is_the_same(const struct script *s, const size_t *order, const char *wanted)
{
    static struct event events[ARRAY_LEN(s->events)];
    size_t takers[ARRAY_LEN(s->events)];
    char *people = fold_store_of_people(wanted);
    struct rules *rules = script_rules();
    for (size_t i = 0; i < s->count; i++)
        events[i] = s->events[order[i]];
    for (size_t intakes = 1; intakes <= 3; intakes++) {
        for (size_t i = 0; i < s->count; i++)
            takers[i] = i % intakes;
        char *dump = fold_store_bulk(rules, events, takers, s->count, intakes, 1);
        expect_equal(dump, wanted, "at once it");
        free(dump);
        for (size_t ranges = 1; ranges <= 5; ranges++) {
            dump = fold_store_bulk_states(rules, events, takers, s->count, intakes, ranges);
            expect_equal(dump, people, "in ranges it");
            free(dump);
        }
    }
    rules_free(rules);
    free(people);
}

/* In every order, over batches, from memory or from the store, and all at once: the same figures and rows. */
static void expect_in_any_order(const struct script *s, int64_t registered, int64_t of_the_list,
                                int64_t apart)
{
    size_t order[8];
    char *wanted = NULL;
    assert_true(s->count <= ARRAY_LEN(order));
    for (size_t i = 0; i < s->count; i++)
        order[i] = i;
    do {
        for (enum store_way way = TOGETHER; way < STORE_WAYS; way++) {
            struct run run = fold_in(s, order, way);
            expect_counts(&run, registered, of_the_list, apart);
            char *dump = fold_store_dump(run.store, run.fold);
            run_finish(&run);
            if (wanted)
                expect_equal(dump, wanted, "another order or way");
            else
                wanted = strdup(dump);
            free(dump);
        }
        at_once_it_is_the_same(s, order, wanted);
    } while (next_order(order, s->count));
    free(wanted);
}

static void a_link_names_an_account_that_only_learned(void **state)
{
    (void)state;
    static struct script s;
    add_both(&s);
    expect_in_any_order(&s, 1, 0, 1);
    add_link(&s, EVENT_IDENTITY_LINKED, 60);
    expect_in_any_order(&s, 1, 1, 0);
    add_link(&s, EVENT_IDENTITY_UNLINKED, 61);
    expect_in_any_order(&s, 1, 0, 1);
    add_link(&s, EVENT_IDENTITY_LINKED, 62);
    expect_in_any_order(&s, 1, 1, 0);
}

static void a_row_names_an_account_that_only_learned(void **state)
{
    (void)state;
    static struct script s;
    add_both(&s);
    add_naming_row(&s, "email:a+n1", "name:1", "email:a");
    expect_in_any_order(&s, 1, 1, 0);
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a"); /* corrected */
    expect_in_any_order(&s, 1, 0, 1);
}

/* As an identifier that stands on rows of two people. */
static void an_account_on_rows_of_two_people_is_nobodys(void **state)
{
    (void)state;
    static struct script s;
    add_both(&s);
    add_naming_row(&s, "email:a+n1", "name:1", "email:a");
    add_naming_row(&s, "email:b+n2", "name:2", "email:b");
    expect_in_any_order(&s, 2, 0, 1);
    script_list(&s, "email:b+n2", "W1", "U1", "name:2", "email:b");
    expect_in_any_order(&s, 2, 1, 0);
}

/* Two accounts, of which neither has an event of its own kind; a new key is told of so. */
static void two_accounts_are_linked_with_one_another(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    add_naming_row(&s, "email:a+n1", "name:1", "email:a");
    script_in_course(&s, EVENT_ENROLLMENT_CREATED, "account@lrs:y", "C1", 50);
    script_graded(&s, "account@lrs:y", "C1", true, true, 0.8);
    struct event *link = script_add(&s, EVENT_IDENTITY_LINKED, NULL, "link:x:y", 60);
    link->identifiers = (struct event_list){2, {LEARNER, "account@lrs:y"}};
    expect_in_any_order(&s, 1, 1, 0);
}

/* An account that is told of besides is the same one. */
static void a_named_account_is_told_of_besides(void **state)
{
    (void)state;
    static struct script s;
    add_both(&s);
    add_link(&s, EVENT_IDENTITY_LINKED, 60);
    script_account(&s, LEARNER, "email:b");
    expect_in_any_order(&s, 1, 1, 0);
    add_link(&s, EVENT_IDENTITY_UNLINKED, 61);
    expect_in_any_order(&s, 1, 0, 1);
}

/* As many identifiers as an event may name: its own key stands beside them. */
static void an_account_that_names_the_most_is_found_by_its_own_key(void **state)
{
    (void)state;
    static struct script s;
    static char named[EVENT_MAX_LIST][16];
    s.count = 0;
    struct event *account = script_account(&s, LEARNER, "email:b");
    account->identifiers.count = EVENT_MAX_LIST;
    for (size_t i = 0; i < EVENT_MAX_LIST; i++) {
        (void)snprintf(named[i], sizeof(named[i]), "email:%02zu", i);
        account->identifiers.items[i] = named[i];
    }
    size_t order[] = {0};
    struct run run = fold_in(&s, order, ONE_BY_ONE);
    char row[64];
    snprintf(row, sizeof(row), "carrier %016lx", key128_of(LEARNER, strlen(LEARNER)).hi);
    assert_int_equal(run_count(&run, row), 1);
    run_finish(&run);
}

/* Who is erased is nobody, and what names them finds nobody; only what says so is held of them. */
static void an_erased_account_is_not_found_by_its_name(void **state)
{
    (void)state;
    static struct script s;
    add_both(&s);
    add_link(&s, EVENT_IDENTITY_LINKED, 60);
    script_erase(&s, LEARNER);
    expect_in_any_order(&s, 1, 0, 0);
    size_t order[] = {0, 1, 2, 3, 4};
    struct run run = fold_in(&s, order, ONE_BY_ONE);
    char row[64];
    snprintf(row, sizeof(row), "member %016lx", key128_of(LEARNER, strlen(LEARNER)).hi);
    assert_int_equal(run_count(&run, row), 0);
    run_finish(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_names_an_account_that_only_learned),
        cmocka_unit_test(a_row_names_an_account_that_only_learned),
        cmocka_unit_test(an_account_on_rows_of_two_people_is_nobodys),
        cmocka_unit_test(two_accounts_are_linked_with_one_another),
        cmocka_unit_test(a_named_account_is_told_of_besides),
        cmocka_unit_test(an_account_that_names_the_most_is_found_by_its_own_key),
        cmocka_unit_test(an_erased_account_is_not_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
