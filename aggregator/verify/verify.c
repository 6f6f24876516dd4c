#include "verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/progress.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "../fold/fold.h"
#include "../report/scope.h"
#include "sql.h"
#include "steps.h"

static const struct {
    const char *sql;
    bool reads, states;
} steps[] = {
    {sql_verify_config, false, false},    {sql_verify_read, true, false},
    {sql_verify_archive, false, false},   {sql_verify_people, false, false},
    {sql_verify_states, false, true},     {sql_verify_facts, false, false},
    {sql_verify_outcomes, false, false},  {sql_verify_tallies, false, false},
    {sql_verify_activity, false, false},  {sql_verify_moments, false, false},
    {sql_verify_deadlines, false, false}, {sql_verify_issues, false, false},
    {sql_verify_nameless, false, false},
};

/* The schema's name is the one part of a statement that cannot be a parameter. */
char *verify_statement(const char *text, int generation)
{
    struct text_buffer out = {0};
    for (const char *at = text; *at;) {
        const char *next = strstr(at, "gen_N");
        size_t length = next ? (size_t)(next - at) : strlen(at);
        text_buffer_add(&out, at, length);
        at += length;
        if (next) {
            text_buffer_add_format(&out, "gen_%d", generation);
            at += strlen("gen_N");
        }
    }
    return out.data;
}

bool verify_statements(struct pg *pg, const char *text, int generation, struct error *err)
{
    char *sql = verify_statement(text, generation);
    bool ok = pg_run(pg, sql, err);
    free(sql);
    return ok;
}

static bool take_request(struct pg *pg, const struct verify_request *request,
                         struct verify_result *result, struct error *err)
{
    const char *const parameters[] = {request->generation, request->training, request->unit};
    struct pg_rows *rows = pg_query(pg, sql_verify_request, 3, parameters, err);
    if (!rows)
        return false;
    bool found = pg_rows_count(rows) == 1;
    bool training_known = found && strcmp(pg_rows_value(rows, 0, 3), "t") == 0;
    bool unit_known = found && strcmp(pg_rows_value(rows, 0, 4), "t") == 0;
    bool building = found && strcmp(pg_rows_value(rows, 0, 5), "t") == 0;
    if (found) {
        result->generation = (int)pg_rows_integer(rows, 0, 0, 0);
        result->config_version = (int)pg_rows_integer(rows, 0, 1, 0);
        result->fold_version = (int)pg_rows_integer(rows, 0, 2, 0);
    }
    pg_rows_free(rows);
    if (!found)
        return error_set(err, ERROR_USAGE, false,
                         TELL(request, "không có phiên bản số liệu %s", "there is no generation %s"),
                         request->generation ? request->generation
                                             : TELL(request, "đang dùng", "that is live"));
    if (building)
        return error_set(
            err, ERROR_STATE, false,
            TELL(request, "phiên bản số liệu %d đang được tính: `replay status` cho biết đến đâu",
                 "generation %d is still being built: `replay status` tells how far "
                 "it is"),
            result->generation);
    if (!unit_known)
        scope_refuse_unit(pg, request->unit, err);
    else if (!training_known)
        scope_refuse_training(pg, request->training, err);
    return unit_known && training_known;
}

/* What was counted and is not in the archive cannot be recomputed. */
static bool check_vector(struct pg *pg, int generation, struct error *err)
{
    char number[16];
    snprintf(number, sizeof(number), "%d", generation);
    const char *const parameters[] = {number};
    struct pg_rows *rows = pg_query(pg, sql_verify_vector, 1, parameters, err);
    if (!rows)
        return false;
    bool whole = true;
    for (size_t i = 0; i < pg_rows_count(rows) && whole; i++)
        if (pg_rows_integer(rows, i, 4, 0) > 0)
            whole = error_tell(
                err, ERROR_STATE, false,
                "phiên bản số liệu %d đã tính phần %s của %s đến vị trí %s, kho lưu "
                "mới đến %s: đối chiếu được khi kho lưu có đủ",
                "generation %d has counted partition %s of %s up to offset %s, the archive "
                "ends at %s: it can be verified once the archive has the rest",
                generation, pg_rows_value(rows, i, 1), pg_rows_value(rows, i, 0),
                pg_rows_value(rows, i, 2), pg_rows_value(rows, i, 3));
    pg_rows_free(rows);
    return whole;
}

static bool check_detached(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_verify_detachable, 0, NULL, err);
    bool detachable = rows && strcmp(pg_rows_value(rows, 0, 0), "t") == 0;
    bool asked = rows != NULL;
    pg_rows_free(rows);
    if (!detachable)
        return asked;
    rows = pg_query(pg, sql_verify_detached, 0, NULL, err);
    if (!rows)
        return false;
    const char *months = pg_rows_value(rows, 0, 0);
    bool whole =
        !months || error_tell(err, ERROR_STATE, false,
                              "kho lưu thiếu các tháng %s đã được tách ra: hãy đưa trở lại để đối "
                              "chiếu số liệu có các tháng đó",
                              "the archive lacks the months %s, which were taken out of it: "
                              "put them back to verify figures that they are part of",
                              months);
    pg_rows_free(rows);
    return whole;
}

/* A value that PostgreSQL cannot read as JSON, though the program can, must not end the whole. */
static bool read_archive(struct pg *pg, int generation, struct error *err)
{
    if (!pg_run(pg, "SAVEPOINT reading", err))
        return false;
    if (verify_statements(pg, sql_verify_read, generation, err))
        return true;
    if (strncmp(pg_sqlstate(pg), "22", 2) != 0) /* data exceptions */
        return false;
    error_clear(err);
    return pg_run(pg, "ROLLBACK TO SAVEPOINT reading", err) &&
           pg_run(pg, sql_verify_read_again, err) &&
           verify_statements(pg, sql_verify_read, generation, err);
}

static bool take_step(struct pg *pg, size_t step, struct verify_result *result, struct error *err)
{
    if (steps[step].reads)
        return read_archive(pg, result->generation, err);
    if (steps[step].states) {
        if (!result->states_read)
            return true;
        if (!pg_run(pg, sql_verify_states_begin, err) ||
            !verify_unpack_states(pg, result->generation, result->config_version, err))
            return false;
    }
    return verify_statements(pg, steps[step].sql, result->generation, err);
}

static bool recompute(struct pg *pg, struct verify_result *result, struct error *err)
{
    struct progress *progress = progress_new("verifying", (int64_t)ARRAY_LEN(steps));
    bool ok = true;
    for (size_t i = 0; i < ARRAY_LEN(steps) && ok; i++) {
        progress_at(progress, (int64_t)i, (int64_t)ARRAY_LEN(steps));
        ok = take_step(pg, i, result, err);
    }
    if (ok)
        progress_at(progress, (int64_t)ARRAY_LEN(steps), (int64_t)ARRAY_LEN(steps));
    progress_end(progress);
    return ok;
}

static bool take_outcome(struct pg *pg, const struct verify_request *request,
                         struct verify_result *result, struct error *err)
{
    char shown[24];
    snprintf(shown, sizeof(shown), "%lld", (long long)request->shown);
    const char *const parameters[] = {shown};
    result->checks = pg_query(pg, sql_verify_checks, 0, NULL, err);
    if (result->checks)
        result->largest = pg_query(pg, sql_verify_largest, 1, parameters, err);
    if (result->largest)
        result->outcome = pg_query(pg, sql_verify_outcome, 1, parameters, err);
    if (!result->outcome)
        return false;
    result->compared = pg_rows_integer(result->outcome, 0, 2, 0);
    result->differences = pg_rows_integer(result->outcome, 0, 3, 0);
    return true;
}

bool verify_run(struct pg *pg, const struct verify_request *request, struct verify_result *result,
                struct error *err)
{
    int64_t began_us = clock_monotonic_us();
    *result = (struct verify_result){0};
    bool ok = pg_run(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ", err) &&
              take_request(pg, request, result, err) && check_vector(pg, result->generation, err) &&
              check_detached(pg, err) && pg_run(pg, sql_verify_begin, err);
    result->states_read = result->fold_version == FOLD_VERSION;
    ok = ok && recompute(pg, result, err) && take_outcome(pg, request, result, err);
    pg_rollback(pg); /* all that it wrote is temporary */
    result->seconds = (double)(clock_monotonic_us() - began_us) / 1e6;
    return ok;
}

bool verify_note(struct pg *pg, const struct verify_request *request,
                 const struct verify_result *result, struct error *err)
{
    char generation[16], config[16], seconds[32];
    snprintf(generation, sizeof(generation), "%d", result->generation);
    snprintf(config, sizeof(config), "%d", result->config_version);
    snprintf(seconds, sizeof(seconds), "%.3f", result->seconds);
    const struct pg_rows *outcome = result->outcome;
    const char *const parameters[] = {generation,
                                      config,
                                      request->training,
                                      request->unit,
                                      pg_rows_value(outcome, 0, 0),
                                      pg_rows_value(outcome, 0, 5),
                                      seconds,
                                      pg_rows_value(outcome, 0, 1),
                                      pg_rows_value(outcome, 0, 2),
                                      pg_rows_value(outcome, 0, 3)};
    struct pg_rows *rows = pg_query(pg, sql_verify_note, ARRAY_LEN(parameters), parameters, err);
    pg_rows_free(rows);
    return rows != NULL;
}

void verify_result_release(struct verify_result *result)
{
    pg_rows_free(result->checks);
    pg_rows_free(result->largest);
    pg_rows_free(result->outcome);
    *result = (struct verify_result){0};
}
