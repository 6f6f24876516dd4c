/* A person as the fold measures it, made of records: it lives in scratch memory until the next one. */
#include <stdlib.h>
#include <string.h>

#include "bulk_private.h"

static int compare_facts(const void *a, const void *b)
{
    const struct bulk_fact *const *x = a, *const *y = b;
    if ((*x)->training != (*y)->training)
        return (*x)->training < (*y)->training ? -1 : 1;
    return ((*x)->fact.entity > (*y)->fact.entity) - ((*x)->fact.entity < (*y)->fact.entity);
}

#define FEW 24

/* Mostly a handful, for which qsort is slow. */
static void sort_facts(struct bulk_fact **facts, size_t count)
{
    if (count > FEW) {
        qsort(facts, count, sizeof(struct bulk_fact *), compare_facts);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct bulk_fact *moving = facts[i];
        size_t at = i;
        for (; at > 0 && compare_facts(&facts[at - 1], &moving) > 0; at--)
            facts[at] = facts[at - 1];
        facts[at] = moving;
    }
}

/* The subject's facts by training and entity. */
static size_t read_facts(struct bulk_counter *counter, const struct bulk_facts *held,
                         struct bulk_fact ***sorted)
{
    const struct bulk *bulk = counter->bulk;
    const uint32_t *remap = bulk_remap_of(bulk, held);
    size_t most = bulk_facts_at_most(held), count = 0;
    struct bulk_fact *facts =
        bulk_scratch_take(&counter->scratch, (most + 1) * sizeof(struct bulk_fact));
    *sorted = bulk_scratch_take(&counter->scratch, (most + 1) * sizeof(struct bulk_fact *));
    for (; held; held = held->older)
        for (size_t at = 0;
             bulk_record_next(held, &at, bulk->rules, remap, &counter->scratch, &facts[count]);
             count++)
            (*sorted)[count] = &facts[count];
    sort_facts(*sorted, count);
    return count;
}

static struct dossier *add_dossier(struct bulk_counter *counter, struct dossier **at, int training,
                                   size_t most)
{
    struct dossier *dossier = *at = bulk_scratch_take(&counter->scratch, sizeof(*dossier));
    *dossier = (struct dossier){.training = training};
    dossier->facts = bulk_scratch_take(&counter->scratch, most * sizeof(struct fact));
    return dossier;
}

static struct subject *make_subject(struct bulk_counter *counter, const struct bulk_subject *held)
{
    struct subject *subject = bulk_scratch_take(&counter->scratch, sizeof(*subject));
    struct bulk_fact **facts;
    size_t count = read_facts(counter, held->facts, &facts);
    *subject = (struct subject){.key = held->key, .erased = held->facts->erased};
    struct dossier **end = &subject->dossiers, *dossier = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct fact *fact = &facts[i]->fact;
        if (!dossier || dossier->training != facts[i]->training) {
            dossier = add_dossier(counter, end, facts[i]->training, count - i);
            end = &dossier->next;
        }
        struct fact *last = dossier->count ? &dossier->facts[dossier->count - 1] : NULL;
        if (!last || last->entity != fact->entity)
            dossier->facts[dossier->count++] = *fact;
        else if (fact_supersedes(fact, last))
            *last = *fact;
    }
    return subject;
}

/* By steps: what is needed soonest was asked for some steps before, and what leads there before that. */
static void look_ahead(const struct bulk *bulk, size_t at)
{
    enum { STEP = 6, LINE = 64, LINES = 6 };
    if (at + 2 * STEP < bulk->subject_count)
        __builtin_prefetch(&bulk->subjects[bulk->order[at + 2 * STEP]]);
    if (at + STEP < bulk->subject_count)
        for (size_t line = 0; line < LINES; line++)
            __builtin_prefetch((const uint8_t *)bulk->subjects[bulk->order[at + STEP]].facts +
                               line * LINE);
}

struct person *bulk_person_next(struct bulk_counter *counter, size_t *at)
{
    const struct bulk *bulk = counter->bulk;
    uint32_t first = bulk->order[*at];
    bulk_scratch_clear(&counter->scratch);
    struct person *person = bulk_scratch_take(&counter->scratch, sizeof(*person));
    *person = (struct person){.key = bulk->subjects[first].key};
    do {
        look_ahead(bulk, *at);
        struct subject *subject = make_subject(counter, &bulk->subjects[bulk->order[*at]]);
        subject->person = person;
        subject->next = person->first;
        person->first = subject;
        if (key128_compare(subject->key, person->key) < 0)
            person->key = subject->key;
        ++*at;
    } while (*at < bulk->subject_count && bulk->subjects[bulk->order[*at]].parent == first);
    return person;
}
