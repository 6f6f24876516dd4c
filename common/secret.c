/* Secrets come from files and leave no trace in memory. */
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

#define SECRET_MAX ((size_t)65536)

/* A plain memset before free may be left out by the compiler. */
static void wipe(char *bytes, size_t length)
{
    volatile char *p = bytes;
    while (length-- > 0)
        *p++ = 0;
}

/* Bytes read into out, SECRET_MAX + 1 at most; -1 with errno. */
static ssize_t read_all(int fd, char *out)
{
    size_t length = 0;
    while (length <= SECRET_MAX) {
        ssize_t got = read(fd, out + length, SECRET_MAX + 1 - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

char *secret_read_file(const char *path, size_t *length, struct error *err)
{
    *length = 0;
    char *secret = malloc(SECRET_MAX + 2);
    if (!secret)
        abort();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read_all(fd, secret);
    int reason = errno;
    struct stat status;
    bool open_to_others = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                          (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    if (fd >= 0)
        close(fd);
    bool ok = false;
    if (got < 0) {
        error_tell(err, ERROR_CONFIG, false, "không đọc được tệp bí mật %s: " REASON_VI,
                   "the secret file %s cannot be read: " REASON_EN, path, ERROR_REASON(reason));
    } else if ((size_t)got > SECRET_MAX) {
        error_tell(err, ERROR_CONFIG, false, "tệp bí mật %s lớn hơn 64 KiB",
                   "the secret file %s is larger than 64 KiB", path);
    } else {
        if (got > 0 && secret[got - 1] == '\n')
            secret[--got] = '\0';
        if (got > 0 && secret[got - 1] == '\r')
            secret[--got] = '\0';
        ok = got > 0 || error_tell(err, ERROR_CONFIG, false, "tệp bí mật %s trống",
                                   "the secret file %s is empty", path);
    }
    if (!ok) {
        secret_free(secret, SECRET_MAX + 1);
        return NULL;
    }
    secret[got] = '\0';
    *length = (size_t)got;
    if (open_to_others)
        LOG_WARN_EVENT("secret file can be read by others: chmod 600", LOG_TEXT("file", path));
    return secret;
}

void secret_free(char *secret, size_t length)
{
    if (!secret)
        return;
    wipe(secret, length);
    free(secret);
}

bool secret_check_file(const char *path, struct error *err)
{
    size_t length;
    char *secret = secret_read_file(path, &length, err);
    secret_free(secret, length);
    return secret != NULL;
}
