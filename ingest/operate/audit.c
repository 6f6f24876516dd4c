#include "audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/json.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "../answer.h"
#include "../files/files_report.h"

#define MOST_BYTES ((size_t)256 << 20)

static void path_of(const char *data_dir, char out[4096])
{
    (void)snprintf(out, 4096, "%.4000s/audit.jsonl", data_dir);
}

/* ---- written ---- */

static void add(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, "%s\"%s\":", out->length > 1 ? "," : "", name);
    text_buffer_add_json_string(out, value);
}

/* One write to a file that is only appended to: no line stands inside another one. */
static bool append(const char *path, const struct text_buffer *line, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    off_t before = file >= 0 ? lseek(file, 0, SEEK_END) : -1;
    bool whole = file >= 0 && write(file, line->data, line->length) == (ssize_t)line->length;
    bool ok = whole && fsync(file) == 0;
    int failure = errno;
    if (file >= 0 && !whole && before >= 0 && ftruncate(file, before) != 0)
        failure = errno;
    if (file >= 0)
        (void)close(file);
    return ok || error_tell(err, ERROR_INTERNAL, true, "không ghi được %s: " REASON_VI,
                            "cannot write %s: " REASON_EN, path, ERROR_REASON(failure));
}

bool audit_note(const char *data_dir, const struct audit_entry *entry, struct error *err)
{
    char path[4096], at[CLOCK_TEXT_SIZE];
    struct text_buffer line = {0};
    path_of(data_dir, path);
    clock_format(clock_now_us(), at);
    text_buffer_add_text(&line, "{");
    add(&line, "at", at);
    add(&line, "by", entry->by);
    add(&line, "command", entry->command);
    add(&line, "source", entry->source);
    add(&line, "import", entry->import);
    add(&line, "reason", entry->reason);
    text_buffer_add_format(&line, ",\"result\":%s}\n", entry->result);
    bool ok = append(path, &line, err);
    text_buffer_free(&line);
    return ok;
}

/* ---- read ---- */

static const char *text_of(const struct json *root, const char *name)
{
    const char *text = json_get_string(root, name);
    return text ? text : "";
}

/* The last member of a line; in strings before it quotation marks are escaped. */
static const char *result_in(const char *line, size_t *length)
{
    static const char name[] = ",\"result\":";
    const char *at = strstr(line, name);
    if (!at)
        return NULL;
    *length = strlen(at) - sizeof(name);
    return at + sizeof(name) - 1;
}

/* "import", "correct" and "revoke" are the commands' own words; what came of it says the rest. */
static void print_entry(const struct json *root, const char *line, const struct teller *to)
{
    char at[CLOCK_LOCAL_SIZE];
    int exit_code;
    size_t size;
    struct text_buffer result = {0};
    const char *by = text_of(root, "by"), *reason = text_of(root, "reason");
    const char *json = result_in(line, &size);
    tell_instant_of(text_of(root, "at"), to->vietnamese, at);
    bool told = json && files_report_text(json, size, to, &result, &exit_code);
    (void)printf("%s  %s  %s  %s  %.*s\n", at,
                 *by ? by : TELL(to, "thư mục theo dõi", "watched folder"),
                 text_of(root, "command"), text_of(root, "import"),
                 told ? (int)strcspn(result.data, "\n") : 0, told ? result.data : "");
    if (*reason)
        (void)printf(TELL(to, "    lý do: %s\n", "    why: %s\n"), reason);
    text_buffer_free(&result);
}

static void print_line(const char *line, bool as_json, const struct teller *to)
{
    struct json *root = json_parse(line, strlen(line), NULL);
    if (!root) /* cut by a full disk */
        return;
    if (as_json)
        (void)puts(line);
    else
        print_entry(root, line, to);
    json_free(root);
}

int command_audit(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    char path[4096];
    size_t length;
    const struct teller to = tell_of(options);
    const bool as_json = strcmp(options_text(options, "format"), "json") == 0;
    path_of(options_text(options, "data_dir"), path);
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        if (!as_json)
            (void)fputs(TELL(&to, "chưa có việc nào\n", "nothing yet\n"), stdout);
        return 0;
    }
    char *text = file_read_whole(path, MOST_BYTES, &length, &err);
    if (!text)
        return answer_fail(options, &err);
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        print_line(line, as_json, &to);
    }
    free(text);
    return 0;
}
