#include <stdio.h>
#include <string.h>

#include "../common/tell.h"
#include "session.h"
#include "sql.h"

#define DEPLOY_VI "trong thư mục schema/ hãy chạy: sqitch deploy --verify %s"
#define DEPLOY "in the folder schema/ run: sqitch deploy --verify %s"

/* Where the schema is to be deployed: this database, as who owns it. */
static void deploy_to(struct pg *pg, char out[PG_ADDRESS_SIZE])
{
    struct error ignored = {0};
    struct pg_rows *rows = pg_query(pg, sql_database_owner, 0, NULL, &ignored);
    pg_address(pg, rows != NULL ? pg_rows_value(rows, 0, 0) : "OWNER", out);
    pg_rows_free(rows);
}

static bool check_version(struct pg *pg, int64_t version, struct error *err)
{
    char address[PG_ADDRESS_SIZE];
    if (version < SESSION_SCHEMA_VERSION) {
        deploy_to(pg, address);
        return error_tell(err, ERROR_STATE, false,
                          "schema của cơ sở dữ liệu là phiên bản %lld, chương trình này cần phiên "
                          "bản %d; " DEPLOY_VI,
                          "the database's schema is version %lld, this program needs %d; " DEPLOY,
                          (long long)version, SESSION_SCHEMA_VERSION, address);
    }
    if (version > SESSION_SCHEMA_VERSION)
        return error_tell(err, ERROR_STATE, false,
                          "schema của cơ sở dữ liệu là phiên bản %lld, chương trình này chỉ biết "
                          "đến phiên bản %d; hãy cài bản mooc-aggregator đi cùng schema",
                          "the database's schema is version %lld, this program knows only %d; "
                          "install the release of mooc-aggregator that goes with the schema",
                          (long long)version, SESSION_SCHEMA_VERSION);
    return true;
}

static bool is_state(const struct pg *pg, const char *state)
{
    return strcmp(pg_sqlstate(pg), state) == 0;
}

/* sql: gives the version. */
static bool ask_version(struct pg *pg, const char *sql, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql, 0, NULL, err);
    if (rows == NULL) {
        /* invalid_schema_name, undefined_table */
        if (!is_state(pg, "3F000") && !is_state(pg, "42P01"))
            return false;
        char address[PG_ADDRESS_SIZE];
        deploy_to(pg, address);
        return error_tell(err, ERROR_STATE, false,
                          "cơ sở dữ liệu chưa có schema của MOOC Pulse; " DEPLOY_VI,
                          "the database holds no MOOC Pulse schema; " DEPLOY, address);
    }
    int64_t version = pg_rows_count(rows) == 1 ? pg_rows_integer(rows, 0, 0, 0) : 0;
    pg_rows_free(rows);
    return check_version(pg, version, err);
}

bool session_check_schema(struct pg *pg, struct error *err)
{
    struct error reader = {0};
    if (ask_version(pg, sql_session_schema_version, err))
        return true;
    if (is_state(pg, "42501") && pg_refuse_reader(pg, &reader) && err)
        *err = reader;
    return false;
}

/* Of a login without any right to schema pulse. */
static bool check_views(struct pg *pg, struct error *err)
{
    if (ask_version(pg, sql_session_schema_version, err))
        return true;
    return is_state(pg, "42501") && ask_version(pg, sql_session_views_version, err);
}

static struct pg *open_checked(const struct options *options, const char *command, bool read_only,
                               bool (*check)(struct pg *pg, struct error *err), struct error *err)
{
    char name[64];
    snprintf(name, sizeof(name), "mooc-aggregator %s", command);
    struct pg *pg = pg_connect(options, name, read_only, err);
    if (pg == NULL)
        return NULL;
    bool ready = check(pg, err);
    if (ready && read_only)
        ready = pg_run(pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
    if (!ready) {
        pg_free(pg);
        return NULL;
    }
    return pg;
}

struct pg *session_open(const struct options *options, const char *command, bool read_only,
                        struct error *err)
{
    return open_checked(options, command, read_only, session_check_schema, err);
}

struct pg *session_open_views(const struct options *options, const char *command, struct error *err)
{
    return open_checked(options, command, true, check_views, err);
}

int session_fail(const struct options *options, const struct error *err)
{
    fprintf(stderr, "mooc-aggregator: %s\n", error_words(err, tell_in_vietnamese(options)));
    /* The server went while it committed: typed again, as after one that does not answer. */
    if (err->kind == ERROR_UNKNOWN_OUTCOME)
        return 3;
    int code = error_exit_code(err);
    return code ? code : 1; /* stopped: what was asked for is not done */
}
