/* The rows whose name nobody known bears while somebody known carries their identifiers. Of names there are only hashes, so a slip of the
 * pen cannot be told from another person's name: that decides what else stands in the row. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "match_private.h"
#include "persons.h"

#define MOST_CARRIERS 50 /* what more people carry is an office's */

struct misnamed_row {
    size_t row;
    size_t contact_count;
    struct key_list citizens, contacts[SEEKER_CONTACTS]; /* each in all its forms */
};

struct misnamed {
    struct matcher *m;
    struct misnamed_row *rows;
    size_t count;
    struct people carriers, people;
    struct key_table own;     /* persons whom another row is by its name */
    struct key_table claimed; /* persons whom a row is taken for here -> that match_person */
};

/* Who carries one identifier, in any of its forms. */
struct carrying {
    bool known;             /* somebody does */
    bool differs;           /* somebody with another citizen number than the row's */
    size_t persons, listed; /* distinct ones; of these in the wave */
    const struct person *one, *listed_one;
};

static void open_rows(struct misnamed *o, size_t from, size_t to)
{
    struct matcher *m = o->m;
    o->rows = must_have(calloc(to - from + 1, sizeof(*o->rows)));
    for (size_t row = from; row < to; row++) {
        if (!matcher_is_open(m, row))
            continue;
        const struct roster_person *p = &m->request->list->persons[row];
        struct misnamed_row *open = &o->rows[o->count++];
        open->row = row;
        seeker_citizens(m->request->seeker, p, &open->citizens);
        open->contact_count = seeker_contacts(m->request->seeker, p, open->contacts);
    }
}

static void add_keys(const struct key_list *from, struct key_list *to)
{
    for (size_t i = 0; i < from->count; i++)
        key_list_add(to, from->keys[i]);
}

static void add_subjects(const struct misnamed *o, const struct key_list *identifiers,
                         struct key_list *subjects)
{
    for (size_t i = 0; i < identifiers->count; i++) {
        const struct identifier *identifier = people_identifier(&o->carriers, identifiers->keys[i]);
        for (size_t c = 0;
             identifier && identifier->count <= MOST_CARRIERS && c < identifier->count; c++)
            key_list_add(subjects, identifier->carriers[c].subject);
    }
}

static bool load(struct misnamed *o, struct error *err)
{
    const struct match_request *request = o->m->request;
    struct key_list identifiers = {0}, subjects = {0};
    for (size_t i = 0; i < o->count; i++) {
        add_keys(&o->rows[i].citizens, &identifiers);
        for (size_t k = 0; k < o->rows[i].contact_count; k++)
            add_keys(&o->rows[i].contacts[k], &identifiers);
    }
    bool fine = persons_load_carriers(request->pg, &identifiers, &o->carriers, err);
    if (fine) {
        add_subjects(o, &identifiers, &subjects);
        fine = persons_load(request->pg, request->rules, &subjects, &o->people, err);
    }
    key_list_release(&identifiers);
    key_list_release(&subjects);
    return fine;
}

/* ---- who carries it ---- */

static bool differs(const struct misnamed_row *row, struct key128 citizen)
{
    if ((!citizen.hi && !citizen.lo) || row->citizens.count == 0)
        return false;
    for (size_t i = 0; i < row->citizens.count; i++)
        if (key128_equal(row->citizens.keys[i], citizen))
            return false;
    return true;
}

static void add_person(struct misnamed *o, struct carrying *out, const struct person *person)
{
    if (person == out->one)
        return;
    out->persons++;
    out->one = person;
    if (matcher_listing(o->m, person) && person != out->listed_one) {
        out->listed++;
        out->listed_one = person;
    }
}

static struct carrying carrying_of(struct misnamed *o, const struct misnamed_row *row,
                                   const struct key_list *forms)
{
    struct carrying out = {0};
    for (size_t i = 0; i < forms->count; i++) {
        const struct identifier *identifier = people_identifier(&o->carriers, forms->keys[i]);
        for (size_t c = 0; identifier && c < identifier->count; c++) {
            const struct carrier *carrier = &identifier->carriers[c];
            const struct subject *subject = people_subject(&o->people, carrier->subject);
            out.known = true;
            out.differs = out.differs || differs(row, carrier->citizen);
            if (subject)
                add_person(o, &out, subject->person);
            else
                out.persons += 2; /* too many to be loaded */
        }
    }
    return out;
}

/* ---- which of them the row is ---- */

static bool is_another(const struct carrying *carrying, const struct person *person)
{
    return carrying->known && (carrying->persons != 1 || carrying->one != person);
}

/* A list of the row's unit has the person; of a row without a unit any list does. */
static bool unit_has(struct misnamed *o, const struct misnamed_row *row, const struct person *person)
{
    const char *unit = o->m->request->list->persons[row->row].unit;
    (void)matcher_listing(o->m, person);
    for (size_t i = 0; i < o->m->facts.listing_count; i++) {
        const struct fact_identity *identity = o->m->facts.listings[i].fact->identity;
        if (!unit || strcmp(strings_text(o->people.strings, identity->unit), unit) == 0)
            return true;
    }
    return false;
}

/* Who has the row's citizen number, if no other identifier says that it is somebody else; else who alone has all its addresses and numbers,
 * in its unit. NULL: nobody, or it cannot be told; *known: an identifier is somebody's. */
static const struct person *whose(struct misnamed *o, const struct misnamed_row *row, bool *known)
{
    const struct carrying citizen = carrying_of(o, row, &row->citizens);
    const struct person *person = citizen.persons == 1  ? citizen.one
                                  : citizen.listed == 1 ? citizen.listed_one
                                                        : NULL;
    bool fits = citizen.known ? person != NULL : row->contact_count > 0;
    *known = citizen.known;
    for (size_t i = 0; i < row->contact_count; i++) {
        const struct carrying contact = carrying_of(o, row, &row->contacts[i]);
        *known = *known || contact.known;
        if (!citizen.known && i == 0)
            person = contact.one;
        if (citizen.known)
            fits = fits && !is_another(&contact, person);
        else
            fits = fits && contact.known && !contact.differs && !is_another(&contact, person);
    }
    if (!fits || !person || key_table_get(&o->own, person->key))
        return NULL;
    return citizen.known || unit_has(o, row, person) ? person : NULL;
}

/* ---- what the row is told ---- */

static void cannot_tell(struct match_person *out)
{
    *out = (struct match_person){.status = FOLLOW_UP_UNCLEAR,
                                 .unclear = true,
                                 .day_0 = NEVER,
                                 .due = NEVER,
                                 .unit = "",
                                 .group = ""};
}

static void decide(struct misnamed *o, const struct misnamed_row *row)
{
    struct match_person found, *kept = &o->m->out->persons[row->row];
    bool known;
    const struct person *person = whose(o, row, &known);
    struct match_person *other = person ? key_table_get(&o->claimed, person->key) : NULL;
    if (other) { /* two rows of other names cannot both be the one */
        cannot_tell(other);
        person = NULL;
    }
    if (!person) {
        if (known && !kept->found)
            cannot_tell(kept);
        return;
    }
    matcher_describe(o->m, &o->people, person, NULL, &found);
    if (kept->found && !found.listed)
        return;
    found.misnamed = true;
    found.as_sent = matcher_stands_here(o->m, &o->people, row->row);
    *kept = found;
    key_table_put(&o->claimed, person->key, kept);
}

static void release(struct misnamed *o)
{
    for (size_t i = 0; i < o->count; i++) {
        key_list_release(&o->rows[i].citizens);
        for (size_t k = 0; k < o->rows[i].contact_count; k++)
            key_list_release(&o->rows[i].contacts[k]);
    }
    free(o->rows);
    o->rows = NULL;
    o->count = 0;
    people_release(&o->carriers);
    people_release(&o->people);
}

bool match_misnamed(struct matcher *m, struct error *err)
{
    size_t total = m->request->list->person_count;
    struct misnamed o = {.m = m};
    bool fine = true;
    for (size_t row = 0; row < total; row++) {
        const struct match_person *p = &m->out->persons[row];
        if (p->found && !key_table_get(&o.own, p->person))
            key_table_put(&o.own, p->person, m);
    }
    for (size_t from = 0; fine && from < total; from += MATCH_PORTION) {
        people_init(&o.carriers);
        people_init(&o.people);
        open_rows(&o, from, total - from < MATCH_PORTION ? total : from + MATCH_PORTION);
        fine = o.count == 0 || load(&o, err);
        for (size_t i = 0; fine && i < o.count; i++)
            decide(&o, &o.rows[i]);
        release(&o);
    }
    key_table_clear(&o.own);
    key_table_clear(&o.claimed);
    return fine;
}
