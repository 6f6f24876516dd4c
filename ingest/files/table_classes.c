/* In-person classes: attendance of named people, and forms that only count. */
#include "table_map_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text.h"
#include "table_cells.h"
#include "totals_read.h"

struct place {
    const struct reference_wave *wave;
    const char *unit; /* code; NULL = not said */
    const char *class_name;
    char class_hash[17];
};

/* Names that spreadsheet programs give by themselves. */
static bool is_default_sheet(const char *name)
{
    static const char *const words[] = {"sheet",     "trang tinh", "trang",
                                        "bang tinh", "danh sach",  "diem danh"};
    char text[80];
    if (!text_skeleton(name, text, sizeof(text)))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t length = strlen(words[i]);
        if (strncmp(text, words[i], length) == 0 &&
            strspn(text + length, " 0123456789") == strlen(text + length))
            return true;
    }
    return text[0] == '\0';
}

static bool take_wave(const struct table_mapping_row *m, struct place *out)
{
    const char *cell = m->row->cell[TABLE_WAVE];
    const char *code = cell[0] != '\0' ? cell : m->origin->wave;
    if (code[0] == '\0')
        return table_refuse(m, "wave_missing",
                            "the row names no wave, and none was said: --wave CODE");
    char quoted[TABLE_QUOTE];
    out->wave = reference_find_wave(m->origin->reference, code);
    return out->wave != NULL || table_refuse(m, "wave_unknown", "wave \"%s\" is not in waves.csv",
                                             table_quote(m, code, quoted));
}

static bool take_unit(const struct table_mapping_row *m, struct place *out)
{
    const char *cell = m->row->cell[TABLE_UNIT];
    char suggestions[200], quoted[TABLE_QUOTE];
    if (m->origin->unit[0] != '\0') {
        out->unit = m->origin->unit;
        return true;
    }
    if (cell[0] == '\0')
        return true;
    const struct reference_unit *unit = reference_match_unit(
        m->origin->reference, out->wave->province, cell, suggestions, sizeof(suggestions));
    if (unit == NULL)
        return table_refuse(m, "unit_unknown", "unit \"%s\" is not known%s%s",
                            table_quote(m, cell, quoted),
                            suggestions[0] != '\0' ? "; nearest: " : "", suggestions);
    out->unit = unit->code;
    return true;
}

static bool take_class(const struct table_mapping_row *m, struct place *out)
{
    out->class_name = m->row->cell[TABLE_CLASS];
    if (out->class_name[0] == '\0' && m->origin->kind == FILES_ATTENDANCE &&
        !is_default_sheet(m->origin->sheet))
        out->class_name = m->origin->sheet;
    if (out->class_name[0] == '\0' && m->origin->kind == FILES_HEADCOUNT)
        return table_refuse(m, "activity_missing", "the required cell \"Tên hoạt động\" is empty");
    if (out->class_name[0] == '\0')
        return table_refuse(m, "class_missing",
                            "no class: neither the column \"Lớp\" nor the sheet's name says one");
    if (strlen(out->class_name) > EVENT_MAX_KEY || table_is_personal(m, out->class_name))
        return table_refuse(m, "class_malformed", "the name of the class is none");
    table_hash(out->class_name, out->class_hash);
    return true;
}

static bool take_place(const struct table_mapping_row *m, struct place *out)
{
    memset(out, 0, sizeof(*out));
    return take_wave(m, out) && take_unit(m, out) && take_class(m, out);
}

static struct event event_at(const struct table_mapping_row *m, const struct place *place)
{
    struct event e = table_event(m, EVENT_ATTENDANCE_RECORDED);
    e.class_name = place->class_name;
    e.wave = place->wave->code;
    e.present = 1ULL << FIELD_CLASS | 1ULL << FIELD_WAVE;
    if (place->unit != NULL) {
        e.unit = place->unit;
        e.present |= 1ULL << FIELD_UNIT;
    }
    return e;
}

static void set_day(struct event *e, int32_t day)
{
    e->day = day;
    e->present |= 1ULL << FIELD_DAY;
    e->time = ((int64_t)day * 24 - 7) * 3600 * 1000000; /* its midnight in Vietnam */
    e->time_observed = false;
}

static void emit_day(const struct table_mapping_row *m, const struct place *place,
                     const struct table_person *person, const char *subject, int32_t day)
{
    char entity[EVENT_MAX_KEY + 1], date[CLOCK_DATE_SIZE], substream[TABLE_SUBSTREAM];
    struct table_fact fact = {.event = event_at(m, place), .stream = TABLE_STREAM_ATTENDANCE};
    set_day(&fact.event, day);
    clock_format_date(day, date);
    (void)snprintf(entity, sizeof(entity), "attendance:%.64s:%s:%s:%.150s", place->wave->code,
                   place->class_hash, date, subject);
    fact.event.entity = entity;
    fact.event.subject = subject;
    table_identify(person, &fact.event);
    table_attendance_substream(&fact.event, substream);
    fact.substream = substream;
    m->emit(m->context, &fact);
}

/* As table_answer, but "P" is an absence that was excused (có phép), and no pass. */
static enum table_answer attended(const char *cell)
{
    char word[4];
    bool excused = strlen(cell) < sizeof(word) && text_skeleton(cell, word, sizeof(word)) &&
                   strcmp(word, "p") == 0;
    return excused ? ANSWER_ABSENT : table_answer(cell);
}

/* Every cell must be clear before anything is emitted. */
static bool check_days(const struct table_mapping_row *m)
{
    const struct table_row *row = m->row;
    int32_t day;
    for (size_t i = 0; i < row->mark_count; i++) {
        if (attended(row->marks[i].text) == ANSWER_UNCLEAR)
            return table_refuse(m, "present_malformed",
                                "a day's cell says neither present nor absent");
    }
    if (attended(row->cell[TABLE_PRESENT]) == ANSWER_UNCLEAR)
        return table_refuse(m, "present_malformed",
                            "the column of attendance says neither yes nor no");
    if (row->cell[TABLE_DATE][0] != '\0' && !table_day(row->cell[TABLE_DATE], &day))
        return table_refuse(m, "date_malformed", "the day is none: write day/month/year");
    if (row->cell[TABLE_DATE][0] == '\0' && row->mark_count == 0)
        return table_refuse(m, "day_missing", "the row says no day");
    return true;
}

bool table_map_attendance(const struct table_mapping_row *m)
{
    struct place place;
    struct table_person p;
    char subject[IDENTITY_KEY];
    int32_t day;
    if (!table_take_person(m, &p) || !take_place(m, &place) || !check_days(m))
        return false;
    if (table_strongest(&p) == NULL && place.unit == NULL)
        return table_refuse(
            m, "identifier_missing",
            "a name alone tells nobody apart: add the unit, e-mail or citizen number");
    identity_row_key(m->origin->hmac, p.citizen[0] != '\0' ? p.citizen : NULL,
                     p.email_count > 0 ? p.emails[0] : NULL, p.phone[0] != '\0' ? p.phone : NULL,
                     place.unit != NULL ? place.unit : "", p.name, p.birth_date, subject);
    for (size_t i = 0; i < m->row->mark_count; i++) {
        const struct table_mark *mark = &m->row->marks[i];
        if (attended(mark->text) == ANSWER_YES && table_day(mark->heading, &day))
            emit_day(m, &place, &p, subject, day);
    }
    enum table_answer present = attended(m->row->cell[TABLE_PRESENT]);
    bool there =
        present == ANSWER_YES || (present == ANSWER_NONE && m->row->cell[TABLE_PRESENT][0] == '\0');
    if (there && table_day(m->row->cell[TABLE_DATE], &day))
        emit_day(m, &place, &p, subject, day);
    return true;
}

/* ---- head counts ---- */

struct count {
    char audience[64];
    int64_t people;
};

static void emit_count(const struct table_mapping_row *m, const struct place *place,
                       const struct count *count, bool has_day, int32_t day)
{
    char entity[EVENT_MAX_KEY + 1], date[CLOCK_DATE_SIZE] = "-", substream[TABLE_SUBSTREAM];
    struct table_fact fact = {.event = event_at(m, place), .stream = TABLE_STREAM_HEADCOUNTS};
    struct event *e = &fact.event;
    if (has_day) {
        set_day(e, day);
        clock_format_date(day, date);
    }
    (void)snprintf(entity, sizeof(entity), "headcount:%.64s:%.64s:%s:%s:%s", place->wave->code,
                   place->unit, place->class_hash, date,
                   count->audience[0] != '\0' ? count->audience : "-");
    e->entity = entity;
    e->headcount = count->people;
    e->present |= 1ULL << FIELD_HEADCOUNT;
    if (count->audience[0] != '\0') {
        e->audience = (struct event_list){.count = 1, .items = {count->audience}};
        e->present |= 1ULL << FIELD_AUDIENCE;
    }
    table_attendance_substream(e, substream);
    fact.substream = substream;
    m->emit(m->context, &fact);
}

/* Columns may be finer than our audiences (officials, public employees): theirs is one count. */
static void add_up(struct count *counts, size_t *used, const char *audience_text, int64_t people)
{
    char audience[64];
    table_audience(audience_text, audience);
    for (size_t i = 0; i < *used; i++) {
        if (strcmp(counts[i].audience, audience) == 0) {
            counts[i].people += people;
            return;
        }
    }
    memcpy(counts[*used].audience, audience, sizeof(audience));
    counts[(*used)++].people = people;
}

static void emit_counts(const struct table_mapping_row *m, const struct place *place, bool has_day,
                        int32_t day)
{
    const struct table_row *row = m->row;
    struct count *counts = must_have(calloc(row->mark_count + 1, sizeof(*counts)));
    size_t used = 0;
    int64_t people = totals_number(row->cell[TABLE_COUNT]);
    if (people >= 0)
        add_up(counts, &used, row->cell[TABLE_AUDIENCE], people);
    for (size_t i = 0; i < row->mark_count; i++) {
        people = totals_number(row->marks[i].text);
        if (people >= 0)
            add_up(counts, &used, row->marks[i].heading, people);
    }
    for (size_t i = 0; i < used; i++)
        emit_count(m, place, &counts[i], has_day, day);
    free(counts);
}

static bool check_counts(const struct table_mapping_row *m)
{
    bool wrong = totals_number(m->row->cell[TABLE_COUNT]) == -2;
    for (size_t i = 0; i < m->row->mark_count; i++)
        wrong = wrong || totals_number(m->row->marks[i].text) == -2;
    return !wrong || table_refuse(m, "count_malformed", "a count is no whole number");
}

bool table_map_headcount(const struct table_mapping_row *m)
{
    const struct table_row *row = m->row;
    struct place place;
    int32_t day = 0;
    if (!take_place(m, &place))
        return false;
    if (place.unit == NULL)
        return table_refuse(m, "unit_missing",
                            "the row names no unit, and none was said: --unit CODE");
    bool has_day = row->cell[TABLE_DATE][0] != '\0';
    if (has_day && !table_day(row->cell[TABLE_DATE], &day))
        return table_refuse(m, "date_malformed", "the day is none: write day/month/year");
    if (!check_counts(m))
        return false;
    emit_counts(m, &place, has_day, day);
    return true;
}
