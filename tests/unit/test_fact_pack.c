/* The stored form of facts: what comes back is what went in, at the edges of each number, and in few bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../aggregator/fold/fact.h"
#include "../../common/allocate.h"
#include "../../common/clock.h"

struct world {
    struct rules *rules;
    struct strings *strings;
    struct text_buffer packed;
    struct fact *facts;
    size_t count;
};

static void begin(struct world *w)
{
    *w = (struct world){.rules = rules_new(), .strings = strings_new()};
    rules_add_training(w->rules, &(struct rule_training){.code = "T"});
    assert_int_equal(rules_add_course(w->rules, "s", "c", 0), 0);
}

static void end(struct world *w)
{
    for (size_t i = 0; i < w->count; i++)
        fact_release(&w->facts[i]);
    free(w->facts);
    text_buffer_free(&w->packed);
    strings_free(w->strings);
    rules_free(w->rules);
}

static bool unpack(struct world *w, struct error *err)
{
    return facts_unpack(w->packed.data, w->packed.length, w->rules, w->strings, &w->facts,
                        &w->count, err);
}

static uint32_t text(struct world *w, const char *code)
{
    return strings_intern(w->strings, code, strlen(code));
}

static struct fact_identity *listing_of(struct world *w, int64_t row, bool citizen)
{
    struct fact_identity *i =
        must_have(calloc(1, sizeof(*i) + sizeof(struct key128) + sizeof(uint32_t)));
    i->name = INT64_MIN;
    i->citizen = citizen ? (struct key128){0, 1} : (struct key128){0};
    i->source = text(w, "lists");
    i->wave_code = text(w, "W");
    i->unit = text(w, "U");
    i->file = text(w, "danh sách.xlsx");
    i->row = row;
    i->faults = (1U << FAULT_COUNT) - 1;
    i->wave = i->platform = RULES_NONE;
    i->identifier_count = i->audience_count = 1;
    i->identifiers[0] = (struct key128){1, 2};
    i->accounts = row < 0;
    uint32_t audience = text(w, "phu-nu");
    memcpy(i->identifiers + 1, &audience, sizeof(audience));
    return i;
}

static void times_and_scores_come_back(void **state)
{
    (void)state;
    static const int64_t times[] = {0,
                                    1,
                                    -1,
                                    US_PER_SECOND,
                                    -US_PER_SECOND - 1,
                                    1695168000LL * US_PER_SECOND,
                                    1695168000123456,
                                    -62135596800LL * US_PER_SECOND,
                                    253402300799999999};
    enum { COUNT = ARRAY_LEN(times) };
    struct fact facts[COUNT];
    struct world w;
    begin(&w);
    for (size_t i = 0; i < COUNT; i++)
        facts[i] = (struct fact){.entity = UINT64_MAX - i,
                                 .revision = i ? INT64_MAX : 0,
                                 .hash = -(int64_t)i,
                                 .time = times[i],
                                 .value = 1.0 / 3,
                                 .day = clock_day(times[i]),
                                 .kind = FACT_EXAM,
                                 .flags = FACT_SAT};
    facts_pack(facts, COUNT, w.rules, w.strings, &w.packed);
    struct error err = {0};
    assert_true(unpack(&w, &err));
    assert_int_equal(w.count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(w.facts[i].time == times[i] && w.facts[i].entity == facts[i].entity);
        assert_true(w.facts[i].revision == facts[i].revision && w.facts[i].hash == facts[i].hash);
        assert_true(w.facts[i].value == 1.0 / 3 && w.facts[i].course == 0);
        assert_int_equal(w.facts[i].day, clock_day(times[i]));
    }
    end(&w);
}

static void what_a_listing_carries_comes_back(void **state)
{
    (void)state;
    static const int64_t rows[] = {0, 1, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct world w;
        struct error err = {0};
        begin(&w);
        struct fact fact = {
            .kind = FACT_LISTING, .course = RULES_NONE, .identity = listing_of(&w, rows[i], i % 2)};
        facts_pack(&fact, 1, w.rules, w.strings, &w.packed);
        assert_true(unpack(&w, &err));
        assert_int_equal(w.count, 1);
        assert_int_equal(identity_size(w.facts[0].identity), identity_size(fact.identity));
        assert_memory_equal(w.facts[0].identity, fact.identity, identity_size(fact.identity));
        fact_release(&fact);
        end(&w);
    }
}

/* All that an event may name, and an account's own key. */
static void the_longest_lists_come_back(void **state)
{
    (void)state;
    struct world w;
    struct error err = {0};
    begin(&w);
    struct fact_identity *i = must_have(calloc(1, sizeof(*i) + FACT_LISTS_MOST));
    i->wave = i->platform = RULES_NONE;
    i->identifier_count = FACT_MAX_IDENTIFIERS;
    for (uint32_t k = 0; k < FACT_MAX_IDENTIFIERS; k++)
        i->identifiers[k] = (struct key128){k, UINT64_MAX};
    i->accounts = 1U << (FACT_MAX_IDENTIFIERS - 1);
    i->audience_count = FACT_MAX_AUDIENCES;
    uint32_t *audiences = (uint32_t *)(void *)(i->identifiers + FACT_MAX_IDENTIFIERS);
    for (uint32_t k = 0; k < FACT_MAX_AUDIENCES; k++)
        audiences[k] = text(&w, (char[]){(char)('a' + k), '\0'});
    struct fact fact = {.kind = FACT_ACCOUNT, .course = RULES_NONE, .identity = i};
    facts_pack(&fact, 1, w.rules, w.strings, &w.packed);
    assert_true(unpack(&w, &err));
    assert_int_equal(identity_size(w.facts[0].identity), identity_size(i));
    assert_memory_equal(w.facts[0].identity, i, identity_size(i));
    fact_release(&fact);
    end(&w);
}

/* An ordinary row of a list: codes of twelve letters in all, a name, one identifier. */
static void a_listing_is_small(void **state)
{
    (void)state;
    struct world w;
    begin(&w);
    struct fact fact = {.kind = FACT_LISTING,
                        .course = RULES_NONE,
                        .revision = 1695168000123456,
                        .time = 1695168000LL * US_PER_SECOND,
                        .identity = listing_of(&w, 1200, false)};
    fact.identity->file = text(&w, "DBHA");
    fact.identity->faults = fact.identity->audience_count = 0;
    facts_pack(&fact, 1, w.rules, w.strings, &w.packed);
    assert_in_range(w.packed.length, 1, 84);
    fact_release(&fact);
    end(&w);
}

static void other_bytes_are_refused(void **state)
{
    (void)state;
    struct world w;
    struct error err = {0};
    begin(&w);
    struct fact fact = {
        .kind = FACT_LISTING, .course = RULES_NONE, .identity = listing_of(&w, 5, true)};
    facts_pack(&fact, 1, w.rules, w.strings, &w.packed);
    size_t whole = w.packed.length;
    for (size_t length = 0; length < whole; length++) {
        w.packed.length = length;
        assert_false(unpack(&w, &err));
        assert_int_equal(err.kind, ERROR_STATE);
    }
    w.packed.length = whole;
    w.packed.data[0]--; /* as an earlier program stored it */
    assert_false(unpack(&w, &err));
    assert_non_null(strstr(err.message, "run the binary of its generation"));
    fact_release(&fact);
    end(&w);
}

static void a_stored_training_is_known_or_refused(void **state)
{
    (void)state;
    struct world w;
    struct error err = {0};
    int index = 5;
    char longest[EVENT_MAX_KEY + 1];
    memset(longest, 'T', sizeof(longest));
    begin(&w);
    assert_true(facts_training(w.rules, "T|", 1, &index, &err)); /* is not terminated */
    assert_int_equal(index, 0);
    assert_true(facts_training(w.rules, "", 0, &index, &err));
    assert_int_equal(index, RULES_NONE);
    assert_false(facts_training(w.rules, "TX", 2, &index, &err));
    assert_non_null(strstr(err.message, "training TX"));
    assert_false(facts_training(w.rules, longest, sizeof(longest), &index, &err));
    assert_non_null(strstr(err.message, "are damaged"));
    end(&w);
}

/* An account named by two identifiers, one of them the key of an account, of no audience. */
static struct fact_identity *account_of(struct world *w)
{
    struct fact_identity *i = must_have(calloc(1, sizeof(*i) + 2 * sizeof(struct key128)));
    i->source = text(w, "s");
    i->wave = i->platform = RULES_NONE;
    i->identifier_count = 2;
    i->identifiers[0] = (struct key128){1, 2};
    i->identifiers[1] = (struct key128){3, 4};
    i->accounts = 2;
    return i;
}

/* What a fact of that kind stores, each of its optional parts in one kind or another. */
static struct fact fact_of(struct world *w, enum fact_kind kind)
{
    struct fact fact = {.kind = (uint8_t)kind,
                        .flags = FACT_IN_FORCE,
                        .entity = 0x0102030405060708 + kind,
                        .revision = 1695168000123456,
                        .hash = -(int64_t)kind,
                        .time = 1695168000LL * US_PER_SECOND + (kind == FACT_EXAM ? 250000 : 0),
                        .course = RULES_NONE};
    fact.day = clock_day(fact.time) - (fact_states_day(fact.kind) ? 3 : 0);
    if (kind == FACT_ACCOUNT || kind == FACT_LINK)
        fact.identity = account_of(w);
    else if (fact_has_identity(fact.kind))
        fact.identity = listing_of(w, 1200, kind == FACT_LISTING);
    else if (kind != FACT_ERASED)
        fact.course = kind == FACT_CERTIFICATE;
    if (kind == FACT_EXAM || kind == FACT_PROGRESS)
        fact.value = 0.75;
    if (kind == FACT_EXAM) {
        fact.flags |= FACT_SAT | FACT_SCORED | FACT_PASSED;
        fact.attempt = 2;
    }
    return fact;
}

static const struct {
    const char *name;
    size_t count;
    enum fact_kind kinds[4];
} seeds[] = {
    {"none", 0, {0}},
    {"listing", 1, {FACT_LISTING}},
    {"account", 1, {FACT_ACCOUNT}},
    {"link", 1, {FACT_LINK}},
    {"learning", 4, {FACT_ENROLLMENT, FACT_PROGRESS, FACT_EXAM, FACT_CERTIFICATE}},
    {"attendance", 2, {FACT_LISTING, FACT_ATTENDANCE}},
    {"erased", 1, {FACT_ERASED}},
};

/* Seeds of an earlier form are refused at their first byte, and the fuzzer starts from nothing. */
static void the_fuzzer_starts_from_todays_form(void **state)
{
    (void)state;
    for (size_t s = 0; s < ARRAY_LEN(seeds); s++) {
        struct fact facts[4];
        struct world w;
        struct error err = {0};
        char path[128], kept[1024];
        begin(&w);
        assert_int_equal(rules_add_course(w.rules, "s", "d", 0), 1);
        for (size_t i = 0; i < seeds[s].count; i++)
            facts[i] = fact_of(&w, seeds[s].kinds[i]);
        facts_pack(facts, seeds[s].count, w.rules, w.strings, &w.packed);
        assert_true(unpack(&w, &err));

        snprintf(path, sizeof(path), "tests/fuzz/corpus/dossier/%s.bin", seeds[s].name);
        bool writes = getenv("MOOC_WRITE_SEEDS") != NULL;
        FILE *file = fopen(path, writes ? "wb" : "rb");
        if (file == NULL)
            fail_msg("%s is missing: run this program with MOOC_WRITE_SEEDS=1", path);
        size_t length = writes ? fwrite(w.packed.data, 1, w.packed.length, file)
                               : fread(kept, 1, sizeof(kept), file);
        assert_int_equal(fclose(file), 0);
        if (length != w.packed.length || (!writes && memcmp(kept, w.packed.data, length) != 0))
            fail_msg("%s is not of today's form: run this program with MOOC_WRITE_SEEDS=1", path);
        for (size_t i = 0; i < seeds[s].count; i++)
            fact_release(&facts[i]);
        end(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_and_scores_come_back),
        cmocka_unit_test(what_a_listing_carries_comes_back),
        cmocka_unit_test(the_longest_lists_come_back),
        cmocka_unit_test(a_listing_is_small),
        cmocka_unit_test(other_bytes_are_refused),
        cmocka_unit_test(a_stored_training_is_known_or_refused),
        cmocka_unit_test(the_fuzzer_starts_from_todays_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
