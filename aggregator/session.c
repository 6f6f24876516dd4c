#include <stdio.h>
#include <string.h>

#include "session.h"

#define DEPLOY "in the folder schema/ run: sqitch deploy --verify db:pg:"

bool session_check_schema(struct pg *pg, struct error *err)
{
    struct pg_rows *rows =
        pg_query(pg, "SELECT max(version) FROM pulse.schema_version", 0, NULL, err);
    if (rows == NULL) {
        /* invalid_schema_name, undefined_table */
        if (strcmp(pg_sqlstate(pg), "3F000") == 0 || strcmp(pg_sqlstate(pg), "42P01") == 0)
            return error_set(err, ERROR_STATE, false,
                             "the database holds no MOOC Pulse schema; " DEPLOY);
        struct error reader = {0};
        if (strcmp(pg_sqlstate(pg), "42501") == 0 && pg_refuse_reader(pg, &reader) && err)
            *err = reader;
        return false;
    }
    int64_t version = pg_rows_count(rows) == 1 ? pg_rows_integer(rows, 0, 0, 0) : 0;
    pg_rows_free(rows);
    if (version < SESSION_SCHEMA_VERSION)
        return error_set(err, ERROR_STATE, false,
                         "the database's schema is version %lld, this program needs %d; " DEPLOY,
                         (long long)version, SESSION_SCHEMA_VERSION);
    if (version > SESSION_SCHEMA_VERSION)
        return error_set(err, ERROR_STATE, false,
                         "the database's schema is version %lld, this program knows only %d; "
                         "install the release of mooc-aggregator that goes with the schema",
                         (long long)version, SESSION_SCHEMA_VERSION);
    return true;
}

struct pg *session_open(const struct options *options, const char *command, bool read_only,
                        struct error *err)
{
    char name[64];
    snprintf(name, sizeof(name), "mooc-aggregator %s", command);
    struct pg *pg = pg_connect(options, name, read_only, err);
    if (pg == NULL)
        return NULL;
    bool ready = session_check_schema(pg, err);
    if (ready && read_only)
        ready = pg_run(pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
    if (!ready) {
        pg_free(pg);
        return NULL;
    }
    return pg;
}

int session_fail(const struct error *err)
{
    fprintf(stderr, "mooc-aggregator: %s\n", err->message);
    int code = error_exit_code(err);
    return code ? code : 1; /* stopped: what was asked for is not done */
}
