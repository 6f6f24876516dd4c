#include "files_job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "../../common/json.h"
#include "../../common/text.h"

static void add(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, "%s\"%s\":", out->length > 1 ? "," : "", name);
    text_buffer_add_json_string(out, value);
}

static const char *const commands[] = {
    [FILES_IMPORT] = "import", [FILES_CORRECT] = "correct", [FILES_REVOKE] = "revoke", [FILES_DEAD_RETRY] = "dead retry"};

static bool take_command(const char *text, enum files_command *out)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i], text) == 0) {
            *out = (enum files_command)i;
            return true;
        }
    }
    return false;
}

void files_job_encode(const struct files_job *job, struct text_buffer *out)
{
    text_buffer_add_text(out, "{");
    add(out, "command", commands[job->command]);
    add(out, "file", job->file);
    add(out, "path", job->path);
    add(out, "kind", files_kind_name(job->kind));
    add(out, "encoding", text_encoding_option(job->encoding));
    add(out, "target", job->target);
    add(out, "scope", job->complete ? "complete" : "supplement");
    add(out, "wave", job->wave);
    add(out, "unit", job->unit);
    add(out, "by", job->by);
    add(out, "reason", job->reason);
    text_buffer_add_format(out, ",\"received_us\":%lld,\"preview\":%s}",
                           (long long)job->received_us, job->preview ? "true" : "false");
}

static bool take(const struct json *root, const char *name, char *out, size_t size)
{
    const char *text = json_get_string(root, name);
    if (text == NULL || strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

bool files_job_decode(const char *text, size_t length, struct files_job *job, struct error *err)
{
    struct json *root = json_parse(text, length, err);
    if (root == NULL)
        return false;
    char command[16], kind[16], scope[16], encoding[16] = "auto";
    bool ok = take(root, "command", command, sizeof(command)) &&
              take(root, "file", job->file, sizeof(job->file)) &&
              take(root, "path", job->path, sizeof(job->path)) &&
              take(root, "kind", kind, sizeof(kind)) && take(root, "scope", scope, sizeof(scope)) &&
              take(root, "wave", job->wave, sizeof(job->wave)) &&
              take(root, "unit", job->unit, sizeof(job->unit)) &&
              take_command(command, &job->command) && files_kind_parse(kind, &job->kind);
    if (ok) {
        /* Not in records of imports that an earlier version kept. */
        (void)take(root, "target", job->target, sizeof(job->target));
        (void)take(root, "by", job->by, sizeof(job->by));
        (void)take(root, "reason", job->reason, sizeof(job->reason));
        if (!take(root, "encoding", encoding, sizeof(encoding)) ||
            !text_encoding_parse(encoding, &job->encoding))
            job->encoding = ENCODING_AUTO;
        if (!json_integer(json_get(root, "received_us"), &job->received_us))
            job->received_us = 0;
        job->complete = strcmp(scope, "complete") == 0;
        job->preview = json_boolean(json_get(root, "preview"), false);
    }
    json_free(root);
    return ok || error_tell(err, ERROR_DATA, false, "yêu cầu không đầy đủ: gửi lại lệnh",
                            "the order is not complete: give the command again");
}

void files_new_id(char out[64])
{
    int64_t now = clock_now_us();
    time_t seconds = (time_t)(now / 1000000);
    struct tm utc;
    char stamp[24] = "";
    if (gmtime_r(&seconds, &utc) != NULL)
        (void)strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", &utc);
    (void)snprintf(out, 64, "%s%06d-%04x", stamp, (int)(now % 1000000),
                   (unsigned)(random_u64() & 0xFFFF));
}

int64_t files_id_time(const char *id)
{
    char text[CLOCK_TEXT_SIZE];
    int64_t us;
    if (strlen(id) < 15)
        return 0;
    (void)snprintf(text, sizeof(text), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", id, id + 4, id + 6, id + 9,
                   id + 11, id + 13);
    return clock_parse(text, &us) ? us : 0;
}

#define NAME_BYTES 250

/* The ending stays: it says what kind of file it is. */
static void shorten(const char *name, char out[NAME_BYTES + 1])
{
    const char *dot = strrchr(name, '.'), *ending = dot != NULL && strlen(dot) <= 6 ? dot : "";
    size_t keep = NAME_BYTES - strlen(ending);
    while (keep > 0 && ((unsigned char)name[keep] & 0xC0U) == 0x80U)
        keep--;
    (void)snprintf(out, NAME_BYTES + 1, "%.*s%s", (int)keep, name, ending);
}

void files_base_name(const char *path, char out[256])
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char shorter[NAME_BYTES + 1];
    if (strlen(name) > NAME_BYTES) {
        shorten(name, shorter);
        name = shorter;
    }
    if (text_clean(name, out, NAME_BYTES + 1) && out[0] != '\0')
        return;
    /* No UTF-8: printable ASCII only. */
    size_t length = 0;
    for (; *name != '\0' && length < NAME_BYTES; name++)
        out[length++] = *name > ' ' && *name < 0x7F ? *name : '_';
    out[length] = '\0';
}

bool files_make_folder(const char *path, struct error *err)
{
    char part[4096];
    if (strlen(path) >= sizeof(part))
        return error_tell(err, ERROR_CONFIG, false, "%.100s...: đường dẫn quá dài",
                          "%.100s...: the path is too long", path);
    memcpy(part, path, strlen(path) + 1);
    for (char *slash = part + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return error_tell(err, ERROR_CONFIG, true, "không tạo được %s: " REASON_VI,
                              "cannot make %s: " REASON_EN, part, ERROR_REASON(errno));
        *slash = '/';
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_tell(err, ERROR_CONFIG, true, "không tạo được %s: " REASON_VI,
                          "cannot make %s: " REASON_EN, path, ERROR_REASON(errno));
    return true;
}

static bool copy_bytes(int from, int to)
{
    char chunk[65536];
    for (;;) {
        ssize_t got = read(from, chunk, sizeof(chunk));
        if (got == 0)
            return fsync(to) == 0;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, chunk + done, (size_t)(got - done));
            if (put < 0 && errno != EINTR)
                return false;
            done += put > 0 ? put : 0;
        }
    }
}

/* Room and handles come back; a file that is not there or not ours does not. */
static bool passes_by_itself(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE ||
           error == ENOMEM;
}

static void copy_failed(const char *path, int error, struct error *err)
{
    bool refused = error == EACCES, passes = passes_by_itself(error);
    (void)error_tell(err, ERROR_SOURCE, passes,
                     refused ? "không chép được %s: " REASON_VI
                               "; hãy cho người dùng chạy mooc-ingest được đọc tệp này"
                             : "không chép được %s: " REASON_VI,
                     refused ? "cannot copy %s: " REASON_EN
                               "; let the user that runs mooc-ingest read it"
                             : "cannot copy %s: " REASON_EN,
                     path, ERROR_REASON(error));
}

bool files_copy(const char *from, const char *to, struct error *err)
{
    int source = open(from, O_RDONLY | O_CLOEXEC), target = -1;
    if (source >= 0)
        target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = source >= 0 && target >= 0 && copy_bytes(source, target);
    if (!ok)
        copy_failed(source < 0 ? from : to, errno, err);
    if (source >= 0)
        (void)close(source);
    if (target >= 0)
        (void)close(target);
    return ok;
}

void files_remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char file[4096];
        int length = snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        if (length > 0 && (size_t)length < sizeof(file) && strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0)
            (void)unlink(file);
    }
    (void)closedir(folder);
    (void)rmdir(path);
}

void files_prune_folders(const char *path, int64_t older_than_ms)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char below[3900];
        struct stat status;
        int length = snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
        if (length > 0 && (size_t)length < sizeof(below) && entry->d_name[0] != '.' &&
            lstat(below, &status) == 0 && S_ISDIR(status.st_mode) &&
            clock_now_us() / 1000 - (int64_t)status.st_mtime * 1000 > older_than_ms)
            files_remove_folder(below);
    }
    (void)closedir(folder);
}
