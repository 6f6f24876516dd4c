/* What the files of a job share: job.c (life, walks), job_rows.c (tables, windows), job_unchanged.c (lists as before), resume.c (going
 * on in the middle), job_end.c (ends). */
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
    struct sweep *sweep, *lasting; /* lasting: of what outlives its record; NULL */
    struct texts texts;
    struct page_times times;
    int64_t started_us; /* the platform's time at the first answer */
    int64_t read_us;    /* … at the last page */
    int64_t bound_us; /* the platform vouches for what it stored until then; 0 = it does not say */
    bool failed, incomplete;
    bool ending; /* all is read; what was withdrawn is being taken back */
    struct walk_tally tally;
    int idle_pages;    /* in a row, all of which was told before in this sweep */
    bool table_hidden; /* records may be passed over for want of it: absence is no evidence */
    bool offers_again; /* see struct apply */

    bool may_conclude; /* from "not modified", after this sweep */
    bool may_skip;     /* … after the last one */
    bool unchanged, has_validator;
    struct conclusion reading;
    struct http_validator validator; /* of the page that was the whole list */
    bool asked_for;                  /* by a backfill that was there when it began */
    bool learning;                   /* the first of two walks of a log: nothing is told */

    bool resumed; /* an earlier process read the first pages */
    struct page_position from;
    int64_t seen, resumed_seen, kept_at_ms;
    bool kept;
};

/* job.c. Places move when a course is added to the configuration. */
struct place *job_place(const struct job *job);
const struct stream_rules *job_rules(const struct job *job);
/* The children's slow cycles go along with this sweep. */
void job_tell_children(struct job *job, bool begins, bool complete);
void job_begin_sweep(struct job *job); /* unless it has begun */

/* job_unchanged.c */
bool job_may_skip(const struct job *job);
/* For the walk: everybody is there as the last sweep saw them, if that still holds. */
bool job_unchanged(void *context, int64_t server_time_us);
/* The job's sweep has ended well, or not. */
void job_conclude(struct job *job, bool ended);

/* job_end.c */
/* Answers are computed while we wait: a page that took too long is asked for in halves from the next time on. */
void job_judge_page_size(struct job *job);
void job_end_table(struct job *job, bool complete); /* the one under way */
void job_end_walk(struct job *job, bool complete);  /* through the job's own list */
bool job_end_stream(struct job *job); /* false: to be called again after the next return to the engine */

/* job_rows.c */
bool job_remember(struct job *job, struct job_table *table, struct page_list *list,
                  struct error *err) MUST_CHECK;
void job_range(struct job *job); /* of the backfill under way */
void job_window_since(struct job *job);
void job_window_advance(struct job *job);

#endif
