/* The job that mooc-ingest carries out, from its making until the receipt is written. It bears a mark made of who was asked for, so that
 * the same command, typed again after it was killed, goes on with it instead of handing over another one. */
#ifndef MOOC_AGGREGATOR_ERASE_HANDOVER_H
#define MOOC_AGGREGATOR_ERASE_HANDOVER_H

#include "../../common/erasure_queue.h"
#include "../../common/options.h"
#include "../../common/spool.h"
#include "people.h"

struct handover {
    const char *data_dir; /* of the mooc-ingest of this machine; NULL: the job goes into a file */
    char id[SPOOL_ID_SIZE];
    char mark[17];
    bool open;     /* an earlier command's, or this one's */
    bool earlier;  /* an earlier command's */
    bool answered; /* mooc-ingest has done it */
    struct erasure_result ingest;
};

/* Looks for an open one of the same people that covers all who are known of them now. */
bool handover_find(struct handover *h, const struct options *options, const struct key_list *given,
                   const struct erase_people *people, struct error *err) MUST_CHECK;
/* Notes it in the audit and hands it over: to the mooc-ingest of this machine, or into the file of option job_out. One that is open is
 * handed over already. */
bool handover_begin(struct handover *h, struct pg *pg, const struct options *options,
                    const struct erase_people *people, struct error *err) MUST_CHECK;
/* Until mooc-ingest has done it. */
bool handover_wait(struct handover *h, int64_t timeout_ms, struct error *err) MUST_CHECK;
/* The receipt is written, or there is nothing to go on with: the same command would begin anew. */
void handover_end(struct handover *h);

#endif
