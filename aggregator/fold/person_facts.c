#include "person_facts.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

void person_facts_release(struct person_facts *p)
{
    free(p->listings);
    free(p->facts);
    free(p->accounts);
    free(p->trainings);
    free(p->years);
    free(p->waves);
    memset(p, 0, sizeof(*p));
}

void add_distinct(int **values, size_t *count, size_t *capacity, int value)
{
    for (size_t i = 0; i < *count; i++)
        if ((*values)[i] == value)
            return;
    *values = array_room(*values, *count, capacity, sizeof(**values));
    (*values)[(*count)++] = value;
}

/* Gathering -------------------------------------------------------------------------------------------------------------- */

/* What one subject is as an account. */
struct subject_view {
    bool has_account_fact, has_course_fact;
    int64_t name;
    uint32_t source;
    int platform;
    int32_t first_day; /* of its course facts */
};

static void add_account(struct person_facts *p, struct account account)
{
    p->accounts =
        array_room(p->accounts, p->account_count, &p->account_capacity, sizeof(*p->accounts));
    p->accounts[p->account_count++] = account;
}

static void take_account(struct person_facts *p, const struct fact *fact, struct subject_view *view)
{
    view->has_account_fact = true;
    if (!view->name)
        view->name = fact->identity->name;
    if (!view->source)
        view->source = fact->identity->source;
    if (fact->flags & FACT_IN_FORCE)
        add_account(p, (struct account){fact->identity->platform, fact->day,
                                        (fact->flags & FACT_ACTIVATED) != 0, false});
}

static void take_in_training(struct person_facts *p, const struct fact *fact, int training,
                             struct subject_view *view)
{
    int platform = RULES_NONE;
    if (fact->kind != FACT_ATTENDANCE) {
        platform = rules_course(p->rules, fact->course)->platform;
        view->has_course_fact = true;
        view->platform = platform;
        if (fact->day < view->first_day)
            view->first_day = fact->day;
    }
    p->facts = array_room(p->facts, p->fact_count, &p->fact_capacity, sizeof(*p->facts));
    p->facts[p->fact_count++] =
        (struct course_fact){fact, training, RULES_NONE, 0, platform, RULES_NONE, false};
}

static void take_dossier(struct person_facts *p, const struct subject *subject,
                         const struct dossier *dossier, struct subject_view *view)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct fact *fact = &dossier->facts[i];
        bool in_force = fact->flags & FACT_IN_FORCE;
        if (fact->kind == FACT_ACCOUNT) {
            take_account(p, fact, view);
        } else if (fact->kind == FACT_LISTING && in_force && fact->identity->wave != RULES_NONE) {
            p->listings = array_room(p->listings, p->listing_count, &p->listing_capacity,
                                     sizeof(*p->listings));
            p->listings[p->listing_count++] =
                (struct listing){fact, subject, dossier->training, fact->identity->wave, 0};
        } else if (fact_in_training(fact) && in_force) {
            take_in_training(p, fact, dossier->training, view);
        }
    }
}

static void take_subject(struct person_facts *p, const struct subject *subject)
{
    struct subject_view view = {.platform = RULES_NONE, .first_day = INT32_MAX};
    for (const struct dossier *d = subject->dossiers; d; d = d->next)
        take_dossier(p, subject, d, &view);
    if (!view.has_account_fact && !view.has_course_fact)
        return;
    if (!p->account || key128_compare(subject->key, p->account->key) < 0) {
        p->account = subject;
        p->account_name = view.name;
        p->account_source = view.source;
    }
    /* Facts of a course are the facts of somebody's account, also where accounts are not listed. */
    if (!view.has_account_fact)
        add_account(p, (struct account){view.platform, view.first_day, false, true});
}

/* Waves, years, rules ---------------------------------------------------------------------------------------------------- */

static int year_of(const struct rules *rules, int wave, int32_t day)
{
    int year, month, day_of_month;
    if (wave != RULES_NONE && rules_wave(rules, wave)->begins != INT32_MIN)
        day = rules_wave(rules, wave)->begins;
    clock_civil_from_day(day, &year, &month, &day_of_month);
    return year;
}

void person_facts_waves(struct person_facts *p, int training)
{
    p->wave_count = 0;
    for (size_t i = 0; i < p->listing_count; i++)
        if (p->listings[i].training == training)
            add_distinct(&p->waves, &p->wave_count, &p->wave_capacity, p->listings[i].wave);
}

static int wave_of(const struct person_facts *p, const struct fact *fact)
{
    if (fact->kind == FACT_ATTENDANCE)
        for (size_t i = 0; i < p->wave_count; i++)
            if (p->waves[i] == fact->identity->wave)
                return p->waves[i];
    return rules_wave_of_day(p->rules, p->waves, p->wave_count, fact->day);
}

static void judge(struct person_facts *p, struct course_fact *f)
{
    const struct rule_training *training = rules_training(p->rules, f->training);
    f->rule = rules_pass_rule(training, f->wave, f->fact->day);
    if (f->rule == RULES_NONE)
        return;
    const struct pass_rule *rule = &training->rules[f->rule];
    f->ok = rule->by_platform ? (f->fact->flags & FACT_PASSED) != 0
                              : (f->fact->flags & FACT_SAT) != 0 &&
                                    f->fact->value >= rule->min_score - SHARE_SLACK;
}

static void place(struct person_facts *p)
{
    int training = RULES_NONE;
    for (size_t i = 0; i < p->listing_count; i++) {
        struct listing *l = &p->listings[i];
        l->year = year_of(p->rules, l->wave, l->fact->day);
        add_distinct(&p->years, &p->year_count, &p->year_capacity, l->year);
        add_distinct(&p->trainings, &p->training_count, &p->training_capacity, l->training);
    }
    for (size_t i = 0; i < p->fact_count; i++) {
        struct course_fact *f = &p->facts[i];
        if (i == 0 || f->training != training) {
            training = f->training;
            person_facts_waves(p, training);
            add_distinct(&p->trainings, &p->training_count, &p->training_capacity, training);
        }
        f->wave = wave_of(p, f->fact);
        f->year = year_of(p->rules, f->wave, f->fact->day);
        add_distinct(&p->years, &p->year_count, &p->year_capacity, f->year);
        if (f->fact->kind == FACT_EXAM)
            judge(p, f);
    }
    p->first_year = INT32_MAX;
    for (size_t i = 0; i < p->year_count; i++)
        if (p->years[i] < p->first_year)
            p->first_year = p->years[i];
}

/* Order ------------------------------------------------------------------------------------------------------------------ */

static int compare_facts(const void *a, const void *b)
{
    const struct course_fact *x = a, *y = b;
    if (x->training != y->training)
        return x->training < y->training ? -1 : 1;
    if (x->fact->time != y->fact->time)
        return x->fact->time < y->fact->time ? -1 : 1;
    /* Lists of results have days: several attempts of one have one time. */
    if (x->fact->attempt != y->fact->attempt)
        return x->fact->attempt < y->fact->attempt ? -1 : 1;
    return (x->fact->entity > y->fact->entity) - (x->fact->entity < y->fact->entity);
}

#define FEW 24

/* Mostly a handful, for which qsort is slow. */
static void sort_facts(struct course_fact *facts, size_t count)
{
    if (count > FEW) {
        qsort(facts, count, sizeof(*facts), compare_facts);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct course_fact moving = facts[i];
        size_t at = i;
        for (; at > 0 && compare_facts(&facts[at - 1], &moving) > 0; at--)
            facts[at] = facts[at - 1];
        facts[at] = moving;
    }
}

int compare_numbers(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

void person_facts_gather(struct person_facts *p, const struct person *person)
{
    p->listing_count = p->fact_count = p->account_count = 0;
    p->training_count = p->year_count = p->wave_count = 0;
    p->account = NULL;
    p->account_name = 0;
    p->account_source = 0;
    for (const struct subject *s = person->first; s; s = s->next)
        take_subject(p, s);
    sort_facts(p->facts, p->fact_count);
    place(p);
    if (p->training_count > 1)
        qsort(p->trainings, p->training_count, sizeof(int), compare_numbers);
    if (p->year_count > 1)
        qsort(p->years, p->year_count, sizeof(int), compare_numbers);
}

void person_facts_range(const struct person_facts *p, int training, size_t *begin, size_t *end)
{
    *begin = 0;
    while (*begin < p->fact_count && p->facts[*begin].training != training)
        ++*begin;
    *end = *begin;
    while (*end < p->fact_count && p->facts[*end].training == training)
        ++*end;
}

/* Of lists that came in at one time the one that was taken in later: revisions are the µs of that. */
static bool listing_later(const struct fact *a, const struct fact *b)
{
    if (a->time != b->time)
        return a->time > b->time;
    return a->revision != b->revision ? a->revision > b->revision : a->entity > b->entity;
}

const struct listing *person_facts_latest(const struct person_facts *p, int training, int wave,
                                          int year)
{
    const struct listing *best = NULL;
    for (size_t i = 0; i < p->listing_count; i++) {
        const struct listing *l = &p->listings[i];
        if ((training == ANY || l->training == training) && (wave == ANY || l->wave == wave) &&
            (year == ANY || l->year == year) && (!best || listing_later(l->fact, best->fact)))
            best = l;
    }
    return best;
}
