/* What the files of an import share. */
#ifndef MOOC_IMPORT_INTERNAL_H
#define MOOC_IMPORT_INTERNAL_H

#include "file_reader.h"
#include "import_run.h"
#include "name_set.h"
#include "roster_map.h"

enum import_step { STEP_START, STEP_READ, STEP_OBSERVE, STEP_COMMIT, STEP_OVER };

/* What an event of the file belongs to that a complete file is all of: a unit of a wave, a course, a class. */
struct covered {
    const struct stream_spec *stream;
    char *substream;
    struct sweep *sweep;
    int64_t there; /* of a preview: entities in force in it that the file has */
    bool held;
};

/* One event that a row says. */
struct import_fact {
    struct observation seen;
    bool rejected;      /* a dead letter */
    bool beside;        /* an account beside a result: nothing follows from its absence */
    const char *reason; /* of a rejected one, where the row's fault was not told before; NULL */
};
typedef void (*import_visit)(void *context, const struct import_fact *fact);

struct import_run;

/* What differs between kinds of files. */
struct import_kind {
    bool (*check)(const struct import_run *run,
                  struct error *err); /* of wave and unit, before reading */
    /* What is to be said of the file as it was read; shard: with what corrections have put right since. */
    void (*tell)(struct import_run *run, const struct shard *shard);
    void (*tell_after)(struct import_run *run); /* all rows are observed; NULL: nothing is left to say */
    size_t (*rows)(const struct import_run *run);
    /* Calls back with what row `index` says; texts live until the call returns. */
    void (*each)(struct import_run *run, struct shard *shard, size_t index, import_visit visit,
                 void *context);
    const struct stream_spec *(*stream)(enum files_kind kind); /* that its dead letters belong to */
    /* The dead letter that the row has or would have. NULL: rows are kept in a quarantine of their own. */
    void (*dead_entity)(const struct import_run *run, size_t index, char out[EVENT_MAX_KEY + 1]);
    /* Beside the events; each may be NULL: the row was rejected; everything was committed. */
    void (*rejected)(struct import_run *run, struct shard *shard, size_t index,
                     const struct import_fact *fact);
    void (*leave)(struct import_run *run, struct shard *shard);
    void (*committed)(struct import_run *run, struct shard *shard);
};
extern const struct import_kind import_kind_roster, import_kind_totals, import_kind_table;
const struct import_kind *import_kind_of(enum files_kind kind);

struct import_run {
    const struct files_env *env;
    const struct import_kind *kind;
    struct files_job job;
    bool as_kept; /* an original is read again: what it once said counts, be it an example */
    struct files_report report;
    const struct reference *reference;
    struct roster_origin origin;
    enum import_step step;
    struct file_reader *reader;
    const struct file_contents *contents;
    size_t position;
    struct name_set *seen; /* entities of this go: a second row for one of them is a fault */
    struct covered *covered;
    size_t covered_count, covered_capacity;
    char **left; /* quarantine files of rows that the list no longer has: to take away after the commit */
    size_t left_count, left_capacity;
    int64_t begun_us;
    uint64_t incarnation;
};

/* import_run.c: are wave, unit and kind such that the file can be read at all? */
bool import_run_check(const struct import_run *run, struct error *err) MUST_CHECK;

const char *import_sheet(const struct import_run *run, size_t sheet);

/* import_rows.c */
void import_observe_row(struct import_run *run, struct shard *shard, size_t index);
void import_leave_later(struct import_run *run, const char *path); /* the file goes after the commit */
void import_forget_left(struct import_run *run, bool unlink_files);

/* import_letters.c: `rejected` and `leave` of kinds with dead_entity */
void import_note_letter(struct import_run *run, struct shard *shard, size_t index,
                        const struct import_fact *fact);
void import_leave_letters(struct import_run *run, struct shard *shard);

/* import_sweeps.c: a complete file is a sweep of everything that it covers */
void import_find_covered(struct import_run *run, struct shard *shard);
void import_begin_sweeps(struct import_run *run, struct shard *shard);
void import_end_sweeps(struct import_run *run);
void import_abandon_sweeps(struct import_run *run);
void import_preview_seen(struct import_run *run, const struct shard *shard,
                         const struct import_fact *fact);
void import_preview_removals(struct import_run *run, const struct shard *shard);

/* import_after.c: what lies beside the events of a list of people */
void import_leave_quarantine(struct import_run *run, struct shard *shard);
void import_keep_emails(struct import_run *run, struct shard *shard);

#endif
