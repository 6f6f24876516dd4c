/* What people did by lists, corrections and imports taken back: who, when, why and what came of it, a JSON line each in data_dir/audit.jsonl
 * (mode 0600, part of the backup). Names of files and units, counts and reasons; nothing of the people listed. */
#ifndef MOOC_INGEST_AUDIT_H
#define MOOC_INGEST_AUDIT_H

#include "../../common/error.h"
#include "../../common/options.h"

struct audit_entry {
    const char *source, *command; /* "import", "correct", "revoke" */
    const char *by, *reason;      /* "" = not known, not given */
    const char *import;           /* its id; of a revocation, the one taken back */
    const char *result;           /* JSON of files_report_json */
};

/* Appended whole or not at all, and durable. */
bool audit_note(const char *data_dir, const struct audit_entry *entry, struct error *err) MUST_CHECK;

/* `mooc-ingest audit` */
int command_audit(const struct program *program, const struct options *options);

#endif
