#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../file.h"
#include "files_job.h"

struct sighting {
    char name[256];
    int64_t size, time_ns;
    bool stuck; /* could not be moved */
};

struct folder {
    char path[3600];
    struct sighting *seen;
    size_t count;
};

struct folder *folder_open(const char *path, struct error *err)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    char below[3700];
    if (folder == NULL)
        abort();
    (void)snprintf(folder->path, sizeof(folder->path), "%.3500s", path);
    bool ok =
        strlen(path) < 3500 || error_set(err, ERROR_CONFIG, false, "inbox: the path is too long");
    for (int i = 0; ok && i < 2; i++) {
        (void)snprintf(below, sizeof(below), "%s/%s", folder->path, i == 0 ? "done" : "failed");
        ok = files_make_folder(below, err);
    }
    if (ok)
        return folder;
    free(folder);
    return NULL;
}

void folder_close(struct folder *folder)
{
    if (folder == NULL)
        return;
    free(folder->seen);
    free(folder);
}

const char *folder_path(const struct folder *folder)
{
    return folder->path;
}

/* Files that Excel and copying programs keep beside the real ones. */
static bool is_passing(const char *name)
{
    size_t length = strlen(name);
    return name[0] == '.' || strncmp(name, "~$", 2) == 0 || name[length - 1] == '~' ||
           (length > 4 && strcmp(name + length - 4, ".tmp") == 0) ||
           (length > 5 && strcmp(name + length - 5, ".part") == 0);
}

static const struct sighting *before(const struct folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->count; i++) {
        if (strcmp(folder->seen[i].name, name) == 0)
            return &folder->seen[i];
    }
    return NULL;
}

bool folder_next(struct folder *folder, char path[4096])
{
    DIR *dir = opendir(folder->path);
    if (dir == NULL)
        return false;
    struct sighting *now = NULL;
    size_t count = 0;
    int64_t oldest = INT64_MAX;
    bool found = false;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char full[4096];
        struct stat status;
        (void)snprintf(full, sizeof(full), "%s/%s", folder->path, entry->d_name);
        if (is_passing(entry->d_name) || lstat(full, &status) != 0 || !S_ISREG(status.st_mode))
            continue;
        now = realloc(now, (count + 1) * sizeof(*now));
        if (now == NULL)
            abort();
        struct sighting *s = &now[count++];
        memset(s, 0, sizeof(*s));
        (void)snprintf(s->name, sizeof(s->name), "%s", entry->d_name);
        s->size = status.st_size;
        s->time_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
        const struct sighting *old = before(folder, s->name);
        bool same = old != NULL && old->size == s->size && old->time_ns == s->time_ns;
        s->stuck = same && old->stuck;
        if (same && !s->stuck && s->time_ns < oldest) {
            oldest = s->time_ns;
            memcpy(path, full, sizeof(full));
            found = true;
        }
    }
    (void)closedir(dir);
    free(folder->seen);
    folder->seen = now;
    folder->count = count;
    return found;
}

static void mark_stuck(struct folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->count; i++)
        folder->seen[i].stuck = folder->seen[i].stuck || strcmp(folder->seen[i].name, name) == 0;
}

bool folder_finish(struct folder *folder, const char *path, bool done, const char *text,
                   struct error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char target[4096], beside[4096];
    struct stat status;
    (void)snprintf(target, sizeof(target), "%s/%s/%.300s", folder->path, done ? "done" : "failed",
                   name);
    /* A file of that name from before stays: the new one gets the time in front. */
    if (lstat(target, &status) == 0)
        (void)snprintf(target, sizeof(target), "%s/%s/%lld-%.300s", folder->path,
                       done ? "done" : "failed", (long long)clock_now_us(), name);
    if (rename(path, target) != 0) {
        mark_stuck(folder, name);
        return error_set(err, ERROR_CONFIG, false,
                         "the file cannot be moved to %s: %s; move it by hand",
                         done ? "done/" : "failed/", strerror(errno));
    }
    (void)snprintf(beside, sizeof(beside), "%.4080s.txt", target);
    return file_write_whole(beside, text, strlen(text), err);
}

void folder_clean(const struct folder *folder, int64_t older_than_ms)
{
    for (int i = 0; i < 2; i++) {
        char below[3700];
        (void)snprintf(below, sizeof(below), "%s/%s", folder->path, i == 0 ? "done" : "failed");
        DIR *dir = opendir(below);
        if (dir == NULL)
            continue;
        for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
            char path[4096];
            struct stat status;
            (void)snprintf(path, sizeof(path), "%s/%s", below, entry->d_name);
            /* ctime: when it was moved here; mtime is the office's own. */
            if (lstat(path, &status) == 0 && S_ISREG(status.st_mode) &&
                clock_now_us() / 1000 - (int64_t)status.st_ctime * 1000 > older_than_ms)
                (void)unlink(path);
        }
        (void)closedir(dir);
    }
}
