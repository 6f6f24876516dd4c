/* Open edX records to events. Pure: no I/O, no clock, no ledger; what depends on whether an entity is already held is said as an
 * action. A record that cannot be mapped fails with ERROR_DATA, its message "reason: text", identifiers masked. */
#ifndef MOOC_OPENEDX_MAP_H
#define MOOC_OPENEDX_MAP_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/error.h"
#include "../../common/event.h"
#include "../../common/identity.h"
#include "../../common/json.h"
#include "learner_table.h"

enum map_action { MAP_OBSERVE, MAP_OBSERVE_IF_HELD, MAP_REMOVE_IF_HELD };

struct map_item {
    enum map_action action;
    struct event event; /* its texts live in the record and in the map_output */
    uint8_t status;
    char entity[EVENT_MAX_KEY + 1];
    char total_entity[EVENT_MAX_KEY + 1]; /* "" = no running total */
};

struct map_input {
    const char *source, *course; /* course: the one asked for; NULL for accounts */
    struct hmac *hmac;
    int32_t today;                   /* the observed day */
    struct learner_table *gradebook; /* NULL = not visible or not read: attempts are unknown */
};

struct map_output {
    size_t count; /* 0: nothing to say about this record */
    /* Of an enrolment that cannot be mapped items[0].entity still names it ("" if that cannot be told): it is not missing. */
    struct map_item items[2];
    const char *username; /* NULL when the record has none that can be used; lives in the record */
    char subject[IDENTITY_KEY], email[IDENTITY_KEY], name[IDENTITY_KEY];
    int64_t created_us; /* enrollments: 0 if unknown */
    bool passed;        /* grades */
};

typedef bool (*map_function)(const struct map_input *in, const struct json *record,
                             struct map_output *out, struct error *err);

bool map_enrollment(const struct map_input *in, const struct json *record, struct map_output *out,
                    struct error *err) MUST_CHECK;
bool map_grade(const struct map_input *in, const struct json *record, struct map_output *out,
               struct error *err) MUST_CHECK;
bool map_certificate(const struct map_input *in, const struct json *record, struct map_output *out,
                     struct error *err) MUST_CHECK;
bool map_account(const struct map_input *in, const struct json *record, struct map_output *out,
                 struct error *err) MUST_CHECK;

/* A gradebook row: who, and which of these hold. */
#define GRADEBOOK_ATTEMPTED 1      /* some section */
#define GRADEBOOK_EXAM_ATTEMPTED 2 /* the exam, by subsection_name, label, module_id or category */
#define GRADEBOOK_UNREADABLE 4 /* the row cannot be read: this learner's grade cannot be judged */
/* On failure *username is set if it could be read. */
bool map_gradebook_row(const struct json *record, const char *exam, const char **username,
                       uint8_t *flags, struct error *err) MUST_CHECK;

/* 1 to 255 bytes, no control characters, no comma (lists of user names are joined by commas). NULL is not. */
bool map_usable_username(const char *username);

/* "account:<source>:<32 hex>", "certificate:<source>:<course>:<32 hex>" of a user name; out: EVENT_MAX_KEY + 1 bytes. */
void map_account_entity(const struct map_input *in, const char *username, char *out);
void map_certificate_entity(const struct map_input *in, const char *username, char *out);

#endif
