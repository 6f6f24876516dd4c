/* The parts of one Open edX source and how they hang together. Private to this folder.
 *
 *   schedule  rounds over all courses every sweep_every, head scans in between
 *   sweep     one course: enrolments, gradebook, grades
 *   asks      what can only be asked learner by learner: accounts, certificates
 *   apply     one record of any stream into the shard */
#ifndef MOOC_OPENEDX_OPENEDX_H
#define MOOC_OPENEDX_OPENEDX_H

#include "../source.h"
#include "../walk.h"
#include "learner_table.h"
#include "map.h"
#include "settings.h"
#include "streams.h"
#include "token.h"

/* The last complete sweep of a stream in a course. */
struct stream_seen {
    int64_t entities, through_us;
    bool held; /* a mass removal waits for a decision */
};

enum gradebook_state { GRADEBOOK_UNKNOWN, GRADEBOOK_READ, GRADEBOOK_NOT_VISIBLE, GRADEBOOK_FAILED };

struct course {
    char *id, *exam; /* exam: as courses.csv names it, "" if it does not */
    bool active;     /* still configured; a course keeps its place in the list for good */
    /* The slow cycle over the certificates of those who passed. */
    struct sweep *certificates;
    uint32_t certificates_cycle;
    uint64_t certificates_pending; /* asks not answered yet */
    bool certificates_listed;      /* all of them have been asked for */
    bool certificates_failed;
    int64_t certificates_due_ms, certificates_started_us;
    struct stream_seen seen[STREAM_COUNT];
    enum gradebook_state gradebook;
    unsigned page_shift; /* its grades are asked for in pages halved so often: larger ones time out there */
};

/* What `status` says of a stream. */
struct stream_report {
    struct error problem; /* the last failure; cleared by the next success */
    bool failed;          /* in the running round */
    int64_t rejected;     /* records of the running round that could not be mapped */
};

struct asks;
struct emails;
struct course_sweep;
struct schedule;

struct openedx {
    struct source base;
    const struct source_context *context;
    struct openedx_settings settings;
    struct http_origin *origin;
    struct token *token;
    struct walk_auth auth;
    struct course *courses;
    size_t course_count;
    struct shard *shard; /* during tick */
    uint64_t incarnation;
    bool started;
    struct stream_report reports[STREAM_COUNT];
    struct asks *asks;
    struct emails *emails;
    struct schedule *schedule;
    /* The slow cycle over all accounts. */
    struct sweep *accounts;
    uint64_t accounts_pending;
    uint32_t accounts_cycle_number;
    bool accounts_cycle, accounts_listed, accounts_failed;
    int64_t accounts_due_ms, accounts_started_us;
    struct stream_seen accounts_seen;
};

/* --- apply.c --- */

struct map_input openedx_map_input(const struct openedx *o, const struct course *course);
/* Maps one record and tells the shard; a record that cannot be mapped becomes a dead letter and the next one goes on. out (not
 * NULL) holds what was mapped while the record lives. */
bool openedx_apply(struct openedx *o, enum stream_id stream, const struct map_input *in,
                   const struct json *record, struct map_output *out);
/* Ends a sweep (complete) or gives it up; *sweep becomes NULL. started_us: the platform's time at its start. */
void openedx_end_sweep(struct openedx *o, enum stream_id stream, struct sweep **sweep,
                       bool complete, int64_t started_us, struct stream_seen *seen);
void openedx_problem(struct openedx *o, enum stream_id stream, const struct error *err);

/* --- asks.c --- */

struct asks *asks_new(struct openedx *o);
void asks_free(struct asks *asks);
/* Wants the account of a user name: a new one soon, every one once in a slow cycle. */
void asks_account(struct asks *asks, const char *username);
/* Asks whether somebody has an account under this address; again and again, but ever more seldom. */
void asks_email(struct asks *asks, const char *email);
/* Wants the certificate of a learner who has passed, or whose certificate is held. */
void asks_certificate(struct asks *asks, size_t course, const char *username, bool passed);
/* Waiting and under way, of a stream. */
size_t asks_pending(const struct asks *asks, enum stream_id stream);
void asks_step(struct asks *asks);

/* --- emails.c --- */

struct emails *emails_new(void);
void emails_free(struct emails *emails);
/* This address belongs to an enrolled learner: it need not be asked about. */
void emails_enrolled(struct emails *emails, const char *email);
/* Asks for the listed people who are not among the enrolled; nothing if accounts_by_email is off. */
void emails_ask(struct emails *emails, struct openedx *o);

/* --- sweep.c --- */

struct course_sweep *course_sweep_new(struct openedx *o, size_t course);
void course_sweep_free(struct course_sweep *sweep);
/* True when it has ended, well or not. */
bool course_sweep_step(struct course_sweep *sweep);
const char *course_sweep_phase(const struct course_sweep *sweep);
/* False if the course's enrolments could not be read to their end. */
bool course_sweep_enrollments_complete(const struct course_sweep *sweep);

/* --- schedule.c --- */

struct schedule *schedule_new(struct openedx *o);
void schedule_free(struct schedule *schedule);
void schedule_step(struct schedule *schedule);
/* "sweeping 3 of 12 courses (grades)", "idle". */
void schedule_describe(const struct schedule *schedule, char *out, size_t size);

/* --- head.c --- */

struct head_scan;
struct head_scan *head_scan_new(struct openedx *o, size_t course);
void head_scan_free(struct head_scan *scan);
bool head_scan_step(struct head_scan *scan);
/* Sets the watermark of a course: no record created before it will be looked for by head scans. */
void head_scan_mark(struct openedx *o, const struct course *course, int64_t newest_us,
                    int64_t server_time_us);

/* --- probe.c --- */

bool openedx_check(struct source *source, struct error *err);
bool openedx_sample(struct source *source, int n, struct error *err);

/* --- openedx.c --- */

bool openedx_load_courses(struct openedx *o, struct error *err) MUST_CHECK;

#endif
