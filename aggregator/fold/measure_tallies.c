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

static void tally_waves(struct measurer *m, int training, struct contribution *out)
{
    struct person_facts *p = &m->facts;
    person_facts_waves(p, training);
    for (size_t i = 0; i < p->wave_count; i++) {
        int wave = p->waves[i];
        const struct listing *listing = person_facts_latest(p, training, wave, ANY);
        struct outcome outcome = outcome_in(m, training, (struct fact_set){wave, ANY, ANY, ANY});
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
            add_value(m, m->facts.facts[i].fact->course);
}

/* Also the platforms of the training where there is only an account. */
static void find_account_platforms(struct measurer *m, int training)
{
    find_platforms(m, training);
    for (size_t i = 0; i < m->facts.account_count; i++) {
        int platform = m->facts.accounts[i].platform;
        if (platform != RULES_NONE && !m->facts.accounts[i].implied &&
            rules_training_on(m->facts.rules, training, platform))
            add_value(m, platform);
    }
}

static void find_inviters(struct measurer *m, int training)
{
    m->value_count = 0;
    for (size_t i = 0; i < m->facts.listing_count; i++) {
        const struct listing *l = &m->facts.listings[i];
        if (l->training == training && l->fact->identity->invited_by)
            add_value(m, (int)l->fact->identity->invited_by);
    }
}

/* A platform and a course have facts of their own; who is of an audience, or was invited, counts with all of the training. */
static struct fact_set set_of(enum scope scope, int value)
{
    struct fact_set set = every_fact;
    if (scope == SCOPE_PLATFORM)
        set.platform = value;
    else if (scope == SCOPE_COURSE)
        set.course = value;
    return set;
}

static void tally_dimensions(struct measurer *m, int training, const struct listing *listing,
                             struct contribution *out)
{
    static const struct {
        enum scope scope;
        void (*find)(struct measurer *m, int training);
    } dimensions[] = {{SCOPE_PLATFORM, find_account_platforms},
                      {SCOPE_COURSE, find_courses},
                      {SCOPE_AUDIENCE, find_audiences},
                      {SCOPE_INVITER, find_inviters}};
    for (size_t d = 0; d < ARRAY_LEN(dimensions); d++) {
        dimensions[d].find(m, training);
        for (size_t i = 0; i < m->value_count; i++) {
            int value = m->values[i];
            struct outcome outcome = outcome_in(m, training, set_of(dimensions[d].scope, value));
            struct cell cell = {.scope = dimensions[d].scope,
                                .training = training,
                                .wave = RULES_NONE,
                                .value = (uint32_t)value};
            add_cell(&m->facts, out, cell, listing, &outcome);
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
            struct outcome one =
                outcome_in(m, p->trainings[t], (struct fact_set){ANY, year, ANY, ANY});
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
        struct outcome whole = outcome_in(m, training, every_fact);
        struct cell cell = {.scope = SCOPE_TRAINING, .training = training, .wave = RULES_NONE};
        add_cell(p, out, cell, listing, &whole);
        tally_waves(m, training, out);
        tally_dimensions(m, training, listing, out);
        unite(&united, &whole);
    }
    if (p->training_count == 0 && p->account_count == 0)
        return;
    struct cell cell = {.scope = SCOPE_ALL, .training = RULES_NONE, .wave = RULES_NONE};
    add_cell(p, out, cell, person_facts_latest(p, ANY, ANY, ANY), &united);
    tally_years(m, out);
}
