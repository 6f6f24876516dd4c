/* What a replay is to make: said once, before it begins. */
#ifndef MOOC_REPLAY_PLAN_H
#define MOOC_REPLAY_PLAN_H

#include "../fold/rules.h"
#include "../pg.h"

#define TOPIC_SIZE 256

/* Of one partition: everything before next_offset is folded. */
struct replay_offset {
    char topic[TOPIC_SIZE];
    int32_t partition;
    int64_t next_offset;
};

struct replay_vector {
    struct replay_offset *items;
    size_t count;
};

struct replay_plan {
    const struct options *options;
    int generation, config_version;
    const struct rules *rules;
    struct replay_vector until; /* the log is read up to there: where the live generation stood */
    bool from_archive;
    const char *timed_until; /* only facts timed up to this instant (RFC 3339), of the archive alone; NULL: all */
    int from_states; /* of this generation, not from the log: a training's rules alone have changed; 0: no */
    const char *snapshot; /* of that, exported by a transaction that is open meanwhile */
    size_t threads;
    int64_t rate; /* records a second, of all threads; 0: as fast as it goes */
};

/* The vector of a generation, ascending by topic and partition. */
bool replay_vector_read(struct pg *pg, int generation, struct replay_vector *vector,
                        struct error *err) MUST_CHECK;
void replay_vector_release(struct replay_vector *vector);
/* 0 for a partition that it does not have. */
int64_t replay_vector_offset(const struct replay_vector *vector, const char *topic,
                             int32_t partition);
/* How many offsets b is short of a. */
int64_t replay_vector_behind(const struct replay_vector *a, const struct replay_vector *b);
/* Where the new generation stands. */
bool replay_vector_write(struct pg *pg, const struct replay_plan *plan, struct error *err) MUST_CHECK;

#endif
