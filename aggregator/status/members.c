#include "members.h"

static void begin(struct text_buffer *out, const char *name)
{
    text_buffer_add_text(out, ",");
    text_buffer_add_json_string(out, name);
    text_buffer_add_text(out, ":");
}

void member_text(struct text_buffer *out, const char *name, const char *text)
{
    begin(out, name);
    if (text[0] == '\0')
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_json_string(out, text);
}

void member_number(struct text_buffer *out, const char *name, int64_t number)
{
    begin(out, name);
    if (number < 0)
        text_buffer_add_text(out, "null");
    else
        text_buffer_add_number(out, number);
}

void member_line(void *lines, const char *line)
{
    struct member_lines *to = lines;
    text_buffer_add_text(to->out, to->count++ > 0 ? "," : "");
    text_buffer_add_json_string(to->out, line);
}
