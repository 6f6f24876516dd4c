/* Blocking looks at a platform, for `check` and `sample`: a page or a few of one stream, mapped, nothing told to a shard. */
#ifndef MOOC_CONNECTOR_PROBE_H
#define MOOC_CONNECTOR_PROBE_H

#include "../../common/tell.h"
#include "platform.h"

/* Somebody of a parent stream's records whom a stream would ask about, and what is taken along. */
struct probe_example {
    char account[256]; /* "" = nobody yet */
    bool has_taken[4];
    char taken[4][100];
};

#define PROBE_ROWS 5

struct probe {
    struct platform *p;
    size_t stream, course;
    int64_t most_pages;                /* looked at; 0 = 1 */
    int print_most;                    /* events still to print */
    const struct probe_example *about; /* whom to ask about (FOR_LEARNER); NULL */
    const struct row_table *table;     /* FOR_ROWS: whose first rows are asked about; NULL */
    struct row_table *const *tables;   /* by stream: rows that were read before, to look up */

    /* filled in: */
    struct texts texts;
    struct row_table *rows; /* of a remembered stream; the caller frees */
    int64_t pages, records, mapped,
        total;         /* total: records of the whole list as the platform states it; -1 */
    int64_t listed;    /* records of the lists themselves, before `each` */
    size_t asked_rows; /* of table: until one of them says something, at most PROBE_ROWS */
    int64_t told[EVENT_RECORD_ACCEPTED + 1]; /* events that the records say, by type */
    int64_t silent;                          /* records that were mapped and say none */
    bool timed;                              /* some event has a time of the platform's own */
    bool more;                               /* there are further pages */
    bool identifiers;               /* some record had an e-mail, phone or citizen number */
    struct probe_example *examples; /* of the caller's, by stream: filled for those driven by this one; NULL */
    struct error fault;             /* why the first record that cannot be mapped cannot */
    long status;
    int64_t took_ms, ahead_us;
};

/* False with err set when the platform does not answer as it should. Ends early when the program is asked to stop. */
bool probe_run(struct probe *probe, struct error *err) MUST_CHECK;
/* "43 records on the first page: 40 exam.graded; …", appended; for people. */
void probe_describe(const struct probe *probe, const struct teller *to, struct text_buffer *out);
/* Are there records, and no event that they say, though the stream has some to tell? */
bool probe_is_silent(const struct probe *probe);
/* Does the status mean that the platform does not show this stream? */
bool probe_is_hidden(const struct probe *probe);

#endif
