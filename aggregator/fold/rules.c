#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

struct rule_course {
    char *source, *course;
    int training;
};

struct rules {
    struct rule_training *trainings;
    struct rule_wave *waves;
    struct rule_course *courses;
    int training_count, wave_count, course_count;
};

struct rules *rules_new(void)
{
    return must_have(calloc(1, sizeof(struct rules)));
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    for (int i = 0; i < rules->training_count; i++)
        free(rules->trainings[i].code);
    for (int i = 0; i < rules->wave_count; i++)
        free(rules->waves[i].code);
    for (int i = 0; i < rules->course_count; i++) {
        free(rules->courses[i].source);
        free(rules->courses[i].course);
    }
    free(rules->trainings);
    free(rules->waves);
    free(rules->courses);
    free(rules);
}

int rules_add_training(struct rules *rules, const char *code, bool by_platform, double min_score,
                       double min_progress)
{
    size_t count = (size_t)rules->training_count + 1;
    rules->trainings = must_have(realloc(rules->trainings, count * sizeof(struct rule_training)));
    rules->trainings[rules->training_count] =
        (struct rule_training){must_have(strdup(code)), by_platform, min_score, min_progress};
    return rules->training_count++;
}

int rules_add_wave(struct rules *rules, const char *code, int training, int32_t begins, int32_t ends)
{
    size_t count = (size_t)rules->wave_count + 1;
    rules->waves = must_have(realloc(rules->waves, count * sizeof(struct rule_wave)));
    rules->waves[rules->wave_count] =
        (struct rule_wave){must_have(strdup(code)), training, begins, ends};
    return rules->wave_count++;
}

void rules_add_course(struct rules *rules, const char *source, const char *course, int training)
{
    size_t count = (size_t)rules->course_count + 1;
    rules->courses = must_have(realloc(rules->courses, count * sizeof(struct rule_course)));
    rules->courses[rules->course_count++] =
        (struct rule_course){must_have(strdup(source)), must_have(strdup(course)), training};
}

int rules_find_training(const struct rules *rules, const char *code)
{
    for (int i = 0; i < rules->training_count; i++)
        if (strcmp(rules->trainings[i].code, code) == 0)
            return i;
    return RULES_NONE;
}

int rules_find_wave(const struct rules *rules, const char *code)
{
    for (int i = 0; i < rules->wave_count; i++)
        if (strcmp(rules->waves[i].code, code) == 0)
            return i;
    return RULES_NONE;
}

int rules_find_course(const struct rules *rules, const char *source, const char *course)
{
    for (int i = 0; i < rules->course_count; i++)
        if (strcmp(rules->courses[i].course, course) == 0 &&
            strcmp(rules->courses[i].source, source) == 0)
            return rules->courses[i].training;
    return RULES_NONE;
}

const struct rule_training *rules_training(const struct rules *rules, int index)
{
    return &rules->trainings[index];
}

const struct rule_wave *rules_wave(const struct rules *rules, int index)
{
    return &rules->waves[index];
}

int rules_training_count(const struct rules *rules)
{
    return rules->training_count;
}

/* How well a wave suits a day: 2 holds it, 1 begun before it, 0 neither. */
static int suits(const struct rule_wave *wave, int32_t day)
{
    if (wave->begins > day)
        return 0;
    return wave->ends >= day ? 2 : 1;
}

int rules_wave_of_day(const struct rules *rules, const int *waves, size_t count, int32_t day)
{
    int best = RULES_NONE;
    for (size_t i = 0; i < count; i++) {
        if (best == RULES_NONE) {
            best = waves[i];
            continue;
        }
        const struct rule_wave *a = &rules->waves[waves[i]], *b = &rules->waves[best];
        int better = suits(a, day) - suits(b, day);
        if (better == 0 && a->begins != b->begins) {
            bool later = a->begins > b->begins;
            /* Where no wave has begun by then, the first counts. */
            better = later == (suits(a, day) > 0) ? 1 : -1;
        }
        if (better == 0)
            better = strcmp(b->code, a->code);
        if (better > 0)
            best = waves[i];
    }
    return best;
}
