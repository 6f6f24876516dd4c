#include "decide.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text_buffer.h"
#include "../write/rules_read.h"
#include "../write/store.h"
#include "sql.h"

#define MOST_BYTES ((size_t)1 << 40) /* nobody is evicted */

struct decider {
    struct rules *rules;
    struct fold *fold;
    struct measurer *measurer;
    struct contribution contribution;
    const struct counted_person *const *people;
    struct fact **facts; /* scratch: of one person, those that are taken away */
    size_t fact_count, fact_capacity;
};

/* ---- loading ---- */

static void add_key(struct text_buffer *out, struct key128 key)
{
    uint8_t bytes[16];
    char hex[33];
    key128_store(key, bytes);
    hex_encode(bytes, sizeof(bytes), hex);
    text_buffer_add_format(out, "%s%s", out->length ? "," : "{", hex);
}

static bool load_row(struct decider *d, const struct key_list *subjects, const struct pg_rows *rows,
                     size_t row, struct error *err)
{
    int64_t at = pg_rows_integer(rows, row, 0, -1);
    if (at < 0 || (size_t)at >= subjects->count)
        return error_set(err, ERROR_INTERNAL, false, "PostgreSQL answers with a state not asked for");
    const char *hex = pg_rows_value(rows, row, 2);
    size_t length = strlen(hex) / 2;
    uint8_t *bytes = must_have(malloc(length + 1));
    bool ok = hex_decode(hex, length, bytes) &&
              fold_load_dossier(d->fold, subjects->keys[at], pg_rows_value(rows, row, 1), bytes,
                                length, err);
    free(bytes);
    return ok;
}

static bool load(struct decider *d, struct pg *pg, int generation, size_t count, struct error *err)
{
    struct key_list subjects = {0};
    struct text_buffer array = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < d->people[i]->subject_count; k++) {
            fold_load_subject(d->fold, d->people[i]->subjects[k], &d->people[i]->key);
            key_list_add(&subjects, d->people[i]->subjects[k]);
            add_key(&array, d->people[i]->subjects[k]);
        }
    text_buffer_add_text(&array, subjects.count ? "}" : "{}");
    char *sql = store_sql(sql_replay_states_of, generation);
    struct pg_rows *rows = pg_query(pg, sql, 1, (const char *const[]){array.data}, err);
    bool ok = rows != NULL;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++)
        ok = load_row(d, &subjects, rows, i, err);
    pg_rows_free(rows);
    free(sql);
    text_buffer_free(&array);
    key_list_release(&subjects);
    return ok;
}

struct decider *decider_new(struct pg *pg, int generation, int config_version,
                            const struct counted_person *const *people, size_t count,
                            struct error *err)
{
    struct decider *d = must_have(calloc(1, sizeof(*d)));
    d->people = people;
    d->rules = rules_read(pg, config_version, err);
    if (d->rules) {
        d->fold = fold_new(d->rules, MOST_BYTES);
        d->measurer = measurer_new(d->rules);
        if (load(d, pg, generation, count, err))
            return d;
    }
    decider_free(d);
    return NULL;
}

void decider_free(struct decider *d)
{
    if (!d)
        return;
    contribution_release(&d->contribution);
    measurer_free(d->measurer);
    fold_free(d->fold);
    rules_free(d->rules);
    free(d->facts);
    free(d);
}

/* ---- counting ---- */

/* Kinds of facts that a measure is about, a bit each. */
static unsigned kinds_of(int measure)
{
#define KIND(kind) (1U << (kind))
    static const unsigned exams = KIND(FACT_EXAM);
    static const unsigned kinds[CELL_MEASURES] = {
        [MEASURE_REGISTERED] = KIND(FACT_LISTING),
        [MEASURE_ACCOUNTS] = KIND(FACT_ACCOUNT),
        [MEASURE_ACTIVATED] = KIND(FACT_ACCOUNT),
        [MEASURE_ENROLLED] = KIND(FACT_ENROLLMENT),
        [MEASURE_PARTICIPATED] = KIND(FACT_PROGRESS) | KIND(FACT_EXAM) | KIND(FACT_ATTENDANCE),
        [MEASURE_COMPLETED] = KIND(FACT_PROGRESS),
        [MEASURE_SAT] = exams,
        [MEASURE_PASSED] = exams,
        [MEASURE_FAILED] = exams,
        [MEASURE_CERTIFIED] = KIND(FACT_CERTIFICATE),
        [MEASURE_NOT_REGISTERED] = KIND(FACT_LISTING),
        [MEASURE_FIRST_TIME] = KIND(FACT_LISTING),
        [MEASURE_PASSED_FIRST] = exams,
        [MEASURE_SCORED] = exams,
        [CELL_NOT_PASSED] = KIND(FACT_LISTING),
    };
    return kinds[measure];
}

static size_t count(struct decider *d, const struct cell_query *query, const struct person *person)
{
    measure_person(d->measurer, fold_people(d->fold), person, false, &d->contribution);
    size_t own;
    return cell_query_count(query, &d->contribution, d->fold, &own);
}

static int by_time(const void *a, const void *b)
{
    const struct fact *x = *(struct fact *const *)a, *y = *(struct fact *const *)b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
                              : (x->entity > y->entity) - (x->entity < y->entity);
}

/* Takes the facts of these kinds away; they are listed in the order of their times. */
static void take_away(struct decider *d, const struct person *person, unsigned kinds)
{
    d->fact_count = 0;
    for (const struct subject *s = person->first; s; s = s->next)
        for (const struct dossier *dossier = s->dossiers; dossier; dossier = dossier->next)
            for (size_t i = 0; i < dossier->count; i++) {
                struct fact *fact = &dossier->facts[i];
                if (!(fact->flags & FACT_IN_FORCE) || !(kinds >> fact->kind & 1U))
                    continue;
                d->facts = array_room(d->facts, d->fact_count, &d->fact_capacity, sizeof(*d->facts));
                d->facts[d->fact_count++] = fact;
                fact->flags &= (uint8_t)~FACT_IN_FORCE;
            }
    if (d->fact_count)
        qsort(d->facts, d->fact_count, sizeof(*d->facts), by_time);
}

/* Gives them back one by one. */
static struct decision give_back(struct decider *d, const struct cell_query *query,
                                 const struct person *person, size_t whole)
{
    struct decision decision = {0};
    bool before = count(d, query, person) == whole;
    for (size_t i = 0; i < d->fact_count; i++) {
        d->facts[i]->flags |= FACT_IN_FORCE;
        bool now = count(d, query, person) == whole;
        if (now && !before)
            decision = (struct decision){d->facts[i]->entity, d->facts[i]->revision,
                                         d->facts[i]->hash, true};
        before = now;
    }
    return decision;
}

struct decision decider_find(struct decider *d, const struct cell_query *query, size_t i)
{
    const struct subject *subject = people_subject(fold_people(d->fold), d->people[i]->subjects[0]);
    const unsigned kinds[] = {kinds_of(query->measure), ~0U};
    struct decision decision = {0};
    const size_t whole = count(d, query, subject->person);
    for (size_t k = 0; k < ARRAY_LEN(kinds) && !decision.found; k++) {
        take_away(d, subject->person, kinds[k]);
        decision = give_back(d, query, subject->person, whole);
    }
    return decision;
}
