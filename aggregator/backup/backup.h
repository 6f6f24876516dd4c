/* `backup DIR` and `restore DIR`: what no log can give back. Layout of DIR (modes 0700, 0600):
 *   aggregator.yaml, secrets/     common/backup_files.h
 *   tables/pulse.units.jsonl ...  one file per row of pulse.saved_tables, one JSON object per row, of one snapshot
 *   tables/bi_logins.jsonl        {"login", "verifier" where it could be read}
 *   manifest.json                 common/manifest.h; "database": versions, generations, offset vectors; "tables": rows, columns */
#ifndef MOOC_AGGREGATOR_BACKUP_H
#define MOOC_AGGREGATOR_BACKUP_H

#include <stdio.h>

#define BACKUP_LOGINS "bi_logins"
#define BACKUP_PATH 4096

static inline void backup_table_path(const char *folder, const char *table, char out[BACKUP_PATH])
{
    snprintf(out, BACKUP_PATH, "%.3800s/tables/%.200s.jsonl", folder, table);
}

#endif
