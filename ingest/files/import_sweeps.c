/* A complete file is a sweep of everything that it covers: what is in force there and not in the file is gone. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "import_internal.h"

static struct covered *find(const struct import_run *run, const struct stream_spec *stream,
                            const char *substream)
{
    for (size_t i = run->covered_count; i-- > 0;) {
        if (run->covered[i].stream == stream && strcmp(run->covered[i].substream, substream) == 0)
            return &run->covered[i];
    }
    return NULL;
}

static void cover(struct import_run *run, const struct stream_spec *stream, const char *substream)
{
    if (find(run, stream, substream) != NULL)
        return;
    run->covered = array_room(run->covered, run->covered_count, &run->covered_capacity,
                              sizeof(run->covered[0]));
    run->covered[run->covered_count++] =
        (struct covered){.stream = stream, .substream = must_have(strdup(substream))};
}

static void cover_fact(void *context, const struct import_fact *fact)
{
    if (!fact->rejected && !fact->beside)
        cover(context, fact->seen.stream, fact->seen.substream);
}

/* By what its rows will be mapped to. */
void import_find_covered(struct import_run *run, struct shard *shard)
{
    for (size_t i = 0; i < run->kind->rows(run); i++)
        run->kind->each(run, shard, i, cover_fact, run);
    if (run->job.kind == FILES_TOTALS)
        cover(run, &files_stream_totals, "");
}

void import_begin_sweeps(struct import_run *run, struct shard *shard)
{
    for (size_t i = 0; i < run->covered_count; i++)
        run->covered[i].sweep = shard_sweep_begin(shard, run->covered[i].stream, run->env->source,
                                                  run->covered[i].substream, run->begun_us);
}

void import_abandon_sweeps(struct import_run *run)
{
    for (size_t i = 0; i < run->covered_count; i++) {
        if (run->covered[i].sweep != NULL)
            shard_sweep_abandon(run->covered[i].sweep);
        run->covered[i].sweep = NULL;
    }
}

/* Who moves between units of the list leaves none of them. */
void import_preview_seen(struct import_run *run, const struct shard *shard,
                         const struct import_fact *fact)
{
    const char *substream = shard_held_in(shard, fact->seen.event->entity);
    struct covered *c = substream != NULL ? find(run, fact->seen.stream, substream) : NULL;
    if (c != NULL)
        c->there++;
}

/* The unit whose list it is; NULL where the file is no list of units' people. */
static const char *unit_of(const struct import_run *run, const struct covered *c)
{
    const char *slash = strrchr(c->substream, '/');
    return run->job.kind == FILES_ROSTER && slash != NULL ? slash + 1 : NULL;
}

static void note_would_hold(struct import_run *run, const struct covered *c, int64_t missing,
                            int64_t in_force, int64_t lately)
{
    const char *unit = unit_of(run, c);
    int percent = (int)(c->stream->hold_share * 100 + 0.5);
    if (unit != NULL)
        files_report_note(
            &run->report,
            "đơn vị %s: %lld trong %lld người không còn trong danh sách, và %lld người đã rời "
            "trong "
            "24 giờ trước đó: quá %d %% thì sẽ không bị bỏ ngay mà được giữ lại cho đến khi có "
            "quyết định (mooc-ingest hold list)",
            "unit %s: %lld of %lld people are missing from the list, and %lld left in the 24 hours "
            "before: more than %d %% would not be removed at once but held until somebody decides "
            "(mooc-ingest hold list)",
            unit, (long long)missing, (long long)in_force, (long long)lately, percent);
    else
        files_report_note(
            &run->report,
            "%s %s: %lld trong %lld bản ghi không còn trong tệp, và %lld bản ghi đã bỏ trong 24 "
            "giờ "
            "trước đó: quá %d %% thì sẽ không bị bỏ ngay mà được giữ lại cho đến khi có quyết định "
            "(mooc-ingest hold list)",
            "%s %s: %lld of %lld records are missing from the file, and %lld were removed in the "
            "24 "
            "hours before: more than %d %% would not be removed at once but held until somebody "
            "decides (mooc-ingest hold list)",
            c->stream->name, c->substream, (long long)missing, (long long)in_force,
            (long long)lately, percent);
}

void import_preview_removals(struct import_run *run, const struct shard *shard)
{
    if (!run->job.complete || run->report.rejected > 0)
        return;
    for (size_t i = 0; i < run->covered_count; i++) {
        const struct covered *c = &run->covered[i];
        int64_t lately = 0, in_force = shard_substream_entities(shard, c->stream, run->env->source,
                                                                c->substream);
        int64_t missing = in_force - c->there;
        if (shard_would_hold(shard, c->stream, run->env->source, c->substream, missing, &lately))
            note_would_hold(run, c, missing, in_force, lately);
        else
            run->report.removed += missing;
    }
}

static void note_held(struct import_run *run, const struct covered *c,
                      const struct sweep_outcome *outcome)
{
    const char *unit = unit_of(run, c);
    if (unit != NULL)
        files_report_note(
            &run->report,
            "đơn vị %s: %lld người không còn trong danh sách và vẫn được giữ cho đến "
            "khi có quyết định: mooc-ingest hold accept|reject %s",
            "unit %s: %lld people are missing from the list; they stay until somebody "
            "decides: mooc-ingest hold accept|reject %s",
            unit, (long long)outcome->vanished, outcome->hold_id);
    else
        files_report_note(&run->report,
                          "%s %s: %lld bản ghi không còn trong tệp và vẫn được giữ cho đến khi có "
                          "quyết định: mooc-ingest hold accept|reject %s",
                          "%s %s: %lld records are missing from the file; they stay until somebody "
                          "decides: mooc-ingest hold accept|reject %s",
                          c->stream->name, c->substream, (long long)outcome->vanished,
                          outcome->hold_id);
}

void import_end_sweeps(struct import_run *run)
{
    for (size_t i = 0; i < run->covered_count; i++) {
        struct covered *c = &run->covered[i];
        struct sweep_outcome outcome = {0};
        struct error err = {0};
        struct sweep *sweep = c->sweep;
        c->sweep = NULL;
        if (sweep == NULL)
            continue;
        if (!shard_sweep_end(sweep, &outcome, &err)) {
            files_report_note(&run->report, "%s %s: %s%.0s", "%s %s: %.0s%s", c->stream->name,
                              c->substream, error_words(&err, true), err.message);
            continue;
        }
        run->report.removed += outcome.removed;
        c->held = outcome.held;
        if (outcome.held)
            note_held(run, c, &outcome);
    }
}
