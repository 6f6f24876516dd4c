/* The rows whose own key no list of the wave has: by their name in the unit, else by an identifier. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../fold/person_facts.h"
#include "../write/pg_binary.h"
#include "match_private.h"
#include "persons.h"
#include "sql.h"

/* A row that is still looked for. */
struct open_row {
    size_t row;
    bool namesake; /* another row that is looked for has its name and unit: nobody can tell which is who */
    size_t name_count;
    int64_t names[SEEKER_NAMES];
    struct key_list identifiers, citizens;
};

/* Somebody listed in the wave under a name. */
struct named {
    int64_t name;
    const struct person *person;
    const struct fact_identity *identity;
};

struct others {
    struct matcher *m;
    struct open_row *rows;
    size_t count;
    struct people carriers; /* identifiers of the rows, with who carries them */
    struct people people;   /* whoever may be one of the rows */
    struct named *named;
    size_t named_count, named_capacity;
};

/* ---- who may they be? ---- */

static void open_rows(struct others *o, const bool *namesakes, size_t from, size_t to)
{
    struct matcher *m = o->m;
    o->rows = must_have(calloc(to - from + 1, sizeof(*o->rows)));
    for (size_t row = from; row < to; row++) {
        if (!matcher_is_open(m, row))
            continue;
        const struct roster_person *p = &m->request->list->persons[row];
        struct open_row *open = &o->rows[o->count++];
        open->row = row;
        open->namesake = namesakes[row];
        open->name_count = seeker_names(m->request->seeker, p, open->names);
        seeker_identifiers(m->request->seeker, p, &open->identifiers);
        seeker_citizens(m->request->seeker, p, &open->citizens);
    }
}

static bool has_name(const struct open_row *row, int64_t name)
{
    for (size_t i = 0; i < row->name_count; i++)
        if (row->names[i] == name)
            return true;
    return false;
}

static bool has_key(const struct key_list *keys, struct key128 key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (key128_equal(keys->keys[i], key))
            return true;
    return false;
}

/* Does the name or the citizen number say that it is somebody else? */
static bool contradicts(const struct open_row *row, int64_t name, struct key128 citizen)
{
    return (name && row->name_count && !has_name(row, name)) ||
           ((citizen.hi || citizen.lo) && row->citizens.count && !has_key(&row->citizens, citizen));
}

/* Would the identifier connect this row with those who carry it? */
static bool connects(const struct open_row *row, const struct identifier *identifier)
{
    if (!identifier || !identifier_links(identifier))
        return false;
    for (size_t i = 0; i < identifier->count; i++) {
        const struct carrier *c = &identifier->carriers[i];
        if (c->on_roster && contradicts(row, c->name, c->citizen))
            return false;
    }
    return true;
}

static void add_carriers(struct others *o, struct key_list *subjects)
{
    for (size_t i = 0; i < o->count; i++) {
        const struct open_row *row = &o->rows[i];
        for (size_t k = 0; k < row->identifiers.count; k++) {
            const struct identifier *identifier =
                people_identifier(&o->carriers, row->identifiers.keys[k]);
            for (size_t c = 0; connects(row, identifier) && c < identifier->count; c++)
                key_list_add(subjects, identifier->carriers[c].subject);
        }
    }
}

static bool add_named(struct others *o, struct key_list *subjects, struct error *err)
{
    struct pg_array names = {0};
    pg_array_start(&names, PG_INT8);
    for (size_t i = 0; i < o->count; i++)
        for (size_t k = 0; k < o->rows[i].name_count; k++)
            pg_array_int8(&names, o->rows[i].names[k]);
    struct pg_parameter parameter = pg_array_parameter(&names);
    struct pg_rows *rows =
        pg_query_binary(o->m->request->pg, sql_follow_up_named, 1, &parameter, err);
    pg_array_release(&names);
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++)
        key_list_add(subjects, pg_read_key(pg_rows_value(rows, i, 0)));
    pg_rows_free(rows);
    return rows != NULL;
}

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    if (x->name != y->name)
        return x->name < y->name ? -1 : 1;
    return key128_compare(x->person->key, y->person->key);
}

static void index_names(struct others *o, const struct key_list *subjects)
{
    for (size_t i = 0; i < subjects->count; i++) {
        const struct subject *subject = people_subject(&o->people, subjects->keys[i]);
        const struct listing *listing = subject ? matcher_listing(o->m, subject->person) : NULL;
        if (!listing)
            continue;
        o->named = array_room(o->named, o->named_count, &o->named_capacity, sizeof(*o->named));
        o->named[o->named_count++] =
            (struct named){listing->fact->identity->name, subject->person, listing->fact->identity};
    }
    if (o->named_count)
        qsort(o->named, o->named_count, sizeof(*o->named), compare_named);
}

/* ---- which of them? ---- */

static bool same_unit(const struct others *o, const struct open_row *row,
                      const struct fact_identity *identity)
{
    const char *unit = o->m->request->list->persons[row->row].unit;
    return unit && strcmp(strings_text(o->people.strings, identity->unit), unit) == 0;
}

/* The first of those listed under a name. */
static size_t first_named(const struct others *o, int64_t name)
{
    size_t low = 0, high = o->named_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (o->named[middle].name < name)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Persons under the row's name in its unit who are no other row: the only one, or NULL. */
static const struct person *only_named(const struct others *o, const struct open_row *row)
{
    const struct person *only = NULL;
    for (size_t k = 0; k < row->name_count; k++) {
        for (size_t i = first_named(o, row->names[k]);
             i < o->named_count && o->named[i].name == row->names[k]; i++) {
            const struct named *n = &o->named[i];
            if (n->person == only || !same_unit(o, row, n->identity) ||
                key_table_get(&o->m->taken, n->person->key) ||
                contradicts(row, n->name, n->identity->citizen))
                continue;
            if (only)
                return NULL;
            only = n->person;
        }
    }
    return only;
}

static void consider_carriers(struct others *o, const struct open_row *row)
{
    for (size_t k = 0; k < row->identifiers.count; k++) {
        const struct identifier *identifier =
            people_identifier(&o->carriers, row->identifiers.keys[k]);
        for (size_t c = 0; connects(row, identifier) && c < identifier->count; c++) {
            const struct subject *subject =
                people_subject(&o->people, identifier->carriers[c].subject);
            if (subject)
                matcher_consider(o->m, &o->people, subject->person, NULL, row->row);
        }
    }
}

static void decide(struct others *o)
{
    for (size_t i = 0; i < o->count; i++) {
        const struct open_row *row = &o->rows[i];
        const struct person *person = row->namesake ? NULL : only_named(o, row);
        if (person)
            matcher_consider(o->m, &o->people, person, NULL, row->row);
        else
            consider_carriers(o, row);
    }
}

static bool load(struct others *o, struct error *err)
{
    struct key_list identifiers = {0}, subjects = {0};
    for (size_t i = 0; i < o->count; i++)
        for (size_t k = 0; k < o->rows[i].identifiers.count; k++)
            key_list_add(&identifiers, o->rows[i].identifiers.keys[k]);
    const struct match_request *request = o->m->request;
    bool fine = persons_load_carriers(request->pg, &identifiers, &o->carriers, err);
    if (fine)
        add_carriers(o, &subjects);
    struct key_list named = {0};
    fine = fine && add_named(o, &named, err);
    for (size_t i = 0; i < named.count; i++)
        key_list_add(&subjects, named.keys[i]);
    fine = fine && persons_load(request->pg, request->rules, &subjects, &o->people, err);
    if (fine)
        index_names(o, &named);
    key_list_release(&identifiers);
    key_list_release(&subjects);
    key_list_release(&named);
    return fine;
}

static void release(struct others *o)
{
    for (size_t i = 0; i < o->count; i++) {
        key_list_release(&o->rows[i].identifiers);
        key_list_release(&o->rows[i].citizens);
    }
    free(o->rows);
    free(o->named);
    people_release(&o->carriers);
    people_release(&o->people);
}

/* ---- namesakes ---- */

struct named_row {
    int64_t name;
    const char *unit;
    size_t row;
};

static int compare_named_rows(const void *a, const void *b)
{
    const struct named_row *x = a, *y = b;
    return x->name != y->name ? (x->name < y->name ? -1 : 1) : strcmp(x->unit, y->unit);
}

/* By row: has another row that is looked for its name and unit? The caller frees. */
static bool *find_namesakes(const struct matcher *m)
{
    size_t total = m->request->list->person_count, count = 0;
    bool *namesakes = must_have(calloc(total + 1, sizeof(*namesakes)));
    struct named_row *rows = must_have(calloc(total + 1, sizeof(*rows)));
    for (size_t row = 0; row < total; row++) {
        const struct roster_person *p = &m->request->list->persons[row];
        int64_t names[SEEKER_NAMES];
        if (matcher_is_open(m, row) && p->unit && seeker_names(m->request->seeker, p, names))
            rows[count++] = (struct named_row){names[0], p->unit, row};
    }
    if (count)
        qsort(rows, count, sizeof(*rows), compare_named_rows);
    for (size_t i = 1; i < count; i++)
        if (compare_named_rows(&rows[i - 1], &rows[i]) == 0)
            namesakes[rows[i - 1].row] = namesakes[rows[i].row] = true;
    free(rows);
    return namesakes;
}

bool match_others(struct matcher *m, struct error *err)
{
    size_t total = m->request->list->person_count;
    bool fine = true, *namesakes = find_namesakes(m);
    for (size_t from = 0; fine && from < total; from += MATCH_PORTION) {
        struct others o = {.m = m};
        people_init(&o.carriers);
        people_init(&o.people);
        open_rows(&o, namesakes, from, total - from < MATCH_PORTION ? total : from + MATCH_PORTION);
        fine = o.count == 0 || load(&o, err);
        if (fine)
            decide(&o);
        release(&o);
    }
    free(namesakes);
    return fine;
}
