#include "import_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "erase_run.h"
#include "imports.h"
#include "reread.h"

#define ROWS_PER_TICK 2000 /* a tick must not hold the loop */

struct import_run *import_run_new(const struct files_env *env, const struct files_job *job)
{
    struct import_run *run = calloc(1, sizeof(*run));
    if (run == NULL)
        abort();
    run->env = env;
    run->job = *job;
    run->kind = import_kind_of(job->kind);
    run->seen = name_set_new();
    run->reference = env->context->reference;
    run->origin = (struct roster_origin){env->source, run->job.wave, run->job.id, run->job.file};
    memcpy(run->report.file, job->file, sizeof(run->report.file));
    memcpy(run->report.wave, job->wave, sizeof(run->report.wave));
    run->report.preview = job->preview;
    return run;
}

static bool fail(struct import_run *run, const struct error *err)
{
    /* The copy's name means nothing to an operator; the report has the file's own. */
    const char *slash = strrchr(run->job.path, '/'), *name = slash != NULL ? slash + 1 : "";
    run->report.error = *err;
    error_without_context(&run->report.error, name);
    run->step = STEP_OVER;
    return true;
}

bool import_run_check(const struct import_run *run, struct error *err)
{
    if (run->reference == NULL)
        return error_tell(err, ERROR_CONFIG, false,
                          "muốn nạp danh sách thì cần danh mục: đặt mục reference",
                          "lists need the reference folder: set option reference");
    if (!run->kind->check(run, err))
        return false;
    if (run->job.unit[0] != '\0' && reference_find_unit(run->reference, run->job.unit) == NULL)
        return error_tell(err, ERROR_USAGE, false, "đơn vị %s không có trong units.csv",
                          "unit %s is not in units.csv", run->job.unit);
    return true;
}

struct file_reader *import_start_reading(const struct import_run *run)
{
    const struct reference_wave *wave = reference_find_wave(run->reference, run->job.wave);
    struct roster_settings settings = {run->reference, wave != NULL ? wave->province : NULL,
                                       run->job.unit[0] != '\0' ? run->job.unit : NULL};
    const struct file_format format = {.kind = run->job.kind,
                                       .leave_examples = !run->as_kept,
                                       .encoding = run->job.encoding,
                                       .columns = run->env->columns};
    return file_reader_start(run->job.path, &format, &settings);
}

/* Told by `status`, also after a restart: "<instant in µs> <complete|supplement>". */
static void taken_name(enum files_kind kind, char out[40])
{
    (void)snprintf(out, 40, "taken:%s", files_kind_name(kind));
}

static void note_taken(const struct import_run *run, struct shard *shard)
{
    char name[40], value[60];
    taken_name(run->job.kind, name);
    (void)snprintf(value, sizeof(value), "%lld %s", (long long)run->begun_us,
                   run->job.complete ? "complete" : "supplement");
    shard_cursor_set(shard, run->env->source, name, value);
}

int64_t import_last_taken(const struct shard *shard, const char *source, enum files_kind kind,
                          bool *complete)
{
    char name[40], *end;
    taken_name(kind, name);
    const char *value = shard_cursor_get(shard, source, name);
    if (value == NULL)
        return 0;
    long long us = strtoll(value, &end, 10);
    *complete = strcmp(end, " complete") == 0;
    return us;
}

/* What is known already is not timed anew: the day that was given counts for the rest. */
static void note_received(struct import_run *run)
{
    if (run->job.received_us > 0 && !run->job.received_as_saved && run->report.unchanged > 0)
        files_report_note(
            &run->report,
            "%lld dòng đã có từ trước, không đổi gì: các dòng đó vẫn tính từ ngày nhận lần "
            "đầu, cũng như dòng chỉ thay đổi nội dung; --received chỉ tính cho dòng mới",
            "%lld rows were there already and say nothing new: they keep the day on which "
            "they were handed in first, as do rows of which only something changed; "
            "--received counts for rows that are new",
            (long long)run->report.unchanged);
}

static void note_erased(struct import_run *run)
{
    bool people = run->job.kind == FILES_ROSTER;
    files_report_note(
        &run->report,
        people
            ? "tệp có tên %lld dòng của người đã được xóa dữ liệu: các dòng đó bị bỏ ra, trong bản "
              "giữ lại để sửa hoặc rút lại cũng không còn"
            : "tệp có tên %lld dòng của người đã được xóa dữ liệu: các dòng đó bị bỏ ra, và không "
              "giữ "
              "bản sao nào để rút lại",
        people
            ? "the file names people who were erased in %lld rows: they are left out, also of the "
              "copy that is kept to correct or revoke it by"
            : "the file names people who were erased in %lld rows: they are left out, and no copy "
              "of "
              "it is kept to revoke it by",
        (long long)run->report.erased);
}

static void finish(struct import_run *run, struct shard *shard)
{
    if (run->job.complete && run->report.rejected > 0) {
        import_abandon_sweeps(run);
        bool people = run->job.kind == FILES_ROSTER;
        files_report_note(
            &run->report,
            people
                ? "%lld dòng chưa biết là người của đơn vị nào nên không ai bị coi là đã rời danh "
                  "sách: sửa các dòng đó rồi gửi lại danh sách"
                : "%lld dòng không đọc được nên không gì bị coi là đã bỏ: sửa các dòng đó rồi gửi "
                  "lại danh sách",
            people ? "%lld rows could not be read as people of a unit, so nobody was taken as "
                     "missing: correct them and send the list again"
                   : "%lld rows could not be read, so nothing was taken as missing: correct them "
                     "and send the list again",
            (long long)run->report.rejected);
    }
    note_received(run);
    if (run->kind->tell_after != NULL)
        run->kind->tell_after(run);
    if (run->job.preview) {
        import_preview_removals(run, shard);
        run->step = STEP_OVER;
        return;
    }
    import_end_sweeps(run);
    note_taken(run, shard);
    if (run->report.erased > 0)
        note_erased(run);
    shard_flush(shard);
    run->step = STEP_COMMIT;
}

static void tell(struct import_run *run, const struct shard *shard)
{
    long long examples = (long long)run->contents->example_rows;
    run->kind->tell(run, shard);
    if (examples > 0)
        files_report_note(&run->report, "đã bỏ qua %lld dòng ví dụ của biểu mẫu",
                          examples == 1 ? "%lld example row of the template was left out"
                                        : "%lld example rows of the template were left out",
                          examples);
}

static bool after_reading(struct import_run *run, struct shard *shard)
{
    run->contents = file_reader_done(run->reader);
    if (run->contents == NULL)
        return false;
    if (run->contents->err.kind != ERROR_NONE) {
        if (!run->job.preview)
            imports_drop(run->env, &run->job);
        return fail(run, &run->contents->err);
    }
    tell(run, shard);
    (void)snprintf(run->report.encoding, sizeof(run->report.encoding), "%s", run->contents->encoding);
    if (run->job.complete)
        import_find_covered(run, shard);
    if (run->job.complete && !run->job.preview)
        import_begin_sweeps(run, shard);
    run->step = STEP_OBSERVE;
    return false;
}

static void observe_some(struct import_run *run, struct shard *shard)
{
    size_t end = run->position + ROWS_PER_TICK, rows = run->kind->rows(run);
    if (!run->job.preview && !shard_can_accept(shard))
        return;
    for (; run->position < end && run->position < rows; run->position++)
        import_observe_row(run, shard, run->position);
    if (run->position < rows)
        return;
    if (run->kind->leave != NULL && !run->job.preview)
        run->kind->leave(run, shard);
    finish(run, shard);
}

/* The shard was read anew: what was observed may or may not have been committed. Observing again tells. */
static void start_again(struct import_run *run, struct shard *shard)
{
    run->incarnation = shard_incarnation(shard);
    import_abandon_sweeps(run);
    if (run->step != STEP_OBSERVE && run->step != STEP_COMMIT)
        return;
    files_report_clear(&run->report);
    run->position = 0;
    tell(run, shard);
    name_set_free(run->seen);
    run->seen = name_set_new();
    if (run->job.complete && !run->job.preview)
        import_begin_sweeps(run, shard);
    run->step = STEP_OBSERVE;
}

bool import_run_tick(struct import_run *run, struct shard *shard)
{
    struct error err = {0};
    if (run->incarnation != shard_incarnation(shard))
        start_again(run, shard);
    switch (run->step) {
    case STEP_START:
        if (!import_run_check(run, &err))
            return fail(run, &err);
        if (!run->job.preview && !imports_keep(run->env, &run->job, &err)) {
            imports_drop(run->env, &run->job);
            return fail(run, &err);
        }
        run->reader = import_start_reading(run);
        run->begun_us = clock_now_us();
        run->step = STEP_READ;
        return false;
    case STEP_READ:
        return after_reading(run, shard);
    case STEP_OBSERVE:
        observe_some(run, shard);
        return run->step == STEP_OVER;
    case STEP_COMMIT:
        if (!shard_is_flushed(shard))
            return false;
        import_forget_left(run, true);
        if (run->kind->committed != NULL)
            run->kind->committed(run, shard);
        if (run->report.erased > 0)
            erase_clear_import(shard, run);
        run->step = STEP_OVER;
        return true;
    case STEP_OVER:
        break;
    }
    return true;
}

const struct files_report *import_run_report(const struct import_run *run)
{
    return &run->report;
}

void import_run_progress(const struct import_run *run, struct told *out)
{
    if (run->contents != NULL && run->contents->err.kind == ERROR_NONE)
        TOLD_FORMAT(out, "đã đọc %zu trong %zu dòng", "%zu of %zu rows", run->position,
                    run->kind->rows(run));
    else
        told_set(out, "đang đọc", "reading");
}

void import_run_free(struct import_run *run)
{
    if (run == NULL)
        return;
    import_abandon_sweeps(run);
    import_forget_left(run, false);
    file_reader_free(run->reader);
    for (size_t i = 0; i < run->covered_count; i++)
        free(run->covered[i].substream);
    free(run->covered);
    free(run->left);
    name_set_free(run->seen);
    files_report_free(&run->report);
    free(run);
}
