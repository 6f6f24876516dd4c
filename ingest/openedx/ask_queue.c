#include "ask_queue.h"

#include <stdlib.h>
#include <string.h>

struct ask *ask_new(const char *name, int64_t now_ms)
{
    struct ask *ask = calloc(1, sizeof *ask);
    if (!ask || !(ask->name = strdup(name)))
        abort();
    ask->since_ms = now_ms;
    return ask;
}

void ask_free(struct ask *ask)
{
    free(ask->name);
    free(ask);
}

void ask_queue_init(struct ask_queue *q)
{
    *q = (struct ask_queue){.end = NULL};
    q->end = &q->first;
}

void ask_queue_push(struct ask_queue *q, struct ask *ask)
{
    ask->next = NULL;
    *q->end = ask;
    q->end = &ask->next;
    q->count++;
}

struct ask *ask_queue_pop(struct ask_queue *q)
{
    struct ask *ask = q->first;
    if (!ask)
        return NULL;
    q->first = ask->next;
    if (!q->first)
        q->end = &q->first;
    q->count--;
    return ask;
}

void ask_queue_free(struct ask_queue *q)
{
    struct ask *ask;
    while ((ask = ask_queue_pop(q)))
        ask_free(ask);
}
