/* What an erasure is told as: on the terminal and, with option receipt, in a file. Nothing in it is personal. */
#ifndef MOOC_AGGREGATOR_ERASE_RECEIPT_H
#define MOOC_AGGREGATOR_ERASE_RECEIPT_H

#include "../../common/erasure_queue.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "archive.h"
#include "people.h"

/* Erasures that were handed over and are not counted: lost on their way, or not carried out yet. */
struct erase_open {
    int64_t learners; /* 0: none */
    char since[24];   /* of the oldest, as people read it */
};
bool erase_read_open(struct pg *pg, struct erase_open *out, struct error *err) MUST_CHECK;

struct erase_receipt {
    const struct erase_people *people;   /* NULL: an earlier erasure was finished */
    const struct erasure_result *ingest; /* NULL: the job went another way */
    const struct erase_pass *pass;
    const char *generations;       /* a line for each */
    const struct erase_open *open; /* NULL: it was not asked who is open */
};

/* Where nobody was looked for; nothing if everywhere was. */
void erase_tell_away(const struct erase_people *people, const struct teller *to,
                     struct text_buffer *out);
/* What is found, before anything is done; and where nobody was looked for. */
void erase_describe(const struct erase_people *people, const struct teller *to,
                    struct text_buffer *out);
void erase_write_receipt(const struct erase_receipt *receipt, const struct teller *to,
                         struct text_buffer *out);
/* A line for each kept generation: does it still hold anything of them? */
bool erase_tell_generations(struct pg *pg, const struct key_list *learners, const struct teller *to,
                            struct text_buffer *out, struct error *err) MUST_CHECK;

#endif
