/* Values out of an array: how many of its elements fit, or what stands in the first that does. */
#include <stdlib.h>

#include "../../common/allocate.h"
#include "value_internal.h"

struct elements {
    struct pointer of;
    struct condition *where; /* NULL: all */
    struct value *value;     /* NULL: they are counted */
};

static bool compile(const struct compiler *c, const struct yaml_node *node, bool pick,
                    struct elements *out)
{
    static const char *const keys[] = {"of", "where", "value", NULL};
    const struct yaml_node *of = yaml_get(node, "of"), *where = yaml_get(node, "where"),
                           *value = yaml_get(node, "value");
    if (!yaml_scalar(of) || pick != (value != NULL) || (pick && !where))
        return compile_error(c, node,
                             pick ? "`pick` takes {of: POINTER, where: CONDITION, value: VALUE}"
                                  : "`count` takes {of: POINTER, where: CONDITION}");
    if (!yaml_only_keys(c->doc, node, keys, c->err) ||
        !pointer_parse(c, of, yaml_scalar(of), &out->of, NULL) ||
        (where && !(out->where = condition_compile(c->doc, where, c->names, c->err))))
        return false;
    return !value || (out->value = value_compile_with(c, value, NULL));
}

struct elements *elements_compile(const struct compiler *c, const struct yaml_node *node, bool pick)
{
    struct elements *elements = must_have(calloc(1, sizeof *elements));
    if (compile(c, node, pick, elements))
        return elements;
    elements_free(elements);
    return NULL;
}

void elements_free(struct elements *elements)
{
    if (!elements)
        return;
    pointer_free(&elements->of);
    condition_free(elements->where);
    value_free(elements->value);
    free(elements);
}

bool elements_find(const struct elements *elements, const struct scope *scope,
                   struct text_buffer *room, struct found *out)
{
    const struct json *array = pointer_find(&elements->of, scope);
    size_t count = 0;
    if (!json_is_array(array))
        return false;
    for (const struct json *item = json_first(array); item; item = json_next(item)) {
        const struct scope inner = {item, scope->record, scope->texts};
        bool fits = true;
        if (elements->where && !condition_holds(elements->where, &inner, &fits, NULL)) {
            *out = (struct found){.malformed = true};
            return true;
        }
        if (fits && elements->value)
            return value_find(elements->value, &inner, room, out);
        count += fits;
    }
    *out = (struct found){.is_number = true, .number = (double)count};
    return !elements->value;
}
