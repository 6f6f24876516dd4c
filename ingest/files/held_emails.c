#include "held_emails.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text.h"
#include "row_lookup.h"

struct held {
    struct key128 email; /* of its keyed form */
    size_t person;
};

struct held_emails {
    struct held *items;
    size_t count, capacity;
};

static void add(struct held_emails *held, const char *keyed, size_t person)
{
    held->items = array_room(held->items, held->count, &held->capacity, sizeof(held->items[0]));
    held->items[held->count++] = (struct held){key128_of(keyed, strlen(keyed)), person};
}

static struct key128 key_of(const struct correct_list *list, const char *email)
{
    char keyed[IDENTITY_KEY];
    identity_key(list->env->context->hmac, "email", email, keyed);
    return key128_of(keyed, strlen(keyed));
}

struct held_emails *held_emails_new(const struct correct_list *list, const struct shard *shard)
{
    struct held_emails *held = must_have(calloc(1, sizeof(*held)));
    for (size_t i = 0; i < list->roster->person_count; i++) {
        const struct roster_person *p = &list->roster->persons[i];
        struct row_correction known;
        char keyed[IDENTITY_KEY];
        if (p->same_as != SIZE_MAX)
            continue;
        row_lookup(list->env, shard, list->roster, i, &known);
        for (size_t k = 0; k < known.email_count; k++)
            add(held, known.emails[k], i);
        for (size_t k = 0; known.email_count == 0 && k < p->email_count; k++) {
            identity_key(list->env->context->hmac, "email", p->emails[k], keyed);
            add(held, keyed, i);
        }
    }
    return held;
}

void held_emails_free(struct held_emails *held)
{
    if (held != NULL)
        free(held->items);
    free(held);
}

static bool same_text(const char *a, const char *b)
{
    char x[512], y[512];
    return text_fold(a, x, sizeof(x)) && text_fold(b, y, sizeof(y)) && strcmp(x, y) == 0;
}

static bool is_another(const struct roster_person *p, const struct roster_person *other)
{
    return other != NULL && other != p && !same_text(p->name, other->name);
}

const struct roster_person *held_emails_other(const struct held_emails *held,
                                              const struct correct_list *list,
                                              const struct correction_list *form,
                                              const struct correction *c)
{
    size_t index = 0;
    const struct roster_person *p = correct_row_find(list, c, &index), *other = NULL;
    if (p == NULL || c->kind != CORRECT_EMAIL)
        return NULL;
    const struct key128 key = key_of(list, c->value);
    for (size_t i = 0; i < held->count; i++) {
        other = &list->roster->persons[held->items[i].person];
        if (key128_equal(held->items[i].email, key) && is_another(p, other))
            return other;
    }
    /* Nobody can tell which of the two is meant: neither is taken. */
    for (size_t i = 0; i < form->count; i++) {
        const struct correction *d = &form->corrections[i];
        if (d == c || d->kind != CORRECT_EMAIL || strcmp(d->value, c->value) != 0 ||
            !same_text(d->file, c->file))
            continue;
        other = correct_row_find(list, d, &index);
        if (is_another(p, other))
            return other;
    }
    return NULL;
}

void held_emails_apply(struct held_emails *held, const struct correct_list *list,
                       const struct correction *c)
{
    size_t index = 0, kept = 0;
    char keyed[IDENTITY_KEY];
    if (c->kind != CORRECT_EMAIL || correct_row_find(list, c, &index) == NULL)
        return;
    for (size_t i = 0; i < held->count; i++)
        if (held->items[i].person != index)
            held->items[kept++] = held->items[i];
    held->count = kept;
    identity_key(list->env->context->hmac, "email", c->value, keyed);
    add(held, keyed, index);
}
