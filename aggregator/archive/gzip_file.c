/* With common/package.c the only file that knows zlib. */
#include "gzip_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"

#define CHUNK ((size_t)256 << 10)
#define GZIP_WINDOW (MAX_WBITS + 16) /* zlib's way to ask for gzip */
#define LEVEL 1 /* of an export 6 saves a fifth of the bytes and takes two thirds more time */

struct gzip_writer {
    int file;
    char *path;
    z_stream zlib;
    struct sha256_stream *sum;
    int64_t bytes;
    uint8_t out[CHUNK];
};

struct gzip_reader {
    int file;
    char *path;
    z_stream zlib;
    struct sha256_stream *sum;
    int64_t bytes;
    bool ended;
    struct error failure; /* for the next call */
    char sha256[65];
    uint8_t in[CHUNK];
};

static bool failed(struct error *err, const char *vi, const char *en, const char *path)
{
    int code = errno;
    return error_tell(err, ERROR_STATE, code == ENOSPC || code == EDQUOT, "%s%.0s %s: " REASON_VI,
                      "%.0s%s %s: " REASON_EN, vi, en, path, ERROR_REASON(code));
}

/* Writing ---------------------------------------------------------------------------------------------------------------- */

struct gzip_writer *gzip_create(const char *path, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        failed(err, "không tạo được", "making", path);
        return NULL;
    }
    struct gzip_writer *w = must_have(calloc(1, sizeof(*w)));
    w->file = file;
    w->path = must_have(strdup(path));
    w->sum = sha256_stream_new();
    if (deflateInit2(&w->zlib, LEVEL, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    return w;
}

static bool write_all(struct gzip_writer *w, size_t length, struct error *err)
{
    for (size_t at = 0; at < length;) {
        ssize_t written = write(w->file, w->out + at, length - at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed(err, "không ghi được", "writing", w->path);
        at += (size_t)written;
    }
    sha256_add(w->sum, w->out, length);
    w->bytes += (int64_t)length;
    return true;
}

static bool deflate_all(struct gzip_writer *w, int flush, struct error *err)
{
    int result;
    do {
        w->zlib.next_out = w->out;
        w->zlib.avail_out = CHUNK;
        result = deflate(&w->zlib, flush);
        if (result == Z_STREAM_ERROR)
            abort();
        if (!write_all(w, CHUNK - w->zlib.avail_out, err))
            return false;
    } while (w->zlib.avail_out == 0 || (flush == Z_FINISH && result != Z_STREAM_END));
    return true;
}

bool gzip_write(struct gzip_writer *w, const void *data, size_t length, struct error *err)
{
    w->zlib.next_in = (z_const Bytef *)(uintptr_t)data;
    while (length > 0) {
        size_t piece = length < CHUNK ? length : CHUNK;
        w->zlib.avail_in = (uInt)piece;
        if (!deflate_all(w, Z_NO_FLUSH, err))
            return false;
        length -= piece;
    }
    return true;
}

static void sum_text(struct sha256_stream *stream, char out[65])
{
    uint8_t digest[32];
    sha256_finish(stream, digest);
    hex_encode(digest, sizeof(digest), out);
}

bool gzip_finish(struct gzip_writer *w, struct gzip_sum *sum, struct error *err)
{
    w->zlib.avail_in = 0;
    bool done = deflate_all(w, Z_FINISH, err) &&
                (fsync(w->file) == 0 || failed(err, "không ghi được", "writing", w->path));
    if (done) {
        sum->bytes = w->bytes;
        sum_text(w->sum, sum->sha256);
        done = close(w->file) == 0 || failed(err, "không đóng được", "closing", w->path);
        w->file = -1;
    }
    gzip_abandon(w);
    return done;
}

void gzip_abandon(struct gzip_writer *w)
{
    if (!w)
        return;
    if (w->file >= 0)
        close(w->file);
    deflateEnd(&w->zlib);
    sha256_stream_free(w->sum);
    free(w->path);
    free(w);
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

struct gzip_reader *gzip_open(const char *path, struct error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        failed(err, "không đọc được", "reading", path);
        return NULL;
    }
    struct gzip_reader *r = must_have(calloc(1, sizeof(*r)));
    r->file = file;
    r->path = must_have(strdup(path));
    r->sum = sha256_stream_new();
    if (inflateInit2(&r->zlib, GZIP_WINDOW) != Z_OK)
        abort();
    return r;
}

void gzip_close(struct gzip_reader *r)
{
    if (!r)
        return;
    close(r->file);
    inflateEnd(&r->zlib);
    sha256_stream_free(r->sum);
    free(r->path);
    free(r);
}

static bool fill(struct gzip_reader *r, struct error *err)
{
    ssize_t got;
    do
        got = read(r->file, r->in, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return failed(err, "không đọc được", "reading", r->path);
    sha256_add(r->sum, r->in, (size_t)got);
    r->bytes += got;
    r->zlib.next_in = r->in;
    r->zlib.avail_in = (uInt)got;
    return true;
}

static bool damaged(const struct gzip_reader *r, const char *vi, const char *en, struct error *err)
{
    return error_tell(err, ERROR_DATA, false, "%s bị hỏng: %s%.0s", "%s is damaged: %.0s%s",
                      r->path, vi, en);
}

static bool end(struct gzip_reader *r, struct error *err)
{
    if (r->zlib.avail_in == 0 && !fill(r, err))
        return false;
    if (r->zlib.avail_in > 0)
        return damaged(r, "còn dữ liệu sau chỗ kết thúc", "it has more behind its end", err);
    r->ended = true;
    sum_text(r->sum, r->sha256);
    return true;
}

/* What could be unpacked before the damage is given first: it tells where the damage is. */
static bool unpack(struct gzip_reader *r, uInt room, struct error *err)
{
    while (r->zlib.avail_out == room) {
        if (r->zlib.avail_in == 0 && !fill(r, err))
            return false;
        if (r->zlib.avail_in == 0)
            return damaged(r, "bị cắt cụt", "it is cut off", err);
        int result = inflate(&r->zlib, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            return end(r, err);
        if (result != Z_OK)
            return damaged(r, r->zlib.msg ? r->zlib.msg : "không phải là tệp gzip",
                           r->zlib.msg ? r->zlib.msg : "it is no gzip file", err);
    }
    return true;
}

bool gzip_read(struct gzip_reader *r, void *out, size_t size, size_t *got, struct error *err)
{
    const uInt room = (uInt)(size < CHUNK ? size : CHUNK);
    *got = 0;
    if (r->failure.kind != ERROR_NONE) {
        *err = r->failure;
        return false;
    }
    if (r->ended)
        return true;
    r->zlib.next_out = out;
    r->zlib.avail_out = room;
    bool fine = unpack(r, room, &r->failure);
    *got = room - r->zlib.avail_out;
    if (!fine && *got == 0)
        *err = r->failure;
    return fine || *got > 0;
}

void gzip_read_sum(const struct gzip_reader *r, struct gzip_sum *sum)
{
    sum->bytes = r->bytes;
    memcpy(sum->sha256, r->sha256, sizeof(sum->sha256));
}
