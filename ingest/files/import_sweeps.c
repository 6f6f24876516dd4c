/* A complete list is a sweep of each unit that it covers: who is in force there and not in the list has left. */
#include <stdlib.h>
#include <string.h>

#include "import_internal.h"
#include "row_lookup.h"

const struct stream_spec files_stream_roster = {"roster", VANISH_REMOVE, 1, 0.3, 5, false};
const struct stream_spec files_stream_totals = {"totals", VANISH_REMOVE, 1, 0.3, 5, false};
const struct stream_spec files_stream_corrections = {"corrections", VANISH_KEEP, 1, 1, 0, false};

static void cover(struct import_run *run, const char *unit)
{
    for (size_t i = 0; i < run->covered_count; i++) {
        if (strcmp(run->covered[i].unit, unit) == 0)
            return;
    }
    run->covered = realloc(run->covered, (run->covered_count + 1) * sizeof(run->covered[0]));
    if (run->covered == NULL)
        abort();
    run->covered[run->covered_count++] = (struct covered){unit, NULL, false};
}

void import_substream(const struct import_run *run, const struct covered *c, char out[80])
{
    out[0] = '\0';
    if (!run->job.totals)
        roster_substream(run->job.wave, c->unit, out);
}

const struct stream_spec *import_stream(const struct import_run *run)
{
    return run->job.totals ? &files_stream_totals : &files_stream_roster;
}

/* Which units the list covers, by what its rows will be mapped to. */
void import_find_covered(struct import_run *run, struct shard *shard)
{
    const struct roster_list *list = run->contents->roster;
    if (run->job.totals)
        cover(run, "");
    for (size_t i = 0; list != NULL && i < list->person_count; i++) {
        const struct roster_person *p = &list->persons[i];
        struct row_correction correction;
        if (p->same_as != SIZE_MAX)
            continue;
        row_lookup(run->env, shard, list, i, &correction);
        const struct reference_unit *unit = reference_find_unit(
            run->reference, correction.unit[0] != '\0' ? correction.unit : p->unit);
        if (unit != NULL)
            cover(run, unit->code);
    }
}

void import_begin_sweeps(struct import_run *run, struct shard *shard)
{
    for (size_t i = 0; i < run->covered_count; i++) {
        char substream[80];
        import_substream(run, &run->covered[i], substream);
        run->covered[i].sweep =
            shard_sweep_begin(shard, import_stream(run), run->env->source, substream, run->begun_us);
    }
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
    for (size_t i = 0; i < run->covered_count; i++) {
        char substream[80];
        import_substream(run, &run->covered[i], substream);
        in_force += shard_substream_entities(shard, import_stream(run), run->env->source, substream);
    }
    run->report.removed = in_force - run->report.changed - run->report.unchanged;
    if (run->report.removed < 0)
        run->report.removed = 0;
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
            files_report_note(&run->report, "unit %s: %s", c->unit, err.message);
            continue;
        }
        run->report.removed += outcome.removed;
        c->held = outcome.held;
        if (outcome.held)
            files_report_note(&run->report,
                              "unit %s: %lld people are missing from the list; they stay until "
                              "somebody decides: mooc-ingest hold accept|reject %s",
                              c->unit, (long long)outcome.vanished, outcome.hold_id);
    }
}
