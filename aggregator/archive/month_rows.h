/* Rows of the archive as COPY … TO STDOUT (FORMAT binary) sends them, in pieces cut anywhere. Pure. */
#ifndef MOOC_ARCHIVE_MONTH_ROWS_H
#define MOOC_ARCHIVE_MONTH_ROWS_H

#include "record.h"

struct month_rows {
    struct text_buffer pending; /* from `at` on: what was not taken yet */
    size_t at;
    bool begun, ended;
    int fields; /* of a row; 0: as sql_archive_copy has them; 13: as COPY INTO archive.events has them */
};

void month_rows_free(struct month_rows *rows);
void month_rows_add(struct month_rows *rows, const char *data, size_t length);
/* 1: a record (partition, offset, log_time, id, value: sql_archive_copy), borrowed until the next add; 0: more is needed, or the end
 * has come (ended); -1 with err: it is none such. */
int month_rows_next(struct month_rows *rows, struct archive_record *record, struct error *err);

#endif
