#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/nearest.h"
#include "mapping_internal.h"

const char *const mapping_identifier_kinds[MAP_IDENTIFIERS] = {"email", "citizen", "phone"};

/* What a connector may tell, and how its entities' names begin. Removing events follow from what is held. */
static const struct {
    enum event_type type;
    const char *prefix;
} types[] = {
    {EVENT_ENROLLMENT_CREATED, "enrollment"},  {EVENT_ENROLLMENT_CANCELLED, "enrollment"},
    {EVENT_LEARNING_PROGRESSED, "progress"},   {EVENT_EXAM_GRADED, "exam"},
    {EVENT_CERTIFICATE_ISSUED, "certificate"}, {EVENT_ACCOUNT_CREATED, "account"},
    {EVENT_ACCOUNT_ACTIVATED, "account"},      {EVENT_ACCOUNT_CLOSED, "account"},
};

const char *mapping_prefix(enum event_type type)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].type == type)
            return types[i].prefix;
    return NULL;
}

static bool take_value(const struct compiler *c, const struct yaml_node *node, struct value **out)
{
    *out = node ? value_compile_with(c, node, NULL) : NULL;
    return !node || *out;
}

/* What differs from learner to learner. A pointer without its / is the commonest slip: all of them would be one person. */
static bool take_varying(const struct compiler *c, const struct yaml_node *of, const char *key,
                         struct value **out)
{
    const struct yaml_node *node = yaml_get(of, key);
    if (!take_value(c, node, out))
        return false;
    const char *text = *out ? value_constant(*out) : NULL;
    return !text || compile_error(c, node,
                                  "`%s` would be the same text for every record; a pointer begins "
                                  "with /: `/%.60s`",
                                  key, text);
}

static bool take_condition(const struct compiler *c, const struct yaml_node *node,
                           struct condition **out)
{
    *out = node ? condition_compile(c->doc, node, c->names, c->err) : NULL;
    return !node || *out;
}

static bool take_flag(const struct compiler *c, const struct yaml_node *event, const char *key,
                      bool *out)
{
    const struct yaml_node *node = yaml_get(event, key);
    const char *text = yaml_scalar(node);
    *out = text && strcmp(text, "true") == 0;
    return !node || *out || (text && strcmp(text, "false") == 0) ||
           compile_error(c, node, "`%s` is true or false", key);
}

static bool take_time(const struct compiler *c, const struct yaml_node *node, struct time_rule *out)
{
    static const char *const more[] = {"format", "zone", NULL};
    const char *why;
    if (!node)
        return true;
    const char *format = yaml_text(node, "format", NULL);
    if (format)
        out->pattern = must_have(strdup(format));
    if (!time_format_make(out->pattern, yaml_text(node, "zone", NULL), &out->format, &why))
        return compile_error(c, node, "%s", why);
    out->value = value_compile_with(c, node, more);
    return out->value != NULL;
}

/* ---- one event ---- */

static bool take_type(const struct compiler *c, const struct yaml_node *event, struct event_rule *rule)
{
    const char *names[ARRAY_LEN(types)], *text = yaml_text(event, "type", NULL);
    if (!text)
        return compile_error(c, event, "an event has a `type`");
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        names[i] = event_type_name(types[i].type);
        if (strcmp(names[i], text) == 0) {
            rule->type = types[i].type;
            rule->prefix = types[i].prefix;
            return true;
        }
    }
    const char *nearest = nearest_name(text, names, ARRAY_LEN(names));
    return compile_error(c, yaml_get(event, "type"), "no event that a connector tells: `%s`%s%s%s",
                         text, nearest ? "; did you mean `" : "", nearest ? nearest : "",
                         nearest ? "`?" : "");
}

static bool take_otherwise(const struct compiler *c, const struct yaml_node *event,
                           struct event_rule *rule)
{
    static const char *const names[] = {"skip", "withdraw", "update"};
    const struct yaml_node *node = yaml_get(event, "otherwise");
    const char *text = yaml_text(event, "otherwise", names[OTHERWISE_SKIP]);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(text, names[i]) == 0) {
            rule->otherwise = (enum otherwise)i;
            return !node || yaml_get(event, "when") ||
                   compile_error(c, node, "`otherwise` without `when` never counts");
        }
    }
    return compile_error(c, node, "`otherwise` is skip, withdraw or update");
}

/* Keys of every event; the rest are fields of its type. */
static const char *const event_keys[] = {"type",     "when",      "otherwise", "otherwise_if",
                                         "withdraw", "on_vanish", "key",       "entity",
                                         "total",    "day",       "time"};

static bool is_event_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(event_keys); i++) {
        if (strcmp(event_keys[i], name) == 0)
            return true;
    }
    return false;
}

/* Fields that the mapping fills by itself. */
static bool is_own_field(enum event_field field)
{
    return field == FIELD_COURSE || field == FIELD_DAY || field == FIELD_IDENTIFIERS ||
           field == FIELD_NAME;
}

static const struct field_spec *find_field(enum event_type type, const char *name)
{
    for (size_t i = 0; i < event_field_table_size; i++) {
        const struct field_spec *spec = &event_field_table[i];
        if (((spec->types >> type) & 1U) && !is_own_field(spec->field) &&
            strcmp(spec->name, name) == 0)
            return spec;
    }
    return NULL;
}

static bool take_field(const struct compiler *c, const char *name, const struct yaml_node *node,
                       struct event_rule *rule)
{
    const struct field_spec *spec = find_field(rule->type, name);
    if (!spec)
        return compile_error(c, node, "%s has no field `%s`", event_type_name(rule->type), name);
    struct field_rule *field = &rule->fields[rule->field_count++];
    field->spec = spec;
    if (spec->field == FIELD_EXAM)
        rule->exam = field;
    return spec->kind == KIND_BOOLEAN ? take_condition(c, node, &field->condition)
                                      : take_value(c, node, &field->value);
}

static bool check_event(const struct compiler *c, const struct yaml_node *event,
                        const struct event_rule *rule)
{
    bool progress = rule->type == EVENT_LEARNING_PROGRESSED;
    if (!progress && (rule->total || rule->day.value))
        return compile_error(c, event, "`total` and `day` belong to learning.progressed");
    if (rule->total && (rule->time.value || rule->day.value || rule->entity))
        return compile_error(c, event,
                             "a total has no `time`, `day` or `entity` of its own: it is told "
                             "of the day on which it is seen");
    if (progress && !rule->total && !rule->withdraw && !rule->time.value && !rule->day.value)
        return compile_error(c, event, "learning.progressed needs `total: true`, `day` or `time`");
    if (rule->type == EVENT_EXAM_GRADED && !rule->exam && !(rule->withdraw && rule->entity))
        return compile_error(c, event, "exam.graded needs `exam`");
    if (rule->key && rule->entity)
        return compile_error(c, event, "`key` and `entity` exclude each other");
    return true;
}

static bool take_vanish(const struct compiler *c, const struct yaml_node *event,
                        struct event_rule *rule)
{
    const struct yaml_node *node = yaml_get(event, "on_vanish");
    rule->lasting = node != NULL;
    return !node || (yaml_scalar(node) && strcmp(yaml_scalar(node), "keep") == 0) ||
           compile_error(c, node, "`on_vanish` of an event is keep, or absent");
}

static bool take_event(const struct compiler *c, const struct yaml_node *event,
                       struct event_rule *rule)
{
    if (yaml_kind(event) != YAML_MAPPING)
        return compile_error(c, event, "an event is a mapping with `type`");
    if (!take_type(c, event, rule) || !take_condition(c, yaml_get(event, "when"), &rule->when) ||
        !take_otherwise(c, event, rule) ||
        !take_condition(c, yaml_get(event, "otherwise_if"), &rule->otherwise_if) ||
        !take_flag(c, event, "withdraw", &rule->withdraw) || !take_vanish(c, event, rule) ||
        !take_flag(c, event, "total", &rule->total) ||
        !take_value(c, yaml_get(event, "key"), &rule->key) ||
        !take_value(c, yaml_get(event, "entity"), &rule->entity) ||
        !take_time(c, yaml_get(event, "time"), &rule->time) ||
        !take_time(c, yaml_get(event, "day"), &rule->day))
        return false;
    for (size_t i = 0; i < yaml_count(event); i++) {
        if (!is_event_key(yaml_key(event, i)) &&
            !take_field(c, yaml_key(event, i), yaml_item(event, i), rule))
            return false;
    }
    return check_event(c, event, rule);
}

/* ---- the stream ---- */

static bool take_learner(const struct compiler *c, const struct yaml_node *learner, struct mapping *m)
{
    static const char *const keys[] = {"account", "identifiers", "name", NULL};
    static const char *const kinds[] = {"email", "citizen", "phone", NULL};
    const struct yaml_node *identifiers = yaml_get(learner, "identifiers");
    if (!learner)
        return true;
    if (!yaml_only_keys(c->doc, learner, keys, c->err) ||
        (identifiers && !yaml_only_keys(c->doc, identifiers, kinds, c->err)))
        return false;
    for (size_t i = 0; i < MAP_IDENTIFIERS; i++) {
        if (!take_varying(c, identifiers, mapping_identifier_kinds[i], &m->identifiers[i]))
            return false;
    }
    return take_varying(c, learner, "account", &m->account) &&
           take_varying(c, learner, "name", &m->name);
}

static bool is_code(const char *text)
{
    return text && *text && strlen(text) < LABEL_SIZE &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static bool take_expectations(const struct compiler *c, const struct yaml_node *list,
                              struct mapping *m)
{
    static const char *const keys[] = {"that", "reason", "text", NULL};
    if (!list)
        return true;
    if (yaml_kind(list) != YAML_SEQUENCE)
        return compile_error(c, list, "`expect` is a list of {that: CONDITION, reason: CODE}");
    m->expectations = must_have(calloc(yaml_count(list) + 1, sizeof *m->expectations));
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *item = yaml_item(list, i);
        struct expectation *e = &m->expectations[m->expectation_count++];
        const char *reason = yaml_text(item, "reason", NULL);
        if (yaml_kind(item) != YAML_MAPPING || !yaml_get(item, "that") || !is_code(reason))
            return compile_error(c, item,
                                 "an expectation is {that: CONDITION, reason: lower_case_code}");
        if (!yaml_only_keys(c->doc, item, keys, c->err) ||
            !take_condition(c, yaml_get(item, "that"), &e->that))
            return false;
        e->reason = must_have(strdup(reason));
        e->text = must_have(strdup(yaml_text(item, "text", "the record is not as it should be")));
    }
    return true;
}

static bool check_stream(const struct compiler *c, const struct yaml_node *stream, struct mapping *m)
{
    bool accounts = false, identified = m->name != NULL;
    for (size_t i = 0; i < m->rule_count; i++) {
        accounts |= is_of_account(&m->rules[i]);
        m->needs_course |= !is_of_account(&m->rules[i]);
    }
    for (size_t i = 0; i < MAP_IDENTIFIERS; i++)
        identified |= m->identifiers[i] != NULL;
    if (!m->account)
        return compile_error(c, stream,
                             "events are about a learner: `learner` with `account` is missing");
    if (identified && !accounts && m->rule_count > 0)
        return compile_error(
            c, yaml_get(stream, "learner"),
            "identifiers and name are told by account.* events, and there is none here: leave them "
            "to the stream that tells of accounts");
    return true;
}

static bool take_stream(const struct compiler *c, const struct yaml_node *stream, struct mapping *m)
{
    const struct yaml_node *events = yaml_get(stream, "events");
    if (events && (yaml_kind(events) != YAML_SEQUENCE || yaml_count(events) == 0 ||
                   yaml_count(events) > MAP_MAX_ITEMS))
        return compile_error(c, events, "`events` is a list of 1 to %d events", MAP_MAX_ITEMS);
    if (!take_learner(c, yaml_get(stream, "learner"), m) ||
        !take_value(c, yaml_get(stream, "course"), &m->course) ||
        !take_condition(c, yaml_get(stream, "skip"), &m->skip) ||
        !take_expectations(c, yaml_get(stream, "expect"), m))
        return false;
    for (size_t i = 0; i < yaml_count(events); i++) {
        struct event_rule *rule = &m->rules[m->rule_count++];
        if (!take_event(c, yaml_item(events, i), rule))
            return false;
        m->voids |= rule->withdraw && rule->entity;
    }
    return check_stream(c, stream, m);
}

struct mapping *mapping_compile(const struct yaml *doc, const struct yaml_node *stream,
                                const struct name_list *names, struct error *err)
{
    struct compiler c = {doc, names, err};
    struct mapping *m = must_have(calloc(1, sizeof *m));
    if (take_stream(&c, stream, m))
        return m;
    mapping_free(m);
    return NULL;
}

static void free_rule(struct event_rule *rule)
{
    condition_free(rule->when);
    condition_free(rule->otherwise_if);
    value_free(rule->key);
    value_free(rule->entity);
    value_free(rule->time.value);
    value_free(rule->day.value);
    free(rule->time.pattern);
    free(rule->day.pattern);
    for (size_t i = 0; i < rule->field_count; i++) {
        value_free(rule->fields[i].value);
        condition_free(rule->fields[i].condition);
    }
}

void mapping_free(struct mapping *m)
{
    if (!m)
        return;
    value_free(m->account);
    value_free(m->course);
    value_free(m->name);
    condition_free(m->skip);
    for (size_t i = 0; i < MAP_IDENTIFIERS; i++)
        value_free(m->identifiers[i]);
    for (size_t i = 0; i < m->expectation_count; i++) {
        condition_free(m->expectations[i].that);
        free(m->expectations[i].reason);
        free(m->expectations[i].text);
    }
    free(m->expectations);
    for (size_t i = 0; i < m->rule_count; i++)
        free_rule(&m->rules[i]);
    free(m);
}
