/* What an item is about, and when. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "mapping_internal.h"

#define HASH_LENGTH 32 /* of an account, in hex digits */

/* An object or array where an instant should be is not nothing. */
static enum time_found no_text(const struct task *t, const struct value *value)
{
    struct found found;
    return value_find(value, &t->scope, &t->out->scratch, &found) ? TIME_MALFORMED : TIME_ABSENT;
}

static bool date_malformed(const struct task *t, const struct value *value, const char *what)
{
    return error_set(t->err, ERROR_DATA, false, "date_malformed: `%s` is no %s", value->label, what);
}

static bool take_times(struct task *t, const struct event_rule *rule, struct event *e)
{
    enum time_found found = TIME_ABSENT;
    if (rule->time.value) {
        const char *text = task_text(t, rule->time.value);
        found = text ? time_format_read(&rule->time.format, text, &e->time)
                     : no_text(t, rule->time.value);
    }
    if (found == TIME_MALFORMED)
        return date_malformed(t, rule->time.value, "instant");
    e->time_observed = found == TIME_ABSENT;
    if (rule->type != EVENT_LEARNING_PROGRESSED)
        return true;
    e->day = found == TIME_FOUND ? clock_day(e->time) : t->in->today;
    event_set(e, FIELD_DAY);
    if (rule->day.value) {
        const char *text = task_text(t, rule->day.value);
        found = text ? time_format_read_day(&rule->day.format, text, &e->day)
                     : no_text(t, rule->day.value);
        if (found == TIME_MALFORMED)
            return date_malformed(t, rule->day.value, "day");
    }
    return true;
}

struct name {
    char *text;
    size_t length;
    bool fits;
};

static void put(struct name *name, const char *text)
{
    size_t length = strlen(text);
    name->fits = name->fits && length <= EVENT_MAX_KEY - name->length;
    if (!name->fits)
        return;
    memcpy(name->text + name->length, text, length + 1);
    name->length += length;
}

static void put_part(struct name *name, const char *text)
{
    put(name, ":");
    put(name, text);
}

/* The 32 hex digits at the end of "account@<source>:<hex>". */
static const char *hex_of(const char *subject)
{
    return strrchr(subject, ':') + 1;
}

static struct name begin_name(const struct map_input *in, const struct event_rule *rule,
                              const char *course, const char *subject, char *text)
{
    struct name name = {.text = text, .fits = true};
    text[0] = '\0';
    put(&name, rule->prefix);
    put_part(&name, in->source);
    if (!is_of_account(rule)) /* accounts belong to no course */
        put_part(&name, course);
    put_part(&name, hex_of(subject));
    return name;
}

/* A part of the name that the record must say. */
static bool put_value(struct task *t, struct name *name, const struct value *value, const char *what)
{
    struct text_buffer *scratch = &t->out->scratch;
    text_buffer_clear(scratch);
    const char *text = value_text(value, &t->scope, scratch);
    if (!text)
        return error_set(t->err, ERROR_DATA, false, "%s_missing: `%s` is not there", what,
                         value->label[0] ? value->label : what);
    if (name->length > 0)
        put(name, ":");
    put(name, text);
    return true;
}

static bool name_entity(struct task *t, const struct event_rule *rule, struct map_item *item)
{
    item->entity[0] = item->total_entity[0] = '\0';
    struct name name = {.text = item->entity, .fits = true};
    if (rule->entity) {
        put(&name, t->in->source);
        if (!put_value(t, &name, rule->entity, "entity"))
            return false;
    } else {
        name = begin_name(t->in, rule, t->out->course, t->out->subject, item->entity);
        if ((rule->exam && !put_value(t, &name, rule->exam->value, "exam")) ||
            (rule->key && !put_value(t, &name, rule->key, "key")))
            return false;
    }
    if (rule->total && name.fits)
        memcpy(item->total_entity, item->entity, name.length + 1);
    if (rule->type == EVENT_LEARNING_PROGRESSED && !rule->entity &&
        (rule->total || rule->day.value || !rule->key)) {
        char day[CLOCK_DATE_SIZE];
        clock_format_date(item->event.day, day);
        put_part(&name, day);
    }
    if (name.fits)
        return true;
    item->entity[0] = item->total_entity[0] = '\0';
    return error_set(t->err, ERROR_DATA, false,
                     "entity_too_long: its name would have more than %d bytes", EVENT_MAX_KEY);
}

bool task_name(struct task *t, const struct event_rule *rule, struct map_item *item)
{
    return take_times(t, rule, &item->event) && name_entity(t, rule, item);
}

/* Its name ends in the day: "progress:<source>:<course>:<hash>:<day>". */
static bool names_day(const struct event_rule *rule)
{
    return rule->type == EVENT_LEARNING_PROGRESSED && !rule->entity &&
           (rule->total || rule->day.value || !rule->key);
}

/* What stands behind the name's own parts: no more than there must be, since exams and keys may hold colons. */
static bool ends_as(const struct event_rule *rule, const struct event *e, const char *rest)
{
    size_t length = strlen(rest), day = 1 + CLOCK_DATE_SIZE - 1;
    const char *exam = e->exam ? e->exam : "";
    if (rule->exam) {
        const char *constant = value_constant(rule->exam->value);
        size_t of_exam = strlen(exam);
        if (rest[0] != ':' || strncmp(rest + 1, exam, of_exam) != 0 ||
            (constant && strcmp(constant, exam) != 0))
            return false;
        rest += 1 + of_exam;
        length -= 1 + of_exam;
    }
    if (names_day(rule) && (length < day || rest[length - day] != ':'))
        return false;
    length -= names_day(rule) ? day : 0;
    return rule->key ? length > 1 && rest[0] == ':' : length == 0;
}

static bool rule_tells(const struct event_rule *rule, const struct event *e)
{
    char begin[EVENT_MAX_KEY * 2];
    const char *prefix = mapping_prefix(e->type);
    if (!prefix || strcmp(rule->prefix, prefix) != 0)
        return false;
    int length = rule->entity          ? snprintf(begin, sizeof begin, "%s:", e->source)
                 : is_of_account(rule) ? snprintf(begin, sizeof begin, "%s:%s:", prefix, e->source)
                                       : snprintf(begin, sizeof begin, "%s:%s:%s:", prefix,
                                                  e->source, e->course ? e->course : "");
    if (length < 0 || (size_t)length >= sizeof begin || strncmp(e->entity, begin, (size_t)length) != 0)
        return false;
    const char *hash = e->entity + length;
    return rule->entity || (strlen(hash) >= HASH_LENGTH && ends_as(rule, e, hash + HASH_LENGTH));
}

bool mapping_tells(const struct mapping *mapping, const struct event *e, const char *const *texts,
                   struct map_told *told)
{
    for (size_t i = 0; i < mapping->rule_count; i++) {
        const struct event_rule *rule = &mapping->rules[i];
        bool never = rule->when && condition_chance(rule->when, texts) == CONDITION_NEVER;
        if (never || !rule_tells(rule, e))
            continue;
        *told = (struct map_told){.total = rule->total, .lasting = rule->lasting};
        return true;
    }
    return false;
}

bool mapping_tells_lasting(const struct mapping *mapping)
{
    bool lasting = false;
    for (size_t i = 0; i < mapping->rule_count; i++)
        lasting |= mapping->rules[i].lasting;
    return lasting;
}

bool task_name_anyhow(struct task *t, const struct event_rule *rule, struct map_item *item)
{
    if (!take_times(t, rule, &item->event))
        item->event.day = t->in->today;
    return name_entity(t, rule, item);
}

bool mapping_lone_entity(const struct mapping *mapping, const struct map_input *in,
                         const char *account, char *entity)
{
    char subject[IDENTITY_KEY];
    const struct event_rule *first = &mapping->rules[0];
    if (mapping->rule_count == 0)
        return false;
    for (size_t i = 0; i < mapping->rule_count; i++) {
        const struct event_rule *rule = &mapping->rules[i];
        if (rule->key || rule->entity || rule->exam || rule->type == EVENT_LEARNING_PROGRESSED ||
            strcmp(rule->prefix, first->prefix) != 0)
            return false;
    }
    if (!is_of_account(first) && (mapping->course || !in->course))
        return false;
    identity_account_key(in->hmac, in->source, account, subject);
    return begin_name(in, first, in->course, subject, entity).fits;
}

bool mapping_keyed_entities(const struct mapping *mapping, const struct map_input *in,
                            const char *account, char *entity)
{
    char subject[IDENTITY_KEY];
    const struct event_rule *rule = &mapping->rules[0];
    const struct scope scope = {NULL, NULL, in->texts};
    struct text_buffer scratch = {.data = NULL};
    if (mapping->rule_count != 1 || !rule->key || rule->entity || mapping->course || !in->course ||
        rule->type == EVENT_LEARNING_PROGRESSED)
        return false;
    const char *exam = rule->exam ? value_text(rule->exam->value, &scope, &scratch) : NULL;
    bool known = exam || !rule->exam;
    if (known) {
        identity_account_key(in->hmac, in->source, account, subject);
        struct name name = begin_name(in, rule, in->course, subject, entity);
        if (exam)
            put_part(&name, exam);
        known = name.fits;
    }
    text_buffer_free(&scratch);
    return known;
}

void mapping_tell_apart(const struct mapping *mapping, const struct scope *scope,
                        struct text_buffer *out)
{
    for (size_t i = 0; i < mapping->rule_count; i++) {
        const struct event_rule *rule = &mapping->rules[i];
        const struct value *parts[] = {rule->exam ? rule->exam->value : NULL, rule->key,
                                       rule->entity};
        for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
            if (!parts[k] || value_constant(parts[k]))
                continue;
            struct text_buffer room = {.data = NULL};
            const char *text = value_text(parts[k], scope, &room);
            text_buffer_add_format(out, "\n%s", text ? text : "");
            text_buffer_free(&room);
        }
    }
}
