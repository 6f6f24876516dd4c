/* Who is resident: the tables of people stay quick however many have come and gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../aggregator/fold/people.h"

static uint64_t mixed(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

static size_t longest_run(const struct key_table *table)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < table->capacity; i++) {
        run = table->slots[i].value ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void eviction_leaves_no_crowded_part(void **state)
{
    (void)state;
    enum { RESIDENT = 40000, ROUNDS = 400, COMING = 4000 };
    struct people people;
    people_init(&people);
    size_t each = 0, worst = 0;
    uint64_t next = 1;
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        for (int i = 0; i < COMING; i++, next++) {
            struct key128 key = {mixed(next), mixed(next + 1000000007)};
            people_add_subject(&people, key)->person->batch = round;
        }
        if (!each)
            each = people.bytes / COMING;
        people_evict(&people, round, each * RESIDENT);
        assert_true(people.bytes <= each * RESIDENT);
        size_t run = longest_run(&people.subjects);
        worst = run > worst ? run : worst;
    }
    /* Of 65,536 slots at most two thirds are taken; evenly spread, runs of a hundred are rare. */
    assert_int_equal(people.subjects.capacity, 65536);
    assert_in_range(worst, 1, 400);
    people_release(&people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eviction_leaves_no_crowded_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
