/* The topics' settings are part of the delivery contract: looked at before anything is published. */
#ifndef MOOC_INGEST_TOPIC_CHECK_H
#define MOOC_INGEST_TOPIC_CHECK_H

#include "../../common/base.h"
#include "../../common/error.h"

struct options;

/* ERROR_CONFIG names the topic, the setting and the kafka-configs (or kafka-topics) command that puts it right; ERROR_UNREACHABLE
 * when no broker answers. A cluster that does not let us read settings is warned about, not refused. Blocking, some seconds. */
bool topic_check(const struct options *options, const char *events, const char *state,
                 const char *dead, bool allow_short_retention, struct error *err) MUST_CHECK;

#endif
