/* What the files of an import share. */
#ifndef MOOC_IMPORT_INTERNAL_H
#define MOOC_IMPORT_INTERNAL_H

#include "file_reader.h"
#include "import_run.h"
#include "roster_map.h"

enum import_step { STEP_START, STEP_READ, STEP_OBSERVE, STEP_COMMIT, STEP_OVER };

/* A unit that the list covers, while its complete list is observed. */
struct covered {
    const char *unit; /* code; "" for totals */
    struct sweep *sweep;
    bool held;
};

struct import_run {
    const struct files_env *env;
    struct files_job job;
    struct files_report report;
    const struct reference *reference;
    struct roster_origin origin;
    enum import_step step;
    struct file_reader *reader;
    const struct file_contents *contents;
    size_t position;
    struct covered *covered;
    size_t covered_count;
    char **left; /* quarantine files of rows that the list no longer has: to take away after the commit */
    size_t left_count;
    int64_t begun_us;
    uint64_t incarnation;
};

const char *import_sheet(const struct import_run *run, size_t sheet);
const struct stream_spec *import_stream(const struct import_run *run);

/* import_rows.c */
void import_tell_findings(struct import_run *run);
size_t import_row_count(const struct import_run *run);
void import_observe_row(struct import_run *run, struct shard *shard, size_t index);

/* import_sweeps.c: a complete list is a sweep of each unit that it covers */
void import_find_covered(struct import_run *run, struct shard *shard);
void import_begin_sweeps(struct import_run *run, struct shard *shard);
void import_end_sweeps(struct import_run *run);
void import_abandon_sweeps(struct import_run *run);
void import_preview_removals(struct import_run *run, struct shard *shard);
void import_substream(const struct import_run *run, const struct covered *c, char out[80]);

/* import_after.c: what lies beside the events */
void import_leave_quarantine(struct import_run *run, struct shard *shard);
void import_forget_left(struct import_run *run, bool unlink_files);
void import_keep_emails(struct import_run *run, struct shard *shard);

#endif
