#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/nearest.h"
#include "value_internal.h"

static struct condition *compile(const struct compiler *c, const struct yaml_node *node);

static bool take_value(const struct compiler *c, const struct yaml_node *node, struct condition *out)
{
    out->left = value_compile_with(c, node, NULL);
    if (out->left)
        memcpy(out->label, out->left->label, LABEL_SIZE);
    return out->left != NULL;
}

/* Two items: the value, and what it is set against. */
static bool take_pair(const struct compiler *c, const char *key, const struct yaml_node *node,
                      struct condition *out)
{
    if (yaml_kind(node) != YAML_SEQUENCE || yaml_count(node) != 2)
        return compile_error(c, node, "`%s` takes a list of two", key);
    return take_value(c, yaml_item(node, 0), out);
}

static bool take_operand(const struct compiler *c, const struct yaml_node *node, struct operand *out)
{
    const char *text = yaml_scalar(node);
    if (!text)
        return compile_error(c, node, "a text, a number, true or false is needed");
    if (!*text)
        return compile_error(c, node, "an empty text is absent: use `exists`");
    struct value *value = value_compile_template(c, node, text);
    const char *constant = value ? value_constant(value) : NULL;
    if (constant) {
        literal_set(&out->literal, constant, yaml_is_plain(node));
        value_free(value);
    } else {
        out->value = value;
    }
    return value != NULL;
}

static bool compile_in(const struct compiler *c, const char *key, const struct yaml_node *node,
                       struct condition *out)
{
    if (!take_pair(c, key, node, out))
        return false;
    const struct yaml_node *items = yaml_item(node, 1);
    bool list = strcmp(key, "in") == 0;
    if (list && (yaml_kind(items) != YAML_SEQUENCE || yaml_count(items) == 0))
        return compile_error(c, items, "`in` takes a value and a list of literals");
    size_t count = list ? yaml_count(items) : 1;
    out->operands = must_have(calloc(count, sizeof *out->operands));
    out->operand_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!take_operand(c, list ? yaml_item(items, i) : items, &out->operands[i]))
            return false;
    }
    return true;
}

static bool compile_two_values(const struct compiler *c, const char *key,
                               const struct yaml_node *node, struct condition *out)
{
    if (!take_pair(c, key, node, out) ||
        !(out->right = value_compile_with(c, yaml_item(node, 1), NULL)))
        return false;
    const char *constant = value_constant(out->right);
    if (constant && out->kind != CONDITION_SAME) {
        out->right_is_number = number_parse(constant, &out->right_number) == VALUE_NUMBER;
        if (!out->right_is_number)
            return compile_error(c, yaml_item(node, 1), "`%s` compares numbers, and %s is none",
                                 key, constant);
    }
    return true;
}

static bool compile_exists(const struct compiler *c, const char *key, const struct yaml_node *node,
                           struct condition *out)
{
    (void)key;
    return take_value(c, node, out);
}

static bool take_pointer(const struct compiler *c, const char *key, const struct yaml_node *node,
                         struct condition *out)
{
    const char *text = yaml_scalar(node);
    if (!text)
        return compile_error(c, node, "`%s` takes a JSON pointer", key);
    return pointer_parse(c, node, text, &out->pointer, out->label);
}

static bool compile_matches(const struct compiler *c, const char *key, const struct yaml_node *node,
                            struct condition *out)
{
    char why[200];
    if (!take_pair(c, key, node, out))
        return false;
    const struct yaml_node *regex = yaml_item(node, 1);
    if (!yaml_scalar(regex))
        return compile_error(c, regex, "`matches` takes a value and a regular expression");
    out->pattern = pattern_compile(yaml_scalar(regex), why, sizeof why);
    return out->pattern ||
           compile_error(c, regex, "the regular expression does not compile: %s", why);
}

static bool add_parts(const struct compiler *c, const struct yaml_node *node, size_t count,
                      bool is_list, struct condition *out)
{
    out->parts = must_have(calloc(count, sizeof(struct condition *)));
    for (size_t i = 0; i < count; i++) {
        struct condition *part = compile(c, is_list ? yaml_item(node, i) : node);
        if (!part)
            return false;
        out->parts[out->part_count++] = part;
    }
    return true;
}

static bool compile_list(const struct compiler *c, const char *key, const struct yaml_node *node,
                         struct condition *out)
{
    if (yaml_kind(node) != YAML_SEQUENCE || yaml_count(node) == 0)
        return compile_error(c, node, "`%s` takes a list of conditions", key);
    return add_parts(c, node, yaml_count(node), true, out);
}

static bool compile_not(const struct compiler *c, const char *key, const struct yaml_node *node,
                        struct condition *out)
{
    (void)key;
    return add_parts(c, node, 1, false, out);
}

static bool compile_some(const struct compiler *c, const char *key, const struct yaml_node *node,
                         struct condition *out)
{
    static const char *const keys[] = {"of", "where", NULL};
    const struct yaml_node *of = yaml_get(node, "of"), *where = yaml_get(node, "where");
    if (yaml_kind(node) != YAML_MAPPING || !of || !where)
        return compile_error(c, node, "`some` takes {of: POINTER, where: CONDITION}");
    return yaml_only_keys(c->doc, node, keys, c->err) && take_pointer(c, key, of, out) &&
           add_parts(c, where, 1, false, out);
}

static bool compile_known(const struct compiler *c, const char *key, const struct yaml_node *node,
                          struct condition *out)
{
    (void)key;
    if (!yaml_scalar(node))
        return compile_error(c, node, "`known` takes a name");
    return name_find(c, node, yaml_scalar(node), &out->name);
}

/* One line for each form; the first is written without a key. */
static const struct form {
    const char *key;
    enum condition_kind kind;
    bool (*compile)(const struct compiler *c, const char *key, const struct yaml_node *node,
                    struct condition *out);
} forms[] = {
    {"is", CONDITION_IN, compile_in},
    {"in", CONDITION_IN, compile_in},
    {"same", CONDITION_SAME, compile_two_values},
    {"exists", CONDITION_EXISTS, compile_exists},
    {"present", CONDITION_PRESENT, take_pointer},
    {"above", CONDITION_ABOVE, compile_two_values},
    {"at_least", CONDITION_AT_LEAST, compile_two_values},
    {"below", CONDITION_BELOW, compile_two_values},
    {"at_most", CONDITION_AT_MOST, compile_two_values},
    {"matches", CONDITION_MATCHES, compile_matches},
    {"all", CONDITION_ALL, compile_list},
    {"any", CONDITION_ANY, compile_list},
    {"not", CONDITION_NOT, compile_not},
    {"some", CONDITION_SOME, compile_some},
    {"known", CONDITION_KNOWN, compile_known},
};

static const struct form *form_of(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (strcmp(forms[i].key, key) == 0)
            return &forms[i];
    }
    return NULL;
}

static bool unknown_form(const struct compiler *c, const struct yaml_node *node, const char *key)
{
    const char *keys[ARRAY_LEN(forms)];
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        keys[i] = forms[i].key;
    const char *nearest = nearest_name(key, keys, ARRAY_LEN(forms));
    return compile_error(c, node, "no condition `%s`%s%s%s", key, nearest ? "; did you mean `" : "",
                         nearest ? nearest : "", nearest ? "`?" : "");
}

static bool compile_into(const struct compiler *c, const struct yaml_node *node, struct condition *out)
{
    if (!node)
        return compile_error(c, NULL, "a condition is missing");
    const char *key = yaml_key(node, 0);
    /* A value in full: {first: […]}, {value: …, map: …}. */
    if (yaml_kind(node) == YAML_SCALAR || yaml_get(node, "value") || yaml_get(node, "first") ||
        yaml_get(node, "pick")) {
        out->kind = CONDITION_TRUTH;
        return take_value(c, node, out);
    }
    if (yaml_kind(node) != YAML_MAPPING || yaml_count(node) != 1)
        return compile_error(
            c, node, "a condition is a value or a mapping with one key, such as `is` or `all`");
    const struct form *form = form_of(key);
    if (!form)
        return unknown_form(c, node, key);
    out->kind = form->kind;
    return form->compile(c, key, yaml_item(node, 0), out);
}

static struct condition *compile(const struct compiler *c, const struct yaml_node *node)
{
    struct condition *out = must_have(calloc(1, sizeof *out));
    if (compile_into(c, node, out))
        return out;
    condition_free(out);
    return NULL;
}

struct condition *condition_compile(const struct yaml *doc, const struct yaml_node *node,
                                    const struct name_list *names, struct error *err)
{
    return compile(&(struct compiler){doc, names, err}, node);
}

void condition_free(struct condition *condition)
{
    if (!condition)
        return;
    value_free(condition->left);
    value_free(condition->right);
    for (size_t i = 0; i < condition->operand_count; i++) {
        value_free(condition->operands[i].value);
        free(condition->operands[i].literal.text);
    }
    for (size_t i = 0; i < condition->part_count; i++)
        condition_free(condition->parts[i]);
    pointer_free(&condition->pointer);
    pattern_free(condition->pattern);
    free(condition->operands);
    free(condition->parts);
    free(condition);
}
