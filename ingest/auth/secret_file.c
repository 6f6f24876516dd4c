#include "secret_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../../common/allocate.h"
#include "../../common/log.h"
#include "../../common/options.h"

#define LOOK_EVERY_MS 1000
#define SETTLED_S 2 /* a file that is older does not change unseen: time stamps are coarse */

struct stamp {
    struct timespec modified;
    dev_t device;
    ino_t inode;
    off_t size;
};

struct secret_file {
    char *path, *text;
    size_t length;
    struct stamp stamp;
    bool settled;
    int64_t looked_ms;
    struct error error;
};

/* False when there is no file; then it is as if it had changed. */
static bool stamp_of(const char *path, struct stamp *out)
{
    struct stat status;
    memset(out, 0, sizeof *out);
    if (stat(path, &status) != 0)
        return false;
    out->modified = status.st_mtim;
    out->device = status.st_dev;
    out->inode = status.st_ino;
    out->size = status.st_size;
    return true;
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec &&
           a->device == b->device && a->inode == b->inode && a->size == b->size;
}

/* The stamp is taken before the content: what changes in between is seen the next time. */
static char *read_now(struct secret_file *file, size_t *length, struct error *err)
{
    bool there = stamp_of(file->path, &file->stamp);
    file->settled = there && file->stamp.modified.tv_sec + SETTLED_S < time(NULL);
    char *text = secret_read_file(file->path, length, err);
    if (text && strlen(text) != *length) {
        secret_free(text, *length);
        text = NULL;
        error_set(err, ERROR_CONFIG, false, "the secret file %s holds a NUL byte", file->path);
    }
    file->settled = file->settled && text;
    return text;
}

struct secret_file *secret_file_new(const char *path, struct error *err)
{
    struct secret_file *file = must_have(calloc(1, sizeof *file));
    file->path = must_have(strdup(path));
    file->text = read_now(file, &file->length, err);
    if (file->text)
        return file;
    secret_file_free(file);
    return NULL;
}

void secret_file_free(struct secret_file *file)
{
    if (!file)
        return;
    secret_free(file->text, file->length);
    free(file->path);
    free(file);
}

static void cannot_be_used(struct secret_file *file, const struct error *err)
{
    if (file->error.kind == ERROR_NONE)
        LOG_WARN_EVENT("a changed secret cannot be read; the one before stays in use",
                       LOG_TEXT("file", file->path), LOG_TEXT("error", err->message));
    file->error = *err;
}

bool secret_file_changed(struct secret_file *file, int64_t now_ms, bool at_once)
{
    struct stamp stamp;
    struct error err = {.kind = ERROR_NONE};
    size_t length;
    if (!at_once && now_ms - file->looked_ms < LOOK_EVERY_MS)
        return false;
    file->looked_ms = now_ms;
    if (file->settled && stamp_of(file->path, &stamp) && same_stamp(&stamp, &file->stamp))
        return false;
    char *text = read_now(file, &length, &err);
    if (!text) {
        cannot_be_used(file, &err);
        return false;
    }
    file->error.kind = ERROR_NONE;
    if (length == file->length && memcmp(text, file->text, length) == 0) {
        secret_free(text, length);
        return false;
    }
    secret_free(file->text, file->length);
    file->text = text;
    file->length = length;
    return true;
}

const char *secret_file_text(const struct secret_file *file)
{
    return file->text;
}

const struct error *secret_file_error(const struct secret_file *file)
{
    return &file->error;
}
