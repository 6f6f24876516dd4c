#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "crypto.h"
#include "stop.h"
#include "file.h"

#define MAX_JOB ((size_t)64 << 20)
#define LOOK_MS 100

static void path_of(const char *data_dir, const char *queue, const char *id, const char *ending,
                    char *out, size_t size)
{
    snprintf(out, size, "%s/spool/%s/%s.%s", data_dir, queue, id, ending);
}

static bool make_folder(const char *data_dir, const char *queue, struct error *err)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/spool", data_dir);
    bool fine = mkdir(path, 0700) == 0 || errno == EEXIST;
    snprintf(path, sizeof(path), "%s/spool/%s", data_dir, queue);
    fine = fine && (mkdir(path, 0700) == 0 || errno == EEXIST);
    return fine || error_tell(err, ERROR_CONFIG, false, "%s: " REASON_VI, "%s: " REASON_EN, path,
                              ERROR_REASON(errno));
}

bool spool_submit_marked(const char *data_dir, const char *queue, const char *mark,
                         const void *bytes, size_t length, char id[SPOOL_ID_SIZE], struct error *err)
{
    char path[4096];
    int64_t now = clock_now_us();
    time_t seconds = (time_t)(now / 1000000);
    struct tm utc;
    char stamp[24];
    if (!gmtime_r(&seconds, &utc) || !strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%S", &utc))
        return error_set(err, ERROR_INTERNAL, false, "the clock cannot be read");
    snprintf(id, SPOOL_ID_SIZE, "%s%06d-%s", stamp, (int)(now % 1000000), mark);
    path_of(data_dir, queue, id, "job", path, sizeof(path));
    file_as_owner_of(path);
    bool fine = make_folder(data_dir, queue, err) && file_write_lasting(path, bytes, length, err);
    file_as_ourselves();
    return fine;
}

bool spool_submit(const char *data_dir, const char *queue, const void *bytes, size_t length,
                  char id[SPOOL_ID_SIZE], struct error *err)
{
    char mark[8];
    snprintf(mark, sizeof(mark), "%04x", (unsigned)(random_u64() & 0xFFFF));
    return spool_submit_marked(data_dir, queue, mark, bytes, length, id, err);
}

char *spool_answer(const char *data_dir, const char *queue, const char *id, int64_t timeout_ms,
                   struct error *err)
{
    char path[4096], job[4096];
    size_t length;
    int64_t until = clock_monotonic_ms() + timeout_ms;
    path_of(data_dir, queue, id, "result", path, sizeof(path));
    path_of(data_dir, queue, id, "job", job, sizeof(job));
    while (access(path, R_OK) != 0) {
        if (access(job, F_OK) != 0 && access(path, F_OK) != 0) {
            error_tell(err, ERROR_STATE, false,
                       "việc %s đã làm xong; kết quả đã được báo cho lệnh khác",
                       "job %s is done; what came of it was told to another command", id);
            return NULL;
        }
        if (clock_monotonic_ms() >= until) {
            error_tell(
                err, ERROR_UNREACHABLE, true,
                "việc %s chưa làm xong: ở đây không có mooc-ingest nào chạy, hoặc nó đang bận (xem "
                "`mooc-ingest status`); việc vẫn nằm trong %s/spool/%s và đến lượt thì được làm",
                "job %s is not done yet: no mooc-ingest runs here, or it is busy (`mooc-ingest "
                "status` tells); the job stays in %s/spool/%s and is done in its turn",
                id, data_dir, queue);
            return NULL;
        }
        if (!stop_sleep_ms(LOOK_MS)) {
            error_tell(err, ERROR_STOPPED, false, "đã dừng; việc %s vẫn được giữ lại",
                       "stopped; job %s stays in the spool", id);
            return NULL;
        }
    }
    return file_read_whole(path, MAX_JOB, &length, err);
}

void spool_forget(const char *data_dir, const char *queue, const char *id)
{
    char path[4096];
    path_of(data_dir, queue, id, "result", path, sizeof(path));
    unlink(path);
}

char *spool_wait(const char *data_dir, const char *queue, const char *id, int64_t timeout_ms,
                 struct error *err)
{
    char *result = spool_answer(data_dir, queue, id, timeout_ms, err);
    if (result)
        spool_forget(data_dir, queue, id);
    return result;
}

/* "<id><ending>" → id */
static bool has_ending(const char *name, const char *ending, char id[SPOOL_ID_SIZE])
{
    size_t length = strlen(name), end = strlen(ending);
    if (length <= end || strcmp(name + length - end, ending) != 0 || length - end >= SPOOL_ID_SIZE)
        return false;
    memcpy(id, name, length - end);
    id[length - end] = '\0';
    return true;
}

bool spool_find_marked(const char *data_dir, const char *queue, const char *mark,
                       char id[SPOOL_ID_SIZE], bool *answered)
{
    char path[4096], name[SPOOL_ID_SIZE];
    snprintf(path, sizeof(path), "%s/spool/%s", data_dir, queue);
    id[0] = '\0';
    *answered = false;
    DIR *dir = opendir(path);
    if (!dir)
        return false;
    for (struct dirent *entry; (entry = readdir(dir));) {
        bool result = has_ending(entry->d_name, ".result", name);
        const char *dash =
            result || has_ending(entry->d_name, ".job", name) ? strchr(name, '-') : NULL;
        if (!dash || strcmp(dash + 1, mark) != 0 || strcmp(name, id) < 0)
            continue;
        *answered = result || (*answered && strcmp(name, id) == 0);
        memcpy(id, name, SPOOL_ID_SIZE);
    }
    closedir(dir);
    return id[0] != '\0';
}

char *spool_job(const char *data_dir, const char *queue, const char *id, size_t *length,
                struct error *err)
{
    char path[4096];
    path_of(data_dir, queue, id, "job", path, sizeof(path));
    return file_read_whole(path, MAX_JOB, length, err);
}

/* The first of this ending whose id sorts after `after`. */
static bool find_next(const char *data_dir, const char *queue, const char *ending,
                      const char *after, char id[SPOOL_ID_SIZE])
{
    char path[4096], dotted[16], name[SPOOL_ID_SIZE];
    id[0] = '\0';
    snprintf(dotted, sizeof(dotted), ".%s", ending);
    snprintf(path, sizeof(path), "%s/spool/%s", data_dir, queue);
    DIR *dir = opendir(path);
    if (!dir)
        return false; /* nobody has submitted anything yet */
    for (struct dirent *entry; (entry = readdir(dir));)
        if (has_ending(entry->d_name, dotted, name) && strcmp(name, after) > 0 &&
            (!id[0] || strcmp(name, id) < 0))
            memcpy(id, name, SPOOL_ID_SIZE);
    closedir(dir);
    return id[0] != '\0';
}

/* Who finished it was killed before the job was gone: now it is, for without its result it would be done again. */
static bool was_finished(const char *data_dir, const char *queue, const char *id)
{
    char path[4096];
    path_of(data_dir, queue, id, "result", path, sizeof(path));
    if (access(path, F_OK) != 0)
        return false;
    path_of(data_dir, queue, id, "job", path, sizeof(path));
    (void)unlink(path);
    return true;
}

char *spool_next(const char *data_dir, const char *queue, const char *after, char id[SPOOL_ID_SIZE],
                 size_t *length, struct error *err)
{
    char from[SPOOL_ID_SIZE], found[SPOOL_ID_SIZE];
    error_clear(err);
    snprintf(from, sizeof(from), "%s", after);
    while (find_next(data_dir, queue, "job", from, found)) {
        if (!was_finished(data_dir, queue, found)) {
            memcpy(id, found, sizeof(found));
            return spool_job(data_dir, queue, id, length, err);
        }
        memcpy(from, found, sizeof(found));
    }
    return NULL;
}

char *spool_next_result(const char *data_dir, const char *queue, const char *after,
                        char id[SPOOL_ID_SIZE], size_t *length, struct error *err)
{
    char path[4096], found[SPOOL_ID_SIZE];
    error_clear(err);
    if (!find_next(data_dir, queue, "result", after, found))
        return NULL;
    memcpy(id, found, sizeof(found));
    path_of(data_dir, queue, id, "result", path, sizeof(path));
    return file_read_whole(path, MAX_JOB, length, err);
}

bool spool_finish(const char *data_dir, const char *queue, const char *id, const char *result,
                  struct error *err)
{
    char path[4096];
    path_of(data_dir, queue, id, "result", path, sizeof(path));
    if (!file_write_lasting(path, result, strlen(result), err))
        return false;
    path_of(data_dir, queue, id, "job", path, sizeof(path));
    return unlink(path) == 0 || errno == ENOENT ||
           error_tell(err, ERROR_CONFIG, false, "%s: " REASON_VI, "%s: " REASON_EN, path,
                      ERROR_REASON(errno));
}

void spool_clean(const char *data_dir, const char *queue, int64_t older_than_ms)
{
    char folder[2048], path[4096];
    snprintf(folder, sizeof(folder), "%s/spool/%s", data_dir, queue);
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct stat info;
        size_t length = strlen(entry->d_name);
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (length > 7 && strcmp(entry->d_name + length - 7, ".result") == 0 &&
            stat(path, &info) == 0 &&
            clock_now_us() / 1000 - (int64_t)info.st_mtime * 1000 > older_than_ms)
            unlink(path);
    }
    closedir(dir);
}
