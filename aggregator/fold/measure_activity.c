/* The days on which a person was active, for windows of 1, 7 and 30 days; and the five minutes in which facts were seen. */
#include <stdlib.h>

#include "../../common/allocate.h"
#include "measure.h"

#define FIVE_MINUTES_US (5LL * 60 * 1000000)

static int compare_days(const void *a, const void *b)
{
    const struct active_day *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static void add_days(const struct person_facts *p, int training, const struct fact_set *set,
                     struct contribution *out)
{
    for (size_t i = 0; i < p->fact_count; i++) {
        const struct course_fact *f = &p->facts[i];
        if ((training != ANY && f->training != training) || !fact_set_has(set, f))
            continue;
        bool attempt = f->fact->kind == FACT_EXAM && (f->fact->flags & FACT_SAT);
        if (attempt || f->fact->kind == FACT_PROGRESS || f->fact->kind == FACT_ATTENDANCE)
            *CONTRIBUTE(out, days) = (struct active_day){f->fact->day, attempt, attempt && f->ok};
    }
}

/* One entry per day, ascending, from `first` on. */
static void merge_days(struct contribution *out, size_t first)
{
    size_t count = out->days_count - first, kept = first;
    struct active_day *days = out->days;
    if (count < 2)
        return;
    qsort(days + first, count, sizeof(*days), compare_days);
    for (size_t i = first + 1; i < first + count; i++) {
        if (days[i].day == days[kept].day) {
            days[kept].exams_sat += days[i].exams_sat;
            days[kept].exams_passed += days[i].exams_passed;
        } else {
            days[++kept] = days[i];
        }
    }
    out->days_count = kept + 1;
}

static void add_activity(struct contribution *out, struct activity_key key, size_t first,
                         const struct outcome *outcome)
{
    if (out->days_count == first)
        return;
    *CONTRIBUTE(out, activities) = (struct contributed_activity){
        key, outcome->measures & BIT(PASSED) ? outcome->passed_on : NEVER, first,
        out->days_count - first};
}

static void count_set(struct measurer *m, struct activity_key key, struct fact_set set,
                      struct contribution *out)
{
    size_t first = out->days_count;
    add_days(&m->facts, key.training, &set, out);
    if (out->days_count == first)
        return;
    merge_days(out, first);
    struct outcome outcome = outcome_in(m, key.training, set);
    add_activity(out, key, first, &outcome);
}

static void count_training(struct measurer *m, int training, struct contribution *out)
{
    struct person_facts *p = &m->facts;
    struct activity_key key = {SCOPE_TRAINING, training, RULES_NONE, 0,
                               unit_of(person_facts_latest(p, training, ANY, ANY))};
    size_t before = out->activities_count;
    count_set(m, key, every_fact, out);
    if (out->activities_count == before)
        return;
    struct contributed_activity whole = out->activities[before];
    find_audiences(m, training);
    for (size_t i = 0; i < m->value_count; i++) {
        struct contributed_activity *shared = CONTRIBUTE(out, activities);
        *shared = whole; /* the same days */
        shared->key =
            (struct activity_key){SCOPE_AUDIENCE, training, RULES_NONE, (uint32_t)m->values[i], 0};
    }
    find_platforms(m, training);
    for (size_t i = 0; i < m->value_count; i++) {
        struct activity_key platform = {SCOPE_PLATFORM, training, RULES_NONE,
                                        (uint32_t)m->values[i], 0};
        count_set(m, platform, (struct fact_set){ANY, ANY, m->values[i], ANY}, out);
    }
    person_facts_waves(p, training);
    for (size_t i = 0; i < p->wave_count; i++) {
        int wave = p->waves[i];
        struct activity_key of_wave = {SCOPE_WAVE, training, wave, 0,
                                       unit_of(person_facts_latest(p, training, wave, ANY))};
        count_set(m, of_wave, (struct fact_set){wave, ANY, ANY, ANY}, out);
    }
}

/* Passed if it holds in any training; on the day of the earliest attempt that is ok, of those trainings. */
static void count_all(struct measurer *m, struct contribution *out)
{
    const struct person_facts *p = &m->facts;
    struct activity_key key = {SCOPE_ALL, RULES_NONE, RULES_NONE, 0,
                               unit_of(person_facts_latest(p, ANY, ANY, ANY))};
    struct outcome united = {.passed_on = NEVER};
    size_t first = out->days_count;
    for (size_t t = 0; t < p->training_count; t++) {
        struct outcome one = outcome_in(m, p->trainings[t], every_fact);
        united.measures |= one.measures;
        if ((one.measures & BIT(PASSED)) && one.passed_on < united.passed_on)
            united.passed_on = one.passed_on;
    }
    add_days(p, ANY, &every_fact, out);
    merge_days(out, first);
    add_activity(out, key, first, &united);
}

void measure_activity(struct measurer *m, struct contribution *out)
{
    for (size_t t = 0; t < m->facts.training_count; t++)
        count_training(m, m->facts.trainings[t], out);
    count_all(m, out);
}

static struct contributed_moment *moment_of(struct contribution *out, const struct moment *moment)
{
    for (size_t i = 0; i < out->moments_count; i++) {
        const struct moment *held = &out->moments[i].moment;
        if (held->began_at == moment->began_at && held->training == moment->training &&
            held->wave == moment->wave)
            return &out->moments[i];
    }
    struct contributed_moment *fresh = CONTRIBUTE(out, moments);
    *fresh = (struct contributed_moment){*moment, 0, 0, 0};
    return fresh;
}

void measure_moments(const struct measurer *m, struct contribution *out)
{
    for (size_t i = 0; i < m->facts.fact_count; i++) {
        const struct course_fact *f = &m->facts.facts[i];
        if (!fact_of_its_day(f->fact))
            continue;
        int64_t past = (f->fact->time % FIVE_MINUTES_US + FIVE_MINUTES_US) % FIVE_MINUTES_US;
        struct moment moment = {f->training, f->wave, f->fact->time - past};
        struct contributed_moment *at = moment_of(out, &moment);
        at->facts++;
        if (f->fact->kind == FACT_EXAM && (f->fact->flags & FACT_SAT)) {
            at->exams_sat++;
            at->exams_passed += f->ok;
        }
    }
}
