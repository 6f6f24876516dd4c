#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/nearest.h"
#include "value_internal.h"

bool compile_error(const struct compiler *c, const struct yaml_node *node, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (!c->doc || !node)
        return error_set(c->err, ERROR_CONFIG, false, "%s", what);
    return error_set(c->err, ERROR_CONFIG, false, "%s:%d: %s", yaml_name(c->doc), yaml_line(node),
                     what);
}

/* ---- pointers ---- */

void pointer_free(struct pointer *pointer)
{
    for (size_t i = 0; i < pointer->count; i++)
        free(pointer->steps[i].name);
    free(pointer->steps);
}

/* RFC 6901: "0" or digits that do not begin with one. */
static size_t index_of(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 9 || strspn(name, "0123456789") != length ||
        (name[0] == '0' && length > 1))
        return NO_INDEX;
    return (size_t)strtoul(name, NULL, 10);
}

/* ~1 is /, ~0 is ~. False on any other ~. */
static bool unescape(char *name)
{
    char *out = name;
    for (const char *in = name; *in; in++) {
        if (*in != '~') {
            *out++ = *in;
        } else if (in[1] == '0' || in[1] == '1') {
            *out++ = *++in == '0' ? '~' : '/';
        } else {
            return false;
        }
    }
    *out = '\0';
    return true;
}

static void make_label(const char *name, char label[LABEL_SIZE])
{
    size_t length = 0;
    for (; *name && length < LABEL_SIZE - 1; name++)
        label[length++] = isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
    label[length] = '\0';
}

bool pointer_parse(const struct compiler *c, const struct yaml_node *node, const char *text,
                   struct pointer *out, char label[LABEL_SIZE])
{
    const char *at = text;
    *out = (struct pointer){.enclosing = *at == '^'};
    at += out->enclosing;
    size_t capacity = 0;
    while (*at == '/') {
        at++;
        size_t length = strcspn(at, "/");
        out->steps = array_room(out->steps, out->count, &capacity, sizeof *out->steps);
        struct step *step = &out->steps[out->count++];
        step->name = must_have(strndup(at, length));
        if (!unescape(step->name))
            return compile_error(c, node, "%s: ~ in a JSON pointer is written ~0, / is written ~1",
                                 text);
        step->index = index_of(step->name);
        at += length;
    }
    if (*at)
        return compile_error(c, node, "%s is no JSON pointer: it begins with /", text);
    if (label && out->count > 0)
        make_label(out->steps[out->count - 1].name, label);
    return true;
}

static bool is_pointer(const char *text)
{
    return text[0] == '/' || (text[0] == '^' && text[1] == '/');
}

/* ---- names, literals, templates ---- */

bool name_find(const struct compiler *c, const struct yaml_node *node, const char *name, size_t *index)
{
    for (size_t i = 0; i < c->names->count; i++) {
        if (c->names->items[i] && strcmp(c->names->items[i], name) == 0) {
            *index = i;
            return i >= 64 || !(c->names->secret >> i & 1U) ||
                   compile_error(c, node, "`%s` is a secret, which only `auth` sends", name);
        }
    }
    const char *nearest = nearest_name(name, c->names->items, c->names->count);
    return compile_error(c, node, "no name `%s` here%s%s%s", name, nearest ? "; did you mean `" : "",
                         nearest ? nearest : "", nearest ? "`?" : "");
}

void literal_set(struct literal *literal, const char *text, bool plain)
{
    *literal = (struct literal){.text = must_have(strdup(text))};
    literal->boolean = plain && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
    if (number_parse(text, &literal->value) == VALUE_NUMBER) {
        struct text_buffer printed = {0};
        text_buffer_add_json_double(&printed, literal->value);
        literal->number = strcmp(printed.data, text) == 0;
        text_buffer_free(&printed);
    }
}

static struct piece *add_piece(struct value *v, size_t *capacity, enum piece_kind kind)
{
    v->pieces = array_room(v->pieces, v->piece_count, capacity, sizeof *v->pieces);
    struct piece *piece = &v->pieces[v->piece_count++];
    *piece = (struct piece){.kind = kind};
    return piece;
}

static bool add_braced(const struct compiler *c, const struct yaml_node *node, struct value *v,
                       size_t *capacity, const char *inside)
{
    struct piece *piece = add_piece(v, capacity, is_pointer(inside) ? PIECE_POINTER : PIECE_NAME);
    if (piece->kind == PIECE_POINTER)
        return pointer_parse(c, node, inside, &piece->pointer, v->label);
    if (!name_find(c, node, inside, &piece->name))
        return false;
    piece->given_escaped = piece->name < 64 && (c->names->given_escaped >> piece->name & 1U);
    if (!v->label[0]) {
        const char *dot = strrchr(inside, '.');
        make_label(dot ? dot + 1 : inside, v->label);
    }
    return true;
}

static bool parse_template(const struct compiler *c, const struct yaml_node *node, const char *text,
                           struct value *v)
{
    struct text_buffer run = {0};
    size_t capacity = 0;
    bool ok = true;
    for (const char *at = text; ok && *at;) {
        if (at[0] != '{' || at[1] == '{') {
            bool doubled = (at[0] == '{' || at[0] == '}') && at[1] == at[0];
            text_buffer_add(&run, at, 1);
            at += doubled ? 2 : 1;
            if (*at && (at[0] != '{' || at[1] == '{'))
                continue;
        }
        if (run.length > 0) {
            add_piece(v, &capacity, PIECE_TEXT)->text = must_have(strdup(run.data));
            text_buffer_clear(&run);
        }
        if (!*at)
            break;
        size_t length = strcspn(at, "}");
        if (!at[length]) {
            ok = compile_error(c, node, "a { without its } (a brace itself is written {{)");
            break;
        }
        char *inside = must_have(strndup(at + 1, length - 1));
        ok = add_braced(c, node, v, &capacity, inside);
        free(inside);
        at += length + 1;
    }
    text_buffer_free(&run);
    return ok;
}

struct value *value_compile_template(const struct compiler *c, const struct yaml_node *node,
                                     const char *text)
{
    struct value *v = must_have(calloc(1, sizeof *v));
    v->kind = VALUE_TEMPLATE;
    if (parse_template(c, node, text, v))
        return v;
    value_free(v);
    return NULL;
}

const char *value_constant(const struct value *v)
{
    bool constant = v->kind == VALUE_TEMPLATE && v->piece_count == 1 &&
                    v->pieces[0].kind == PIECE_TEXT && !v->match && !v->map && !v->scaled;
    return constant ? v->pieces[0].text : NULL;
}

static struct value *compile_text(const struct compiler *c, const struct yaml_node *node,
                                  const char *text)
{
    if (!*text) {
        compile_error(c, node, "a value is empty: a JSON pointer or a text is needed");
        return NULL;
    }
    if (!is_pointer(text))
        return value_compile_template(c, node, text);
    struct value *v = must_have(calloc(1, sizeof *v));
    v->kind = VALUE_POINTER;
    if (pointer_parse(c, node, text, &v->pointer, v->label))
        return v;
    value_free(v);
    return NULL;
}

/* ---- values ---- */

static bool compile_choices(const struct compiler *c, const struct yaml_node *node, struct value *v)
{
    const struct yaml_node *value = yaml_get(node, "value"), *first = yaml_get(node, "first"),
                           *counted = yaml_get(node, "count"), *pick = yaml_get(node, "pick");
    if (!!value + !!first + !!counted + !!pick != 1)
        return compile_error(c, node,
                             "a value is written with one of `value`, `first`, `count`, `pick`");
    v->kind = VALUE_CHOICE;
    if (counted || pick) {
        v->elements = elements_compile(c, counted ? counted : pick, pick != NULL);
        return v->elements != NULL;
    }
    if (first && (yaml_kind(first) != YAML_SEQUENCE || yaml_count(first) == 0))
        return compile_error(c, first, "`first` is a list of values");
    size_t count = first ? yaml_count(first) : 1;
    v->choices = must_have(calloc(count, sizeof(struct value *)));
    for (size_t i = 0; i < count; i++) {
        struct value *choice = value_compile_with(c, first ? yaml_item(first, i) : value, NULL);
        if (!choice)
            return false;
        v->choices[v->choice_count++] = choice;
    }
    memcpy(v->label, v->choices[0]->label, LABEL_SIZE);
    return true;
}

static bool compile_map(const struct compiler *c, const struct yaml_node *map, struct value *v)
{
    if (!map)
        return true;
    if (yaml_kind(map) != YAML_MAPPING || yaml_count(map) == 0)
        return compile_error(c, map, "`map` is a mapping of texts to texts");
    v->map = must_have(calloc(yaml_count(map), sizeof *v->map));
    for (size_t i = 0; i < yaml_count(map); i++) {
        const char *from = yaml_key(map, i), *to = yaml_scalar(yaml_item(map, i));
        if (!to)
            return compile_error(c, yaml_item(map, i), "`map` is a mapping of texts to texts");
        if (strcmp(from, "*") == 0) {
            v->map_other = must_have(strdup(to));
            continue;
        }
        struct map_entry *entry = &v->map[v->map_count++];
        literal_set(&entry->from, from, false);
        entry->to = must_have(strdup(to));
    }
    return true;
}

static bool compile_rest(const struct compiler *c, const struct yaml_node *node, struct value *v)
{
    const struct yaml_node *when = yaml_get(node, "when"), *match = yaml_get(node, "match"),
                           *divide = yaml_get(node, "divide"), *scale = yaml_get(node, "scale"),
                           *fallback = yaml_get(node, "default");
    char why[200];
    if (when && !(v->when = condition_compile(c->doc, when, c->names, c->err)))
        return false;
    if (match && !yaml_scalar(match))
        return compile_error(c, match, "`match` is a regular expression");
    if (match && !(v->match = pattern_compile(yaml_scalar(match), why, sizeof why)))
        return compile_error(c, match, "the regular expression does not compile: %s", why);
    if (!compile_map(c, yaml_get(node, "map"), v))
        return false;
    if (divide && !(v->divisor = value_compile_with(c, divide, NULL)))
        return false;
    v->scaled = scale != NULL;
    if (scale && (!yaml_scalar(scale) || number_parse(yaml_scalar(scale), &v->scale) != VALUE_NUMBER))
        return compile_error(c, scale, "`scale` is a number");
    if (!fallback)
        return true;
    if (!yaml_scalar(fallback))
        return compile_error(c, fallback, "`default` is a text");
    v->fallback = must_have(strdup(yaml_scalar(fallback)));
    return true;
}

static bool only_value_keys(const struct compiler *c, const struct yaml_node *node,
                            const char *const *more)
{
    const char *keys[16] = {"value", "first", "count",  "pick",  "when",
                            "match", "map",   "divide", "scale", "default"};
    size_t count = 10;
    while (more && *more && count < ARRAY_LEN(keys) - 1)
        keys[count++] = *more++;
    return yaml_only_keys(c->doc, node, keys, c->err);
}

struct value *value_compile_with(const struct compiler *c, const struct yaml_node *node,
                                 const char *const *more)
{
    if (!node) {
        compile_error(c, NULL, "a value is missing");
        return NULL;
    }
    if (yaml_kind(node) == YAML_SCALAR)
        return compile_text(c, node, yaml_scalar(node));
    if (yaml_kind(node) != YAML_MAPPING) {
        compile_error(c, node,
                      "a value is a JSON pointer, a text, or a mapping with `value` or `first`");
        return NULL;
    }
    struct value *v = must_have(calloc(1, sizeof *v));
    if (only_value_keys(c, node, more) && compile_choices(c, node, v) && compile_rest(c, node, v))
        return v;
    value_free(v);
    return NULL;
}

struct value *value_compile(const struct yaml *doc, const struct yaml_node *node,
                            const struct name_list *names, struct error *err)
{
    return value_compile_with(&(struct compiler){doc, names, err}, node, NULL);
}

struct value *value_of_template(const struct yaml *doc, const struct yaml_node *node,
                                const struct name_list *names, struct error *err)
{
    struct compiler c = {doc, names, err};
    if (yaml_scalar(node))
        return value_compile_template(&c, node, yaml_scalar(node));
    compile_error(&c, node, "a text is needed");
    return NULL;
}

void value_free(struct value *v)
{
    if (!v)
        return;
    pointer_free(&v->pointer);
    for (size_t i = 0; i < v->piece_count; i++) {
        free(v->pieces[i].text);
        pointer_free(&v->pieces[i].pointer);
    }
    for (size_t i = 0; i < v->choice_count; i++)
        value_free(v->choices[i]);
    for (size_t i = 0; i < v->map_count; i++) {
        free(v->map[i].from.text);
        free(v->map[i].to);
    }
    elements_free(v->elements);
    condition_free(v->when);
    value_free(v->divisor);
    free(v->pieces);
    free(v->choices);
    free(v->map);
    free(v->map_other);
    free(v->fallback);
    pattern_free(v->match);
    free(v);
}
