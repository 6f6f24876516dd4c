/* What the database knows of units, waves and words, as a chasing list needs it. */
#ifndef MOOC_FOLLOW_UP_REFERENCE_H
#define MOOC_FOLLOW_UP_REFERENCE_H

#include "../../common/reference.h"
#include "../../common/text_buffer.h"
#include "../pg.h"

struct reference *follow_up_units(struct pg *pg, struct error *err);

/* Waves whose people are counted one by one, by code. */
struct follow_up_wave {
    const char *code, *name;
    const char *province; /* NULL: none */
    bool has_completion;  /* it is known who completed */
};
struct follow_up_waves {
    struct pg_rows *rows; /* owns the texts */
    size_t count;
    struct follow_up_wave *items;
};
bool follow_up_waves_read(struct pg *pg, struct follow_up_waves *out, struct error *err) MUST_CHECK;
void follow_up_waves_release(struct follow_up_waves *waves);

/* Kinds of data issues in the words of bi.data_issues, in its order. A row's issues are a bit each. */
#define FOLLOW_UP_KINDS 63
struct follow_up_kinds {
    struct pg_rows *rows;
    size_t count;
};
bool follow_up_kinds_read(struct pg *pg, struct follow_up_kinds *out, struct error *err) MUST_CHECK;
void follow_up_kinds_release(struct follow_up_kinds *kinds);
/* 0 where the kind has no words. */
uint64_t follow_up_kind_bit(const struct follow_up_kinds *kinds, const char *kind);
/* The words of all that are set, "; " between them. */
void follow_up_kinds_text(const struct follow_up_kinds *kinds, uint64_t issues, bool english,
                          struct text_buffer *out);

#endif
