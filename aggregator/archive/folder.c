#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/text_buffer.h"

#define MANIFEST "manifest.json"
#define MANIFEST_BESIDE "manifest.json.part"
#define MANIFEST_MAX ((off_t)256 << 20)

static bool failed(struct error *err, const char *vi, const char *en, const char *path)
{
    int code = errno;
    return error_tell(err, ERROR_STATE, code == ENOSPC || code == EDQUOT, "%s%.0s %s: " REASON_VI,
                      "%.0s%s %s: " REASON_EN, vi, en, path, ERROR_REASON(code));
}

bool archive_path(char out[ARCHIVE_PATH], const char *dir, const char *name, struct error *err)
{
    int length = snprintf(out, ARCHIVE_PATH, "%s/%s", dir, name);
    return (length > 0 && length < ARCHIVE_PATH) ||
           error_tell(err, ERROR_CONFIG, false, "tên thư mục quá dài",
                      "the folder's name is too long");
}

bool archive_folder_lock(struct archive_folder *folder, const char *dir, struct error *err)
{
    *folder = (struct archive_folder){dir, -1};
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return failed(err, "không tạo được thư mục", "making folder", dir);
    int file = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return failed(err, "không mở được thư mục", "opening folder", dir);
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        close(file);
        return error_tell(err, ERROR_STATE, true, "đang có một lần xuất khác làm việc trong %s",
                          "another export is at work in %s", dir);
    }
    folder->lock = file;
    return true;
}

void archive_folder_unlock(struct archive_folder *folder)
{
    if (folder->lock >= 0)
        close(folder->lock);
    folder->lock = -1;
}

/* Manifest --------------------------------------------------------------------------------------------------------------- */

static bool read_text(int file, const char *path, struct text_buffer *text, struct error *err)
{
    struct stat about;
    if (fstat(file, &about) != 0)
        return failed(err, "không đọc được", "reading", path);
    if (!S_ISREG(about.st_mode) || about.st_size > MANIFEST_MAX)
        return error_tell(err, ERROR_DATA, false, "%s không phải là bản kê", "%s is no manifest",
                          path);
    text_buffer_reserve(text, (size_t)about.st_size + 1);
    for (;;) {
        char piece[65536];
        ssize_t got = read(file, piece, sizeof(piece));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(err, "không đọc được", "reading", path);
        if (got == 0)
            return true;
        if (text->length + (size_t)got > (size_t)MANIFEST_MAX)
            return error_tell(err, ERROR_DATA, false, "%s không phải là bản kê",
                              "%s is no manifest", path);
        text_buffer_add(text, piece, (size_t)got);
    }
}

bool archive_folder_read(const char *dir, struct archive_manifest *manifest, bool *found,
                         struct error *err)
{
    char path[ARCHIVE_PATH];
    struct text_buffer text = {0};
    *found = false;
    *manifest = (struct archive_manifest){0};
    if (!archive_path(path, dir, MANIFEST, err))
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return true;
    if (file < 0)
        return failed(err, "không đọc được", "reading", path);
    bool ok = read_text(file, path, &text, err);
    close(file);
    *found = true;
    if (ok && !archive_manifest_read(text.data, text.length, manifest, err))
        ok = error_context(err, "%s", dir);
    text_buffer_free(&text);
    return ok;
}

static bool write_text(int file, const struct text_buffer *text)
{
    for (size_t at = 0; at < text->length;) {
        ssize_t written = write(file, text->data + at, text->length - at);
        if (written < 0 && errno != EINTR)
            return false;
        at += written > 0 ? (size_t)written : 0;
    }
    return fsync(file) == 0;
}

bool archive_folder_write(const struct archive_folder *folder,
                          const struct archive_manifest *manifest, struct error *err)
{
    char path[ARCHIVE_PATH], beside[ARCHIVE_PATH];
    struct text_buffer text = {0};
    if (!archive_path(path, folder->dir, MANIFEST, err) ||
        !archive_path(beside, folder->dir, MANIFEST_BESIDE, err))
        return false;
    archive_manifest_write(manifest, &text);
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = file >= 0 && write_text(file, &text);
    int code = errno;
    ok = (file < 0 || close(file) == 0) && ok;
    errno = ok ? errno : code;
    /* What the manifest names must be in the folder for good before the manifest is. */
    ok = ok && fsync(folder->lock) == 0 && rename(beside, path) == 0 && fsync(folder->lock) == 0;
    if (!ok) {
        failed(err, "không ghi được", "writing", path);
        unlink(beside);
    }
    text_buffer_free(&text);
    return ok;
}

/* Files ------------------------------------------------------------------------------------------------------------------ */

static bool named(const struct archive_manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->month_count; i++)
        for (size_t p = 0; p < manifest->months[i].part_count; p++)
            if (strcmp(manifest->months[i].parts[p].file, name) == 0)
                return true;
    return false;
}

static bool ends_in(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    return length > tail && strcmp(name + length - tail, suffix) == 0;
}

static bool of_export(const char *name)
{
    return strncmp(name, "events-", 7) == 0 &&
           (ends_in(name, ".jsonl.gz") || ends_in(name, ".jsonl.gz.part"));
}

bool archive_folder_has(const struct archive_folder *folder, const char *month)
{
    char prefix[32];
    bool found = false;
    DIR *listing = opendir(folder->dir);
    int length = snprintf(prefix, sizeof(prefix), "events-%s-p", month);
    for (struct dirent *entry; listing && !found && (entry = readdir(listing)) != NULL;)
        found = strncmp(entry->d_name, prefix, (size_t)length) == 0 &&
                ends_in(entry->d_name, ".jsonl.gz");
    if (listing)
        closedir(listing);
    return found;
}

void archive_folder_sweep(const struct archive_folder *folder, const struct archive_manifest *manifest)
{
    char path[ARCHIVE_PATH];
    DIR *listing = opendir(folder->dir);
    if (!listing)
        return;
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if ((of_export(entry->d_name) && !named(manifest, entry->d_name)) ||
            strcmp(entry->d_name, MANIFEST_BESIDE) == 0)
            if (archive_path(path, folder->dir, entry->d_name, NULL))
                unlink(path);
    closedir(listing);
}

static bool part_path(char out[ARCHIVE_PATH], const struct archive_folder *folder,
                      const char *month, int32_t partition, struct error *err)
{
    char name[ARCHIVE_FILE];
    snprintf(name, sizeof(name), "events-%s-p%04d.jsonl.gz.part", month, partition);
    return archive_path(out, folder->dir, name, err);
}

struct gzip_writer *archive_folder_create(const struct archive_folder *folder, const char *month,
                                          int32_t partition, struct error *err)
{
    char path[ARCHIVE_PATH];
    return part_path(path, folder, month, partition, err) ? gzip_create(path, err) : NULL;
}

bool archive_folder_keep(const struct archive_folder *folder, const char *month,
                         struct gzip_writer *writer, struct archive_part *part, struct error *err)
{
    char from[ARCHIVE_PATH], to[ARCHIVE_PATH];
    struct gzip_sum sum;
    if (!gzip_finish(writer, &sum, err))
        return false;
    part->bytes = sum.bytes;
    memcpy(part->sha256, sum.sha256, sizeof(part->sha256));
    snprintf(part->file, sizeof(part->file), "events-%s-p%04d-%.8s.jsonl.gz", month,
             part->partition, sum.sha256);
    if (!part_path(from, folder, month, part->partition, err) ||
        !archive_path(to, folder->dir, part->file, err))
        return false;
    return rename(from, to) == 0 || failed(err, "không đặt được tên", "naming", to);
}
