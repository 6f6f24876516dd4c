/* What waits to be asked for, learner by learner: a FIFO. */
#ifndef MOOC_CONNECTOR_ASK_QUEUE_H
#define MOOC_CONNECTOR_ASK_QUEUE_H

#include "../../common/base.h"

struct ask {
    struct ask *next;
    char *name;  /* user name or e-mail */
    char *taken; /* what was taken along from the parent's record: texts, each with its NUL, behind the last an empty one; NULL */
    size_t taken_length;
    size_t course; /* number in the source's list; NO_COURSE where the stream is about no course */
    bool by_email; /* this user name came from a look-up by e-mail, not from an enrolment */
    bool in_cycle; /* a slow cycle waits for the answer */
    bool answered; /* the platform said something about it */
    int64_t since_ms;
};

struct ask_queue {
    struct ask *first, **end;
    size_t count;
};

struct ask *ask_new(const char *name, int64_t now_ms);
/* Are both about the same, but for the learner? */
bool ask_alike(const struct ask *a, const struct ask *b);
void ask_free(struct ask *ask);

void ask_queue_init(struct ask_queue *queue);
void ask_queue_push(struct ask_queue *queue, struct ask *ask);
struct ask *ask_queue_pop(struct ask_queue *queue); /* NULL when empty */
/* Moves asks that are alike from one queue to another: at most `most`, and no more than make a URL of max_bytes when their names are joined by
 * commas; always one if there is one. Returns how many. */
size_t ask_queue_move(struct ask_queue *from, struct ask_queue *to, size_t most, size_t max_bytes);
void ask_queue_free(struct ask_queue *queue); /* and the asks in it */

#endif
