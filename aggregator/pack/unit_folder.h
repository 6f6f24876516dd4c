/* One unit's files of one wave. */
#ifndef MOOC_PACK_UNIT_FOLDER_H
#define MOOC_PACK_UNIT_FOLDER_H

#include "../report/reports.h"
#include "message.h"
#include "period.h"
#include "unit_figures.h"

struct unit_folder {
    struct pg *pg;      /* in a transaction that shows the figures at the period's end */
    const char *folder; /* of the pack */
    const struct period *period;
    const struct report_request *request;     /* wave, language, at */
    const struct report_scope *scope;         /* the wave's */
    const struct pg_rows *groups;             /* sql/pack_groups.sql */
    const struct pg_rows *unread;             /* report_unread_streams of the wave's training */
    const struct unit_figures *before, *now;  /* before: NULL where there were none */
    const char *attached_to, *place, *signer; /* of the workbook; may be NULL */
};

/* UNIT/WAVE.xlsx, WAVE.txt and, where it has study groups, WAVE.message.txt. */
bool unit_folder_write(const struct unit_folder *unit, struct error *err) MUST_CHECK;

#endif
