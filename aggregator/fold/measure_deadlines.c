/* Deadlines: where a listed person stands, by days only; due days and what is late are the views' to say. */
#include "../../common/allocate.h"
#include "measure.h"

/* The earliest day of an account: on a platform of the training first, else any. */
static int32_t account_day(const struct person_facts *p, int training)
{
    int32_t here = NEVER, anywhere = NEVER;
    for (size_t i = 0; i < p->account_count; i++) {
        const struct account *a = &p->accounts[i];
        if (a->day < anywhere)
            anywhere = a->day;
        if (a->platform != RULES_NONE && rules_training_on(p->rules, training, a->platform) &&
            a->day < here)
            here = a->day;
    }
    return here != NEVER ? here : anywhere;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Day 0 is the later of account issue, enrolment and the wave's begin; a wave without a begin says nothing. */
static int32_t day_0(struct measurer *m, int training, int wave, const struct outcome *outcome)
{
    int32_t day = account_day(&m->facts, training);
    if (day == NEVER)
        day = outcome_in(m, training, every_fact).first_on;
    if (day == NEVER)
        return NEVER;
    if (outcome->enrolled_on != NEVER)
        day = later(day, outcome->enrolled_on);
    return later(day, rules_wave(m->facts.rules, wave)->begins);
}

static void count_waves(struct measurer *m, int training, struct contribution *out)
{
    const struct rule_training *rule = rules_training(m->facts.rules, training);
    person_facts_waves(&m->facts, training);
    for (size_t i = 0; i < m->facts.wave_count; i++) {
        int wave = m->facts.waves[i];
        struct outcome outcome = outcome_in(m, training, (struct fact_set){wave, ANY, ANY, ANY});
        bool completed = outcome.completed_on != NEVER;
        bool begun = outcome.progress > 0 && !completed;
        int lectures = begun ? (int)(outcome.progress * rule->lectures + SHARE_SLACK) : 0;
        *CONTRIBUTE(out, deadlines) =
            (struct deadline){training,
                              wave,
                              unit_of(person_facts_latest(&m->facts, training, wave, ANY)),
                              day_0(m, training, wave, &outcome),
                              outcome.completed_on,
                              lectures};
    }
}

void measure_deadlines(struct measurer *m, struct contribution *out)
{
    for (size_t t = 0; t < m->facts.training_count; t++)
        if (rules_training(m->facts.rules, m->facts.trainings[t])->deadline_working_days)
            count_waves(m, m->facts.trainings[t], out);
}
