/* Who did what, when and why: one row of pulse.audit, in the transaction of what was done. */
#ifndef MOOC_AGGREGATOR_AUDIT_H
#define MOOC_AGGREGATOR_AUDIT_H

#include "pg.h"

struct audit_entry {
    const char *action; /* the command: "replay promote" */
    const char *reason; /* option reason; NULL: none was given */
    int generation;     /* that it is about; 0: none */
    int config_version; /* -1: none */
    const char *detail; /* JSON object; NULL: nothing more */
};

/* The operator is the login of the operating system (SUDO_USER, else the user's name) and the database's. */
bool audit_note(struct pg *pg, const struct audit_entry *entry, struct error *err) MUST_CHECK;

#endif
