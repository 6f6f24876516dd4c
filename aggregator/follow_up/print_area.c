#include "print_area.h"

#include <string.h>

#include "../../common/xml.h"
#include "sheet_edit.h"

/* The right end of each range of a print area ("'A, b'!$A$1:$H$40,'A, b'!$A:$H"): its column's letters. */
struct right_end {
    const char *letters;
    size_t length, column;
};

static size_t column_of(const char *letters, size_t length)
{
    size_t column = 0;
    for (size_t i = 0; i < length; i++)
        column = column * 26 + (size_t)(letters[i] - 'A') + 1;
    return column - 1;
}

/* The next one at or behind from; sheets' names are passed over. */
static bool next_end(const char *from, const char *end, struct right_end *out)
{
    bool quoted = false;
    for (const char *at = from; at < end; at++) {
        if (*at == '\'')
            quoted = !quoted;
        if (quoted || *at != ':')
            continue;
        const char *letters = at + 1 + (at + 1 < end && at[1] == '$');
        size_t length = 0;
        while (letters + length < end && letters[length] >= 'A' && letters[length] <= 'Z')
            length++;
        if (length == 0 || length > 3)
            continue; /* whole rows */
        *out = (struct right_end){letters, length, column_of(letters, length)};
        return true;
    }
    return false;
}

/* A bracket that is not in a sheet's name, which has quotation marks then. */
static bool is_formula(const char *area, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        if (area[i] == '\'')
            quoted = !quoted;
        if (!quoted && area[i] == '(')
            return true;
    }
    return false;
}

bool print_area_widen(const char *area, size_t length, size_t column, struct text_buffer *out)
{
    const char *end = area + length, *at = area;
    struct right_end right;
    size_t most = 0;
    if (is_formula(area, length))
        return false;
    for (; next_end(at, end, &right); at = right.letters)
        most = right.column > most ? right.column : most;
    if (at == area || most >= column)
        return false;
    char name[4];
    const char *copied = area;
    sheet_column_name(column, name);
    for (at = area; next_end(at, end, &right); at = right.letters) {
        if (right.column != most)
            continue;
        text_buffer_add(out, copied, (size_t)(right.letters - copied));
        text_buffer_add_text(out, name);
        copied = right.letters + right.length;
    }
    text_buffer_add(out, copied, (size_t)(end - copied));
    return true;
}

static bool is_print_area(const struct xml_tag *tag, size_t place)
{
    const char *name;
    size_t length;
    return !tag->empty && xml_number(tag, "localSheetId") == place &&
           xml_attribute(tag, "name", &name, &length) && xml_ends_with(name, length, "Print_Area");
}

void given_book_widen_print(struct book_parts *workbook, size_t place, size_t column)
{
    size_t length;
    const char *xml = package_part(workbook->package, workbook->main, &length);
    struct xml_tag tag, last;
    for (const char *at = xml; xml_find(at, xml + length, "definedName", false, &tag); at = tag.end) {
        if (!is_print_area(&tag, place) ||
            !xml_find(tag.end, xml + length, "definedName", true, &last))
            continue;
        struct text_buffer area = {0}, out = {0};
        if (print_area_widen(tag.end, (size_t)(last.start - tag.end), column, &area)) {
            text_buffer_add(&out, xml, (size_t)(tag.end - xml));
            text_buffer_add(&out, area.data, area.length);
            text_buffer_add(&out, last.start, (size_t)(xml + length - last.start));
            package_put(workbook->package, workbook->main, &out);
        }
        text_buffer_free(&area);
        return;
    }
}
