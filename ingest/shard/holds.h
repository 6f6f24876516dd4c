/* Mass removals that wait for a person, and what a person decided to keep. The list stands in <data_dir>/holds.<shard>.json for `hold list`; what the person decides
 * is a file <data_dir>/holds/<id>.accept or .reject, which the owner takes away when it acts on it, or when a hold of that id begins: then it
 * is about one of before. A hold is one sub-stream's, its
 * id follows from the sub-stream's names. A rejected hold stays in the list as long as records of it are missing: they are kept and
 * no longer asked about, others that vanish make it wait again, and it can still be accepted. */
#ifndef MOOC_INGEST_HOLDS_H
#define MOOC_INGEST_HOLDS_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../../common/text_buffer.h"

#define HOLD_ID_SIZE 13

struct hold {
    char id[HOLD_ID_SIZE];
    char *source, *stream, *substream;
    int64_t vanished,
        of;         /* entities that wait to be removed (0: it was rejected), of those in force */
    int64_t kept;   /* missing too, but a person decided that they stay */
    int64_t lately; /* removed in the 24 hours before */
    int64_t since_us;
    /* to go on where the sweep was held: */
    int64_t through_us, seen; /* 0: it was not held by a sweep */
    int confirmations; /* misses that make an entity one of these; LEDGER_LOOKED_UP: look-ups do */
    int recalled; /* sweeps that may still pass until its entities are known again after a restart; told, not taken from the state */
};

struct holds {
    struct hold *items;
    size_t count;
};

enum hold_decision { HOLD_UNDECIDED, HOLD_ACCEPTED, HOLD_REJECTED };

void hold_id(const char *source, const char *stream, const char *substream, char out[HOLD_ID_SIZE]);

void holds_free(struct holds *holds);
struct hold *holds_find(const struct holds *holds, const char *id);
/* Adds it or replaces the one with the same id (since_us of the first stays while it waits). Texts are copied. */
struct hold *holds_put(struct holds *holds, const struct hold *hold);
void holds_remove(struct holds *holds, const char *id);

/* One hold as JSON, and back (strings copied; release with hold_release). */
void hold_encode(const struct hold *hold, struct text_buffer *out);
bool hold_decode(const char *text, struct hold *hold, struct error *err) MUST_CHECK;
void hold_release(struct hold *hold);

/* Writes <data_dir>/holds.<shard>.json whole. */
bool holds_save(const struct holds *holds, const char *data_dir, int32_t shard, struct error *err)
    MUST_CHECK;
/* Adds what every shard's file lists. */
bool holds_load_all(struct holds *holds, const char *data_dir, struct error *err) MUST_CHECK;

enum hold_decision hold_decision(const char *data_dir, const char *id);
/* For the command: writes the decision, and how many entities were missing when it was made. */
bool hold_decide(const char *data_dir, const char *id, enum hold_decision decision, int64_t missing,
                 struct error *err) MUST_CHECK;
/* How many were missing when it was accepted; -1: it was not accepted; INT64_MAX: its file does not say. */
int64_t hold_accepted(const char *data_dir, const char *id);
void hold_decision_done(const char *data_dir, const char *id);

#endif
