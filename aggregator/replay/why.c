#include "why.h"

#include <stdlib.h>

#include "../../common/allocate.h"
#include "../cells/cell_names.h"
#include "../cells/decide.h"
#include "../cells/person_events.h"
#include "../report/output.h"

/* The other one may have been live before, as compare says of it. */
static void add_columns(struct report *r, bool to_older)
{
    report_add_column(r, CELL_TEXT, "person", NULL, SAY(r, "Người", "Person"));
    report_add_column(r, CELL_COUNT, "old", NULL, SAY(r, "Hiện hành", "Live"));
    report_add_column(r, CELL_COUNT, "new", NULL,
                      to_older ? SAY(r, "Phiên bản trước", "Before")
                               : SAY(r, "Phiên bản sau", "Next"));
    report_add_column(r, CELL_TEXT, "decides", NULL, SAY(r, "Quyết định", "Decides"));
    person_events_add_columns(r);
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
    const struct counted_person *person; /* of the generation where they count more often */
    size_t old, new;
    struct decision decision; /* of that generation */
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
    list->items[list->count++] = (struct differing_person){.person = person, .old = old, .new = new};
}

static struct differing find_differing(const struct counted_people *old,
                                       const struct counted_people *new)
{
    struct differing list = {0};
    for (size_t i = 0; i < old->count; i++) {
        const struct counted_person *before = &old->items[i],
                                    *after = counted_people_find(new, before->key);
        size_t cells = after ? after->cells : 0;
        add_differing(&list, cells > before->cells ? after : before, before->cells, cells);
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
    const struct counted_person **people = must_have(calloc(count + 1, sizeof(*people)));
    for (size_t i = 0; i < count; i++)
        people[i] = list->items[i].person;
    struct pg_rows *rows = person_events(pg, people, count, err);
    free(people);
    return rows;
}

static bool is_decision(const struct decision *d, const struct pg_rows *events, size_t i)
{
    return d->found && d->revision == pg_rows_integer(events, i, PERSON_EVENT_REVISION, 0) &&
           d->hash == pg_rows_integer(events, i, PERSON_EVENT_HASH, 0) &&
           (int64_t)d->entity == pg_rows_integer(events, i, PERSON_EVENT_ENTITY, 0);
}

/* A row for each of the person's events. */
static void explain(const struct differing_person *d, const struct pg_rows *events, bool words,
                    struct report *r)
{
    char key[PERSON_KEY_SIZE];
    bool any = false, decided = false;
    person_key_text(d->person->key, key);
    for (size_t i = 0; i < pg_rows_count(events); i++) {
        if (!person_events_of(d->person, events, i))
            continue;
        bool decides = !decided && is_decision(&d->decision, events, i);
        size_t row = add_person(r, key, d->old, d->new);
        person_events_put(r, row, events, i, words);
        if (decides)
            report_put_text(r, row, "decides", words ? "x" : "yes");
        decided = decided || decides; /* the log may hold it twice */
        any = true;
    }
    if (!any)
        add_person(r, key, d->old, d->new);
}

struct question {
    const struct cell_query *query;
    const struct generation *live, *other;
    struct counted_people old, new;
    size_t limit;
    bool to_older; /* the other one was live before */
    bool words;    /* for people; programs are given codes */
};

/* For those who count more often in that generation. */
static bool decide(struct pg *pg, const struct question *q, const struct generation *generation,
                   struct differing *list, size_t shown, struct error *err)
{
    const struct counted_person **people = must_have(calloc(shown + 1, sizeof(*people)));
    size_t *places = must_have(calloc(shown + 1, sizeof(*places))), count = 0;
    for (size_t i = 0; i < shown; i++)
        if ((list->items[i].new > list->items[i].old) == (generation == q->other)) {
            people[count] = list->items[i].person;
            places[count++] = i;
        }
    struct decider *decider =
        decider_new(pg, generation->number, generation->config_version, people, count, err);
    for (size_t i = 0; decider && i < count; i++)
        list->items[places[i]].decision = decider_find(decider, q->query, i);
    bool ok = decider != NULL;
    decider_free(decider);
    free(people);
    free(places);
    return ok;
}

static bool explain_all(struct pg *pg, const struct question *q, struct report *r, struct error *err)
{
    struct differing list = find_differing(&q->old, &q->new);
    size_t shown = list.count < q->limit ? list.count : q->limit;
    bool ok = decide(pg, q, q->live, &list, shown, err) && decide(pg, q, q->other, &list, shown, err);
    struct pg_rows *events = ok ? events_of(pg, &list, shown, err) : NULL;
    for (size_t i = 0; events && i < shown; i++)
        explain(&list.items[i], events, q->words, r);
    report_add_note(r,
                    SAY(r, "Hiện hành: %s người; phiên bản %s: %s người; %s người được tính khác đi.",
                        "People who count, live: %s; %s: %s; otherwise: %s."),
                    report_number(r, (int64_t)q->old.count),
                    q->to_older ? SAY(r, "trước", "before") : SAY(r, "sau", "next"),
                    report_number(r, (int64_t)q->new.count), report_number(r, (int64_t)list.count));
    if (shown < list.count)
        report_add_note(r,
                        SAY(r, "Liệt kê %s trong %s người đó; --limit N: liệt kê nhiều hơn.",
                            "Listed: %s of %s; --limit N lists more."),
                        report_number(r, (int64_t)shown), report_number(r, (int64_t)list.count));
    if (shown > 0)
        report_add_note(
            r, "%s",
            SAY(r,
                "“Quyết định”: từ sự kiện này trở đi người đó được tính như vậy, trong phiên "
                "bản mà họ được tính nhiều hơn.",
                "\"Decides\": from this event on the person counts so, in the generation "
                "where they count more."));
    free(list.items);
    pg_rows_free(events);
    return events != NULL;
}

/* What is new in one of them, or gone from it, may be asked after. */
static bool is_known(struct pg *pg, const struct cell_query *query, const struct generation *live,
                     const struct generation *other, struct error *err)
{
    const struct counted_generation both[] = {{other->number, other->config_version},
                                              {live->number, live->config_version}};
    return cell_names_check(pg, query, both, ARRAY_LEN(both), err);
}

/* What is compared is a cell of the tallies, and these are of units by themselves. */
static bool is_alone(const struct cell_query *query, struct error *err)
{
    return !query->with_below ||
           error_tell(err, ERROR_USAGE, false,
                      "below=yes chỉ dùng với report --why: replay compare cho biết từng đơn "
                      "vị một",
                      "below=yes is of report --why: replay compare tells the units one by one");
}

bool why_print(struct pg *pg, const struct options *options, const struct generation *live,
               const struct generation *other, struct error *err)
{
    enum output_format format;
    enum language language;
    struct cell_query query;
    const char *out = options_text(options, "out"), *why = options_text(options, "why");
    if (!output_format_parse(options_text(options, "format"), out, &format, err) ||
        !output_language_parse(options_text(options, "lang"), &language, err) ||
        !cell_query_parse(why, &query, err) || !is_alone(&query, err) ||
        !is_known(pg, &query, live, other, err))
        return false;
    struct report *r = report_new("replay-why", language);
    r->title = SAY(r, "AI ĐƯỢC TÍNH KHÁC ĐI, VÀ VÌ SAO", "WHO COUNTS OTHERWISE, AND WHY");
    r->sheet = SAY(r, "Ai tính khác đi", "Who counts otherwise");
    report_add_line(r, "%s", why);
    add_columns(r, other->number < live->number);
    struct question q = {.query = &query,
                         .live = live,
                         .other = other,
                         .limit = (size_t)options_number(options, "limit"),
                         .to_older = other->number < live->number,
                         .words = format != OUTPUT_CSV && format != OUTPUT_JSON};
    bool ok = who_counts(pg, live->number, live->config_version, &query, &q.old, err) &&
              who_counts(pg, other->number, other->config_version, &query, &q.new, err) &&
              explain_all(pg, &q, r, err) && output_report(r, format, out, err);
    counted_people_release(&q.old);
    counted_people_release(&q.new);
    report_free(r);
    return ok;
}
