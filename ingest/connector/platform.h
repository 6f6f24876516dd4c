/* One source whose kind is a connector: its parts and how they hang together. Private to this folder.
 *
 *   schedule  which stream of which course is due, and how many at once
 *   job       one stream of one course: the tables it looks up, then its pages, within one sweep (or window) of the shard
 *   head      the newest rows of a list, between sweeps
 *   conclusion  what an answer "not modified" is worth to both
 *   asks      what can only be asked learner by learner
 *   apply     one record into the shard */
#ifndef MOOC_CONNECTOR_PLATFORM_H
#define MOOC_CONNECTOR_PLATFORM_H

#include "../source.h"
#include "../walk/walk.h"
#include "ask_queue.h"
#include "conclusion.h"
#include "../auth/auth.h"
#include "../language/connector.h"
#include "learner_table.h"
#include "newest.h"
#include "settings.h"
#include "row_table.h"

#define NO_COURSE SIZE_MAX
#define ASK_MAX_TAKEN 4

/* Of a walk through a whole list. */
struct walk_tally {
    int64_t told;         /* what its records said of entities */
    int64_t contradicted; /* of it: otherwise than a record before; the first one counts, but one that tells before one that withdraws */
    int64_t nameless;     /* records that do not even say whom they are about */
};

/* A stream of a course (or of the whole platform): what is known of its sweeps. */
struct place {
    int64_t due_ms, head_due_ms, full_due_ms; /* monotonic */
    int64_t offer_ms; /* when learners of unchanged records must be offered again, the first of them; 0 = now */
    int64_t through_us, swept_us; /* complete through; end of the last complete sweep */
    int64_t entities;
    int64_t rejected;        /* of the last or running sweep */
    struct walk_tally tally; /* of the last one */
    bool running, head_running, held, not_visible;
    bool missed;                   /* the last complete sweep missed somebody */
    bool contradicts;              /* its list did, when it was read whole last */
    int failures;                  /* readings in a row that were not complete */
    struct conclusion sweep, head; /* of the last complete sweep and head scan */
    bool rises, falls;             /* a window's records were not, were newest first */
    unsigned page_shift;  /* pages are asked for in halves so often: larger ones time out */
    struct error problem; /* of its last sweep; ERROR_NONE when that went well */
};

struct course {
    char *id, *exam; /* exam: as courses.csv names it, "" if it does not */
    bool active;     /* still configured; a course keeps its place in the list for good */
};

struct asks;
struct backfill;
struct emails;
struct job;
struct head_scan;

struct stream {
    const struct stream_rules *rules;
    struct stream_spec window_spec; /* the same, absence meaning nothing */
    /* What outlives its record: sub-streams of its own, named "<stream>.lasting". A sweep of one goes along with each whole reading, so
     * that an entity is told once in it; it is never ended, only abandoned, for it says nothing about who is gone. */
    struct stream_spec lasting_spec;
    char lasting_name[80];
    bool off;
    struct place whole;      /* streams that are about no single course */
    struct place *places;    /* by course, else NULL */
    struct asks *asks;       /* FOR_LEARNER and FOR_LISTED_EMAIL, else NULL */
    struct row_table *kinds; /* kinds of its rows, for recall.c; NULL until there are any */
    struct error problem;    /* of asks and head scans */
};

#define MAX_JOBS 8 /* a few of them may be waiting to ask again */

struct platform {
    struct source base;
    const struct source_context *context;
    const struct connector *connector;
    struct source_settings settings;
    struct http_origin *origin;
    struct auth *auth;
    struct walk_auth walk_auth;
    struct course *courses;
    size_t course_count;
    struct error courses_problem;
    struct stream streams[CONNECTOR_MAX_STREAMS];
    struct shard *shard; /* during tick */
    uint64_t incarnation;
    uint64_t meaning; /* rises when records may mean something else than before */
    struct key128 courses_digest;
    uint64_t requests_told; /* how many were sent when the state was last looked at for their count */
    bool started;
    struct job *jobs[MAX_JOBS];
    struct head_scan *head;
    struct emails *emails;
    struct backfill *backfill;
    int64_t reload_ms;
    struct siphash_key hash;         /* of records and of the keys of rows */
    struct map_output mapped, named; /* their rooms are kept between records */
    struct text_buffer room;
};

/* ---- texts.c: the scope's texts ---- */

struct texts {
    const char *at[CONNECTOR_MAX_NAMES];
    char size[24], page[24], offset[24], since[40], now[40], exam[512];
    /* The learners or addresses of one request: a part with {learner} or {email} stands there once for each. */
    const char *const *each;
    size_t each_count, each_name;
    struct siphash_key hash;
    uint64_t row_keys[4]; /* of the rows that the last record looked up; 0 = none */
    const char *list;     /* {learners} or {emails} not escaped yet; NULL = none */
    size_t list_name;
};
/* Options and course; the rest absent. */
void texts_begin(struct texts *texts, const struct platform *p, size_t course);
/* The place in a list that is asked for. */
void texts_position(struct texts *texts, const struct page_position *position, int64_t size);
/* The rows that the record looks up, into the texts; false when one of them could not be read. tables: by look-up. */
bool texts_look_up(struct texts *texts, const struct stream_rules *rules,
                   struct row_table *const *tables, const struct json *record,
                   const struct json *enclosing, struct text_buffer *room);
void texts_row(struct texts *texts, const struct connector *connector, size_t stream,
               const struct row_table *table, size_t row);
/* An instant in the form in which a platform wants {since}. */
void texts_instant(int64_t us, const char *format, char out[40]);

/* ---- request.c ---- */

/* The request for a page of the stream. */
bool platform_request(struct platform *p, const struct request_rules *rules, struct texts *texts,
                      const struct page_position *position, struct walk_request *out,
                      struct error *err) MUST_CHECK;
enum walk_verdict platform_judge(const struct platform *p, const struct stream_rules *rules,
                                 const struct texts *texts, const struct walk_answer *answer,
                                 struct error *err);
int64_t platform_page_size(const struct platform *p, size_t stream, const struct place *place);

/* ---- platform.c ---- */

struct place *platform_place(struct platform *p, size_t stream, size_t course);
bool platform_by_course(const struct platform *p, size_t stream);
/* Is the stream asked for at all: not switched off, wanted, and not replaced by one that works? */
bool platform_wants(struct platform *p, size_t stream);
const char *platform_substream(const struct platform *p, size_t stream, size_t course);
size_t platform_course(const struct platform *p, const char *id); /* or NO_COURSE */
/* Has it sweeps of its own? Tables are read by the jobs that need them, asks go by learner. */
bool stream_has_jobs(const struct stream_rules *rules);
/* Is it asked about the learners of that other stream? */
bool stream_hears_of(const struct stream_rules *rules, size_t other);
/* Does an answer of this status mean that the platform does not show the stream? */
bool stream_is_hidden(const struct stream_rules *rules, long status);
bool platform_load_courses(struct platform *p, struct error *err) MUST_CHECK;
void platform_problem(struct platform *p, size_t stream, struct error *place,
                      const struct error *err);

/* ---- apply.c ---- */

struct page_times {
    const struct value *of;
    int64_t newest_us, oldest_us;
    int64_t record_us;     /* of the record under way; 0 = none */
    int64_t before_us;     /* of the one before it in this walk; 0 = none */
    bool rises, falls;     /* some were later, earlier than the one before */
    uint64_t record;       /* its number */
    struct newest *newest; /* a window's; NULL */
    int64_t told_until_us; /* later records are only looked at; 0 = all are told */
};

struct lesson;      /* recall.h */
struct withdrawals; /* withdrawals.h */

struct apply {
    struct platform *p;
    size_t stream, course;
    const struct stream_spec *spec; /* the stream's, or its window's */
    struct texts *texts;
    struct row_table *const *tables; /* by look-up; NULL = none is looked up */
    int64_t *rejected;
    struct page_times *times; /* of the records applied; NULL = not kept */
    bool offers_again;     /* of what would be passed over, whoever must be offered some time is */
    struct lesson *lesson; /* what came of the element under way; NULL = not wanted */
    struct walk_tally *tally; /* NULL = not kept */
    bool once; /* needs a tally: the first record of a list counts; else they follow each other in time, and the last does */
    /* Of a reading that is neither a sweep nor a window: what it takes back waits for its end (platform_take_back). NULL = does not. */
    struct withdrawals *withdrawals;
    bool first_counts; /* needs withdrawals and times: as with `once`, within the reading */
    bool adds_only;    /* … nothing but rejections is taken back */
};
/* Maps one record and tells the shard; a record that cannot be mapped becomes a dead letter and the next one goes on. True when it
 * was mapped; then p->mapped holds it while the record lives. changed: the shard saw a difference. */
bool platform_apply(const struct apply *a, const struct json *record, const struct json *enclosing,
                    bool *changed);
/* The reading has come to its end at this instant of the platform's clock (µs). */
void platform_take_back(struct platform *p, size_t stream, size_t course,
                        const struct withdrawals *withdrawals, int64_t seen_us);
/* Tells nothing: only which record is the newest of each entity goes into times->newest. */
void platform_learn(const struct apply *a, const struct json *record, const struct json *enclosing);
/* Ends a sweep (complete) or gives it up; *sweep becomes NULL. */
bool platform_end_sweep(struct platform *p, size_t stream, size_t course, struct sweep **sweep,
                        bool complete, int64_t through_us);

/* ---- apply_page.c ---- */

/* Every record of a page, with `each` and with whoever is to be asked about because of it. recalls: what is known to say the same as
 * when it was read last is passed over; then times tells of the others alone. In times: newest_us: the latest instant of `of`
 * (head_time, window_time; NULL = none) among them, 0 = none was there; oldest_us likewise. */
bool platform_apply_page(const struct apply *a, struct page_list *list, bool recalls,
                         struct error *err) MUST_CHECK;
/* The same, of a whole page, by platform_learn. */
bool platform_learn_page(const struct apply *a, struct page_list *list, struct error *err) MUST_CHECK;

/* ---- job.c ---- */

enum job_kind {
    JOB_SWEEP_ALL,
    JOB_WINDOW,
    JOB_RANGE, /* a window from one instant to another, for a backfill: the cursor stays */
};
struct job *job_new(struct platform *p, size_t stream, size_t course, enum job_kind kind);
void job_free(struct job *job);
bool job_step(struct job *job); /* true when it has ended, well or not */
size_t job_stream(const struct job *job);
size_t job_course(const struct job *job);
bool job_is_asked_for(const struct job *job); /* by a backfill: else it says nothing of what that wants */
bool job_succeeded(const struct job *job); /* once it has ended */
size_t job_reading(const struct job *job); /* the stream under way: a table's, or its own */
/* What keeps it from going on; ERROR_NONE when nothing does. */
const struct error *job_trouble(const struct job *job);
void job_describe(const struct job *job, struct told *out);

/* ---- head.c ---- */

struct head_scan *head_scan_new(struct platform *p, size_t stream, size_t course); /* NULL: not yet */
void head_scan_free(struct head_scan *scan);
bool head_scan_step(struct head_scan *scan);
/* Sets the watermark: no record older than it will be looked for by head scans. */
void head_scan_mark(struct platform *p, size_t stream, size_t course, int64_t newest_us,
                    int64_t server_time_us);

/* ---- asks.c ---- */

struct asks *asks_new(struct platform *p, size_t stream);
void asks_free(struct asks *asks);
/* The parent stream begins, or has ended, its sweep of a course. */
void asks_parent_begins(struct asks *asks, size_t course, int64_t started_us);
void asks_parent_ends(struct asks *asks, size_t course, bool complete);
struct offer { /* a record of a parent stream is about this learner */
    size_t course;
    const char *account;
    const char *taken[ASK_MAX_TAKEN]; /* what the stream takes along from the record; NULL = absent */
    bool wanted, changed;
    bool by_email; /* it was found by a listed address */
};
/* Returns when the same, unchanged, would have to be offered again: a monotonic time in ms, 0 = at once, INT64_MAX = never but for
 * a slow cycle. */
int64_t asks_offer(struct asks *asks, const struct offer *offer);
/* Is a slow cycle gathering the learners of this course? Then it must hear of every one. */
bool asks_gather(struct asks *asks, size_t course);
/* Asks whether somebody has an account under this address; again and again, but ever more seldom. */
void asks_email(struct asks *asks, const char *email);
size_t asks_pending(const struct asks *asks);              /* waiting and under way */
bool asks_idle(const struct asks *asks);                   /* nothing is, and no cycle runs */
const struct error *asks_trouble(const struct asks *asks); /* as job_trouble */
bool asks_full(const struct asks *asks);
void asks_step(struct asks *asks);

/* ---- emails.c ---- */

struct emails *emails_new(void);
void emails_free(struct emails *emails);
/* This address belongs to a learner found without asking for it. */
void emails_found(struct emails *emails, const char *email);
/* Asks for the listed people who are not among them. */
void emails_ask(struct emails *emails, struct platform *p, struct asks *asks);

/* ---- schedule.c ---- */

void schedule_start(struct platform *p);
void schedule_step(struct platform *p);
void schedule_stop(struct platform *p);
bool schedule_asks_full(const struct platform *p);

/* ---- platform_status.c ---- */

void platform_stream_status(struct platform *p, const struct shard *shard, size_t stream,
                            struct source_stream_status *out);

/* ---- check.c ---- */

bool platform_check(struct source *source, struct error *err);
bool platform_sample(struct source *source, int n, struct error *err);

/* ---- discover.c ---- */

bool platform_discover(struct source *source, struct error *err);

#endif
