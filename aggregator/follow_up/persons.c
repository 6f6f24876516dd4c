#include "persons.h"

#include <stdlib.h>
#include <string.h>

#include "../write/pg_binary.h"
#include "sql.h"

static struct pg_rows *query(struct pg *pg, const char *sql, const struct key_list *keys,
                             struct error *err)
{
    struct pg_array array = {0};
    pg_array_start(&array, PG_UUID);
    for (size_t i = 0; i < keys->count; i++)
        pg_array_key(&array, keys->keys[i]);
    struct pg_parameter parameter = pg_array_parameter(&array);
    struct pg_rows *rows = pg_query_binary(pg, sql, 1, &parameter, err);
    pg_array_release(&array);
    return rows;
}

static struct subject *take_subject(struct people *people, struct key_table *persons,
                                    struct key128 key, struct key128 person)
{
    struct subject *subject = people_subject(people, key);
    if (subject)
        return subject;
    subject = people_add_subject(people, key);
    struct subject *other = key_table_get(persons, person);
    if (other)
        people_join(other->person, subject->person);
    else
        key_table_put(persons, person, subject);
    return subject;
}

static bool take_facts(struct people *people, const struct rules *rules, struct subject *subject,
                       const struct pg_rows *rows, size_t row, struct error *err)
{
    int index;
    if (!facts_training(rules, pg_rows_value(rows, row, 2), pg_rows_length(rows, row, 2), &index, err))
        return false;
    struct fact *facts;
    size_t count;
    if (!facts_unpack(pg_rows_value(rows, row, 3), pg_rows_length(rows, row, 3), rules,
                      people->strings, &facts, &count, err))
        return false;
    struct dossier *dossier = people_dossier(people, subject, index, true);
    for (size_t i = 0; i < count; i++)
        dossier_join(people, dossier, &facts[i]);
    free(facts);
    return true;
}

bool persons_load(struct pg *pg, const struct rules *rules, const struct key_list *subjects,
                  struct people *people, struct error *err)
{
    struct key_table persons = {0};
    struct pg_rows *rows = query(pg, sql_follow_up_people, subjects, err);
    bool fine = rows != NULL;
    for (size_t i = 0; fine && i < pg_rows_count(rows); i++) {
        struct subject *subject =
            take_subject(people, &persons, pg_read_key(pg_rows_value(rows, i, 1)),
                         pg_read_key(pg_rows_value(rows, i, 0)));
        fine = take_facts(people, rules, subject, rows, i, err);
    }
    pg_rows_free(rows);
    key_table_clear(&persons);
    return fine;
}

bool persons_load_carriers(struct pg *pg, const struct key_list *identifiers, struct people *people,
                           struct error *err)
{
    struct pg_rows *rows = query(pg, sql_follow_up_carriers, identifiers, err);
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++) {
        struct key128 key = pg_read_key(pg_rows_value(rows, i, 0));
        const char *citizen = pg_rows_value(rows, i, 4);
        struct carrier carrier = {.subject = pg_read_key(pg_rows_value(rows, i, 1)),
                                  .on_roster = *pg_rows_value(rows, i, 2),
                                  .name = pg_read_int8(pg_rows_value(rows, i, 3))};
        if (citizen)
            carrier.citizen = pg_read_key(citizen);
        struct identifier *identifier = people_identifier(people, key);
        identifier_set(people, identifier ? identifier : people_add_identifier(people, key),
                       &carrier);
    }
    pg_rows_free(rows);
    return rows != NULL;
}
