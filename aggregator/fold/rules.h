/* The generation's config as the fold needs it: which training a course or wave belongs to, wave dates, pass and completion
 * rules. Built once, then read only. Indices are valid within one struct rules. */
#ifndef MOOC_FOLD_RULES_H
#define MOOC_FOLD_RULES_H

#include "../../common/base.h"

#define RULES_NONE (-1)

struct rule_training {
    const char *code;
    bool pass_by_platform;
    double pass_min_score;          /* share of the maximum, when not by platform */
    double completion_min_progress; /* negative: the rule states none */
};

struct rule_wave {
    const char *code;
    int training;
    int32_t begins, ends; /* days; INT32_MIN / INT32_MAX where not stated */
};

struct rules;

struct rules *rules_new(void);
void rules_free(struct rules *rules);
/* A code comes once in its kind, a course once in its source. */
int rules_add_training(struct rules *rules, const char *code, bool by_platform, double min_score,
                       double min_progress);
int rules_add_wave(struct rules *rules, const char *code, int training, int32_t begins, int32_t ends);
void rules_add_course(struct rules *rules, const char *source, const char *course, int training);

int rules_find_training(const struct rules *rules, const char *code);
int rules_find_wave(const struct rules *rules, const char *code);
int rules_find_course(const struct rules *rules, const char *source, const char *course);

const struct rule_training *rules_training(const struct rules *rules, int index);
const struct rule_wave *rules_wave(const struct rules *rules, int index);
int rules_training_count(const struct rules *rules);

/* Which of these waves (indices) a fact of that day belongs to: the latest-begun that holds the day, else the latest begun
 * before it, else the first; ties by code. RULES_NONE without waves. */
int rules_wave_of_day(const struct rules *rules, const int *waves, size_t count, int32_t day);

#endif
