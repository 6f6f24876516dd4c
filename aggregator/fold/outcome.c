#include "outcome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

const struct fact_set every_fact = {ANY, ANY, ANY, ANY};

/* The attempts that one rule judges, in their order; the days are those of the first one, of the first that is ok, and of the first since
 * which all are. */
struct rule_state {
    bool any, any_ok, first_ok, last_ok;
    int32_t first_on, ok_on, ok_since;
    bool progressed;       /* as far as the rule asks, */
    int32_t progressed_on; /* on which day first */
};

void outcome_scratch_release(struct outcome_scratch *scratch)
{
    free(scratch->rules);
    free(scratch->days);
    memset(scratch, 0, sizeof(*scratch));
}

bool fact_set_has(const struct fact_set *set, const struct course_fact *fact)
{
    return (set->wave == ANY || set->wave == fact->wave) &&
           (set->year == ANY || set->year == fact->year) &&
           (set->platform == ANY || set->platform == fact->platform) &&
           (set->course == ANY || set->course == fact->fact->course);
}

static void earliest(int32_t *day, int32_t candidate)
{
    if (candidate < *day)
        *day = candidate;
}

static void take_judged(struct rule_state *state, bool ok, int32_t day)
{
    if (!state->any) {
        state->first_ok = ok;
        state->first_on = day;
    }
    if (ok && !state->any_ok)
        state->ok_on = day;
    if (ok && !state->last_ok)
        state->ok_since = day;
    state->any = true;
    state->any_ok |= ok;
    state->last_ok = ok;
}

static void take_attempt(const struct course_fact *f, struct outcome *out,
                         struct outcome_scratch *scratch)
{
    if (!(f->fact->flags & FACT_SAT))
        return;
    out->measures |= BIT(SAT) | BIT(PARTICIPATED);
    if (out->attempts++ == 0 && f->ok)
        out->measures |= BIT(PASSED_FIRST);
    out->attempts_passed += f->ok;
    if (f->fact->flags & FACT_SCORED) {
        /* Scores beyond their maximum, or far below zero, are somebody's typing: they stay what they are within what a sum holds. */
        double score = nearbyint(f->fact->value * SCORE_SCALE);
        int32_t held = score > 1e8 ? 100000000 : score < -1e8 ? -100000000 : (int32_t)score;
        if (!(out->measures & BIT(SCORED)) || held > out->score)
            out->score = held;
        out->measures |= BIT(SCORED);
    }
    if (f->rule == RULES_NONE)
        return;
    take_judged(&scratch->rules[f->rule], f->ok, f->fact->day);
}

/* A negative share is asked of nobody. */
static bool did_as_much(const struct fact *fact, double share)
{
    return share >= 0 && fact->value >= share - SHARE_SLACK;
}

static void note_progress(const struct rule_training *training, const struct fact *fact,
                          struct outcome_scratch *scratch)
{
    for (size_t i = 0; i < training->rule_count; i++) {
        struct rule_state *state = &scratch->rules[i];
        if (!did_as_much(fact, training->rules[i].min_progress))
            continue;
        if (!state->progressed || fact->day < state->progressed_on)
            state->progressed_on = fact->day;
        state->progressed = true;
    }
}

static void take_fact(const struct rule_training *rule, const struct course_fact *f,
                      struct outcome *out, struct outcome_scratch *scratch)
{
    int32_t day = f->fact->day;
    switch (f->fact->kind) {
    case FACT_ENROLLMENT:
        out->measures |= BIT(ENROLLED);
        earliest(&out->enrolled_on, day);
        break;
    case FACT_PROGRESS:
        out->measures |= BIT(PARTICIPATED);
        if (f->fact->value > out->progress)
            out->progress = f->fact->value;
        if (did_as_much(f->fact, rule->completion_min_progress))
            earliest(&out->completed_on, day);
        note_progress(rule, f->fact, scratch);
        break;
    case FACT_ATTENDANCE:
        out->measures |= BIT(PARTICIPATED);
        add_distinct(&scratch->days, &scratch->day_count, &scratch->day_capacity, day);
        break;
    case FACT_EXAM:
        take_attempt(f, out, scratch);
        break;
    case FACT_CERTIFICATE:
        out->measures |= BIT(CERTIFIED);
        earliest(&scratch->certified_on, day);
        if (rule->completion_by_certificate)
            earliest(&out->completed_on, day);
        break;
    default:
        break;
    }
    if (f->platform != RULES_NONE)
        earliest(&out->first_on, day);
}

static bool rule_holds(const struct pass_rule *rule, const struct rule_state *state,
                       const struct outcome *out)
{
    bool ok = rule->attempt == ATTEMPT_BEST   ? state->any_ok
              : rule->attempt == ATTEMPT_LAST ? state->last_ok
                                              : state->first_ok;
    return ok && (rule->min_progress < 0 || state->progressed) &&
           (!rule->certificate || (out->measures & BIT(CERTIFIED)));
}

/* Since when the attempts that count have passed, without a break. */
static int32_t attempts_held_on(const struct pass_rule *rule, const struct rule_state *state)
{
    return rule->attempt == ATTEMPT_BEST   ? state->ok_on
           : rule->attempt == ATTEMPT_LAST ? state->ok_since
                                           : state->first_on;
}

/* Of a rule that holds: the day on which the last of what it asks for was there. */
static int32_t held_on(const struct pass_rule *rule, const struct rule_state *state,
                       const struct outcome_scratch *scratch)
{
    int32_t day = attempts_held_on(rule, state);
    if (rule->min_progress >= 0 && state->progressed_on > day)
        day = state->progressed_on;
    if (rule->certificate && scratch->certified_on > day)
        day = scratch->certified_on;
    return day;
}

static void conclude(const struct rule_training *training, struct outcome *out,
                     struct outcome_scratch *scratch)
{
    for (size_t i = 0; i < training->rule_count; i++) {
        const struct pass_rule *rule = &training->rules[i];
        if (!rule_holds(rule, &scratch->rules[i], out))
            continue;
        out->measures |= BIT(PASSED);
        earliest(&out->passed_on, scratch->rules[i].ok_on);
        if (training->completion_by_passed)
            earliest(&out->completed_on, held_on(rule, &scratch->rules[i], scratch));
    }
    if ((out->measures & BIT(SAT)) && !(out->measures & BIT(PASSED)))
        out->measures |= BIT(FAILED);
    size_t needed = (size_t)training->completion_min_attendance;
    if (needed && scratch->day_count >= needed) {
        qsort(scratch->days, scratch->day_count, sizeof(int), compare_numbers);
        earliest(&out->completed_on, scratch->days[needed - 1]);
    }
    if (out->completed_on != NEVER)
        out->measures |= BIT(COMPLETED);
}

struct outcome outcome_of(const struct person_facts *facts, int training,
                          const struct fact_set *set, struct outcome_scratch *scratch)
{
    const struct rule_training *rule = rules_training(facts->rules, training);
    struct outcome out = {.progress = -1,
                          .enrolled_on = NEVER,
                          .completed_on = NEVER,
                          .passed_on = NEVER,
                          .first_on = NEVER};
    size_t begin, end;
    while (scratch->rule_capacity < rule->rule_count)
        scratch->rules = array_room(scratch->rules, scratch->rule_capacity, &scratch->rule_capacity,
                                    sizeof(*scratch->rules));
    if (rule->rule_count)
        memset(scratch->rules, 0, rule->rule_count * sizeof(*scratch->rules));
    scratch->day_count = 0;
    scratch->certified_on = NEVER;
    person_facts_range(facts, training, &begin, &end);
    for (size_t i = begin; i < end; i++)
        if (fact_set_has(set, &facts->facts[i]))
            take_fact(rule, &facts->facts[i], &out, scratch);
    conclude(rule, &out, scratch);
    return out;
}
