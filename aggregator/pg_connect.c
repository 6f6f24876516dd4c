/* Connecting to PostgreSQL, and its errors. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/text_buffer.h"
#include "pg_private.h"
#include "sql.h"
#include "sqlstate.h"

#define CONNECTING_MS 5000 /* as connect_timeout below */

/* Errors ----------------------------------------------------------------------------------------------------------------- */

bool pg_connection_lost(const struct pg *pg)
{
    return pg->silent || PQstatus(pg->connection) != CONNECTION_OK;
}

bool pg_failed(struct pg *pg, const PGresult *result, const char *doing, struct error *err)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    snprintf(pg->sqlstate, sizeof(pg->sqlstate), "%s", state ? state : "");
    const char *raised_by = result ? PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION) : NULL;
    if (message && raised_by && strcmp(raised_by, "exec_stmt_raise") == 0) /* in one of ours */
        return sqlstate_raised(pg->sqlstate, message,
                               PQresultErrorField(result, PG_DIAG_MESSAGE_HINT),
                               PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL), err);
    if (pg->cancelled && strcmp(pg->sqlstate, "57014") == 0) /* query_canceled, by us */
        return error_stopped(err);
    if (!message)
        message = PQerrorMessage(pg->connection);
    if (!result && pg->silent)
        message = "the connection stands, but no reply comes";
    return sqlstate_error(pg->sqlstate, pg_connection_lost(pg), doing, message, err);
}

const char *pg_sqlstate(const struct pg *pg)
{
    return pg->sqlstate;
}

void pg_forget_error(struct pg *pg)
{
    pg->sqlstate[0] = '\0';
}

/* Connection ------------------------------------------------------------------------------------------------------------- */

/* Notices would go to standard error, unstructured; what they say is in the server's log. */
static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

bool pg_check_options(const struct options *options, struct error *err)
{
    const char *conninfo = options_text(options, "database");
    char *message = NULL;
    PQconninfoOption *parsed = PQconninfoParse(conninfo, &message);
    if (!parsed) {
        const char *why = message ? message : "out of memory";
        error_tell(err, ERROR_CONFIG, false, "tùy chọn database không phải là chuỗi kết nối: %.*s",
                   "option database is no connection string: %.*s", (int)strcspn(why, "\n"), why);
        PQfreemem(message);
        return false;
    }
    bool fine = true;
    for (const PQconninfoOption *o = parsed; o->keyword; o++)
        if (o->val && (strcmp(o->keyword, "password") == 0 || strcmp(o->keyword, "sslpassword") == 0))
            fine = error_tell(err, ERROR_CONFIG, false,
                              "tùy chọn database có %s: bí mật chỉ được đọc từ tệp, nêu ở "
                              "database_password_file",
                              "option database holds a %s: secrets are only taken from files: "
                              "database_password_file names one",
                              o->keyword);
    PQconninfoFree(parsed);
    return fine;
}

static PGconn *connect_with(const char *conninfo, const char *password,
                            const char *application_name, bool read_only)
{
    /* The operator's own string comes last: it may override these. */
    const char *keywords[] = {"application_name",
                              "connect_timeout",
                              "keepalives_idle",
                              "keepalives_interval",
                              "keepalives_count",
                              "tcp_user_timeout",
                              "target_session_attrs",
                              "client_encoding",
                              password ? "password" : "fallback_application_name",
                              "dbname",
                              NULL};
    const char *values[] = {application_name,
                            "5",
                            "10",
                            "5",
                            "3",
                            "20000",
                            read_only ? "any" : "read-write",
                            "UTF8",
                            password ? password : application_name,
                            conninfo,
                            NULL};
    return PQconnectdbParams(keywords, values, 1);
}

/* libpq tells a login that only reads and a standby with the same words: asked once more, the server tells them apart. */
static bool refused(struct pg *pg, const struct options *options, const char *password,
                    const char *application_name, struct error *err)
{
    if (!strstr(PQerrorMessage(pg->connection), "session is read-only"))
        return pg_refused(pg, options, err);
    PQfinish(pg->connection);
    pg->connection =
        connect_with(options_text(options, "database"), password, application_name, true);
    pg->patience_ms = CONNECTING_MS;
    return pg_connection_lost(pg) ? pg_refused(pg, options, err) : pg_refuse_writing(pg, err);
}

struct pg *pg_connect(const struct options *options, const char *application_name, bool read_only,
                      struct error *err)
{
    const char *conninfo = options_text(options, "database");
    const char *password_file = options_text(options, "database_password_file");
    char *password = NULL;
    size_t password_length = 0;
    if (!pg_check_options(options, err))
        return NULL;
    if (password_file && !(password = secret_read_file(password_file, &password_length, err)))
        return NULL;
    struct pg *pg = calloc(1, sizeof(*pg));
    if (!pg)
        abort();
    pg->connection = connect_with(conninfo, password, application_name, read_only);
    bool connected = !pg_connection_lost(pg) || refused(pg, options, password, application_name, err);
    if (password)
        secret_free(password, password_length);
    if (!connected) {
        pg_free(pg);
        return NULL;
    }
    PQsetNoticeReceiver(pg->connection, ignore_notice, NULL);
    pg_line_open(&pg->line, PQsocket(pg->connection));
    pg->patience_ms = CONNECTING_MS;
    if (!pg_run(pg, sql_connection_settings, err)) {
        pg_free(pg);
        return NULL;
    }
    pg->patience_ms = 0;
    return pg;
}

/* A part of a URI: the folder of a socket is a host, too. */
static void add_escaped(struct text_buffer *uri, const char *part)
{
    for (; *part; part++)
        text_buffer_add_format(
            uri, isalnum((unsigned char)*part) || strchr("-._~", *part) ? "%c" : "%%%02X",
            (unsigned char)*part);
}

void pg_address(const struct pg *pg, const char *login, char out[PG_ADDRESS_SIZE])
{
    struct text_buffer uri = {0};
    const char *host = PQhost(pg->connection);
    text_buffer_add_text(&uri, "db:pg://");
    add_escaped(&uri, login);
    if (strchr(host, ':')) /* IPv6 */
        text_buffer_add_format(&uri, "@[%s]", host);
    else {
        text_buffer_add_text(&uri, "@");
        add_escaped(&uri, host);
    }
    text_buffer_add_format(&uri, ":%s/", PQport(pg->connection));
    add_escaped(&uri, PQdb(pg->connection));
    snprintf(out, PG_ADDRESS_SIZE, "%s", uri.data);
    text_buffer_free(&uri);
}

void pg_free(struct pg *pg)
{
    if (!pg)
        return;
    PQfreemem(pg->row);
    pg_statements_release(&pg->statements);
    PQfinish(pg->connection);
    pg_line_close(&pg->line);
    free(pg);
}

bool pg_alive(const struct pg *pg)
{
    return pg && !pg_connection_lost(pg);
}

void pg_set_patience(struct pg *pg, int64_t ms)
{
    pg->patience_ms = ms;
}

void pg_observe(struct pg *pg, pg_observer observer, void *context)
{
    pg->observer = observer;
    pg->context = context;
}

struct pg_line *pg_line(struct pg *pg)
{
    return &pg->line;
}
