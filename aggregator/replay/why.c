#include "why.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"
#include "../report/output.h"
#include "sql.h"
#include "who_counts.h"

#define KEY_TEXT 37

static void key_text(struct key128 key, char out[KEY_TEXT])
{
    snprintf(out, KEY_TEXT, "%08x-%04x-%04x-%04x-%012" PRIx64, (unsigned)(key.hi >> 32),
             (unsigned)(key.hi >> 16) & 0xffff, (unsigned)key.hi & 0xffff, (unsigned)(key.lo >> 48),
             key.lo & 0xffffffffffff);
}

static void add_columns(struct report *r)
{
    report_add_column(r, CELL_TEXT, "person", NULL, SAY(r, "Người", "Person"));
    report_add_column(r, CELL_COUNT, "old", NULL, SAY(r, "Hiện hành", "Live"));
    report_add_column(r, CELL_COUNT, "new", NULL, SAY(r, "Thế hệ sau", "Next"));
    report_add_column(r, CELL_TEXT, "event", NULL, SAY(r, "Sự kiện", "Event"));
    report_add_column(r, CELL_TEXT, "type", NULL, SAY(r, "Loại", "Type"));
    report_add_column(r, CELL_TEXT, "source", NULL, SAY(r, "Nguồn", "Source"));
    report_add_column(r, CELL_TEXT, "time", NULL, SAY(r, "Thời điểm", "Time"));
    report_add_column(r, CELL_NUMBER, "partition", NULL, SAY(r, "Phân vùng", "Partition"));
    report_add_column(r, CELL_NUMBER, "offset", NULL, SAY(r, "Vị trí", "Offset"));
}

static size_t add_person(struct report *r, const char *key, size_t old, size_t new)
{
    size_t row = report_add_row(r);
    report_put_text(r, row, "person", key);
    report_put_count(r, row, "old", (int64_t)old);
    report_put_count(r, row, "new", (int64_t) new);
    return row;
}

/* A person who counts otherwise in the two generations: in so many of the cells asked about. */
struct differing_person {
    const struct counted_person *person;
    size_t old, new;
};

struct differing {
    struct differing_person *items;
    size_t count, capacity;
};

static void add_differing(struct differing *list, const struct counted_person *person, size_t old,
                          size_t new)
{
    if (old == new)
        return;
    list->items = array_room(list->items, list->count, &list->capacity, sizeof(*list->items));
    list->items[list->count++] = (struct differing_person){person, old, new};
}

static struct differing find_differing(const struct counted_people *old,
                                       const struct counted_people *new)
{
    struct differing list = {0};
    for (size_t i = 0; i < old->count; i++) {
        const struct counted_person *after = counted_people_find(new, old->items[i].key);
        add_differing(&list, &old->items[i], old->items[i].cells, after ? after->cells : 0);
    }
    for (size_t i = 0; i < new->count; i++)
        if (!counted_people_find(old, new->items[i].key))
            add_differing(&list, &new->items[i], 0, new->items[i].cells);
    return list;
}

/* The archive is looked through once for all of them. */
static struct pg_rows *events_of(struct pg *pg, const struct differing *list, size_t count,
                                 struct error *err)
{
    struct text_buffer subjects = {0};
    char key[KEY_TEXT];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < list->items[i].person->subject_count; k++) {
            key_text(list->items[i].person->subjects[k], key);
            text_buffer_add_format(&subjects, "%s%s", subjects.length ? "," : "{", key);
        }
    text_buffer_add_text(&subjects, subjects.length ? "}" : "{}");
    const char *parameter = subjects.data;
    struct pg_rows *rows = pg_query(pg, sql_replay_events_of, 1, &parameter, err);
    text_buffer_free(&subjects);
    return rows;
}

static bool is_of(const struct counted_person *person, const char *subject)
{
    char key[KEY_TEXT];
    for (size_t i = 0; i < person->subject_count; i++) {
        key_text(person->subjects[i], key);
        if (strcmp(key, subject) == 0)
            return true;
    }
    return false;
}

/* A row for each of the person's events. */
static void explain(const struct differing_person *d, const struct pg_rows *events, struct report *r)
{
    static const char *const texts[] = {"event", "type", "source", "time"};
    char key[KEY_TEXT];
    bool any = false;
    key_text(d->person->key, key);
    for (size_t i = 0; i < pg_rows_count(events); i++) {
        if (!is_of(d->person, pg_rows_value(events, i, 0)))
            continue;
        size_t row = add_person(r, key, d->old, d->new);
        for (size_t c = 0; c < ARRAY_LEN(texts); c++)
            report_put_text(r, row, texts[c], pg_rows_value(events, i, c + 1));
        report_put_number(r, row, "partition", pg_rows_integer(events, i, 5, 0));
        report_put_number(r, row, "offset", pg_rows_integer(events, i, 6, 0));
        any = true;
    }
    if (!any)
        add_person(r, key, d->old, d->new);
}

static bool explain_all(struct pg *pg, const struct options *options,
                        const struct counted_people *old, const struct counted_people *new,
                        struct report *r, struct error *err)
{
    struct differing list = find_differing(old, new);
    size_t limit = (size_t)options_number(options, "limit");
    size_t shown = list.count < limit ? list.count : limit;
    struct pg_rows *events = events_of(pg, &list, shown, err);
    for (size_t i = 0; events && i < shown; i++)
        explain(&list.items[i], events, r);
    report_add_note(r,
                    SAY(r, "Hiện hành: %zu người; thế hệ sau: %zu người; %zu người khác nhau.",
                        "Live: %zu people; next: %zu people; %zu of them differ."),
                    old->count, new->count, list.count);
    free(list.items);
    pg_rows_free(events);
    return events != NULL;
}

bool why_print(struct pg *pg, const struct options *options, const struct generation *live,
               const struct generation *other, struct error *err)
{
    enum output_format format;
    enum language language;
    struct cell_query query;
    struct counted_people old = {0}, new = {0};
    const char *out = options_text(options, "out"), *why = options_text(options, "why");
    if (!output_format_parse(options_text(options, "format"), out, &format, err) ||
        !output_language_parse(options_text(options, "lang"), &language, err) ||
        !cell_query_parse(why, &query, err))
        return false;
    struct report *r = report_new("replay-why", language);
    r->title = SAY(r, "AI ĐƯỢC TÍNH KHÁC ĐI, VÀ VÌ SAO", "WHO COUNTS OTHERWISE, AND WHY");
    report_add_line(r, "%s", why);
    add_columns(r);
    bool ok = who_counts(pg, live->number, live->config_version, &query, &old, err) &&
              who_counts(pg, other->number, other->config_version, &query, &new, err) &&
              explain_all(pg, options, &old, &new, r, err) && output_report(r, format, out, err);
    counted_people_release(&old);
    counted_people_release(&new);
    report_free(r);
    return ok;
}
