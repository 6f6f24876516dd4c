#include "audit.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql.h"

const char *audit_operator(void)
{
    const char *behind_sudo = getenv("SUDO_USER");
    if (behind_sudo && *behind_sudo)
        return behind_sudo;
    const struct passwd *user = getpwuid(getuid());
    return user ? user->pw_name : "";
}

bool audit_note(struct pg *pg, const struct audit_entry *entry, struct error *err)
{
    char generation[16], config[16];
    snprintf(generation, sizeof(generation), "%d", entry->generation);
    snprintf(config, sizeof(config), "%d", entry->config_version);
    const char *const parameters[] = {entry->action,
                                      audit_operator(),
                                      entry->reason,
                                      entry->generation > 0 ? generation : NULL,
                                      entry->config_version >= 0 ? config : NULL,
                                      entry->detail};
    struct pg_rows *rows = pg_query(pg, sql_audit_note, 6, parameters, err);
    pg_rows_free(rows);
    return rows != NULL;
}
