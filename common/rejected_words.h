/* What the event of a rejected row says of it is English, for it is kept and compared. For people it has Vietnamese words as well. */
#ifndef MOOC_REJECTED_WORDS_H
#define MOOC_REJECTED_WORDS_H

#include "text_buffer.h"

/* Adds the detail: in Vietnamese, where asked for, as far as its phrases are known; names and addresses stay. */
void rejected_add_detail(const char *detail, bool vietnamese, struct text_buffer *out);

#endif
