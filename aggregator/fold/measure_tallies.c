/* The cells of the tallies that a person is counted in. */
#include "../../common/allocate.h"
#include "measure.h"

static uint32_t account_measures(const struct person_facts *p, int platform)
{
    uint32_t measures = 0;
    for (size_t i = 0; i < p->account_count; i++)
        if (platform == ANY || p->accounts[i].platform == platform)
            measures |= BIT(ACCOUNTS) | (p->accounts[i].activated ? BIT(ACTIVATED) : 0U);
    return measures;
}

/* Who is listed counts in that unit, who is not in the row of its own. */
static void add_cell(const struct person_facts *p, struct contribution *out, struct cell cell,
                     const struct listing *listing, const struct outcome *outcome)
{
    int platform = cell.scope == SCOPE_PLATFORM ? (int)cell.value : ANY;
    cell.unit = unit_of(listing);
    *CONTRIBUTE(out, cells) =
        (struct contributed_cell){cell,
                                  outcome->measures | account_measures(p, platform) |
                                      (listing ? BIT(REGISTERED) : BIT(NOT_REGISTERED)),
                                  outcome->attempts, outcome->attempts_passed, outcome->score};
}

/* A measure holds if it holds in any training; attempts add up; the best score counts. */
static void unite(struct outcome *all, const struct outcome *one)
{
    if ((one->measures & BIT(SCORED)) && (!(all->measures & BIT(SCORED)) || one->score > all->score))
        all->score = one->score;
    all->measures |= one->measures;
    all->attempts += one->attempts;
    all->attempts_passed += one->attempts_passed;
}

static struct outcome in_set(struct measurer *m, int training, struct fact_set set)
{
    return outcome_of(&m->facts, training, &set, &m->scratch);
}

static void tally_waves(struct measurer *m, int training, struct contribution *out)
{
    struct person_facts *p = &m->facts;
    person_facts_waves(p, training);
    for (size_t i = 0; i < p->wave_count; i++) {
        int wave = p->waves[i];
        const struct listing *listing = person_facts_latest(p, training, wave, ANY);
        struct outcome outcome = in_set(m, training, (struct fact_set){wave, ANY, ANY, ANY});
        struct cell cell = {.scope = SCOPE_WAVE,
                            .training = training,
                            .wave = wave,
                            .study_group = listing->fact->identity->study_group};
        add_cell(p, out, cell, listing, &outcome);
    }
}

static void find_courses(struct measurer *m, int training)
{
    size_t begin, end;
    m->value_count = 0;
    person_facts_range(&m->facts, training, &begin, &end);
    for (size_t i = begin; i < end; i++)
        if (m->facts.facts[i].fact->course != RULES_NONE)
            add_distinct(&m->values, &m->value_count, &m->value_capacity,
                         m->facts.facts[i].fact->course);
}

/* Also the platforms of the training where there is only an account. */
static void find_account_platforms(struct measurer *m, int training)
{
    find_platforms(m, training);
    for (size_t i = 0; i < m->facts.account_count; i++) {
        int platform = m->facts.accounts[i].platform;
        if (platform != RULES_NONE && !m->facts.accounts[i].implied &&
            rules_training_on(m->facts.rules, training, platform))
            add_distinct(&m->values, &m->value_count, &m->value_capacity, platform);
    }
}

static void tally_dimensions(struct measurer *m, int training, const struct listing *listing,
                             const struct outcome *whole, struct contribution *out)
{
    struct cell cell = {.training = training, .wave = RULES_NONE};
    find_account_platforms(m, training);
    for (size_t i = 0; i < m->value_count; i++) {
        struct outcome outcome = in_set(m, training, (struct fact_set){ANY, ANY, m->values[i], ANY});
        cell.scope = SCOPE_PLATFORM;
        cell.value = (uint32_t)m->values[i];
        add_cell(&m->facts, out, cell, listing, &outcome);
    }
    find_courses(m, training);
    for (size_t i = 0; i < m->value_count; i++) {
        struct outcome outcome = in_set(m, training, (struct fact_set){ANY, ANY, ANY, m->values[i]});
        cell.scope = SCOPE_COURSE;
        cell.value = (uint32_t)m->values[i];
        add_cell(&m->facts, out, cell, listing, &outcome);
    }
    for (int pass = 0; pass < 2; pass++) {
        cell.scope = pass ? SCOPE_INVITER : SCOPE_AUDIENCE;
        if (pass)
            find_inviters(m, training);
        else
            find_audiences(m, training);
        for (size_t i = 0; i < m->value_count; i++) {
            cell.value = (uint32_t)m->values[i];
            add_cell(&m->facts, out, cell, listing, whole);
        }
    }
}

static void tally_years(struct measurer *m, struct contribution *out)
{
    const struct person_facts *p = &m->facts;
    for (size_t i = 0; i < p->year_count; i++) {
        int year = p->years[i];
        struct outcome united = {0};
        for (size_t t = 0; t < p->training_count; t++) {
            struct outcome one = in_set(m, p->trainings[t], (struct fact_set){ANY, year, ANY, ANY});
            unite(&united, &one);
        }
        if (year == p->first_year)
            united.measures |= BIT(FIRST_TIME);
        struct cell cell = {
            .scope = SCOPE_YEAR, .training = RULES_NONE, .wave = RULES_NONE, .year = year};
        add_cell(p, out, cell, person_facts_latest(p, ANY, ANY, year), &united);
    }
}

void measure_tallies(struct measurer *m, struct contribution *out)
{
    const struct person_facts *p = &m->facts;
    struct outcome united = {0};
    for (size_t t = 0; t < p->training_count; t++) {
        int training = p->trainings[t];
        const struct listing *listing = person_facts_latest(p, training, ANY, ANY);
        struct outcome whole = outcome_of(p, training, &every_fact, &m->scratch);
        struct cell cell = {.scope = SCOPE_TRAINING, .training = training, .wave = RULES_NONE};
        add_cell(p, out, cell, listing, &whole);
        tally_waves(m, training, out);
        tally_dimensions(m, training, listing, &whole, out);
        unite(&united, &whole);
    }
    if (p->training_count == 0 && p->account_count == 0)
        return;
    struct cell cell = {.scope = SCOPE_ALL, .training = RULES_NONE, .wave = RULES_NONE};
    add_cell(p, out, cell, person_facts_latest(p, ANY, ANY, ANY), &united);
    tally_years(m, out);
}
