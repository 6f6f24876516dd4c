#include "rules_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

#include "sql.h"

typedef bool (*take_row)(struct rules *rules, const struct pg_rows *rows, size_t row);

static bool take_training(struct rules *rules, const struct pg_rows *rows, size_t row)
{
    const char *by = pg_rows_value(rows, row, 2);
    struct rule_training training = {
        .code = pg_rows_value(rows, row, 0),
        .completion_min_progress = strtod(pg_rows_value(rows, row, 1), NULL),
        .completion_by_passed = strcmp(by, "passed") == 0,
        .completion_by_certificate = strcmp(by, "certificate") == 0,
        .completion_min_attendance = (int)pg_rows_integer(rows, row, 3, 0),
        .deadline_working_days = (int)pg_rows_integer(rows, row, 4, 0),
        .lectures = (int)pg_rows_integer(rows, row, 5, 0),
        .lecture_minutes = (int)pg_rows_integer(rows, row, 6, 0)};
    rules_add_training(rules, &training);
    return true;
}

static bool take_wave(struct rules *rules, const struct pg_rows *rows, size_t row)
{
    int training = rules_find_training(rules, pg_rows_value(rows, row, 1));
    if (training == RULES_NONE)
        return false;
    rules_add_wave(rules, pg_rows_value(rows, row, 0), training,
                   (int32_t)pg_rows_integer(rows, row, 2, INT32_MIN),
                   (int32_t)pg_rows_integer(rows, row, 3, INT32_MAX));
    return true;
}

/* Waves of the rule come as "W1,W2"; codes hold no comma. */
static size_t find_waves(const struct rules *rules, char *codes, int *waves, size_t most)
{
    size_t count = 0;
    for (char *code; (code = strtok_r(codes, ",", &codes)) != NULL && count < most;) {
        int wave = rules_find_wave(rules, code);
        if (wave != RULES_NONE)
            waves[count++] = wave;
    }
    return count;
}

static bool take_pass_rule(struct rules *rules, const struct pg_rows *rows, size_t row)
{
    int training = rules_find_training(rules, pg_rows_value(rows, row, 0));
    if (training == RULES_NONE)
        return false;
    const char *attempt = pg_rows_value(rows, row, 5), *list = pg_rows_value(rows, row, 6);
    struct pass_rule rule = {.by_platform = pg_rows_integer(rows, row, 1, 1) != 0,
                             .min_score = strtod(pg_rows_value(rows, row, 2), NULL),
                             .min_progress = strtod(pg_rows_value(rows, row, 3), NULL),
                             .certificate = pg_rows_integer(rows, row, 4, 0) != 0,
                             .attempt = strcmp(attempt, "last") == 0    ? ATTEMPT_LAST
                                        : strcmp(attempt, "first") == 0 ? ATTEMPT_FIRST
                                                                        : ATTEMPT_BEST,
                             .any_wave = list == NULL,
                             .from = (int32_t)pg_rows_integer(rows, row, 7, INT32_MIN),
                             .to = (int32_t)pg_rows_integer(rows, row, 8, INT32_MAX)};
    char *codes = list ? must_have(strdup(list)) : NULL;
    size_t most = list ? strlen(list) : 0;
    int *waves = must_have(calloc(most + 1, sizeof(int)));
    if (codes)
        rule.wave_count = find_waves(rules, codes, waves, most);
    rule.waves = waves;
    rules_add_pass_rule(rules, training, &rule);
    free(codes);
    free(waves);
    return true;
}

static bool take_course(struct rules *rules, const struct pg_rows *rows, size_t row)
{
    int training = rules_find_training(rules, pg_rows_value(rows, row, 2));
    if (training == RULES_NONE)
        return false;
    int course =
        rules_add_course(rules, pg_rows_value(rows, row, 0), pg_rows_value(rows, row, 1), training);
    if (course != RULES_NONE && pg_rows_integer(rows, row, 3, 1) == 0)
        rules_hide_learning(rules, course);
    return true;
}

static bool read_each(struct pg *pg, const char *sql, const char *version, struct rules *rules,
                      take_row take, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql, 1, &version, err);
    if (!rows)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++)
        ok = take(rules, rows, i) ||
             error_set(err, ERROR_STATE, false, "config version %s: %s names an unknown training",
                       version, pg_rows_value(rows, i, 0));
    pg_rows_free(rows);
    return ok;
}

struct rules *rules_read(struct pg *pg, int config_version, struct error *err)
{
    char version[16];
    snprintf(version, sizeof(version), "%d", config_version);
    struct rules *rules = rules_new();
    if (read_each(pg, sql_read_trainings, version, rules, take_training, err) &&
        read_each(pg, sql_read_waves, version, rules, take_wave, err) &&
        read_each(pg, sql_read_pass_rules, version, rules, take_pass_rule, err) &&
        read_each(pg, sql_read_courses, version, rules, take_course, err))
        return rules;
    rules_free(rules);
    return NULL;
}
