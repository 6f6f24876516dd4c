#include "who_counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../fold/bulk.h"
#include "../write/pg_binary.h"
#include "../write/rules_read.h"
#include "sql.h"

static bool take_row(struct bulk_intake *intake, const struct rules *rules,
                     const struct pg_rows *rows, size_t row, struct error *err)
{
    char training[EVENT_MAX_KEY + 1];
    struct fact *facts;
    size_t count, length = pg_rows_length(rows, row, 1);
    if (length >= sizeof(training))
        return error_set(err, ERROR_STATE, false, "a stored training code has %zu bytes", length);
    memcpy(training, pg_rows_value(rows, row, 1), length);
    training[length] = 0;
    int index = *training ? rules_find_training(rules, training) : RULES_NONE;
    if (!facts_unpack(pg_rows_value(rows, row, 2), pg_rows_length(rows, row, 2), rules,
                      bulk_intake_strings(intake), &facts, &count, err))
        return false;
    bulk_take_facts(intake, pg_read_key(pg_rows_value(rows, row, 0)), index, facts, count);
    for (size_t i = 0; i < count; i++)
        fact_release(&facts[i]);
    free(facts);
    return true;
}

static bool take_states(struct pg *pg, int generation, struct bulk_intake *intake,
                        const struct rules *rules, struct error *err)
{
    char declare[128];
    snprintf(
        declare, sizeof(declare),
        "DECLARE stored NO SCROLL CURSOR FOR SELECT subject, training, facts FROM gen_%d.states",
        generation);
    bool ok = pg_run(pg, declare, err), more = true;
    while (ok && more) {
        struct pg_rows *rows = pg_query_binary(pg, sql_replay_fetch_states, 0, NULL, err);
        ok = rows != NULL;
        more = ok && pg_rows_count(rows) > 0;
        for (size_t i = 0; ok && more && i < pg_rows_count(rows); i++)
            ok = take_row(intake, rules, rows, i, err);
        pg_rows_free(rows);
    }
    return ok && pg_run(pg, "CLOSE stored", err);
}

struct finding {
    const struct cell_query *query;
    struct counted_people *people;
};

static void note_person(void *context, const struct person *person,
                        const struct contribution *contribution, const struct fold *fold)
{
    struct finding *finding = context;
    struct counted_people *people = finding->people;
    size_t cells = cell_query_count(finding->query, contribution, fold), count = 0;
    if (cells == 0)
        return;
    people->items =
        array_room(people->items, people->count, &people->capacity, sizeof(*people->items));
    struct counted_person *found = &people->items[people->count++];
    for (const struct subject *s = person->first; s; s = s->next)
        count++;
    *found = (struct counted_person){person->key, cells,
                                     must_have(calloc(count, sizeof(struct key128))), 0};
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
    bool ok = take_states(pg, generation, intake, rules, err);
    if (ok) {
        struct bulk *bulk = bulk_new(&intake, 1, rules);
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
