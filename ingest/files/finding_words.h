/* What the office calls the faults of rows and records, and what it does about them. Pure. */
#ifndef MOOC_FINDING_WORDS_H
#define MOOC_FINDING_WORDS_H

#include "../../common/tell.h"

/* A code without words, and any in English, is given back as it is: it stands in exports and forms. */
const char *finding_name(const struct teller *to, const char *code);
/* kind: "fault", "skipped", "correction". NULL: nothing is to be done. */
const char *finding_to_do(const struct teller *to, const char *kind, const char *code);
/* Of a kind. */
const char *finding_kind(const struct teller *to, const char *kind);

#endif
