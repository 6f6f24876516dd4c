/* Scripts of events with texts of their own, and a fold with its store, for the tests of the fold. */
#ifndef MOOC_TEST_FOLD_SCRIPT_H
#define MOOC_TEST_FOLD_SCRIPT_H

#include "../../../aggregator/fold/fold.h"
#include "../../../common/clock.h"
#include "fold_store.h"

#define DAY_US (86400LL * 1000000)
#define HAS(field) (1ULL << FIELD_##field)

/* A rule for all waves and days, without conditions beside the attempt. */
#define RULE_DEFAULTS .min_progress = -1, .from = INT32_MIN, .to = INT32_MAX, .any_wave = true

struct script {
    struct event events[512];
    char text[512][4][96];
    size_t count;
};

/* Each appends an event and gives it for changes. Texts but subject and entity are borrowed. */
struct event *script_add(struct script *s, enum event_type type, const char *subject,
                         const char *entity, int64_t revision);
struct event *script_list(struct script *s, const char *subject, const char *wave, const char *unit,
                          const char *name, const char *email);
struct event *script_account(struct script *s, const char *subject, const char *email);
struct event *script_in_course(struct script *s, enum event_type type, const char *subject,
                               const char *course, int64_t revision);
struct event *script_graded(struct script *s, const char *subject, const char *course, bool sat,
                            bool passed, double score);

struct run {
    struct rules *rules;
    struct fold *fold;
    struct fold_store *store;
};

/* Trainings T1 (by platform) and T2 (50 %); waves W1, W2 of T1 that overlap, W3 of T2; courses C1, C2 of T1, C3 of T2. */
struct rules *script_rules(void);
/* learner: its key in clear, or a link's entity; the event names its hash. */
struct event *script_erase(struct script *s, const char *learner);

struct run run_start(struct rules *rules, size_t cache); /* takes the rules */
void run_finish(struct run *run);
void run_expect(const struct run *run, enum scope scope, enum measure measure, int64_t value);
/* How often the text stands in the dump of the store. */
size_t run_count(const struct run *run, const char *text);

#endif
