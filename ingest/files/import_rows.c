/* What the rows of a file say, observed one after the other, whatever kind it is. */
#include "import_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"

const struct import_kind *import_kind_of(enum files_kind kind)
{
    return kind == FILES_ROSTER   ? &import_kind_roster
           : kind == FILES_TOTALS ? &import_kind_totals
                                  : &import_kind_table;
}

const char *import_sheet(const struct import_run *run, size_t sheet)
{
    return run->contents->sheet_names[sheet];
}

struct observing {
    struct import_run *run;
    struct shard *shard;
    size_t index;
};

static void count_result(struct files_report *report, enum observe_result result)
{
    report->added += result == OBSERVE_NEW;
    report->changed += result == OBSERVE_CHANGED;
    report->unchanged += result == OBSERVE_UNCHANGED;
    report->erased += result == OBSERVE_ERASED;
}

static void reject(const struct observing *o, const struct import_fact *fact)
{
    struct import_run *run = o->run;
    const struct event *e = fact->seen.event;
    run->report.rejected++;
    if (fact->reason != NULL)
        files_report_find(&run->report, "fault", fact->reason, e->sheet != NULL ? e->sheet : "",
                          e->row);
    if (!run->job.preview)
        shard_reject(o->shard, &fact->seen);
    if (run->kind->rejected != NULL)
        run->kind->rejected(run, o->shard, o->index, fact);
}

static void observe(void *context, const struct import_fact *fact)
{
    const struct observing *o = context;
    struct import_run *run = o->run;
    const struct event *e = fact->seen.event;
    if (fact->rejected) {
        reject(o, fact);
        return;
    }
    bool first = name_set_add(run->seen, e->entity);
    if (!first && run->kind == &import_kind_table) {
        /* An account stands beside each of its results; anything else twice in one file is somebody's mistake. */
        if (!fact->beside)
            files_report_find(&run->report, "fault", "listed_twice",
                              e->sheet != NULL ? e->sheet : "", e->row);
        return;
    }
    enum observe_result result =
        run->job.preview ? shard_peek(o->shard, &fact->seen) : shard_observe(o->shard, &fact->seen);
    if (!fact->beside)
        count_result(&run->report, result);
    if (run->job.preview && first)
        import_preview_seen(run, o->shard, fact);
}

void import_observe_row(struct import_run *run, struct shard *shard, size_t index)
{
    struct observing observing = {run, shard, index};
    run->kind->each(run, shard, index, observe, &observing);
}

void import_leave_later(struct import_run *run, const char *path)
{
    run->left = array_room(run->left, run->left_count, &run->left_capacity, sizeof(char *));
    run->left[run->left_count++] = must_have(strdup(path));
}

void import_forget_left(struct import_run *run, bool unlink_files)
{
    for (size_t i = 0; i < run->left_count; i++) {
        if (unlink_files)
            (void)unlink(run->left[i]);
        free(run->left[i]);
    }
    run->left_count = 0;
}
