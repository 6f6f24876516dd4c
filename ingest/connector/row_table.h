/* Rows that a stream remembers for others to look up: by a key, a few short texts each. Lives as long as the job that needs it. */
#ifndef MOOC_CONNECTOR_ROW_TABLE_H
#define MOOC_CONNECTOR_ROW_TABLE_H

#include "../../common/base.h"

/* In the first field of a row that the platform gave but that could not be read. */
#define ROW_UNREADABLE "\2"

struct row_table;

struct row_table *row_table_new(size_t fields);
void row_table_free(struct row_table *table); /* NULL-safe */
/* Keys are keyed hashes (siphash) of what the platform calls a row by. texts: one for each field, NULL = absent; copied. A key that
 * is there already gets a new row in the old one's place. */
void row_table_put(struct row_table *table, uint64_t key, const char *const *texts);
/* The row of a key, or SIZE_MAX. */
size_t row_table_find(const struct row_table *table, uint64_t key);
size_t row_table_count(const struct row_table *table);
/* Fills texts with the row's fields; they live until the next row_table_put. */
void row_table_row(const struct row_table *table, size_t row, const char **texts);

#endif
