#include "rules_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "sql.h"

typedef bool (*take_row)(struct rules *rules, const struct pg_rows *rows, size_t row);

static bool take_training(struct rules *rules, const struct pg_rows *rows, size_t row)
{
    rules_add_training(rules, pg_rows_value(rows, row, 0), pg_rows_integer(rows, row, 1, 1) != 0,
                       strtod(pg_rows_value(rows, row, 2), NULL),
                       strtod(pg_rows_value(rows, row, 3), NULL));
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

static bool take_course(struct rules *rules, const struct pg_rows *rows, size_t row)
{
    int training = rules_find_training(rules, pg_rows_value(rows, row, 2));
    if (training == RULES_NONE)
        return false;
    rules_add_course(rules, pg_rows_value(rows, row, 0), pg_rows_value(rows, row, 1), training);
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
        read_each(pg, sql_read_courses, version, rules, take_course, err))
        return rules;
    rules_free(rules);
    return NULL;
}
