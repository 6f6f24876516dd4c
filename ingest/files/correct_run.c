#include "correct_run.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/log.h"
#include "../../common/text.h"
#include "correct_row.h"
#include "file_reader.h"
#include "held_emails.h"
#include "imports.h"

#define OTHERS_NAMED 6 /* rows of people whose address somebody else was given, in notes */

enum step { STEP_START, STEP_READ, STEP_NEXT_FILE, STEP_READ_LIST, STEP_COMMIT, STEP_OVER };

struct correct_run {
    const struct files_env *env;
    struct files_job job;
    struct files_report report;
    const struct reference *reference;
    enum step step;
    struct file_reader *reader, *list_reader;
    const struct correction_list *corrections;
    bool *handled;  /* per correction */
    size_t current; /* the correction whose list is being read */
    /* Lists of one name are looked through from the newest to the oldest for the row with the fault; what fits none goes to the
     * newest. */
    struct files_job import;
    bool settle;
    struct listed_changes *emails; /* NULL: not kept */
    uint64_t incarnation;
};

struct correct_run *correct_run_new(const struct files_env *env, const struct files_job *job)
{
    struct correct_run *run = calloc(1, sizeof(*run));
    if (run == NULL)
        abort();
    run->env = env;
    run->job = *job;
    run->reference = env->context->reference;
    memcpy(run->report.file, job->file, sizeof(run->report.file));
    run->report.correction = true;
    return run;
}

static bool over(struct correct_run *run, const struct error *err)
{
    run->report.error = *err;
    run->step = STEP_OVER;
    return true;
}

/* A row that nobody has filled in yet is told, and is no answer that was refused. */
static void not_taken(struct correct_run *run, const char *sheet, int64_t row, const char *reason)
{
    run->report.rejected += strcmp(reason, "not_filled_in") != 0;
    files_report_find(&run->report, "correction", reason, sheet, row);
}

static void problem(struct correct_run *run, const struct correction *c, const char *reason)
{
    not_taken(run, c->at_sheet, c->at_row, reason);
}

static bool same_file(const char *a, const char *b)
{
    char x[512], y[512];
    return text_fold(a, x, sizeof(x)) && text_fold(b, y, sizeof(y)) && strcmp(x, y) == 0;
}

static void read_original(struct correct_run *run)
{
    const struct reference_wave *wave = reference_find_wave(run->reference, run->import.wave);
    struct roster_settings settings = {run->reference, wave != NULL ? wave->province : NULL,
                                       run->import.unit[0] != '\0' ? run->import.unit : NULL};
    const struct file_format format = {.kind = FILES_ROSTER, .encoding = run->import.encoding};
    run->list_reader = file_reader_start(run->import.path, &format, &settings);
    run->step = STEP_READ_LIST;
}

/* Opens the newest list of the next correction not handled yet; those whose list is not kept are told. */
static void next_file(struct correct_run *run, struct shard *shard)
{
    const struct correction_list *list = run->corrections;
    assert(list); /* read in the first step */
    for (; run->current < list->count; run->current++) {
        const struct correction *c = &list->corrections[run->current];
        if (run->handled[run->current])
            continue;
        run->settle = false;
        if (imports_find(run->env, c->file, "", &run->import)) {
            read_original(run);
            return;
        }
        problem(run, c, "file_not_kept");
        run->handled[run->current] = true;
    }
    if (run->job.received_us > 0 && run->report.already > 0)
        files_report_note(
            &run->report,
            "%lld chỗ đã đúng từ trước: các chỗ đó vẫn tính từ ngày nhận lần đầu, "
            "--received chỉ tính cho chỗ mới sửa",
            "%lld corrections were in force already: they keep the day on which they were "
            "handed in first; --received counts for what is corrected now",
            (long long)run->report.already);
    shard_flush(shard);
    run->step = STEP_COMMIT;
}

/* What is left of the corrections for this name: to the list before, and in the end to the newest. */
static void next_of_name(struct correct_run *run)
{
    const struct correction_list *list = run->corrections;
    size_t left = run->current;
    while (left < list->count &&
           (run->handled[left] ||
            !same_file(list->corrections[left].file, list->corrections[run->current].file)))
        left++;
    run->step = STEP_NEXT_FILE;
    if (left == list->count)
        return;
    const char *file = list->corrections[left].file;
    char before[sizeof(run->import.id)];
    memcpy(before, run->import.id, sizeof(before));
    run->settle = !imports_find(run->env, file, before, &run->import);
    if (!run->settle || imports_find(run->env, file, "", &run->import))
        read_original(run);
}

/* Taken, both people would lose what is linked by the address. */
static bool is_anothers(struct correct_run *run, const struct held_emails *held,
                        const struct correct_list *list, const struct correction *c)
{
    const struct roster_person *other =
        list->roster != NULL ? held_emails_other(held, list, run->corrections, c) : NULL;
    if (other == NULL)
        return false;
    if (run->report.note_count < OTHERS_NAMED)
        files_report_note(&run->report,
                          "dòng %lld của biểu: địa chỉ e-mail này đã có ở dòng %lld của người khác",
                          "row %lld of the form: this e-mail address is already another person's, "
                          "row %lld",
                          (long long)c->at_row, (long long)other->row);
    problem(run, c, "email_of_other");
    return true;
}

/* It is taken all the same: a well-formed address may be wrong too. But a slip in a number would change somebody who is right. */
static void note_no_such_fault(struct correct_run *run, const struct correct_list *list,
                               const struct correction *c)
{
    if (c->of_list && list->roster != NULL && !correct_row_fits(list, c))
        files_report_note(
            &run->report,
            "dòng %lld của biểu: danh sách không có lỗi đó ở dòng %lld; vẫn sửa như đã "
            "ghi, hãy xem lại số dòng có đúng không",
            "row %lld of the form: the list has no such fault in row %lld; it was "
            "changed as the form says, see whether the number of the row is right",
            (long long)c->at_row, (long long)c->row);
}

static void apply_to_list(struct correct_run *run, struct shard *shard,
                          const struct file_contents *contents)
{
    const struct reference_wave *wave = reference_find_wave(run->reference, run->import.wave);
    struct correct_list list = {
        .env = run->env,
        .reference = run->reference,
        .province = wave != NULL ? wave->province : NULL,
        .origin = {run->env->source, run->import.wave, run->import.id, run->import.file},
        .roster = contents->roster,
        .sheet_names = contents->sheet_names,
        .sheet_count = contents->sheet_count,
        .emails = run->emails,
        .received_us = run->job.received_us};
    assert(run->corrections); /* read in the first step */
    struct held_emails *held = list.roster != NULL ? held_emails_new(&list, shard) : NULL;
    for (size_t i = run->current; i < run->corrections->count; i++) {
        const struct correction *c = &run->corrections->corrections[i];
        const char *reason = "file_not_kept";
        if (run->handled[i] || !same_file(c->file, run->corrections->corrections[run->current].file))
            continue;
        if (!run->settle && (contents->roster == NULL || !correct_row_fits(&list, c)))
            continue;
        run->handled[i] = true;
        if (is_anothers(run, held, &list, c))
            continue;
        enum correct_result result =
            contents->roster != NULL ? correct_row(&list, shard, c, &reason) : CORRECT_FAILED;
        run->report.applied += result == CORRECT_APPLIED;
        run->report.already += result == CORRECT_ALREADY;
        if (result == CORRECT_APPLIED)
            note_no_such_fault(run, &list, c);
        if (result == CORRECT_FAILED)
            problem(run, c, reason);
        else
            held_emails_apply(held, &list, c);
    }
    held_emails_free(held);
}

static bool read_list(struct correct_run *run, struct shard *shard)
{
    const struct file_contents *contents = file_reader_done(run->list_reader);
    if (contents == NULL || !shard_can_accept(shard))
        return false;
    apply_to_list(run, shard, contents);
    file_reader_free(run->list_reader);
    run->list_reader = NULL;
    next_of_name(run);
    return false;
}

static void begin(struct correct_run *run)
{
    files_report_clear(&run->report);
    memset(run->handled, 0, run->corrections->count * sizeof(*run->handled));
    run->current = 0;
    for (size_t i = 0; i < run->corrections->problem_count; i++) {
        const struct correction_problem *p = &run->corrections->problems[i];
        not_taken(run, p->at_sheet, p->at_row, p->reason);
    }
    listed_changes_free(run->emails);
    run->emails = run->env->keep_emails ? listed_changes_new() : NULL;
    run->step = STEP_NEXT_FILE;
}

static bool after_reading(struct correct_run *run)
{
    const struct file_contents *contents = file_reader_done(run->reader);
    if (contents == NULL)
        return false;
    if (contents->corrections == NULL)
        return over(run, &contents->err);
    run->corrections = contents->corrections;
    run->handled = calloc(run->corrections->count + 1, sizeof(*run->handled));
    if (run->handled == NULL)
        abort();
    begin(run);
    return false;
}

static bool after_commit(struct correct_run *run)
{
    struct error err = {0};
    if (run->emails != NULL && !listed_changes_save(run->emails, run->env->context, &err))
        log_error("accounts of listed people cannot be asked for by e-mail", &err);
    run->step = STEP_OVER;
    return true;
}

bool correct_run_tick(struct correct_run *run, struct shard *shard)
{
    struct error err = {0};
    if (run->incarnation != shard_incarnation(shard)) {
        run->incarnation = shard_incarnation(shard);
        if (run->corrections != NULL && run->step != STEP_OVER) {
            file_reader_free(run->list_reader);
            run->list_reader = NULL;
            begin(run);
        }
    }
    switch (run->step) {
    case STEP_START:
        if (run->reference == NULL) {
            (void)error_tell(&err, ERROR_CONFIG, false,
                             "muốn sửa danh sách thì cần danh mục: đặt mục reference",
                             "corrections need the reference folder: set option reference");
            return over(run, &err);
        }
        run->reader = file_reader_start(
            run->job.path,
            &(struct file_format){.corrections = true, .encoding = run->job.encoding}, NULL);
        run->step = STEP_READ;
        return false;
    case STEP_READ:
        return after_reading(run);
    case STEP_NEXT_FILE:
        next_file(run, shard);
        return false;
    case STEP_READ_LIST:
        return read_list(run, shard);
    case STEP_COMMIT:
        return shard_is_flushed(shard) && after_commit(run);
    case STEP_OVER:
        break;
    }
    return true;
}

const struct files_report *correct_run_report(const struct correct_run *run)
{
    return &run->report;
}

void correct_run_progress(const struct correct_run *run, struct told *out)
{
    if (run->corrections != NULL)
        TOLD_FORMAT(out, "đã xét %zu trong %zu chỗ sửa", "%zu of %zu corrections", run->current,
                    run->corrections->count);
    else
        told_set(out, "đang đọc", "reading");
}

void correct_run_free(struct correct_run *run)
{
    if (run == NULL)
        return;
    file_reader_free(run->list_reader);
    file_reader_free(run->reader);
    listed_changes_free(run->emails);
    free(run->handled);
    files_report_free(&run->report);
    free(run);
}
