#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/reference.h"
#include "support/reference_folder.h"

#define HA_GIANG "config/hagiang-2023"

static struct reference *load(void)
{
    struct error err = {0};
    struct reference *r = reference_load(HA_GIANG, NULL, NULL, &err);
    if (r == NULL)
        print_error("%s\n", err.message);
    assert_non_null(r);
    return r;
}

static void test_loads_the_real_folder(void **state)
{
    (void)state;
    struct reference *r = load();
    assert_int_equal(r->unit_count, 60); /* 33 units, Hà Giang, 26 other provinces */
    assert_int_equal(r->wave_count, 28);
    assert_int_equal(r->training_count, 1);
    assert_int_equal(r->trainings[0].rule_count, 1);
    assert_true(r->trainings[0].rules[0].by_platform);
    assert_string_equal(r->trainings[0].rules[0].attempt, "best");
    assert_true(r->trainings[0].completion_min_progress > 0.999);
    assert_int_equal(r->course_count, 1);
    assert_string_equal(r->courses[0].source, "daotao");
    assert_false(r->courses[0].learning_hidden);
    assert_int_equal(r->target_count, 0);
    assert_int_equal(r->day_count, 18);
    const struct reference_wave *w = reference_find_wave(r, "DA06-2023-HG");
    assert_non_null(w);
    assert_false(w->totals_only);
    assert_string_equal(w->begins, "2023-09-20");
    assert_true(reference_find_wave(r, "DA06-2023-NA2")->totals_only);
    assert_null(reference_find_wave(r, "DA06"));
    const struct reference_unit *u = reference_find_unit(r, "HG-TINHDOAN");
    assert_string_equal(u->name, "Tỉnh đoàn");
    assert_string_equal(u->printed_name, "Tinh đoàn");
    assert_int_equal(u->alias_count, 2);
    assert_int_equal(u->print_order, 31);
    reference_free(r);
}

static void assert_unit(const struct reference *r, const char *province, const char *text,
                        const char *code)
{
    const struct reference_unit *u = reference_match_unit(r, province, text, NULL, 0);
    if (u == NULL || strcmp(u->code, code) != 0)
        print_error("\"%s\" gave %s instead of %s\n", text, u != NULL ? u->code : "nothing", code);
    assert_non_null(u);
    assert_string_equal(u->code, code);
}

static void test_matches_as_offices_write(void **state)
{
    (void)state;
    struct reference *r = load();
    static const char *const pairs[][2] = {
        {"Sở Y tế", "HG-SYTE"},
        {"SỞ  Y  TẾ ", "HG-SYTE"},
        {"So\xCC\x9B\xCC\x89 Y te\xCC\x82\xCC\x81", "HG-SYTE"}, /* typed with combining marks */
        {"Sở y tế tỉnh Hà Giang", "HG-SYTE"},
        {"HG-SYTE", "HG-SYTE"},
        {"hg-syte", "HG-SYTE"},
        {"Tỉnh đoàn", "HG-TINHDOAN"},
        {"Tinh đoàn", "HG-TINHDOAN"},
        {"UBND huyện Xín Mần", "HG-XINMAN"},
        {"Uỷ ban nhân dân huyện Xín Mần", "HG-XINMAN"},
        {"Ủy ban nhân dân huyện Xín Mần", "HG-XINMAN"},
        {"H. Xín Mần", "HG-XINMAN"},
        {"H.Xín Mần", "HG-XINMAN"},
        {"XÍN MẦN", "HG-XINMAN"},
        {"TP. Hà Giang", "HG-TPHAGIANG"},
        {"TP Hà Giang", "HG-TPHAGIANG"},
        {"UBND TP.Hà Giang", "HG-TPHAGIANG"},
        {"Sở GD&ĐT", "HG-SGDDT"},
        {"Sở GD & ĐT", "HG-SGDDT"},
        {"Sở GDĐT tỉnh Hà Giang", "HG-SGDDT"},
        {"Sở Giáo dục - Đào tạo", ""},
        {"Sở TT&TT", "HG-STTTT"},
        {"Sở LĐ-TB&XH", "HG-SLDTBXH"},
        {"Sở Lao động, Thương binh & Xã hội", "HG-SLDTBXH"},
        {"Sở Lao động \xE2\x80\x93 Thương binh và Xã hội", "HG-SLDTBXH"}, /* Word's dash */
        {"\xE2\x80\x9CSở Y tế\xE2\x80\x9D", "HG-SYTE"},
        {"UBND H. Xín Mần", "HG-XINMAN"},
        {"UBND H.Xín Mần", "HG-XINMAN"},
        {"Huyện \xC3\x90ồng Văn", "HG-DONGVAN"}, /* eth for Đ */
        {"Sở Giao thông vận tải tỉnh Hà Giang", "HG-SGTVT"},
        {"UBND tỉnh Hà Giang", "HG"},
        {"Văn phòng UBND tỉnh", "HG-VPUBND"},
        {"Công an tỉnh", "HG-CAT"},
        {"Hội Cựu chiến binh tỉnh", "HG-CCB"},
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (pairs[i][1][0] == '\0')
            assert_null(reference_match_unit(r, "HG", pairs[i][0], NULL, 0));
        else
            assert_unit(r, "HG", pairs[i][0], pairs[i][1]);
    }
    assert_unit(r, NULL, "Vũng Tàu", "T-VT");
    assert_unit(r, NULL, "Khánh Hoà", "T-KH");
    assert_unit(r, NULL, "KHÁNH HÒA", "T-KH");
    reference_free(r);
}

static void test_unknown_gives_suggestions(void **state)
{
    (void)state;
    struct reference *r = load();
    char out[256];
    assert_null(reference_match_unit(r, "HG", "Sở Gaio thôgn vận tải", out, sizeof(out)));
    assert_ptr_equal(strstr(out, "Sở Giao thông vận tải"), out);
    assert_null(reference_match_unit(r, "HG", "So Y te", out, sizeof(out))); /* a guess is not a match */
    assert_ptr_equal(strstr(out, "Sở y tế"), out);
    assert_null(reference_match_unit(r, "HG", "Phòng Y tế huyện Mèo Vạc", out, sizeof(out)));
    assert_non_null(strstr(out, "Huyện Mèo Vạc"));
    assert_null(reference_match_unit(r, "HG", "Zzzzzzzzzzzzzzz", out, sizeof(out)));
    assert_string_equal(out, "");
    assert_null(reference_match_unit(r, "HG", "Khánh Hòa", out, sizeof(out))); /* not in this province */
    assert_null(reference_match_unit(r, "HG", " . ", out, sizeof(out)));
    char tiny[8];
    assert_null(reference_match_unit(r, "HG", "So Y te", tiny, sizeof(tiny)));
    assert_string_equal(tiny, "");
    reference_free(r);
}

static void test_faults_name_file_and_line(void **state)
{
    (void)state;
    folder_assert_fault("units.csv", NULL, "units.csv: ");
    folder_assert_fault("units.csv", "code,name\nP,Tỉnh P\n",
                        "units.csv:1: column printed_name is missing");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,,\np-a,Xã A,,,xa,P,P,2,,,\n",
                        "units.csv:3: code \"p-a\" is no code");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,2023-02-30,,\n",
                        "units.csv:2: valid_from \"2023-02-30\" is no date");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,,,,tinh,,,1,,,\n", "units.csv:2: name is empty");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,Tỉnh P,,,tinh,,,x,,,\n",
                        "units.csv:2: print_order \"x\"");
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,,\n\nP,Tỉnh Q,,,tinh,,,1,,,\n",
                        "units.csv:4: code P stands twice, before in line 2");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,Tỉnh P,,,tinh,Q,,1,,,\n",
                        "units.csv:2: unit P: parent Q is no unit");
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,Tỉnh P,,,tinh,R,,1,,,\nR,Tỉnh R,,,tinh,P,,1,,,\n",
                        "units.csv:2: unit P: its parent chain has no end");
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,,R\nR,Tỉnh R,,,tinh,,,1,,,P\n",
                        "units.csv:3: unit R has a successor and no valid_to");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,2023-02-01,2023-01-01,\n",
                        "units.csv:2: unit P ends before it begins");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,Tỉnh P, của ta,,tinh,,,1,,,,x\n",
                        "units.csv:2: 12 cells where the first line names 11 columns");
    folder_assert_fault("units.csv", FOLDER_UNITS, "units.csv:1: no unit stands");
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,T\xE9"
                                     "nh P,,,tinh,,,1,,,\n",
                        "units.csv: line 2 is not UTF-8 text");
    folder_assert_fault("units.csv", FOLDER_UNITS "P,\"Tỉnh P,,,tinh,,,1,,,\n",
                        "units.csv: row 2: a quotation mark");
    folder_assert_fault("units.csv", "code,code\nP,P\n", "units.csv:1: column code stands twice");
    folder_assert_fault(
        "units.csv",
        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,,\nP-A,Xã Hòa,,,xa,P,P,2,,,\nP-B,XÃ HOÀ,,,xa,P,P,3,,,\n",
        "units.csv:4: \"xã hoà\" is a name of both P-A and P-B");
    /* One of another district between them hides neither. */
    folder_assert_fault(
        "units.csv",
        FOLDER_UNITS
        "P,Tỉnh P,,,tinh,,,1,,,\nD,Huyện D,,,huyen,P,P,1,,,\nE,Huyện E,,,huyen,P,P,2,,,\n"
        "D-A,Xã Hòa,,,xa,D,D,1,,,\nE-A,Xã Hòa,,,xa,E,E,1,,,\nD-B,Xã Hòa,,,xa,D,D,2,,,\n",
        "units.csv:7: \"xã hoà\" is a name of both D-A and D-B");
    folder_assert_fault("trainings.yaml", "- code: T\n  name: {vi: K}\n  pass_rule: {by: teacher}\n",
                        "pass_rule must be either");
    folder_assert_fault(
        "trainings.yaml", "- code: T\n  name: {vi: K}\n",
        "trainings.yaml:1: training T must have either pass_rule: {…} or pass_rules");
    folder_assert_fault("trainings.yaml", "- code: T\n  name: {vi: K}\n  pass_rule: {min_score: 5}\n",
                        "share from 0 to 1");
    folder_assert_fault("trainings.yaml",
                        "- code: T\n  name: {vi: K}\n  pass_rule: {min_scor: 0.5}\n",
                        "trainings.yaml:3: unknown key \"min_scor\"; did you mean \"min_score\"?");
    folder_assert_fault(
        "trainings.yaml",
        "- code: T\n  name: {vi: K}\n  pass_rule: {by: platform}\n  completion: {progress: 1}\n",
        "trainings.yaml:4: unknown key \"progress\"");
    folder_assert_fault("trainings.yaml", "- code: T\n\tname: x\n", "trainings.yaml:2: ");
    folder_assert_fault("trainings.yaml", NULL, "trainings.yaml: cannot be read");
    assert_null(strstr(folder_reported, "waves.csv")); /* one fault, not one of each wave too */
    folder_assert_fault("trainings.yaml",
                        "- {code: T, name: {vi: K}, pass_rule: {by: platform}}\n"
                        "- {code: T, name: {vi: L}, pass_rule: {by: platform}}\n",
                        "trainings.yaml:2: code T stands twice, before in line 1");
}

static void test_faults_of_waves_and_the_rest(void **state)
{
    (void)state;
    folder_assert_fault("waves.csv", FOLDER_WAVES "W,X,P,Đợt 1,,,,counted,1\n",
                        "waves.csv:2: wave W: training X is not in");
    folder_assert_fault("waves.csv", FOLDER_WAVES "W,T,Z,Đợt 1,,,,counted,1\n",
                        "waves.csv:2: wave W: province Z is not in");
    folder_assert_fault("waves.csv",
                        FOLDER_WAVES "W,T,P,Đợt 1,,,,counted,1\nW,T,P,Đợt 2,,,,counted,2\n",
                        "waves.csv:3: code W stands twice, before in line 2");
    folder_assert_fault("waves.csv", FOLDER_WAVES "W,T,P,Đợt 1,,2023-09-29,2023-09-20,counted,1\n",
                        "waves.csv:2: the wave ends before it begins");
    folder_assert_fault("waves.csv", FOLDER_WAVES "W,T,P,Đợt 1,,,,sums,1\n",
                        "waves.csv:2: kind must be");
    folder_assert_fault("courses.csv", "source,course,training,exam\ns,c,T,\ns,c,T,\n",
                        "courses.csv:3: course c of s stands twice, before in line 2");
    folder_assert_fault("courses.csv", "source,course,training,exam,learning\ns,c,T,,no\n",
                        "courses.csv:2: learning \"no\" must be shown, hidden or empty (shown)");
    folder_assert_fault("targets.csv", "wave,unit,planned\nW,P-A,-3\n",
                        "targets.csv:2: planned \"-3\"");
    folder_assert_fault("targets.csv", "wave,unit,planned\nV,P-A,3\nW,P-Z,3\n",
                        "targets.csv:3: unit P-Z is not in units.csv");
    folder_assert_fault("targets.csv", "wave,unit,planned\nW,P-A,3\nW,P,4\nW,P-A,5\n",
                        "targets.csv:4: target W P-A stands twice, before in line 2");
    folder_assert_fault("calendar.csv", "date,kind,name\n2023-09-03,working_saturday,x\n",
                        "calendar.csv:2: 2023-09-03 is no Saturday");
    folder_assert_fault("calendar.csv",
                        "date,kind,name\n2023-09-02,holiday,x\n2023-09-02,holiday,y\n",
                        "calendar.csv:3: 2023-09-02 stands twice, before in line 2");
    folder_assert_fault("calendar.csv",
                        "date,kind,name\n2025-09-02,holiday,x\n2023-09-02,holiday,y\n",
                        "calendar.csv:2: the calendar has a gap: it goes from 2023 to 2025");
}

static void test_a_folder_that_is_not_there_is_one_fault(void **state)
{
    (void)state;
    struct error err = {0};
    folder_reported[0] = '\0';
    assert_null(reference_load("/nonexistent/folder", folder_note, NULL, &err));
    assert_string_equal(folder_reported,
                        "the reference folder /nonexistent/folder cannot be opened: "
                        "No such file or directory\n");
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static void test_all_faults_are_told(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(&f, "courses.csv", "source,course,training,exam\ns,c,X,\ns,d,Y,\n");
    folder_reported[0] = '\0';
    assert_null(reference_load(f.path, folder_note, NULL, &err));
    assert_non_null(strstr(folder_reported, "training X"));
    assert_non_null(strstr(folder_reported, "training Y"));
    assert_non_null(strstr(err.message, "training X"));
    assert_non_null(strstr(err.message, "(and 1 more)"));
    assert_non_null(strstr(error_words(&err, true),
                           ": courses.csv:2: khóa học trên nền tảng c: khóa X không có trong "
                           "trainings.yaml (và 1 lỗi nữa)"));
    folder_drop(&f);
}

static void test_fingerprint_follows_the_folder(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    char first[33], second[33];
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    assert_non_null(r);
    reference_fingerprint(r, first);
    reference_free(r);
    r = reference_load(f.path, NULL, NULL, &err);
    reference_fingerprint(r, second);
    assert_string_equal(first, second);
    reference_free(r);
    folder_put(&f, "targets.csv", "wave,unit,planned\nW,P-A,31\n");
    r = reference_load(f.path, NULL, NULL, &err);
    assert_int_equal(r->targets[0].planned, 31);
    reference_fingerprint(r, second);
    assert_string_not_equal(first, second);
    reference_free(r);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loads_the_real_folder),
        cmocka_unit_test(test_matches_as_offices_write),
        cmocka_unit_test(test_unknown_gives_suggestions),
        cmocka_unit_test(test_faults_name_file_and_line),
        cmocka_unit_test(test_faults_of_waves_and_the_rest),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_one_fault),
        cmocka_unit_test(test_all_faults_are_told),
        cmocka_unit_test(test_fingerprint_follows_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
