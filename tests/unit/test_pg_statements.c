/* Which prepared statement a text is, wherever it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../aggregator/pg_statements.h"

static void a_text_is_known_wherever_it_stands(void **state)
{
    (void)state;
    struct pg_statements statements = {.count = 0};
    char place[64] = "INSERT INTO gen_0.tallies VALUES ($1)";
    char other[64] = "INSERT INTO gen_0.tallies VALUES ($1)";
    assert_int_equal(pg_statements_find(&statements, place), 0);
    pg_statements_add(&statements, place);
    /* Another text at the same place is another statement. */
    snprintf(place, sizeof(place), "INSERT INTO gen_0.activity VALUES ($1)");
    assert_int_equal(pg_statements_find(&statements, place), 1);
    pg_statements_add(&statements, place);
    assert_int_equal(pg_statements_find(&statements, other), 0);
    assert_int_equal(pg_statements_find(&statements, "INSERT INTO gen_0.activity VALUES ($1)"), 1);
    assert_int_equal(statements.count, 2);
    pg_statements_release(&statements);
    assert_int_equal(pg_statements_find(&statements, other), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_text_is_known_wherever_it_stands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
