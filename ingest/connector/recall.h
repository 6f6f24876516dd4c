/* Whether a record says what it said when it was read last, told from its bytes: then nothing need be parsed, mapped, keyed or hashed
 * anew, and its entities count as observed. Known by a digest that takes in everything else that the mapping depends on (the day,
 * the course, options, rows looked up, what the shard holds), so that whatever else changes makes the record be read again. */
#ifndef MOOC_CONNECTOR_RECALL_H
#define MOOC_CONNECTOR_RECALL_H

#include "../../common/siphash.h"
#include "platform.h"
#include "sightings.h"

#define LESSON_MOST 3

/* What came of an element of a page, gathered while it is applied. */
struct lesson {
    struct shard_known known[LESSON_MOST];
    size_t count;
    bool absent; /* it would have changed or withdrawn something that is not held */
    bool spoilt; /* too much, or nothing that stays */
    int64_t until_ms; /* monotonic: from then on it must be offered again; 0 = at once, INT64_MAX = never */
};

static inline void lesson_begin(struct lesson *lesson)
{
    lesson->count = 0;
    lesson->absent = lesson->spoilt = false;
    lesson->until_ms = INT64_MAX;
}

/* lesson: NULL = nobody wants to know. */
static inline void lesson_spoil(struct lesson *lesson)
{
    if (lesson)
        lesson->spoilt = true;
}
static inline void lesson_absent(struct lesson *lesson)
{
    if (lesson)
        lesson->absent = true;
}
static inline void lesson_until(struct lesson *lesson, int64_t until_ms)
{
    if (lesson && until_ms < lesson->until_ms)
        lesson->until_ms = until_ms;
}
static inline void lesson_known(struct lesson *lesson, const struct shard_known *known)
{
    if (!lesson)
        return;
    if (known->entry == SHARD_UNKNOWN || lesson->count == LESSON_MOST)
        lesson->spoilt = true;
    else
        lesson->known[lesson->count++] = *known;
}

struct recall {
    struct sightings *sightings;
    struct siphash_key key;   /* of the digests of elements */
    bool offers_again;        /* records that must be offered again some time are read now */
    struct siphash_key plain; /* the same for every stream and day */
};

/* For the pages of a stream of a course, as long as texts stay as they are. False when its records cannot be recalled. */
bool recall_begin(struct recall *recall, const struct platform *p, size_t stream, size_t course,
                  const struct texts *texts) MUST_CHECK;
/* Is the element known, and all of it still so? Then its entities have been observed. */
bool recall_record(const struct recall *recall, const struct apply *a, uint64_t digest);
/* Keeps what came of it; texts still hold the row that it looked up. */
void recall_learn(const struct recall *recall, const struct apply *a, uint64_t digest,
                  const struct lesson *lesson);

/* The same for elements that become a row: table gets the row, of one of the few kinds of rows that are kept by number. */
bool recall_row(const struct recall *recall, const struct row_table *kinds, struct row_table *table,
                uint64_t digest);
/* fields: of the one row that it became; NULL = it became none. */
void recall_learn_row(const struct recall *recall, struct row_table *kinds, uint64_t digest,
                      uint64_t key, const char *const *fields, size_t field_count);

#endif
