#include "timed_wait.h"

#include <stdlib.h>

#define NS_PER_SECOND 1000000000

void timed_wait_init(pthread_cond_t *condition)
{
    pthread_condattr_t steady;
    if (pthread_condattr_init(&steady) != 0 ||
        pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(condition, &steady) != 0)
        abort();
    pthread_condattr_destroy(&steady);
}

struct timespec timed_wait_until(int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    if (ms > 0) {
        until.tv_sec += ms / 1000;
        until.tv_nsec += ms % 1000 * 1000000;
    }
    if (until.tv_nsec >= NS_PER_SECOND) {
        until.tv_sec++;
        until.tv_nsec -= NS_PER_SECOND;
    }
    return until;
}

bool timed_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, struct timespec until)
{
    return pthread_cond_timedwait(condition, mutex, &until) == 0;
}
