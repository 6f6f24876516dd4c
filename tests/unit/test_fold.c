/* The fold: worked examples, and the property that order, duplicates, batch cuts, transactions and cache size cannot matter. */
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

static void a_learner_is_counted_through_the_email(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_list(&s, "email:b+n2", "W1", "U1", "name:2", "email:b");
    script_account(&s, "account@mooc:x", "email:a");
    script_in_course(&s, EVENT_ENROLLMENT_CREATED, "account@mooc:x", "C1", 50);
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.8);
    script_in_course(&s, EVENT_CERTIFICATE_ISSUED, "account@mooc:x", "C1", 51);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    for (int scope = SCOPE_WAVE; scope <= SCOPE_YEAR; scope++) {
        run_expect(&run, (enum scope)scope, MEASURE_REGISTERED, 2);
        run_expect(&run, (enum scope)scope, MEASURE_ACCOUNTS, 1);
        run_expect(&run, (enum scope)scope, MEASURE_ENROLLED, 1);
        run_expect(&run, (enum scope)scope, MEASURE_PARTICIPATED, 1);
        run_expect(&run, (enum scope)scope, MEASURE_SAT, 1);
        run_expect(&run, (enum scope)scope, MEASURE_PASSED, 1);
        run_expect(&run, (enum scope)scope, MEASURE_FAILED, 0);
        run_expect(&run, (enum scope)scope, MEASURE_CERTIFIED, 1);
        run_expect(&run, (enum scope)scope, MEASURE_NOT_REGISTERED, 0);
    }
    /* Who leaves the roster takes the results along; the annulled attempt no longer counts. */
    struct event *gone = script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    gone->type = EVENT_ROSTER_REMOVED;
    struct event *annulled = script_graded(&s, "account@mooc:x", "C1", true, true, 0.8);
    annulled->type = EVENT_EXAM_ANNULLED;
    fold_store_batch(run.store, run.fold, s.events + 6, 2);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 0);
    run_expect(&run, SCOPE_TRAINING, MEASURE_NOT_REGISTERED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_PASSED, 0);
    run_expect(&run, SCOPE_TRAINING, MEASURE_CERTIFIED, 1);
    run_finish(&run);
}

/* A named person in a class takes part in the wave's training: listed through the identifiers, or on no list. */
static void attendance_is_participation(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_list(&s, "email:b+n2", "W1", "U1", "name:2", "email:b")->type = EVENT_ATTENDANCE_RECORDED;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a")->type = EVENT_ATTENDANCE_WITHDRAWN;
    s.events[1].entity = "attendance:W1:1:2023-09-20:email:b+n2";
    s.events[2].entity = "attendance:W1:1:2023-09-20:email:a+n1";
    struct event *revoked = &s.events[s.count++];
    *revoked = s.events[1];
    revoked->type = EVENT_IMPORT_REVOKED;
    revoked->subject = NULL;
    revoked->entity = "import:1";
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_TRAINING, MEASURE_REGISTERED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_PARTICIPATED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_NOT_REGISTERED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_ACCOUNTS, 0);
    script_list(&s, "email:b+n2", "W1", "U2", "name:2", "email:b");
    fold_store_batch(run.store, run.fold, s.events + s.count - 1, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 2);
    run_expect(&run, SCOPE_WAVE, MEASURE_PARTICIPATED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_NOT_REGISTERED, 0);
    run_finish(&run);
}

static void a_shared_email_links_nobody_until_corrected(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    script_list(&s, "email:office+n1", "W1", "U1", "name:1", "email:office");
    script_list(&s, "email:office+n2", "W1", "U1", "name:2", "email:office");
    script_account(&s, "account@mooc:x", "email:office");
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.8);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 2);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 0);
    run_expect(&run, SCOPE_TRAINING, MEASURE_NOT_REGISTERED, 1);
    char *dump = fold_store_dump(run.store, run.fold);
    assert_non_null(strstr(dump, "issue identifier_shared"));
    free(dump);
    struct event *gone = script_list(&s, "email:office+n2", "W1", "U1", "name:2", "email:office");
    gone->type = EVENT_ROSTER_REMOVED;
    script_list(&s, "email:own+n2", "W1", "U1", "name:2", "email:own");
    fold_store_batch(run.store, run.fold, s.events + 4, 2);
    run_expect(&run, SCOPE_WAVE, MEASURE_REGISTERED, 2);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_PASSED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_NOT_REGISTERED, 0);
    dump = fold_store_dump(run.store, run.fold);
    assert_null(strstr(dump, "issue identifier_shared"));
    free(dump);
    run_finish(&run);
}

static void a_link_joins_two_emails_and_an_unlink_parts_them(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:b");
    script_graded(&s, "account@mooc:x", "C1", true, false, 0.2);
    struct event *link = script_add(&s, EVENT_IDENTITY_LINKED, NULL, "link:email:a:email:b", 60);
    link->identifiers = (struct event_list){2, {"email:a", "email:b"}};
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, 3);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 0);
    fold_store_batch(run.store, run.fold, s.events + 3, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_FAILED, 1);
    run_expect(&run, SCOPE_ALL, MEASURE_NOT_REGISTERED, 0);
    struct event *part = script_add(&s, EVENT_IDENTITY_UNLINKED, NULL, "link:email:a:email:b", 61);
    part->identifiers = (struct event_list){2, {"email:a", "email:b"}};
    fold_store_batch(run.store, run.fold, s.events + 4, 1);
    run_expect(&run, SCOPE_WAVE, MEASURE_ACCOUNTS, 0);
    run_expect(&run, SCOPE_ALL, MEASURE_NOT_REGISTERED, 1);
    run_finish(&run);
}

static void a_fact_belongs_to_the_wave_of_its_day(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
    script_list(&s, "email:a+n1", "W2", "U2", "name:1", "email:a");
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C1", true, true, 0.9)->time =
        clock_day_from_civil(2023, 9, 26) * DAY_US; /* both waves hold it: the later begun */
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    char *dump = fold_store_dump(run.store, run.fold);
    assert_non_null(strstr(dump, "tally 0 0 0 0  U1 7 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"));
    assert_non_null(strstr(dump, "tally 0 0 1 0  U2 7 1 1 0 0 1 0 1 1 0 0 0 0 1 1 1 1 9000\n"));
    /* In the training the person counts once, in the unit of the latest listing. */
    assert_non_null(strstr(dump, "tally 1 0 -1 0  U2  1 1 0 0 1 0 1 1 0 0 0 0 1 1 1 1 9000\n"));
    assert_null(strstr(dump, "tally 1 0 -1 0  U1"));
    free(dump);
    run_finish(&run);
}

static void the_pass_rule_is_the_trainings(void **state)
{
    (void)state;
    static struct script s;
    s.count = 0;
    script_account(&s, "account@mooc:x", "email:a");
    script_graded(&s, "account@mooc:x", "C3", true, false, 0.5);
    script_account(&s, "account@mooc:y", "email:b");
    script_graded(&s, "account@mooc:y", "C3", true, true, 0.49);
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s.events, s.count);
    run_expect(&run, SCOPE_TRAINING, MEASURE_SAT, 2);
    run_expect(&run, SCOPE_TRAINING, MEASURE_PASSED, 1);
    run_expect(&run, SCOPE_TRAINING, MEASURE_FAILED, 1);
    run_finish(&run);
}

/* Random worlds ---------------------------------------------------------------------------------------------------------- */

static uint64_t random_state;

static uint32_t pick(uint32_t below)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(random_state >> 33) % below;
}

static const char *const emails[] = {"email:1", "email:2", "email:3", "email:4", "email:5"};
static const char *const names[] = {"name:1", "name:2", "name:3"};
static const char *const citizens[] = {"citizen:1", "citizen:2"};
static const char *const accounts[] = {"account@mooc:0", "account@mooc:1", "account@mooc:2",
                                       "account@mooc:3"};
static const char *const waves[] = {"W1", "W2", "W3", "W-unknown"};
static const char *const units[] = {"U1", "U2", "U3"};
static const char *const groups[] = {"1", "2"};
static const char *const courses[] = {"C1", "C2", "C3", "C-unknown"};

static void random_listing(struct script *s)
{
    uint32_t name = pick(3), email = pick(5);
    char subject[64], entity[96];
    snprintf(subject, sizeof(subject), "%s+%u", emails[email], name);
    const char *wave = waves[pick(40) == 0 ? 3 : pick(3)], *unit = units[pick(3)];
    snprintf(entity, sizeof(entity), "roster:%s:%s:%s", wave, unit, subject);
    struct event *e = script_add(s, pick(4) ? EVENT_ROSTER_LISTED : EVENT_ROSTER_REMOVED, subject,
                                 entity, pick(50) + 1);
    e->wave = wave;
    e->unit = unit;
    e->group = groups[pick(2)];
    e->name = names[name];
    e->file = "f.xlsx";
    e->row = pick(9) + 1;
    e->identifiers = (struct event_list){1, {emails[email]}};
    if (pick(2))
        e->identifiers.items[e->identifiers.count++] = emails[pick(5)];
    if (pick(3) == 0)
        e->identifiers.items[e->identifiers.count++] = citizens[pick(2)];
    if (pick(6) == 0)
        e->identifiers.items[e->identifiers.count++] = accounts[pick(4)];
    if (pick(4) == 0)
        e->faults = (struct event_list){1, {fault_names[pick(4)]}};
}

static void random_account(struct script *s, const char *subject)
{
    static const enum event_type types[] = {EVENT_ACCOUNT_CREATED, EVENT_ACCOUNT_ACTIVATED,
                                            EVENT_ACCOUNT_ACTIVATED, EVENT_ACCOUNT_CLOSED};
    char entity[96];
    snprintf(entity, sizeof(entity), "account:%s", subject);
    struct event *e = script_add(s, types[pick(4)], subject, entity, pick(50) + 1);
    e->name = names[pick(3)];
    if (pick(5))
        e->identifiers = (struct event_list){1, {emails[pick(5)]}};
}

/* Of an e-mail with another, or with an account. */
static void random_link(struct script *s)
{
    uint32_t a = pick(5), b = pick(5);
    bool of_account = pick(2);
    char entity[96];
    snprintf(entity, sizeof(entity), "link:%u:%s%u", a, of_account ? "a" : "", b);
    struct event *e = script_add(s, pick(3) ? EVENT_IDENTITY_LINKED : EVENT_IDENTITY_UNLINKED, NULL,
                                 entity, pick(50) + 1);
    e->identifiers = (struct event_list){2, {emails[a], of_account ? accounts[b % 4] : emails[b]}};
}

static void random_course_event(struct script *s, const char *subject)
{
    static const enum event_type types[] = {
        EVENT_ENROLLMENT_CREATED, EVENT_ENROLLMENT_CANCELLED, EVENT_LEARNING_PROGRESSED,
        EVENT_LEARNING_WITHDRAWN, EVENT_EXAM_GRADED,          EVENT_EXAM_GRADED,
        EVENT_EXAM_ANNULLED,      EVENT_CERTIFICATE_ISSUED,   EVENT_CERTIFICATE_REVOKED,
    };
    enum event_type type = types[pick(9)];
    const char *course = courses[pick(40) == 0 ? 3 : pick(3)];
    struct event *e = script_in_course(s, type, subject, course, pick(50) + 1);
    e->time = (clock_day_from_civil(2023, 9, 15) + (int32_t)pick(150)) * DAY_US;
    if (type == EVENT_LEARNING_PROGRESSED || type == EVENT_LEARNING_WITHDRAWN) {
        e->present |= HAS(DAY) | HAS(PROGRESS);
        e->day = clock_day_from_civil(2023, 9, 15) + (int32_t)pick(60);
        e->progress = pick(3) / 2.0;
    }
    if (type == EVENT_EXAM_GRADED) {
        e->present |= HAS(SCORE) | HAS(MAX_SCORE) | HAS(PASSED) | HAS(SAT);
        e->score = pick(11);
        e->max_score = 10;
        e->passed = pick(2);
        e->sat = e->passed || pick(2);
    }
}

/* Of anybody who may be in the world, links too. */
static void random_erasure(struct script *s)
{
    char learner[64];
    uint32_t what = pick(3);
    if (what == 0)
        snprintf(learner, sizeof(learner), "account@mooc:%u", pick(4));
    else if (what == 1)
        snprintf(learner, sizeof(learner), "%s+%u", emails[pick(5)], pick(3));
    else
        snprintf(learner, sizeof(learner), "link:%u:%s%u", pick(5), pick(2) ? "a" : "", pick(5));
    script_erase(s, learner)->revision = pick(50) + 1;
}

static void random_script(struct script *s, uint64_t seed)
{
    random_state = seed * 0x9e3779b97f4a7c15ULL + 1;
    s->count = 0;
    size_t wanted = 5 + pick(60);
    while (s->count < wanted) {
        char subject[32];
        snprintf(subject, sizeof(subject), "account@mooc:%u", pick(4));
        uint32_t what = pick(10);
        if (pick(25) == 0)
            random_erasure(s);
        else if (what < 4)
            random_listing(s);
        else if (what < 6)
            random_account(s, subject);
        else if (what < 7)
            random_link(s);
        else
            random_course_event(s, subject);
        /* As the real hash: a function of what the event says. */
        struct event *e = &s->events[s->count - 1];
        struct text_buffer data = {0};
        struct event all = *e;
        all.present = ~0ULL;
        all.detail = all.exam = all.mode = all.reason = all.status = all.stream = all.substream = "";
        all.course = all.course ? all.course : "";
        all.wave = all.wave ? all.wave : "";
        all.unit = all.unit ? all.unit : "";
        all.group = all.group ? all.group : "";
        all.invited_by = all.invited_by ? all.invited_by : "";
        all.name = all.name ? all.name : "";
        all.key = all.key ? all.key : "";
        event_encode_data(&all, &data);
        text_buffer_add_format(&data, "%s%d%ld%ld%d", e->type_name, e->day, e->time, e->row,
                               (int)e->progress);
        e->hash = key128_of(data.data, data.length).hi;
        text_buffer_free(&data);
    }
}

static char *fold_in_order(const struct script *s, const size_t *order, size_t count,
                           uint32_t max_batch, uint32_t batches, size_t cache)
{
    struct run run = run_start(script_rules(), cache);
    struct event batch[64];
    for (size_t i = 0; i < count;) {
        size_t size = 1 + pick(max_batch), filled = 0;
        for (; filled < size && i < count; i++)
            batch[filled++] = s->events[order[i]];
        fold_store_apply(run.store, run.fold, batch, filled);
        if (i == count || pick(batches) == 0)
            fold_store_save(run.store, run.fold);
    }
    char *dump = fold_store_dump(run.store, run.fold);
    run_finish(&run);
    return dump;
}

/* All at once: by several threads' worth of intakes, each event in any of them. */
static char *fold_at_once(const struct script *s, const size_t *order, size_t count)
{
    static struct event events[1024];
    size_t takers[1024], intakes = 1 + pick(3);
    for (size_t i = 0; i < count; i++) {
        events[i] = s->events[order[i]];
        takers[i] = pick((uint32_t)intakes);
    }
    struct rules *rules = script_rules();
    char *dump = fold_store_bulk(rules, events, takers, count, intakes, 1 + pick(2));
    rules_free(rules);
    return dump;
}

/* The same by ranges of people: of each person the same. */
static void in_ranges_it_is_the_same(const struct script *s, const size_t *order, size_t count,
                                     const char *reference, uint64_t seed)
{
    static struct event events[1024];
    size_t takers[1024], intakes = 1 + pick(2);
    for (size_t i = 0; i < count; i++) {
        events[i] = s->events[order[i]];
        takers[i] = pick((uint32_t)intakes);
    }
    struct rules *rules = script_rules();
    char *expected = fold_store_of_people(reference);
    char *found = fold_store_bulk_states(rules, events, takers, count, intakes, 1 + pick(4));
    if (strcmp(expected, found) != 0)
        fail_msg("seed %lu: in ranges it gives\n%s\ninstead of\n%s", seed, found, expected);
    free(expected);
    free(found);
    rules_free(rules);
}

static void order_duplicates_and_batches_cannot_matter(void **state)
{
    (void)state;
    static struct script s;
    const char *sets = getenv("FOLD_SETS");
    uint64_t count = sets ? strtoull(sets, NULL, 10) : 10000;
    for (uint64_t seed = 1; seed <= count; seed++) {
        random_script(&s, seed);
        size_t order[1024], total = 0;
        for (size_t i = 0; i < s.count; i++)
            order[total++] = i;
        char *reference = fold_in_order(&s, order, total, 1, 1, 1 << 20);
        for (size_t i = 0; i < s.count; i++) /* duplicates */
            if (pick(3) == 0)
                order[total++] = i;
        for (size_t i = total; i > 1; i--) { /* any permutation */
            size_t k = pick((uint32_t)i), held = order[i - 1];
            order[i - 1] = order[k];
            order[k] = held;
        }
        char *other =
            fold_in_order(&s, order, total, 1 + pick(40), 1 + pick(4), pick(2) ? 0 : 1 << 20);
        if (strcmp(reference, other) != 0)
            fail_msg("seed %lu: another order gives\n%s\ninstead of\n%s", seed, other, reference);
        free(other);
        other = fold_at_once(&s, order, total);
        if (strcmp(reference, other) != 0)
            fail_msg("seed %lu: at once it gives\n%s\ninstead of\n%s", seed, other, reference);
        if (seed % 4 == 0)
            in_ranges_it_is_the_same(&s, order, total, reference, seed);
        free(reference);
        free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_learner_is_counted_through_the_email),
        cmocka_unit_test(attendance_is_participation),
        cmocka_unit_test(a_shared_email_links_nobody_until_corrected),
        cmocka_unit_test(a_link_joins_two_emails_and_an_unlink_parts_them),
        cmocka_unit_test(a_fact_belongs_to_the_wave_of_its_day),
        cmocka_unit_test(the_pass_rule_is_the_trainings),
        cmocka_unit_test(order_duplicates_and_batches_cannot_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
