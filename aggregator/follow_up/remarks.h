/* What is to be known of a list that is given back as a whole, in words: on the sheet of counts and at the terminal. Pure. */
#ifndef MOOC_FOLLOW_UP_REMARKS_H
#define MOOC_FOLLOW_UP_REMARKS_H

#include "../../common/text_buffer.h"
#include "list_back.h"

enum remark {
    REMARK_NOBODY,      /* nobody is known: another key? */
    REMARK_OTHER_UNITS, /* rows of people of other units than the one that was named */
    REMARKS
};

struct remarks {
    struct text_buffer text[REMARKS]; /* empty: nothing to say */
};

/* unit: whose list it is said to be; NULL. */
void remarks_make(const struct list_back *back, const char *unit, struct remarks *out);
void remarks_release(struct remarks *remarks);

#endif
