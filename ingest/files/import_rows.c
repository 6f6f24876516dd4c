#include "import_internal.h"

#include <stdio.h>
#include <string.h>

#include "../../common/log.h"
#include "quarantine.h"
#include "row_lookup.h"

const char *import_sheet(const struct import_run *run, size_t sheet)
{
    return run->contents->sheet_names[sheet];
}

void import_tell_findings(struct import_run *run)
{
    const struct roster_list *list = run->contents->roster;
    for (size_t i = 0; list != NULL && i < list->person_count; i++) {
        const struct roster_person *p = &list->persons[i];
        for (enum roster_fault fault = 0; fault < ROSTER_FAULT_COUNT; fault++) {
            /* Of two rows of one person the later one is the one too many. */
            bool has = (p->faults >> fault) & 1U;
            if (p->same_as != SIZE_MAX ? fault == ROSTER_LISTED_TWICE
                                       : has && fault != ROSTER_LISTED_TWICE)
                files_report_find(&run->report, "fault", roster_fault_name(fault),
                                  import_sheet(run, p->sheet), p->row);
        }
    }
    if (run->contents->totals != NULL && !run->contents->totals->passed_shown)
        files_report_note(&run->report, "%s",
                          "no column of people passed (\"Số đạt\") was found: all waves are taken "
                          "as without a result");
    for (size_t i = 0; list != NULL && i < list->skip_count; i++)
        files_report_find(&run->report, "skipped", list->skips[i].reason,
                          import_sheet(run, list->skips[i].sheet), list->skips[i].row);
}

static void count_result(struct files_report *report, enum observe_result result)
{
    report->added += result == OBSERVE_NEW;
    report->changed += result == OBSERVE_CHANGED;
    report->unchanged += result == OBSERVE_UNCHANGED;
}

#define UNITS_NAMED 4 /* of the notes of a report */

/* Names an unknown unit once, as its dead letter does but without the row's e-mail. */
static void note_unit(struct files_report *report, const struct roster_event *rejected)
{
    const char *detail = rejected->detail, *end = strstr(detail, "; e-mail ");
    size_t length = end != NULL ? (size_t)(end - detail) : strlen(detail);
    for (size_t i = 0; i < report->note_count; i++) {
        if (strncmp(report->notes[i], detail, length) == 0)
            return;
    }
    if (report->note_count < UNITS_NAMED)
        files_report_note(report, "%.*s", (int)length, detail);
}

static void observe_person(struct import_run *run, struct shard *shard, size_t index)
{
    const struct roster_list *list = run->contents->roster;
    const struct roster_person *p = &list->persons[index];
    struct row_correction correction;
    struct roster_event mapped;
    struct error err = {0};
    if (p->same_as != SIZE_MAX)
        return;
    row_lookup(run->env, shard, list, index, &correction);
    roster_map(run->env->context->hmac, &run->origin, p, import_sheet(run, p->sheet), &correction,
               &mapped);
    struct observation seen = {
        .stream = &files_stream_roster, .substream = mapped.substream, .event = &mapped.event};
    run->report.rejected += mapped.rejected;
    if (mapped.rejected)
        note_unit(&run->report, &mapped);
    if (run->job.preview) {
        if (!mapped.rejected)
            count_result(&run->report, shard_peek(shard, &seen));
        return;
    }
    if (!mapped.rejected) {
        count_result(&run->report, shard_observe(shard, &seen));
        return;
    }
    shard_reject(shard, &seen);
    if (!quarantine_put(run->env, &run->origin, &mapped, p, &err))
        log_error("a rejected row could not be kept for a later try", &err);
}

static void reject_totals(struct import_run *run, struct shard *shard, const struct totals_row *row)
{
    char entity[EVENT_MAX_KEY + 1], hex[33], detail[320];
    hmac_hex(run->env->context->hmac, "totals row", row->text, strlen(row->text), hex);
    (void)snprintf(entity, sizeof(entity), "dead:totals:%s", hex);
    (void)snprintf(detail, sizeof(detail), "wave \"%.250s\"", row->text);
    struct event e = {.type = EVENT_RECORD_REJECTED,
                      .source = run->env->source,
                      .entity = entity,
                      .time_observed = true,
                      .import_id = run->job.id,
                      .file = run->job.file,
                      .row = row->row,
                      .reason = row->reason,
                      .detail = detail,
                      .stream = "totals",
                      .present = 1ULL << FIELD_REASON | 1ULL << FIELD_DETAIL | 1ULL << FIELD_STREAM};
    if (import_sheet(run, row->sheet)[0] != '\0')
        e.sheet = import_sheet(run, row->sheet);
    struct observation seen = {.stream = &files_stream_totals, .substream = "-", .event = &e};
    shard_reject(shard, &seen);
}

static void observe_totals(struct import_run *run, struct shard *shard, size_t index)
{
    const struct totals_row *row = &run->contents->totals->rows[index];
    char entity[EVENT_MAX_KEY + 1];
    struct event e;
    if (row->wave == NULL) {
        bool counted = strcmp(row->reason, "wave_counted") == 0;
        files_report_find(&run->report, counted ? "skipped" : "fault", row->reason,
                          import_sheet(run, row->sheet), row->row);
        run->report.rejected += !counted;
        if (!counted && !run->job.preview)
            reject_totals(run, shard, row);
        return;
    }
    totals_map(run->env->source, run->job.id, run->job.file, import_sheet(run, row->sheet), row, &e,
               entity);
    struct observation seen = {.stream = &files_stream_totals, .substream = "", .event = &e};
    count_result(&run->report,
                 run->job.preview ? shard_peek(shard, &seen) : shard_observe(shard, &seen));
}

size_t import_row_count(const struct import_run *run)
{
    return run->job.totals ? run->contents->totals->row_count : run->contents->roster->person_count;
}

void import_observe_row(struct import_run *run, struct shard *shard, size_t index)
{
    if (run->job.totals)
        observe_totals(run, shard, index);
    else
        observe_person(run, shard, index);
}
