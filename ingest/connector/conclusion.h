/* What "not modified" is worth. The answer says only that the first page of a list has the bytes that it had; which records stood on
 * it is not kept. So nothing is concluded from it unless that page was all there was to do, and
 *
 *   - of a sweep: the page was the whole list, it missed nobody who is in force, and nothing of it was rejected;
 *   - of a head scan: the scan came to its end, whatever pages followed;
 *   - since the page was taken in the ledger has changed nothing of the sub-stream, and records mean what they meant.
 *
 * Then everybody is there as before: a sweep gives its mark, and never counts as evidence of absence. */
#ifndef MOOC_CONNECTOR_CONCLUSION_H
#define MOOC_CONNECTOR_CONCLUSION_H

#include "../../common/base.h"

struct platform;
struct stream_rules;

struct conclusion {
    bool known;
    uint64_t changes; /* of the sub-stream (shard_substream_changes), when it was drawn */
    uint64_t meaning; /* the platform's, likewise */
};

/* May a sweep of this stream be concluded from one page? Not where others are asked about its records, nor where they mean
 * something only together with other rows. */
bool conclusion_of_sweeps(struct platform *platform, size_t stream);

/* A list is about to be read. */
struct conclusion conclusion_begin(const struct platform *platform, size_t stream, size_t course);
/* Around each page: what the reader itself changes does not speak against it. */
uint64_t conclusion_before(const struct platform *platform, size_t stream, size_t course);
void conclusion_page(struct conclusion *conclusion, const struct platform *platform, size_t stream,
                     size_t course, uint64_t before);
/* Nobody else has changed anything since it was begun. */
bool conclusion_stands(const struct conclusion *conclusion, const struct platform *platform,
                       size_t stream, size_t course);

#endif
