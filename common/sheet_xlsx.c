#define _GNU_SOURCE /* prlimit */
#include "sheet_xlsx.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "sheet_csv.h"
#include "stop.h"
#include "text_buffer.h"

#define TIME_LIMIT_MS 120000
#define MEMORY_LIMIT (2048UL * 1024 * 1024)

static bool start(const char *path, int output, pid_t *pid, struct error *err)
{
    /* A name that begins with a hyphen must not become an option. */
    struct text_buffer name = {0};
    text_buffer_add_format(&name, "%s%s", path[0] == '/' ? "" : "./", path);
    char options[] = "xlsx2csv --all --exclude_hidden_sheets --quoting all --sheetdelimiter x07 "
                     "--dateformat %Y-%m-%d";
    char *arguments[12], *rest = options;
    size_t count = 0;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
        arguments[count++] = word;
    arguments[count++] = name.data;
    arguments[count] = NULL;
    const char *search = getenv("PATH");
    struct text_buffer path_variable = {0};
    text_buffer_add_format(&path_variable, "PATH=%s",
                           search != NULL ? search : "/usr/local/bin:/usr/bin:/bin");
    char locale[] = "LC_ALL=C.UTF-8", utf8[] = "PYTHONUTF8=1", pure[] = "PYTHONDONTWRITEBYTECODE=1";
    char *environment[] = {path_variable.data, locale, utf8, pure, NULL};

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t none, all;
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &all);
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
    int failure = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    text_buffer_free(&name);
    text_buffer_free(&path_variable);
    if (failure == ENOENT)
        return error_tell(
            err, ERROR_CONFIG,
            false, "chưa cài chương trình xlsx2csv: cài nó (Debian: apt install xlsx2csv) hoặc lưu tệp dạng CSV",
            "the program xlsx2csv is not installed: install it (Debian: apt install "
            "xlsx2csv) or save the file as CSV");
    if (failure != 0)
        return error_tell(err, ERROR_INTERNAL, true, "không chạy được xlsx2csv: " REASON_VI,
                          "cannot start xlsx2csv: " REASON_EN, ERROR_REASON(failure));
    const struct rlimit memory = {MEMORY_LIMIT, MEMORY_LIMIT},
                        cpu = {TIME_LIMIT_MS / 1000, TIME_LIMIT_MS / 1000};
    (void)prlimit(*pid, RLIMIT_AS, &memory, NULL);
    (void)prlimit(*pid, RLIMIT_CPU, &cpu, NULL);
    return true;
}

/* The child's text on its way in. A row of a sheet that is formatted to its last column ends in 16,000 empty fields: they are
 * left out, so that only what people wrote counts against the limit. */
struct intake {
    struct text_buffer text;
    size_t row, field; /* where those at hand begin */
    size_t keep;       /* of the row: up to the end of its last field with something in it */
    bool quoted;
};

static void end_field(struct intake *in)
{
    if (in->text.length - in->field > strlen("\"\""))
        in->keep = in->text.length;
}

static void end_row(struct intake *in)
{
    struct text_buffer *text = &in->text;
    bool name = text->length > in->row && text->data[in->row] == XLSX_SHEET_MARKER;
    if (!name)
        text->length = in->keep;
}

static void take_in(struct intake *in, const char *chunk, size_t length)
{
    struct text_buffer *text = &in->text;
    text_buffer_reserve(text, length + 1);
    for (size_t i = 0; i < length; i++) {
        char c = chunk[i];
        if (c == '"')
            in->quoted = !in->quoted;
        bool ends_row = c == '\n' && !in->quoted, ends_field = ends_row || (c == ',' && !in->quoted);
        if (ends_field)
            end_field(in);
        if (ends_row)
            end_row(in);
        text->data[text->length++] = c;
        if (ends_field)
            in->field = text->length;
        if (ends_row)
            in->row = in->keep = text->length;
    }
}

/* Reads to the end of the child's output. */
static bool collect(int input, struct intake *out, struct error *err)
{
    int64_t deadline = clock_monotonic_ms() + TIME_LIMIT_MS;
    for (;;) {
        if (stop_requested())
            return error_tell(err, ERROR_STOPPED, true, "đã dừng", "stopped");
        if (clock_monotonic_ms() > deadline)
            return error_tell(err, ERROR_SOURCE, false,
                              "đọc tệp này mất hơn %d giây: chia nhỏ danh sách hoặc lưu dạng CSV",
                              "reading it took more than %d s: split the list or save it as CSV",
                              TIME_LIMIT_MS / 1000);
        struct pollfd ready = {input, POLLIN, 0};
        if (poll(&ready, 1, 200) <= 0)
            continue;
        char chunk[65536];
        ssize_t got = read(input, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_tell(err, ERROR_INTERNAL, true,
                              "không nhận được kết quả từ xlsx2csv: " REASON_VI,
                              "cannot read from xlsx2csv: " REASON_EN, ERROR_REASON(errno));
        if (got == 0)
            return true;
        take_in(out, chunk, (size_t)got);
        if (out->text.length > SHEET_MAX_BYTES)
            return error_tell(err, ERROR_SOURCE, false, "tệp có hơn 64 MiB chữ: chia nhỏ danh sách",
                              "it holds more than 64 MiB of text: split the list");
    }
}

bool xlsx_to_text(const char *path, char **text, size_t *length, struct error *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return error_tell(err, ERROR_INTERNAL, true, "không tạo được pipe: " REASON_VI,
                          "cannot make a pipe: " REASON_EN, ERROR_REASON(errno));
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t pid = 0;
    bool ok = start(path, ends[1], &pid, err);
    (void)close(ends[1]);
    struct intake out = {0};
    if (ok) {
        ok = collect(ends[0], &out, err);
        if (!ok)
            (void)kill(-pid, SIGKILL);
        int status = 0;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (ok && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
            ok = error_tell(
                err, ERROR_SOURCE,
                false, "tệp bị hỏng hoặc không phải là .xlsx: mở bằng Excel hoặc LibreOffice rồi lưu dạng .xlsx",
                "it is damaged or no .xlsx workbook: open it in Excel or LibreOffice "
                "and save it as .xlsx");
    }
    (void)close(ends[0]);
    if (!ok) {
        text_buffer_free(&out.text);
        return false;
    }
    text_buffer_reserve(&out.text, 1);
    *text = out.text.data;
    *length = out.text.length;
    return true;
}
