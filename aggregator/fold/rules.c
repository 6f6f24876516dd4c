#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/arena.h"
#include "../../common/event.h"
#include "strings.h"

/* Codes stand in tables whose number 0 is the empty text: the first code has number 1 and index 0. */
struct rules {
    struct strings *training_codes, *wave_codes, *course_codes, *platform_codes;
    struct rule_training *trainings;
    struct rule_wave *waves;
    struct rule_course *courses;
    int training_count, wave_count, course_count, platform_count;
    struct arena memory;
};

struct rules *rules_new(void)
{
    struct rules *rules = must_have(calloc(1, sizeof(struct rules)));
    rules->training_codes = strings_new();
    rules->wave_codes = strings_new();
    rules->course_codes = strings_new();
    rules->platform_codes = strings_new();
    return rules;
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    strings_free(rules->training_codes);
    strings_free(rules->wave_codes);
    strings_free(rules->course_codes);
    strings_free(rules->platform_codes);
    for (int i = 0; i < rules->training_count; i++)
        free((struct pass_rule *)(uintptr_t)rules->trainings[i].rules);
    free(rules->trainings);
    free(rules->waves);
    free(rules->courses);
    arena_free(&rules->memory);
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

int rules_add_training(struct rules *rules, const struct rule_training *training)
{
    int index = rules->training_count++;
    rules->trainings = must_have(
        realloc(rules->trainings, (size_t)rules->training_count * sizeof(struct rule_training)));
    struct rule_training *added = &rules->trainings[index];
    *added = *training;
    added->code = add(rules->training_codes, training->code, index);
    added->rules = NULL;
    added->rule_count = 0;
    return index;
}

void rules_add_pass_rule(struct rules *rules, int training, const struct pass_rule *rule)
{
    struct rule_training *t = &rules->trainings[training];
    size_t bytes = (t->rule_count + 1) * sizeof(struct pass_rule);
    struct pass_rule *all = must_have(realloc((struct pass_rule *)(uintptr_t)t->rules, bytes));
    struct pass_rule *added = &all[t->rule_count++];
    *added = *rule;
    if (rule->wave_count) {
        int *waves = arena_allocate(&rules->memory, rule->wave_count * sizeof(int));
        memcpy(waves, rule->waves, rule->wave_count * sizeof(int));
        added->waves = waves;
    }
    t->rules = all;
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
    size_t first = strlen(source), second = strlen(course);
    if (first + second + 2 > COURSE_CODE)
        return false;
    memcpy(out, source, first);
    out[first] = '\n';
    memcpy(out + first + 1, course, second + 1);
    return true;
}

int rules_add_course(struct rules *rules, const char *source, const char *course, int training)
{
    char code[COURSE_CODE];
    if (!course_code(source, course, code))
        return RULES_NONE; /* no event can name it */
    int index = rules->course_count++;
    rules->courses =
        must_have(realloc(rules->courses, (size_t)rules->course_count * sizeof(struct rule_course)));
    add(rules->course_codes, code, index);
    int platform = rules_find_platform(rules, source);
    if (platform == RULES_NONE) {
        platform = rules->platform_count++;
        add(rules->platform_codes, source, platform);
    }
    code[strlen(source)] = ' ';
    rules->courses[index] = (struct rule_course){rules_platform(rules, platform),
                                                 arena_text(&rules->memory, course),
                                                 arena_text(&rules->memory, code),
                                                 training,
                                                 platform,
                                                 false};
    return index;
}

void rules_hide_learning(struct rules *rules, int course)
{
    rules->courses[course].learning_hidden = true;
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
    return course_code(source, course, code) ? find(rules->course_codes, code) : RULES_NONE;
}

int rules_find_platform(const struct rules *rules, const char *source)
{
    return find(rules->platform_codes, source);
}

const struct rule_training *rules_training(const struct rules *rules, int index)
{
    return &rules->trainings[index];
}

const struct rule_wave *rules_wave(const struct rules *rules, int index)
{
    return &rules->waves[index];
}

const struct rule_course *rules_course(const struct rules *rules, int index)
{
    return &rules->courses[index];
}

const char *rules_platform(const struct rules *rules, int index)
{
    return strings_text(rules->platform_codes, (uint32_t)index + 1);
}

bool rules_training_on(const struct rules *rules, int training, int platform)
{
    for (int i = 0; i < rules->course_count; i++)
        if (rules->courses[i].training == training && rules->courses[i].platform == platform)
            return true;
    return false;
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

static bool judges(const struct pass_rule *rule, int wave, int32_t day)
{
    if (day < rule->from || day > rule->to)
        return false;
    if (rule->any_wave)
        return true;
    for (size_t i = 0; i < rule->wave_count; i++)
        if (rule->waves[i] == wave)
            return true;
    return false;
}

int rules_pass_rule(const struct rule_training *training, int wave, int32_t day)
{
    for (size_t i = 0; i < training->rule_count; i++)
        if (judges(&training->rules[i], wave, day))
            return (int)i;
    return RULES_NONE;
}
