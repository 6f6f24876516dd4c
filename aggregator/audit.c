#include "audit.h"

#include <stdio.h>

#include "../common/operator_name.h"
#include "sql.h"

bool audit_note(struct pg *pg, const struct audit_entry *entry, struct error *err)
{
    char generation[16], config[16];
    snprintf(generation, sizeof(generation), "%d", entry->generation);
    snprintf(config, sizeof(config), "%d", entry->config_version);
    const char *const parameters[] = {entry->action,
                                      operator_name(),
                                      entry->reason,
                                      entry->generation > 0 ? generation : NULL,
                                      entry->config_version >= 0 ? config : NULL,
                                      entry->detail};
    struct pg_rows *rows = pg_query(pg, sql_audit_note, 6, parameters, err);
    pg_rows_free(rows);
    return rows != NULL;
}
