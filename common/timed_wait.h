/* Conditions that are waited for up to a moment of CLOCK_MONOTONIC, which nobody sets. */
#ifndef MOOC_TIMED_WAIT_H
#define MOOC_TIMED_WAIT_H

#include <pthread.h>
#include <time.h>

#include "base.h"

/* Destroyed by pthread_cond_destroy. */
void timed_wait_init(pthread_cond_t *condition);

/* The moment so many milliseconds from now; never before now. */
struct timespec timed_wait_until(int64_t ms);

/* Like pthread_cond_timedwait; false once the moment has passed. Wakes without cause too. */
bool timed_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, struct timespec until);

#endif
