#include "late_events.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../cells/person_events.h"
#include "../cells/words.h"
#include "sql.h"

#define SHOWN 50
#define KINDS_MAX 32

/* Columns of sql/close_late_events.sql; sql/close_late_entities.sql has all of them. */
enum { SUBJECT, ID, TYPE, REPLACES, WAVE, UNIT, CLASS, AUDIENCES };

/* Reading ------------------------------------------------------------------------------------------------------------------ */

static bool has_rows(const struct late_events *events, const struct changed_person *person)
{
    bool any = false;
    for (size_t k = 0; k < person->subject_count; k++) {
        const struct row_span *span = &events->spans[person->first_subject + k];
        any |= span->begin < span->end;
    }
    return any;
}

/* Subjects of all, or of those who have no event yet. */
static char *list_of(const struct late_events *events, bool eventless, size_t *count)
{
    const struct changed_people *people = &events->people;
    struct text_buffer list = {0};
    char key[PERSON_KEY_SIZE];
    text_buffer_add_text(&list, "{");
    *count = 0;
    for (size_t i = 0; i < people->count; i++) {
        const struct changed_person *person = &people->items[i];
        for (size_t k = 0; (!eventless || !has_rows(events, person)) && k < person->subject_count;
             k++) {
            person_key_text(people->subjects[person->first_subject + k], key);
            text_buffer_add_format(&list, "%s%s", (*count)++ ? "," : "", key);
        }
    }
    text_buffer_add_text(&list, "}");
    return list.data;
}

/* The rows ascend by subject, and so do the texts of keys. */
static size_t first_row(const struct pg_rows *rows, const char *key, bool behind)
{
    size_t low = 0, high = pg_rows_count(rows);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(pg_rows_value(rows, middle, SUBJECT), key);
        if (order < 0 || (behind && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct row_span *spans_of(const struct changed_people *people, const struct pg_rows *rows)
{
    struct row_span *spans = must_have(calloc(people->subject_count + 1, sizeof(*spans)));
    char key[PERSON_KEY_SIZE];
    for (size_t i = 0; i < people->subject_count; i++) {
        person_key_text(people->subjects[i], key);
        spans[i] = (struct row_span){first_row(rows, key, false), first_row(rows, key, true)};
    }
    return spans;
}

/* Who was linked, parted or found at fault by what came of somebody else. */
static bool read_neighbours(struct pg *pg, const char *at, const char *offsets,
                            struct late_events *events, struct error *err)
{
    size_t count;
    char *eventless = list_of(events, true, &count);
    if (count) {
        events->neighbours = pg_query(pg, sql_close_late_neighbours, 3,
                                      (const char *const[]){eventless, at, offsets}, err);
        events->near = events->neighbours ? spans_of(&events->people, events->neighbours) : NULL;
    }
    free(eventless);
    return !count || events->neighbours;
}

bool late_events_read(struct pg *pg, const struct document_head *head, struct late_events *events,
                      struct error *err)
{
    char at[CLOCK_TEXT_SIZE];
    struct text_buffer offsets = {0};
    size_t count;
    char *subjects = list_of(events, false, &count);
    clock_format(head->at_us, at);
    document_offsets(&head->basis.until, &offsets);
    events->rows = pg_query(pg, sql_close_late_events, 3,
                            (const char *const[]){subjects, at, offsets.data}, err);
    if (events->rows) {
        events->spans = spans_of(&events->people, events->rows);
        if (read_neighbours(pg, at, offsets.data, events, err))
            events->entities = pg_query(pg, sql_close_late_entities, 2,
                                        (const char *const[]){at, offsets.data}, err);
    }
    text_buffer_free(&offsets);
    free(subjects);
    return events->entities != NULL;
}

void late_events_release(struct late_events *events)
{
    changed_people_release(&events->people);
    free(events->spans);
    free(events->near);
    pg_rows_free(events->rows);
    pg_rows_free(events->neighbours);
    pg_rows_free(events->entities);
}

/* Telling ------------------------------------------------------------------------------------------------------------------ */

struct kinds {
    struct {
        const char *type;
        bool replaces;
        size_t count;
    } items[KINDS_MAX];
    size_t used;
};

static void add_shown(struct text_buffer *list, size_t number, const char *text)
{
    if (number < SHOWN)
        text_buffer_add_format(list, "%s%s", list->length ? " " : "", text);
    else if (number == SHOWN)
        text_buffer_add_text(list, " …");
}

static void add_event(const struct pg_rows *rows, size_t row, struct kinds *kinds,
                      struct late_cause *cause)
{
    const char *id = pg_rows_value(rows, row, ID), *type = pg_rows_value(rows, row, TYPE);
    const char *replaced = pg_rows_value(rows, row, REPLACES);
    bool replaces = replaced && strcmp(replaced, "t") == 0;
    size_t i = 0;
    add_shown(&cause->ids, cause->event_count++, id ? id : "-");
    while (i < kinds->used &&
           (kinds->items[i].replaces != replaces || strcmp(kinds->items[i].type, type) != 0))
        i++;
    if (i == kinds->used && i < KINDS_MAX) {
        kinds->items[i].type = type;
        kinds->items[i].replaces = replaces;
        kinds->used++;
    }
    if (i < KINDS_MAX)
        kinds->items[i].count++;
}

static void put_kinds(const struct kinds *kinds, enum language language, struct late_cause *cause)
{
    const char *again = language == LANGUAGE_VI ? " (sửa lại)" : " (changed)";
    char events[NUMBER_SIZE];
    /* Several kinds count events, of which one person has several: the sum says that they are no people. */
    if (kinds->used > 1) {
        format_count((int64_t)cause->event_count, language, events);
        text_buffer_add_format(&cause->kinds,
                               language == LANGUAGE_VI ? "%s sự kiện; " : "%s events; ", events);
    }
    for (size_t i = 0; i < kinds->used; i++) {
        char count[NUMBER_SIZE];
        format_count((int64_t)kinds->items[i].count, language, count);
        text_buffer_add_format(&cause->kinds, "%s%s%s: %s", i ? ", " : "",
                               words_of_type(kinds->items[i].type, language),
                               kinds->items[i].replaces ? again : "", count);
    }
    text_buffer_add_text(&cause->kinds, "");
    text_buffer_add_text(&cause->keys, "");
    text_buffer_add_text(&cause->ids, "");
}

/* An event is one subject's; of neighbours it may be behind several, and is told once. */
static void add_spans(const struct pg_rows *rows, const struct row_span *spans,
                      const struct changed_person *person, bool once, struct kinds *kinds,
                      struct late_cause *cause)
{
    for (size_t k = 0; spans && k < person->subject_count; k++) {
        const struct row_span *span = &spans[person->first_subject + k];
        for (size_t row = span->begin; row < span->end; row++) {
            const char *id = pg_rows_value(rows, row, ID);
            if (!once || !id || !cause->ids.data || !strstr(cause->ids.data, id))
                add_event(rows, row, kinds, cause);
        }
    }
}

void late_events_of_people(const struct late_events *events, const struct share_query *queries,
                           size_t count, enum language language, struct late_cause *cause)
{
    struct kinds kinds = {.used = 0};
    *cause = (struct late_cause){.people = 0};
    for (size_t i = 0; i < events->people.count; i++) {
        const struct changed_person *person = &events->people.items[i];
        bool moves = false;
        for (size_t q = 0; !moves && q < count; q++)
            moves = changed_person_moves(&events->people, i, &queries[q]);
        if (!moves)
            continue;
        char key[PERSON_KEY_SIZE];
        person_key_text(events->people.subjects[person->first_subject], key);
        add_shown(&cause->keys, cause->people++, key);
        add_spans(events->rows, events->spans, person, false, &kinds, cause);
        if (events->neighbours && !has_rows(events, person))
            add_spans(events->neighbours, events->near, person, true, &kinds, cause);
    }
    put_kinds(&kinds, language, cause);
}

static bool equal(const char *wanted, const char *found)
{
    return !wanted || (found && strcmp(wanted, found) == 0);
}

/* In headcounts a column has one or several audiences together; a target has one, beside which there may be others. */
static bool of_audience(const struct cell_meaning *meaning, const char *audiences)
{
    if (!meaning->audience)
        return true;
    if (!audiences)
        return strcmp(meaning->audience, "unknown") == 0;
    struct text_buffer wanted = {0};
    text_buffer_add_format(&wanted, " | %s | ", meaning->audience);
    bool found = meaning->with_below ? strstr(audiences, wanted.data) != NULL
                                     : strcmp(audiences, wanted.data) == 0;
    text_buffer_free(&wanted);
    return found;
}

static bool of_units(const struct pg_rows *units, const char *unit)
{
    if (!units || !unit) /* a form of no unit is of the whole province */
        return true;
    for (size_t i = 0; i < pg_rows_count(units); i++)
        if (strcmp(pg_rows_value(units, i, 0), unit) == 0)
            return true;
    return false;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

void late_events_of_entities(const struct late_events *events, const struct cell_meaning *meaning,
                             const struct pg_rows *units, enum language language,
                             struct late_cause *cause)
{
    struct kinds kinds = {.used = 0};
    const struct pg_rows *rows = events->entities;
    const char *type = meaning->subject == CELL_OF_PUBLISHED ? "totals." : "attendance.";
    *cause = (struct late_cause){.people = 0};
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        if (begins(pg_rows_value(rows, i, TYPE), type) &&
            equal(meaning->wave, pg_rows_value(rows, i, WAVE)) &&
            equal(meaning->activity, pg_rows_value(rows, i, CLASS)) &&
            of_audience(meaning, pg_rows_value(rows, i, AUDIENCES)) &&
            of_units(units, pg_rows_value(rows, i, UNIT)))
            add_event(rows, i, &kinds, cause);
    put_kinds(&kinds, language, cause);
}

void late_events_of_erasures(const struct late_events *events, enum language language,
                             struct late_cause *cause)
{
    struct kinds kinds = {.used = 0};
    *cause = (struct late_cause){.people = 0};
    for (size_t i = 0; events->entities && i < pg_rows_count(events->entities); i++)
        if (strcmp(pg_rows_value(events->entities, i, TYPE), "learner.erased") == 0)
            add_event(events->entities, i, &kinds, cause);
    put_kinds(&kinds, language, cause);
}

void late_cause_release(struct late_cause *cause)
{
    text_buffer_free(&cause->kinds);
    text_buffer_free(&cause->keys);
    text_buffer_free(&cause->ids);
}
