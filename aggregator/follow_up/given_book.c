#include "given_book.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../../common/text.h"
#include "xml.h"

#define CONTENT_TYPES "[Content_Types].xml"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define SHEET_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
#define OURS "rIdFollowUp"

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

static bool ends_with(const char *text, size_t length, const char *end)
{
    return length >= strlen(end) && memcmp(text + length - strlen(end), end, strlen(end)) == 0;
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
                           ends_with(value, value_length, type_end);
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

static void take_sheet(struct given_book *w, const struct xml_tag *tag, size_t place)
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
    w->sheets[w->sheet_count++] = (struct given_book_sheet){
        text.data, part,
        xml_attribute(tag, "state", &state, &state_length) &&
            (state_length != strlen("visible") || memcmp(state, "visible", state_length) != 0),
        place};
}

bool given_book_open(struct package *package, struct given_book *out, struct error *err)
{
    *out = (struct given_book){.package = package};
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
    given_book_close(out);
    return error_tell(err, ERROR_DATA, false,
                      "tệp không có trang tính nào: hãy mở bằng Excel và lưu lại thành .xlsx",
                      "the workbook has no sheet: open it in Excel and save it anew as .xlsx");
}

void given_book_close(struct given_book *w)
{
    for (size_t i = 0; i < w->sheet_count; i++) {
        free(w->sheets[i].name);
        free(w->sheets[i].part);
    }
    free(w->sheets);
    free(w->main);
    free(w->relations);
    *w = (struct given_book){0};
}

static bool same_name(const char *a, const char *b)
{
    char x[512], y[512];
    return text_clean(a, x, sizeof(x)) && text_clean(b, y, sizeof(y)) && strcmp(x, y) == 0;
}

const struct given_book_sheet *given_book_find(const struct given_book *w, const char *name,
                                               size_t place)
{
    const struct given_book_sheet *found = NULL;
    size_t visible = 0;
    for (size_t i = 0; i < w->sheet_count; i++) {
        if (w->sheets[i].hidden)
            continue;
        if (name ? same_name(w->sheets[i].name, name) && (!found || visible == place)
                 : visible == place)
            found = &w->sheets[i];
        visible++;
    }
    return found;
}

char *given_book_part(const struct given_book *w, const char *type_end)
{
    return related(w->package, w->relations, w->main, NULL, 0, type_end);
}

/* ---- changing parts ---- */

/* The part with `text` put in at `at`. */
static void insert(struct package *package, const char *part, const char *at, const char *text)
{
    struct text_buffer out = {0};
    size_t length;
    const char *xml = package_part(package, part, &length);
    text_buffer_add(&out, xml, (size_t)(at - xml));
    text_buffer_add_text(&out, text);
    text_buffer_add(&out, at, (size_t)(xml + length - at));
    package_put(package, part, &out);
}

/* "%s" in child becomes the prefix. */
static void add_child(struct text_buffer *out, const struct xml_tag *tag, const char *child)
{
    for (const char *c = child; *c; c++) {
        if (c[0] == '%' && c[1] == 's') {
            text_buffer_add(out, tag->prefix, tag->prefix_length);
            c++;
        } else {
            text_buffer_add(out, c, 1);
        }
    }
}

/* <a/> becomes <a>child</a>. */
static void fill_empty(struct package *package, const char *part, const struct xml_tag *tag,
                       const char *child)
{
    struct text_buffer out = {0};
    struct xml_tag open = *tag;
    size_t length;
    const char *xml = package_part(package, part, &length);
    open.empty = false;
    text_buffer_add(&out, xml, (size_t)(tag->start - xml));
    xml_add_tag_with(&out, &open, "", NULL);
    add_child(&out, tag, child);
    text_buffer_add_format(&out, "</%.*s%.*s>", (int)tag->prefix_length, tag->prefix,
                           (int)tag->name_length, tag->name);
    text_buffer_add(&out, tag->end, (size_t)(xml + length - tag->end));
    package_put(package, part, &out);
}

bool given_book_append(struct package *package, const char *part, const char *element,
                       const char *child)
{
    size_t length;
    const char *xml = package_part(package, part, &length);
    struct xml_tag tag, last;
    if (!xml || !xml_find(xml, xml + length, element, false, &tag))
        return false;
    if (tag.empty) {
        fill_empty(package, part, &tag, child);
        return true;
    }
    if (!xml_find(tag.end, xml + length, element, true, &last))
        return false;
    struct text_buffer text = {0};
    add_child(&text, &tag, child);
    insert(package, part, last.start, text.data);
    text_buffer_free(&text);
    return true;
}

static bool name_is_taken(const struct given_book *w, const char *name)
{
    for (size_t i = 0; i < w->sheet_count; i++)
        if (same_name(w->sheets[i].name, name))
            return true;
    return false;
}

static size_t next_sheet_id(const struct given_book *w, char prefix[16])
{
    size_t length, most = 0;
    const char *xml = package_part(w->package, w->main, &length);
    struct xml_tag tag;
    snprintf(prefix, 16, "r");
    for (const char *at = xml; xml_find(at, xml + length, "sheet", false, &tag); at = tag.end) {
        const char *value;
        size_t id = xml_number(&tag, "sheetId"), value_length;
        most = id > most ? id : most;
        if (!xml_attribute(&tag, ":id", &value, &value_length))
            continue;
        const char *name_end = value - 2, *name = name_end; /* of prefix:id="value" */
        while (name > tag.start && name[-1] != ' ')
            name--;
        const char *colon = memchr(name, ':', (size_t)(name_end - name));
        if (colon && colon - name < 16)
            snprintf(prefix, 16, "%.*s", (int)(colon - name), name);
    }
    return most + 1;
}

/* Where definedNames goes if there is none: behind the sheets, or what may stand between. */
static const char *behind_sheets(struct given_book *w)
{
    static const char *const before[] = {"externalReferences", "functionGroups", "sheets"};
    size_t length;
    const char *xml = package_part(w->package, w->main, &length);
    struct xml_tag tag;
    for (size_t i = 0; i < ARRAY_LEN(before); i++)
        if (xml_find(xml, xml + length, before[i], false, &tag))
            return xml_element_end(&tag, xml + length);
    return NULL;
}

static bool repeats_rows(struct given_book *w, size_t place)
{
    size_t length;
    const char *xml = package_part(w->package, w->main, &length), *name;
    struct xml_tag tag;
    for (const char *at = xml; xml_find(at, xml + length, "definedName", false, &tag); at = tag.end) {
        size_t name_length;
        if (xml_number(&tag, "localSheetId") == place &&
            xml_attribute(&tag, "name", &name, &name_length) &&
            ends_with(name, name_length, "Print_Titles"))
            return true;
    }
    return false;
}

void given_book_repeat_rows(struct given_book *w, size_t place, const char *sheet, size_t first,
                            size_t last)
{
    if (repeats_rows(w, place))
        return;
    struct text_buffer child = {0}, element = {0};
    text_buffer_add_format(&child,
                           "<%%sdefinedName name=\"_xlnm.Print_Titles\" "
                           "localSheetId=\"%zu\">'",
                           place);
    for (const char *c = sheet; *c; c++) {
        const char one[] = {*c, '\0'};
        xml_add_text(&child, *c == '\'' ? "''" : one);
    }
    text_buffer_add_format(&child, "'!$%zu:$%zu</%%sdefinedName>", first, last);
    if (!given_book_append(w->package, w->main, "definedNames", child.data)) {
        size_t length;
        const char *xml = package_part(w->package, w->main, &length), *at = behind_sheets(w);
        struct xml_tag tag;
        const char *prefix = "";
        size_t prefix_length = 0;
        if (xml_find(xml, xml + length, "sheets", false, &tag)) {
            prefix = tag.prefix;
            prefix_length = tag.prefix_length;
        }
        text_buffer_add_format(&element, "<%.*sdefinedNames></%.*sdefinedNames>",
                               (int)prefix_length, prefix, (int)prefix_length, prefix);
        if (at) {
            insert(w->package, w->main, at, element.data);
            (void)given_book_append(w->package, w->main, "definedNames", child.data);
        }
    }
    text_buffer_free(&child);
    text_buffer_free(&element);
}

bool given_book_add_sheet(struct given_book *w, const char *name, size_t heading,
                          struct text_buffer *xml, struct error *err)
{
    char prefix[16], free_name[64];
    struct text_buffer tag = {0}, type = {0}, part = {0};
    snprintf(free_name, sizeof(free_name), "%s", name);
    for (int n = 2; name_is_taken(w, free_name) && n < 100; n++)
        snprintf(free_name, sizeof(free_name), "%.40s (%d)", name, n);
    const char *slash = strrchr(w->main, '/');
    text_buffer_add(&part, w->main, slash ? (size_t)(slash + 1 - w->main) : 0);
    text_buffer_add_text(&part, "worksheets/followup.xml");
    size_t id = next_sheet_id(w, prefix);
    text_buffer_add_text(&tag, "<%ssheet name=\"");
    xml_add_text(&tag, free_name);
    text_buffer_add_format(&tag, "\" sheetId=\"%zu\" %s:id=\"" OURS "\"/>", id, prefix);
    text_buffer_add_format(&type, "<%%sOverride PartName=\"/%s\" ContentType=\"" SHEET_TYPE "\"/>",
                           part.data);
    bool fine = given_book_append(w->package, w->main, "sheets", tag.data) &&
                given_book_append(w->package, CONTENT_TYPES, "Types", type.data) &&
                given_book_append(w->package, w->relations, "Relationships",
                                  "<%sRelationship Id=\"" OURS "\" Type=\"" OFFICE
                                  "/worksheet\" Target=\"worksheets/followup.xml\"/>");
    if (fine) {
        given_book_repeat_rows(w, w->places, free_name, heading, heading);
        package_put(w->package, part.data, xml);
    }
    text_buffer_free(&tag);
    text_buffer_free(&type);
    text_buffer_free(&part);
    text_buffer_free(xml);
    return fine ||
           error_tell(err, ERROR_DATA, false,
                      "tệp không thêm được trang tính: hãy chép danh sách sang một tệp .xlsx "
                      "mới",
                      "the workbook takes no more sheets: copy the list into a new .xlsx file");
}
