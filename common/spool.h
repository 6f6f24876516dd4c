/* Work handed to the owner: a command writes a job into <data_dir>/spool/<queue>/, the owner's source takes jobs in the order of
 * their names and leaves a result beside each. Jobs hold what the queue's two ends agree on; files are 0600, the folder 0700, and what root
 * hands over belongs to the owner of data_dir. */
#ifndef MOOC_SPOOL_H
#define MOOC_SPOOL_H

#include "base.h"
#include "error.h"

#define SPOOL_ID_SIZE 48

/* Writes the job whole and gives its id ("20231002T101530123456-1f3a"): ids sort by time. */
bool spool_submit(const char *data_dir, const char *queue, const void *bytes, size_t length,
                  char id[SPOOL_ID_SIZE], struct error *err) MUST_CHECK;
/* Waits for the job's result; caller frees. ERROR_UNREACHABLE after timeout_ms (the job stays), ERROR_STOPPED on a stop,
 * ERROR_STATE when another command took the result. */
char *spool_wait(const char *data_dir, const char *queue, const char *id, int64_t timeout_ms,
                 struct error *err);

/* For work that is not to be asked for twice. The id ends in the mark ("0123456789abcdef"), by which the same command, typed again
 * after it was killed, finds the job; the result stays until it is forgotten. */
bool spool_submit_marked(const char *data_dir, const char *queue, const char *mark, const void *bytes,
                         size_t length, char id[SPOOL_ID_SIZE], struct error *err) MUST_CHECK;
/* The newest job or result of that mark. answered: there is a result. */
bool spool_find_marked(const char *data_dir, const char *queue, const char *mark,
                       char id[SPOOL_ID_SIZE], bool *answered) MUST_CHECK;
/* What a job without result says. Caller frees. */
char *spool_job(const char *data_dir, const char *queue, const char *id, size_t *length,
                struct error *err);
/* As spool_wait, but the result stays. */
char *spool_answer(const char *data_dir, const char *queue, const char *id, int64_t timeout_ms,
                   struct error *err);
void spool_forget(const char *data_dir, const char *queue, const char *id);

/* The oldest job that has no result yet and whose id sorts after `after` ("" = from the first); caller frees the bytes. NULL with
 * err->kind ERROR_NONE when there is none. */
char *spool_next(const char *data_dir, const char *queue, const char *after, char id[SPOOL_ID_SIZE],
                 size_t *length, struct error *err);
/* The same of results, which stay: what nobody has fetched yet. */
char *spool_next_result(const char *data_dir, const char *queue, const char *after,
                        char id[SPOOL_ID_SIZE], size_t *length, struct error *err);
/* Leaves the result (JSON or text) and takes the job away. */
bool spool_finish(const char *data_dir, const char *queue, const char *id, const char *result,
                  struct error *err) MUST_CHECK;
/* Takes results away that nobody fetched for so long. */
void spool_clean(const char *data_dir, const char *queue, int64_t older_than_ms);

#endif
