/* The generation's config as the fold needs it: which training a course or wave belongs to, wave dates, pass and completion
 * rules. Built once, then read only. Indices are valid within one struct rules. */
#ifndef MOOC_FOLD_RULES_H
#define MOOC_FOLD_RULES_H

#include "../../common/base.h"

#define RULES_NONE (-1)

enum rule_attempt { ATTEMPT_BEST, ATTEMPT_LAST, ATTEMPT_FIRST };

/* Judges the attempts of its waves and days; the first that fits an attempt is its rule. */
struct pass_rule {
    bool by_platform;    /* the platform says passed itself */
    double min_score;    /* share of the maximum, when not by platform */
    double min_progress; /* share that must be done as well; negative: none */
    bool certificate;    /* one in force is required as well */
    enum rule_attempt attempt;
    int32_t from, to; /* days of attempts; INT32_MIN / INT32_MAX where open */
    bool any_wave;    /* else the cohort: attempts of these waves only */
    size_t wave_count;
    const int *waves;
};

/* Completed: any of the stated conditions. */
struct rule_training {
    const char *code;
    size_t rule_count;
    const struct pass_rule *rules;
    double completion_min_progress; /* negative: not stated */
    bool completion_by_passed, completion_by_certificate;
    int completion_min_attendance; /* distinct days; 0: not stated */
    int deadline_working_days;     /* 0: no deadline */
    int lectures, lecture_minutes; /* 0: not stated */
};

struct rule_wave {
    const char *code;
    int training;
    int32_t begins, ends; /* days; INT32_MIN / INT32_MAX where not stated */
};

struct rule_course {
    const char *source, *course, *code; /* code: source, blank, course */
    int training, platform;
    bool learning_hidden; /* who passes here may have learned where nobody sees it */
};

struct rules;

struct rules *rules_new(void);
void rules_free(struct rules *rules);
/* A code comes once in its kind, a course once in its source. Texts and lists are copied; the training's rules come by rules_add_pass_rule. */
int rules_add_training(struct rules *rules, const struct rule_training *training);
void rules_add_pass_rule(struct rules *rules, int training, const struct pass_rule *rule);
int rules_add_wave(struct rules *rules, const char *code, int training, int32_t begins, int32_t ends);
int rules_add_course(struct rules *rules, const char *source, const char *course, int training);
void rules_hide_learning(struct rules *rules, int course);

int rules_find_training(const struct rules *rules, const char *code);
int rules_find_wave(const struct rules *rules, const char *code);
int rules_find_course(const struct rules *rules, const char *source, const char *course);
int rules_find_platform(const struct rules *rules, const char *source); /* of any course */

const struct rule_training *rules_training(const struct rules *rules, int index);
const struct rule_wave *rules_wave(const struct rules *rules, int index);
const struct rule_course *rules_course(const struct rules *rules, int index);
const char *rules_platform(const struct rules *rules, int index);
/* Does a course of the training stand on the platform? */
bool rules_training_on(const struct rules *rules, int training, int platform);

/* Which of these waves (indices) a fact of that day belongs to: the latest-begun that holds the day, else the latest begun
 * before it, else the first; ties by code. RULES_NONE without waves. */
int rules_wave_of_day(const struct rules *rules, const int *waves, size_t count, int32_t day);

/* The rule that judges an attempt of that wave (or RULES_NONE) and day; RULES_NONE if none does. */
int rules_pass_rule(const struct rule_training *training, int wave, int32_t day);

#endif
