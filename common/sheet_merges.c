#include "sheet_merges.h"

#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "book_parts.h"
#include "xml.h"

#define MOST_COLUMNS 16384
#define MOST_MERGES 100000

/* "BC12" -> row 11, column 54; how much of the text it took, 0 for none. */
static size_t place_of(const char *text, size_t length, size_t *row, size_t *column)
{
    size_t i = 0;
    *row = *column = 0;
    for (; i < length && text[i] >= 'A' && text[i] <= 'Z' && *column <= MOST_COLUMNS; i++)
        *column = *column * 26 + (size_t)(text[i] - 'A') + 1;
    for (; i < length && text[i] >= '0' && text[i] <= '9' && *row < 10000000; i++)
        *row = *row * 10 + (size_t)(text[i] - '0');
    if (*row == 0 || *column == 0)
        return 0;
    --*row;
    --*column;
    return i;
}

/* "B2:B7" */
static bool range_of(const char *text, size_t length, struct sheet_merge *out)
{
    size_t used = place_of(text, length, &out->top, &out->left);
    if (used == 0 || used + 1 >= length || text[used] != ':')
        return false;
    return place_of(text + used + 1, length - used - 1, &out->bottom, &out->right) > 0 &&
           out->top <= out->bottom && out->left <= out->right;
}

static void read_part(struct package *package, const char *part, struct sheet_merges *out)
{
    size_t length = 0;
    const char *xml = package_part(package, part, &length);
    struct xml_tag tag;
    for (const char *at = xml; xml != NULL && out->count < MOST_MERGES &&
                               xml_find(at, xml + length, "mergeCell", false, &tag);
         at = tag.end) {
        const char *value;
        size_t value_length;
        struct sheet_merge merge;
        if (!xml_attribute(&tag, "ref", &value, &value_length) ||
            !range_of(value, value_length, &merge))
            continue;
        out->items = array_room(out->items, out->count, &out->capacity, sizeof(out->items[0]));
        out->items[out->count++] = merge;
    }
}

bool sheet_merges_read(const char *path, const char *const *names, size_t count,
                       struct sheet_merges *merges)
{
    struct error err = {0};
    struct book_parts book;
    struct package *package = package_read(path, &err);
    if (package == NULL || !book_parts_open(package, &book, &err)) {
        package_free(package);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct book_sheet *sheet = book_parts_sheet(&book, names[i], i);
        if (sheet != NULL)
            read_part(package, sheet->part, &merges[i]);
    }
    book_parts_close(&book);
    package_free(package);
    return true;
}

const struct sheet_merge *sheet_merges_at(const struct sheet_merges *merges, size_t row, size_t column)
{
    for (size_t i = 0; i < merges->count; i++) {
        const struct sheet_merge *m = &merges->items[i];
        if (m->top <= row && row <= m->bottom && m->left <= column && column <= m->right)
            return m;
    }
    return NULL;
}
