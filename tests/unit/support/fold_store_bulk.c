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

/* A run over all events, in so many intakes. */
struct reading {
    const struct rules *rules;
    const struct event *events;
    const size_t *takers;
    size_t count, intakes;
};

static struct bulk *read_all(const struct reading *r, const struct bulk_part *part)
{
    struct bulk_intake *intakes[BULK_INTAKES];
    for (size_t i = 0; i < r->intakes; i++) {
        intakes[i] = bulk_intake_new(r->rules, i);
        bulk_intake_limit(intakes[i], part);
    }
    for (size_t i = 0; i < r->count; i++)
        bulk_take(intakes[r->takers[i]], &r->events[i], &(struct bulk_position){0}, 1);
    return bulk_new(intakes, r->intakes, r->rules, part->who);
}

/* Counts those that are there, with several counters, into the store; gives the dump of it. */
static char *count_all(struct bulk *bulk, struct fold_store *s, size_t counter_count)
{
    struct bulk_counter *counters[BULK_INTAKES];
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
        if (!bulk_members(bulk, i, counter_count, &rows, &err) ||
            !bulk_carriers(bulk, i, counter_count, &rows, &err))
            abort();
    bulk_forget_facts(bulk);
    for (size_t i = 1; i < counter_count; i++)
        bulk_counter_merge(counters[0], counters[i]);
    struct fold *fold;
    fold_store_save_figures(s, bulk_changes(counters[0], true, &fold));
    if (people != bulk_people(bulk))
        abort();
    char *dump = fold_store_dump(s, fold);
    for (size_t i = 0; i < counter_count; i++)
        bulk_counter_free(counters[i]);
    bulk_free(bulk);
    return dump;
}

char *fold_store_bulk(const struct rules *rules, const struct event *script, const size_t *takers,
                      size_t count, size_t intake_count, size_t counter_count)
{
    struct event *events = fold_store_decoded(script, count);
    struct reading reading = {rules, events, takers, count, intake_count};
    struct fold_store *s = fold_store_new();
    char *dump = count_all(read_all(&reading, &(struct bulk_part){0}), s, counter_count);
    fold_store_free(s);
    free(events);
    return dump;
}

/* The line at *at, ended; *at moves behind it. NULL at the end. */
static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (!*line)
        return NULL;
    *at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = 0;
    return line;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted_lines(char *text)
{
    char *lines[4096];
    size_t count = 0;
    char *rest = text;
    for (char *line; (line = next_line(&rest));)
        lines[count++] = line;
    qsort(lines, count, sizeof(*lines), compare_lines);
    struct text_buffer out = {0};
    text_buffer_add_text(&out, "");
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(&out, "%s\n", lines[i]);
    free(text);
    return out.data;
}

char *fold_store_bulk_states(const struct rules *rules, const struct event *script,
                             const size_t *takers, size_t count, size_t intakes, size_t ranges)
{
    struct event *events = fold_store_decoded(script, count);
    struct reading reading = {rules, events, takers, count, intakes};
    struct bulk *identities = read_all(&reading, &(struct bulk_part){.identities_only = true});
    struct bulk_who *who = bulk_who_new(identities);
    bulk_free(identities);
    struct text_buffer all = {0};
    text_buffer_add_text(&all, "");
    for (size_t range = 0; range < ranges; range++) {
        struct fold_store *s = fold_store_new();
        struct bulk_part part = {.who = who, .range = range, .ranges = ranges};
        char *dump = count_all(read_all(&reading, &part), s, 1);
        char *rest = dump;
        for (char *line; (line = next_line(&rest));)
            if (fold_store_is_of_people(line))
                text_buffer_add_format(&all, "%s\n", line);
        free(dump);
        fold_store_free(s);
    }
    bulk_who_free(who);
    free(events);
    return sorted_lines(all.data);
}

bool fold_store_is_of_people(const char *line)
{
    return strncmp(line, "state ", 6) == 0 || strncmp(line, "member ", 7) == 0 ||
           strncmp(line, "carrier ", 8) == 0 || strncmp(line, "issue ", 6) == 0;
}

char *fold_store_of_people(const char *dump)
{
    struct text_buffer all = {0};
    char *copy = strdup(dump), *rest = copy;
    text_buffer_add_text(&all, "");
    for (char *line; (line = next_line(&rest));)
        if (fold_store_is_of_people(line))
            text_buffer_add_format(&all, "%s\n", line);
    free(copy);
    return sorted_lines(all.data);
}
