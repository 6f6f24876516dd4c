#include "trace.h"

#include <ctype.h>

static void add_literal(struct text_buffer *out, const char *text)
{
    if (text == NULL) {
        text_buffer_add_text(out, "NULL");
        return;
    }
    text_buffer_add_text(out, "'");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'')
            text_buffer_add_text(out, "'");
        text_buffer_add(out, c, 1);
    }
    text_buffer_add_text(out, "'");
}

/* Reads the digits after "$"; 0 where they name no parameter. */
static size_t parameter_at(const char **at, size_t count)
{
    const char *c = *at + 1;
    size_t number = 0;
    while (isdigit((unsigned char)*c) && number <= count)
        number = number * 10 + (size_t)(*c++ - '0');
    if (number == 0 || number > count)
        return 0;
    *at = c;
    return number;
}

/* Comments name the parameters as $1: there they stay. */
void report_trace_add(struct report_trace *trace, const char *sql, size_t count,
                      const char *const *parameters)
{
    struct text_buffer *out = &trace->text;
    bool comment = false;
    if (trace->count++ > 0)
        text_buffer_add_text(out, "\n");
    for (const char *c = sql; *c != '\0';) {
        comment = *c != '\n' && (comment || strncmp(c, "--", 2) == 0);
        size_t number = *c == '$' && !comment ? parameter_at(&c, count) : 0;
        if (number > 0)
            add_literal(out, parameters[number - 1]);
        else
            text_buffer_add(out, c++, 1);
    }
    while (out->length > 0 && isspace((unsigned char)out->data[out->length - 1]))
        out->length--;
    text_buffer_add_text(out, ";\n");
}

void report_trace_free(struct report_trace *trace)
{
    text_buffer_free(&trace->text);
    *trace = (struct report_trace){0};
}
