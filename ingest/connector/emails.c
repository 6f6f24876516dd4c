/* Accounts without enrolment: the platform tells of them only when asked by e-mail, so it is asked for the listed people who do
 * not show up among the enrolled. */
#include <stdlib.h>
#include <string.h>

#include "../../common/log.h"
#include "../files/listed_emails.h"
#include "platform.h"

#define MAX_KEPT 100000 /* a lost note only means that somebody is asked about once more */

struct emails {
    char **enrolled; /* normalised addresses of enrolled learners, not yet noted in the list */
    size_t count, capacity;
};

struct emails *emails_new(void)
{
    struct emails *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    return e;
}

static void forget(struct emails *e)
{
    for (size_t i = 0; i < e->count; i++) {
        explicit_bzero(e->enrolled[i], strlen(e->enrolled[i]));
        free(e->enrolled[i]);
    }
    e->count = 0;
}

void emails_free(struct emails *e)
{
    if (!e)
        return;
    forget(e);
    free(e->enrolled);
    free(e);
}

void emails_found(struct emails *e, const char *email)
{
    char normal[IDENTITY_TEXT];
    if (e->count >= MAX_KEPT || !email || identity_normalise_email(email, normal) != IDENTITY_OK)
        return;
    if (e->count == e->capacity) {
        e->capacity = e->capacity ? e->capacity * 2 : 64;
        e->enrolled = reallocarray(e->enrolled, e->capacity, sizeof *e->enrolled);
    }
    if (!e->enrolled || !(e->enrolled[e->count++] = strdup(normal)))
        abort();
}

static bool ask(void *context, const char *email, bool found)
{
    if (!found)
        asks_email(context, email);
    return true;
}

void emails_ask(struct emails *e, struct platform *p, struct asks *asks)
{
    const struct source_context *c = p->context;
    if (!c->data_dir)
        return;
    struct error err = {.kind = ERROR_NONE};
    struct listed_emails *list = listed_emails_load(c->data_dir, c->secret, c->secret_length, &err);
    for (size_t i = 0; list && i < e->count; i++)
        listed_emails_set_found(list, e->enrolled[i], true);
    if (!list || !listed_emails_save(list, &err)) {
        log_error("listed people without account cannot be asked about", &err);
    } else {
        forget(e);
        listed_emails_for_each(list, ask, asks);
    }
    listed_emails_free(list);
}
