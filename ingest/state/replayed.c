#include "replayed.h"

#include <stdio.h>
#include <string.h>

#include "ledger.h"
#include "../shard/removal.h"
#include "../files/table_map.h"

/* The bits of a graded exam's status, as openedx/map.c sets them. */
#define PASSED_BIT 1
#define SAT_BIT 2

struct place {
    enum event_type created;
    const char *stream;
    bool by_course;
};

static const struct place places[] = {
    {EVENT_ROSTER_LISTED, "roster", false},
    {EVENT_ACCOUNT_CREATED, "accounts", false},
    {EVENT_ACCOUNT_ACTIVATED, "accounts", false},
    {EVENT_IDENTITY_LINKED, "corrections", false},
    {EVENT_ENROLLMENT_CREATED, "enrollments", true},
    {EVENT_LEARNING_PROGRESSED, "grades", true},
    {EVENT_EXAM_GRADED, "grades", true},
    {EVENT_CERTIFICATE_ISSUED, "certificates", true},
    {EVENT_TOTALS_PUBLISHED, "totals", false},
    {EVENT_ATTENDANCE_RECORDED, "attendance", false},
    {EVENT_RECORD_REJECTED, "", false},
};

static bool place(const struct event *e, enum event_type created, struct replayed *out)
{
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (places[i].created != created)
            continue;
        out->entity.stream = places[i].stream;
        if (created == EVENT_RECORD_REJECTED) {
            out->entity.stream = e->stream ? e->stream : "";
            snprintf(out->substream, sizeof(out->substream), "%s", e->substream ? e->substream : "");
        } else if (created == EVENT_ROSTER_LISTED) {
            snprintf(out->substream, sizeof(out->substream), "%s/%s", e->wave, e->unit);
        } else if (created == EVENT_ATTENDANCE_RECORDED) {
            out->entity.stream = e->subject ? "attendance" : "headcounts";
            table_attendance_substream(e, out->substream);
        } else {
            snprintf(out->substream, sizeof(out->substream), "%s",
                     places[i].by_course && e->course ? e->course : "");
        }
        out->entity.substream = out->substream;
        return true;
    }
    return false;
}

/* The day's entity of a running total is named "<total>:<day>". */
static bool take_total(const struct event *e, struct replayed *out)
{
    char again[EVENT_MAX_KEY + 1];
    size_t length = strlen(e->entity);
    if (!event_has(e, FIELD_DAY) || length < 12 || length > EVENT_MAX_KEY)
        return false;
    memcpy(out->total, e->entity, length - 11);
    out->total[length - 11] = '\0';
    return removal_day_entity(out->total, e->day, again) && strcmp(again, e->entity) == 0;
}

/* A cancelled enrolment that the platform still tells of says its mode, or since when; one that vanished says what the state kept,
 * and when that was seen. */
static bool is_in_force(const struct event *e, enum event_type created)
{
    return e->type == created || (e->type == EVENT_ENROLLMENT_CANCELLED &&
                                  (event_has(e, FIELD_MODE) || !e->time_observed));
}

/* What a source would say of it, so that `since` stays when only a score has moved meanwhile. */
static uint8_t status_of(const struct event *e)
{
    switch (e->type) {
    case EVENT_EXAM_GRADED:
        if (!event_has(e, FIELD_PASSED) || !event_has(e, FIELD_SAT))
            return LEDGER_STATUS_UNKNOWN;
        return (uint8_t)((e->passed ? PASSED_BIT : 0) | (e->sat ? SAT_BIT : 0));
    case EVENT_ENROLLMENT_CREATED:
    case EVENT_ACCOUNT_ACTIVATED:
    case EVENT_CERTIFICATE_ISSUED:
        return 1;
    case EVENT_ENROLLMENT_CANCELLED:
    case EVENT_ACCOUNT_CREATED:
        return 0;
    default:
        return LEDGER_STATUS_UNKNOWN;
    }
}

bool replayed_entity(const struct event *e, bool of_total, struct text_buffer *scratch,
                     struct replayed *out)
{
    enum event_type created = event_type_created(e->type);
    memset(out, 0, sizeof(*out));
    if (created == EVENT_UNKNOWN || !place(e, created, out))
        return false;
    struct state_entity *entity = &out->entity;
    entity->event = *e;
    entity->gone = !is_in_force(e, created);
    entity->event.type = entity->gone ? created : e->type;
    entity->status = entity->gone ? LEDGER_STATUS_UNKNOWN : status_of(e);
    entity->since = (uint32_t)((e->time_observed ? e->time : e->revision) / 1000000);
    entity->fingerprint = entity->gone ? 0 : e->hash;
    entity->total = of_total && take_total(e, out);
    if (!entity->total)
        return true;
    entity->event.entity = out->total;
    entity->since = (uint32_t)e->day;
    if (!entity->gone) {
        struct event total = *e;
        const char *type = event_type_name(e->type);
        total.present &= ~(UINT64_C(1) << FIELD_DAY);
        text_buffer_clear(scratch);
        text_buffer_add(scratch, type, strlen(type) + 1);
        event_encode_data(&total, scratch);
        entity->fingerprint = key128_of(scratch->data, scratch->length).hi;
    }
    return true;
}
