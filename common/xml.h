/* Just enough XML to change workbooks in place: tags one after the other, their attributes, text escaped. Well-formed input is
 * expected (Excel reads nothing else); of anything else nothing worse comes than that a tag is not found. Pure. */
#ifndef MOOC_XML_H
#define MOOC_XML_H

#include "base.h"
#include "text_buffer.h"

struct xml_tag {
    const char *start, *end; /* from '<' to behind '>' */
    const char *prefix;      /* with its colon: "x:"; of prefix_length bytes, mostly 0 */
    const char *name;        /* without the prefix */
    size_t prefix_length, name_length;
    bool closing, empty; /* </a>, <a/> */
};

/* The next tag at or behind from; comments, CDATA and instructions are passed over. */
bool xml_next(const char *from, const char *end, struct xml_tag *tag) MUST_CHECK;
bool xml_is(const struct xml_tag *tag, const char *name);
/* The next tag of that name. */
bool xml_find(const char *from, const char *end, const char *name, bool closing, struct xml_tag *tag)
    MUST_CHECK;
/* Where the element that the tag opens ends: behind its closing tag. */
const char *xml_element_end(const struct xml_tag *tag, const char *end);

/* An attribute's value as written; *length 0 and false when it has none. With any prefix if name begins with ':'. */
bool xml_attribute(const struct xml_tag *tag, const char *name, const char **value, size_t *length)
    MUST_CHECK;
/* Is that how such a value ends? */
bool xml_ends_with(const char *value, size_t length, const char *end);
/* As a number; 0 when there is none. */
size_t xml_number(const struct xml_tag *tag, const char *name);
/* The tag with this attribute left out, or set to value. */
void xml_add_tag_with(struct text_buffer *out, const struct xml_tag *tag, const char *name,
                      const char *value);

/* Escaped; what no XML may hold is left out. */
void xml_add_text(struct text_buffer *out, const char *text);
/* The five entities and numbers undone. */
void xml_decode(const char *text, size_t length, struct text_buffer *out);

#endif
