/* What one PostgreSQL transaction takes: the archive rows of one batch or of several, how far they reach in the log, and what the fold
 * made of them all. While PostgreSQL is busy with one transaction the next one grows: small ones when current, large ones when
 * behind, and many rows of figures are then written once for several batches. */
#ifndef MOOC_WRITE_TRANSACTION_H
#define MOOC_WRITE_TRANSACTION_H

#include "batch.h"

struct transaction {
    size_t partition_count;
    struct batch_range *ranges; /* of all its batches */
    struct archive_rows **archive;
    size_t archive_count, archive_capacity;
    struct unreadable_record *unreadable;
    size_t unreadable_count, unreadable_capacity;
    size_t records;
    int64_t oldest_log_time; /* µs; INT64_MAX: no record */
    struct store_writes *writes;
};

struct transaction *transaction_new(size_t partition_count);
void transaction_free(struct transaction *transaction);
/* Empties it. */
void transaction_start(struct transaction *transaction);
/* The batch was folded: takes what is to be written of it, its archive rows and unreadable records. */
void transaction_add(struct transaction *transaction, struct batch *batch);

#endif
