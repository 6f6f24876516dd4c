#include "cmocka_all.h"

#include "../../aggregator/config/folder_json.h"
#include "../../common/json.h"

static const char *const aliases[] = {"Sở y tế", "SYT \"cũ\""};
static const struct reference_unit units[] = {
    {.code = "HG",
     .name = "Hà Giang",
     .printed_name = "Hà Giang",
     .kind = "tinh",
     .parent = "",
     .territory = "",
     .official_code = "02",
     .print_order = 9,
     .valid_from = "",
     .valid_to = ""},
    {.code = "HG-SYTE",
     .name = "Sở Y tế",
     .printed_name = "Sở y tế",
     .kind = "so",
     .parent = "HG",
     .territory = "HG",
     .official_code = "",
     .successor_count = 2,
     .successors = aliases,
     .print_order = 12,
     .valid_from = "2020-01-01",
     .valid_to = "",
     .alias_count = 2,
     .aliases = aliases},
};
static const char *const rule_waves[] = {"W", "V"};
static const struct reference_pass_rule rules[] = {
    {.min_score = 0.5,
     .min_progress = 1,
     .certificate = true,
     .attempt = "last",
     .wave_count = 2,
     .waves = rule_waves,
     .from = "2023-07-01",
     .to = ""},
    {.by_platform = true, .min_score = -1, .min_progress = -1, .attempt = "best", .from = "", .to = ""},
};
static const struct reference_training trainings[] = {
    {.code = "A",
     .name_vi = "á",
     .name_en = "a",
     .rule_count = 1,
     .rules = &rules[1],
     .completion_min_progress = -1,
     .completion_by = ""},
    {.code = "B",
     .name_vi = "b",
     .name_en = "b",
     .rule_count = 2,
     .rules = rules,
     .completion_min_progress = 1,
     .completion_by = "certificate",
     .completion_min_attendance = 3,
     .deadline_working_days = 10,
     .lectures = 12,
     .lecture_minutes = 30},
};
static const struct reference_wave waves[] = {{.code = "W",
                                               .training = "A",
                                               .province = "HG",
                                               .name = "w",
                                               .printed_name = "w",
                                               .begins = "2023-09-20",
                                               .ends = "",
                                               .totals_only = true,
                                               .print_order = 1}};
static const struct reference_unit_line lines[] = {
    {&units[1], &units[0], false, 19358, REFERENCE_OPEN_TO, 7},
    {&units[1], NULL, true, REFERENCE_OPEN_FROM, 19357, 0},
    {&units[1], &units[0], true, REFERENCE_OPEN_FROM, 19357, 0},
};
static const struct reference_target targets[] = {
    {.code = "T1",
     .wave = "W",
     .training = "",
     .unit = "HG",
     .measure = "registered",
     .planned = 36000,
     .planned_max = -1,
     .share = -1,
     .staff_on = "",
     .per_helper = -1,
     .phase = "",
     .begins = "",
     .ends = ""},
    {.code = "T2",
     .wave = "",
     .training = "A",
     .unit = "HG",
     .measure = "certified",
     .planned = -1,
     .planned_max = -1,
     .share = 0.95,
     .staff_on = "2023-06-01",
     .per_helper = -1,
     .approximate = true,
     .phase = "III.2",
     .begins = "2023-07-01",
     .ends = "2023-12-31"},
};
static const struct reference_staff staff[] = {{"HG", "2023-06-01", 17559, -1}};
static const struct reference_audience audiences[] = {{"inviter", "thôn Nà Trang", "thôn", "village"}};
static const struct reference folder = {.unit_count = 2,
                                        .units = units,
                                        .training_count = 2,
                                        .trainings = trainings,
                                        .wave_count = 1,
                                        .waves = waves,
                                        .line_count = 3,
                                        .lines = lines,
                                        .staff_count = 1,
                                        .staff = staff,
                                        .audience_count = 1,
                                        .audiences = audiences,
                                        .target_count = 2,
                                        .targets = targets};

static void the_folder_as_json(void **state)
{
    (void)state;
    struct text_buffer out = {0};
    struct error err = {0};
    folder_json(&folder, &out);
    struct json *root = json_parse(out.data, out.length, &err);
    assert_non_null(root);
    const struct json *unit = json_first(json_get(root, "units"));
    assert_true(json_is_null(json_get(unit, "parent")));
    assert_true(json_is_null(json_get(unit, "successors")));
    assert_string_equal(json_get_string(unit, "official_code"), "02");
    assert_int_equal(json_size(json_get(unit, "aliases")), 0);
    unit = json_next(unit);
    assert_string_equal(json_get_string(unit, "parent"), "HG");
    assert_string_equal(json_get_string(unit, "valid_from"), "2020-01-01");
    assert_true(json_is_null(json_get(unit, "official_code")));
    assert_int_equal(json_size(json_get(unit, "successors")), 2);
    assert_string_equal(json_string(json_next(json_first(json_get(unit, "aliases")))),
                        "SYT \"cũ\"");
    const struct json *training = json_first(json_get(root, "trainings"));
    const struct json *rule = json_first(json_get(training, "pass_rules"));
    assert_true(json_boolean(json_get(rule, "by_platform"), false));
    assert_true(json_is_null(json_get(rule, "min_score")));
    assert_true(json_is_null(json_get(rule, "waves")));
    assert_true(json_is_null(json_get(training, "completion_min_progress")));
    assert_true(json_is_null(json_get(training, "completion_by")));
    assert_true(json_is_null(json_get(training, "lectures")));
    training = json_next(training);
    rule = json_first(json_get(training, "pass_rules"));
    assert_true(json_number(json_get(rule, "min_score"), 0) == 0.5);
    assert_true(json_number(json_get(rule, "min_progress"), 0) == 1.0);
    assert_true(json_boolean(json_get(rule, "certificate"), false));
    assert_string_equal(json_get_string(rule, "attempt"), "last");
    assert_string_equal(json_string(json_next(json_first(json_get(rule, "waves")))), "V");
    assert_string_equal(json_get_string(rule, "valid_from"), "2023-07-01");
    assert_true(json_is_null(json_get(rule, "valid_to")));
    assert_true(json_number(json_get(json_next(rule), "position"), 0) == 2.0);
    assert_true(json_number(json_get(training, "completion_min_progress"), 0) == 1.0);
    assert_string_equal(json_get_string(training, "completion_by"), "certificate");
    assert_true(json_number(json_get(training, "completion_min_attendance"), 0) == 3.0);
    assert_true(json_number(json_get(training, "deadline_working_days"), 0) == 10.0);
    assert_true(json_number(json_get(training, "lectures"), 0) == 12.0);
    assert_true(json_number(json_get(training, "lecture_minutes"), 0) == 30.0);
    const struct json *wave = json_first(json_get(root, "waves"));
    assert_true(json_boolean(json_get(wave, "totals_only"), false));
    assert_true(json_is_null(json_get(wave, "ends")));
    int64_t planned = 0;
    assert_true(json_integer(json_get(json_first(json_get(root, "targets")), "planned"), &planned));
    assert_int_equal(planned, 36000);
    const struct json *target = json_next(json_first(json_get(root, "targets")));
    assert_true(json_is_null(json_get(target, "planned")));
    assert_true(json_number(json_get(target, "share"), 0) == 0.95);
    assert_string_equal(json_get_string(target, "staff_on"), "2023-06-01");
    assert_string_equal(json_get_string(target, "phase"), "III.2");
    assert_string_equal(json_get_string(target, "measure"), "certified");
    assert_true(json_boolean(json_get(target, "approximate"), false));
    assert_string_equal(json_get_string(json_first(json_get(root, "audiences")), "audience"),
                        "thôn Nà Trang");
    const struct json *count = json_first(json_get(root, "staff"));
    assert_true(json_number(json_get(count, "staff"), 0) == 17559.0);
    assert_true(json_is_null(json_get(count, "helpers")));
    assert_int_equal(json_size(json_get(root, "unit_lines")), 2); /* nothing above: no line */
    const struct json *line = json_first(json_get(root, "unit_lines"));
    assert_string_equal(json_get_string(line, "tree"), "management");
    assert_string_equal(json_get_string(line, "valid_from"), "2023-01-01");
    assert_true(json_is_null(json_get(line, "valid_to")));
    line = json_next(line);
    assert_string_equal(json_get_string(line, "tree"), "territory");
    assert_true(json_is_null(json_get(line, "valid_from")));
    assert_string_equal(json_get_string(line, "valid_to"), "2022-12-31");
    assert_int_equal(json_size(json_get(root, "courses")), 0);
    assert_int_equal(json_size(json_get(root, "calendar")), 0);
    json_free(root);
    text_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_folder_as_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
