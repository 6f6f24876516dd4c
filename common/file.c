#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(struct error *err, const char *path, const char *what)
{
    return error_set(err, ERROR_CONFIG, false, "%s: %s: %s", path, what, strerror(errno));
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

bool file_write_whole(const char *path, const void *bytes, size_t length, struct error *err)
{
    char beside[4096];
    if (snprintf(beside, sizeof(beside), "%s.%ld.tmp", path, (long)getpid()) >= (int)sizeof(beside))
        return error_set(err, ERROR_CONFIG, false, "%s: the name is too long", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(err, beside, "cannot be written");
    bool fine = write_all(fd, bytes, length);
    if (close(fd) != 0)
        fine = false;
    if (fine && rename(beside, path) == 0)
        return true;
    failed(err, path, "cannot be written");
    unlink(beside);
    return false;
}

bool file_sync(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool fine = fd >= 0 && fsync(fd) == 0;
    if (!fine)
        failed(err, path, "cannot be brought to the disk");
    if (fd >= 0)
        close(fd);
    return fine;
}

char *file_read_whole(const char *path, size_t max, size_t *length, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        failed(err, path, "cannot be read");
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    size_t size = (size_t)info.st_size, got = 0;
    char *text = size <= max ? malloc(size + 1) : NULL;
    if (!text) {
        error_set(err, ERROR_CONFIG, false, "%s: larger than %zu bytes", path, max);
        close(fd);
        return NULL;
    }
    for (ssize_t n; got < size; got += (size_t)n) {
        n = read(fd, text + got, size - got);
        if (n < 0 && errno == EINTR)
            n = 0;
        else if (n <= 0)
            break;
    }
    close(fd);
    text[got] = '\0';
    *length = got;
    return text;
}
