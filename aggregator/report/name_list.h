/* What there is instead of a name that is not there: which one was probably meant, and the others as far as a message holds them.
 * Pure. */
#ifndef MOOC_AGGREGATOR_NAME_LIST_H
#define MOOC_AGGREGATOR_NAME_LIST_H

#include "../../common/tell.h"
#include "../../common/text_buffer.h"

struct name_list {
    const char *const *codes;
    const char *const *labels; /* what people call it, NULL: nothing; labels NULL: of all */
    size_t count;
    const char *all_in; /* where all of them stand: "waves.csv" */
    bool vietnamese;    /* what is said about them, else English */
};

/* "did you mean HG-SYTE? " of up to three that typed comes near: by case, a slip of the pen, or a part of code or label. Of many it
 * adds where the others are, and returns true: that says enough. Adds nothing where none comes near. */
bool name_list_add_meant(const struct name_list *list, const char *typed, struct text_buffer *out);
/* "A, B, C", or "A, B, … (34 in all: see waves.csv)"; "none". */
void name_list_add(const struct name_list *list, struct text_buffer *out);

#endif
