#include "sqlstate.h"

#include <stdio.h>
#include <string.h>

void sqlstate_classify(const char *state, enum error_kind *kind, bool *retriable)
{
    *kind = ERROR_INTERNAL;
    *retriable = false;
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
        strncmp(state, "53", 2) == 0 || strcmp(state, "25006") == 0 || strcmp(state, "25P03") == 0) {
        /* connection, shutdown, resources, a standby promoted elsewhere, idle in a transaction for too long */
        *kind = ERROR_UNREACHABLE;
        *retriable = true;
    } else if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 ||
               strcmp(state, "55P03") == 0 || strcmp(state, "57014") == 0) {
        *kind = ERROR_STATE; /* serialization, deadlock, lock or statement time-out */
        *retriable = true;
    } else if (strcmp(state, "55000") == 0) {
        *kind = ERROR_STATE; /* what our functions refuse as things stand */
    } else if (strncmp(state, "28", 2) == 0 || strncmp(state, "3D", 2) == 0 ||
               strncmp(state, "42", 2) == 0) {
        *kind = ERROR_CONFIG; /* login, database, missing object or right */
    }
}

bool sqlstate_disk_full(const char *state)
{
    return strcmp(state, "53100") == 0;
}

/* For who met it, not for who wrote it. */
static const char *advice_for(const char *state)
{
    static const struct {
        const char *state, *advice; /* the state, or what it begins with */
    } list[] = {
        {"28",
         "is the password in database_password_file right, and may the login connect from here "
         "(pg_hba.conf)?"},
        {"3D000", "create the database and deploy the schema, or correct option database"},
        {"3F000", "deploy the schema that goes with this program (sqitch deploy)"},
        {"42501",
         "does option database name the login mooc_writer, and was the whole schema deployed?"},
        {"42710", "choose another name, or remove what has it"},
        {"42704", "is the name spelled right, and was the whole schema deployed?"},
        {"42P01", "deploy the schema that goes with this program (sqitch deploy)"},
        {"42703", "deploy the schema that goes with this program (sqitch deploy)"},
        {"42883", "deploy the schema that goes with this program (sqitch deploy)"},
        {"25006", "this server only reads: option database must name the one that writes"},
        {"53100", "make room on the database's disk"},
        {"53300", "end some sessions, or raise max_connections"},
        {"55P03", "somebody else holds it: try again"},
        {"57014", "it took longer than the login's statement_timeout, or somebody cancelled it"},
        {"57P", "the server was stopped or is starting: try again in a moment"},
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (strncmp(state, list[i].state, strlen(list[i].state)) == 0)
            return list[i].advice;
    return NULL;
}

bool sqlstate_raised(const char *state, const char *message, const char *hint, struct error *err)
{
    enum error_kind kind = ERROR_INTERNAL;
    bool retriable = false;
    sqlstate_classify(state, &kind, &retriable);
    return error_set(err, kind, retriable, "%s%s%s", message, hint ? ". " : "", hint ? hint : "");
}

bool sqlstate_error(const char *state, bool lost, const char *doing, const char *message,
                    struct error *err)
{
    enum error_kind kind = lost ? ERROR_UNREACHABLE : ERROR_INTERNAL;
    bool retriable = lost;
    char text[512];
    if (state[0])
        sqlstate_classify(state, &kind, &retriable);
    const char *advice = state[0] ? advice_for(state) : NULL;
    snprintf(text, sizeof(text), "%.*s", (int)strcspn(message, "\n"), message);
    return error_set(err, kind, retriable, "PostgreSQL, %s: %s%s%s%s%s%s", doing, text,
                     state[0] ? " (" : "", state, state[0] ? ")" : "", advice ? "; " : "",
                     advice ? advice : "");
}
