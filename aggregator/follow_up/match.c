#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/arena.h"
#include "../fold/person_facts.h"
#include "../write/pg_binary.h"
#include "match_private.h"
#include "persons.h"
#include "sql.h"

void asked_add(struct asked_list *list, size_t row, const struct key_list *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        list->items = array_room(list->items, list->count, &list->capacity, sizeof(*list->items));
        list->items[list->count++] = (struct asked){keys->keys[i], row};
    }
}

bool matcher_is_own(const struct matcher *m, size_t row)
{
    return m->request->list->persons[row].same_as == SIZE_MAX;
}

bool matcher_is_open(const struct matcher *m, size_t row)
{
    return matcher_is_own(m, row) && !m->out->persons[row].listed;
}

/* ---- a person ---- */

const struct listing *matcher_listing(struct matcher *m, const struct person *person)
{
    person_facts_gather(&m->facts, person);
    return person_facts_latest(&m->facts, m->training, m->request->wave, ANY);
}

/* Of who is on no list of the wave: all that is known of the training; of who has no fact there, the account. */
static uint32_t measures_of(const struct matcher *m, bool listed)
{
    uint32_t measures = 0;
    for (size_t i = 0; i < m->contribution.cells_count; i++) {
        const struct contributed_cell *c = &m->contribution.cells[i];
        if (listed ? c->cell.scope == SCOPE_WAVE && c->cell.wave == m->request->wave
                   : c->cell.scope == SCOPE_TRAINING && c->cell.training == m->training)
            return c->measures;
        if (c->cell.scope == SCOPE_ALL)
            measures = c->measures & (BIT(ACCOUNTS) | BIT(ACTIVATED));
    }
    return measures;
}

static bool is_shown(const struct matcher *m, int platform)
{
    for (size_t i = 0; platform != RULES_NONE && i < pg_rows_count(m->shown); i++)
        if (strcmp(pg_rows_value(m->shown, i, 0), rules_platform(m->request->rules, platform)) == 0)
            return true;
    return false;
}

static bool activation_shown(const struct matcher *m)
{
    for (size_t i = 0; i < m->facts.account_count; i++)
        if (is_shown(m, m->facts.accounts[i].platform))
            return true;
    return false;
}

static void take_listing(struct matcher *m, const struct people *people,
                         const struct listing *listing, struct match_person *out)
{
    const struct fact_identity *identity = listing->fact->identity;
    struct arena *arena = &m->out->arena;
    out->listed = true;
    out->listing = listing->subject->key;
    out->unit = arena_text(arena, strings_text(people->strings, identity->unit));
    out->group = arena_text(arena, strings_text(people->strings, identity->study_group));
    for (size_t i = 0; i < m->contribution.deadlines_count; i++)
        if (m->contribution.deadlines[i].wave == m->request->wave)
            out->day_0 = m->contribution.deadlines[i].day_0;
}

static bool lists_key(const struct matcher *m, struct key128 key)
{
    for (size_t i = 0; i < m->facts.listing_count; i++)
        if (m->facts.listings[i].wave == m->request->wave &&
            key128_equal(m->facts.listings[i].subject->key, key))
            return true;
    return false;
}

void matcher_describe(struct matcher *m, const struct people *people, const struct person *person,
                      const struct key128 *own, struct match_person *out)
{
    *out = (struct match_person){
        .found = true, .day_0 = NEVER, .due = NEVER, .person = person->key, .unit = "", .group = ""};
    measure_person(m->measurer, people, person, false, &m->contribution);
    const struct listing *listing = matcher_listing(m, person);
    if (listing)
        take_listing(m, people, listing, out);
    if (own && lists_key(m, *own))
        out->listing = *own;
    out->status = follow_up_status_of(measures_of(m, listing != NULL), activation_shown(m));
}

bool matcher_stands_here(const struct matcher *m, const struct people *people, size_t row)
{
    const struct roster_person *p = &m->request->list->persons[row];
    for (size_t i = 0; i < m->facts.listing_count; i++) {
        const struct fact_identity *identity = m->facts.listings[i].fact->identity;
        if (m->facts.listings[i].wave == m->request->wave && identity->row == p->row &&
            strcmp(strings_text(people->strings, identity->file), m->request->file) == 0 &&
            strcmp(strings_text(people->strings, identity->sheet),
                   m->request->sheet_names[p->sheet]) == 0)
            return true;
    }
    return false;
}

static void take(struct matcher *m, const struct match_person *person)
{
    if (person->listed && !key_table_get(&m->taken, person->person))
        key_table_put(&m->taken, person->person, m);
}

void matcher_consider(struct matcher *m, const struct people *people, const struct person *person,
                      const struct key128 *own, size_t row)
{
    struct match_person found, *kept = &m->out->persons[row];
    matcher_describe(m, people, person, own, &found);
    if (kept->found && (kept->listed || !found.listed))
        return;
    /* Under another key if it was corrected since. */
    found.as_sent = matcher_stands_here(m, people, row);
    *kept = found;
    take(m, kept);
}

/* ---- by the rows' own keys ---- */

static void ask_portion(const struct match_request *request, size_t from, size_t to,
                        struct asked_list *asked, struct key_list *subjects)
{
    struct key_list keys = {0};
    asked->count = subjects->count = 0;
    for (size_t row = from; row < to; row++) {
        const struct roster_person *p = &request->list->persons[row];
        keys.count = 0;
        if (p->same_as == SIZE_MAX)
            seeker_subjects(request->seeker, p, &keys);
        asked_add(asked, row, &keys);
    }
    for (size_t i = 0; i < asked->count; i++)
        key_list_add(subjects, asked->items[i].key);
    key_list_release(&keys);
}

typedef void (*with_person)(void *context, const struct people *people, const struct person *person,
                            const struct asked *asked);

/* Calls back for each row and person that has the row's key. */
static bool each_keyed(const struct match_request *request, with_person visit, void *context,
                       struct error *err)
{
    struct asked_list asked = {0};
    struct key_list subjects = {0};
    bool fine = true;
    for (size_t from = 0; fine && from < request->list->person_count; from += MATCH_PORTION) {
        size_t left = request->list->person_count - from;
        ask_portion(request, from, from + (left < MATCH_PORTION ? left : MATCH_PORTION), &asked,
                    &subjects);
        struct people people;
        people_init(&people);
        fine = persons_load(request->pg, request->rules, &subjects, &people, err);
        for (size_t i = 0; fine && i < asked.count; i++) {
            const struct subject *subject = people_subject(&people, asked.items[i].key);
            if (subject)
                visit(context, &people, subject->person, &asked.items[i]);
        }
        people_release(&people);
    }
    free(asked.items);
    key_list_release(&subjects);
    return fine;
}

static void take_keyed(void *context, const struct people *people, const struct person *person,
                       const struct asked *asked)
{
    matcher_consider(context, people, person, &asked->key, asked->row);
}

/* ---- which wave ---- */

struct wave_counting {
    const struct match_request *request;
    const int *waves;
    size_t count, *listed;
    struct person_facts facts;
};

static void count_listed(void *context, const struct people *people, const struct person *person,
                         const struct asked *asked)
{
    struct wave_counting *c = context;
    (void)people;
    (void)asked;
    person_facts_gather(&c->facts, person);
    for (size_t i = 0; i < c->count; i++)
        c->listed[i] += person_facts_latest(&c->facts, ANY, c->waves[i], ANY) != NULL;
}

bool match_waves(const struct match_request *request, const int *waves, size_t count,
                 size_t *listed, struct error *err)
{
    struct wave_counting counting = {request, waves, count, listed, {.rules = request->rules}};
    memset(listed, 0, count * sizeof(*listed));
    bool fine = each_keyed(request, count_listed, &counting, err);
    person_facts_release(&counting.facts);
    return fine;
}

/* ---- issues and due days ---- */

struct listing_row {
    struct key128 listing;
    size_t row;
};

static int compare_listings(const void *a, const void *b)
{
    const struct listing_row *x = a, *y = b;
    return key128_compare(x->listing, y->listing);
}

/* Of a person whom two units list, each row has its own issues. */
static bool is_of_unit(const struct matcher *m, size_t row, const char *unit)
{
    const char *own = m->request->list->persons[row].unit;
    return own == NULL || strcmp(own, unit) == 0;
}

static void note_issue(struct matcher *m, const struct listing_row *rows, size_t count,
                       struct key128 listing, const char *unit, const char *kind)
{
    uint64_t bit = follow_up_kind_bit(m->request->kinds, kind);
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (key128_compare(rows[middle].listing, listing) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && key128_equal(rows[low].listing, listing); low++)
        if (is_of_unit(m, rows[low].row, unit))
            m->out->persons[rows[low].row].issues |= bit;
}

static void copy_value(const struct pg_rows *rows, size_t row, size_t column, char out[64])
{
    size_t length = pg_rows_length(rows, row, column);
    length = length < 64 ? length : 63;
    memcpy(out, pg_rows_value(rows, row, column), length);
    out[length] = '\0';
}

static bool ask_issues(struct matcher *m, const struct listing_row *rows, size_t count,
                       struct error *err)
{
    struct pg_array keys = {0};
    const char *wave = rules_wave(m->request->rules, m->request->wave)->code;
    pg_array_start(&keys, PG_UUID);
    for (size_t i = 0; i < count; i++)
        pg_array_key(&keys, rows[i].listing);
    const struct pg_parameter parameters[] = {pg_array_parameter(&keys),
                                              {PG_TEXT, wave, strlen(wave)}};
    struct pg_rows *found = pg_query_binary(m->request->pg, sql_follow_up_issues, 2, parameters, err);
    pg_array_release(&keys);
    for (size_t i = 0; found && i < pg_rows_count(found); i++) {
        char unit[64], kind[64];
        copy_value(found, i, 1, unit);
        copy_value(found, i, 2, kind);
        note_issue(m, rows, count, pg_read_key(pg_rows_value(found, i, 0)), unit, kind);
    }
    pg_rows_free(found);
    return found != NULL;
}

static bool find_issues(struct matcher *m, struct error *err)
{
    size_t total = m->request->list->person_count, count = 0;
    struct listing_row *rows = must_have(calloc(total + 1, sizeof(*rows)));
    for (size_t i = 0; i < total; i++)
        if (m->out->persons[i].listed)
            rows[count++] = (struct listing_row){m->out->persons[i].listing, i};
    if (count)
        qsort(rows, count, sizeof(*rows), compare_listings);
    bool fine = true;
    for (size_t from = 0, to; fine && from < count; from = to) {
        to = count - from > 2 * MATCH_PORTION ? from + MATCH_PORTION : count;
        while (to < count && key128_equal(rows[to].listing, rows[to - 1].listing))
            to++;
        fine = ask_issues(m, rows + from, to - from, err);
    }
    free(rows);
    return fine;
}

static int compare_days(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Takes the rows of (day 0, day due), both since 1970. */
static void set_due(struct matcher *m, const struct pg_rows *rows)
{
    for (size_t i = 0; i < m->request->list->person_count; i++) {
        struct match_person *p = &m->out->persons[i];
        for (size_t k = 0; p->day_0 != NEVER && p->due == NEVER && k < pg_rows_count(rows); k++)
            if (pg_read_int4(pg_rows_value(rows, k, 0)) == p->day_0)
                p->due = pg_read_int4(pg_rows_value(rows, k, 1));
        m->out->due_unknown = m->out->due_unknown || (p->day_0 != NEVER && p->due == NEVER);
    }
}

static bool find_due(struct matcher *m, struct error *err)
{
    size_t total = m->request->list->person_count, count = 0;
    int32_t *days = must_have(calloc(total + 1, sizeof(*days)));
    for (size_t i = 0; i < total; i++)
        if (m->out->persons[i].day_0 != NEVER)
            days[count++] = m->out->persons[i].day_0;
    if (count)
        qsort(days, count, sizeof(*days), compare_days);
    struct pg_array array = {0};
    pg_array_start(&array, PG_DATE);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || days[i] != days[i - 1])
            pg_array_date(&array, days[i]);
    free(days);
    struct text_buffer number = {0};
    pg_put_int4(&number, rules_training(m->request->rules, m->training)->deadline_working_days);
    const struct pg_parameter parameters[] = {pg_array_parameter(&array),
                                              {PG_INT4, number.data + 4, 4}};
    struct pg_rows *rows =
        count ? pg_query_binary(m->request->pg, sql_follow_up_due, 2, parameters, err) : NULL;
    pg_array_release(&array);
    text_buffer_free(&number);
    if (rows)
        set_due(m, rows);
    pg_rows_free(rows);
    return rows != NULL || count == 0;
}

/* ---- faults of the rows themselves ---- */

/* What live says of the very row that was sent stands, with all that was corrected since; of any other the row itself speaks too. */
static void add_own_faults(struct matcher *m, size_t row)
{
    const struct roster_person *p = &m->request->list->persons[row];
    struct match_person *out = &m->out->persons[row];
    unsigned faults = out->as_sent ? 0 : p->faults;
    for (enum roster_fault fault = 0; fault < ROSTER_FAULT_COUNT; fault++)
        if (faults >> fault & 1U)
            out->issues |= follow_up_kind_bit(m->request->kinds, fault == ROSTER_EMAIL_SHARED
                                                                     ? "identifier_shared"
                                                                     : roster_fault_name(fault));
}

static void spread(struct matcher *m)
{
    const struct roster_list *list = m->request->list;
    for (size_t i = 0; i < list->person_count; i++)
        if (list->persons[i].same_as == SIZE_MAX)
            add_own_faults(m, i);
    for (size_t i = 0; i < list->person_count; i++)
        if (list->persons[i].same_as != SIZE_MAX)
            m->out->persons[i] = m->out->persons[list->persons[i].same_as];
}

/* ---- all ---- */

static bool knows_anybody(const struct matcher *m)
{
    for (size_t i = 0; i < m->request->list->person_count; i++)
        if (m->out->persons[i].found || m->out->persons[i].unclear)
            return true;
    return false;
}

/* As with another key than the lists were read with: then "no account" would be said of everybody. */
static void know_nobody(struct matcher *m)
{
    m->out->nobody = true;
    for (size_t i = 0; i < m->request->list->person_count; i++)
        m->out->persons[i].status = FOLLOW_UP_UNCLEAR;
}

static bool read_shown(struct matcher *m, struct error *err)
{
    const char *training = rules_training(m->request->rules, m->training)->code;
    m->shown = pg_query(m->request->pg, sql_follow_up_platforms, 1, &training, err);
    return m->shown != NULL;
}

bool match_list(const struct match_request *request, struct match *out, struct error *err)
{
    size_t count = request->list->person_count;
    struct matcher m = {.request = request,
                        .out = out,
                        .training = rules_wave(request->rules, request->wave)->training,
                        .measurer = measurer_new(request->rules),
                        .facts = {.rules = request->rules}};
    *out = (struct match){.persons = must_have(calloc(count + 1, sizeof(*out->persons)))};
    for (size_t i = 0; i < count; i++)
        out->persons[i] = (struct match_person){
            .status = FOLLOW_UP_NO_ACCOUNT, .day_0 = NEVER, .due = NEVER, .unit = "", .group = ""};
    bool fine = read_shown(&m, err) && each_keyed(request, take_keyed, &m, err) &&
                match_others(&m, err) && match_misnamed(&m, err) && find_issues(&m, err) &&
                find_due(&m, err);
    if (fine) {
        if (!knows_anybody(&m))
            know_nobody(&m);
        spread(&m);
    }
    pg_rows_free(m.shown);
    measurer_free(m.measurer);
    contribution_release(&m.contribution);
    person_facts_release(&m.facts);
    key_table_clear(&m.taken);
    return fine;
}

void match_release(struct match *match)
{
    free(match->persons);
    arena_free(&match->arena);
    *match = (struct match){0};
}
