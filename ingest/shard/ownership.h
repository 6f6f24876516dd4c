/* Which shards are ours: membership in a consumer group on the state topic, used for nothing but the assignment of its partitions
 * (static membership, eager range assignor). It never fetches; what really keeps a second owner out is the transactional id. */
#ifndef MOOC_INGEST_OWNERSHIP_H
#define MOOC_INGEST_OWNERSHIP_H

#include "../../common/base.h"
#include "../../common/error.h"

struct options;
struct ownership;

struct ownership *ownership_new(const struct options *options, const char *state_topic,
                                const char *group, const char *instance, struct error *err);
/* Does not leave the group: an instance that comes back within the session finds its shards unmoved. */
void ownership_free(struct ownership *ownership);

/* Serves the group's protocol; never blocks. To be called at least every few seconds. */
void ownership_poll(struct ownership *ownership);
bool ownership_has(const struct ownership *ownership, int32_t partition);
/* NULL, or why nothing is assigned: nothing was assigned yet, another member has our name, … */
const struct error *ownership_problem(const struct ownership *ownership);
/* NULL, or that Kafka does not answer: then nobody can tell whose the shards are. */
const struct error *ownership_away(const struct ownership *ownership);

#endif
