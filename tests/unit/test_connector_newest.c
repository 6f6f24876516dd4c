/* Which record of a window speaks of an entity, in whatever order they are read. */
#include "cmocka_all.h"

#include <stdio.h>

#include "../../ingest/connector/newest.h"

static void the_newest_speaks_first_or_last(void **state)
{
    (void)state;
    struct newest *n = newest_new();
    assert_true(newest_may_speak(n, "falls", 30, 1));
    assert_true(newest_may_speak(n, "falls", 30, 1)); /* another event of the same record */
    assert_false(newest_may_speak(n, "falls", 20, 2));
    assert_false(newest_may_speak(n, "falls", 30, 3)); /* of one instant the first */
    assert_true(newest_may_speak(n, "rises", 20, 4));
    assert_true(newest_may_speak(n, "rises", 30, 5));
    newest_free(n);
}

static void what_was_learned_keeps_older_ones_silent(void **state)
{
    (void)state;
    struct newest *n = newest_new();
    char entity[16];
    for (int i = 0; i < 200; i++) { /* it grows meanwhile */
        snprintf(entity, sizeof entity, "e%d", i);
        newest_learn(n, entity, 20);
        newest_learn(n, entity, 30);
        newest_learn(n, entity, 10);
    }
    for (int i = 0; i < 200; i++) {
        snprintf(entity, sizeof entity, "e%d", i);
        assert_false(newest_may_speak(n, entity, 20, 1));
        assert_true(newest_may_speak(n, entity, 30, 2));
        assert_true(newest_may_speak(n, entity, 30, 2));
        assert_false(newest_may_speak(n, entity, 30, 3));
        assert_true(newest_may_speak(n, entity, 40, 4)); /* came while it was read the second time */
    }
    newest_learn(n, "void", INT64_MAX);
    assert_false(newest_may_speak(n, "void", 50, 5));
    assert_true(newest_may_speak(n, "void", INT64_MAX, 6));
    newest_free(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_newest_speaks_first_or_last),
                                       cmocka_unit_test(what_was_learned_keeps_older_ones_silent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
