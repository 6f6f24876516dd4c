#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(struct error *err, const char *path, const char *vi, const char *what)
{
    int reason = errno;
    bool disk = reason == ENOSPC || reason == EDQUOT || reason == EIO; /* nothing that was set wrong */
    error_set(err, disk ? ERROR_INTERNAL : ERROR_CONFIG, false, "%s: %s: %s", path, what,
              strerror(reason));
    return error_vi(err, "%s: %s: %s", path, vi, error_reason_vi(reason));
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool sync_fd(int fd)
{
    int result;
    do
        result = fsync(fd);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

static bool write_beside(const char *path, const char *beside, const void *bytes, size_t length,
                         bool lasting, struct error *err)
{
    (void)unlink(beside); /* of a process of the same number that was killed */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(err, beside, "không ghi được", "cannot be written");
    bool fine = write_all(fd, bytes, length) && (!lasting || sync_fd(fd));
    if (close(fd) != 0)
        fine = false;
    if (fine && rename(beside, path) == 0)
        return true;
    failed(err, path, "không ghi được", "cannot be written");
    unlink(beside);
    return false;
}

static bool write_whole(const char *path, const void *bytes, size_t length, bool lasting,
                        struct error *err)
{
    char beside[4096];
    if (snprintf(beside, sizeof(beside), "%s.%ld.tmp", path, (long)getpid()) >= (int)sizeof(beside))
        return error_tell(err, ERROR_CONFIG, false, "%s: tên quá dài", "%s: the name is too long",
                          path);
    return write_beside(path, beside, bytes, length, lasting, err);
}

bool file_write_whole(const char *path, const void *bytes, size_t length, struct error *err)
{
    return write_whole(path, bytes, length, false, err);
}

/* The folder that path is to stand in; false when its name is too long. */
static bool folder_above(const char *path, char above[4096])
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length >= 4096)
        return false;
    snprintf(above, 4096, "%.*s", length ? (int)length : 1, length ? path : ".");
    return true;
}

bool file_write_lasting(const char *path, const void *bytes, size_t length, struct error *err)
{
    char above[4096];
    return write_whole(path, bytes, length, true, err) && folder_above(path, above) &&
           file_sync(above, err);
}

static bool takes_files(const char *path, const char *folder, struct error *err)
{
    return access(folder, W_OK | X_OK) == 0 ||
           error_tell(err, ERROR_USAGE, false, "%s: không ghi được gì vào %s: " REASON_VI,
                      "%s: nothing can be written in %s: " REASON_EN, path, folder,
                      ERROR_REASON(errno));
}

static bool check_above(const char *path, struct error *err)
{
    char above[4096];
    struct stat info;
    if (!folder_above(path, above))
        return error_tell(err, ERROR_USAGE, false, "%.100s…: tên quá dài",
                          "%.100s…: the name is too long", path);
    if (stat(above, &info) != 0 || !S_ISDIR(info.st_mode))
        return error_tell(err, ERROR_USAGE, false, "%s: không có thư mục %s: hãy tạo trước",
                          "%s: there is no folder %s: make it first", path, above);
    return takes_files(path, above, err);
}

bool file_check_out(const char *path, struct error *err)
{
    struct stat info;
    if (!path)
        return true;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return error_tell(err, ERROR_USAGE, false, "%s là thư mục: hãy nêu tên tệp trong đó",
                          "%s is a folder: name the file in it", path);
    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return error_tell(err, ERROR_USAGE, false,
                          "%s không phải là tệp thường mà sẽ bị thay bằng tệp thường: hãy nêu "
                          "tên khác",
                          "%s is no plain file, and would be replaced by one: name another", path);
    return check_above(path, err);
}

bool file_check_folder_out(const char *path, struct error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return check_above(path, err);
    if (!S_ISDIR(info.st_mode))
        return error_tell(err, ERROR_USAGE, false, "%s là tệp: hãy nêu thư mục",
                          "%s is a file: name a folder", path);
    return takes_files(path, path, err);
}

bool file_sync(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fine = fd >= 0 && sync_fd(fd);
    if (!fine)
        failed(err, path, "không ghi được xuống đĩa", "cannot be brought to the disk");
    if (fd >= 0)
        close(fd);
    return fine;
}

/* Up to size bytes; fewer where the file has become shorter. */
static bool read_up_to(int fd, char *text, size_t size, size_t *got)
{
    ssize_t n = 1;
    for (*got = 0; *got < size && n != 0; *got += n > 0 ? (size_t)n : 0) {
        n = read(fd, text + *got, size - *got);
        if (n < 0 && errno != EINTR)
            return false;
    }
    return true;
}

static char *read_regular(int fd, const char *path, size_t size, size_t max, size_t *length,
                          struct error *err)
{
    char *text = size <= max ? malloc(size + 1) : NULL;
    if (!text) {
        error_tell(err, ERROR_CONFIG, false, "%s: lớn hơn %zu byte", "%s: larger than %zu bytes",
                   path, max);
        return NULL;
    }
    if (!read_up_to(fd, text, size, length)) {
        failed(err, path, "không đọc được", "cannot be read");
        free(text);
        return NULL;
    }
    text[*length] = '\0';
    return text;
}

char *file_read_whole(const char *path, size_t max, size_t *length, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    char *text = NULL;
    if (fd < 0 || fstat(fd, &info) != 0)
        failed(err, path, "không đọc được", "cannot be read");
    else if (!S_ISREG(info.st_mode))
        error_tell(err, ERROR_CONFIG, false, "%s không phải là tệp thường", "%s is no plain file",
                   path);
    else
        text = read_regular(fd, path, (size_t)info.st_size, max, length, err);
    if (fd >= 0)
        close(fd);
    return text;
}

void file_name_of(const char *code, char out[FILE_NAME_SIZE])
{
    size_t length = 0;
    for (const char *c = code; *c != '\0' && length + 1 < FILE_NAME_SIZE; c++) {
        bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= '0' && *c <= '9') || *c == '-';
        out[length++] = plain ? *c : '_';
    }
    out[length] = '\0';
}

void file_as_owner_of(const char *path)
{
    char at[4096], above[4096];
    struct stat info;
    if (geteuid() != 0 || strlen(path) >= sizeof(at))
        return;
    memcpy(at, path, strlen(path) + 1);
    while (stat(at, &info) != 0) {
        if (!folder_above(at, above) || strcmp(at, above) == 0)
            return;
        memcpy(at, above, sizeof(at));
    }
    (void)setfsgid(info.st_gid); /* the user last: who is not root may not change the group */
    (void)setfsuid(info.st_uid);
}

void file_as_ourselves(void)
{
    if (geteuid() != 0)
        return;
    (void)setfsuid(geteuid());
    (void)setfsgid(getegid());
}
