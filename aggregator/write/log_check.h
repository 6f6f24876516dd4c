/* Is the log still the one that was read? (DESIGN, aggregator invariant 9.) */
#ifndef MOOC_WRITE_LOG_CHECK_H
#define MOOC_WRITE_LOG_CHECK_H

#include "log_reader.h"
#include "vector.h"

/* ERROR_STATE when a partition was recreated, truncated or restored, or has lost records that were not read yet. */
bool log_check(struct log_reader *reader, const struct vector *vector, int timeout_ms,
               struct error *err) MUST_CHECK;

#endif
