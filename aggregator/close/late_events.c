#include "late_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../cells/words.h"
#include "sql.h"

#define KEY_TEXT 33
#define IDS_SHOWN 50
#define KINDS_MAX 24

static void key_text(struct key128 key, char out[KEY_TEXT])
{
    uint8_t bytes[16];
    key128_store(key, bytes);
    hex_encode(bytes, sizeof(bytes), out);
}

static char *subjects_of(const struct standing_changes *changes)
{
    struct text_buffer list = {0};
    char key[KEY_TEXT];
    text_buffer_add_text(&list, "{");
    for (size_t i = 0; i < changes->count; i++) {
        key_text(changes->items[i].subject, key);
        text_buffer_add_format(&list, "%s%s", i ? "," : "", key);
    }
    text_buffer_add_text(&list, "}");
    return list.data;
}

/* uuid's text is the same digits with hyphens: both lists ascend alike. */
static bool is_of(const char *uuid, struct key128 subject)
{
    char key[KEY_TEXT];
    key_text(subject, key);
    const char *at = key;
    for (; *uuid && *at; uuid++)
        if (*uuid != '-' && *uuid != *at++)
            return false;
    return true;
}

static void index_rows(struct late_events *events)
{
    size_t row = 0, count = pg_rows_count(events->rows);
    events->firsts = must_have(calloc(events->changes.count + 1, sizeof(*events->firsts)));
    for (size_t i = 0; i < events->changes.count; i++) {
        events->firsts[i] = row;
        while (row < count &&
               is_of(pg_rows_value(events->rows, row, 0), events->changes.items[i].subject))
            row++;
    }
    events->firsts[events->changes.count] = row;
}

bool late_events_read(struct pg *pg, const struct document_head *head, struct late_events *events,
                      struct error *err)
{
    char at[CLOCK_TEXT_SIZE];
    struct text_buffer offsets = {0};
    char *subjects = subjects_of(&events->changes);
    clock_format(head->at_us, at);
    document_offsets(&head->basis.until, &offsets);
    events->rows = pg_query(pg, sql_close_late_events, 3,
                            (const char *const[]){subjects, at, offsets.data}, err);
    if (events->rows)
        index_rows(events);
    text_buffer_free(&offsets);
    free(subjects);
    return events->rows != NULL;
}

void late_events_release(struct late_events *events)
{
    free(events->changes.items);
    free(events->firsts);
    pg_rows_free(events->rows);
}

static uint32_t bits_of(const char *measure)
{
    static const struct {
        const char *name;
        uint32_t bits;
    } measures[] = {{"registered", BIT(REGISTERED)},
                    {"accounts", BIT(ACCOUNTS)},
                    {"activated", BIT(ACTIVATED)},
                    {"enrolled", BIT(ENROLLED)},
                    {"participated", BIT(PARTICIPATED)},
                    {"completed", BIT(COMPLETED)},
                    {"sat", BIT(SAT)},
                    {"passed", BIT(PASSED)},
                    {"failed", BIT(FAILED)},
                    {"not_passed", BIT(PASSED) | BIT(REGISTERED)},
                    {"certified", BIT(CERTIFIED)},
                    {"account_rate", BIT(ACCOUNTS) | BIT(REGISTERED)},
                    {"participation_rate", BIT(PARTICIPATED) | BIT(REGISTERED)},
                    {"completion_rate", BIT(COMPLETED) | BIT(REGISTERED)},
                    {"pass_rate_registered", BIT(PASSED) | BIT(REGISTERED)},
                    {"pass_rate_participants", BIT(PASSED) | BIT(PARTICIPATED)},
                    {"pass_rate_accounts", BIT(PASSED) | BIT(ACCOUNTS)}};
    for (size_t i = 0; i < ARRAY_LEN(measures); i++)
        if (strcmp(measures[i].name, measure) == 0)
            return measures[i].bits;
    return UINT32_MAX;
}

struct kinds {
    const char *names[KINDS_MAX];
    size_t counts[KINDS_MAX], used;
};

static void add_event(const struct late_events *events, size_t row, struct kinds *kinds,
                      struct late_cause *cause)
{
    const char *id = pg_rows_value(events->rows, row, 1), *type = pg_rows_value(events->rows, row, 2);
    size_t i = 0;
    if (cause->event_count++ < IDS_SHOWN)
        text_buffer_add_format(&cause->ids, "%s%s", cause->ids.length ? " " : "", id ? id : "-");
    while (i < kinds->used && strcmp(kinds->names[i], type ? type : "-") != 0)
        i++;
    if (i == kinds->used && i < KINDS_MAX)
        kinds->names[kinds->used++] = type ? type : "-";
    if (i < KINDS_MAX)
        kinds->counts[i]++;
}

void late_events_behind(const struct late_events *events, const char *unit, const char *measure,
                        enum language language, struct late_cause *cause)
{
    struct kinds kinds = {.used = 0};
    uint32_t bits = bits_of(measure);
    uint32_t number = unit ? strings_find(events->units, unit, strlen(unit)) : 0;
    *cause = (struct late_cause){.people = 0};
    for (size_t i = 0; i < events->changes.count; i++) {
        const struct standing_change *change = &events->changes.items[i];
        if (!(change->measures & bits) ||
            (unit && change->units[0] != number && change->units[1] != number))
            continue;
        cause->people++;
        for (size_t row = events->firsts[i]; row < events->firsts[i + 1]; row++)
            add_event(events, row, &kinds, cause);
    }
    if (cause->event_count > IDS_SHOWN)
        text_buffer_add_text(&cause->ids, " …");
    text_buffer_add_text(&cause->ids, "");
    text_buffer_add_text(&cause->kinds, "");
    for (size_t i = 0; i < kinds.used; i++)
        text_buffer_add_format(&cause->kinds, "%s%s: %zu", i ? ", " : "",
                               words_of_type(kinds.names[i], language), kinds.counts[i]);
}

void late_cause_release(struct late_cause *cause)
{
    text_buffer_free(&cause->kinds);
    text_buffer_free(&cause->ids);
}
