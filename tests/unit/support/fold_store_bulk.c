#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../aggregator/fold/bulk.h"
#include "fold_store_rows.h"

static bool add_state(void *context, struct key128 subject, const char *training, const void *facts,
                      size_t length, struct error *err)
{
    (void)err;
    struct fold_store *s = context;
    if (fold_store_find_state(s, subject, training) < s->state_count)
        abort(); /* COPY would fail */
    ROOM(s->states, s->state_count);
    struct state_row *row = &s->states[s->state_count++];
    *row = (struct state_row){.subject = subject, .bytes = malloc(length + 1), .length = length};
    snprintf(row->training, sizeof(row->training), "%s", training);
    memcpy(row->bytes, facts, length);
    return true;
}

static bool add_member(void *context, struct key128 subject, struct key128 person, struct error *err)
{
    (void)err;
    fold_store_save_member(context, &(struct member_change){subject, person, true});
    return true;
}

static bool add_carrier(void *context, struct key128 identifier, const struct carrier *carrier,
                        struct error *err)
{
    (void)err;
    fold_store_save_carrier(context, &(struct carrier_change){identifier, *carrier, true});
    return true;
}

char *fold_store_bulk(const struct rules *rules, const struct event *script, const size_t *takers,
                      size_t count, size_t intake_count, size_t counter_count)
{
    struct bulk_intake *intakes[BULK_INTAKES];
    struct bulk_counter *counters[BULK_INTAKES];
    struct event *events = fold_store_decoded(script, count);
    for (size_t i = 0; i < intake_count; i++)
        intakes[i] = bulk_intake_new(rules, i);
    for (size_t i = 0; i < count; i++)
        bulk_take(intakes[takers[i]], &events[i], &(struct bulk_position){0}, 1);
    free(events);
    struct bulk *bulk = bulk_new(intakes, intake_count, rules);
    struct fold_store *s = fold_store_new();
    struct bulk_rows rows = {
        .context = s, .state = add_state, .member = add_member, .carrier = add_carrier};
    struct error err = {0};
    size_t people = 0, counted;
    for (size_t i = 0; i < counter_count; i++)
        counters[i] = bulk_counter_new(bulk);
    for (size_t turn = 0; bulk_count(counters[turn % counter_count], &rows, &counted, &err) > 0;
         turn++)
        people += counted;
    for (size_t i = 0; i < counter_count; i++)
        if (!bulk_carriers(bulk, i, counter_count, &rows, &err))
            abort();
    for (size_t i = 1; i < counter_count; i++)
        bulk_counter_merge(counters[0], counters[i]);
    const struct fold *fold;
    fold_store_save_figures(s, bulk_changes(counters[0], &fold));
    if (people != bulk_people(bulk))
        abort();
    char *dump = fold_store_dump(s, fold);
    for (size_t i = 0; i < counter_count; i++)
        bulk_counter_free(counters[i]);
    bulk_free(bulk);
    fold_store_free(s);
    return dump;
}
