#include "who_counts.h"

#include <stdlib.h>

#include "../../common/allocate.h"
#include "../fold/bulk.h"
#include "../write/rules_read.h"
#include "state_source.h"

struct finding {
    const struct cell_query *query;
    struct counted_people *people;
};

static void note_person(void *context, const struct person *person,
                        const struct contribution *contribution, const struct fold *fold)
{
    struct finding *finding = context;
    struct counted_people *people = finding->people;
    size_t own, count = 0, cells = cell_query_count(finding->query, contribution, fold, &own);
    if (cells == 0)
        return;
    people->items =
        array_room(people->items, people->count, &people->capacity, sizeof(*people->items));
    struct counted_person *found = &people->items[people->count++];
    for (const struct subject *s = person->first; s; s = s->next)
        count++;
    *found = (struct counted_person){person->key, cells, own,
                                     must_have(calloc(count + 1, sizeof(struct key128))), 0};
    for (const struct subject *s = person->first; s; s = s->next)
        found->subjects[found->subject_count++] = s->key;
}

static int compare_people(const void *a, const void *b)
{
    const struct counted_person *x = a, *y = b;
    return key128_compare(x->key, y->key);
}

static bool find(struct bulk *bulk, const struct cell_query *query, struct counted_people *people,
                 struct error *err)
{
    struct finding finding = {query, people};
    struct bulk_rows rows = {.context = &finding, .person = note_person};
    struct bulk_counter *counter = bulk_counter_new(bulk);
    size_t counted;
    int more;
    do
        more = bulk_count(counter, &rows, &counted, err);
    while (more > 0);
    bulk_counter_free(counter);
    if (people->count)
        qsort(people->items, people->count, sizeof(*people->items), compare_people);
    return more == 0;
}

bool who_counts(struct pg *pg, int generation, int config_version, const struct cell_query *query,
                struct counted_people *people, struct error *err)
{
    struct rules *rules = rules_read(pg, config_version, err);
    if (!rules)
        return false;
    struct bulk_intake *intake = bulk_intake_new(rules, 0);
    struct state_source source = {.generation = generation, .parts = 1, .rules = rules};
    bool ok = state_source_take(&source, pg, intake, err);
    if (ok) {
        struct bulk *bulk = bulk_new(&intake, 1, rules, NULL);
        ok = find(bulk, query, people, err);
        bulk_free(bulk);
    } else {
        bulk_intake_free(intake);
    }
    rules_free(rules);
    return ok;
}

void counted_people_release(struct counted_people *people)
{
    for (size_t i = 0; i < people->count; i++)
        free(people->items[i].subjects);
    free(people->items);
    *people = (struct counted_people){0};
}

const struct counted_person *counted_people_find(const struct counted_people *people,
                                                 struct key128 key)
{
    const struct counted_person wanted = {.key = key};
    return people->count
               ? bsearch(&wanted, people->items, people->count, sizeof(wanted), compare_people)
               : NULL;
}
