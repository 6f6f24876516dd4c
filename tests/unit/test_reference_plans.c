#include "cmocka_all.h"

#include <string.h>

#include "../../common/reference.h"
#include "support/reference_folder.h"

#define TARGETS                                                                                    \
    "wave,unit,planned,planned_max,share,staff_on,per_helper,measure,training,approximate\n"

static void test_faults_of_targets(void **state)
{
    (void)state;
    static const char *const faults[][2] = {
        {TARGETS "W,P-A,5,3,,,,,,\n", "targets.csv:2: planned_max is less than planned"},
        {TARGETS "W,P-A,,3,0.5,2023-06-01,,,,\n", "targets.csv:2: planned_max goes with planned"},
        {TARGETS "W,P-A,,,,,,,,\n", "targets.csv:2: one of planned, share and per_helper"},
        {TARGETS "W,P-A,3,,,,7,,,\n", "targets.csv:2: one of planned, share and per_helper"},
        {TARGETS "W,P-A,,,0.5,,,,,\n", "targets.csv:2: share goes with staff_on"},
        {TARGETS "W,P-A,3,,,2023-06-01,,,,\n", "targets.csv:2: staff_on goes with share"},
        {TARGETS "W,P-A,,,1.5,2023-06-01,,,,\n", "targets.csv:2: share \"1.5\" is no part"},
        {TARGETS "W,P-A,,,0,2023-06-01,,,,\n", "targets.csv:2: share \"0\" is no part"},
        {TARGETS "W,P-A,,,0.5,2023-06-01,,,,\n",
         "targets.csv:2: staff.csv has no staff of P-A, nor of a unit below it, on 2023-06-01"},
        {TARGETS "W,P-A,,,,,7,,,\n", "targets.csv:2: staff.csv has no helpers of P-A"},
        {TARGETS "W,P-A,,,,,0,,,\n", "targets.csv:2: per_helper must be at least 1"},
        {TARGETS "W,P-A,3,,,,,pased,,\n",
         "targets.csv:2: measure \"pased\" is not known; did you mean passed?"},
        {TARGETS "W,P-A,3,,,,,everybody,,\n",
         "targets.csv:2: measure \"everybody\" is not known: registered, accounts"},
        {TARGETS "W,P-A,3,,,,,attendances:CB,,\n",
         "targets.csv:2: audience CB is not in audiences.csv"},
        {TARGETS "W,P-A,3,,,,,attendances:,,\n",
         "targets.csv:2: measure \"attendances:\" is not known"},
        {TARGETS "W,P-A,3,,,,,,X,\n", "targets.csv:2: training X is not in trainings.yaml"},
        {TARGETS "W,P-A,3,,,,,,,maybe\n", "targets.csv:2: approximate \"maybe\" must be khoảng"},
        {TARGETS ",P-A,3,,,,,,,\n,P-A,4,,,,,,,\n",
         "targets.csv:3: target P-A stands twice, before in line 2"},
        {"wave,unit,planned,begins,ends\nW,P-A,3,2023-07-01,2023-06-30\n",
         "targets.csv:2: the target ends before it begins"},
        {"wave,unit,planned,plannedmax\nW,P-A,3,4\n",
         "targets.csv:1: column plannedmax is not known; did you mean planned_max?"},
        {"wave,unit,planned,code\nW,P-A,3,x y\n", "targets.csv:2: code \"x y\" is no code"},
    };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        folder_assert_fault("targets.csv", faults[i][0], faults[i][1]);
}

/* An office may have no training yet; a target of one is a slip all the same. */
static void test_a_target_of_a_training_where_there_is_none(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(&f, "trainings.yaml", "[]\n");
    folder_put(&f, "waves.csv", FOLDER_WAVES);
    folder_put(&f, "courses.csv", "source,course,training,exam\n");
    folder_put(&f, "targets.csv", "wave,unit,planned,training\n,P-A,30,NOPE\n");
    folder_reported[0] = '\0';
    assert_null(reference_load(f.path, folder_note, NULL, &err));
    assert_string_equal(folder_reported, "targets.csv:2: training NOPE is not in trainings.yaml\n");
    folder_drop(&f);
}

static void test_faults_of_staff_and_audiences(void **state)
{
    (void)state;
    folder_assert_fault("staff.csv", "unit,day,staff,helpers\nP-A,2023-06-01,,\n",
                        "staff.csv:2: staff or helpers must be stated");
    folder_assert_fault("staff.csv", "unit,day,staff,helpers\nP-Z,2023-06-01,3,\n",
                        "staff.csv:2: unit P-Z is not in units.csv");
    folder_assert_fault("staff.csv", "unit,day,staff,helpers\nP,2023-06-01,3,\nP,2023-06-01,4,\n",
                        "staff.csv:3: unit P, day 2023-06-01 stands twice, before in line 2");
    folder_assert_fault("staff.csv", "unit,day,staff,helpers\nP,,3,\n", "staff.csv:2: day \"\"");
    folder_assert_fault("staff.csv", "unit,day,staff\nP,2023-06-01,3\n",
                        "staff.csv:1: column helpers is missing");
    folder_assert_fault("audiences.csv", "kind,code,name_vi,name_en\nguest,A,a,\n",
                        "audiences.csv:2: kind must be audience or inviter");
    folder_assert_fault("audiences.csv", "kind,code,name_vi,name_en\naudience,A,,\n",
                        "audiences.csv:2: name_vi is empty");
    folder_assert_fault("audiences.csv",
                        "kind,code,name_vi,name_en\naudience,A,a,\ninviter,A,a,\naudience,A,b,\n",
                        "audiences.csv:4: audience A stands twice, before in line 2");
}

static void test_plans_are_read(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(&f, "staff.csv", "unit,day,staff,helpers\nP-A,2023-06-01,29,\nP-A,2023-07-01,,4\n");
    folder_put(
        &f, "audiences.csv",
        "kind,code,name_vi,name_en\naudience,CB,Cán bộ,Officials\ninviter,thôn Nà,Thôn Nà,\n");
    folder_put(&f, "targets.csv",
               "wave,unit,planned,code,training,measure,planned_max,share,staff_on,per_helper,"
               "approximate,phase,begins,ends\n"
               "W,P-A,3,,,,5,,,,khoảng,,,\n"
               ",P,,ALL,T,completed,,1,2023-06-01,,,III.2,2023-07-01,2023-12-31\n"
               ",P,,,,certified,,,,7,no,III.3,,\n"
               "W,P-A,,,,attendances:CB,,,,7,,,,\n");
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    if (r == NULL)
        print_error("%s\n", err.message);
    assert_non_null(r);
    assert_int_equal(r->target_count, 4);
    const struct reference_target *t = r->targets;
    assert_string_equal(t[0].code, "W P-A");
    assert_int_equal(t[0].planned, 3);
    assert_int_equal(t[0].planned_max, 5);
    assert_true(t[0].approximate && t[0].share < 0 && t[0].per_helper < 0);
    assert_string_equal(t[1].code, "ALL");
    assert_string_equal(t[1].wave, "");
    assert_string_equal(t[1].measure, "completed");
    assert_true(t[1].share == 1 && t[1].planned < 0 && !t[1].approximate); /* of the staff of P-A below */
    assert_string_equal(t[1].phase, "III.2");
    assert_string_equal(t[1].ends, "2023-12-31");
    assert_string_equal(t[2].code, "P certified III.3");
    assert_int_equal(t[2].per_helper, 7);
    assert_string_equal(t[3].measure, "attendances:CB");
    assert_string_equal(t[3].code, "W P-A attendances:CB");
    assert_int_equal(r->staff_count, 2);
    assert_true(r->staff[0].staff == 29 && r->staff[0].helpers == -1 && r->staff[1].helpers == 4);
    assert_int_equal(r->audience_count, 2);
    assert_string_equal(r->audiences[0].name_en, "Officials");
    assert_string_equal(r->audiences[1].code, "thôn Nà");
    assert_string_equal(r->audiences[1].name_en, "Thôn Nà");
    reference_free(r);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_of_targets),
        cmocka_unit_test(test_a_target_of_a_training_where_there_is_none),
        cmocka_unit_test(test_faults_of_staff_and_audiences),
        cmocka_unit_test(test_plans_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
