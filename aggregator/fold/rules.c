#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/event.h"
#include "strings.h"

/* Codes stand in tables whose number 0 is the empty text: the first code has number 1 and index 0. */
struct rules {
    struct strings *training_codes, *wave_codes, *course_codes;
    struct rule_training *trainings;
    struct rule_wave *waves;
    int *course_trainings;
    int training_count, wave_count, course_count;
};

struct rules *rules_new(void)
{
    struct rules *rules = must_have(calloc(1, sizeof(struct rules)));
    rules->training_codes = strings_new();
    rules->wave_codes = strings_new();
    rules->course_codes = strings_new();
    return rules;
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    strings_free(rules->training_codes);
    strings_free(rules->wave_codes);
    strings_free(rules->course_codes);
    free(rules->trainings);
    free(rules->waves);
    free(rules->course_trainings);
    free(rules);
}

static int find(const struct strings *codes, const char *code)
{
    uint32_t number = strings_find(codes, code, strlen(code));
    return number == UINT32_MAX || number == 0 ? RULES_NONE : (int)number - 1;
}

/* Takes the code for the next index. Codes are keys of their tables: none comes twice, none is empty. */
static const char *add(struct strings *codes, const char *code, int index)
{
    uint32_t number = strings_intern(codes, code, strlen(code));
    if (number != (uint32_t)index + 1)
        abort();
    return strings_text(codes, number);
}

int rules_add_training(struct rules *rules, const char *code, bool by_platform, double min_score,
                       double min_progress)
{
    int index = rules->training_count++;
    rules->trainings = must_have(
        realloc(rules->trainings, (size_t)rules->training_count * sizeof(struct rule_training)));
    rules->trainings[index] = (struct rule_training){add(rules->training_codes, code, index),
                                                     by_platform, min_score, min_progress};
    return index;
}

int rules_add_wave(struct rules *rules, const char *code, int training, int32_t begins, int32_t ends)
{
    int index = rules->wave_count++;
    rules->waves =
        must_have(realloc(rules->waves, (size_t)rules->wave_count * sizeof(struct rule_wave)));
    rules->waves[index] =
        (struct rule_wave){add(rules->wave_codes, code, index), training, begins, ends};
    return index;
}

#define COURSE_CODE (2 * EVENT_MAX_KEY + 2)

/* Source and course as one code; false if they are longer than an event's can be. */
static bool course_code(const char *source, const char *course, char out[COURSE_CODE])
{
    int length = snprintf(out, COURSE_CODE, "%s\n%s", source, course);
    return length > 0 && length < COURSE_CODE;
}

void rules_add_course(struct rules *rules, const char *source, const char *course, int training)
{
    char code[COURSE_CODE];
    if (!course_code(source, course, code))
        return; /* no event can name it */
    int index = rules->course_count++;
    rules->course_trainings =
        must_have(realloc(rules->course_trainings, (size_t)rules->course_count * sizeof(int)));
    rules->course_trainings[index] = training;
    add(rules->course_codes, code, index);
}

int rules_find_training(const struct rules *rules, const char *code)
{
    return find(rules->training_codes, code);
}

int rules_find_wave(const struct rules *rules, const char *code)
{
    return find(rules->wave_codes, code);
}

int rules_find_course(const struct rules *rules, const char *source, const char *course)
{
    char code[COURSE_CODE];
    int index = course_code(source, course, code) ? find(rules->course_codes, code) : RULES_NONE;
    return index == RULES_NONE ? RULES_NONE : rules->course_trainings[index];
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
