#include "given_book.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../../common/xml.h"

#define CONTENT_TYPES "[Content_Types].xml"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define SHEET_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
#define OURS "rIdFollowUp"
#define BLANKS " \t\r\n"

/* ---- changing parts ---- */

/* The part with `text` put in at `at`. */
static void insert(struct package *package, const char *part, const char *at,
                   const struct text_buffer *text)
{
    struct text_buffer out = {0};
    size_t length;
    const char *xml = package_part(package, part, &length);
    text_buffer_add(&out, xml, (size_t)(at - xml));
    text_buffer_add(&out, text->data, text->length);
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
    insert(package, part, last.start, &text);
    text_buffer_free(&text);
    return true;
}

static bool name_is_taken(const struct book_parts *w, const char *name)
{
    for (size_t i = 0; i < w->sheet_count; i++)
        if (book_parts_same_name(w->sheets[i].name, name))
            return true;
    return false;
}

static size_t next_sheet_id(const struct book_parts *w, char prefix[16])
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
        const char *name_end = value - 1, *name; /* of prefix:id="value" */
        while (name_end > tag.start && strchr(BLANKS "=", name_end[-1]))
            name_end--;
        for (name = name_end; name > tag.start && !strchr(BLANKS, name[-1]);)
            name--;
        const char *colon = memchr(name, ':', (size_t)(name_end - name));
        if (colon && colon - name < 16)
            snprintf(prefix, 16, "%.*s", (int)(colon - name), name);
    }
    return most + 1;
}

/* Where definedNames goes if there is none: behind the sheets, or what may stand between. */
static const char *behind_sheets(struct book_parts *w)
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

static bool repeats_rows(struct book_parts *w, size_t place)
{
    size_t length;
    const char *xml = package_part(w->package, w->main, &length), *name;
    struct xml_tag tag;
    for (const char *at = xml; xml_find(at, xml + length, "definedName", false, &tag); at = tag.end) {
        size_t name_length;
        if (xml_number(&tag, "localSheetId") == place &&
            xml_attribute(&tag, "name", &name, &name_length) &&
            xml_ends_with(name, name_length, "Print_Titles"))
            return true;
    }
    return false;
}

void given_book_repeat_rows(struct book_parts *w, size_t place, const char *sheet, size_t first,
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
        if (*c == '%') /* of "50%số" the prefix would be made */
            text_buffer_add_text(&child, "&#37;");
        else
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
            insert(w->package, w->main, at, &element);
            (void)given_book_append(w->package, w->main, "definedNames", child.data);
        }
    }
    text_buffer_free(&child);
    text_buffer_free(&element);
}

bool given_book_add_sheet(struct book_parts *w, const char *name, size_t heading,
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
