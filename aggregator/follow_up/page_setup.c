#include "page_setup.h"

#include <stdlib.h>

#include "../../common/xml.h"

struct setting {
    const char *name, *value;
};

#define LETTER 1 /* nobody's choice here, but a program's default */

/* The first is the paper's: left out where the sheet has chosen one. Margins in inches: left and right as near the edge as printers go. */
static const struct setting fit[] = {{"fitToPage", "1"}},
                            page[] = {{"paperSize", "9"},
                                      {"orientation", "landscape"},
                                      {"fitToWidth", "1"},
                                      {"fitToHeight", "0"}},
                            margins[] = {{"left", "0.3"},    {"right", "0.3"},  {"top", "0.75"},
                                         {"bottom", "0.75"}, {"header", "0.3"}, {"footer", "0.3"}};

/* What may stand behind the page's setup in a sheet: it goes before the first of them. */
static const char *const behind[] = {
    "headerFooter",  "rowBreaks",       "colBreaks",  "customProperties",
    "cellWatches",   "ignoredErrors",   "smartTags",  "drawing",
    "legacyDrawing", "legacyDrawingHF", "picture",    "oleObjects",
    "controls",      "webPublishItems", "tableParts", "extLst"};

static bool is_behind(const struct xml_tag *tag)
{
    for (size_t i = 0; i < ARRAY_LEN(behind); i++)
        if (xml_is(tag, behind[i]))
            return true;
    return false;
}

static void add_tag_with(struct text_buffer *out, const struct xml_tag *tag,
                         const struct setting *settings, size_t count)
{
    struct text_buffer now = {0}, next = {0};
    struct xml_tag at = *tag;
    for (size_t i = 0; i < count; i++) {
        text_buffer_clear(&next);
        xml_add_tag_with(&next, &at, settings[i].name, settings[i].value);
        struct text_buffer before = now;
        now = next;
        next = before;
        if (!xml_next(now.data, now.data + now.length, &at))
            break;
    }
    text_buffer_add(out, now.data, now.length);
    text_buffer_free(&now);
    text_buffer_free(&next);
}

static void add_new(struct text_buffer *out, const struct xml_tag *like, const char *name,
                    const struct setting *settings, size_t count)
{
    text_buffer_add_format(out, "<%.*s%s", (int)like->prefix_length, like->prefix, name);
    for (size_t i = 0; i < count; i++)
        text_buffer_add_format(out, " %s=\"%s\"", settings[i].name, settings[i].value);
    text_buffer_add_text(out, "/>");
}

static void add_name(struct text_buffer *out, const struct xml_tag *like, const char *open,
                     const char *name)
{
    text_buffer_add_format(out, "%s%.*s%s>", open, (int)like->prefix_length, like->prefix, name);
}

/* Its last child says whether the sheet is fitted to pages. */
static void add_properties(struct text_buffer *out, const struct xml_tag *tag, const char *end)
{
    const char *inside = tag->end;
    struct xml_tag child, open = *tag;
    if (!tag->empty && xml_find(inside, end, "pageSetUpPr", false, &child)) {
        text_buffer_add(out, tag->start, (size_t)(child.start - tag->start));
        add_tag_with(out, &child, fit, ARRAY_LEN(fit));
        text_buffer_add(out, child.end, (size_t)(end - child.end));
        return;
    }
    open.empty = false;
    xml_add_tag_with(out, &open, "", NULL);
    if (!tag->empty) {
        struct xml_tag closing;
        const char *last = inside;
        for (const char *at = inside; xml_next(at, end, &closing); at = closing.end)
            last = closing.start;
        text_buffer_add(out, inside, (size_t)(last - inside));
    }
    add_new(out, tag, "pageSetUpPr", fit, ARRAY_LEN(fit));
    add_name(out, tag, "</", "sheetPr");
}

static void add_made_properties(struct text_buffer *out, const struct xml_tag *sheet)
{
    add_name(out, sheet, "<", "sheetPr");
    add_new(out, sheet, "pageSetUpPr", fit, ARRAY_LEN(fit));
    add_name(out, sheet, "</", "sheetPr");
}

/* No wider than need be; where they are narrower, they stay. */
static void add_margins(struct text_buffer *out, const struct xml_tag *tag)
{
    struct setting narrow[ARRAY_LEN(margins)];
    size_t count = 0, length;
    for (size_t i = 0; i < ARRAY_LEN(margins); i++) {
        const char *value;
        if (!xml_attribute(tag, margins[i].name, &value, &length) ||
            strtod(value, NULL) > strtod(margins[i].value, NULL))
            narrow[count++] = margins[i];
    }
    if (count > 0)
        add_tag_with(out, tag, narrow, count);
    else
        text_buffer_add(out, tag->start, (size_t)(tag->end - tag->start));
}

static void add_page(struct text_buffer *out, const struct xml_tag *tag)
{
    const size_t paper = xml_number(tag, "paperSize"), kept = paper > LETTER ? 1 : 0;
    add_tag_with(out, tag, page + kept, ARRAY_LEN(page) - kept);
}

/* Views that others saved have page setups of their own, one level below: elements are taken whole. */
void sheet_fit_width(const char *xml, size_t length, struct text_buffer *out)
{
    const char *end = xml + length, *at = xml;
    struct xml_tag sheet, tag;
    bool set = false, margined = false;
    if (!xml_find(xml, end, "worksheet", false, &sheet) || sheet.empty) {
        text_buffer_add(out, xml, length);
        return;
    }
    text_buffer_add(out, at, (size_t)(sheet.end - at));
    at = sheet.end;
    bool found = xml_next(at, end, &tag) && xml_is(&tag, "sheetPr");
    if (!found)
        add_made_properties(out, &sheet);
    while (xml_next(at, end, &tag)) {
        const char *element_end = tag.closing ? end : xml_element_end(&tag, end);
        if (!set && (tag.closing || is_behind(&tag))) {
            text_buffer_add(out, at, (size_t)(tag.start - at));
            if (!margined)
                add_new(out, &sheet, "pageMargins", margins, ARRAY_LEN(margins));
            add_new(out, &sheet, "pageSetup", page, ARRAY_LEN(page));
            at = tag.start;
            set = margined = true;
        }
        text_buffer_add(out, at, (size_t)(tag.start - at));
        if (xml_is(&tag, "pageSetup") && !margined)
            add_new(out, &sheet, "pageMargins", margins, ARRAY_LEN(margins));
        margined = margined || xml_is(&tag, "pageSetup") || xml_is(&tag, "pageMargins");
        if (xml_is(&tag, "sheetPr")) {
            add_properties(out, &tag, element_end);
        } else if (xml_is(&tag, "pageMargins")) {
            add_margins(out, &tag);
            text_buffer_add(out, tag.end, (size_t)(element_end - tag.end));
        } else if (xml_is(&tag, "pageSetup")) {
            add_page(out, &tag);
            text_buffer_add(out, tag.end, (size_t)(element_end - tag.end));
            set = true;
        } else {
            text_buffer_add(out, tag.start, (size_t)(element_end - tag.start));
        }
        at = element_end;
    }
    text_buffer_add(out, at, (size_t)(end - at));
}
