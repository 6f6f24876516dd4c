#include "value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "value_internal.h"

#define BLANKS " \t\r\n\f\v"

/* ---- reading ---- */

static const struct json *item_at(const struct json *array, size_t index)
{
    const struct json *item = json_first(array);
    while (item && index-- > 0)
        item = json_next(item);
    return item;
}

const struct json *pointer_find(const struct pointer *pointer, const struct scope *scope)
{
    const struct json *node = pointer->enclosing ? scope->enclosing : scope->record;
    for (size_t i = 0; node && i < pointer->count; i++) {
        const struct step *step = &pointer->steps[i];
        if (json_is_object(node))
            node = json_get(node, step->name);
        else
            node = json_is_array(node) && step->index != NO_INDEX ? item_at(node, step->index) : NULL;
    }
    return node;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, BLANKS)] == '\0';
}

static bool is_there(const struct json *node)
{
    const char *text = json_string(node);
    return node && !json_is_null(node) && !(text && is_blank(text));
}

enum value_number number_parse(const char *text, double *out)
{
    char digits[JSON_MAX_NUMBER + 4];
    text += strspn(text, BLANKS);
    size_t length = strspn(text, "0123456789+-.,eE");
    if (length == 0 || length >= sizeof digits || !is_blank(text + length))
        return VALUE_MALFORMED;
    memcpy(digits, text, length);
    digits[length] = '\0';
    char *comma = strchr(digits, ','), *end;
    if (comma && !strchr(digits, '.'))
        *comma = '.';
    double number = strtod(digits, &end);
    if (*end || end == digits || !isfinite(number))
        return VALUE_MALFORMED;
    *out = number;
    return VALUE_NUMBER;
}

static const char *scalar_text(const struct json *node, struct text_buffer *room)
{
    if (json_is_string(node))
        return json_string(node);
    if (json_is_boolean(node))
        return json_boolean(node, false) ? "true" : "false";
    if (!json_is_number(node))
        return NULL;
    size_t at = room->length;
    text_buffer_add_json_double(room, json_number(node, 0));
    text_buffer_add(room, "", 1);
    return room->data + at;
}

const char *found_text(const struct found *found, struct text_buffer *room)
{
    if (found->malformed)
        return NULL;
    if (found->node)
        return scalar_text(found->node, room);
    if (found->is_number) {
        size_t at = room->length;
        text_buffer_add_json_double(room, found->number);
        text_buffer_add(room, "", 1);
        return room->data + at;
    }
    return found->in_room ? room->data + found->at : found->text;
}

enum value_number found_number(const struct found *found, const struct text_buffer *room, double *out)
{
    if (found->malformed)
        return VALUE_MALFORMED;
    if (found->is_number) {
        *out = found->number;
        return isfinite(*out) ? VALUE_NUMBER : VALUE_MALFORMED;
    }
    if (json_is_number(found->node)) {
        *out = json_number(found->node, 0);
        return isfinite(*out) ? VALUE_NUMBER : VALUE_MALFORMED;
    }
    const char *text = found->node      ? json_string(found->node)
                       : found->in_room ? room->data + found->at
                                        : found->text;
    return text ? number_parse(text, out) : VALUE_MALFORMED;
}

bool literal_equals(const struct literal *literal, const struct found *found, struct text_buffer *room)
{
    if (json_is_number(found->node))
        return literal->number && literal->value == json_number(found->node, 0);
    if (literal->boolean && json_is_string(found->node))
        return false;
    const char *text = found_text(found, room);
    return text && strcmp(text, literal->text) == 0;
}

/* ---- templates ---- */

static void add_url(struct text_buffer *room, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool kept = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= '0' && *c <= '9') || *c == '-' || *c == '.' || *c == '_' || *c == '~';
        char encoded[3] = {kept ? (char)*c : '%', hex[*c >> 4], hex[*c & 15]};
        text_buffer_add(room, encoded, kept ? 1 : 3);
    }
}

/* Without the quotes around it. */
static void add_json(struct text_buffer *room, const char *text)
{
    size_t at = room->length;
    text_buffer_add_json_string(room, text);
    size_t length = room->length - at - 2;
    memmove(room->data + at, room->data + at + 1, length);
    room->length = at + length;
    room->data[room->length] = '\0';
}

enum escape { ESCAPE_NONE, ESCAPE_URL, ESCAPE_JSON };

static void add_escaped(struct text_buffer *room, const char *text, enum escape escape)
{
    if (escape == ESCAPE_URL)
        add_url(room, text);
    else if (escape == ESCAPE_JSON)
        add_json(room, text);
    else
        text_buffer_add_text(room, text);
}

static const char *piece_text(const struct piece *piece, const struct scope *scope,
                              struct text_buffer *digits)
{
    if (piece->kind == PIECE_TEXT)
        return piece->text;
    if (piece->kind == PIECE_NAME) {
        const char *text = scope->texts ? scope->texts[piece->name] : NULL;
        return text && !is_blank(text) ? text : NULL;
    }
    const struct json *node = pointer_find(&piece->pointer, scope);
    return is_there(node) ? scalar_text(node, digits) : NULL;
}

/* Appends the whole and its NUL; nothing where a part is absent. */
static bool add_template(const struct value *v, const struct scope *scope, enum escape escape,
                         struct text_buffer *room)
{
    struct text_buffer digits = {0};
    size_t at = room->length;
    bool ok = v->piece_count > 0;
    for (size_t i = 0; ok && i < v->piece_count; i++) {
        const struct piece *piece = &v->pieces[i];
        text_buffer_clear(&digits);
        const char *text = piece_text(piece, scope, &digits);
        bool as_it_is = piece->kind == PIECE_TEXT || piece->given_escaped;
        if (text)
            add_escaped(room, text, as_it_is ? ESCAPE_NONE : escape);
        ok = text != NULL;
    }
    text_buffer_free(&digits);
    if (ok)
        text_buffer_add(room, "", 1);
    else
        room->length = at;
    return ok;
}

static bool find_template(const struct value *v, const struct scope *scope,
                          struct text_buffer *room, struct found *out)
{
    if (v->piece_count == 1 && v->pieces[0].kind != PIECE_POINTER) {
        out->text = piece_text(&v->pieces[0], scope, room);
        return out->text != NULL;
    }
    out->in_room = true;
    out->at = room->length;
    return add_template(v, scope, ESCAPE_NONE, room);
}

/* ---- what is done with it ---- */

static bool apply_match(const struct value *v, struct found *found, struct text_buffer *room)
{
    size_t begin, end;
    const char *text = found_text(found, room);
    if (!text || !pattern_find(v->match, text, &begin, &end) || begin == end)
        return false;
    bool inside = room->data && text >= room->data && text <= room->data + room->length;
    size_t offset = inside ? (size_t)(text - room->data) : 0;
    *found = (struct found){.in_room = true, .at = room->length};
    text_buffer_reserve(room, end - begin + 1);
    text_buffer_add(room, (inside ? room->data + offset : text) + begin, end - begin);
    text_buffer_add(room, "", 1);
    return !is_blank(room->data + found->at);
}

static bool apply_map(const struct value *v, struct found *found, struct text_buffer *room)
{
    const char *to = v->map_other;
    for (size_t i = 0; i < v->map_count; i++) {
        if (literal_equals(&v->map[i].from, found, room)) {
            to = v->map[i].to;
            break;
        }
    }
    *found = (struct found){.text = to};
    return to && !is_blank(to);
}

static void apply_scale(const struct value *v, struct found *found, const struct text_buffer *room)
{
    double number = 0;
    bool malformed = found_number(found, room, &number) != VALUE_NUMBER;
    *found = (struct found){.is_number = true, .malformed = malformed, .number = number * v->scale};
}

/* An object or array is passed over where there is something else to take. */
static bool has_text(const struct found *found)
{
    return !json_is_object(found->node) && !json_is_array(found->node);
}

/* Nothing can be divided by 0: then there is no share. */
static bool apply_divide(const struct value *v, const struct scope *scope, struct found *found,
                         const struct text_buffer *room)
{
    double number = 0, divisor = 0;
    enum value_number kind = value_number(v->divisor, scope, &divisor);
    if (kind == VALUE_ABSENT || (kind == VALUE_NUMBER && divisor == 0))
        return false;
    bool malformed = kind != VALUE_NUMBER || found_number(found, room, &number) != VALUE_NUMBER;
    *found = (struct found){
        .is_number = true, .malformed = malformed, .number = malformed ? 0 : number / divisor};
    return true;
}

static bool find_any(const struct value *v, const struct scope *scope, struct text_buffer *room,
                     struct found *out)
{
    for (size_t i = 0; i < v->choice_count; i++) {
        bool last = i + 1 == v->choice_count;
        if (value_find(v->choices[i], scope, room, out) && (last || has_text(out)))
            return true;
    }
    return false;
}

static bool counts(const struct value *v, const struct scope *scope)
{
    bool holds = true;
    return !v->when || (condition_holds(v->when, scope, &holds, NULL) && holds);
}

bool value_find(const struct value *v, const struct scope *scope, struct text_buffer *room,
                struct found *out)
{
    *out = (struct found){.node = NULL};
    if (v->kind == VALUE_POINTER) {
        out->node = pointer_find(&v->pointer, scope);
        return is_there(out->node);
    }
    if (v->kind == VALUE_TEMPLATE)
        return find_template(v, scope, room, out);
    bool there = counts(v, scope) && (v->elements ? elements_find(v->elements, scope, room, out)
                                                  : find_any(v, scope, room, out));
    if (there && v->match)
        there = apply_match(v, out, room);
    if (there && (v->map_count > 0 || v->map_other))
        there = apply_map(v, out, room);
    if (there && v->divisor)
        there = apply_divide(v, scope, out, room);
    if (there && v->scaled)
        apply_scale(v, out, room);
    if (!there && v->fallback) {
        *out = (struct found){.text = v->fallback};
        there = !is_blank(v->fallback);
    }
    return there;
}

/* ---- the interface ---- */

const char *value_text(const struct value *value, const struct scope *scope, struct text_buffer *room)
{
    struct found found;
    return value_find(value, scope, room, &found) ? found_text(&found, room) : NULL;
}

static bool add_value(const struct value *v, const struct scope *scope, enum escape escape,
                      struct text_buffer *room)
{
    if (v->kind == VALUE_TEMPLATE)
        return add_template(v, scope, escape, room);
    bool plain_choice = v->choice_count > 0 && !v->when && !v->match && !v->map && !v->map_other &&
                        !v->divisor && !v->scaled;
    for (size_t i = 0; plain_choice && i < v->choice_count; i++) {
        if (add_value(v->choices[i], scope, escape, room))
            return true;
    }
    if (plain_choice && !v->fallback)
        return false;
    struct text_buffer own = {0};
    const char *text = value_text(v, scope, &own);
    if (text) {
        add_escaped(room, text, escape);
        text_buffer_add(room, "", 1);
    }
    text_buffer_free(&own);
    return text != NULL;
}

const char *value_text_escaped(const struct value *value, const struct scope *scope,
                               enum value_escape escape, struct text_buffer *room)
{
    size_t at = room->length;
    bool there = add_value(value, scope, escape == VALUE_URL ? ESCAPE_URL : ESCAPE_JSON, room);
    return there ? room->data + at : NULL;
}

enum value_number value_number(const struct value *value, const struct scope *scope, double *out)
{
    struct text_buffer room = {0};
    struct found found;
    enum value_number result = VALUE_ABSENT;
    if (value_find(value, scope, &room, &found))
        result = found_number(&found, &room, out);
    text_buffer_free(&room);
    return result;
}
