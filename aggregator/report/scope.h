/* What a report is about: the wave, training, unit and month that a person named, found in the database or refused. */
#ifndef MOOC_AGGREGATOR_SCOPE_H
#define MOOC_AGGREGATOR_SCOPE_H

#include "reports.h"

enum scope_need {
    SCOPE_NEEDS_WAVE,     /* one whose learners are counted */
    SCOPE_NEEDS_TRAINING, /* a wave names its training */
    SCOPE_NEEDS_EITHER,   /* a wave, the only one if there is one; else a training as a whole */
    SCOPE_NEEDS_NOTHING
};

/* Texts go into the report. What is not there is ERROR_USAGE, naming what is. */
bool scope_find(struct pg *pg, const struct report_request *request, enum scope_need need,
                struct report *report, struct report_scope *scope, struct error *err) MUST_CHECK;

/* Refuse a code that is not there, NULL where one must be named, naming those that are. */
void scope_refuse_wave(struct pg *pg, const char *wave, struct error *err);
void scope_refuse_training(struct pg *pg, const char *training, struct error *err);
void scope_refuse_unit(struct pg *pg, const char *unit, struct error *err);

#endif
