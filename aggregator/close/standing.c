#include "standing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

struct standing {
    struct key128 subject;
    uint32_t person;
};

/* Its shares end where the next one's begin. */
struct stander {
    size_t first;
    uint64_t sum; /* of their hashes: the order of shares means nothing */
};

struct standings {
    const char *training, *wave;
    struct strings *codes;
    pthread_mutex_t lock;
    struct standing *subjects;
    size_t subject_count, subject_capacity;
    struct stander *people;
    size_t count, capacity;
    struct share *shares;
    size_t share_count, share_capacity;
};

struct standings *standings_new(const char *training, const char *wave, struct strings *codes)
{
    struct standings *s = must_have(calloc(1, sizeof(*s)));
    s->training = training;
    s->wave = wave;
    s->codes = codes;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void standings_free(struct standings *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s->subjects);
    free(s->people);
    free(s->shares);
    free(s);
}

/* Hearing ------------------------------------------------------------------------------------------------------------------ */

static uint32_t code(struct standings *s, const char *text)
{
    return strings_intern(s->codes, text, strlen(text));
}

static uint32_t wave_code(struct standings *s, const struct fold *fold, int32_t wave)
{
    return wave == RULES_NONE ? 0 : code(s, rules_wave(fold_rules(fold), wave)->code);
}

static void add(struct standings *s, struct share share)
{
    s->shares = array_room(s->shares, s->share_count, &s->share_capacity, sizeof(*s->shares));
    s->people[s->count].sum += share_hash(&share);
    s->shares[s->share_count++] = share;
}

static bool of_training(const struct standings *s, const struct fold *fold, int32_t training)
{
    return training != RULES_NONE &&
           strcmp(rules_training(fold_rules(fold), training)->code, s->training) == 0;
}

static void add_tallies(struct standings *s, const struct contribution *c, const struct fold *fold)
{
    for (size_t i = 0; i < c->cells_count; i++) {
        const struct cell *cell = &c->cells[i].cell;
        bool counts = cell->scope == SCOPE_WAVE ||
                      (cell->scope == SCOPE_TRAINING && *fold_text(fold, cell->unit));
        if (counts && of_training(s, fold, cell->training))
            add(s, (struct share){.kind = SHARE_TALLY,
                                  .wave = wave_code(s, fold, cell->wave),
                                  .unit = code(s, fold_text(fold, cell->unit)),
                                  .detail = code(s, fold_text(fold, cell->study_group)),
                                  .of.measures = c->cells[i].measures});
    }
}

static void add_deadlines(struct standings *s, const struct contribution *c, const struct fold *fold)
{
    for (size_t i = 0; i < c->deadlines_count; i++) {
        const struct deadline *d = &c->deadlines[i];
        if (of_training(s, fold, d->training))
            add(s, (struct share){.kind = SHARE_DEADLINE,
                                  .wave = wave_code(s, fold, d->wave),
                                  .unit = code(s, fold_text(fold, d->unit)),
                                  .of.deadline = {d->day_0, d->completed_on, d->lectures}});
    }
}

/* Faults without a wave belong to every wave. */
static void add_issues(struct standings *s, const struct contribution *c, const struct fold *fold)
{
    for (size_t i = 0; i < c->issues_count; i++) {
        const struct issue *issue = &c->issues[i];
        const char *wave = fold_text(fold, issue->wave_code);
        if (!*wave || strcmp(wave, s->wave) == 0)
            add(s, (struct share){.kind = SHARE_ISSUE,
                                  .wave = code(s, wave),
                                  .unit = code(s, fold_text(fold, issue->unit)),
                                  .detail = issue->kind,
                                  .of.name = issue->name});
    }
}

static void hear(void *context, const struct person *person,
                 const struct contribution *contribution, const struct fold *fold)
{
    struct standings *s = context;
    pthread_mutex_lock(&s->lock);
    s->people = array_room(s->people, s->count, &s->capacity, sizeof(*s->people));
    s->people[s->count] = (struct stander){.first = s->share_count};
    add_tallies(s, contribution, fold);
    add_deadlines(s, contribution, fold);
    add_issues(s, contribution, fold);
    /* Who adds nothing is of no interest, unless linked with somebody who does, and then is part of that person. */
    for (const struct subject *subject = person->first;
         subject && s->share_count > s->people[s->count].first; subject = subject->next) {
        s->subjects =
            array_room(s->subjects, s->subject_count, &s->subject_capacity, sizeof(*s->subjects));
        s->subjects[s->subject_count++] = (struct standing){subject->key, (uint32_t)s->count};
    }
    s->count += s->share_count > s->people[s->count].first;
    pthread_mutex_unlock(&s->lock);
}

struct bulk_rows standings_watch(struct standings *standings)
{
    return (struct bulk_rows){.context = standings, .person = hear};
}

static size_t shares_of(const struct standings *s, size_t person)
{
    return (person + 1 < s->count ? s->people[person + 1].first : s->share_count) -
           s->people[person].first;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t *standings_names(const struct standings *s, enum issue_kind kind, const uint32_t *unit,
                         bool once, size_t *count)
{
    int64_t *names = NULL;
    size_t capacity = 0, distinct = 0;
    *count = 0;
    for (size_t i = 0; i < s->share_count; i++) {
        const struct share *share = &s->shares[i];
        if (share->kind != SHARE_ISSUE || share->detail != (uint32_t)kind || !share->of.name ||
            (unit && share->unit != *unit))
            continue;
        names = array_room(names, *count, &capacity, sizeof(*names));
        names[(*count)++] = share->of.name;
    }
    if (*count)
        qsort(names, *count, sizeof(*names), by_number);
    for (size_t i = 0, end; i < *count; i = end) {
        for (end = i + 1; end < *count && names[end] == names[i]; end++)
            ;
        if (!once || end == i + 1)
            names[distinct++] = names[i];
    }
    *count = distinct;
    return names;
}

/* Comparing ---------------------------------------------------------------------------------------------------------------- */

static int by_subject(const void *a, const void *b)
{
    return key128_compare(((const struct standing *)a)->subject,
                          ((const struct standing *)b)->subject);
}

/* People of both sides, those after behind those before; who shares a subject is joined. */
struct comparison {
    struct standings *sides[2];
    uint32_t *parent; /* per person, towards the first of those that are joined */
    uint64_t *change; /* of that first one: hashes after less those before */
    uint32_t *numbers; /* of that first one: its place among the changed; NOBODY: it has not changed */
    struct changed_people *out;
};
#define NOBODY UINT32_MAX

static uint32_t first_of(struct comparison *c, uint32_t person)
{
    while (c->parent[person] != person)
        person = c->parent[person] = c->parent[c->parent[person]];
    return person;
}

static void join(struct comparison *c, uint32_t a, uint32_t b)
{
    a = first_of(c, a);
    b = first_of(c, b);
    c->parent[a > b ? a : b] = a > b ? b : a;
}

/* Each subject once, ascending, with one of those whose it is. */
static void each_subject(struct comparison *c,
                         void (*visit)(struct comparison *c, struct key128 subject, uint32_t person))
{
    const struct standings *before = c->sides[0], *after = c->sides[1];
    uint32_t shift = (uint32_t)before->count;
    for (size_t i = 0, k = 0; i < before->subject_count || k < after->subject_count;) {
        const struct standing *old = i < before->subject_count ? &before->subjects[i] : NULL;
        const struct standing *new = k < after->subject_count ? &after->subjects[k] : NULL;
        int order = !old ? 1 : !new ? -1 : by_subject(old, new);
        if (order == 0)
            join(c, old->person, shift + new->person);
        visit(c, order <= 0 ? old->subject : new->subject,
              order <= 0 ? old->person : shift + new->person);
        i += order <= 0;
        k += order >= 0;
    }
}

static void pass_over(struct comparison *c UNUSED, struct key128 subject UNUSED,
                      uint32_t person UNUSED)
{
}

/* Subjects come in their order: so do those whose least one each is. */
static void count_subject(struct comparison *c, struct key128 subject UNUSED, uint32_t person)
{
    uint32_t first = first_of(c, person);
    if (c->change[first] == 0)
        return;
    if (c->numbers[first] == NOBODY)
        c->numbers[first] = (uint32_t)c->out->count++;
    c->out->items[c->numbers[first]].subject_count++;
    c->out->subject_count++;
}

static void put_subject(struct comparison *c, struct key128 subject, uint32_t person)
{
    uint32_t number = c->numbers[first_of(c, person)];
    if (number == NOBODY)
        return;
    struct changed_person *changed = &c->out->items[number];
    c->out->subjects[changed->first_subject + changed->subject_count++] = subject;
}

static void compare_sums(struct comparison *c)
{
    uint32_t shift = (uint32_t)c->sides[0]->count;
    for (size_t i = 0; i < c->sides[0]->count; i++)
        c->change[first_of(c, (uint32_t)i)] -= c->sides[0]->people[i].sum;
    for (size_t i = 0; i < c->sides[1]->count; i++)
        c->change[first_of(c, shift + (uint32_t)i)] += c->sides[1]->people[i].sum;
}

/* Counted first, so that each person's shares stand one behind the other. */
static void put_shares(struct comparison *c, int side)
{
    const struct standings *s = c->sides[side];
    uint32_t shift = side ? (uint32_t)c->sides[0]->count : 0;
    size_t all = 0;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < s->count; i++) {
            uint32_t number = c->numbers[first_of(c, shift + (uint32_t)i)];
            if (number == NOBODY)
                continue;
            struct changed_person *changed = &c->out->items[number];
            size_t count = shares_of(s, i);
            if (turn)
                memcpy(&c->out->shares[side][changed->first[side] + changed->count[side]],
                       &s->shares[s->people[i].first], count * sizeof(struct share));
            changed->count[side] += count;
        }
        for (size_t i = 0; turn == 0 && i < c->out->count; i++) {
            c->out->items[i].first[side] = all;
            all += c->out->items[i].count[side];
            c->out->items[i].count[side] = 0;
        }
        if (turn == 0)
            c->out->shares[side] = must_have(calloc(all + 1, sizeof(struct share)));
    }
}

static void put_all(struct comparison *c)
{
    size_t all = 0;
    each_subject(c, count_subject);
    c->out->subjects = must_have(calloc(c->out->subject_count + 1, sizeof(struct key128)));
    for (size_t i = 0; i < c->out->count; i++) {
        c->out->items[i].first_subject = all;
        all += c->out->items[i].subject_count;
        c->out->items[i].subject_count = 0;
    }
    each_subject(c, put_subject);
    put_shares(c, 0);
    put_shares(c, 1);
}

void changed_people_find(struct standings *before, struct standings *after,
                         struct changed_people *people)
{
    size_t count = before->count + after->count;
    struct comparison c = {.sides = {before, after}, .out = people};
    *people = (struct changed_people){.count = 0};
    people->items = must_have(calloc(count + 1, sizeof(*people->items)));
    c.parent = must_have(calloc(count + 1, sizeof(*c.parent)));
    c.change = must_have(calloc(count + 1, sizeof(*c.change)));
    c.numbers = must_have(calloc(count + 1, sizeof(*c.numbers)));
    for (size_t i = 0; i < count; i++) {
        c.parent[i] = (uint32_t)i;
        c.numbers[i] = NOBODY;
    }
    for (int side = 0; side < 2; side++)
        if (c.sides[side]->subject_count)
            qsort(c.sides[side]->subjects, c.sides[side]->subject_count, sizeof(struct standing),
                  by_subject);
    /* Within a side, whose subjects are one person's is known already. */
    each_subject(&c, pass_over);
    compare_sums(&c);
    put_all(&c);
    free(c.parent);
    free(c.change);
    free(c.numbers);
}

void changed_people_release(struct changed_people *people)
{
    free(people->items);
    free(people->subjects);
    free(people->shares[0]);
    free(people->shares[1]);
    *people = (struct changed_people){0};
}

bool changed_person_moves(const struct changed_people *people, size_t number,
                          const struct share_query *query)
{
    const struct changed_person *p = &people->items[number];
    return shares_sum(query, 0, &people->shares[0][p->first[0]], p->count[0]) !=
           shares_sum(query, 1, &people->shares[1][p->first[1]], p->count[1]);
}
