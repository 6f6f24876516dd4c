/* What a row of a list is: a person, a heading, or something that offices put around it. Pure. */
#ifndef MOOC_ROSTER_ROWS_H
#define MOOC_ROSTER_ROWS_H

#include "roster_cells.h"
#include "roster_columns.h"

enum roster_row {
    ROSTER_ROW_BLANK,
    ROSTER_ROW_PERSON,
    ROSTER_ROW_NAMELESS, /* identifiers without a name */
    ROSTER_ROW_TOTAL,
    ROSTER_ROW_SIGNATURE,
    ROSTER_ROW_BELOW, /* below totals or signatures, and nobody */
    ROSTER_ROW_OTHER,
};

struct roster_row_facts {
    enum roster_row kind; /* what it is unless it is a heading */
    bool heading; /* a lone text that may be "II. Huyện Xín Mần" or "Tổ 26": if it names a unit or group, it is */
    bool numbered;  /* … with a roman number or letter of its own: a heading in any case */
    char text[256]; /* … without that number */
};

/* below_end: a total or a signature has been seen and no numbered person since. */
void roster_row_facts(const struct sheet_book *book, size_t sheet, size_t row,
                      const struct roster_columns *columns, bool below_end,
                      struct roster_row_facts *facts);

/* Does a number stand in the column of numbers? Then the row is no header. */
bool roster_row_is_numbered(const struct sheet_book *book, size_t sheet, size_t row,
                            const struct roster_columns *columns);

/* "Tổ 26" or "Tổ 26 - Huyện Xín Mần": the group ("" if it is none), and what follows it. */
const char *roster_heading_group(const char *text, char group[ROSTER_GROUP_SIZE]);

/* "1. Nguyễn Văn An" -> "Nguyễn Văn An", where the number stands in the cell itself. */
const char *roster_bare_name(const char *text);

/* The cell under a column, "" where the list has no such column. */
const char *roster_cell(const struct sheet_book *book, size_t sheet, size_t row,
                        const struct roster_columns *columns, enum roster_column column);

#endif
