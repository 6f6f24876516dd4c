/* A compiled mapping: between mapping_compile.c, which makes it, and mapping.c, mapping_entity.c and
 * mapping_event.c, which apply it. */
#ifndef MOOC_CONNECTOR_MAPPING_INTERNAL_H
#define MOOC_CONNECTOR_MAPPING_INTERNAL_H

#include "../../common/event_fields.h"
#include "mapping.h"
#include "time_format.h"
#include "value_internal.h"

#define MAP_MAX_FIELDS 8
#define MAP_IDENTIFIERS 3

enum otherwise { OTHERWISE_SKIP, OTHERWISE_WITHDRAW, OTHERWISE_UPDATE };

struct time_rule {
    struct value *value; /* NULL: none */
    char *pattern;
    struct time_format format;
};

struct field_rule {
    const struct field_spec *spec;
    struct value *value;         /* of texts and numbers */
    struct condition *condition; /* of booleans */
};

struct event_rule {
    enum event_type type;
    const char *prefix; /* of its entities */
    struct condition *when, *otherwise_if;
    enum otherwise otherwise;
    bool withdraw, total, lasting;
    struct value *key, *entity;
    struct time_rule time, day;
    size_t field_count;
    struct field_rule fields[MAP_MAX_FIELDS];
    const struct field_rule *exam; /* the one among them that entities name; NULL */
};

struct expectation {
    struct condition *that;
    char *reason, *text;
};

struct mapping {
    struct value *account, *course, *name, *identifiers[MAP_IDENTIFIERS];
    struct condition *skip;
    size_t expectation_count, rule_count;
    struct expectation *expectations;
    struct event_rule rules[MAP_MAX_ITEMS];
    bool needs_course, voids;
};

extern const char *const mapping_identifier_kinds[MAP_IDENTIFIERS];

#define MAP_MAX_KEPT (4 + MAP_MAX_ITEMS * MAP_MAX_FIELDS)

/* One record being mapped. */
struct task {
    const struct mapping *mapping;
    const struct map_input *in;
    struct scope scope;
    struct map_output *out;
    struct error *err;
    const struct event_rule *rules[MAP_MAX_ITEMS]; /* of the items */
    /* Texts that stand in the room, which may move until the end. */
    size_t kept_count;
    struct {
        const char **slot;
        size_t at;
    } kept[MAP_MAX_KEPT];
};

static inline bool is_of_account(const struct event_rule *rule)
{
    return rule->prefix[0] == 'a';
}

static inline void event_set(struct event *e, enum event_field field)
{
    e->present |= 1ULL << field;
}

/* ---- mapping.c ---- */

/* The text of a value in *slot: at once, and again when the room has stopped moving. */
void task_keep_text(struct task *task, const struct value *value, const char **slot);
/* The text of a value until the next call. */
const char *task_text(struct task *task, const struct value *value);

/* ---- mapping_compile.c ---- */

/* What names of entities of this type begin with; NULL: no connector tells it. */
const char *mapping_prefix(enum event_type type);

/* ---- mapping_entity.c ---- */

/* Time and day of the event, and the names of its entity, which may hold the day. */
bool task_name(struct task *task, const struct event_rule *rule, struct map_item *item) MUST_CHECK;
/* Of a record that cannot be mapped: an impossible time hides what it is about no more than it must. */
bool task_name_anyhow(struct task *task, const struct event_rule *rule, struct map_item *item)
    MUST_CHECK;

/* ---- mapping_event.c ---- */

/* The rest of the event. */
bool task_fill(struct task *task, const struct event_rule *rule, struct map_item *item) MUST_CHECK;

#endif
