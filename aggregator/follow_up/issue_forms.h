/* The forms that units fill in: a workbook for each unit with its faults, in the order of its study groups. Its first sheet, filled in,
 * is what `mooc-ingest correct` takes. */
#ifndef MOOC_FOLLOW_UP_ISSUE_FORMS_H
#define MOOC_FOLLOW_UP_ISSUE_FORMS_H

#include "../pg.h"
#include "../report/report.h"
#include "issue_groups.h"

/* Columns of sql_issues. */
enum issues_column {
    ISSUES_KIND,
    ISSUES_ISSUE,
    ISSUES_ISSUE_EN,
    ISSUES_WAVE,
    ISSUES_UNIT,
    ISSUES_UNIT_NAME,
    ISSUES_SOURCE,
    ISSUES_FILE_NAME,
    ISSUES_SHEET,
    ISSUES_ROW,
    ISSUES_DETAIL,
    ISSUES_DETAIL_EN,
    ISSUES_TO_DO,
    ISSUES_TO_DO_EN,
    ISSUES_FOR_UNIT,
    ISSUES_COUNT
};

/* rows: of sql_issues, ordered by unit. A form is named by its unit's code: DIR/HG-SYTE.xlsx; rows of no known unit go to
 * khong-ro-don-vi.xlsx. Nothing is written while one of them holds answers already (ERROR_STATE names it). */
bool issue_forms_write(const struct pg_rows *rows, const struct issue_groups *groups,
                       const char *folder, enum language language, struct error *err) MUST_CHECK;

#endif
