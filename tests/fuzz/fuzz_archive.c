/* Bytes of anything as the lines of an export, as a gzip file, and as a manifest under a checksum that fits: each is read or refused
 * with a reason, and what was read is written and read back as the same. The first byte says which. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <stdio.h>

#include "../../aggregator/archive/month_rows.h"
#include "../../aggregator/archive/gzip_file.h"
#include "../../aggregator/archive/manifest.h"
#include "../../aggregator/archive/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static bool same(const struct archive_record *a, const struct archive_record *b)
{
    return a->partition == b->partition && a->offset == b->offset &&
           a->log_time_us == b->log_time_us && a->content == b->content && a->length == b->length &&
           (a->length == 0 || memcmp(a->value, b->value, a->length) == 0);
}

static void check_line(const char *line, size_t length)
{
    struct text_buffer first = {0}, second = {0}, out = {0};
    struct archive_record record, again;
    struct error err = {0};
    if (archive_record_read(line, length, &first, &record, &err)) {
        archive_record_write(&record, &out);
        must(archive_record_read(out.data, out.length - 1, &second, &again, &err) &&
             same(&record, &again));
    } else {
        must(err.kind == ERROR_DATA && err.message[0] != '\0');
    }
    text_buffer_free(&first);
    text_buffer_free(&second);
    text_buffer_free(&out);
}

static void check_lines(const char *data, size_t size)
{
    while (size > 0) {
        const char *newline = memchr(data, '\n', size);
        size_t length = newline ? (size_t)(newline - data) : size;
        check_line(data, length);
        data += length + (newline != NULL);
        size -= length + (newline != NULL);
    }
}

static void check_manifest(const char *data, size_t size)
{
    struct text_buffer text = {0}, out = {0}, second = {0};
    struct archive_manifest m, again;
    struct error err = {0};
    uint8_t digest[32];
    char hex[65];
    text_buffer_add(&text, data, size);
    text_buffer_reserve(&text, 1);
    sha256(text.data, size, digest);
    hex_encode(digest, sizeof(digest), hex);
    text_buffer_add_format(&text, "\"sha256\":\"%s\"}\n", hex);
    if (archive_manifest_read(text.data, text.length, &m, &err)) {
        archive_manifest_write(&m, &out);
        must(archive_manifest_read(out.data, out.length, &again, &err));
        archive_manifest_write(&again, &second);
        must(out.length == second.length && memcmp(out.data, second.data, out.length) == 0);
        archive_manifest_free(&again);
        archive_manifest_free(&m);
    } else {
        must(err.kind == ERROR_DATA && err.message[0] != '\0');
    }
    text_buffer_free(&text);
    text_buffer_free(&out);
    text_buffer_free(&second);
}

static void check_gzip(const uint8_t *data, size_t size)
{
    static char path[64];
    static uint8_t out[1 << 18];
    struct error err = {0};
    size_t got = 0, total = 0;
    if (path[0] == '\0')
        (void)snprintf(path, sizeof(path), "/tmp/fuzz_archive_%ld.gz", (long)getpid());
    FILE *file = fopen(path, "wb");
    must(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    struct gzip_reader *reader = gzip_open(path, &err);
    (void)unlink(path);
    must(reader != NULL);
    while (total < (64 << 20) && gzip_read(reader, out, sizeof(out), &got, &err) && got > 0)
        total += got;
    must(err.kind == ERROR_NONE || err.kind == ERROR_DATA);
    gzip_close(reader);
}

static void check_copy(const char *data, size_t size)
{
    struct month_rows rows = {0};
    struct archive_record record;
    struct error err = {0};
    for (size_t at = 0; at < size; at += 7) {
        month_rows_add(&rows, data + at, size - at < 7 ? size - at : 7);
        int got;
        while ((got = month_rows_next(&rows, &record, &err)) > 0)
            must(record.length <= size);
        if (got < 0)
            break;
    }
    month_rows_free(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 'l')
        check_lines((const char *)data + 1, size - 1);
    else if (data[0] == 'm')
        check_manifest((const char *)data + 1, size - 1);
    else if (data[0] == 'c')
        check_copy((const char *)data + 1, size - 1);
    else
        check_gzip(data + 1, size - 1);
    return 0;
}
