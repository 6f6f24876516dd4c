#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/consent.h"
#include "../../common/crypto.h"
#include "../../common/file.h"
#include "../../common/log.h"
#include "../../common/operator_name.h"
#include "../../common/spool.h"
#include "../answer.h"
#include "files_job.h"
#include "files_report.h"
#include "handed_over.h"
#include "imports.h"
#include "job_check.h"
#include "table_cells.h"
#include "unfetched.h"

/* The source of kind files that is meant: the one named, or the only one. */
static bool find_source(const struct options *options, char name[64], struct error *err)
{
    const struct yaml_node *list = options_section(options, "sources");
    const char *wanted = options_text(options, "source");
    size_t found = 0;
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *node = yaml_item(list, i);
        const char *its_name = yaml_text(node, "name", "");
        if (strcmp(yaml_text(node, "kind", ""), "files") != 0 ||
            (wanted != NULL && strcmp(wanted, its_name) != 0))
            continue;
        (void)snprintf(name, 64, "%s", its_name);
        found++;
    }
    if (found == 1)
        return true;
    if (found > 1)
        return error_tell(
            err, ERROR_USAGE, false,
            "có nhiều nguồn loại files trong cấu hình: ghi rõ nguồn nào bằng --source TÊN",
            "several sources of kind files are configured: say which with --source NAME");
    return error_tell(
        err, ERROR_USAGE,
        false, "trong cấu hình không có nguồn %s%sloại files: ingest.yaml cần có một nguồn như vậy ở mục sources",
        "no source %s%sof kind files is configured: ingest.yaml needs one under sources",
        wanted != NULL ? wanted : "", wanted != NULL ? " " : "");
}

/* Takes the copy back when the job cannot be handed over: it holds people's data. */
static void remove_copy(const struct files_job *job)
{
    char folder[4096];
    (void)snprintf(folder, sizeof(folder), "%s", job->path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return;
    *slash = '\0';
    files_remove_folder(folder);
}

/* The copy stands under its own name in a folder of its own, which the owner removes. */
static bool copy_to_spool(const char *data_dir, const char *source, const char *from,
                          struct files_job *job, struct error *err)
{
    char folder[3700];
    const char *dot = strrchr(job->file, '.');
    (void)snprintf(folder, sizeof(folder), "%.3400s/spool/%s/files/%016llx", data_dir, source,
                   (unsigned long long)random_u64());
    if (folder[0] != '/') {
        char here[2048], whole[3700];
        if (getcwd(here, sizeof(here)) == NULL)
            return error_tell(err, ERROR_INTERNAL, false, "thư mục đang đứng không còn nữa",
                              "the current folder is gone");
        (void)snprintf(whole, sizeof(whole), "%.1500s/%.2000s", here, folder);
        memcpy(folder, whole, sizeof(folder));
    }
    (void)snprintf(job->path, sizeof(job->path), "%s/list%.8s", folder, dot != NULL ? dot : "");
    file_as_owner_of(folder); /* who may not read the file that is copied into this one */
    bool made = files_make_folder(folder, err) && file_write_whole(job->path, "", 0, err);
    file_as_ourselves();
    if (made && files_copy(from, job->path, err))
        return true;
    remove_copy(job);
    return false;
}

/* The job and, if path is not NULL, a copy of that file. */
static bool put_into_spool(const char *data_dir, const char *source, struct files_job *job,
                           const char *path, char id[SPOOL_ID_SIZE], struct error *err)
{
    struct text_buffer text = {0};
    if (path != NULL && !copy_to_spool(data_dir, source, path, job, err))
        return false;
    files_job_encode(job, &text);
    bool ok = spool_submit(data_dir, source, text.data, text.length, id, err);
    text_buffer_free(&text);
    if (!ok && path != NULL)
        remove_copy(job);
    return ok;
}

static bool is_nobody_there(const struct options *options)
{
    return !options_given(options, "timeout") &&
           !answer_expected(options_text(options, "data_dir"));
}

/* What would change is only known to who runs, and a preview that nobody waits for helps nobody. */
static int nobody_previews(const struct options *options)
{
    struct error err = {0};
    (void)error_tell_plain(
        &err, ERROR_UNREACHABLE, true,
        "ở đây chưa có `mooc-ingest run` nào chạy nên không xem trước được, và chưa "
        "gửi gì; --yes thì gửi không cần xem trước",
        "no `mooc-ingest run` is at work here, so no preview can be made, and "
        "nothing was handed over; --yes hands it over without");
    return answer_fail(options, &err);
}

static int not_told_yet(const struct options *options, const struct error *err)
{
    const struct teller to = tell_of(options);
    int exit_code = answer_fail(options, err);
    if (err->kind == ERROR_UNREACHABLE)
        (void)fputs(TELL(&to, "sau này xem kết quả bằng `mooc-ingest import list`\n",
                         "later, `mooc-ingest import list` tells what came of it\n"),
                    stderr);
    return exit_code;
}

static bool take_who(const struct options *options, struct files_job *job, struct error *err)
{
    const char *reason = options_text(options, "reason");
    (void)snprintf(job->by, sizeof(job->by), "%s", operator_name());
    if (reason != NULL && strlen(reason) >= sizeof(job->reason))
        return error_tell(err, ERROR_USAGE, false, "--reason: dài quá %d byte",
                          "--reason: longer than %d bytes", (int)sizeof(job->reason) - 1);
    (void)snprintf(job->reason, sizeof(job->reason), "%s", reason != NULL ? reason : "");
    return true;
}

/* Hands the job over with a copy of the file, or finds it handed over before; waits, prints. Returns the exit code; *done: it was
 * carried out, though rows may have been left out. What was done goes to standard output, what was not to standard error. */
static int hand_over(const struct options *options, const char *source, struct files_job *job,
                     const char *path, bool *done)
{
    *done = false;
    struct error err = {0};
    const char *data_dir = options_text(options, "data_dir");
    struct text_buffer lines = {0};
    char id[SPOOL_ID_SIZE];
    const struct teller to = {tell_in_vietnamese(options)};
    if (!take_who(options, job, &err))
        return answer_fail(options, &err);
    if (job->preview && is_nobody_there(options))
        return nobody_previews(options);
    bool before = handed_over_before(data_dir, source, job, path, id);
    if (!before && !put_into_spool(data_dir, source, job, path, id, &err))
        return answer_fail(options, &err);
    if (before)
        (void)fprintf(stderr,
                      TELL(&to, "%s: đã gửi trước đó (việc %s) và chưa làm xong; không gửi lần nữa\n",
                           "%s: handed over before as job %s and not done yet; not queued again\n"),
                      job->file, id);
    else if (isatty(STDERR_FILENO))
        (void)fprintf(
            stderr,
            TELL(&to, "%s: đã gửi (việc %s), đang chờ\n", "%s: handed over as job %s, waiting\n"),
            job->file, id);
    char *result = answer_wait(options, source, id, &err);
    if (result == NULL)
        return not_told_yet(options, &err);
    int exit_code = 1;
    if (!files_report_text(result, strlen(result), &to, &lines, &exit_code))
        (void)fputs(
            TELL(&to,
                 "mooc-ingest: không hiểu câu trả lời; hai chương trình có cùng phiên bản "
                 "không?\n",
                 "mooc-ingest: the job was not understood; are both programs of one version?\n"),
            stderr);
    else {
        *done = !files_report_is_refusal(result, strlen(result));
        (void)fputs(lines.data, *done ? stdout : stderr);
    }
    text_buffer_free(&lines);
    free(result);
    return exit_code;
}

static bool agreed(const struct options *options, struct error *err)
{
    const struct teller to = tell_of(options);
    return consent_given(options, TELL(&to, "Làm tiếp?", "Go on?"), err);
}

static bool take_code(const struct options *options, const char *name, char out[64], struct error *err)
{
    const char *code = options_text(options, name);
    if (code == NULL)
        return true;
    if (strlen(code) > 32)
        return error_tell(err, ERROR_USAGE, false, "--%s: không có mã nào dài như vậy",
                          "--%s: no code is that long", name);
    (void)snprintf(out, 64, "%s", code);
    return true;
}

/* A day (then its begin in Vietnam) or an instant that is past. */
static bool take_received(const struct options *options, int64_t *us, struct error *err)
{
    const char *text = options_text(options, "received");
    *us = 0;
    if (text == NULL || (table_instant(text, us) && *us > 0 && *us <= clock_now_us()))
        return true;
    return error_tell(
        err, ERROR_USAGE,
        false, "--received: \"%.40s\" không phải là một ngày hoặc thời điểm đã qua, chẳng hạn 2023-09-20 hoặc \"20/09/2023 14:30\"",
        "--received: \"%.40s\" is no day or instant that is past, such as 2023-09-20 or "
        "\"20/09/2023 14:30\"",
        text);
}

static bool take_encoding(const struct options *options, enum text_encoding *out, struct error *err)
{
    return text_encoding_parse(options_text(options, "encoding"), out) ||
           error_tell(err, ERROR_USAGE, false, "--encoding là một trong " TEXT_ENCODING_OPTIONS,
                      "--encoding is one of " TEXT_ENCODING_OPTIONS);
}

int files_import_command(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct files_job job = {.command = FILES_IMPORT};
    char source[64] = "";
    const char *path = options_argument(options, 0), *scope = options_text(options, "scope");
    (void)program;
    if (!files_kind_parse(options_text(options, "kind"), &job.kind)) {
        (void)error_tell(&err, ERROR_USAGE, false, "--kind là một trong " FILES_KIND_NAMES,
                         "--kind is one of " FILES_KIND_NAMES);
        return answer_fail(options, &err);
    }
    job.complete = scope != NULL ? strcmp(scope, "complete") == 0 : files_kind_is_complete(job.kind);
    job.preview = options_boolean(options, "preview");
    files_base_name(path, job.file);
    if (!find_source(options, source, &err) || !take_code(options, "wave", job.wave, &err) ||
        !take_code(options, "unit", job.unit, &err) ||
        !take_received(options, &job.received_us, &err) ||
        !take_encoding(options, &job.encoding, &err))
        return answer_fail(options, &err);
    if (scope == NULL && job.kind == FILES_ROSTER) {
        (void)error_tell(&err, ERROR_USAGE, false,
                         "ghi rõ đây là danh sách gì: --scope complete (đầy đủ cả đơn vị; ai không "
                         "còn trong đó là đã rời) hoặc --scope supplement (bổ sung thêm người)",
                         "say what the list is: --scope complete (all of its unit; who is missing "
                         "leaves) or --scope supplement (adds people)");
        return answer_fail(options, &err);
    }
    if (!job_check(options, source, &job, path, &err))
        return answer_fail(options, &err);
    if (job.complete && !job.preview && !options_boolean(options, "yes") && isatty(STDIN_FILENO)) {
        struct files_job preview = job;
        preview.preview = true;
        bool done;
        int exit_code = hand_over(options, source, &preview, path, &done);
        if (!done)
            return exit_code;
        if (!agreed(options, &err))
            return answer_fail(options, &err);
    }
    bool done;
    return hand_over(options, source, &job, path, &done);
}

int files_correct_command(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct files_job job = {.command = FILES_CORRECT};
    char source[64] = "";
    const char *path = options_argument(options, 0);
    (void)program;
    files_base_name(path, job.file);
    if (!find_source(options, source, &err) || !take_received(options, &job.received_us, &err) ||
        !take_encoding(options, &job.encoding, &err) || !job_check(options, source, &job, path, &err))
        return answer_fail(options, &err);
    bool done;
    return hand_over(options, source, &job, path, &done);
}

int files_revoke_command(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct files_job job = {.command = FILES_REVOKE, .preview = true};
    char source[64] = "";
    const char *id = options_argument(options, 0);
    (void)program;
    (void)snprintf(job.target, sizeof(job.target), "%s", id);
    (void)snprintf(job.file, sizeof(job.file), "%.63s", id);
    if (!find_source(options, source, &err) || !job_check(options, source, &job, NULL, &err))
        return answer_fail(options, &err);
    bool yes = options_boolean(options, "yes"), only_preview = options_boolean(options, "preview");
    bool done;
    int exit_code = yes && !only_preview && is_nobody_there(options)
                        ? 0
                        : hand_over(options, source, &job, NULL, &done);
    if (exit_code != 0 || only_preview)
        return exit_code;
    if (!yes && !isatty(STDIN_FILENO)) {
        (void)error_tell(&err, ERROR_USAGE, false, "chưa thay đổi gì; thêm --yes nếu muốn rút lại",
                         "nothing was changed; say --yes to take it back");
        return answer_fail(options, &err);
    }
    if (!yes && !agreed(options, &err))
        return answer_fail(options, &err);
    job.preview = false;
    return hand_over(options, source, &job, NULL, &done);
}

int files_list_command(const struct program *program, const struct options *options)
{
    struct error err = {0};
    char source[64] = "";
    (void)program;
    const struct teller to = {tell_in_vietnamese(options)};
    if (!find_source(options, source, &err))
        return answer_fail(options, &err);
    imports_print(options_text(options, "data_dir"), source, &to);
    unfetched_print(options_text(options, "data_dir"), source, &to);
    return 0;
}

int files_retry(const struct options *options, const char *source)
{
    struct files_job job = {.command = FILES_DEAD_RETRY};
    bool done;
    return hand_over(options, source, &job, NULL, &done);
}
