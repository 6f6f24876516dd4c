#include "person_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "sql.h"
#include "words.h"

void person_key_text(struct key128 key, char out[PERSON_KEY_SIZE])
{
    snprintf(out, PERSON_KEY_SIZE, "%08x-%04x-%04x-%04x-%012" PRIx64, (unsigned)(key.hi >> 32),
             (unsigned)(key.hi >> 16) & 0xffff, (unsigned)key.hi & 0xffff, (unsigned)(key.lo >> 48),
             key.lo & 0xffffffffffff);
}

struct pg_rows *person_events(struct pg *pg, const struct counted_person *const *people,
                              size_t count, struct error *err)
{
    struct text_buffer subjects = {0};
    char key[PERSON_KEY_SIZE];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < people[i]->subject_count; k++) {
            person_key_text(people[i]->subjects[k], key);
            text_buffer_add_format(&subjects, "%s%s", subjects.length ? "," : "{", key);
        }
    text_buffer_add_text(&subjects, subjects.length ? "}" : "{}");
    const char *parameter = subjects.data;
    struct pg_rows *rows = pg_query(pg, sql_replay_events_of, 1, &parameter, err);
    text_buffer_free(&subjects);
    return rows;
}

bool person_events_of(const struct counted_person *person, const struct pg_rows *events, size_t row)
{
    char key[PERSON_KEY_SIZE];
    for (size_t i = 0; i < person->subject_count; i++) {
        person_key_text(person->subjects[i], key);
        if (strcmp(key, pg_rows_value(events, row, PERSON_EVENT_SUBJECT)) == 0)
            return true;
    }
    return false;
}

void person_events_add_columns(struct report *r)
{
    report_add_column(r, CELL_TEXT, "event", NULL, SAY(r, "Sự kiện", "Event"));
    report_add_column(r, CELL_TEXT, "type", NULL, SAY(r, "Loại", "Type"));
    report_add_column(r, CELL_TEXT, "source", NULL, SAY(r, "Nguồn", "Source"));
    report_add_column(r, CELL_TEXT, "time", NULL, SAY(r, "Thời điểm", "Time"));
    report_add_column(r, CELL_NUMBER, "partition", NULL, SAY(r, "Phân vùng", "Partition"));
    report_add_column(r, CELL_NUMBER, "offset", NULL, SAY(r, "Vị trí", "Offset"));
}

void person_events_put(struct report *r, size_t row, const struct pg_rows *events, size_t from,
                       bool words)
{
    const char *type = pg_rows_value(events, from, PERSON_EVENT_TYPE);
    const char *time = pg_rows_value(events, from, PERSON_EVENT_TIME);
    char local[CLOCK_LOCAL_SIZE];
    report_put_text(r, row, "event", pg_rows_value(events, from, PERSON_EVENT_ID));
    report_put_text(r, row, "type", type && words ? words_of_type(type, r->language) : type);
    report_put_text(r, row, "source", pg_rows_value(events, from, PERSON_EVENT_SOURCE));
    if (time && words) {
        clock_localise(time, local);
        time = local;
    }
    report_put_text(r, row, "time", time);
    report_put_number(r, row, "partition", pg_rows_integer(events, from, PERSON_EVENT_PARTITION, 0));
    report_put_number(r, row, "offset", pg_rows_integer(events, from, PERSON_EVENT_OFFSET, 0));
}
