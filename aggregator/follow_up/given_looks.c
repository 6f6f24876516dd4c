#include <stdio.h>
#include <stdlib.h>

#include "given_book.h"
#include "../../common/xml.h"

#define MOST_FORMATS 4000 /* Excel takes 65,490: a book that has so many is left as it is */

static size_t count_children(const char *from, const char *end)
{
    struct xml_tag tag;
    size_t count = 0;
    while (xml_next(from, end, &tag) && !tag.closing) {
        count++;
        from = xml_element_end(&tag, end);
    }
    return count;
}

/* Appends to a counted list of the formats; *index: of the first one appended. */
static bool append_counted(struct package *package, const char *part, const char *element,
                           const char *children, size_t *index)
{
    size_t length;
    const char *xml = package_part(package, part, &length);
    struct xml_tag tag;
    if (!xml || !xml_find(xml, xml + length, element, false, &tag) || tag.empty)
        return false;
    *index = count_children(tag.end, xml_element_end(&tag, xml + length));
    char number[24];
    struct text_buffer out = {0};
    snprintf(number, sizeof(number), "%zu",
             *index + count_children(children, children + strlen(children)));
    text_buffer_add(&out, xml, (size_t)(tag.start - xml));
    xml_add_tag_with(&out, &tag, "count", number);
    text_buffer_add(&out, tag.end, (size_t)(xml + length - tag.end));
    struct text_buffer put = out;
    package_put(package, part, &put);
    return given_book_append(package, part, element, children);
}

#define FONT "<%sname val=\"Times New Roman\"/><%sfamily val=\"1\"/>"

void given_book_looks(struct book_parts *w, struct given_book_looks *looks)
{
    size_t font, border, first;
    char *part = book_parts_related(w, "/styles");
    *looks = (struct given_book_looks){0};
    bool fine =
        part &&
        append_counted(w->package, part, "fonts",
                       "<%sfont><%ssz val=\"13\"/>" FONT "</%sfont>"
                       "<%sfont><%sb/><%ssz val=\"13\"/>" FONT "</%sfont>",
                       &font) &&
        append_counted(w->package, part, "borders",
                       "<%sborder><%sleft style=\"thin\"/><%sright style=\"thin\"/>"
                       "<%stop style=\"thin\"/><%sbottom style=\"thin\"/><%sdiagonal/></%sborder>",
                       &border);
    if (fine) {
        struct text_buffer formats = {0};
        static const struct {
            bool bold, border;
            const char *across;
            bool wrap;
        } all[] = {{true, false, "center", true}, {false, false, "left", true},
                   {true, true, "center", true},  {false, true, "left", true},
                   {false, true, "right", false}, {true, true, "left", true},
                   {true, true, "right", false}};
        for (size_t i = 0; i < ARRAY_LEN(all); i++)
            text_buffer_add_format(
                &formats,
                "<%%sxf numFmtId=\"0\" fontId=\"%zu\" fillId=\"0\" borderId=\"%zu\" "
                "applyFont=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><%%salignment "
                "horizontal=\"%s\" vertical=\"center\"%s/></%%sxf>",
                font + all[i].bold, all[i].border ? border : 0, all[i].across,
                all[i].wrap ? " wrapText=\"1\"" : "");
        if (append_counted(w->package, part, "cellXfs", formats.data, &first))
            *looks = (struct given_book_looks){first,     first + 1, first + 2, first + 3,
                                               first + 4, first + 5, first + 6};
        text_buffer_free(&formats);
    }
    free(part);
}

/* ---- wrapped text ---- */

static void add_alignment(struct text_buffer *out, const struct xml_tag *like)
{
    text_buffer_add_format(out, "<%.*salignment vertical=\"center\" wrapText=\"1\"/>",
                           (int)like->prefix_length, like->prefix);
}

static void add_wrapped_alignment(struct text_buffer *out, const struct xml_tag *alignment)
{
    struct text_buffer text = {0};
    struct xml_tag without;
    xml_add_tag_with(&text, alignment, "shrinkToFit", NULL);
    if (xml_next(text.data, text.data + text.length, &without))
        xml_add_tag_with(out, &without, "wrapText", "1");
    text_buffer_free(&text);
}

/* One format, which is from xf to end, wrapped. */
static void add_wrapped(struct text_buffer *out, const struct xml_tag *xf, const char *end)
{
    struct xml_tag open = *xf, alignment;
    open.empty = false;
    xml_add_tag_with(out, &open, "applyAlignment", "1");
    if (xf->empty) {
        add_alignment(out, xf);
        text_buffer_add_format(out, "</%.*sxf>", (int)xf->prefix_length, xf->prefix);
    } else if (xml_find(xf->end, end, "alignment", false, &alignment)) {
        text_buffer_add(out, xf->end, (size_t)(alignment.start - xf->end));
        add_wrapped_alignment(out, &alignment);
        text_buffer_add(out, alignment.end, (size_t)(end - alignment.end));
    } else {
        add_alignment(out, xf);
        text_buffer_add(out, xf->end, (size_t)(end - xf->end));
    }
}

/* ---- cells to be filled in ---- */

static void add_unlocked(struct text_buffer *out, const struct xml_tag *xf, const char *end)
{
    struct xml_tag open = *xf, inner;
    const char *at = xf->end;
    open.empty = false;
    xml_add_tag_with(out, &open, "applyProtection", "1");
    if (!xf->empty && xml_find(xf->end, end, "protection", false, &inner)) {
        text_buffer_add(out, at, (size_t)(inner.start - at));
        xml_add_tag_with(out, &inner, "locked", "0");
        text_buffer_add(out, inner.end, (size_t)(end - inner.end));
        return;
    }
    if (!xf->empty && xml_find(xf->end, end, "alignment", false, &inner))
        at = xml_element_end(&inner, end);
    text_buffer_add(out, xf->end, (size_t)(at - xf->end));
    text_buffer_add_format(out, "<%.*sprotection locked=\"0\"/>", (int)xf->prefix_length, xf->prefix);
    if (xf->empty)
        text_buffer_add_format(out, "</%.*sxf>", (int)xf->prefix_length, xf->prefix);
    else
        text_buffer_add(out, at, (size_t)(end - at));
}

/* ---- twins of all formats ---- */

typedef void (*add_twin)(struct text_buffer *out, const struct xml_tag *xf, const char *end);

static size_t twins(struct book_parts *w, add_twin add)
{
    char *part = book_parts_related(w, "/styles");
    size_t length, first = 0;
    const char *xml = part ? package_part(w->package, part, &length) : NULL;
    struct xml_tag list, xf;
    struct text_buffer formats = {0};
    if (xml && xml_find(xml, xml + length, "cellXfs", false, &list) && !list.empty) {
        const char *end = xml_element_end(&list, xml + length), *at = list.end;
        while (xml_next(at, end, &xf) && !xf.closing) {
            at = xml_element_end(&xf, end);
            add(&formats, &xf, at);
        }
    }
    if (formats.length == 0 ||
        count_children(formats.data, formats.data + formats.length) > MOST_FORMATS ||
        !append_counted(w->package, part, "cellXfs", formats.data, &first))
        first = 0;
    text_buffer_free(&formats);
    free(part);
    return first;
}

size_t given_book_wrap(struct book_parts *w)
{
    return twins(w, add_wrapped);
}

size_t given_book_unlock(struct book_parts *w)
{
    return twins(w, add_unlocked);
}
