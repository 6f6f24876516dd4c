#include "measure.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

const char *const scope_names[SCOPE_COUNT] = {"wave",     "training", "all",      "year",
                                              "platform", "course",   "audience", "inviter"};

struct measurer *measurer_new(const struct rules *rules)
{
    struct measurer *m = must_have(calloc(1, sizeof(*m)));
    m->facts.rules = rules;
    return m;
}

void measurer_free(struct measurer *m)
{
    if (!m)
        return;
    person_facts_release(&m->facts);
    outcome_scratch_release(&m->scratch);
    free(m->known);
    free(m->values);
    free(m);
}

void contribution_release(struct contribution *c)
{
    free(c->cells);
    free(c->activities);
    free(c->days);
    free(c->moments);
    free(c->deadlines);
    free(c->issues);
    memset(c, 0, sizeof(*c));
}

struct outcome outcome_in(struct measurer *m, int training, struct fact_set set)
{
    for (size_t i = 0; i < m->known_count; i++)
        if (m->known[i].training == training && memcmp(&m->known[i].set, &set, sizeof(set)) == 0)
            return m->known[i].outcome;
    struct outcome outcome = outcome_of(&m->facts, training, &set, &m->scratch);
    m->known = array_room(m->known, m->known_count, &m->known_capacity, sizeof(*m->known));
    m->known[m->known_count++] = (struct known_outcome){training, set, outcome};
    return outcome;
}

void add_value(struct measurer *m, int value)
{
    add_distinct(&m->values, &m->value_count, &m->value_capacity, value);
}

void find_audiences(struct measurer *m, int training)
{
    m->value_count = 0;
    for (size_t i = 0; i < m->facts.listing_count; i++) {
        const struct listing *l = &m->facts.listings[i];
        const struct fact_identity *identity = l->fact->identity;
        for (uint32_t k = 0; l->training == training && k < identity->audience_count; k++)
            add_value(m, (int)identity_audiences(identity)[k]);
    }
}

void find_platforms(struct measurer *m, int training)
{
    size_t begin, end;
    m->value_count = 0;
    person_facts_range(&m->facts, training, &begin, &end);
    for (size_t i = begin; i < end; i++)
        if (m->facts.facts[i].platform != RULES_NONE)
            add_value(m, m->facts.facts[i].platform);
}

void measure_person(struct measurer *m, const struct people *people, const struct person *person,
                    bool identities, struct contribution *out)
{
    out->cells_count = out->activities_count = out->days_count = 0;
    out->moments_count = out->deadlines_count = out->issues_count = 0;
    m->known_count = 0;
    person_facts_gather(&m->facts, person);
    measure_tallies(m, out);
    measure_activity(m, out);
    measure_moments(m, out);
    measure_deadlines(m, out);
    measure_issues(m, people, identities, out);
}
