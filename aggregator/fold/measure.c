#include "measure.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/allocate.h"

const char *const scope_names[4] = {"wave", "training", "all", "year"};

struct listing {
    const struct fact *fact;
    const struct subject *subject;
    int training, wave;
};

struct course_fact {
    const struct fact *fact;
    int training, wave, year;
};

/* A person's facts, gathered. */
struct measurer {
    const struct rules *rules;
    struct listing *listings;
    struct course_fact *facts;
    int *waves, *years; /* distinct ones */
    size_t listing_count, listing_capacity, fact_count, fact_capacity;
    size_t wave_count, wave_capacity, year_count, year_capacity;
    bool has_account, activated;
    const struct subject *account; /* least account subject, for issues */
    int64_t account_name;
    uint32_t account_source;
};

struct measurer *measurer_new(const struct rules *rules)
{
    struct measurer *m = calloc(1, sizeof(*m));
    if (!m)
        abort();
    m->rules = rules;
    return m;
}

void measurer_free(struct measurer *m)
{
    if (!m)
        return;
    free(m->listings);
    free(m->facts);
    free(m->waves);
    free(m->years);
    free(m);
}

void contribution_release(struct contribution *c)
{
    free(c->cells);
    free(c->issues);
    memset(c, 0, sizeof(*c));
}

const char *issue_name(unsigned kind)
{
    static const char *const names[] = {"identifier_shared", "listed_in_two_units", "no_account",
                                        "account_not_on_roster", "passed_without_learning"};
    return kind < FAULT_COUNT ? fault_names[kind] : names[kind - FAULT_COUNT];
}

/* Gathering -------------------------------------------------------------------------------------------------------------- */

struct subject_view {
    bool has_account_fact, in_force, activated, has_course_fact;
    int64_t name;
    uint32_t source;
};

static void gather_dossier(struct measurer *m, const struct subject *subject,
                           const struct dossier *dossier, struct subject_view *view)
{
    for (size_t i = 0; i < dossier->count; i++) {
        const struct fact *fact = &dossier->facts[i];
        bool in_force = fact->flags & FACT_IN_FORCE;
        if (fact->kind == FACT_ACCOUNT) {
            view->has_account_fact = true;
            view->in_force |= in_force;
            view->activated |= in_force && (fact->flags & FACT_ACTIVATED);
            if (!view->name)
                view->name = fact->identity->name;
            if (!view->source)
                view->source = fact->identity->source;
        } else if (fact->kind == FACT_LISTING && in_force && fact->identity->wave != RULES_NONE) {
            m->listings = array_room(m->listings, m->listing_count, &m->listing_capacity,
                                     sizeof(*m->listings));
            m->listings[m->listing_count++] =
                (struct listing){fact, subject, dossier->training, fact->identity->wave};
        } else if (fact->kind > FACT_LINK && in_force) {
            view->has_course_fact = true;
            m->facts = array_room(m->facts, m->fact_count, &m->fact_capacity, sizeof(*m->facts));
            m->facts[m->fact_count++] = (struct course_fact){fact, dossier->training, RULES_NONE, 0};
        }
    }
}

static void gather(struct measurer *m, const struct person *person)
{
    m->listing_count = m->fact_count = 0;
    m->has_account = m->activated = false;
    m->account = NULL;
    m->account_name = 0;
    m->account_source = 0;
    for (const struct subject *s = person->first; s; s = s->next) {
        struct subject_view view = {0};
        for (const struct dossier *d = s->dossiers; d; d = d->next)
            gather_dossier(m, s, d, &view);
        if (!view.has_account_fact && !view.has_course_fact)
            continue;
        if (!m->account || key128_compare(s->key, m->account->key) < 0) {
            m->account = s;
            m->account_name = view.name;
            m->account_source = view.source;
        }
        /* Facts of a course are the facts of somebody's account, also where accounts are not listed. */
        m->has_account |= view.has_account_fact ? view.in_force : true;
        m->activated |= view.activated;
    }
}

static int year_of_day(int32_t day)
{
    int year, month, day_of_month;
    clock_civil_from_day(day, &year, &month, &day_of_month);
    return year;
}

static int year_of(const struct rules *rules, int wave, int32_t day)
{
    if (wave != RULES_NONE && rules_wave(rules, wave)->begins != INT32_MIN)
        day = rules_wave(rules, wave)->begins;
    return year_of_day(day);
}

static void add_distinct(int **values, size_t *count, size_t *capacity, int value)
{
    for (size_t i = 0; i < *count; i++)
        if ((*values)[i] == value)
            return;
    *values = array_room(*values, *count, capacity, sizeof(**values));
    (*values)[(*count)++] = value;
}

/* Sets m->waves to the distinct waves of the person's listings in a training. */
static void find_waves(struct measurer *m, int training)
{
    m->wave_count = 0;
    for (size_t i = 0; i < m->listing_count; i++)
        if (m->listings[i].training == training)
            add_distinct(&m->waves, &m->wave_count, &m->wave_capacity, m->listings[i].wave);
}

static void assign_waves(struct measurer *m)
{
    int training = RULES_NONE;
    for (size_t i = 0; i < m->fact_count; i++) {
        struct course_fact *f = &m->facts[i];
        if (i == 0 || f->training != training) {
            training = f->training;
            find_waves(m, training);
        }
        f->wave = rules_wave_of_day(m->rules, m->waves, m->wave_count, f->fact->day);
        f->year = year_of(m->rules, f->wave, f->fact->day);
    }
}

/* Measures --------------------------------------------------------------------------------------------------------------- */

#define BIT(measure) (1U << MEASURE_##measure)

static uint32_t measures_of_fact(const struct rule_training *rule, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_ENROLLMENT:
        return BIT(ENROLLED);
    case FACT_PROGRESS:
        return BIT(PARTICIPATED) |
               (rule->completion_min_progress >= 0 && fact->value >= rule->completion_min_progress
                    ? BIT(COMPLETED)
                    : 0U);
    case FACT_EXAM: {
        bool sat = fact->flags & FACT_SAT;
        bool passed = rule->pass_by_platform ? (fact->flags & FACT_PASSED) != 0
                                             : sat && fact->value >= rule->pass_min_score;
        return (sat || passed ? BIT(SAT) | BIT(PARTICIPATED) : 0U) | (passed ? BIT(PASSED) : 0U);
    }
    case FACT_CERTIFICATE:
        return BIT(CERTIFIED);
    default:
        return 0;
    }
}

#define ANY (-2)

/* The measures that hold in one training, over the facts of one wave or year (ANY: over all). */
static uint32_t measures_in(const struct measurer *m, int training, int wave, int year)
{
    const struct rule_training *rule = rules_training(m->rules, training);
    uint32_t measures = 0;
    for (size_t i = 0; i < m->fact_count; i++) {
        const struct course_fact *f = &m->facts[i];
        if (f->training == training && (wave == ANY || f->wave == wave) &&
            (year == ANY || f->year == year))
            measures |= measures_of_fact(rule, f->fact);
    }
    if ((measures & BIT(SAT)) && !(measures & BIT(PASSED)))
        measures |= BIT(FAILED);
    return measures;
}

static uint32_t account_measures(const struct measurer *m)
{
    return (m->has_account ? BIT(ACCOUNTS) : 0U) | (m->activated ? BIT(ACTIVATED) : 0U);
}

static bool listing_later(const struct fact *a, const struct fact *b)
{
    return a->time != b->time ? a->time > b->time : a->entity > b->entity;
}

static const struct listing *latest(const struct measurer *m, int training, int wave, int year)
{
    const struct listing *best = NULL;
    for (size_t i = 0; i < m->listing_count; i++) {
        const struct listing *l = &m->listings[i];
        if ((training == ANY || l->training == training) && (wave == ANY || l->wave == wave) &&
            (year == ANY || year_of(m->rules, l->wave, l->fact->day) == year) &&
            (!best || listing_later(l->fact, best->fact)))
            best = l;
    }
    return best;
}

static void add_cell(struct contribution *out, struct cell cell, uint32_t measures)
{
    out->cells = array_room(out->cells, out->cell_count, &out->cell_capacity, sizeof(*out->cells));
    out->cells[out->cell_count++] = (struct contributed_cell){cell, measures};
}

/* Who is listed counts in that unit, who is not in the row of its own. */
static void add_person_cell(const struct measurer *m, struct contribution *out, struct cell cell,
                            const struct listing *listing, uint32_t measures)
{
    if (listing)
        cell.unit = listing->fact->identity->unit;
    add_cell(out, cell,
             measures | account_measures(m) | (listing ? BIT(REGISTERED) : BIT(NOT_REGISTERED)));
}

static bool has_facts(const struct measurer *m, int training, int year)
{
    for (size_t i = 0; i < m->fact_count; i++)
        if ((training == ANY || m->facts[i].training == training) &&
            (year == ANY || m->facts[i].year == year))
            return true;
    return false;
}

static void measure_waves(struct measurer *m, int training, struct contribution *out)
{
    find_waves(m, training);
    for (size_t i = 0; i < m->wave_count; i++) {
        int wave = m->waves[i];
        const struct listing *listing = latest(m, training, wave, ANY);
        struct cell cell = {SCOPE_WAVE, training, wave, 0, 0, listing->fact->identity->study_group};
        add_person_cell(m, out, cell, listing, measures_in(m, training, wave, ANY));
    }
}

static uint32_t measure_trainings(struct measurer *m, struct contribution *out)
{
    uint32_t all = 0;
    for (int training = 0; training < rules_training_count(m->rules); training++) {
        const struct listing *listing = latest(m, training, ANY, ANY);
        if (!listing && !has_facts(m, training, ANY))
            continue;
        uint32_t measures = measures_in(m, training, ANY, ANY);
        struct cell cell = {SCOPE_TRAINING, training, RULES_NONE, 0, 0, 0};
        add_person_cell(m, out, cell, listing, measures);
        measure_waves(m, training, out);
        all |= measures;
    }
    return all;
}

static void measure_year(const struct measurer *m, int year, struct contribution *out)
{
    uint32_t measures = 0;
    for (int training = 0; training < rules_training_count(m->rules); training++)
        if (has_facts(m, training, year))
            measures |= measures_in(m, training, ANY, year);
    struct cell cell = {SCOPE_YEAR, RULES_NONE, RULES_NONE, year, 0, 0};
    add_person_cell(m, out, cell, latest(m, ANY, ANY, year), measures);
}

static void measure_years(struct measurer *m, struct contribution *out)
{
    m->year_count = 0;
    for (size_t i = 0; i < m->listing_count; i++)
        add_distinct(&m->years, &m->year_count, &m->year_capacity,
                     year_of(m->rules, m->listings[i].wave, m->listings[i].fact->day));
    for (size_t i = 0; i < m->fact_count; i++)
        add_distinct(&m->years, &m->year_count, &m->year_capacity, m->facts[i].year);
    for (size_t i = 0; i < m->year_count; i++)
        measure_year(m, m->years[i], out);
}

/* Issues ----------------------------------------------------------------------------------------------------------------- */

static void add_issue(struct contribution *out, unsigned kind, struct key128 subject,
                      const struct fact_identity *identity)
{
    out->issues =
        array_room(out->issues, out->issue_count, &out->issue_capacity, sizeof(*out->issues));
    out->issues[out->issue_count++] =
        (struct issue){subject,          kind,           identity->wave_code, identity->unit,
                       identity->source, identity->file, identity->sheet,     identity->name,
                       identity->row};
}

static bool shares_identifier(const struct people *people, const struct fact_identity *identity)
{
    for (uint32_t i = 0; i < identity->identifier_count; i++) {
        const struct identifier *identifier = people_identifier(people, identity->identifiers[i]);
        if (identifier && !identifier_links(identifier))
            return true;
    }
    return false;
}

static bool learned(const struct measurer *m, int training)
{
    for (size_t i = 0; i < m->fact_count; i++)
        if (m->facts[i].training == training && m->facts[i].fact->kind == FACT_PROGRESS)
            return true;
    return false;
}

static void raise_identity_issues(const struct measurer *m, const struct people *people,
                                  const struct listing *listing, struct contribution *out)
{
    const struct fact_identity *identity = listing->fact->identity;
    struct key128 subject = listing->subject->key;
    for (unsigned fault = 0; fault < FAULT_COUNT; fault++)
        if ((identity->faults >> fault) & 1U)
            add_issue(out, fault, subject, identity);
    if (shares_identifier(people, identity))
        add_issue(out, ISSUE_IDENTIFIER_SHARED, subject, identity);
    const struct listing *counted = latest(m, listing->training, listing->wave, ANY);
    if (counted->fact->identity->unit != identity->unit)
        add_issue(out, ISSUE_LISTED_IN_TWO_UNITS, subject, identity);
    else if (counted != listing) /* under another identifier: within a list, ingest sees it */
        add_issue(out, FAULT_LISTED_TWICE, subject, identity);
}

static void raise_listing_issues(const struct measurer *m, const struct listing *listing,
                                 struct contribution *out)
{
    const struct fact_identity *identity = listing->fact->identity;
    struct key128 subject = listing->subject->key;
    const struct listing *counted = latest(m, listing->training, listing->wave, ANY);
    if (counted == listing && !learned(m, listing->training) &&
        (measures_in(m, listing->training, listing->wave, ANY) & BIT(PASSED)))
        add_issue(out, ISSUE_PASSED_WITHOUT_LEARNING, subject, identity);
    if (!m->has_account)
        add_issue(out, ISSUE_NO_ACCOUNT, subject, identity);
}

static void raise_issues(const struct measurer *m, const struct people *people, bool identities,
                         struct contribution *out)
{
    for (size_t i = 0; i < m->listing_count; i++) {
        if (identities)
            raise_identity_issues(m, people, &m->listings[i], out);
        raise_listing_issues(m, &m->listings[i], out);
    }
    if (m->listing_count == 0 && m->account && m->has_account) {
        struct fact_identity nowhere = {.name = m->account_name, .source = m->account_source};
        add_issue(out, ISSUE_NOT_ON_ROSTER, m->account->key, &nowhere);
    }
}

void measure_person(struct measurer *m, const struct people *people, const struct person *person,
                    bool identities, struct contribution *out)
{
    out->cell_count = out->issue_count = 0;
    gather(m, person);
    assign_waves(m);
    uint32_t measures = measure_trainings(m, out);
    if (m->listing_count || m->fact_count || m->has_account) {
        struct cell cell = {SCOPE_ALL, RULES_NONE, RULES_NONE, 0, 0, 0};
        add_person_cell(m, out, cell, latest(m, ANY, ANY, ANY), measures);
        measure_years(m, out);
    }
    raise_issues(m, people, identities, out);
}
