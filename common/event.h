/* The event contract: CloudEvents 1.0, structured JSON, one event per Kafka record (topic mooc.events.v1, and mooc.dead.v1 for
 * record.rejected/accepted). Pure code. schema/events/ has the same as JSON Schema, AsyncAPI and examples.
 *
 * Attributes: specversion id source type subject time datacontenttype; extensions entity revision previous timebasis and, for
 * what came from a file, importid importfile importsheet importrow (outside data, so outside fingerprint and hash).
 * source = the configured name of the platform or list. subject = the learner key (account or roster row); absent on events
 * without a learner. Kafka key = subject if present, else entity; a mark goes to a partition by number. */
#ifndef MOOC_EVENT_H
#define MOOC_EVENT_H

#include "base.h"
#include "crypto.h"
#include "error.h"
#include "text_buffer.h"

enum event_type {
    EVENT_UNKNOWN, /* kept and skipped */
    EVENT_ROSTER_LISTED,
    EVENT_ROSTER_REMOVED,
    EVENT_ACCOUNT_CREATED,
    EVENT_ACCOUNT_ACTIVATED,
    EVENT_ACCOUNT_CLOSED,
    EVENT_IDENTITY_LINKED,
    EVENT_IDENTITY_UNLINKED,
    EVENT_ENROLLMENT_CREATED,
    EVENT_ENROLLMENT_CANCELLED,
    EVENT_LEARNING_PROGRESSED,
    EVENT_LEARNING_WITHDRAWN,
    EVENT_EXAM_GRADED,
    EVENT_EXAM_ANNULLED,
    EVENT_CERTIFICATE_ISSUED,
    EVENT_CERTIFICATE_REVOKED,
    EVENT_TOTALS_PUBLISHED,
    EVENT_TOTALS_WITHDRAWN,
    EVENT_ATTENDANCE_RECORDED, /* of a person (then it has a subject), or a number of people */
    EVENT_ATTENDANCE_WITHDRAWN,
    EVENT_IMPORT_REVOKED, /* what an import said was taken back, by the removing events before it */
    EVENT_SOURCE_SWEPT,
    EVENT_LEARNER_ERASED, /* a person is forgotten: facts of this learner key count for nothing, whenever they come */
    EVENT_RECORD_REJECTED, /* mooc.dead.v1: a record that could not be mapped */
    EVENT_RECORD_ACCEPTED, /* mooc.dead.v1: takes an earlier rejection back */
    EVENT_TYPE_COUNT
};

#define EVENT_MAX_BYTES (256 * 1024) /* a record over this is dead-lettered unread */
#define EVENT_MAX_KEY 300 /* bytes in subject, entity, id, source, course, wave, unit … */
#define EVENT_MAX_LIST 16 /* identifiers, faults, audiences */

struct event_list {
    size_t count;
    const char *items[EVENT_MAX_LIST];
};

/* Fields present in data (and of the origin), one bit each; which type has which stands in event.c's table. */
enum event_field {
    FIELD_ACTIVATED,    /* bool: account.* */
    FIELD_ATTEMPT,      /* integer from 1 */
    FIELD_AUDIENCE,     /* list of codes */
    FIELD_CLASS,        /* attendance.*: class or activity as its list names it */
    FIELD_COUNT_PASSED, /* integer, JSON name "passed": totals.published; absent = no result yet */
    FIELD_COUNT_REGISTERED, /* integer, JSON name "registered" */
    FIELD_COURSE,           /* the platform's course id */
    FIELD_DAY,              /* "2023-09-20", Asia/Ho_Chi_Minh */
    FIELD_DEAD,             /* integer: rejected records in force in the swept sub-stream */
    FIELD_DETAIL,           /* record.rejected: masked text for the operator */
    FIELD_EVERY, /* integer, seconds: how often the swept stream is read whole; absent = no such promise */
    FIELD_EXAM,   /* "course" for the course grade, else the platform's exam id */
    FIELD_FAULTS, /* list: email_malformed email_missing citizen_malformed phone_malformed listed_twice birth_date_malformed */
    FIELD_GROUP,  /* study group (Tổ) as printed: "17" */
    FIELD_HEADCOUNT, /* integer, JSON name "count": attendances of nameless people (lượt người), not people */
    FIELD_IDENTIFIERS, /* list of "email:…" "citizen:…" "phone:…" "account@source:…"; exactly two on identity.* */
    FIELD_IMPORT,     /* import.revoked: the import's id, as importid says it elsewhere */
    FIELD_INVITED_BY, /* roster.*: code of the body that invited the person */
    FIELD_KEY, /* learner.erased: 32 hex digits, key128_of the learner key (of a link: of its entity), never the key itself */
    FIELD_MAX_SCORE,
    FIELD_MODE,      /* enrolment mode as the platform names it */
    FIELD_NAME,      /* "name:<16 hex>": HMAC of the folded name */
    FIELD_PARTITION, /* integer: source.swept */
    FIELD_PASSED,    /* bool: exam.graded, the platform's own verdict */
    FIELD_PERCENT,   /* 0..1: running total that the platform shows */
    FIELD_PROGRESS, /* 0..1: share of the course's required content done, where the platform shows it */
    FIELD_REASON,  /* record.rejected: code such as unit_unknown */
    FIELD_RECORDS, /* integer: entities seen by the sweep, or taken back with the import */
    FIELD_SAT,     /* bool: exam.graded, the attempt counts as sat */
    FIELD_SCORE,
    FIELD_STATUS,    /* certificate status as the platform names it */
    FIELD_STREAM,    /* enrollments, grades, certificates, accounts, roster, totals … */
    FIELD_SUBSTREAM, /* a course id, or wave/unit of a complete roster */
    FIELD_THROUGH,   /* instant: the stream is complete through it */
    FIELD_UNIT,      /* unit code */
    FIELD_WAVE,      /* wave code */
    FIELD_COUNT
};

struct event {
    enum event_type type;
    const char *type_name;
    const char *id, *source, *entity;
    const char *subject; /* NULL without a learner */
    int64_t revision, previous;
    int64_t time; /* µs */
    bool time_observed;
    /* origin, NULL / 0 when it came from no file */
    const char *import_id, *file, *sheet;
    int64_t row;

    uint64_t present; /* bit per enum event_field */
    bool activated, passed, sat;
    double max_score, percent, progress, score;
    int64_t attempt, count_passed, count_registered, dead, every, headcount, partition, records,
        through;
    int32_t day;
    const char *class_name, *course, *detail, *exam, *group, *import, *invited_by, *key, *mode,
        *name, *reason, *status, *stream, *substream, *unit, *wave;
    struct event_list audience, faults, identifiers;

    /* key128_of their texts, 0 without: filled by event_decode. Of learner.erased, subject_key is what `key` says. */
    struct key128 subject_key, entity_key;
    uint64_t hash; /* first 8 bytes of SHA-256 over type name, 0x00, the data member's bytes: the tie-break */
};

static inline bool event_has(const struct event *e, enum event_field field)
{
    return (e->present >> field) & 1U;
}

const char *event_type_name(enum event_type type);
enum event_type event_type_parse(const char *name);

/* id = first 16 bytes of SHA-256(source 0x00 entity 0x00 revision in decimal) as 32 hex digits. */
void event_id(const char *source, const char *entity, int64_t revision, char out[33]);

/* Canonical data of the event: the fields present, in the order of the table, no spaces. This is what is fingerprinted. */
void event_encode_data(const struct event *e, struct text_buffer *out);

/* Appends the whole event; e->id may be NULL (derived). data = text from event_encode_data. */
void event_encode(const struct event *e, const char *data, size_t data_length,
                  struct text_buffer *out);

/* Decodes and validates. The strings in *e live in the decoder until its next event_decoder_reset; text may go at once.
 * An unknown type decodes to EVENT_UNKNOWN with the names it has: id, source, subject, entity. On failure err is ERROR_DATA, its message names the
 * attribute; err->message starts with a reason code and a colon: "not_utf8: …", "too_large", "too_deep", "nul_character",
 * "not_json", "not_cloudevent", "bad_attribute", "bad_data". */
struct event_decoder;
struct event_decoder *event_decoder_new(void);
void event_decoder_free(struct event_decoder *decoder);
void event_decoder_reset(struct event_decoder *decoder);
/* Of events that were decoded before: encoded anew they say also what their producers left out, and may be over EVENT_MAX_BYTES. */
void event_decoder_trust(struct event_decoder *decoder);
bool event_decode(struct event_decoder *decoder, const char *text, size_t length, struct event *e,
                  struct error *err) MUST_CHECK;

#endif
