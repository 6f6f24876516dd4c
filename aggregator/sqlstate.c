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
    } else if (strncmp(state, "28", 2) == 0 || strncmp(state, "3D", 2) == 0 ||
               strncmp(state, "42", 2) == 0) {
        *kind = ERROR_CONFIG; /* login, database, missing object or right */
    }
}

bool sqlstate_disk_full(const char *state)
{
    return strcmp(state, "53100") == 0;
}

bool sqlstate_error(const char *state, bool lost, const char *doing, const char *message,
                    struct error *err)
{
    enum error_kind kind = lost ? ERROR_UNREACHABLE : ERROR_INTERNAL;
    bool retriable = lost;
    char text[512];
    if (state[0])
        sqlstate_classify(state, &kind, &retriable);
    snprintf(text, sizeof(text), "%.*s", (int)strcspn(message, "\n"), message);
    return error_set(err, kind, retriable, "PostgreSQL, %s: %s%s%s%s", doing, text,
                     state[0] ? " (" : "", state, state[0] ? ")" : "");
}
