/* A fact: what the fold keeps of an entity's newest event. The join keeps, per entity, the value of highest (revision, hash),
 * which is commutative, associative and idempotent. Facts of one (subject, training) are a dossier, stored packed. */
#ifndef MOOC_FOLD_FACT_H
#define MOOC_FOLD_FACT_H

#include "../../common/crypto.h"
#include "../../common/event.h"
#include "rules.h"
#include "strings.h"

enum fact_kind {
    FACT_LISTING = 1, /* roster.listed|removed */
    FACT_ACCOUNT,
    FACT_LINK,
    FACT_ENROLLMENT,
    FACT_PROGRESS,
    FACT_EXAM,
    FACT_CERTIFICATE,
    FACT_ATTENDANCE, /* of a named person; it carries identity as a listing does */
    /* The subject is erased: it has no other fact, whatever comes, and this one for ever. All erasures of a subject are one equal fact. */
    FACT_ERASED,
};

#define MOST_ATTEMPT 255

#define FACT_IN_FORCE 1U
#define FACT_ACTIVATED 2U /* account */
#define FACT_PASSED 2U    /* exam: the platform's verdict */
#define FACT_SAT 4U       /* exam */
#define FACT_SCORED 8U    /* exam: value is its score */
#define FACT_OBSERVED 16U /* time is when it was seen, the platform names none */
/* All bits; FACT_ACTIVATED is the one of FACT_PASSED. */
#define FACT_FLAGS (FACT_IN_FORCE | FACT_PASSED | FACT_SAT | FACT_SCORED | FACT_OBSERVED)

enum fault {
    FAULT_EMAIL_MALFORMED,
    FAULT_EMAIL_MISSING,
    FAULT_CITIZEN_MALFORMED,
    FAULT_PHONE_MALFORMED,
    FAULT_LISTED_TWICE,
    FAULT_BIRTH_DATE_MALFORMED,
    FAULT_OTHER,
    FAULT_COUNT
};
extern const char *const fault_names[FAULT_COUNT];

#define FACT_MAX_IDENTIFIERS                                                                       \
    (EVENT_MAX_LIST + 1) /* an account's own key stands beside those that it names */
#define FACT_MAX_AUDIENCES EVENT_MAX_LIST
#define FACT_LISTS_MOST                                                                            \
    (FACT_MAX_IDENTIFIERS * sizeof(struct key128) + FACT_MAX_AUDIENCES * sizeof(uint32_t))

/* Of listings, accounts, links and attendance: what they carry beside the common part. Owned by its fact. */
struct fact_identity {
    int64_t name;          /* the 64 bits of the name key; 0 = none */
    struct key128 citizen; /* of the first citizen identifier; 0 = none */
    uint32_t source, wave_code, unit, study_group, file, sheet, invited_by; /* interned */
    int32_t wave, platform; /* indices in rules, or RULES_NONE */
    uint32_t faults;        /* bit per enum fault */
    int64_t row;
    uint32_t identifier_count, audience_count;
    uint32_t accounts; /* bit per identifier: it is the key of an account, so a subject of that key goes by it */
    struct key128 identifiers[]; /* keys of the identifiers' texts, ascending, distinct; then the audiences */
};
/* Interned codes, ascending by text, distinct. */
const uint32_t *identity_audiences(const struct fact_identity *identity);
size_t identity_size(const struct fact_identity *identity);
/* Is its identifier `at` the key of an account? An account's own key need not be marked. */
static inline bool identity_names_account(const struct fact_identity *identity, uint32_t at)
{
    return (identity->accounts >> at) & 1U;
}

struct fact {
    uint64_t entity; /* first 64 bits of SHA-256 of the entity */
    int64_t revision, hash;
    int64_t time;   /* µs */
    double value;   /* exam: score as a share of its maximum; progress: share done; else 0 */
    int32_t day;    /* Asia/Ho_Chi_Minh: of progress and attendance as stated, else of time */
    int32_t course; /* index in rules; RULES_NONE where the kind has none */
    uint8_t kind, flags;
    uint8_t attempt; /* exam: its number from 1, of several at one time the order; 0 = not told, MOST_ATTEMPT or more are equal */
    struct fact_identity *identity; /* NULL where the kind has none */
};

/* True when a is to replace b (same entity). */
bool fact_supersedes(const struct fact *a, const struct fact *b);
/* Was it observed on its own day? Revisions are the µs of the observation. */
bool fact_of_its_day(const struct fact *fact);
/* Is it something that somebody did in a training? */
static inline bool fact_in_training(const struct fact *fact)
{
    return fact->kind >= FACT_ENROLLMENT && fact->kind != FACT_ERASED;
}
static inline bool fact_has_identity(uint8_t kind)
{
    return kind <= FACT_LINK || kind == FACT_ATTENDANCE;
}
/* Of other kinds the day is that of the time. */
static inline bool fact_states_day(uint8_t kind)
{
    return kind == FACT_PROGRESS || kind == FACT_ATTENDANCE;
}
/* Do its identifiers connect? Those of a closed account do: the results outlive it, and stay with its person. */
bool fact_connects(const struct fact *fact);
void fact_release(struct fact *fact);

enum fact_place {
    FACT_PLACED, /* *fact filled, *training its index or RULES_NONE for facts without a training */
    FACT_NOT_A_FACT, /* the event is about no learner */
    FACT_UNKNOWN_WAVE, /* the config does not know its wave or course: not folded in this generation */
    FACT_UNKNOWN_COURSE,
};
enum fact_place fact_from_event(const struct event *event, const struct rules *rules,
                                struct strings *strings, struct fact *fact, int *training);

/* The subject an event belongs to: its learner key, for a link its entity, for an erasure whom it erases. */
struct key128 fact_subject(const struct event *event);

/* Whose facts stored ones are: the index of the training's code (`length` bytes), RULES_NONE where it is empty. Refuses a code that the
 * rules do not have. */
bool facts_training(const struct rules *rules, const char *code, size_t length, int *index,
                    struct error *err) MUST_CHECK;

/* The packed form (version byte first), the same for equal facts in the same order. */
void facts_pack(const struct fact *facts, size_t count, const struct rules *rules,
                const struct strings *strings, struct text_buffer *out);
/* Allocates *facts with room for at least one more. Refuses bytes that it did not write. */
bool facts_unpack(const void *bytes, size_t length, const struct rules *rules,
                  struct strings *strings, struct fact **facts, size_t *count, struct error *err)
    MUST_CHECK;

#endif
