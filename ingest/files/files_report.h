/* What a piece of work did: for the command that waits, for the file beside a finished list, for the log. No personal data. */
#ifndef MOOC_FILES_REPORT_H
#define MOOC_FILES_REPORT_H

#include "../../common/error.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"

struct files_report {
    char file[256], wave[64], encoding[300];
    bool preview, correction, revocation; /* of an import: removed, changed (as another says again) */
    bool retry;                           /* of rejected rows: added */
    int64_t added, changed, unchanged, removed,
        rejected;   /* rejected: of corrections, the refused ones */
    int64_t erased; /* rows of people who were erased, left out: told nowhere but in a note */
    int64_t applied, already;       /* corrections */
    struct files_finding *findings; /* faults, skipped rows, unusable corrections */
    size_t finding_count, finding_capacity;
    struct files_note {
        char vi[480], en[400];
    } notes[8]; /* held removals, and why nothing was removed */
    size_t note_count, notes_left_out;
    struct error error; /* ERROR_NONE: done */
};

struct files_finding {
    const char *kind; /* "fault", "skipped", "correction" */
    const char *code; /* static text: "email_malformed", "total", "not_filled_in" */
    char sheet[64];
    int64_t row;
};

void files_report_find(struct files_report *report, const char *kind, const char *code,
                       const char *sheet, int64_t row);
/* Both formats take the same arguments in one order. */
void files_report_note(struct files_report *report, const char *vi, const char *en, ...)
    PRINTF_LIKE(2, 4) PRINTF_LIKE(3, 4);
void files_report_clear(struct files_report *report); /* counts and findings, for a second go */
void files_report_free(struct files_report *report);

void files_report_json(const struct files_report *report, struct text_buffer *out);
/* Lines for a person, made from the JSON (the command has only that). False if it is no report. *exit_code: 0 done, else as
 * error_exit_code; 1 also where some rows were not taken, of a list or of corrections, while the others are. */
bool files_report_text(const char *json, size_t length, const struct teller *to,
                       struct text_buffer *out, int *exit_code);
/* Was all of it refused, so that nothing was done? */
bool files_report_is_refusal(const char *json, size_t length);

#endif
