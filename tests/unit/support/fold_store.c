#include "fold_store_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fold_store *fold_store_new(void)
{
    struct fold_store *s = calloc(1, sizeof(struct fold_store));
    if (!s || !(s->visible = calloc(1, sizeof(struct fold_store))))
        abort();
    return s;
}

void fold_store_free(struct fold_store *s)
{
    if (!s)
        return;
    fold_store_free(s->visible);
    for (size_t i = 0; i < s->state_count; i++)
        free(s->states[i].bytes);
    free(s->states);
    free(s->members);
    free(s->carriers);
    free(s->tallies);
    free(s->deadlines);
    free(s->moments);
    free(s->activity);
    free(s->issues);
    free(s);
}

static bool has_key(const struct key_list *list, struct key128 key)
{
    size_t i = 0;
    while (i < list->count && !key128_equal(list->keys[i], key))
        i++;
    return i < list->count;
}

static void add_key(struct key_list *list, struct key128 key)
{
    if (!has_key(list, key))
        key_list_add(list, key);
}

static const struct key128 *person_of(const struct fold_store *s, struct key128 subject)
{
    for (size_t i = 0; i < s->member_count; i++)
        if (key128_equal(s->members[i].subject, subject))
            return &s->members[i].person;
    return NULL;
}

/* The closure of the real store's SQL, done naively. */
static void add_carriers(const struct fold_store *s, const struct fold_plan *plan,
                         struct key_list *connected)
{
    struct key_list identifiers = {0};
    for (size_t i = 0; i < plan->identifiers.count; i++)
        add_key(&identifiers, plan->identifiers.keys[i]);
    for (size_t i = 0; i < s->carrier_count; i++)
        if (has_key(&plan->identity_subjects, s->carriers[i].carrier.subject))
            add_key(&identifiers, s->carriers[i].identifier);
    for (size_t i = 0; i < plan->connected.count; i++)
        add_key(connected, plan->connected.keys[i]);
    for (size_t i = 0; i < s->carrier_count; i++)
        if (has_key(&identifiers, s->carriers[i].identifier))
            add_key(connected, s->carriers[i].carrier.subject);
    key_list_release(&identifiers);
}

static void load_persons(const struct fold_store *s, struct fold *fold, struct key_list *subjects)
{
    size_t direct = subjects->count;
    for (size_t i = 0; i < direct; i++) {
        const struct key128 *person = person_of(s, subjects->keys[i]);
        for (size_t k = 0; person && k < s->member_count; k++)
            if (key128_equal(s->members[k].person, *person))
                add_key(subjects, s->members[k].subject);
    }
    for (size_t i = 0; i < subjects->count; i++)
        fold_load_subject(fold, subjects->keys[i], person_of(s, subjects->keys[i]));
}

static void load_carriers(const struct fold_store *s, struct fold *fold,
                          const struct fold_plan *plan, const struct key_list *connected)
{
    struct key_list carrying = {0}, identifiers = {0};
    fold_identify(fold, connected, &carrying);
    for (size_t i = 0; i < plan->identifiers.count; i++)
        add_key(&identifiers, plan->identifiers.keys[i]);
    for (size_t i = 0; i < s->carrier_count; i++)
        if (has_key(&carrying, s->carriers[i].carrier.subject))
            add_key(&identifiers, s->carriers[i].identifier);
    for (size_t i = 0; i < s->carrier_count; i++)
        if (has_key(&identifiers, s->carriers[i].identifier))
            fold_load_carrier(fold, s->carriers[i].identifier, &s->carriers[i].carrier);
    key_list_release(&carrying);
    key_list_release(&identifiers);
}

static void load(const struct fold_store *s, struct fold *fold, const struct fold_plan *plan)
{
    struct key_list subjects = {0}, connected = {0};
    add_carriers(s, plan, &connected);
    for (size_t i = 0; i < plan->subjects.count; i++)
        add_key(&subjects, plan->subjects.keys[i]);
    for (size_t i = 0; i < connected.count; i++)
        if (!people_subject(fold_people(fold), connected.keys[i]))
            add_key(&subjects, connected.keys[i]);
    load_persons(s, fold, &subjects);
    load_carriers(s, fold, plan, &connected);
    for (size_t i = 0; i < s->state_count; i++) {
        struct error err = {0};
        if (has_key(&subjects, s->states[i].subject) &&
            !fold_load_dossier(fold, s->states[i].subject, s->states[i].training,
                               s->states[i].bytes, s->states[i].length, &err)) {
            fprintf(stderr, "%s\n", err.message);
            abort();
        }
    }
    fold_loaded(fold, plan);
    key_list_release(&subjects);
    key_list_release(&connected);
}

static void *copy_of(const void *items, size_t bytes)
{
    void *copy = malloc(bytes + 1);
    if (!copy)
        abort();
    if (bytes)
        memcpy(copy, items, bytes);
    return copy;
}

static void make_visible(struct fold_store *s)
{
    fold_store_free(s->visible);
    struct fold_store *v = s->visible = calloc(1, sizeof(struct fold_store));
    if (!v)
        abort();
    v->states = copy_of(s->states, s->state_count * sizeof(*s->states));
    v->members = copy_of(s->members, s->member_count * sizeof(*s->members));
    v->carriers = copy_of(s->carriers, s->carrier_count * sizeof(*s->carriers));
    v->activity = copy_of(s->activity, s->activity_count * sizeof(*s->activity));
    v->activity_count = s->activity_count;
    v->state_count = s->state_count;
    v->member_count = s->member_count;
    v->carrier_count = s->carrier_count;
    for (size_t i = 0; i < v->state_count; i++)
        v->states[i].bytes = copy_of(s->states[i].bytes, s->states[i].length);
}

size_t fold_store_find_state(const struct fold_store *s, struct key128 subject, const char *training)
{
    size_t at = 0;
    while (at < s->state_count && !(key128_equal(s->states[at].subject, subject) &&
                                    strcmp(s->states[at].training, training) == 0))
        at++;
    return at;
}

static void save_state(struct fold_store *s, const struct fold *fold,
                       const struct state_change *change)
{
    const char *training = change->dossier->training == RULES_NONE
                               ? ""
                               : rules_training(fold_rules(fold), change->dossier->training)->code;
    struct text_buffer packed = {0};
    facts_pack(change->dossier->facts, change->dossier->count, fold_rules(fold),
               fold_people(fold)->strings, &packed);
    size_t at = fold_store_find_state(s, change->subject->key, training);
    if ((at < s->state_count) != change->dossier->stored)
        abort(); /* the real store would insert what is there, or update what is not */
    if (change->dossier->count == 0) { /* erased */
        text_buffer_free(&packed);
        if (at == s->state_count)
            return;
        free(s->states[at].bytes);
        s->states[at] = s->states[--s->state_count];
        return;
    }
    if (at == s->state_count) {
        ROOM(s->states, s->state_count);
        s->states[at] = (struct state_row){.subject = change->subject->key};
        snprintf(s->states[at].training, sizeof(s->states[at].training), "%s", training);
        s->state_count++;
    }
    free(s->states[at].bytes);
    s->states[at].bytes = packed.data;
    s->states[at].length = packed.length;
}

void fold_store_save_member(struct fold_store *s, const struct member_change *change)
{
    size_t at = 0;
    while (at < s->member_count && !key128_equal(s->members[at].subject, change->subject))
        at++;
    if (!change->linked) {
        if (at < s->member_count)
            s->members[at] = s->members[--s->member_count];
        return;
    }
    if (at == s->member_count) {
        ROOM(s->members, s->member_count);
        s->member_count++;
    }
    s->members[at] = *change;
}

void fold_store_save_carrier(struct fold_store *s, const struct carrier_change *change)
{
    size_t at = 0;
    while (at < s->carrier_count &&
           !(key128_equal(s->carriers[at].identifier, change->identifier) &&
             key128_equal(s->carriers[at].carrier.subject, change->carrier.subject)))
        at++;
    if (!change->carries) {
        if (at < s->carrier_count)
            s->carriers[at] = s->carriers[--s->carrier_count];
        return;
    }
    if (at == s->carrier_count) {
        ROOM(s->carriers, s->carrier_count);
        s->carrier_count++;
    }
    s->carriers[at] = *change;
}

static void save_tally(struct fold_store *s, const struct tally_change *change)
{
    size_t at = 0;
    while (at < s->tally_count && memcmp(&s->tallies[at].cell, &change->cell, sizeof(struct cell)))
        at++;
    if (at == s->tally_count) {
        ROOM(s->tallies, s->tally_count);
        s->tallies[at] = (struct tally_change){.cell = change->cell};
        s->tally_count++;
    }
    for (int m = 0; m < TALLY_COLUMNS; m++)
        s->tallies[at].delta[m] += change->delta[m];
}

static void save_deadline(struct fold_store *s, const struct deadline_change *change)
{
    size_t at = 0;
    while (at < s->deadline_count &&
           memcmp(&s->deadlines[at].deadline, &change->deadline, sizeof(struct deadline)))
        at++;
    if (at == s->deadline_count) {
        ROOM(s->deadlines, s->deadline_count);
        s->deadlines[s->deadline_count++] = (struct deadline_change){change->deadline, 0};
    }
    s->deadlines[at].delta += change->delta;
}

static void save_moment(struct fold_store *s, const struct moment_change *change)
{
    size_t at = 0;
    while (at < s->moment_count &&
           memcmp(&s->moments[at].moment, &change->moment, sizeof(struct moment)))
        at++;
    if (at == s->moment_count) {
        ROOM(s->moments, s->moment_count);
        s->moments[s->moment_count++] = (struct moment_change){change->moment, {0}};
    }
    for (int m = 0; m < MOMENT_COLUMNS; m++)
        s->moments[at].delta[m] += change->delta[m];
}

static size_t find_activity(const struct fold_store *s, const struct activity_row *row)
{
    size_t at = 0;
    while (at < s->activity_count && (s->activity[at].month != row->month ||
                                      memcmp(&s->activity[at].key, &row->key, sizeof(row->key))))
        at++;
    return at;
}

static void load_activity(const struct fold_store *s, struct fold *fold)
{
    struct activity *activity = fold_activity(fold);
    for (size_t i = 0; i < activity->changed_count; i++) {
        struct activity_row *row = activity->changed[i];
        size_t at = row->loaded ? s->activity_count : find_activity(s, row);
        if (at == s->activity_count)
            continue;
        for (int c = 0; c < ACTIVITY_COLUMNS; c++)
            for (int d = 0; d < MONTH_DAYS; d++)
                row->counts[c][d] += s->activity[at].counts[c][d];
        row->stored = true;
    }
    activity_loaded(activity);
}

/* Written whole. */
static void save_activity(struct fold_store *s, const struct activity_row *row)
{
    size_t at = find_activity(s, row);
    if ((at < s->activity_count) != row->stored)
        abort();
    if (activity_is_zero(row)) {
        if (row->stored)
            s->activity[at] = s->activity[--s->activity_count];
        return;
    }
    if (at == s->activity_count) {
        ROOM(s->activity, s->activity_count);
        s->activity_count++;
    }
    s->activity[at] = *row;
}

static void save_issue(struct fold_store *s, const struct issue_change *change)
{
    size_t at = 0;
    while (at < s->issue_count && !(s->issues[at].kind == change->issue.kind &&
                                    key128_equal(s->issues[at].subject, change->issue.subject) &&
                                    s->issues[at].wave_code == change->issue.wave_code &&
                                    s->issues[at].unit == change->issue.unit))
        at++;
    if (!change->after) {
        if (at < s->issue_count)
            s->issues[at] = s->issues[--s->issue_count];
        return;
    }
    if (at == s->issue_count) {
        ROOM(s->issues, s->issue_count);
        s->issue_count++;
    }
    s->issues[at] = change->issue;
}

/* With the keys that decoding gives an event. */
struct event *fold_store_decoded(const struct event *events, size_t count)
{
    struct event *all = copy_of(events, count * sizeof(*events));
    for (size_t i = 0; i < count; i++) {
        struct event *e = &all[i];
        if (e->subject)
            e->subject_key = key128_of(e->subject, strlen(e->subject));
        if (e->entity)
            e->entity_key = key128_of(e->entity, strlen(e->entity));
        if (e->type == EVENT_LEARNER_ERASED) /* scripts name the learner; events only the hash */
            e->subject_key = key128_of(e->key, strlen(e->key));
    }
    return all;
}

void fold_store_apply(struct fold_store *s, struct fold *fold, const struct event *script,
                      size_t count)
{
    struct event *events = fold_store_decoded(script, count);
    struct fold_plan plan = {0};
    fold_plan(fold, events, count, &plan);
    load(s->visible, fold, &plan);
    fold_plan_release(&plan);
    fold_apply(fold);
    free(events);
}

void fold_store_save_figures(struct fold_store *s, const struct changes *changes)
{
    for (size_t i = 0; i < changes->tallies.count; i++)
        save_tally(s, &changes->tallies.items[i]);
    for (size_t i = 0; i < changes->deadlines.count; i++)
        save_deadline(s, &changes->deadlines.items[i]);
    for (size_t i = 0; i < changes->moments.count; i++)
        save_moment(s, &changes->moments.items[i]);
    for (size_t i = 0; i < changes->activity.changed_count; i++)
        save_activity(s, changes->activity.changed[i]);
    for (size_t i = 0; i < changes->issues.count; i++)
        save_issue(s, &changes->issues.items[i]);
}

void fold_store_save(struct fold_store *s, struct fold *fold)
{
    const struct changes *changes = fold_sorted_changes(fold);
    load_activity(s->visible, fold);
    make_visible(s);
    for (size_t i = 0; i < changes->states.count; i++)
        save_state(s, fold, &changes->states.items[i]);
    for (size_t i = 0; i < changes->members.count; i++)
        fold_store_save_member(s, &changes->members.items[i]);
    for (size_t i = 0; i < changes->carriers.count; i++)
        fold_store_save_carrier(s, &changes->carriers.items[i]);
    fold_store_save_figures(s, changes);
    fold_confirm(fold);
}

void fold_store_batch(struct fold_store *s, struct fold *fold, const struct event *script,
                      size_t count)
{
    fold_store_apply(s, fold, script, count);
    fold_store_save(s, fold);
}

int64_t fold_store_sum(const struct fold_store *s, enum scope scope, enum measure measure)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->tally_count; i++)
        if (s->tallies[i].cell.scope == scope)
            sum += s->tallies[i].delta[measure];
    return sum;
}
