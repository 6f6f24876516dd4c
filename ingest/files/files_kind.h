/* What a file can hold. */
#ifndef MOOC_FILES_KIND_H
#define MOOC_FILES_KIND_H

#include "../../common/base.h"

enum files_kind {
    FILES_ROSTER,     /* people of a wave */
    FILES_TOTALS,     /* published totals of waves */
    FILES_RESULTS,    /* exam results exported by hand */
    FILES_ATTENDANCE, /* in-person classes: by class, day and person */
    FILES_HEADCOUNT,  /* forms with numbers of nameless people */
    FILES_KINDS
};

#define FILES_KIND_NAMES "roster|totals|results|attendance|headcount"

const char *files_kind_name(enum files_kind kind);
bool files_kind_parse(const char *name, enum files_kind *out) MUST_CHECK;

/* Whether a file of this kind is taken as complete where nobody says: a form replaces the one before, a list adds. */
bool files_kind_is_complete(enum files_kind kind);

#endif
