#include "ask_queue.h"

#include <ctype.h>
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

bool ask_alike(const struct ask *a, const struct ask *b)
{
    return a->course == b->course && a->taken_length == b->taken_length &&
           (a->taken_length == 0 || memcmp(a->taken, b->taken, a->taken_length) == 0);
}

void ask_free(struct ask *ask)
{
    free(ask->taken);
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

/* Bytes of a name in a URL, with its comma: what is not unreserved there takes three. */
static size_t url_bytes(const char *name)
{
    size_t bytes = 1;
    for (; *name; name++)
        bytes += isalnum((unsigned char)*name) || strchr("-._~", *name) ? 1 : 3;
    return bytes;
}

size_t ask_queue_move(struct ask_queue *from, struct ask_queue *to, size_t most, size_t max_bytes)
{
    size_t count = 0, bytes = 0;
    const struct ask *first = from->first;
    while (count < most && from->count > 0 && ask_alike(from->first, first)) {
        bytes += url_bytes(from->first->name);
        if (count > 0 && bytes > max_bytes)
            break;
        ask_queue_push(to, ask_queue_pop(from));
        count++;
    }
    return count;
}

void ask_queue_free(struct ask_queue *q)
{
    struct ask *ask;
    while ((ask = ask_queue_pop(q)))
        ask_free(ask);
}
