#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "files_job.h"

struct sighting {
    char name[256];
    int64_t size, time_ns;
    ino_t file;
    int64_t since_ms; /* monotonic: when it was first seen like this */
    bool stuck;       /* could not be moved */
};

struct folder {
    char path[3600];
    struct sighting *seen;
    size_t count;
    size_t ignored; /* at the last look: folders, links and the like */
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

/* Files that Excel, browsers and copying programs keep beside the real ones or until these are whole. */
static bool is_passing(const char *name)
{
    static const char *const endings[] = {"~",         ".tmp",        ".part",     ".partial",
                                          ".filepart", ".crdownload", ".download", ".swp"};
    size_t length = strlen(name);
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        size_t end = strlen(endings[i]);
        if (length >= end && strcasecmp(name + length - end, endings[i]) == 0)
            return true;
    }
    return name[0] == '.' || strncmp(name, "~$", 2) == 0;
}

static bool is_own_folder(const char *name)
{
    return strcmp(name, "done") == 0 || strcmp(name, "failed") == 0;
}

static void take_sighting(const char *name, const struct stat *status, struct sighting *out)
{
    memset(out, 0, sizeof(*out));
    (void)snprintf(out->name, sizeof(out->name), "%s", name);
    out->size = status->st_size;
    out->time_ns = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
    out->file = status->st_ino;
}

static bool is_same(const struct sighting *a, const struct sighting *b)
{
    return a->size == b->size && a->time_ns == b->time_ns && a->file == b->file;
}

static const struct sighting *before(const struct folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->count; i++) {
        if (strcmp(folder->seen[i].name, name) == 0)
            return &folder->seen[i];
    }
    return NULL;
}

/* A share that is not mounted, a right that was taken away: whatever is put there would wait unseen. */
static bool cannot_look(const struct folder *folder, struct error *err)
{
    return error_tell(err, ERROR_CONFIG, true,
                      "không xem được thư mục nhận danh sách %.500s: " REASON_VI
                      "; danh sách gửi vào đó phải chờ đến khi xem lại được",
                      "the folder of lists %.500s cannot be looked into: " REASON_EN
                      "; lists that are put there wait until it can be",
                      folder->path, ERROR_REASON(errno));
}

bool folder_next(struct folder *folder, int64_t rest_ms, char path[4096], int64_t *saved_us,
                 struct error *err)
{
    error_clear(err);
    DIR *dir = opendir(folder->path);
    if (dir == NULL)
        return cannot_look(folder, err);
    struct sighting *now = NULL;
    size_t count = 0;
    folder->ignored = 0;
    int64_t oldest = INT64_MAX, now_ms = clock_monotonic_ms();
    bool found = false;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char full[4096];
        struct stat status;
        (void)snprintf(full, sizeof(full), "%s/%s", folder->path, entry->d_name);
        if (is_passing(entry->d_name) || is_own_folder(entry->d_name) || lstat(full, &status) != 0)
            continue;
        if (!S_ISREG(status.st_mode)) {
            folder->ignored++;
            continue;
        }
        now = realloc(now, (count + 1) * sizeof(*now));
        if (now == NULL)
            abort();
        struct sighting *s = &now[count++];
        take_sighting(entry->d_name, &status, s);
        const struct sighting *old = before(folder, s->name);
        bool same = old != NULL && is_same(old, s);
        s->stuck = same && old->stuck;
        s->since_ms = same ? old->since_ms : now_ms;
        if (same && !s->stuck && now_ms - s->since_ms >= rest_ms && s->time_ns < oldest) {
            oldest = s->time_ns;
            *saved_us = oldest / 1000;
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

#define NAME_ROOM                                                                                  \
    200 /* of the 255 bytes of a name: for the time in front and ".txt" and a passing ending behind */

/* "<time>-<name>", cut in the middle of the name where it is long; the ending stays. */
static void timed_name(const char *name, char out[300])
{
    size_t length = strlen(name), keep = length;
    const char *dot = strrchr(name, '.'), *ending = dot != NULL && strlen(dot) <= 6 ? dot : "";
    if (length > NAME_ROOM) {
        keep = NAME_ROOM - strlen(ending);
        while (keep > 0 && ((unsigned char)name[keep] & 0xC0U) == 0x80U)
            keep--;
    } else {
        ending = "";
    }
    (void)snprintf(out, 300, "%lld-%.*s%s", (long long)clock_now_us(), (int)keep, name, ending);
}

/* Where the file goes. One of that name from before stays: the new one gets the time in front. */
static void choose_target(const char *below, const char *name, char target[4096])
{
    char timed[300];
    struct stat status;
    (void)snprintf(target, 4096, "%.3700s/%s", below, name);
    if (strlen(name) <= NAME_ROOM && lstat(target, &status) != 0)
        return;
    timed_name(name, timed);
    (void)snprintf(target, 4096, "%.3700s/%s", below, timed);
}

bool folder_finish(struct folder *folder, const char *path, bool done, const char *text,
                   struct error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char below[3700], target[4096], beside[4100];
    struct stat status;
    struct sighting now;
    (void)snprintf(below, sizeof(below), "%s/%s", folder->path, done ? "done" : "failed");
    choose_target(below, name, target);
    const struct sighting *seen = before(folder, name);
    if (seen != NULL && lstat(path, &status) == 0) {
        take_sighting(name, &status, &now);
        if (!is_same(seen, &now))
            return true; /* replaced or written to meanwhile: another file, whose turn comes */
    }
    if (rename(path, target) != 0 &&
        (errno != ENOENT || !files_make_folder(below, err) || rename(path, target) != 0)) {
        mark_stuck(folder, name);
        return error_tell(err, ERROR_CONFIG, false,
                          "không chuyển được tệp vào %s: " REASON_VI "; hãy tự chuyển",
                          "the file cannot be moved to %s: " REASON_EN "; move it by hand",
                          done ? "done/" : "failed/", ERROR_REASON(errno));
    }
    (void)snprintf(beside, sizeof(beside), "%s.txt", target);
    return file_write_whole(beside, text, strlen(text), err);
}

size_t folder_ignored(const struct folder *folder)
{
    return folder->ignored;
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
