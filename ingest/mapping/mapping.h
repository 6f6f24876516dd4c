/* Records to events, as a stream's `events:` say. Pure: no I/O, no clock, no ledger; what depends on whether an entity is already
 * held is said as an action. A record that cannot be mapped fails with ERROR_DATA, its message "reason_code: text", identifiers
 * masked, and becomes a dead letter.
 *
 * Keys of a stream that are read here:
 *   learner:   {account: V, identifiers: {email: V, citizen: V, phone: V}, name: V}; needed; identifiers and name go with account.*
 *              events; what cannot be an identifier is left out
 *   course:    V; absent: the sub-stream's course
 *   each:      POINTER to an array in the record: its elements are the records, the outer one encloses them (runtime's work)
 *   skip:      C; where it holds the record says nothing
 *   expect:    list of {that: C, reason: CODE, text: TEXT}: what must hold of every record that is not skipped; where it does not, the
 *              record is malformed for this reason
 *   events:    list of 1 to 12, or none at all (a stream that only finds accounts)
 *     type:    enrollment.created …
 *     when:    C; absent = always
 *     otherwise: skip (default) | withdraw (what is held is taken back) | update (observe only if held)
 *     otherwise_if: C; `otherwise` counts only where this holds too
 *     withdraw: true: where `when` holds the entity is taken back if held; with `entity` for good (for_good)
 *     on_vanish: keep; what was told stays when the record is no longer there, whatever the stream says
 *     key:     V appended to the entity's name, where one learner can have several in a course (attempt, statement)
 *     entity:  V; a whole name of its own, "<source>:" in front (statements that later ones void)
 *     total:   true: the platform shows a running total (struct observation)
 *     day:     as `time`; learning.progressed without `total`: an instant or date; absent = the day of `time`
 *     time:    V or {value…, format: F, zone: +07:00|UTC (of instants without one)}; absent = observed. time_format.h says what F is
 *     and the fields of the event (schema/events): activated, attempt, exam, max_score, mode, passed, percent, progress, sat, score,
 *     status; booleans are conditions, the others values. Shares are 0 to 1: percent up to 100 counts as 1 (extra credit), progress
 *     up to 1.001; a score above max_score counts as max_score. Left out are max_score without score, and mode and status of more
 *     than EVENT_MAX_KEY bytes.
 * Where several events of a record tell of one entity, the first that observes it counts, else the first.
 *
 * Entities: enrollment:<source>:<course>:<hex>, progress:<source>:<course>:<hex>[:<key>][:<day>],
 * exam:<source>:<course>:<hex>:<exam>[:<key>], certificate:<source>:<course>:<hex>[:<key>], account:<source>:<hex>, with <hex> the keyed
 * hash of the account, and the day with `total`, with `day` and where there is no key. One that is longer than EVENT_MAX_KEY is
 * rejected. */
#ifndef MOOC_CONNECTOR_MAPPING_H
#define MOOC_CONNECTOR_MAPPING_H

#include "../../common/crypto.h"
#include "../../common/event.h"
#include "../../common/identity.h"
#include "value.h"

enum map_action { MAP_OBSERVE, MAP_OBSERVE_IF_HELD, MAP_REMOVE_IF_HELD };

#define MAP_MAX_ITEMS 12

struct map_item {
    enum map_action action;
    bool lasting; /* it outlives its record: on_vanish: keep */
    /* Named as a whole in a stream that takes back by such names: once taken back it stays so, read again or not. */
    bool for_good;
    struct event event; /* its texts live in the record, the scope and the map_output; without data where it is removed */
    /* With time_observed `since` moves only when this changes: enrolled, passed and sat, activated. */
    uint8_t status;
    char entity[EVENT_MAX_KEY + 1];
    char total_entity[EVENT_MAX_KEY + 1]; /* "" = no running total */
};

struct map_input {
    const char *source;
    struct hmac *hmac;
    int32_t today; /* the observed day */
    const struct json *record, *enclosing;
    const char *const *texts; /* of the stream's names */
    const char *course;       /* of the sub-stream; NULL where it has none */
    /* May a course be told? Where records name their own course, those of others are skipped. NULL = all are told. */
    bool (*wants_course)(void *context, const char *course);
    void *context;
};

struct map_output {
    size_t count; /* 0: nothing to say about this record */
    bool skipped; /* by `skip` or because of its course */
    struct map_item items[MAP_MAX_ITEMS];
    const char *account; /* as the platform writes it; NULL when the record has none that can be used */
    const char *course; /* NULL without */
    const char *email;  /* as the platform writes it; NULL without */
    char subject[IDENTITY_KEY], identifiers[3][IDENTITY_KEY], name[IDENTITY_KEY];
    struct text_buffer room; /* the caller zeroes it once, clears nothing, frees it at the end */
    struct text_buffer scratch;
};

struct mapping;

/* stream: the YAML mapping of the stream. NULL with ERROR_CONFIG "FILE:LINE: …". */
struct mapping *mapping_compile(const struct yaml *doc, const struct yaml_node *stream,
                                const struct name_list *names, struct error *err);
void mapping_free(struct mapping *mapping);

/* On failure out->account and the entities of out->items[0 … count) (items[0].entity is "" if there are none) still name what the
 * record could be about, as far as that can be told: they are not missing from the sweep. */
bool mapping_apply(const struct mapping *mapping, const struct map_input *in,
                   struct map_output *out, struct error *err) MUST_CHECK;

/* Names what a record could be about, as after a failure, whether it can be mapped or not. */
void mapping_name(const struct mapping *mapping, const struct map_input *in, struct map_output *out);

/* The one entity that the stream can have for this account, when its name follows from account and course alone (accounts,
 * certificates, enrolments); false where it does not. entity: EVENT_MAX_KEY + 1 bytes. */
bool mapping_lone_entity(const struct mapping *mapping, const struct map_input *in,
                         const char *account, char *entity) MUST_CHECK;

/* The beginning of the names of the account's entities, which `key` completes, where the stream has one event and it follows from
 * account, course and texts alone; false where it does not. entity: EVENT_MAX_KEY + 1 bytes. */
bool mapping_keyed_entities(const struct mapping *mapping, const struct map_input *in,
                            const char *account, char *entity) MUST_CHECK;

/* What tells a record apart from the same learner's others in the course: its exam, key and entity, as far as they can be told,
 * appended to *out, a line each. Nothing is appended where a learner has one record. Does not depend on `when` and on times, so a
 * record is called the same before and after it can be mapped. */
void mapping_tell_apart(const struct mapping *mapping, const struct scope *scope,
                        struct text_buffer *out);

/* The type of its first event; EVENT_UNKNOWN without events. */
enum event_type mapping_first_type(const struct mapping *mapping);

/* Does any of its events outlive its record? */
bool mapping_tells_lasting(const struct mapping *mapping);

/* How an event stands in a stream: as a day of a running total, as what outlives its record. */
struct map_told {
    bool total, lasting;
};

/* Could these rules have told of the event's entity, by its name and data and by the texts that are known (condition_chance)? *told is
 * set if so. Its type is a creating one. */
bool mapping_tells(const struct mapping *mapping, const struct event *event,
                   const char *const *texts, struct map_told *told);

#endif
