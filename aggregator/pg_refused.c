/* Why there is no connection to PostgreSQL, or none of use: in words of who has to do something about it. */
#include <stdio.h>
#include <string.h>

#include "pg_private.h"
#include "sql.h"

#define PLACE 300

/* Host and port as they were asked for; a list of hosts stays a list. */
static void say_place(PGconn *connection, char out[PLACE])
{
    const char *host = NULL, *address = NULL, *port = NULL;
    PQconninfoOption *asked = connection ? PQconninfo(connection) : NULL;
    for (const PQconninfoOption *o = asked; o && o->keyword; o++) {
        if (strcmp(o->keyword, "host") == 0)
            host = o->val;
        else if (strcmp(o->keyword, "hostaddr") == 0)
            address = o->val;
        else if (strcmp(o->keyword, "port") == 0)
            port = o->val;
    }
    if (!host || !*host)
        host = address;
    if (!port || !*port)
        port = "5432";
    if (!host || !*host)
        snprintf(out, PLACE, "on this machine (port %.60s)", port);
    else if (*host == '/')
        snprintf(out, PLACE, "on this machine (%.150s, port %.60s)", host, port);
    else if (strchr(host, ','))
        snprintf(out, PLACE, "at %.150s (port %.60s)", host, port);
    else
        snprintf(out, PLACE, "at %.150s:%.60s", host, port);
    PQconninfoFree(asked);
}

/* The server answered, and said no: libpq tells it after "FATAL:". */
static const char *refusal_in(const char *message)
{
    const char *fatal = strstr(message, "FATAL:");
    return fatal ? fatal + strlen("FATAL:") + strspn(fatal + strlen("FATAL:"), " ") : NULL;
}

static const char *advice_for(const char *refusal)
{
    if (strstr(refusal, "password authentication"))
        return "; is the password in database_password_file right?";
    if (strstr(refusal, "pg_hba.conf"))
        return "; who administers the database lets the login in from here (pg_hba.conf)";
    if (strstr(refusal, "starting up") || strstr(refusal, "shutting down"))
        return "; try again in a moment";
    if (strstr(refusal, "does not exist"))
        return "; does option database name the right database and login?";
    return "";
}

bool pg_refused(struct pg *pg, const struct options *options, struct error *err)
{
    char place[PLACE];
    const char *message = PQerrorMessage(pg->connection);
    const char *refusal = refusal_in(message), *user = PQuser(pg->connection);
    say_place(pg->connection, place);
    int length = (int)strcspn(refusal ? refusal : message, "\n");
    if (refusal)
        return error_set(err, ERROR_UNREACHABLE, true,
                         "the database (PostgreSQL) %s does not let the login %.64s in: %.*s%s",
                         place, user ? user : "?", length, refusal, advice_for(refusal));
    return error_set(
        err, ERROR_UNREACHABLE, true, "the database (PostgreSQL) %s does not answer: %s (%.*s)",
        place,
        options_given(options, "database")
            ? "start it, or correct option database"
            : "option database is not set: give --config aggregator.yaml (or MOOC_CONFIG), "
              "which says where it is",
        length, message);
}

bool pg_refuse_reader(struct pg *pg, struct error *err)
{
    struct error ignored = {0};
    struct pg_rows *rows = pg_query(pg, sql_login_rights, 0, NULL, &ignored);
    bool reader = rows != NULL && *pg_rows_value(rows, 0, 1) == 't';
    if (reader)
        error_set(err, ERROR_CONFIG, false,
                  "the login %.64s is for BI tools and only reads the views of schema bi: this "
                  "command needs the login mooc_writer (option database, user=mooc_writer)",
                  pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return reader;
}

bool pg_refuse_writing(struct pg *pg, struct error *err)
{
    const char *standby = PQparameterStatus(pg->connection, "in_hot_standby");
    char place[PLACE];
    say_place(pg->connection, place);
    if (standby && strcmp(standby, "on") == 0)
        return error_set(err, ERROR_UNREACHABLE, true,
                         "the database %s is a standby, which only reads: option database must "
                         "name the server that writes",
                         place);
    if (pg_refuse_reader(pg, err))
        return false;
    return error_set(err, ERROR_UNREACHABLE, true,
                     "the database %s takes no changes from the login %.64s: "
                     "default_transaction_read_only is on",
                     place, PQuser(pg->connection));
}
