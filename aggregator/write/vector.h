/* The offset vectors of the generation and of the archive: read at the start of a session, compared and set with every transaction. */
#ifndef MOOC_WRITE_VECTOR_H
#define MOOC_WRITE_VECTOR_H

#include "../pg.h"
#include "batch.h"
#include "pg_binary.h"

struct vector {
    int generation, config_version;
    int64_t epoch;
    size_t count;
    const struct log_partition *partitions;
    int64_t *next_offsets, *archived_next, *archived_last;
    char (*archived_id)[EVENT_MAX_KEY + 1];
    struct pg_array arrays[6];
};

struct vector *vector_new(int generation, int64_t epoch, const struct log_partition *partitions,
                          size_t count);
void vector_free(struct vector *vector);

/* Inside a transaction: makes rows for partitions that have none, reads all. Locks the generation's config until the end. */
bool vector_read(struct vector *vector, struct pg *pg, struct error *err) MUST_CHECK;

/* Inside the writer's transaction, before anything else is written: the fence. ERROR_FENCED if any row is not as expected. */
bool vector_advance(struct vector *vector, struct pg *pg, const struct batch_range *ranges,
                    struct error *err) MUST_CHECK;
/* The transaction is durable. */
void vector_confirm(struct vector *vector, const struct batch_range *ranges);

#endif
