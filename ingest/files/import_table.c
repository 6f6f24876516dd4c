/* Results, attendance and head counts as kinds of import. */
#include "import_internal.h"
#include "table_map.h"

static const struct stream_spec streams[] = {
    [TABLE_STREAM_ACCOUNTS] = {"accounts", VANISH_KEEP, 1, 1, 0, false, 0},
    [TABLE_STREAM_GRADES] = {"grades", VANISH_REMOVE, 1, 0.3, 5, false, 0},
    [TABLE_STREAM_ATTENDANCE] = {"attendance", VANISH_REMOVE, 1, 0.3, 5, false, 0},
    /* A form says that it replaces the one before: nothing to ask a person about. */
    [TABLE_STREAM_HEADCOUNTS] = {"headcounts", VANISH_REMOVE, 1, 1, 0, false, 0},
};

static bool check(const struct import_run *run, struct error *err)
{
    if (run->job.wave[0] != '\0' && reference_find_wave(run->reference, run->job.wave) == NULL)
        return error_tell(err, ERROR_USAGE, false, "đợt %s không có trong waves.csv",
                          "wave %s is not in waves.csv", run->job.wave);
    return true;
}

static void tell(struct import_run *run, const struct shard *shard)
{
    (void)shard;
    const struct table_list *list = run->contents->table;
    for (size_t i = 0; i < list->skip_count; i++)
        files_report_find(&run->report, "skipped", list->skips[i].reason,
                          import_sheet(run, list->skips[i].sheet), list->skips[i].row);
}

static size_t rows(const struct import_run *run)
{
    return run->contents->table->row_count;
}

struct visiting {
    import_visit visit;
    void *context;
};

static void pass_on(void *context, const struct table_fact *fact)
{
    const struct visiting *v = context;
    const struct import_fact one = {.seen = {.stream = &streams[fact->stream],
                                             .substream = fact->substream,
                                             .event = &fact->event,
                                             .status = fact->status},
                                    .beside = fact->stream == TABLE_STREAM_ACCOUNTS};
    v->visit(v->context, &one);
}

static const struct stream_spec *main_stream(enum files_kind kind)
{
    return &streams[kind == FILES_RESULTS      ? TABLE_STREAM_GRADES
                    : kind == FILES_ATTENDANCE ? TABLE_STREAM_ATTENDANCE
                                               : TABLE_STREAM_HEADCOUNTS];
}

static void visit_rejected(const struct table_origin *origin, const struct table_row *row,
                           const struct table_reject *reject, import_visit visit, void *context)
{
    char entity[EVENT_MAX_KEY + 1];
    const struct stream_spec *stream = main_stream(origin->kind);
    table_dead_entity(origin, row, entity);
    struct event e = {.type = EVENT_RECORD_REJECTED,
                      .source = origin->source,
                      .entity = entity,
                      .time_observed = true,
                      .import_id = origin->import_id,
                      .file = origin->file,
                      .sheet = origin->sheet[0] != '\0' ? origin->sheet : NULL,
                      .row = row->row,
                      .reason = reject->reason,
                      .detail = reject->detail,
                      .stream = stream->name,
                      .present = 1ULL << FIELD_REASON | 1ULL << FIELD_DETAIL | 1ULL << FIELD_STREAM};
    const struct import_fact fact = {.seen = {.stream = stream, .substream = "-", .event = &e},
                                     .rejected = true,
                                     .reason = reject->reason};
    visit(context, &fact);
}

static struct table_origin origin_of(const struct import_run *run, const struct table_row *row)
{
    return (struct table_origin){.hmac = run->env->context->hmac,
                                 .reference = run->reference,
                                 .kind = run->job.kind,
                                 .source = run->env->source,
                                 .platform = run->env->platform,
                                 .wave = run->job.wave,
                                 .unit = run->job.unit,
                                 .import_id = run->job.id,
                                 .file = run->job.file,
                                 .sheet = import_sheet(run, row->sheet)};
}

static void dead_entity(const struct import_run *run, size_t index, char out[EVENT_MAX_KEY + 1])
{
    const struct table_row *row = &run->contents->table->rows[index];
    const struct table_origin origin = origin_of(run, row);
    table_dead_entity(&origin, row, out);
}

static void each(struct import_run *run, struct shard *shard, size_t index, import_visit visit,
                 void *context)
{
    const struct table_row *row = &run->contents->table->rows[index];
    const struct table_origin origin = origin_of(run, row);
    struct table_reject reject = {0};
    struct visiting visiting = {visit, context};
    (void)shard;
    if (!table_map(&origin, row, pass_on, &visiting, &reject))
        visit_rejected(&origin, row, &reject, visit, context);
}

const struct import_kind import_kind_table = {
    .check = check,
    .tell = tell,
    .rows = rows,
    .each = each,
    .stream = main_stream,
    .dead_entity = dead_entity,
    .rejected = import_note_letter,
    .leave = import_leave_letters,
};
