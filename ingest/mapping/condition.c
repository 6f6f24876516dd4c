#include <string.h>

#include "../../common/text.h"
#include "value_internal.h"

#define SAME_MAX 512

static bool malformed(const struct condition *c, const char *how, const char *why, struct error *err)
{
    const char *label = c->label[0] ? c->label : "value";
    return error_set(err, ERROR_DATA, false, "%s_%s: %s", label, how, why);
}

static bool truth(const struct condition *c, const struct scope *scope, struct text_buffer *room,
                  bool *holds, struct error *err)
{
    struct found found;
    if (!value_find(c->left, scope, room, &found))
        return malformed(c, "missing", "neither true nor false", err);
    const char *text = found.node ? NULL : found_text(&found, room);
    bool yes = text && strcmp(text, "true") == 0, no = text && strcmp(text, "false") == 0;
    if (!json_is_boolean(found.node) && !yes && !no)
        return malformed(c, "missing", "neither true nor false", err);
    *holds = found.node ? json_boolean(found.node, false) : yes;
    return true;
}

static bool equals_operand(const struct operand *operand, const struct scope *scope,
                           const struct found *found, struct text_buffer *room)
{
    if (!operand->value)
        return literal_equals(&operand->literal, found, room);
    struct text_buffer other = {0};
    const char *right = value_text(operand->value, scope, &other);
    const char *left = right ? found_text(found, room) : NULL;
    bool equal = left && strcmp(left, right) == 0;
    text_buffer_free(&other);
    return equal;
}

static bool is_one_of(const struct condition *c, const struct scope *scope, struct text_buffer *room)
{
    struct found found;
    if (!value_find(c->left, scope, room, &found))
        return false;
    for (size_t i = 0; i < c->operand_count; i++) {
        if (equals_operand(&c->operands[i], scope, &found, room))
            return true;
    }
    return false;
}

/* Names are compared as people read them: offices type them with composed or decomposed accents. */
static bool reads_same(const struct condition *c, const struct scope *scope, struct text_buffer *room)
{
    char a[SAME_MAX], b[SAME_MAX];
    struct text_buffer other = {0};
    const char *right = value_text(c->right, scope, &other);
    const char *left = right ? value_text(c->left, scope, room) : NULL;
    bool same =
        left && (strcmp(left, right) == 0 || (text_clean(left, a, sizeof a) &&
                                              text_clean(right, b, sizeof b) && strcmp(a, b) == 0));
    text_buffer_free(&other);
    return same;
}

static bool compare(const struct condition *c, const struct scope *scope, bool *holds,
                    struct error *err)
{
    double left = 0, right = c->right_number;
    enum value_number a = value_number(c->left, scope, &left);
    enum value_number b = c->right_is_number ? VALUE_NUMBER : value_number(c->right, scope, &right);
    if (a == VALUE_MALFORMED || b == VALUE_MALFORMED)
        return malformed(c, "malformed", "not a number", err);
    bool both = a == VALUE_NUMBER && b == VALUE_NUMBER;
    switch (c->kind) {
    case CONDITION_ABOVE:
        *holds = both && left > right;
        return true;
    case CONDITION_AT_LEAST:
        *holds = both && left >= right;
        return true;
    case CONDITION_BELOW:
        *holds = both && left < right;
        return true;
    default:
        *holds = both && left <= right;
        return true;
    }
}

static bool matches(const struct condition *c, const struct scope *scope, struct text_buffer *room)
{
    size_t begin, end;
    const char *text = value_text(c->left, scope, room);
    return text && pattern_find(c->pattern, text, &begin, &end);
}

static bool some(const struct condition *c, const struct scope *scope, bool *holds, struct error *err)
{
    const struct json *array = pointer_find(&c->pointer, scope);
    if (!json_is_array(array))
        return malformed(c, "missing", "no list where one must be", err);
    for (const struct json *item = json_first(array); item && !*holds; item = json_next(item)) {
        struct scope inside = {.record = item, .enclosing = scope->record, .texts = scope->texts};
        if (!condition_holds(c->parts[0], &inside, holds, err))
            return false;
    }
    return true;
}

/* all: until one does not hold; any: until one does. */
static bool each_part(const struct condition *c, const struct scope *scope, bool *holds,
                      struct error *err)
{
    bool ends = c->kind == CONDITION_ANY;
    *holds = !ends;
    for (size_t i = 0; i < c->part_count && *holds != ends; i++) {
        if (!condition_holds(c->parts[i], scope, holds, err))
            return false;
    }
    return true;
}

static bool evaluate(const struct condition *c, const struct scope *scope, struct text_buffer *room,
                     bool *holds, struct error *err)
{
    struct found found;
    switch (c->kind) {
    case CONDITION_TRUTH:
        return truth(c, scope, room, holds, err);
    case CONDITION_IN:
        *holds = is_one_of(c, scope, room);
        return true;
    case CONDITION_SAME:
        *holds = reads_same(c, scope, room);
        return true;
    case CONDITION_EXISTS:
        *holds = value_find(c->left, scope, room, &found);
        return true;
    case CONDITION_PRESENT:
        *holds = pointer_find(&c->pointer, scope) != NULL;
        return true;
    case CONDITION_MATCHES:
        *holds = matches(c, scope, room);
        return true;
    case CONDITION_ALL:
    case CONDITION_ANY:
        return each_part(c, scope, holds, err);
    case CONDITION_NOT:
        if (!condition_holds(c->parts[0], scope, holds, err))
            return false;
        *holds = !*holds;
        return true;
    case CONDITION_SOME:
        return some(c, scope, holds, err);
    case CONDITION_KNOWN:
        *holds = scope->texts && scope->texts[c->name];
        return true;
    default:
        return compare(c, scope, holds, err);
    }
}

bool condition_holds(const struct condition *condition, const struct scope *scope, bool *holds,
                     struct error *err)
{
    struct text_buffer room = {0};
    *holds = false;
    bool ok = evaluate(condition, scope, &room, holds, err);
    text_buffer_free(&room);
    return ok;
}

static bool is_known(const struct value *value, const char *const *texts)
{
    bool known = value->kind == VALUE_TEMPLATE && !value->when && !value->divisor;
    for (size_t i = 0; known && i < value->piece_count; i++)
        known = value->pieces[i].kind == PIECE_TEXT ||
                (value->pieces[i].kind == PIECE_NAME && texts[value->pieces[i].name]);
    return known;
}

static enum condition_chance chance_in(const struct condition *c, const char *const *texts)
{
    const struct scope scope = {.texts = texts};
    bool known = is_known(c->left, texts), holds = false;
    for (size_t i = 0; known && i < c->operand_count; i++)
        known = !c->operands[i].value || is_known(c->operands[i].value, texts);
    if (!known || !condition_holds(c, &scope, &holds, NULL))
        return CONDITION_MAYBE;
    return holds ? CONDITION_ALWAYS : CONDITION_NEVER;
}

enum condition_chance condition_chance(const struct condition *c, const char *const *texts)
{
    bool any = c->kind == CONDITION_ANY;
    enum condition_chance chance = any ? CONDITION_NEVER : CONDITION_ALWAYS;
    switch (c->kind) {
    case CONDITION_IN:
        return chance_in(c, texts);
    case CONDITION_NOT:
        return CONDITION_ALWAYS - condition_chance(c->parts[0], texts);
    case CONDITION_ALL:
    case CONDITION_ANY:
        for (size_t i = 0; i < c->part_count; i++) {
            enum condition_chance part = condition_chance(c->parts[i], texts);
            chance = any == (part > chance) ? part : chance;
        }
        return chance;
    default:
        return CONDITION_MAYBE;
    }
}
