#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/text_buffer.h"
#include "../write/store.h"
#include "former.h"
#include "sql.h"

static void add_hex(struct text_buffer *out, const uint8_t *bytes, size_t count)
{
    char hex[33];
    hex_encode(bytes, count, hex);
    text_buffer_add(out, hex, 2 * count);
}

char *erase_array(const struct key_list *keys)
{
    struct text_buffer out = {0};
    text_buffer_add(&out, "{", 1);
    for (size_t i = 0; i < keys->count; i++) {
        uint8_t bytes[16];
        key128_store(keys->keys[i], bytes);
        text_buffer_add(&out, ",", i > 0);
        add_hex(&out, bytes, sizeof(bytes));
    }
    text_buffer_add(&out, "}", 1);
    return out.data;
}

struct pg_rows *erase_query(struct pg *pg, const char *sql, int generation, size_t count,
                            const char *const *parameters, struct error *err)
{
    char *text = store_sql(sql, generation);
    struct pg_rows *rows = pg_query(pg, text, count, parameters, err);
    free(text);
    return rows;
}

bool erase_number(struct pg *pg, const char *sql, int generation, const struct key_list *keys,
                  int64_t *out, struct error *err)
{
    char *array = erase_array(keys);
    struct pg_rows *rows = erase_query(pg, sql, generation, 1, (const char *const[]){array}, err);
    free(array);
    if (rows)
        *out = pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return rows != NULL;
}

struct key128 erase_key_of(const char *uuid)
{
    char hex[33] = {0};
    uint8_t bytes[16] = {0};
    for (size_t i = 0; *uuid && i < 32; uuid++)
        if (*uuid != '-')
            hex[i++] = *uuid;
    if (!hex_decode(hex, sizeof(bytes), bytes))
        abort(); /* PostgreSQL writes uuids in one way */
    return key128_load(bytes);
}

void erase_add_once(struct key_list *list, struct key128 key)
{
    for (size_t i = 0; i < list->count; i++)
        if (key128_equal(list->keys[i], key))
            return;
    key_list_add(list, key);
}

bool erase_refuse_shared(struct error *err)
{
    return error_set(
        err, ERROR_STATE, false,
        "an identifier given stands on rows of different names or citizen numbers (an office "
        "e-mail, a family phone): it says not who is meant. Give one that is the person's alone");
}

/* ---- steps ---- */

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

bool erase_find_people(struct pg *pg, const struct key_list *given, struct erase_people *out,
                       struct error *err)
{
    int64_t before = 0;
    *out = (struct erase_people){0};
    for (size_t i = 0; i < given->count; i++)
        erase_add_once(&out->identifiers, given->keys[i]);
    char *array = erase_array(given);
    bool fine = read_live(pg, out, err) && refuse_shared(pg, given, out, err) &&
                find_connected(pg, array, out, err) && erase_find_former(pg, out, err) &&
                erase_number(pg, sql_erase_trainings, out->generation, &out->subjects,
                             &out->trainings, err) &&
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
