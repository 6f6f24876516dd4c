#include "report_markup.h"

void markup_text(struct text_buffer *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        switch (*c) {
        case '&':
            text_buffer_add_text(out, "&amp;");
            break;
        case '<':
            text_buffer_add_text(out, "&lt;");
            break;
        case '>':
            text_buffer_add_text(out, "&gt;");
            break;
        case '"':
            text_buffer_add_text(out, "&quot;");
            break;
        case '\'':
            text_buffer_add_text(out, "&#39;");
            break;
        case '\n':
        case '\t':
            text_buffer_add(out, c, 1);
            break;
        default:
            if ((unsigned char)*c < ' ' || *c == 0x7F)
                text_buffer_add_text(out, "\xEF\xBF\xBD");
            else
                text_buffer_add(out, c, 1);
        }
    }
}
