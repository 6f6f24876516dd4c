#include <string.h>

#include "report_font.h"
#include "width.h"

/* Of Times Roman and Times Bold, from the blank to the tilde, in thousandths of the size: the metrics that Times New Roman and
 * Liberation Serif have, too. */
static const short widths[2][95] = {
    {250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500,
     500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611,
     556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722,
     722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500,
     278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541},
    {250, 333, 555, 500, 500, 1000, 833, 278,  333, 333, 500, 570, 250, 333, 250, 278,
     500, 500, 500, 500, 500, 500,  500, 500,  500, 500, 333, 333, 570, 570, 570, 500,
     930, 722, 667, 722, 722, 667,  611, 778,  778, 389, 500, 778, 667, 944, 722, 778,
     611, 778, 722, 556, 667, 722,  722, 1000, 722, 722, 667, 333, 278, 333, 581, 500,
     333, 500, 556, 444, 556, 444,  333, 500,  556, 278, 333, 556, 278, 833, 556, 500,
     556, 556, 444, 389, 333, 556,  500, 722,  500, 500, 444, 394, 220, 394, 520}};

/* What stands under the marks of a Latin letter; others come back as they are. */
static uint32_t base_letter(uint32_t c)
{
    static const char latin1[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPs";
    static const struct {
        uint32_t first, last;
        char upper, lower;
    } ranges[] = {
        {0x102, 0x103, 'A', 'a'},   {0x110, 0x111, 'D', 'd'},   {0x128, 0x129, 'I', 'i'},
        {0x168, 0x169, 'U', 'u'},   {0x1A0, 0x1A1, 'O', 'o'},   {0x1EA0, 0x1EB7, 'A', 'a'},
        {0x1EB8, 0x1EC7, 'E', 'e'}, {0x1EC8, 0x1ECB, 'I', 'i'}, {0x1ECC, 0x1EE3, 'O', 'o'},
        {0x1EE4, 0x1EF1, 'U', 'u'}, {0x1EF2, 0x1EF9, 'Y', 'y'}};
    if (c >= 0xC0 && c <= 0xFF)
        return (uint32_t)latin1[(c - 0xC0) & 0x1F] + (c >= 0xE0 && latin1[c & 0x1F] <= 'Z' ? 32 : 0);
    if (c == 0x1AF || c == 0x1B0)
        return c == 0x1AF ? 'U' : 'u';
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return (uint32_t)((c - ranges[i].first) % 2 == 0 ? ranges[i].upper : ranges[i].lower);
    }
    return c;
}

/* In thousandths. The horn of ơ and ư widens them a little. */
static unsigned character_units(uint32_t c, size_t columns, bool bold)
{
    uint32_t base = base_letter(c);
    unsigned horn = c == 0x1A0 || c == 0x1A1 || c == 0x1AF || c == 0x1B0 ||
                            (c >= 0x1EDA && c <= 0x1EE3) || (c >= 0x1EE8 && c <= 0x1EF1)
                        ? 60
                        : 0;
    if (base >= ' ' && base <= '~')
        return (unsigned)widths[bold][base - ' '] + horn;
    return columns == 0 ? 0 : columns == 2 || c == 0x2014 || c == 0x2026 ? 1000 : 600;
}

double font_width(const char *text, size_t bytes, double size, bool bold)
{
    unsigned long units = 0;
    for (size_t i = 0; i < bytes;) {
        uint32_t c;
        size_t length = text_character(text + i, bytes - i, &c);
        units += character_units(c, text_width_of(text + i, length), bold);
        i += length;
    }
    return (double)units * size / 1000.0;
}

double font_widest_word(const char *text, double size, bool bold)
{
    double widest = 0;
    for (const char *at = text; *at != '\0';) {
        size_t bytes = strcspn(at, " \n");
        double width = font_width(at, bytes, size, bold);
        widest = width > widest ? width : widest;
        at += bytes;
        at += strspn(at, " \n");
    }
    return widest;
}

/* Of one line as it is written. */
static size_t wrapped_lines(const char *text, size_t bytes, double width, double size, bool bold)
{
    double blank = font_width(" ", 1, size, bold), used = 0;
    size_t lines = 1;
    for (size_t at = 0; at < bytes;) {
        size_t word = strcspn(text + at, " ");
        word = word > bytes - at ? bytes - at : word;
        double wide = font_width(text + at, word, size, bold);
        if (used > 0 && used + blank + wide > width) {
            lines++;
            used = 0;
        }
        used += used > 0 ? blank + wide : wide;
        while (used > width && width > size) {
            used -= width;
            lines++;
        }
        at += word;
        at += at < bytes ? 1 : 0;
    }
    return lines;
}

size_t font_lines(const char *text, double width, double size, bool bold)
{
    size_t lines = 0;
    for (const char *at = text;;) {
        size_t bytes = strcspn(at, "\n");
        lines += wrapped_lines(at, bytes, width, size, bold);
        if (at[bytes] == '\0')
            return lines;
        at += bytes + 1;
    }
}
