/* The header of a list: which column holds what. Pure. */
#ifndef MOOC_ROSTER_COLUMNS_H
#define MOOC_ROSTER_COLUMNS_H

#include "base.h"
#include "sheet.h"

enum roster_column {
    ROSTER_NUMBER, /* TT, STT */
    ROSTER_NAME,   /* the whole name, or the family and middle name where ROSTER_GIVEN is there */
    ROSTER_GIVEN,
    ROSTER_BIRTH,
    ROSTER_CITIZEN,
    ROSTER_EMAIL,
    ROSTER_PHONE,
    ROSTER_UNIT,
    ROSTER_GROUP,
    ROSTER_AUDIENCE,
    ROSTER_INVITED_BY,
    ROSTER_COLUMN_COUNT,
    ROSTER_NO_COLUMN = ROSTER_COLUMN_COUNT,
};

#define ROSTER_ABSENT SIZE_MAX

struct roster_columns {
    size_t at[ROSTER_COLUMN_COUNT]; /* column from 0, or ROSTER_ABSENT */
    size_t header_row;              /* from 0: its first line */
    size_t first_row; /* below the header, its second line and the line of column numbers */
};

/* What a header cell names. */
enum roster_column roster_column_of(const char *cell);

/* Is this row a header (a name column and one more that is known)? Then fills *columns. */
bool roster_is_header(const struct sheet_book *book, size_t sheet, size_t row,
                      struct roster_columns *columns);

/* The header row at or below `from`. False when there is none: the sheet is no list. */
bool roster_find_header(const struct sheet_book *book, size_t sheet, size_t from,
                        struct roster_columns *columns);

#endif
