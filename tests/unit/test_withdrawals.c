/* What a reading takes back, and what another of its records tells of after all. */
#include "cmocka_all.h"

#include <stdio.h>

#include "../../ingest/connector/withdrawals.h"

static void whoever_is_told_of_stays(void **state)
{
    (void)state;
    struct withdrawals *w = withdrawals_new();
    size_t at = 0;
    assert_null(withdrawals_next(w, &at));
    assert_true(withdrawals_tell(w, "before", 1));
    withdrawals_add(w, "before");
    withdrawals_add(w, "gone");
    withdrawals_add(w, "behind");
    withdrawals_add(w, "gone too");
    assert_true(withdrawals_tell(w, "behind", 2));
    assert_string_equal(withdrawals_next(w, &at), "gone");
    assert_string_equal(withdrawals_next(w, &at), "gone too");
    assert_null(withdrawals_next(w, &at));

    withdrawals_clear(w);
    at = 0;
    assert_null(withdrawals_next(w, &at));
    withdrawals_add(w, "before");
    assert_string_equal(withdrawals_next(w, &at), "before");
    withdrawals_free(w);
    withdrawals_free(NULL);
}

static void the_first_record_speaks(void **state)
{
    (void)state;
    struct withdrawals *w = withdrawals_new();
    char name[16];
    for (uint64_t record = 1; record <= 200; record++) { /* the table grows */
        (void)snprintf(name, sizeof(name), "e%d", (int)record);
        assert_true(withdrawals_tell(w, name, record));
        assert_true(withdrawals_tell(w, name, record)); /* itself */
        assert_false(withdrawals_tell(w, name, record + 1));
    }
    assert_false(withdrawals_tell(w, "e1", 200));
    withdrawals_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_told_of_stays),
        cmocka_unit_test(the_first_record_speaks),
    };
    return cmocka_run_group_tests_name("withdrawals", tests, NULL, NULL);
}
