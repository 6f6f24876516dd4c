/* The values behind metrics.h, for metrics.c, which serves them. */
#ifndef MOOC_METRICS_REGISTRY_H
#define MOOC_METRICS_REGISTRY_H

#include <pthread.h>

#include "metrics.h"

struct metric_family;
struct metric_condition;

struct metrics {
    pthread_mutex_t lock; /* for the lists; values are atomic */
    struct metric_family *families, **families_end;
    struct metric_condition *conditions, **conditions_end;
    void *daemon; /* the server's, NULL while nothing is served */
};

void metrics_registry_init(struct metrics *metrics);
void metrics_registry_free(struct metrics *metrics); /* all but the struct itself */

#endif
