/* Reads a list of people ("danh sách") as offices send it: letterhead above, merged cells, sections, totals, signatures. Pure
 * over a sheet_book. What comes out is personal data in clear: it never leaves the process. */
#ifndef MOOC_ROSTER_READ_H
#define MOOC_ROSTER_READ_H

#include "error.h"
#include "reference.h"
#include "sheet.h"
#include "arena.h"
#include "roster_cells.h"
#include "roster_columns.h"

/* Faults of a row, one bit each. */
enum roster_fault {
    ROSTER_EMAIL_MALFORMED,
    ROSTER_EMAIL_MISSING,
    ROSTER_CITIZEN_MALFORMED,
    ROSTER_PHONE_MALFORMED,
    ROSTER_LISTED_TWICE,
    ROSTER_BIRTH_DATE_MALFORMED,
    ROSTER_EVENT_FAULTS, /* those above travel in the event; the ones below are for the operator's answer */
    ROSTER_EMAIL_SHARED = ROSTER_EVENT_FAULTS, /* the address stands on rows with other names */
    ROSTER_UNIT_UNKNOWN,
    ROSTER_NAME_MISSING,
    ROSTER_FAULT_COUNT,
};

const char *roster_fault_name(enum roster_fault fault); /* "email_malformed" */

struct roster_person {
    size_t sheet; /* index in the book */
    int64_t row;  /* as the spreadsheet program shows it, from 1 */
    const char *name, *birth_date, *citizen, *phone; /* normalised; "" = none */
    const char *emails[ROSTER_MAX_EMAILS];           /* normalised, the row's first one first */
    size_t email_count;
    const char *unit;        /* code; NULL when unknown */
    const char *unit_text;   /* as written, or as the heading above says */
    const char *suggestions; /* for an unknown unit */
    const char *group;
    const char *audiences[ROSTER_MAX_AUDIENCES];
    size_t audience_count;
    const char *invited_by; /* code of the body that invited; "" */
    /* What the row says of the person, cleaned: the same after re-sorting or renumbering. own_content is this very row's, content
     * that of the row whose data stand for all rows of the person. */
    const char *content, *own_content;
    const char *raw_email; /* the e-mail cell, for masking in messages */
    unsigned faults;       /* bit per enum roster_fault */
    /* Where unit and group stand, ROSTER_ABSENT where the list has no such column; above: its own cell is empty, and one above counts. */
    size_t unit_column, group_column;
    bool unit_above, group_above;
    size_t same_as; /* SIZE_MAX, or index of the person that this row was merged into */
};

/* A row that is nobody: reported, so that an operator can see what was left out. */
struct roster_skip {
    size_t sheet;
    int64_t row;
    const char *reason; /* "total", "signature", "below_signature", "repeated_header", "no_person" */
};

struct roster_list {
    struct arena arena; /* owns all texts: neither book nor reference is needed any more */
    size_t person_count, skip_count;
    struct roster_person *persons; /* in the order of the file */
    struct roster_skip *skips;
    size_t sheets_read; /* sheets with a header */
};

struct roster_settings {
    const struct reference *reference;
    const char *province; /* unit code within which names are matched; NULL = anywhere */
    const char *unit;     /* all rows belong to this unit, whatever they say; NULL = as they say */
};

/* NULL when no sheet has a header row or nobody is listed (ERROR_DATA says what was looked for). */
struct roster_list *roster_read(const struct sheet_book *book,
                                const struct roster_settings *settings, struct error *err);
void roster_free(struct roster_list *list);

/* roster_twice.c: finds the same person on several rows of a unit (same folded name and a common identifier, no conflicting
 * citizen numbers; without any identifier the same birth date) and merges them into the earliest row, whatever the order of
 * the rows; marks addresses that stand under different names. */
void roster_merge_twice(struct roster_list *list);
/* roster_twice.c: which rows have an address that stands under another name too, on a row that is not left out either. Arrays by
 * person. */
void roster_find_shared(const struct roster_list *list, const bool *left_out, bool *shared);

#endif
