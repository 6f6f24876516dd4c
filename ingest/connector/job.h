/* What the files of a job share: job.c (life, walks), job_rows.c (tables, windows), resume.c (going on in the middle). */
#ifndef MOOC_CONNECTOR_JOB_H
#define MOOC_CONNECTOR_JOB_H

#include <stdio.h>

#include "platform.h"

#define JOB_MAX_TABLES 5

struct job_table {
    size_t stream;
    struct row_table *table; /* NULL: not read yet, not shown, or failed */
};

struct job {
    struct platform *p;
    size_t stream, course;
    enum job_kind kind;
    const struct stream_spec *spec;          /* absence means nothing in a window */
    struct job_table tables[JOB_MAX_TABLES]; /* look-ups first, in their order */
    size_t table_count, rows;                /* rows: which table drives the walks; NO_TABLE */
    size_t also;       /* which of a window's further requests is under way; 0 = the first */
    size_t phase, row; /* the table under way, then table_count; the row under way */
    struct walk *walk;
    struct sweep *sweep;
    struct texts texts;
    struct page_times times;
    int64_t started_us; /* the platform's time at the first answer */
    int64_t bound_us; /* the platform vouches for what it stored until then; 0 = it does not say */
    bool failed, incomplete;
    bool offers_again; /* see struct apply */

    bool resumed; /* an earlier process read the first pages */
    struct page_position from;
    int64_t seen, resumed_seen, kept_at_ms;
    bool kept;
};

/* job_rows.c */
bool job_remember(struct job *job, struct job_table *table, struct page_list *list,
                  struct error *err) MUST_CHECK;
void job_range(struct job *job); /* of the backfill under way */
void job_window_since(struct job *job);
void job_window_advance(struct job *job);

#endif
