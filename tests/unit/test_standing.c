/* Whose share of which cell is another one after a second fold: what stands behind a changed cell of closed figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../aggregator/close/standing.h"
#include "support/fold_script.h"
#include "support/fold_store_rows.h"

/* Some of a script's events before, others after. */
struct pair {
    struct script script;
    struct rules *rules;
    struct strings *codes;
    struct standings *sides[2];
    struct changed_people people;
};

static struct standings *count(struct pair *p, size_t events, const struct rules *rules)
{
    struct event *decoded = fold_store_decoded(p->script.events, p->script.count);
    struct bulk_intake *intake = bulk_intake_new(rules, 0);
    for (size_t i = 0; i < events; i++)
        bulk_take(intake, &decoded[i], &(struct bulk_position){0}, 1);
    struct bulk *bulk = bulk_new(&intake, 1, rules, NULL);
    struct bulk_counter *counter = bulk_counter_new(bulk);
    struct standings *standings = standings_new("T1", "W1", p->codes);
    struct bulk_rows watch = standings_watch(standings);
    struct error err = {0};
    size_t counted;
    while (bulk_count(counter, &watch, &counted, &err) > 0)
        ;
    bulk_counter_free(counter);
    bulk_free(bulk);
    free(decoded);
    return standings;
}

/* The first `closed` events were there at the closing, the rest came later. */
static void compare(struct pair *p, size_t closed)
{
    p->rules = script_rules();
    p->codes = strings_new();
    p->sides[0] = count(p, closed, p->rules);
    p->sides[1] = count(p, p->script.count, p->rules);
    changed_people_find(p->sides[0], p->sides[1], &p->people);
}

static void finish(struct pair *p)
{
    changed_people_release(&p->people);
    standings_free(p->sides[0]);
    standings_free(p->sides[1]);
    strings_free(p->codes);
    rules_free(p->rules);
}

static struct share_query query_of(const struct pair *p, uint32_t measures)
{
    return (struct share_query){.kind = SHARE_TALLY,
                                .any_unit = true,
                                .any_detail = true,
                                .wave = strings_find(p->codes, "W1", 2),
                                .measures = measures};
}

static size_t movers(const struct pair *p, const struct share_query *query)
{
    size_t people = 0;
    for (size_t i = 0; i < p->people.count; i++)
        people += changed_person_moves(&p->people, i, query);
    return people;
}

/* How many people a cell counts otherwise: of the wave, or of one of its units. */
static size_t moved(const struct pair *p, const char *unit, uint32_t measures)
{
    struct share_query query = query_of(p, measures);
    uint32_t number = unit ? strings_find(p->codes, unit, strlen(unit)) : 0;
    query.any_unit = unit == NULL;
    query.units = &number;
    query.unit_count = 1;
    return movers(p, &query);
}

static bool is_behind(const struct pair *p, size_t person, const char *subject)
{
    struct key128 key = key128_of(subject, strlen(subject));
    const struct changed_person *changed = &p->people.items[person];
    for (size_t i = 0; i < changed->subject_count; i++)
        if (key128_equal(p->people.subjects[changed->first_subject + i], key))
            return true;
    return false;
}

static void list(struct pair *p, const char *who, const char *unit, enum event_type type)
{
    static char texts[64][2][48];
    static size_t used;
    char subject[64];
    snprintf(texts[used][0], sizeof(texts[used][0]), "name:%s", who);
    snprintf(texts[used][1], sizeof(texts[used][1]), "email:%s", who);
    snprintf(subject, sizeof(subject), "email:%s+n", who);
    script_list(&p->script, subject, "W1", unit, texts[used][0], texts[used][1])->type = type;
    used = (used + 1) % 64;
}

/* Both units count one person otherwise, and what is above both the same: her old row went, a new one came. */
static void who_moved_is_behind_both_units_and_behind_no_total(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "binh", "U1", EVENT_ROSTER_LISTED);
    list(&p, "an", "U1", EVENT_ROSTER_REMOVED);
    list(&p, "an", "U2", EVENT_ROSTER_LISTED);
    compare(&p, 2);
    assert_int_equal(p.people.count, 1);
    assert_true(is_behind(&p, 0, "email:an+n"));
    assert_false(is_behind(&p, 0, "email:binh+n"));
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 1);
    assert_int_equal(moved(&p, "U2", BIT(REGISTERED)), 1);
    assert_int_equal(moved(&p, NULL, BIT(REGISTERED)), 0);
    assert_int_equal(moved(&p, "U3", BIT(REGISTERED)), 0);
    assert_int_equal(moved(&p, "U1", BIT(PASSED)), 0);
    finish(&p);
}

/* A correction, and the old list once more: there and back is no change, whatever its revisions. */
static void who_is_back_has_not_changed(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "an", "U1", EVENT_ROSTER_REMOVED);
    list(&p, "an", "U2", EVENT_ROSTER_LISTED);
    list(&p, "an", "U2", EVENT_ROSTER_REMOVED);
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    compare(&p, 1);
    assert_int_equal(p.people.count, 0);
    finish(&p);
}

/* One left and one came: the total is the same figure, but it is made of others, and each is behind their own unit alone. */
static void one_who_left_and_one_who_came_are_two(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "an", "U1", EVENT_ROSTER_REMOVED);
    list(&p, "binh", "U2", EVENT_ROSTER_LISTED);
    compare(&p, 1);
    assert_int_equal(p.people.count, 2);
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 1);
    assert_int_equal(moved(&p, "U2", BIT(REGISTERED)), 1);
    assert_int_equal(moved(&p, NULL, BIT(REGISTERED)), 2);
    finish(&p);
}

/* A fault that was put right moves the count of faults, and no other figure of the same unit. */
static void a_fault_put_right_moves_the_faults_alone(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    p.script.events[0].faults = (struct event_list){1, {"email_malformed"}};
    p.script.events[0].present |= HAS(FAULTS);
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "binh", "U2", EVENT_ROSTER_LISTED);
    compare(&p, 1);
    assert_int_equal(p.people.count, 2);
    uint32_t unit = strings_find(p.codes, "U1", 2);
    struct share_query faults = query_of(&p, 0);
    faults.kind = SHARE_ISSUE;
    faults.any_detail = false;
    faults.detail = FAULT_EMAIL_MALFORMED;
    assert_int_equal(movers(&p, &faults), 1);
    faults.any_unit = false;
    faults.units = &unit;
    faults.unit_count = 1;
    assert_int_equal(movers(&p, &faults), 1);
    faults.detail = FAULT_EMAIL_MISSING;
    assert_int_equal(movers(&p, &faults), 0);
    assert_int_equal(moved(&p, "U1", UINT32_MAX), 0);
    assert_int_equal(moved(&p, "U2", BIT(REGISTERED)), 1);
    finish(&p);
}

/* Who is in another wave as well is behind that one, and behind nothing of the training; who came is behind both. */
static void the_training_counts_once_who_is_in_two_waves(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    script_list(&p.script, "email:an+n", "W2", "U1", "name:an", "email:an");
    script_list(&p.script, "email:binh+n", "W2", "U1", "name:binh", "email:binh");
    compare(&p, 1);
    struct share_query query = query_of(&p, BIT(REGISTERED));
    assert_int_equal(movers(&p, &query), 0);
    query.wave = strings_find(p.codes, "W2", 2);
    assert_int_equal(movers(&p, &query), 2);
    query.of_training = true;
    assert_int_equal(movers(&p, &query), 1);
    query.measures = BIT(PASSED);
    assert_int_equal(movers(&p, &query), 0);
    /* A wave that nobody is in is not the training. */
    query = query_of(&p, BIT(REGISTERED));
    query.wave = strings_find(p.codes, "W9", 2);
    assert_int_equal(movers(&p, &query), 0);
    finish(&p);
}

/* Linked with the account that passed: one person more of several subjects, who is registered as before. */
static void who_was_linked_is_one_with_whom(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    script_account(&p.script, "account@mooc:x", "email:other");
    script_graded(&p.script, "account@mooc:x", "C1", true, true, 0.9);
    struct event *link = script_add(&p.script, EVENT_IDENTITY_LINKED, NULL, "link:an:other", 60);
    link->identifiers = (struct event_list){2, {"email:an", "email:other"}};
    link->present = HAS(IDENTIFIERS);
    compare(&p, 3);
    assert_int_equal(p.people.count, 1);
    assert_true(is_behind(&p, 0, "email:an+n"));
    assert_true(is_behind(&p, 0, "account@mooc:x"));
    assert_true(is_behind(&p, 0, "link:an:other"));
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 0);
    assert_int_equal(moved(&p, "U1", BIT(ACCOUNTS)), 1);
    assert_int_equal(moved(&p, "U1", BIT(PASSED)), 1);
    finish(&p);
    /* And parted again. */
    script_add(&p.script, EVENT_IDENTITY_UNLINKED, NULL, "link:an:other", 61);
    compare(&p, 4);
    assert_int_equal(p.people.count, 1);
    assert_true(is_behind(&p, 0, "link:an:other"));
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 0);
    assert_int_equal(moved(&p, "U1", BIT(PASSED)), 1);
    finish(&p);
}

/* Who is listed late and had passed: passed and registered, but not one more who has not passed. */
static void a_late_listing_of_who_passed_is_behind_what_it_moves(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "binh", "U1", EVENT_ROSTER_LISTED);
    script_account(&p.script, "account@mooc:x", "email:an");
    script_graded(&p.script, "account@mooc:x", "C1", true, true, 0.9);
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    compare(&p, 3);
    assert_int_equal(p.people.count, 1);
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 1);
    assert_int_equal(moved(&p, "U1", BIT(PASSED)), 1);
    assert_int_equal(moved(&p, "U1", BIT(PASSED) | BIT(REGISTERED)), 1);
    struct share_query not_passed = query_of(&p, 0);
    not_passed.not_passed = true;
    assert_int_equal(movers(&p, &not_passed), 0);
    finish(&p);
    /* The attempt is annulled: now she has not passed, and stays registered. */
    script_graded(&p.script, "account@mooc:x", "C1", true, true, 0.9)->type = EVENT_EXAM_ANNULLED;
    compare(&p, 4);
    not_passed = query_of(&p, 0);
    not_passed.not_passed = true;
    assert_int_equal(movers(&p, &not_passed), 1);
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 0);
    assert_int_equal(moved(&p, "U1", BIT(PASSED)), 1);
    finish(&p);
}

/* Two causes in one cell, and a third person who is in another of the same unit. */
static void two_causes_in_one_cell_are_both_told(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "binh", "U1", EVENT_ROSTER_LISTED);
    list(&p, "chi", "U1", EVENT_ROSTER_LISTED);
    script_account(&p.script, "account@mooc:a", "email:an");
    script_account(&p.script, "account@mooc:b", "email:binh");
    script_account(&p.script, "account@mooc:c", "email:chi");
    script_graded(&p.script, "account@mooc:a", "C1", true, true, 0.9);
    script_graded(&p.script, "account@mooc:b", "C1", true, true, 0.9);
    script_in_course(&p.script, EVENT_ENROLLMENT_CREATED, "account@mooc:c", "C1", 1);
    compare(&p, 6);
    assert_int_equal(p.people.count, 3);
    assert_int_equal(moved(&p, "U1", BIT(PASSED)), 2);
    assert_int_equal(moved(&p, "U1", BIT(ENROLLED)), 1);
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 0);
    finish(&p);
}

static void who_was_erased_is_gone_from_the_unit(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "binh", "U1", EVENT_ROSTER_LISTED);
    script_erase(&p.script, "email:an+n");
    compare(&p, 2);
    assert_int_equal(p.people.count, 1);
    assert_true(is_behind(&p, 0, "email:an+n"));
    assert_int_equal(moved(&p, "U1", BIT(REGISTERED)), 1);
    finish(&p);
}

/* The group is another one; the unit counts the same. */
static void a_group_is_its_own_cell(void **state)
{
    (void)state;
    static struct pair p;
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    list(&p, "an", "U1", EVENT_ROSTER_LISTED);
    p.script.events[1].group = "8";
    compare(&p, 1);
    assert_int_equal(moved(&p, "U1", UINT32_MAX), 0);
    struct share_query group = query_of(&p, BIT(REGISTERED));
    group.any_detail = false;
    group.detail = strings_find(p.codes, "7", 1);
    assert_int_equal(movers(&p, &group), 1);
    group.detail = strings_find(p.codes, "8", 1);
    assert_int_equal(movers(&p, &group), 1);
    group.detail = strings_find(p.codes, "9", 1);
    assert_int_equal(movers(&p, &group), 0);
    finish(&p);
}

static void names_of_faults_are_listed_once(void **state)
{
    (void)state;
    static struct pair p;
    script_account(&p.script, "account@mooc:x", "email:x")->name = "name:0000000000000001";
    script_account(&p.script, "account@mooc:y", "email:y")->name = "name:0000000000000001";
    script_account(&p.script, "account@mooc:z", "email:z")->name = "name:0000000000000002";
    for (size_t i = 0; i < 3; i++)
        p.script.events[i].present |= HAS(NAME);
    compare(&p, 0);
    size_t count;
    int64_t *names = standings_names(p.sides[1], ISSUE_NOT_ON_ROSTER, NULL, false, &count);
    assert_int_equal(count, 2);
    assert_true(names[0] < names[1]);
    free(names);
    names = standings_names(p.sides[1], ISSUE_NOT_ON_ROSTER, NULL, true, &count);
    assert_int_equal(count, 1);
    free(names);
    names = standings_names(p.sides[1], ISSUE_NO_ACCOUNT, NULL, false, &count);
    assert_int_equal(count, 0);
    free(names);
    finish(&p);
}

/* Ten working days from day 100 on end on day 114; today is day 110, the 6th working day after. */
/* As the view does: where no platform says who completed, whoever has begun cannot be judged. */
static void without_completion_only_who_has_not_begun_is_told(void **state)
{
    (void)state;
    int32_t due[] = {105}, numbers[] = {70}, day;
    const struct due_calendar calendar = {100, 110, 76, 10, 1, due, numbers, true};
    struct share share = {.kind = SHARE_DEADLINE};
    share.of.deadline.day_0 = 100;
    share.of.deadline.completed_on = NEVER;
    assert_int_equal(deadline_state_of(&share, &calendar, &day), DEADLINE_NOT_COMPUTABLE);
    share.of.deadline.day_0 = NEVER;
    assert_int_equal(deadline_state_of(&share, &calendar, &day), DEADLINE_NOT_BEGUN);
    share.of.deadline.completed_on = 101;
    assert_int_equal(deadline_state_of(&share, &calendar, &day), DEADLINE_NOT_COMPUTABLE);
}

static void a_deadline_is_judged_by_the_calendar(void **state)
{
    (void)state;
    static const struct {
        int32_t day_0, completed_on, lectures;
        enum deadline_state state;
    } cases[] = {{100, 114, 0, DEADLINE_ON_TIME},       {100, 115, 9, DEADLINE_LATE},
                 {100, NEVER, 6, DEADLINE_IN_TIME},     {100, NEVER, 5, DEADLINE_AT_RISK},
                 {101, NEVER, 9, DEADLINE_OVERDUE},     {NEVER, NEVER, 0, DEADLINE_NOT_BEGUN},
                 {NEVER, 109, 9, DEADLINE_ON_TIME},     {102, NEVER, 9, DEADLINE_NOT_COMPUTABLE},
                 {99, 101, 9, DEADLINE_NOT_COMPUTABLE}, {103, NEVER, 9, DEADLINE_NOT_COMPUTABLE}};
    int32_t due[] = {114, 109, NEVER}, numbers[] = {70, 71, 72};
    const struct due_calendar calendar = {100, 110, 76, 10, 3, due, numbers, false};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct share share = {
            .kind = SHARE_DEADLINE,
            .of.deadline = {cases[i].day_0, cases[i].completed_on, cases[i].lectures}};
        int32_t day;
        enum deadline_state found = deadline_state_of(&share, &calendar, &day);
        if (found != cases[i].state)
            fail_msg("case %zu is %d, should be %d", i, found, cases[i].state);
    }
}

/* Late by a day more, or by ten lectures less: no other cell of the row. */
static void a_deadline_moves_the_states_that_it_leaves_and_enters(void **state)
{
    (void)state;
    int32_t due[] = {114}, numbers[] = {70};
    const struct due_calendar calendar = {100, 110, 76, 10, 1, due, numbers, false};
    struct share early = {.kind = SHARE_DEADLINE, .wave = 1, .unit = 2, .of.deadline = {100, 112, 10}},
                 late = early, later = early;
    late.of.deadline.completed_on = 115;
    later.of.deadline.completed_on = 120;
    struct share_query on_time = {.kind = SHARE_DEADLINE,
                                  .any_unit = true,
                                  .any_detail = true,
                                  .wave = 1,
                                  .states = 1U << DEADLINE_ON_TIME,
                                  .calendar = &calendar},
                       after = on_time, learners = on_time;
    after.states = 1U << DEADLINE_LATE;
    learners.states = (1U << DEADLINE_STATES) - 1;
    assert_true(share_hash(&late) != share_hash(&later));
    assert_int_equal(shares_sum(&on_time, 0, &early, 1), 1);
    assert_int_equal(shares_sum(&on_time, 0, &late, 1), 0);
    assert_int_equal(shares_sum(&after, 0, &late, 1), shares_sum(&after, 1, &later, 1));
    assert_int_equal(shares_sum(&learners, 0, &early, 1), shares_sum(&learners, 1, &later, 1));
    late.wave = 3;
    assert_int_equal(shares_sum(&after, 0, &late, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_moved_is_behind_both_units_and_behind_no_total),
        cmocka_unit_test(who_is_back_has_not_changed),
        cmocka_unit_test(one_who_left_and_one_who_came_are_two),
        cmocka_unit_test(a_fault_put_right_moves_the_faults_alone),
        cmocka_unit_test(who_was_linked_is_one_with_whom),
        cmocka_unit_test(a_late_listing_of_who_passed_is_behind_what_it_moves),
        cmocka_unit_test(two_causes_in_one_cell_are_both_told),
        cmocka_unit_test(who_was_erased_is_gone_from_the_unit),
        cmocka_unit_test(the_training_counts_once_who_is_in_two_waves),
        cmocka_unit_test(a_group_is_its_own_cell),
        cmocka_unit_test(names_of_faults_are_listed_once),
        cmocka_unit_test(without_completion_only_who_has_not_begun_is_told),
        cmocka_unit_test(a_deadline_is_judged_by_the_calendar),
        cmocka_unit_test(a_deadline_moves_the_states_that_it_leaves_and_enters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
