/* What a person decides about a source: `pause`, `resume`, and `state accept` after its connector was changed. It stands as cursors in
 * the shard's state, not in a folder: so it survives restarts and holds for whichever instance owns the source next. The commands
 * reach the owner through the spool.
 *
 * A source's state also names the connector that made it: kind and version, and of a file of the operator's own the fingerprint of its
 * content, since nobody is made to raise a version. An instance that has another one (an older file on one of two machines, say)
 * would publish the difference as changes of people, and the two would go on undoing each other: it leaves that source alone, and
 * only that one, until somebody says that the new connector is meant. */
#ifndef MOOC_INGEST_SOURCE_CONTROL_H
#define MOOC_INGEST_SOURCE_CONTROL_H

#include "../../common/options.h"
#include "../shard/shard.h"
#include "../sources.h"

bool source_is_paused(const struct shard *shard, const char *source);

/* What a state names as its connector against what this instance has: "kind=version" or "kind=version:fingerprint". Pure. */
enum connector_fit {
    CONNECTOR_SAME,
    CONNECTOR_UNNAMED, /* nothing is named, or no fingerprint where we have one: to be noted */
    CONNECTOR_OTHER_CONTENT, /* of the same version */
    CONNECTOR_OTHER,
};
enum connector_fit source_connector_compare(const char *stored, const char *ours);

/* True when the connector is the one that made the source's state, or the source has none yet: then it is noted, to be committed with
 * the first records. False: why says what is wrong and what to do. Only while the shard is READY. */
bool source_connector_fits(struct shard *shard, const struct source *source, struct error *why);

struct source_control; /* the owner's end */
struct source_control *source_control_new(const char *data_dir);
void source_control_free(struct source_control *control);
/* Takes what was asked, a few times a second. home: shard of each source; shards: by partition, NULL or paused where not ours. */
void source_control_tick(struct source_control *control, const struct sources *sources,
                         const int32_t *home, struct shard *const *shards);

int command_pause(const struct program *program, const struct options *options);
int command_resume(const struct program *program, const struct options *options);
int command_accept(const struct program *program, const struct options *options);

#endif
