#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "former.h"
#include "sql.h"

static bool read_live(struct pg *pg, struct erase_people *out, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_read_live, 0, NULL, err);
    if (rows)
        out->generation = (int)pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool refuse_shared(struct pg *pg, const struct key_list *given, struct erase_people *out,
                          struct error *err)
{
    int64_t shared;
    if (!erase_number(pg, sql_erase_shared, out->generation, given, &shared, err))
        return false;
    return shared == 0 || erase_refuse_shared(err);
}

static bool find_connected(struct pg *pg, const char *given, struct erase_people *out,
                           struct error *err)
{
    struct pg_rows *rows =
        erase_query(pg, sql_erase_person, out->generation, 1, (const char *const[]){given}, err);
    struct key_list persons = {0};
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++) {
        const char *what = pg_rows_value(rows, i, 1);
        key_list_add(&out->subjects, erase_key_of(pg_rows_value(rows, i, 0)));
        erase_add_once(&persons, erase_key_of(pg_rows_value(rows, i, 2)));
        out->listings += strcmp(what, "listed") == 0;
        out->accounts += strcmp(what, "account") == 0;
        out->links += strcmp(what, "link") == 0;
    }
    out->people = (int64_t)persons.count;
    key_list_release(&persons);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool read_away(struct pg *pg, struct erase_people *out, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_months_away, 0, NULL, err);
    if (rows)
        snprintf(out->away, sizeof(out->away), "%s", pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return rows != NULL;
}

bool erase_find_people(struct pg *pg, const struct key_list *given, struct erase_people *out,
                       struct error *err)
{
    int64_t before = 0;
    *out = (struct erase_people){0};
    for (size_t i = 0; i < given->count; i++)
        erase_add_once(&out->identifiers, given->keys[i]);
    char *array = erase_array(given);
    bool fine =
        read_live(pg, out, err) && read_away(pg, out, err) && refuse_shared(pg, given, out, err) &&
        find_connected(pg, array, out, err) &&
        erase_find_former(pg, out->generation, &out->subjects, &out->identifiers, &out->former, err) &&
        erase_number(pg, sql_erase_trainings, out->generation, &out->subjects, &out->trainings, err) &&
        erase_number(pg, sql_erase_folded, out->generation, given, &before, err);
    free(array);
    out->before = before > 0;
    if (out->people == 0 && out->former > 0)
        out->people = 1;
    return fine;
}

void erase_people_release(struct erase_people *people)
{
    key_list_release(&people->subjects);
    key_list_release(&people->identifiers);
}
