/* Reads the sheet of corrections: the columns File | Sheet | Dòng | Lỗi | Cần làm | Sửa thành, as `mooc-aggregator issues
 * --export` writes them and an office fills in the last one. Pure. */
#ifndef MOOC_CORRECTION_READ_H
#define MOOC_CORRECTION_READ_H

#include "../../common/error.h"
#include "../../common/sheet.h"
#include "../../common/arena.h"

enum correction_kind {
    CORRECT_EMAIL, /* email_malformed, email_missing, email_shared: the row's address is this one */
    CORRECT_ACCOUNT_EMAIL, /* account_under_other_email: the account was opened under this one as well */
    CORRECT_ONE_PERSON, /* listed_twice: confirmed */
    CORRECT_UNIT,       /* unit_unknown */
    CORRECT_CITIZEN,    /* citizen_malformed */
    CORRECT_PHONE,      /* phone_malformed */
};

struct correction {
    enum correction_kind kind;
    const char *at_sheet;     /* of the form; "" for CSV */
    int64_t at_row;           /* there, from 1 */
    const char *file, *sheet; /* of the list; sheet "" for CSV */
    int64_t row;              /* of the list, from 1 */
    const char *fault;        /* code as written */
    bool of_list;             /* a list itself shows this fault, of its rows that have it */
    const char *value; /* normalised identifier, or the unit as written; "" for CORRECT_ONE_PERSON */
};

/* A line that cannot be used, and why. */
struct correction_problem {
    const char *at_sheet;
    int64_t at_row;
    const char *reason; /* "not_filled_in", "fault_unknown", "row_malformed", "value_malformed", "file_missing" */
};

struct correction_list {
    struct arena arena;
    size_t count, problem_count;
    struct correction *corrections; /* in the order of the sheet */
    struct correction_problem *problems;
};

/* NULL with ERROR_DATA when no sheet has the columns. */
struct correction_list *correction_read(const struct sheet_book *book, struct error *err);
void correction_free(struct correction_list *list);

#endif
