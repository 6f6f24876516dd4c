/* A complete file is a sweep of everything that it covers: what is in force there and not in the file is gone. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "import_internal.h"

static void cover(struct import_run *run, const struct stream_spec *stream, const char *substream)
{
    for (size_t i = run->covered_count; i-- > 0;) {
        if (run->covered[i].stream == stream && strcmp(run->covered[i].substream, substream) == 0)
            return;
    }
    run->covered = array_room(run->covered, run->covered_count, &run->covered_capacity,
                              sizeof(run->covered[0]));
    run->covered[run->covered_count++] =
        (struct covered){stream, must_have(strdup(substream)), NULL, false};
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

void import_preview_removals(struct import_run *run, struct shard *shard)
{
    int64_t in_force = 0;
    if (!run->job.complete || run->report.rejected > 0)
        return;
    for (size_t i = 0; i < run->covered_count; i++)
        in_force += shard_substream_entities(shard, run->covered[i].stream, run->env->source,
                                             run->covered[i].substream);
    run->report.removed = in_force - run->report.changed - run->report.unchanged;
    if (run->report.removed < 0)
        run->report.removed = 0;
}

/* "unit HG-SYTE", "DA06-2023-HG/8c1f2a6be03d9745" */
static const char *label(const struct import_run *run, const struct covered *c, const char **word)
{
    const char *slash = strrchr(c->substream, '/');
    bool unit = run->job.kind == FILES_ROSTER && slash != NULL;
    *word = unit || c->substream[0] == '\0' ? "unit" : c->stream->name;
    return unit ? slash + 1 : c->substream;
}

void import_end_sweeps(struct import_run *run)
{
    for (size_t i = 0; i < run->covered_count; i++) {
        struct covered *c = &run->covered[i];
        struct sweep_outcome outcome = {0};
        struct error err = {0};
        struct sweep *sweep = c->sweep;
        const char *word, *name = label(run, c, &word);
        c->sweep = NULL;
        if (sweep == NULL)
            continue;
        if (!shard_sweep_end(sweep, &outcome, &err)) {
            files_report_note(&run->report, "%s %s: %s", "%s %s: %s", word, name, err.message);
            continue;
        }
        run->report.removed += outcome.removed;
        c->held = outcome.held;
        if (outcome.held)
            files_report_note(
                &run->report,
                "%s %s: %lld %s không còn trong danh sách và vẫn được giữ cho đến khi "
                "có quyết định: mooc-ingest hold accept|reject %s",
                "%s %s: %lld %s are missing from the list; they stay until "
                "somebody decides: mooc-ingest hold accept|reject %s",
                word, name, (long long)outcome.vanished,
                run->job.kind == FILES_ROSTER ? "people" : "records", outcome.hold_id);
    }
}
