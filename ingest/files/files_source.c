/* Lists of people, corrections and published totals, from a watched folder and from the commands `import` and `correct`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/spool.h"
#include "correct_run.h"
#include "done_note.h"
#include "erase_run.h"
#include "files_probe.h"
#include "files_settings.h"
#include "folder.h"
#include "import_internal.h"
#include "imports.h"
#include "revoke_run.h"
#include "rows_retry.h"

#define SPOOL_MS 300
#define CLEAN_MS 600000
#define COPY_MS 86400000 /* how long a copy stays whose command ended before its job was there */
#define ANSWER_MS (7 * 86400000LL) /* how long an answer waits that nobody fetches */
#define LATER_MS                                                                                   \
    15000 /* until a list is tried again that a full disk or the like kept from being taken */

struct files_source {
    struct source base;
    struct files_env env;
    struct files_settings settings;
    char name[64];
    struct folder *folder;
    struct files_job job; /* under way, if one of the next three is */
    bool from_folder;
    struct import_run *import;
    struct correct_run *correct;
    struct revoke_run *revoke;
    struct rows_retry *retry;
    struct erase_run *erase; /* beside whatever is under way */
    bool retry_asked, blind; /* a command waits for it; the folder of lists cannot be seen */
    char spool_copy[4096], inbox_path[4096];
    char fingerprint[33]; /* of the reference folder that rows in quarantine were last tried with */
    int64_t spool_at_ms, folder_at_ms, clean_at_ms, later_at_ms;
    struct teller to; /* the answers beside lists */
    struct told state;
    struct error problem;
};

static const struct told idle = {.vi = "chờ tệp", .en = "idle"};

static void close_source(struct source *base)
{
    struct files_source *s = (struct files_source *)base;
    import_run_free(s->import);
    correct_run_free(s->correct);
    revoke_run_free(s->revoke);
    rows_retry_free(s->retry);
    erase_run_free(s->erase);
    folder_close(s->folder);
    files_settings_free(&s->settings);
    free(s);
}

static bool check_settings(const struct source_kind *kind, const struct options *options,
                           const struct yaml *doc, const struct yaml_node *config, struct error *err)
{
    struct files_settings settings;
    (void)kind;
    bool fine = files_settings_read(options, doc, config, &settings, err);
    files_settings_free(&settings);
    return fine;
}

static struct source *open_source(const struct source_kind *kind,
                                  const struct source_context *context, const struct yaml *doc,
                                  const struct yaml_node *config, struct error *err)
{
    (void)kind;
    struct files_source *s = calloc(1, sizeof(*s));
    if (s == NULL)
        abort();
    (void)snprintf(s->name, sizeof(s->name), "%s", yaml_text(config, "name", ""));
    s->state = idle;
    s->to.vietnamese = tell_in_vietnamese(context->options);
    if (!files_settings_read(context->options, doc, config, &s->settings, err)) {
        close_source(&s->base);
        return NULL;
    }
    s->env = (struct files_env){.context = context,
                                .source = s->name,
                                .wave = s->settings.wave,
                                .unit = s->settings.unit,
                                .platform = s->settings.platform,
                                .columns = &s->settings.columns,
                                .keep_emails = s->settings.keep_emails,
                                .keep_ms = s->settings.keep_ms};
    return &s->base;
}

/* ---- work taken ---- */

static void start(struct files_source *s)
{
    files_settings_complete(&s->settings, &s->job);
    if (s->job.command == FILES_CORRECT)
        s->correct = correct_run_new(&s->env, &s->job);
    else if (s->job.command == FILES_REVOKE)
        s->revoke = revoke_run_new(&s->env, &s->job);
    else if (s->job.command == FILES_DEAD_RETRY) {
        s->retry = rows_retry_new(&s->env);
        s->retry_asked = true;
    } else
        s->import = import_run_new(&s->env, &s->job);
    LOG_INFO_EVENT("list taken", LOG_TEXT("source", s->name), LOG_TEXT("import", s->job.id),
                   LOG_TEXT("file", s->job.file));
}

/* Whatever was handed over behind it waits: told by `status`, and in the log. */
static void cannot_read_job(struct files_source *s, const struct error *err)
{
    (void)error_tell(&s->problem, err->kind, true, "không đọc được một việc đã gửi: %s%.0s",
                     "a job in the spool cannot be read: %.0s%s", error_words(err, true),
                     err->message);
    s->spool_at_ms = clock_monotonic_ms() + LATER_MS; /* the folder goes on */
    log_error("what was handed over waits", &s->problem);
}

static bool take_from_spool(struct files_source *s)
{
    struct error err = {0};
    char id[SPOOL_ID_SIZE];
    size_t length = 0;
    char *text = spool_next(s->env.context->data_dir, s->name, "", id, &length, &err);
    if (text == NULL) {
        if (err.kind != ERROR_NONE)
            cannot_read_job(s, &err);
        return false;
    }
    memset(&s->job, 0, sizeof(s->job));
    bool ok = files_job_decode(text, length, &s->job, &err);
    free(text);
    (void)snprintf(s->job.id, sizeof(s->job.id), "%s", id);
    s->from_folder = false;
    memcpy(s->spool_copy, s->job.path, sizeof(s->spool_copy));
    if (ok) {
        start(s);
        return true;
    }
    log_error("a job in the spool cannot be read", &err);
    if (!spool_finish(s->env.context->data_dir, s->name, id, "{}", &err))
        log_error("its answer cannot be written", &err);
    return false;
}

static bool take_from_folder(struct files_source *s)
{
    char path[4096];
    struct error err = {0};
    if (s->folder == NULL) {
        if (s->settings.inbox == NULL)
            return false;
        s->folder = folder_open(s->settings.inbox, &err);
        s->problem = err;
        if (s->folder == NULL)
            return false;
    }
    int64_t saved_us;
    bool found = folder_next(s->folder, s->settings.poll_ms, path, &saved_us, &err);
    bool blind = err.kind != ERROR_NONE;
    if (blind || s->blind)
        s->problem = err;
    if (blind && !s->blind) /* `status` tells it as long as it is so */
        log_error("lists are not seen", &err);
    s->blind = blind;
    if (!found)
        return false;
    memset(&s->job, 0, sizeof(s->job));
    if (s->settings.received_when_saved && saved_us < clock_now_us())
        s->job.received_us = saved_us;
    s->job.received_as_saved = s->settings.received_when_saved;
    files_base_name(path, s->job.file);
    (void)snprintf(s->job.path, sizeof(s->job.path), "%s", path);
    (void)snprintf(s->inbox_path, sizeof(s->inbox_path), "%s", path);
    files_new_id(s->job.id);
    s->job.complete = s->settings.complete;
    s->job.kind = s->settings.kind;
    s->from_folder = true;
    start(s);
    return true;
}

/* ---- work done ---- */

static void remove_spool_copy(const struct files_source *s)
{
    char folder[4096];
    (void)snprintf(folder, sizeof(folder), "%s", s->spool_copy);
    char *slash = strrchr(folder, '/');
    char expected[4096];
    (void)snprintf(expected, sizeof(expected), "%.3000s/spool/%s/files/", s->env.context->data_dir,
                   s->name);
    if (slash == NULL || strncmp(folder, expected, strlen(expected)) != 0)
        return;
    *slash = '\0';
    files_remove_folder(folder);
}

static void put_off(struct files_source *s, const struct error *err)
{
    s->problem = *err;
    (void)error_context(&s->problem, "%s", s->job.file);
    s->later_at_ms = clock_monotonic_ms() + LATER_MS;
}

static void answer(struct files_source *s, const struct files_report *report)
{
    struct error err = {0};
    if (report->error.kind != ERROR_NONE && report->error.retriable) {
        /* Nothing is wrong with the list: it stays where it is. */
        put_off(s, &report->error);
        log_error("list put off", &s->problem);
        return;
    }
    struct text_buffer json = {0}, text = {0};
    bool ok;
    int exit_code = 0;
    files_report_json(report, &json);
    done_note(&s->env, &s->job, report, json.data);
    if (s->from_folder) {
        bool fine = report->error.kind == ERROR_NONE;
        (void)files_report_text(json.data, json.length, &s->to, &text, &exit_code);
        ok = folder_finish(s->folder, s->inbox_path, fine, text.data, &err);
    } else {
        ok = spool_finish(s->env.context->data_dir, s->name, s->job.id, json.data, &err);
        if (ok)
            remove_spool_copy(s);
        else
            put_off(s, &err); /* done again, it changes nothing */
    }
    s->problem = report->error.kind != ERROR_NONE ? report->error : err;
    if (s->problem.kind != ERROR_NONE)
        (void)error_context(&s->problem, "%s", report->file);
    if (!ok)
        log_error("the answer about a list cannot be written", &err);
    if (report->error.kind != ERROR_NONE)
        log_error("list refused", &s->problem);
    LOG_INFO_EVENT("list done", LOG_TEXT("source", s->name), LOG_TEXT("import", s->job.id),
                   LOG_TEXT("file", report->file), LOG_NUMBER("added", report->added),
                   LOG_NUMBER("removed", report->removed), LOG_NUMBER("changed", report->changed),
                   LOG_NUMBER("unchanged", report->unchanged),
                   LOG_NUMBER("rejected", report->rejected),
                   LOG_NUMBER("corrections", report->applied));
    text_buffer_free(&json);
    text_buffer_free(&text);
}

static bool retry_rows(struct files_source *s, struct shard *shard)
{
    if (!rows_retry_tick(s->retry, shard))
        return false;
    int64_t taken = rows_retry_taken(s->retry);
    rows_retry_free(s->retry);
    s->retry = NULL;
    if (taken > 0)
        LOG_INFO_EVENT("rows from quarantine listed", LOG_TEXT("source", s->name),
                       LOG_NUMBER("rows", taken));
    if (s->retry_asked) {
        struct files_report report = {.retry = true, .added = taken};
        (void)snprintf(report.file, sizeof(report.file), "%s", s->name);
        s->retry_asked = false;
        answer(s, &report);
    }
    return true;
}

static void go_on(struct files_source *s, struct shard *shard)
{
    if (s->import != NULL) {
        import_run_progress(s->import, &s->state);
        if (!import_run_tick(s->import, shard))
            return;
        answer(s, import_run_report(s->import));
        import_run_free(s->import);
        s->import = NULL;
    } else if (s->correct != NULL) {
        correct_run_progress(s->correct, &s->state);
        if (!correct_run_tick(s->correct, shard))
            return;
        answer(s, correct_run_report(s->correct));
        correct_run_free(s->correct);
        s->correct = NULL;
    } else if (s->revoke != NULL) {
        told_set(&s->state, "đang rút lại một lần nạp", "taking an import back");
        if (!revoke_run_tick(s->revoke, shard))
            return;
        answer(s, revoke_run_report(s->revoke));
        revoke_run_free(s->revoke);
        s->revoke = NULL;
    } else if (!retry_rows(s, shard)) {
        return;
    }
    s->state = idle;
}

/* What a list says is known since it was handed in; rows of quarantine are of other lists than the last one. */
static void work(struct files_source *s, struct shard *shard)
{
    shard_seen_at(shard, s->retry != NULL ? 0 : s->job.received_us);
    go_on(s, shard);
    shard_seen_at(shard, 0);
}

static bool busy(const struct files_source *s)
{
    return s->import != NULL || s->correct != NULL || s->revoke != NULL || s->retry != NULL;
}

static void retry_after_change(struct files_source *s)
{
    char now[33];
    if (s->env.context->reference == NULL)
        return;
    reference_fingerprint(s->env.context->reference, now);
    if (strcmp(now, s->fingerprint) == 0)
        return;
    memcpy(s->fingerprint, now, sizeof(now));
    s->retry = rows_retry_new(&s->env);
}

/* Copies whose command ended before it handed its job over. */
static void clean_copies(const struct files_source *s)
{
    struct error err = {0};
    char id[SPOOL_ID_SIZE], path[3700];
    size_t length = 0;
    const char *data_dir = s->env.context->data_dir;
    char *waiting = spool_next(data_dir, s->name, "", id, &length, &err);
    (void)snprintf(path, sizeof(path), "%.3400s/spool/%s/files", data_dir, s->name);
    if (waiting == NULL && err.kind == ERROR_NONE)
        files_prune_folders(path, COPY_MS);
    free(waiting);
}

static void tick(struct source *base, struct shard *shard)
{
    struct files_source *s = (struct files_source *)base;
    int64_t now = clock_monotonic_ms();
    if (busy(s)) {
        work(s, shard);
        if (busy(s))
            return;
        s->spool_at_ms = now; /* whatever waits behind it */
    }
    if (now >= s->clean_at_ms) {
        s->clean_at_ms = now + CLEAN_MS;
        imports_prune(&s->env);
        spool_clean(s->env.context->data_dir, s->name, ANSWER_MS);
        clean_copies(s);
        if (s->folder != NULL)
            folder_clean(s->folder, s->settings.keep_ms);
    }
    retry_after_change(s);
    if (now < s->later_at_ms)
        return;
    if (!busy(s) && now >= s->spool_at_ms) {
        s->spool_at_ms = now + SPOOL_MS;
        (void)take_from_spool(s);
    }
    if (!busy(s) && now >= s->folder_at_ms) {
        /* Every file seen waiting is taken one after the other, without a pause between them. */
        bool taken = take_from_folder(s);
        s->folder_at_ms = clock_monotonic_ms() + (taken ? 0 : s->settings.poll_ms);
    }
}

/* ---- erasure ---- */

static bool forget_erased(struct source *base, struct shard *shard,
                          const struct local_erasure *erasure, struct local_erased *done)
{
    struct files_source *s = (struct files_source *)base;
    if (s->erase == NULL) {
        if (busy(s))
            return false; /* what is being read is kept first */
        s->erase = erase_run_new(&s->env, erasure);
    }
    if (!erase_run_tick(s->erase, shard, done))
        return false;
    erase_run_free(s->erase);
    s->erase = NULL;
    return true;
}

/* ---- told ---- */

static bool check(struct source *base, struct error *err)
{
    struct files_source *s = (struct files_source *)base;
    return files_check(&s->env, &s->settings, err);
}

static bool sample(struct source *base, int n, struct error *err)
{
    struct files_source *s = (struct files_source *)base;
    return files_sample(&s->env, &s->settings, n, err);
}

/* A line for what the folder holds, and for every other kind that was ever imported. */
static size_t status(const struct source *base, const struct shard *shard,
                     struct source_stream_status *out, size_t max)
{
    const struct files_source *s = (const struct files_source *)base;
    size_t ignored = s->folder != NULL ? folder_ignored(s->folder) : 0, count = 0;
    for (enum files_kind kind = FILES_ROSTER; kind < FILES_KINDS && count < max; kind++) {
        const struct stream_spec *stream = import_kind_of(kind)->stream(kind);
        bool own = kind == s->settings.kind;
        int64_t entities = shard != NULL ? shard_stream_entities(shard, stream, s->name) : 0;
        if (!own && entities == 0)
            continue;
        struct source_stream_status *line = &out[count++];
        *line = (struct source_stream_status){.stream = stream->name, .entities = entities};
        if (shard != NULL)
            line->taken_us = import_last_taken(shard, s->name, kind, &line->taken_complete);
        line->state = own ? s->state : idle;
        if (own) {
            line->problem = s->problem;
            (void)snprintf(line->problem_vi, sizeof(line->problem_vi), "%.318s", s->problem.vi);
        }
        if (own && ignored > 0)
            TOLD_FORMAT(&line->note,
                        "%zu mục trong thư mục nhận tệp là thư mục hoặc liên kết nên không được "
                        "đọc: hãy đặt chính các tệp vào đó",
                        "%zu entries of the watched folder are folders or links and are not "
                        "read: put the files themselves into it",
                        ignored);
    }
    return count;
}

const struct source_kind source_kind_files = {.name = "files",
                                              .open = open_source,
                                              .check_settings = check_settings,
                                              .close = close_source,
                                              .tick = tick,
                                              .forget_erased = forget_erased,
                                              .check = check,
                                              .sample = sample,
                                              .status = status,
                                              .mapping_version = 1};
