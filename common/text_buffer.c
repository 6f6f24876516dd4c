#include "text_buffer.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *why)
{
    fprintf(stderr, "text_buffer: %s\n", why);
    abort();
}

void text_buffer_free(struct text_buffer *b)
{
    free(b->data);
    *b = (struct text_buffer){0};
}

void text_buffer_reserve(struct text_buffer *b, size_t more)
{
    if (more > TEXT_BUFFER_MAX - b->length)
        give_up("more than TEXT_BUFFER_MAX bytes");
    size_t needed = b->length + more + 1;
    if (needed <= b->capacity)
        return;
    size_t capacity = b->capacity < 64 ? 64 : b->capacity;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(b->data, capacity);
    if (!data)
        give_up("out of memory");
    b->data = data;
    b->capacity = capacity;
}

void text_buffer_add(struct text_buffer *b, const void *bytes, size_t length)
{
    text_buffer_reserve(b, length);
    if (length > 0)
        memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

void text_buffer_add_format(struct text_buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    text_buffer_reserve(b, 128);
    size_t room = b->capacity - b->length;
    int written = vsnprintf(b->data + b->length, room, format, args);
    if (written < 0)
        give_up("bad format");
    if ((size_t)written >= room) {
        text_buffer_reserve(b, (size_t)written);
        vsnprintf(b->data + b->length, (size_t)written + 1, format, again);
    }
    b->length += (size_t)written;
    va_end(again);
    va_end(args);
}

void text_buffer_add_number(struct text_buffer *b, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    text_buffer_add(b, digits + at, sizeof digits - at);
}

void text_buffer_add_json_string(struct text_buffer *b, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    text_buffer_add(b, "\"", 1);
    const char *run = text;
    for (const char *p = text;; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        text_buffer_add(b, run, (size_t)(p - run));
        if (c == '\0')
            break;
        run = p + 1;
        char escape[6] = {'\\', (char)c};
        size_t length = 2;
        if (c == '\n')
            escape[1] = 'n';
        else if (c == '\t')
            escape[1] = 't';
        else if (c == '\r')
            escape[1] = 'r';
        else if (c == '\b')
            escape[1] = 'b';
        else if (c == '\f')
            escape[1] = 'f';
        else if (c < 0x20) {
            memcpy(escape, "\\u00", 4);
            escape[4] = hex[c >> 4];
            escape[5] = hex[c & 15];
            length = 6;
        }
        text_buffer_add(b, escape, length);
    }
    text_buffer_add(b, "\"", 1);
}

/* Scores and shares have few decimals. An integer below 2^53 divided by a power of ten below 10^23 is the double that the decimal
 * stands for, both being exact and division being rounded correctly: what compares equal prints the same as below. */
static bool add_short_decimal(struct text_buffer *b, double number)
{
    double size = fabs(number);
    int64_t one = 10;
    if (size < 1e-4 || size >= 1e6)
        return false;
    for (int decimals = 1; decimals <= 6; decimals++, one *= 10) {
        double scale = (double)one, whole = round(size * scale);
        if (whole / scale != size)
            continue;
        char digits[8];
        int64_t units = (int64_t)whole, rest = units % one;
        if (number < 0)
            text_buffer_add(b, "-", 1);
        text_buffer_add_number(b, units / one);
        digits[0] = '.';
        for (int i = decimals; i > 0; i--, rest /= 10)
            digits[i] = (char)('0' + rest % 10);
        text_buffer_add(b, digits, (size_t)decimals + 1);
        return true;
    }
    return false;
}

void text_buffer_add_json_double(struct text_buffer *b, double number)
{
    if (!isfinite(number)) {
        text_buffer_add(b, "null", 4);
        return;
    }
    if (fabs(number) < 1e15 && number == trunc(number)) {
        text_buffer_add_number(b, (int64_t)number);
        return;
    }
    if (add_short_decimal(b, number))
        return;
    /* A normal double that has a decimal of up to 15 digits prints as that decimal with 15; only subnormals have fewer. */
    char text[40];
    for (int digits = fabs(number) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    /* Some locales write a decimal comma; JSON has none. */
    char *comma = strchr(text, ',');
    if (comma)
        *comma = '.';
    text_buffer_add_text(b, text);
}
