/* What a command waits for after it handed work over in the spool: the answer of the mooc-ingest that runs here. */
#ifndef MOOC_INGEST_ANSWER_H
#define MOOC_INGEST_ANSWER_H

#include "../common/json.h"
#include "../common/options.h"
#include "../common/spool.h"

/* Does a mooc-ingest run with this data_dir? Looks for a second, as one may be about to. */
bool answer_expected(const char *data_dir);
/* What the running mooc-ingest says of itself (status.json); NULL where that is old. The caller frees it. */
struct json *answer_report(const char *data_dir);
/* As spool_wait with the option timeout; where nothing runs, or Kafka does not answer what runs, ERROR_UNREACHABLE at once, unless a
 * timeout was asked for. */
char *answer_wait(const struct options *options, const char *queue, const char *id,
                  struct error *err);
/* Says that nobody takes the job yet; the job stays. False. */
bool answer_nobody(const char *id, struct error *err);
/* Tells what is wrong in the language that was asked for; returns the exit code. */
int answer_fail(const struct options *options, const struct error *err);

#endif
