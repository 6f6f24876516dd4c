/* Published totals as a kind of import. */
#include <stdio.h>
#include <string.h>

#include "../../common/text.h"
#include "import_internal.h"

const struct stream_spec files_stream_totals = {"totals", VANISH_REMOVE, 1, 0.3, 5, false, 0};

static bool check(const struct import_run *run, struct error *err)
{
    (void)run, (void)err;
    return true; /* the rows say their waves */
}

static void tell(struct import_run *run, const struct shard *shard)
{
    (void)shard;
    const struct totals_list *list = run->contents->totals;
    if (!list->passed_shown)
        files_report_note(
            &run->report, "không thấy cột %s: mọi đợt được coi là chưa có kết quả",
            "no column of people passed (%s) was found: all waves are taken as without "
            "a result",
            "\"Số đạt\"");
    for (size_t i = 0; i < list->row_count; i++) {
        const struct totals_row *row = &list->rows[i];
        /* Its learners are counted; a printed total is never mixed in. */
        if (row->wave == NULL && strcmp(row->reason, "wave_counted") == 0)
            files_report_find(&run->report, "skipped", row->reason, import_sheet(run, row->sheet),
                              row->row);
    }
}

static size_t rows(const struct import_run *run)
{
    return run->contents->totals->row_count;
}

static void dead_entity(const struct import_run *run, size_t index, char out[EVENT_MAX_KEY + 1])
{
    const struct totals_row *row = &run->contents->totals->rows[index];
    char hex[33];
    hmac_hex(run->env->context->hmac, "totals row", row->text, strlen(row->text), hex);
    (void)snprintf(out, EVENT_MAX_KEY + 1, "dead:totals:%s", hex);
}

static void visit_rejected(const struct import_run *run, size_t index, import_visit visit,
                           void *context)
{
    const struct totals_row *row = &run->contents->totals->rows[index];
    char entity[EVENT_MAX_KEY + 1], detail[320];
    dead_entity(run, index, entity);
    (void)snprintf(detail, sizeof(detail), "wave \"%.*s\"", text_fit(row->text, 250), row->text);
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
    const struct import_fact fact = {
        .seen = {.stream = &files_stream_totals, .substream = "-", .event = &e},
        .rejected = true,
        .reason = row->reason};
    visit(context, &fact);
}

static void each(struct import_run *run, struct shard *shard, size_t index, import_visit visit,
                 void *context)
{
    const struct totals_row *row = &run->contents->totals->rows[index];
    char entity[EVENT_MAX_KEY + 1];
    struct event e;
    (void)shard;
    if (row->wave == NULL) {
        if (strcmp(row->reason, "wave_counted") != 0)
            visit_rejected(run, index, visit, context);
        return;
    }
    totals_map(run->env->source, run->job.id, run->job.file, import_sheet(run, row->sheet), row, &e,
               entity);
    const struct import_fact fact = {
        .seen = {.stream = &files_stream_totals, .substream = "", .event = &e}};
    visit(context, &fact);
}

static const struct stream_spec *stream(enum files_kind kind)
{
    (void)kind;
    return &files_stream_totals;
}

const struct import_kind import_kind_totals = {
    .check = check,
    .tell = tell,
    .rows = rows,
    .each = each,
    .stream = stream,
    .dead_entity = dead_entity,
    .rejected = import_note_letter,
    .leave = import_leave_letters,
};
