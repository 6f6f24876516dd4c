/* A service that is well, and what is told of it, for the tests of status. */
#ifndef MOOC_TESTS_STATUS_CASE_H
#define MOOC_TESTS_STATUS_CASE_H

#include "../../../aggregator/status/status.h"

extern const struct status_limits limits;

/* Allocated as status_read does: for status_free. */
struct status well(void);
/* Fails the test unless exactly this is not well. */
void expect_problem(const struct status *status, const char *expected);

#endif
