#include "package.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "allocate.h"
#include "file.h"

#define MOST_BYTES ((size_t)512 << 20) /* of all parts, unpacked */
#define END_SIZE 22
#define END_SEARCH 65557
#define ENTRY_SIZE 46
#define LOCAL_SIZE 30
#define ELSEWHERE 0xFFFFFFFFU
#define STORED 0
#define DEFLATED 8
#define LEVEL 6

struct part {
    char *name;
    const uint8_t *packed; /* in the file; NULL: only text */
    size_t packed_length, length;
    uint32_t crc;
    uint16_t method;
    char *text; /* unpacked, owned; NULL: not asked for */
    bool changed;
};

struct package {
    char *file;
    size_t file_length, count, capacity;
    struct part *parts;
};

struct package *package_new(void)
{
    return must_have(calloc(1, sizeof(struct package)));
}

void package_free(struct package *p)
{
    for (size_t i = 0; p && i < p->count; i++) {
        if (p->parts[i].text)
            explicit_bzero(p->parts[i].text, p->parts[i].length);
        free(p->parts[i].text);
        free(p->parts[i].name);
    }
    if (p) {
        free(p->parts);
        free(p->file);
    }
    free(p);
}

static struct part *find(struct package *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->parts[i].name, name) == 0)
            return &p->parts[i];
    return NULL;
}

static struct part *add(struct package *p, const char *name, size_t length)
{
    p->parts = array_room(p->parts, p->count, &p->capacity, sizeof(*p->parts));
    struct part *part = &p->parts[p->count++];
    *part = (struct part){.name = must_have(calloc(length + 1, 1))};
    memcpy(part->name, name, length);
    return part;
}

/* ---- reading ---- */

static uint64_t number(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | at[bytes];
    return value;
}

/* Sizes and place as an entry of the directory says them, or its ZIP64 field. */
struct sizes {
    uint64_t length, packed, local;
};

static bool take_wide(const uint8_t *extra, size_t length, struct sizes *s)
{
    uint64_t *const wide[] = {&s->length, &s->packed, &s->local};
    for (size_t at = 0; at + 4 <= length;) {
        size_t field = (size_t)number(extra + at + 2, 2), next = at + 4;
        if (next + field > length)
            return false;
        for (size_t i = 0; number(extra + at, 2) == 1 && i < 3; i++) {
            if (*wide[i] != ELSEWHERE)
                continue;
            if (next + 8 > at + 4 + field)
                return false;
            *wide[i] = number(extra + next, 8);
            next += 8;
        }
        at += 4 + field;
    }
    return true;
}

/* The entry at `at` of the directory; where the next one is, or 0 when it is none. */
static uint64_t take_entry(struct package *p, uint64_t at, uint64_t *unpacked)
{
    const uint8_t *file = (const uint8_t *)p->file, *e = file + at;
    if (at + ENTRY_SIZE > p->file_length || number(e, 4) != 0x02014b50)
        return 0;
    uint64_t name = number(e + 28, 2), extra = number(e + 30, 2);
    uint64_t next = at + ENTRY_SIZE + name + extra + number(e + 32, 2);
    struct sizes s = {number(e + 24, 4), number(e + 20, 4), number(e + 42, 4)};
    if (next > p->file_length || number(e + 8, 2) & 1 || /* encrypted */
        !take_wide(e + ENTRY_SIZE + name, (size_t)extra, &s) ||
        s.local > p->file_length - LOCAL_SIZE || s.packed > p->file_length || s.length > MOST_BYTES)
        return 0;
    const uint8_t *local = file + s.local;
    uint64_t data = s.local + LOCAL_SIZE + number(local + 26, 2) + number(local + 28, 2);
    *unpacked += s.length;
    if (number(local, 4) != 0x04034b50 || data + s.packed > p->file_length || *unpacked > MOST_BYTES)
        return 0;
    const char *text = (const char *)e + ENTRY_SIZE;
    size_t length = (size_t)name;
    while (length && *text == '/') {
        text++;
        length--;
    }
    struct part *part = add(p, text, length);
    part->packed = file + data;
    part->packed_length = (size_t)s.packed;
    part->length = (size_t)s.length;
    part->crc = (uint32_t)number(e + 16, 4);
    part->method = (uint16_t)number(e + 10, 2);
    return part->method == STORED || part->method == DEFLATED ? next : 0;
}

static bool read_directory(struct package *p)
{
    const uint8_t *file = (const uint8_t *)p->file;
    if (p->file_length < END_SIZE)
        return false;
    size_t search = p->file_length < END_SEARCH ? p->file_length : END_SEARCH;
    size_t end = p->file_length - END_SIZE, least = p->file_length - search;
    while (number(file + end, 4) != 0x06054b50 && end > least)
        end--;
    if (number(file + end, 4) != 0x06054b50)
        return false;
    uint64_t at = number(file + end + 16, 4), count = number(file + end + 10, 2), unpacked = 0;
    for (uint64_t i = 0; i < count; i++) {
        at = take_entry(p, at, &unpacked);
        if (!at)
            return false;
    }
    return count > 0;
}

struct package *package_read(const char *path, struct error *err)
{
    struct package *p = package_new();
    p->file = file_read_whole(path, MOST_BYTES, &p->file_length, err);
    if (p->file && read_directory(p))
        return p;
    if (p->file)
        error_tell(
            err, ERROR_SOURCE, false,
            "tệp bị hỏng hoặc không phải là .xlsx: hãy mở bằng Excel và lưu lại "
            "thành .xlsx",
            "it is damaged or no .xlsx workbook: open it in Excel and save it anew as .xlsx");
    package_free(p);
    return NULL;
}

static bool inflate_part(struct part *part)
{
    z_stream zlib = {.next_in = (Bytef *)(uintptr_t)part->packed,
                     .avail_in = (uInt)part->packed_length,
                     .next_out = (Bytef *)part->text,
                     .avail_out = (uInt)part->length};
    if (inflateInit2(&zlib, -MAX_WBITS) != Z_OK)
        abort();
    int result = inflate(&zlib, Z_FINISH);
    bool whole = result == Z_STREAM_END && zlib.total_out == part->length;
    inflateEnd(&zlib);
    return whole;
}

const char *package_part(struct package *p, const char *name, size_t *length)
{
    struct part *part = find(p, name);
    if (!part)
        return NULL;
    if (!part->text) {
        part->text = must_have(calloc(part->length + 1, 1));
        bool whole =
            part->method == DEFLATED ? inflate_part(part) : part->packed_length == part->length;
        if (part->method == STORED && whole)
            memcpy(part->text, part->packed, part->length);
        if (!whole || crc32(0, (const Bytef *)part->text, (uInt)part->length) != part->crc) {
            free(part->text);
            part->text = NULL;
            return NULL;
        }
    }
    *length = part->length;
    return part->text;
}

void package_put(struct package *p, const char *name, struct text_buffer *text)
{
    struct part *part = find(p, name);
    if (!part)
        part = add(p, name, strlen(name));
    if (part->text)
        explicit_bzero(part->text, part->length);
    free(part->text);
    text_buffer_reserve(text, 1);
    part->text = text->data;
    part->length = text->length;
    part->changed = true;
    part->crc = (uint32_t)crc32(0, (const Bytef *)part->text, (uInt)part->length);
    *text = (struct text_buffer){0};
}

/* ---- writing ---- */

static void put(struct text_buffer *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        char byte = (char)(value >> (8 * i) & 0xff);
        text_buffer_add(out, &byte, 1);
    }
}

/* Local header and directory entry agree from the version that is needed on. The date is 1980-01-01: none. */
static void put_header(struct text_buffer *out, const struct part *part, size_t packed, bool central)
{
    put(out, central ? 0x02014b50 : 0x04034b50, 4);
    if (central)
        put(out, 20, 2);
    put(out, 20, 2);
    put(out, 0x800, 2); /* names are UTF-8 */
    put(out, part->method, 2);
    put(out, 0, 2);
    put(out, 0x21, 2);
    put(out, part->crc, 4);
    put(out, packed, 4);
    put(out, part->length, 4);
    put(out, strlen(part->name), 2);
    put(out, 0, 2);
}

static size_t deflate_part(struct part *part, struct text_buffer *out)
{
    z_stream zlib = {.next_in = (Bytef *)part->text, .avail_in = (uInt)part->length};
    if (deflateInit2(&zlib, LEVEL, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t most = deflateBound(&zlib, part->length);
    text_buffer_reserve(out, most + 1);
    zlib.next_out = (Bytef *)out->data + out->length;
    zlib.avail_out = (uInt)most;
    if (deflate(&zlib, Z_FINISH) != Z_STREAM_END)
        abort();
    size_t packed = zlib.total_out;
    out->length += packed;
    deflateEnd(&zlib);
    return packed;
}

static void pack_part(struct part *part, struct text_buffer *data)
{
    if (!part->changed) {
        text_buffer_add(data, part->packed, part->packed_length);
        return;
    }
    part->method = DEFLATED;
    part->packed_length = deflate_part(part, data);
}

bool package_pack(struct package *p, struct text_buffer *out, struct error *err)
{
    struct text_buffer directory = {0};
    for (size_t i = 0; i < p->count; i++) {
        struct part *part = &p->parts[i];
        struct text_buffer data = {0};
        size_t at = out->length;
        pack_part(part, &data);
        put_header(out, part, data.length, false);
        text_buffer_add_text(out, part->name);
        text_buffer_add(out, data.data, data.length);
        put_header(&directory, part, data.length, true);
        put(&directory, 0, 2 + 2 + 2); /* comment, disk, attributes inside … */
        put(&directory, 0, 4);         /* … and outside */
        put(&directory, at, 4);
        text_buffer_add_text(&directory, part->name);
        text_buffer_free(&data);
        if (out->length > MOST_BYTES) {
            text_buffer_free(&directory);
            return error_tell(err, ERROR_DATA, false,
                              "tệp sẽ lớn hơn 512 MiB: hãy chia nhỏ danh sách",
                              "the workbook becomes larger than 512 MiB: divide the list");
        }
    }
    size_t begin = out->length;
    text_buffer_add(out, directory.data, directory.length);
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, p->count, 2);
    put(out, p->count, 2);
    put(out, directory.length, 4);
    put(out, begin, 4);
    put(out, 0, 2);
    text_buffer_free(&directory);
    return true;
}
