/* What stands behind a cell of a report: whose shares, which forms, or nothing that happens to anybody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../aggregator/close/cell_meaning.h"

static struct strings *codes;

static uint32_t number(const char *code)
{
    return strings_find(codes, code, strlen(code));
}

/* A row of texts, then a column of counts. */
static struct report *table(const char *name, const char *const (*texts)[2], size_t count,
                            const char *measure)
{
    struct report *r = report_new(name, LANGUAGE_VI);
    for (size_t i = 0; i < count; i++)
        report_add_column(r, CELL_TEXT, texts[i][0], NULL, texts[i][0]);
    report_add_column(r, CELL_COUNT, measure, NULL, measure);
    size_t row = report_add_row(r);
    for (size_t i = 0; i < count; i++)
        report_put_text(r, row, texts[i][0], texts[i][1]);
    report_put_count(r, row, measure, 1);
    return r;
}

static struct cell_meaning meaning(const struct report *r, size_t column)
{
    return cell_meaning_of(&(struct listed_cell){.report = r, .column = column}, "W1", codes);
}

static void a_unit_s_count_is_of_its_people(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"unit", "U1"}};
    struct report *r = table("appendix1", texts, 1, "passed");
    struct cell_meaning m = meaning(r, 1);
    assert_int_equal(m.subject, CELL_OF_PEOPLE);
    assert_string_equal(m.unit, "U1");
    assert_false(m.query.any_unit);
    assert_true(m.query.any_detail);
    assert_int_equal(m.query.kind, SHARE_TALLY);
    assert_int_equal(m.query.wave, number("W1"));
    assert_int_equal(m.query.measures, BIT(PASSED));
    r->has_totals = true;
    m = meaning(r, 1);
    assert_true(m.query.any_unit);
    assert_null(m.unit);
    report_free(r);
    r = table("participation", texts, 1, "planned");
    assert_int_equal(meaning(r, 1).subject, CELL_OF_NEITHER);
    report_free(r);
    r = table("participation", texts, 1, "not_passed");
    assert_true(meaning(r, 1).query.not_passed);
    report_free(r);
    r = table("participation", texts, 1, "pass_rate_participants");
    assert_int_equal(meaning(r, 1).query.measures, BIT(PASSED) | BIT(PARTICIPATED));
    report_free(r);
}

static void a_group_is_of_its_own_people(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"unit", "U1"}, {"study_group", "7"}};
    struct report *r = table("groups", texts, 2, "participated");
    struct cell_meaning m = meaning(r, 2);
    assert_false(m.query.any_detail);
    assert_int_equal(m.query.detail, number("7"));
    assert_int_equal(m.query.measures, BIT(PARTICIPATED));
    /* Whether the group stands there at all is a matter of its rate. */
    assert_int_equal(meaning(r, 0).query.measures, BIT(PARTICIPATED) | BIT(REGISTERED));
    report_free(r);
}

static void a_fault_is_of_those_who_have_it(void **state)
{
    (void)state;
    const char *texts[][2] = {{"unit", "U1"}, {"kind", "email_missing"}};
    struct report *r = table("issues", (const char *const(*)[2])texts, 2, "count");
    struct cell_meaning m = meaning(r, 2);
    assert_int_equal(m.query.kind, SHARE_ISSUE);
    assert_int_equal(m.query.detail, FAULT_EMAIL_MISSING);
    assert_false(m.query.any_detail || m.under_other_email || m.all_faults);
    report_free(r);
    texts[1][1] = "account_under_other_email";
    r = table("issues", (const char *const(*)[2])texts, 2, "count");
    assert_true(meaning(r, 2).under_other_email);
    report_free(r);
    texts[1][1] = "calendar_not_covered";
    r = table("issues", (const char *const(*)[2])texts, 2, "count");
    m = meaning(r, 2);
    assert_true(m.query.kind == SHARE_DEADLINE && m.query.uncovered && m.query.any_unit);
    report_free(r);
    texts[1][1] = "unit_unknown"; /* a record that was rejected */
    r = table("issues", (const char *const(*)[2])texts, 2, "count");
    assert_int_equal(meaning(r, 2).subject, CELL_OF_NEITHER);
    r->has_totals = true;
    report_put_text(r, 0, "kind", NULL);
    report_free(r);
    r = table("issues", (const char *const(*)[2])texts, 1, "count");
    r->has_totals = true;
    m = meaning(r, 1);
    assert_true(m.all_faults && m.query.any_unit && m.query.any_detail);
    report_free(r);
}

static void deadlines_are_of_a_state(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"unit", "U1"}, {"wave", "W1"}};
    struct report *r = table("deadlines", texts, 2, "overdue");
    struct cell_meaning m = meaning(r, 2);
    assert_int_equal(m.query.kind, SHARE_DEADLINE);
    assert_int_equal(m.query.states, 1U << DEADLINE_OVERDUE);
    report_free(r);
    r = table("deadlines", texts, 2, "learners");
    assert_int_equal(meaning(r, 2).query.states, (1U << DEADLINE_STATES) - 1);
    report_free(r);
}

/* A row of totals that somebody published has no people; one that is counted has those of its own wave. */
static void a_province_is_of_its_wave(void **state)
{
    (void)state;
    const char *texts[][2] = {{"wave", "W2"}, {"source", "published"}};
    struct report *r = table("appendix2", (const char *const(*)[2])texts, 2, "passed");
    struct cell_meaning m = meaning(r, 2);
    assert_int_equal(m.subject, CELL_OF_PUBLISHED);
    assert_string_equal(m.wave, "W2");
    report_free(r);
    texts[1][1] = "counted";
    r = table("appendix2", (const char *const(*)[2])texts, 2, "passed");
    m = meaning(r, 2);
    assert_int_equal(m.subject, CELL_OF_PEOPLE);
    assert_int_equal(m.query.wave, number("W2"));
    assert_true(m.query.any_unit);
    assert_int_equal(m.otherwise, BIT(SAT));
    report_free(r);
}

/* The last row of the waves counts each person of the training once. */
static void the_training_is_of_all_its_people(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"wave_name", "Cả khóa học (*)"}};
    static const char *const wave[][2] = {{"wave", "W2"}};
    struct report *r = table("waves", texts, 1, "passed");
    r->has_totals = true;
    struct cell_meaning m = meaning(r, 1);
    assert_int_equal(m.subject, CELL_OF_PEOPLE);
    assert_true(m.query.of_training && m.query.any_unit);
    report_free(r);
    r = table("waves", wave, 1, "passed");
    m = meaning(r, 1);
    assert_false(m.query.of_training);
    assert_int_equal(m.query.wave, number("W2"));
    report_free(r);
}

static void head_counts_and_targets(void **state)
{
    (void)state;
    const char *texts[][2] = {{"activity", "Ra quân"}};
    struct report *r = table("headcounts", (const char *const(*)[2])texts, 1, "nguoi-dan");
    struct cell_meaning m = meaning(r, 1);
    assert_int_equal(m.subject, CELL_OF_HEADCOUNTS);
    assert_string_equal(m.activity, "Ra quân");
    assert_string_equal(m.audience, "nguoi-dan");
    assert_null(meaning(r, 0).audience);
    report_free(r);
    r = table("headcounts", (const char *const(*)[2])texts, 1, "audience:no");
    assert_string_equal(meaning(r, 1).audience, "no");
    report_free(r);
    const char *target[][2] = {{"unit", "U1"}, {"measure_code", "attendances:nguoi-dan"}};
    r = table("targets", (const char *const(*)[2])target, 2, "actual");
    m = meaning(r, 2);
    assert_int_equal(m.subject, CELL_OF_HEADCOUNTS);
    assert_string_equal(m.audience, "nguoi-dan");
    assert_true(m.with_below);
    report_free(r);
    target[1][1] = "certified";
    r = table("targets", (const char *const(*)[2])target, 2, "actual");
    m = meaning(r, 2);
    assert_int_equal(m.subject, CELL_OF_PEOPLE);
    assert_int_equal(m.query.measures, BIT(CERTIFIED));
    assert_int_equal(m.otherwise, BIT(REGISTERED));
    report_free(r);
    r = table("targets", (const char *const(*)[2])target, 2, "planned");
    assert_int_equal(meaning(r, 2).subject, CELL_OF_NEITHER);
    report_free(r);
}

static int intern(void **state)
{
    static const char *const known[] = {"W1", "W2", "U1", "7"};
    (void)state;
    codes = strings_new();
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        strings_intern(codes, known[i], strlen(known[i]));
    return 0;
}

static int forget(void **state)
{
    (void)state;
    strings_free(codes);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_s_count_is_of_its_people),
        cmocka_unit_test(a_group_is_of_its_own_people),
        cmocka_unit_test(a_fault_is_of_those_who_have_it),
        cmocka_unit_test(deadlines_are_of_a_state),
        cmocka_unit_test(a_province_is_of_its_wave),
        cmocka_unit_test(the_training_is_of_all_its_people),
        cmocka_unit_test(head_counts_and_targets),
    };
    return cmocka_run_group_tests(tests, intern, forget);
}
