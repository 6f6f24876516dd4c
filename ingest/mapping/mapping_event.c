/* What the event of an item says. */
#include <math.h>
#include <string.h>

#include "mapping_internal.h"

#define MAX_EXACT 9007199254740992.0 /* 2^53 */
#define MAX_SHARE 100.0              /* extra credit; a larger one is a percentage, or worse */
#define ROUNDING 1.001               /* of a share of content done */

#define PASSED_BIT 1
#define SAT_BIT 2

static bool malformed(const struct task *t, const char *what, const char *why)
{
    return error_set(t->err, ERROR_DATA, false, "%s_malformed: %s", what, why);
}

static bool bad_number(const struct task *t, const struct field_rule *field, const char *why)
{
    const char *label = field->value->label;
    return error_set(t->err, ERROR_DATA, false, "%s_malformed: `%s` is %s", field->spec->name,
                     *label ? label : field->spec->name, why);
}

static bool take_text(struct task *t, const struct field_rule *field, struct event *e, const char **at)
{
    task_keep_text(t, field->value, at);
    if (!*at)
        return true;
    if (strlen(*at) <= EVENT_MAX_KEY)
        event_set(e, field->spec->field);
    return true;
}

static bool take_number(struct task *t, const struct field_rule *field, struct event *e, void *at)
{
    const struct field_spec *spec = field->spec;
    double number = 0;
    enum value_number found = value_number(field->value, &t->scope, &number);
    if (found == VALUE_ABSENT)
        return true;
    if (spec->kind == KIND_SHARE) {
        double most = spec->field == FIELD_PERCENT ? MAX_SHARE : ROUNDING;
        if (found == VALUE_MALFORMED || !(number >= 0.0 && number <= most))
            return bad_number(t, field, "not a share from 0 to 1");
        number = number > 1.0 ? 1.0 : number;
    } else if (found == VALUE_MALFORMED) {
        return bad_number(t, field, "not a number");
    }
    event_set(e, spec->field);
    if (spec->kind != KIND_INTEGER) {
        *(double *)at = number == 0.0 ? 0.0 : number; /* no -0 */
        return true;
    }
    if (!(number >= 1.0 && number <= MAX_EXACT && number == trunc(number)))
        return bad_number(t, field, "not a whole number from 1");
    *(int64_t *)at = (int64_t)number;
    return true;
}

static bool take_field(struct task *t, const struct field_rule *field, struct event *e)
{
    void *at = (char *)e + field->spec->offset;
    switch (field->spec->kind) {
    case KIND_TEXT:
        return take_text(t, field, e, at);
    case KIND_BOOLEAN:
        event_set(e, field->spec->field);
        return condition_holds(field->condition, &t->scope, at, t->err);
    case KIND_INTEGER:
    case KIND_DOUBLE:
    case KIND_SHARE:
        return take_number(t, field, e, at);
    default:
        return false;
    }
}

static uint8_t status_of(const struct event *e)
{
    switch (e->type) {
    case EVENT_ENROLLMENT_CREATED:
    case EVENT_ACCOUNT_ACTIVATED:
    case EVENT_CERTIFICATE_ISSUED:
        return 1;
    case EVENT_EXAM_GRADED:
        return (uint8_t)((e->passed ? PASSED_BIT : 0) | (e->sat ? SAT_BIT : 0));
    default:
        return 0;
    }
}

/* An identifier that is malformed is left out: the account is there all the same. */
static void take_identity(struct task *t, struct event *e)
{
    static enum identity_fault (*const normalise[MAP_IDENTIFIERS])(const char *, char *) = {
        identity_normalise_email, identity_normalise_citizen, identity_normalise_phone};
    const struct mapping *m = t->mapping;
    struct map_output *out = t->out;
    char normal[IDENTITY_TEXT];
    for (size_t i = 0; i < MAP_IDENTIFIERS; i++) {
        const char *text = m->identifiers[i] ? task_text(t, m->identifiers[i]) : NULL;
        if (!text || normalise[i](text, normal) != IDENTITY_OK)
            continue;
        identity_key(t->in->hmac, mapping_identifier_kinds[i], normal, out->identifiers[i]);
        e->identifiers.items[e->identifiers.count++] = out->identifiers[i];
        event_set(e, FIELD_IDENTIFIERS);
    }
    const char *name = m->name ? task_text(t, m->name) : NULL;
    if (name && identity_name_key(t->in->hmac, name, out->name)) {
        e->name = out->name;
        event_set(e, FIELD_NAME);
    }
}

/* A maximum says nothing alone, and nothing if it is none; extra credit does not go beyond it. */
static void settle_score(struct event *e)
{
    if (!event_has(e, FIELD_SCORE) || e->max_score <= 0)
        e->present &= ~(1ULL << FIELD_MAX_SCORE);
    else if (event_has(e, FIELD_MAX_SCORE) && e->score > e->max_score)
        e->score = e->max_score;
}

bool task_fill(struct task *t, const struct event_rule *rule, struct map_item *item)
{
    struct event *e = &item->event;
    for (size_t i = 0; i < rule->field_count; i++) {
        if (!take_field(t, &rule->fields[i], e))
            return false;
    }
    if (rule->exam && !event_has(e, FIELD_EXAM))
        return malformed(t, "exam", "missing, or longer than a key may be");
    settle_score(e);
    if (is_of_account(rule)) {
        take_identity(t, e);
    } else {
        e->course = t->out->course;
        event_set(e, FIELD_COURSE);
    }
    item->status = status_of(e);
    return true;
}
