/* The issues that a person's data raise. */
#include "../../common/allocate.h"
#include "measure.h"

#define MINUTE_US (60LL * 1000000)

const char *issue_name(unsigned kind)
{
    static const char *const names[] = {
        "identifier_shared",     "listed_in_two_units",     "no_account",
        "account_not_on_roster", "passed_without_learning", "passed_too_fast"};
    return kind < FAULT_COUNT ? fault_names[kind] : names[kind - FAULT_COUNT];
}

static void add_issue(struct contribution *out, unsigned kind, struct key128 subject,
                      const struct fact_identity *identity)
{
    *CONTRIBUTE(out, issues) =
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

static void raise_identity_issues(const struct people *people, const struct listing *listing,
                                  const struct listing *counted, struct contribution *out)
{
    const struct fact_identity *identity = listing->fact->identity;
    struct key128 subject = listing->subject->key;
    for (unsigned fault = 0; fault < FAULT_COUNT; fault++)
        if ((identity->faults >> fault) & 1U)
            add_issue(out, fault, subject, identity);
    if (shares_identifier(people, identity))
        add_issue(out, ISSUE_IDENTIFIER_SHARED, subject, identity);
    if (counted->fact->identity->unit != identity->unit)
        add_issue(out, ISSUE_LISTED_IN_TWO_UNITS, subject, identity);
    else if (counted != listing) /* under another identifier: within a list, ingest sees it */
        add_issue(out, FAULT_LISTED_TWICE, subject, identity);
}

static bool learned(const struct person_facts *p, int training)
{
    for (size_t i = 0; i < p->fact_count; i++)
        if (p->facts[i].training == training &&
            (p->facts[i].fact->kind == FACT_PROGRESS || p->facts[i].fact->kind == FACT_ATTENDANCE))
            return true;
    return false;
}

/* Did the person pass where learning would be seen, had there been any? */
static bool passed_in_sight(const struct person_facts *p, const struct listing *listing)
{
    for (size_t i = 0; i < p->fact_count; i++) {
        const struct course_fact *f = &p->facts[i];
        if (f->training == listing->training && f->wave == listing->wave && f->ok &&
            !rules_course(p->rules, f->fact->course)->learning_hidden)
            return true;
    }
    return false;
}

/* When the person was first seen in the training by the platform's own clock; INT64_MAX if never. */
static int64_t began_learning(const struct person_facts *p, int training)
{
    int64_t began = INT64_MAX;
    for (size_t i = 0; i < p->fact_count; i++) {
        const struct fact *fact = p->facts[i].fact;
        if (p->facts[i].training == training && !(fact->flags & FACT_OBSERVED) &&
            (fact->kind == FACT_ENROLLMENT || fact->kind == FACT_PROGRESS) && fact->time < began)
            began = fact->time;
    }
    return began;
}

/* An attempt that passes before the lectures can have been watched. */
static bool too_fast(const struct person_facts *p, const struct listing *listing)
{
    const struct rule_training *rule = rules_training(p->rules, listing->training);
    if (!rule->lectures || !rule->lecture_minutes)
        return false;
    int64_t began = began_learning(p, listing->training);
    int64_t needed = (int64_t)rule->lectures * rule->lecture_minutes * MINUTE_US;
    for (size_t i = 0; began != INT64_MAX && i < p->fact_count; i++) {
        const struct course_fact *f = &p->facts[i];
        if (f->training == listing->training && f->wave == listing->wave && f->ok &&
            !(f->fact->flags & FACT_OBSERVED) && f->fact->time - began < needed)
            return true;
    }
    return false;
}

static void raise_result_issues(struct measurer *m, const struct listing *listing,
                                const struct listing *counted, struct contribution *out)
{
    const struct person_facts *p = &m->facts;
    const struct fact_identity *identity = listing->fact->identity;
    struct key128 subject = listing->subject->key;
    if (counted == listing) {
        struct outcome outcome =
            outcome_in(m, listing->training, (struct fact_set){listing->wave, ANY, ANY, ANY});
        if ((outcome.measures & BIT(PASSED)) && !learned(p, listing->training) &&
            passed_in_sight(p, listing))
            add_issue(out, ISSUE_PASSED_WITHOUT_LEARNING, subject, identity);
        if (too_fast(p, listing))
            add_issue(out, ISSUE_PASSED_TOO_FAST, subject, identity);
    }
    if (p->account_count == 0)
        add_issue(out, ISSUE_NO_ACCOUNT, subject, identity);
}

void measure_issues(struct measurer *m, const struct people *people, bool identities,
                    struct contribution *out)
{
    const struct person_facts *p = &m->facts;
    for (size_t i = 0; i < p->listing_count; i++) {
        const struct listing *listing = &p->listings[i];
        const struct listing *counted = person_facts_latest(p, listing->training, listing->wave, ANY);
        if (identities)
            raise_identity_issues(people, listing, counted, out);
        raise_result_issues(m, listing, counted, out);
    }
    if (p->listing_count == 0 && p->account && p->account_count) {
        struct fact_identity nowhere = {.name = p->account_name, .source = p->account_source};
        add_issue(out, ISSUE_NOT_ON_ROSTER, p->account->key, &nowhere);
    }
}
