/* What changed for a unit since the period before, line by line. */
#include "cmocka_all.h"

#include <string.h>

#include "../../aggregator/pack/unit_figures.h"

static bool has_line(const struct report *r, const char *label)
{
    for (size_t row = 0; row < r->row_count; row++)
        if (strcmp(report_cell(r, row, 0)->text, label) == 0)
            return true;
    return false;
}

/* "Completed 0" beside certificates would say that nobody finished: where completion is not counted there is no such line. */
static void completion_has_a_line_where_it_is_counted(void **state)
{
    (void)state;
    struct unit_figures now = {.unit = "HG-SYTE",
                               .name = "Sở Y tế",
                               .counts = {100, 90, 80, 0, 70, 60, 60},
                               .known = true,
                               .completes = true};
    struct report *r = unit_changes(NULL, &now, LANGUAGE_VI);
    assert_int_equal(r->row_count, 7 + 3);
    assert_true(has_line(r, "Hoàn thành") && has_line(r, "Được cấp chứng nhận"));
    report_free(r);
    now.completes = false;
    r = unit_changes(NULL, &now, LANGUAGE_VI);
    assert_int_equal(r->row_count, 6 + 3);
    assert_true(!has_line(r, "Hoàn thành") && has_line(r, "Được cấp chứng nhận"));
    report_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(completion_has_a_line_where_it_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
