#include "sheet_zip.h"

#include <stdlib.h>
#include <string.h>

#define END_SIZE 22      /* of the end record, whose comment may follow */
#define END_SEARCH 65557 /* with the longest comment */
#define ENTRY_SIZE 46
#define DIRECTORY_MAX ((uint64_t)16 << 20)
#define ELSEWHERE 0xFFFFFFFFU /* the number stands in a ZIP64 field */

static uint64_t number(const unsigned char *p, size_t bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | p[bytes];
    return value;
}

static unsigned char *read_at(FILE *archive, long from, size_t length)
{
    unsigned char *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL)
        abort();
    if (fseek(archive, from, SEEK_SET) == 0 && fread(bytes, 1, length, archive) == length)
        return bytes;
    free(bytes);
    return NULL;
}

/* Place and length of the central directory. */
static bool find_directory(FILE *archive, uint64_t *from, uint64_t *length)
{
    if (fseek(archive, 0, SEEK_END) != 0)
        return false;
    long size = ftell(archive), search = size < END_SEARCH ? size : END_SEARCH;
    unsigned char *end = search >= END_SIZE ? read_at(archive, size - search, (size_t)search) : NULL;
    bool found = false;
    for (long at = search - END_SIZE; end != NULL && at >= 0 && !found; at--) {
        if (memcmp(end + at, "PK\005\006", 4) != 0)
            continue;
        *length = number(end + at + 12, 4);
        *from = number(end + at + 16, 4);
        found = *from + *length <= (uint64_t)size && *length <= DIRECTORY_MAX;
    }
    free(end);
    return found;
}

/* The size of an entry of 4 GiB and more, or of one whose writer keeps it in the ZIP64 field all the same. */
static uint64_t size_elsewhere(const unsigned char *extra, size_t length)
{
    for (size_t at = 0; at + 4 <= length;) {
        size_t field = (size_t)number(extra + at + 2, 2);
        if (number(extra + at, 2) == 1 && field >= 8 && at + 12 <= length)
            return number(extra + at + 4, 8);
        at += 4 + field;
    }
    return ELSEWHERE;
}

bool zip_unpacked_size(FILE *archive, uint64_t *size)
{
    uint64_t from = 0, length = 0;
    *size = 0;
    if (!find_directory(archive, &from, &length))
        return false;
    unsigned char *directory = read_at(archive, (long)from, (size_t)length);
    bool fine = directory != NULL;
    for (uint64_t at = 0; fine && at + ENTRY_SIZE <= length;) {
        const unsigned char *entry = directory + at;
        uint64_t name = number(entry + 28, 2), extra = number(entry + 30, 2);
        uint64_t next = at + ENTRY_SIZE + name + extra + number(entry + 32, 2);
        fine = memcmp(entry, "PK\001\002", 4) == 0 && next <= length;
        if (!fine)
            break;
        uint64_t unpacked = number(entry + 24, 4);
        if (unpacked == ELSEWHERE)
            unpacked = size_elsewhere(entry + ENTRY_SIZE + name, (size_t)extra);
        *size = *size + unpacked < *size ? UINT64_MAX : *size + unpacked;
        at = next;
    }
    free(directory);
    return fine;
}
