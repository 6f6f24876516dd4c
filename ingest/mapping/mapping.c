#include "mapping.h"

#include <string.h>

#include "mapping_internal.h"

#define MAX_ACCOUNT 255

void task_keep_text(struct task *t, const struct value *value, const char **slot)
{
    struct text_buffer *room = &t->out->room;
    *slot = value_text(value, &t->scope, room);
    if (*slot && room->data && *slot >= room->data && *slot < room->data + room->length) {
        t->kept[t->kept_count].slot = slot;
        t->kept[t->kept_count++].at = (size_t)(*slot - room->data);
    }
}

const char *task_text(struct task *t, const struct value *value)
{
    text_buffer_clear(&t->out->scratch);
    return value_text(value, &t->scope, &t->out->scratch);
}

static void settle_texts(const struct task *t)
{
    for (size_t i = 0; i < t->kept_count; i++)
        *t->kept[i].slot = t->out->room.data + t->kept[i].at;
}

/* ---- events ---- */

/* False with *err, or with *says = false where the rule says nothing. */
static bool judge(const struct task *t, const struct event_rule *rule, enum map_action *action,
                  bool *says)
{
    bool holds = true;
    *says = false;
    if (rule->when && !condition_holds(rule->when, &t->scope, &holds, t->err))
        return false;
    if (holds) {
        *action = rule->withdraw ? MAP_REMOVE_IF_HELD : MAP_OBSERVE;
        *says = true;
        return true;
    }
    *action = rule->otherwise == OTHERWISE_WITHDRAW ? MAP_REMOVE_IF_HELD : MAP_OBSERVE_IF_HELD;
    *says = rule->otherwise != OTHERWISE_SKIP;
    return !*says || !rule->otherwise_if ||
           condition_holds(rule->otherwise_if, &t->scope, says, t->err);
}

static struct map_item *begin_item(struct task *t, size_t index, const struct event_rule *rule)
{
    struct map_item *item = &t->out->items[index];
    item->status = 0;
    item->lasting = rule->lasting;
    item->for_good = t->mapping->voids && rule->entity;
    item->event = (struct event){.type = rule->type,
                                 .type_name = event_type_name(rule->type),
                                 .source = t->in->source,
                                 .entity = item->entity,
                                 .subject = t->out->account ? t->out->subject : NULL};
    return item;
}

/* Several rules may tell of one entity: the first that observes it counts, else the first. */
static void drop_repeated(struct task *t, enum map_action action)
{
    struct map_output *out = t->out;
    size_t last = out->count - 1;
    for (size_t i = 0; i < last; i++) {
        if (strcmp(out->items[i].entity, out->items[last].entity) != 0)
            continue;
        if (action == MAP_OBSERVE && out->items[i].action != MAP_OBSERVE) {
            out->items[i] = out->items[last];
            out->items[i].event.entity = out->items[i].entity;
            t->rules[i] = t->rules[last];
        }
        out->count--;
        return;
    }
}

/* The item that was begun last is one of the record's. */
static bool keep(struct task *t, const struct event_rule *rule, struct map_item *item,
                 enum map_action action)
{
    item->action = action;
    if (!task_name(t, rule, item))
        return false;
    t->rules[t->out->count++] = rule;
    drop_repeated(t, action);
    return true;
}

static bool tell_rule(struct task *t, const struct event_rule *rule)
{
    enum map_action action;
    bool says;
    if (!judge(t, rule, &action, &says))
        return false;
    if (!says)
        return true;
    return keep(t, rule, begin_item(t, t->out->count, rule), action);
}

static bool tell(struct task *t)
{
    for (size_t i = 0; i < t->mapping->rule_count; i++) {
        if (!tell_rule(t, &t->mapping->rules[i]))
            return false;
    }
    for (size_t i = 0; i < t->out->count; i++) {
        bool says_what = t->out->items[i].action != MAP_REMOVE_IF_HELD;
        if (says_what && !task_fill(t, t->rules[i], &t->out->items[i]))
            return false;
    }
    return true;
}

/* ---- the record ---- */

/* 1 to 255 bytes, no control characters, no comma (lists of accounts are joined by commas). */
static bool is_usable(const char *account)
{
    size_t length = account ? strnlen(account, MAX_ACCOUNT + 1) : 0;
    if (length == 0 || length > MAX_ACCOUNT)
        return false;
    for (const char *c = account; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == ',' || *c == 0x7f)
            return false;
    }
    return true;
}

static void read_account(struct task *t)
{
    struct map_output *out = t->out;
    size_t kept = t->kept_count;
    task_keep_text(t, t->mapping->account, &out->account);
    if (!is_usable(out->account)) {
        out->account = NULL;
        t->kept_count = kept;
        return;
    }
    identity_account_key(t->in->hmac, t->in->source, out->account, out->subject);
}

/* *wanted = false: it is another course's, and nobody's here. */
static bool read_course(struct task *t, bool *wanted)
{
    const struct mapping *m = t->mapping;
    const struct map_input *in = t->in;
    *wanted = true;
    t->out->course = in->course;
    if (!m->course)
        return in->course || !m->needs_course ||
               error_set(t->err, ERROR_DATA, false,
                         "course_missing: the stream belongs to no course");
    task_keep_text(t, m->course, &t->out->course);
    if (!t->out->course)
        return error_set(t->err, ERROR_DATA, false, "course_missing: `%s` is not there",
                         m->course->label);
    if (strlen(t->out->course) > EVENT_MAX_KEY) {
        t->out->course = NULL;
        return error_set(t->err, ERROR_DATA, false, "course_malformed: `%s` is too long",
                         m->course->label);
    }
    *wanted = !in->wants_course || in->wants_course(in->context, t->out->course);
    return true;
}

/* A withdrawal by an entity's whole name needs to know neither course nor learner (a voided statement). */
static bool withdraw_by_name(struct task *t)
{
    for (size_t i = 0; i < t->mapping->rule_count; i++) {
        const struct event_rule *rule = &t->mapping->rules[i];
        enum map_action action;
        bool says;
        if (!rule->withdraw || !rule->entity)
            continue;
        if (!judge(t, rule, &action, &says))
            return false;
        struct map_item *item = says ? begin_item(t, t->out->count, rule) : NULL;
        if (!item || action != MAP_REMOVE_IF_HELD)
            continue;
        if (!keep(t, rule, item, action))
            return false;
    }
    return true;
}

static bool meets_expectations(const struct task *t)
{
    for (size_t i = 0; i < t->mapping->expectation_count; i++) {
        const struct expectation *e = &t->mapping->expectations[i];
        bool holds = false;
        if (!condition_holds(e->that, &t->scope, &holds, t->err))
            return false;
        if (!holds)
            return error_set(t->err, ERROR_DATA, false, "%s: %s", e->reason, e->text);
    }
    return true;
}

static bool no_account(const struct task *t)
{
    return error_set(t->err, ERROR_DATA, false, "username_malformed: `%s` is missing or unusable",
                     t->mapping->account->label);
}

/* Of a record that is about nobody here only what it withdraws by name counts. */
static bool map_stranger(struct task *t, bool readable)
{
    if (!withdraw_by_name(t))
        return false;
    if (t->out->count > 0) {
        error_clear(t->err);
        return true;
    }
    t->out->skipped = readable;
    return readable;
}

static bool map_record(struct task *t)
{
    struct map_output *out = t->out;
    bool wanted = true, skip = false;
    if (!json_is_object(t->in->record))
        return error_set(
            t->err, ERROR_DATA, false,
            "not_an_object: the list holds something else, or an object that has a key twice");
    read_account(t);
    if (t->mapping->identifiers[0])
        task_keep_text(t, t->mapping->identifiers[0], &out->email);
    if (t->mapping->skip && !condition_holds(t->mapping->skip, &t->scope, &skip, t->err))
        return false;
    out->skipped = skip;
    if (skip)
        return true;
    bool readable = read_course(t, &wanted) && (!wanted || out->account || no_account(t));
    if (!readable || !wanted)
        return map_stranger(t, readable);
    return meets_expectations(t) && tell(t);
}

/* What a record that cannot be mapped is about, as far as it can be told; a whole name of its own needs no learner. */
static void name_entities(struct task *t)
{
    struct map_output *out = t->out;
    bool wanted;
    t->err = NULL;
    out->count = 0;
    out->items[0].entity[0] = out->items[0].total_entity[0] = '\0';
    if (!json_is_object(t->in->record))
        return;
    bool placed = out->course || read_course(t, &wanted);
    for (size_t i = 0; i < t->mapping->rule_count; i++) {
        const struct event_rule *rule = &t->mapping->rules[i];
        if (!rule->entity && (!out->account || !placed))
            continue;
        struct map_item *item = begin_item(t, out->count, rule);
        if (task_name_anyhow(t, rule, item)) {
            out->count++;
            drop_repeated(t, MAP_OBSERVE_IF_HELD);
        }
    }
    if (out->count == 0)
        out->items[0].entity[0] = out->items[0].total_entity[0] = '\0';
}

static void begin_task(struct task *t, const struct mapping *mapping, const struct map_input *in,
                       struct map_output *out, struct error *err)
{
    t->mapping = mapping;
    t->in = in;
    t->scope = (struct scope){in->record, in->enclosing, in->texts};
    t->out = out;
    t->err = err;
    memset(t->rules, 0, sizeof(t->rules));
    t->kept_count = 0;
    text_buffer_clear(&out->room);
    out->count = 0;
    out->skipped = false;
    out->account = out->course = out->email = NULL;
    out->items[0].entity[0] = out->items[0].total_entity[0] = '\0';
}

void mapping_name(const struct mapping *mapping, const struct map_input *in, struct map_output *out)
{
    struct task t;
    begin_task(&t, mapping, in, out, NULL);
    read_account(&t);
    name_entities(&t);
    settle_texts(&t);
}

bool mapping_apply(const struct mapping *mapping, const struct map_input *in,
                   struct map_output *out, struct error *err)
{
    struct task t;
    begin_task(&t, mapping, in, out, err);
    bool ok = map_record(&t);
    if (!ok)
        name_entities(&t);
    settle_texts(&t);
    return ok;
}

enum event_type mapping_first_type(const struct mapping *mapping)
{
    return mapping->rules[0].type; /* EVENT_UNKNOWN is 0 */
}
