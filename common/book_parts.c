#include "book_parts.h"

#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "text.h"
#include "text_buffer.h"
#include "xml.h"

/* ---- relations ---- */

/* Where a relation leads, seen from the folder of the part that has it: "../x.xml" is not used by anybody for what is asked here. */
static char *resolve(const char *base, const char *target, size_t length)
{
    struct text_buffer path = {0};
    const char *slash = strrchr(base, '/');
    if (length && *target == '/') {
        target++;
        length--;
    } else if (slash) {
        text_buffer_add(&path, base, (size_t)(slash + 1 - base));
    }
    xml_decode(target, length, &path);
    return path.data;
}

/* The part to which a relation leads that has this id, or whose type ends so; NULL. */
static char *related(struct package *package, const char *relations, const char *base,
                     const char *id, size_t id_length, const char *type_end)
{
    size_t length;
    const char *xml = package_part(package, relations, &length);
    struct xml_tag tag;
    for (const char *at = xml; xml && xml_find(at, xml + length, "Relationship", false, &tag);
         at = tag.end) {
        const char *value, *target;
        size_t value_length, target_length;
        bool it = id ? xml_attribute(&tag, "Id", &value, &value_length) &&
                           value_length == id_length && memcmp(value, id, id_length) == 0
                     : xml_attribute(&tag, "Type", &value, &value_length) &&
                           xml_ends_with(value, value_length, type_end);
        if (it && xml_attribute(&tag, "Target", &target, &target_length))
            return resolve(base, target, target_length);
    }
    return NULL;
}

static char *relations_of(const char *part)
{
    struct text_buffer path = {0};
    const char *slash = strrchr(part, '/');
    if (slash)
        text_buffer_add(&path, part, (size_t)(slash + 1 - part));
    text_buffer_add_format(&path, "_rels/%s.rels", slash ? slash + 1 : part);
    return path.data;
}

/* ---- sheets ---- */

static void take_sheet(struct book_parts *w, const struct xml_tag *tag, size_t place)
{
    const char *name, *id, *state;
    size_t name_length, id_length, state_length;
    if (!xml_attribute(tag, "name", &name, &name_length) ||
        !xml_attribute(tag, ":id", &id, &id_length))
        return;
    char *part = related(w->package, w->relations, w->main, id, id_length, NULL);
    if (!part)
        return;
    struct text_buffer text = {0};
    xml_decode(name, name_length, &text);
    w->sheets = array_room(w->sheets, w->sheet_count, &w->capacity, sizeof(*w->sheets));
    w->sheets[w->sheet_count++] = (struct book_sheet){
        text.data, part,
        xml_attribute(tag, "state", &state, &state_length) &&
            (state_length != strlen("visible") || memcmp(state, "visible", state_length) != 0),
        place};
}

bool book_parts_open(struct package *package, struct book_parts *out, struct error *err)
{
    *out = (struct book_parts){.package = package};
    out->main = related(package, "_rels/.rels", "", NULL, 0, "/officeDocument");
    size_t length;
    const char *xml = out->main ? package_part(package, out->main, &length) : NULL;
    if (xml) {
        struct xml_tag tag;
        out->relations = relations_of(out->main);
        for (const char *at = xml; xml_find(at, xml + length, "sheet", false, &tag); at = tag.end)
            take_sheet(out, &tag, out->places++);
    }
    if (out->sheet_count)
        return true;
    book_parts_close(out);
    return error_tell(err, ERROR_DATA, false,
                      "tệp không có trang tính nào: hãy mở bằng Excel và lưu lại thành .xlsx",
                      "the workbook has no sheet: open it in Excel and save it anew as .xlsx");
}

void book_parts_close(struct book_parts *w)
{
    for (size_t i = 0; i < w->sheet_count; i++) {
        free(w->sheets[i].name);
        free(w->sheets[i].part);
    }
    free(w->sheets);
    free(w->main);
    free(w->relations);
    *w = (struct book_parts){0};
}

bool book_parts_same_name(const char *a, const char *b)
{
    char x[512], y[512];
    return text_clean(a, x, sizeof(x)) && text_clean(b, y, sizeof(y)) && strcmp(x, y) == 0;
}

const struct book_sheet *book_parts_sheet(const struct book_parts *w, const char *name, size_t place)
{
    const struct book_sheet *found = NULL;
    size_t visible = 0;
    for (size_t i = 0; i < w->sheet_count; i++) {
        if (w->sheets[i].hidden)
            continue;
        if (name ? book_parts_same_name(w->sheets[i].name, name) && (!found || visible == place)
                 : visible == place)
            found = &w->sheets[i];
        visible++;
    }
    return found;
}

char *book_parts_related(const struct book_parts *w, const char *type_end)
{
    return related(w->package, w->relations, w->main, NULL, 0, type_end);
}
