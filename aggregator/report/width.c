#include "width.h"

size_t text_character(const char *text, size_t bytes, uint32_t *character)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length = s[0] < 0x80             ? 1
                    : (s[0] & 0xE0) == 0xC0 ? 2
                    : (s[0] & 0xF0) == 0xE0 ? 3
                    : (s[0] & 0xF8) == 0xF0 ? 4
                                            : 1;
    if (length > bytes)
        length = 1;
    static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t value = s[0] & mask[length];
    for (size_t i = 1; i < length; i++)
        value = value << 6 | (s[i] & 0x3FU);
    *character = value;
    return length;
}

static bool is_between(uint32_t c, uint32_t first, uint32_t last)
{
    return c >= first && c <= last;
}

static size_t character_width(uint32_t c)
{
    if (c == 0x200B || c == 0x200D || c == 0xFEFF || is_between(c, 0x0300, 0x036F) ||
        is_between(c, 0x20D0, 0x20FF) || is_between(c, 0xFE00, 0xFE0F))
        return 0;
    if (is_between(c, 0x1100, 0x115F) || is_between(c, 0x2E80, 0xA4CF) ||
        is_between(c, 0xAC00, 0xD7A3) || is_between(c, 0xF900, 0xFAFF) ||
        is_between(c, 0xFF00, 0xFF60) || is_between(c, 0x1F300, 0x1FAFF))
        return 2;
    return 1;
}

size_t text_width_of(const char *text, size_t bytes)
{
    size_t width = 0;
    for (size_t i = 0; i < bytes;) {
        uint32_t character;
        i += text_character(text + i, bytes - i, &character);
        width += character_width(character);
    }
    return width;
}

size_t text_width(const char *text)
{
    return text_width_of(text, strlen(text));
}

static void add_blanks(struct text_buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_buffer_add(out, " ", 1);
}

void text_pad(struct text_buffer *out, const char *text, size_t bytes, size_t width,
              enum alignment alignment)
{
    size_t taken = text_width_of(text, bytes);
    size_t blanks = taken < width ? width - taken : 0;
    size_t before = alignment == ALIGN_RIGHT ? blanks : alignment == ALIGN_CENTRE ? blanks / 2 : 0;
    add_blanks(out, before);
    text_buffer_add(out, text, bytes);
    add_blanks(out, blanks - before);
}

/* U+0080 to U+009F, two bytes in UTF-8, command some terminals as ESC [ does. */
static bool is_control(const char *c)
{
    const unsigned char *u = (const unsigned char *)c;
    return u[0] < 0x20 || u[0] == 0x7f || (u[0] == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0);
}

void text_add_plain(struct text_buffer *out, const char *text, bool keep_lines)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (!is_control(c) || (keep_lines && *c == '\n')) {
            text_buffer_add(out, c, 1);
            continue;
        }
        text_buffer_add_format(out, "\\x%02x", (unsigned char)*c);
        if ((unsigned char)*c == 0xc2)
            text_buffer_add_format(out, "\\x%02x", (unsigned char)*++c);
    }
}

bool text_wrap(const char **rest, size_t width, const char **line, size_t *bytes)
{
    const char *start = *rest + strspn(*rest, " ");
    if (*start == '\0')
        return false;
    const char *end = start + strcspn(start, " ");
    for (;;) {
        const char *word = end + strspn(end, " ");
        const char *word_end = word + strcspn(word, " ");
        if (word == word_end || text_width_of(start, (size_t)(word_end - start)) > width)
            break;
        end = word_end;
    }
    *line = start;
    *bytes = (size_t)(end - start);
    *rest = end;
    return true;
}

size_t text_widest_word(const char *text)
{
    size_t widest = 0;
    const char *rest = text, *word;
    size_t bytes;
    while (text_wrap(&rest, 0, &word, &bytes)) {
        size_t width = text_width_of(word, bytes);
        widest = width > widest ? width : widest;
    }
    return widest;
}
