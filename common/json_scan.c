/* Strings, numbers and literals of json_check. It is on the path of every event, so plain ASCII inside strings is passed eight bytes
 * at a time. */
#include "json_scan.h"

#include <string.h>

#include "allocate.h"

#define EXACT_DIGITS 15 /* an integer of so many digits is exact as a double */

bool json_scan_fail_at(const struct json_scan *s, const char *reason, const char *what, size_t at)
{
    return error_set(s->err, ERROR_DATA, false, "%s: %s at byte %zu", reason, what, at);
}

bool json_scan_fail(const struct json_scan *s, const char *what)
{
    if (s->at >= s->length)
        return json_scan_fail_at(s, "not_json", "the text ends too early", s->length);
    return json_scan_fail_at(s, "not_json", what, s->at);
}

/* Nonzero if one of the eight bytes is a control character, a quote, a backslash or not ASCII. */
static uint64_t needs_care(uint64_t word)
{
    uint64_t quote = word ^ EACH_BYTE('"');
    uint64_t backslash = word ^ EACH_BYTE('\\');
    return ((word - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1)) | word) &
           EACH_BYTE(0x80);
}

/* How many bytes stand before the first that needs care. Bits behind that one may be wrong, so only the low end is of use. */
static size_t plain_bytes(uint64_t careful)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(careful) / 8;
#else
    (void)careful;
    return 0;
#endif
}

static int hex_digits(const unsigned char *text)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        unsigned char c = text[i];
        int digit;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (c | 0x20) - 'a' + 10;
        else
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

int json_scan_unicode(const struct json_scan *s, size_t at, size_t *used)
{
    int unit = at + 6 <= s->length ? hex_digits(s->text + at + 2) : -1;
    *used = 6;
    if (unit < 0) {
        json_scan_fail_at(s, "not_json", "\\u without four hex digits", at);
        return -1;
    }
    if (unit == 0) {
        json_scan_fail_at(s, "nul_character", "\\u0000", at);
        return -1;
    }
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    int low = -1;
    if (unit < 0xDC00 && at + 12 <= s->length && s->text[at + 6] == '\\' && s->text[at + 7] == 'u')
        low = hex_digits(s->text + at + 8);
    if (low < 0xDC00 || low > 0xDFFF) {
        json_scan_fail_at(s, "not_utf8", "lone surrogate", at);
        return -1;
    }
    *used = 12;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static bool scan_escape(struct json_scan *s)
{
    s->escaped = true;
    if (s->at + 1 >= s->length)
        return json_scan_fail_at(s, "not_json", "the text ends too early", s->length);
    unsigned char c = s->text[s->at + 1];
    if (c == 'u') {
        size_t used;
        if (json_scan_unicode(s, s->at, &used) < 0)
            return false;
        s->at += used;
        return true;
    }
    if (c == '\0' || !strchr("\"\\/bfnrt", c))
        return json_scan_fail(s, "unknown escape in a string");
    s->at += 2;
    return true;
}

bool json_scan_string(struct json_scan *s)
{
    s->escaped = false;
    for (;;) {
        while (s->at + 8 <= s->length) {
            uint64_t word;
            memcpy(&word, s->text + s->at, 8);
            uint64_t careful = needs_care(word);
            if (careful) {
                s->at += plain_bytes(careful);
                break;
            }
            s->at += 8;
        }
        /* Byte by byte to what needs care, or to the end. */
        while (s->at < s->length && s->text[s->at] >= 0x20 && s->text[s->at] < 0x80 &&
               s->text[s->at] != '"' && s->text[s->at] != '\\')
            s->at++;
        if (s->at >= s->length)
            return json_scan_fail(s, "");
        unsigned char c = s->text[s->at];
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c == '\\') {
            if (!scan_escape(s))
                return false;
        } else if (c >= 0x80) {
            do {
                size_t length = utf8_sequence(s->text + s->at, s->length - s->at);
                if (length == 0)
                    return json_scan_fail_at(s, "not_utf8", "invalid UTF-8", s->at);
                s->at += length;
            } while (s->at < s->length && s->text[s->at] >= 0x80);
        } else {
            return c == 0 ? json_scan_fail_at(s, "nul_character", "NUL in a string", s->at)
                          : json_scan_fail(s, "control character in a string");
        }
    }
}

static bool is_digit(const struct json_scan *s)
{
    return s->at < s->length && s->text[s->at] >= '0' && s->text[s->at] <= '9';
}

void json_spans_add(struct json_spans *spans, size_t begin, size_t end)
{
    spans->items = array_room(spans->items, spans->count, &spans->capacity, sizeof *spans->items);
    spans->items[spans->count++] = (struct json_span){begin, end};
}

static bool scan_number(struct json_scan *s)
{
    size_t begin = s->at;
    int exponent = 0;
    bool whole = true;
    if (s->text[s->at] == '-')
        s->at++;
    if (!is_digit(s))
        return json_scan_fail(s, "a number without digits");
    size_t first = s->at;
    if (s->text[s->at] == '0')
        s->at++;
    else
        while (is_digit(s))
            s->at++;
    size_t whole_digits = s->at - first;
    if (s->at < s->length && s->text[s->at] == '.') {
        s->at++;
        whole = false;
        if (!is_digit(s))
            return json_scan_fail(s, "a decimal point without digits");
        while (is_digit(s))
            s->at++;
    }
    if (s->at < s->length && (s->text[s->at] | 0x20) == 'e') {
        s->at++;
        whole = false;
        bool negative = s->at < s->length && s->text[s->at] == '-';
        if (s->at < s->length && (s->text[s->at] == '-' || s->text[s->at] == '+'))
            s->at++;
        if (!is_digit(s))
            return json_scan_fail(s, "an exponent without digits");
        for (; is_digit(s); s->at++)
            exponent = exponent < 10000 ? exponent * 10 + (s->text[s->at] - '0') : exponent;
        exponent = negative ? -exponent : exponent;
    }
    bool too_long = s->at - begin > JSON_MAX_NUMBER;
    bool too_large = (int64_t)whole_digits + exponent > 308;
    if (s->inexact) {
        if (too_long || too_large || (whole && whole_digits > EXACT_DIGITS))
            json_spans_add(s->inexact, begin, s->at);
        return true;
    }
    if (too_long)
        return json_scan_fail_at(s, "not_json", "a number of more than 60 characters", begin);
    if (too_large)
        return json_scan_fail_at(s, "not_json", "a number out of range", begin);
    return true;
}

static bool scan_literal(struct json_scan *s, const char *literal, size_t length)
{
    if (s->length - s->at < length || memcmp(s->text + s->at, literal, length) != 0)
        return json_scan_fail(s, "no JSON value");
    s->at += length;
    return true;
}

bool json_scan_scalar(struct json_scan *s)
{
    unsigned char c = s->text[s->at];
    switch (c) {
    case '"':
        s->at++;
        return json_scan_string(s);
    case 't':
        return scan_literal(s, "true", 4);
    case 'f':
        return scan_literal(s, "false", 5);
    case 'n':
        return scan_literal(s, "null", 4);
    default:
        if (c == '-' || (c >= '0' && c <= '9'))
            return scan_number(s);
        if (c >= 0x80 && utf8_sequence(s->text + s->at, s->length - s->at) == 0)
            return json_scan_fail_at(s, "not_utf8", "invalid UTF-8", s->at);
        return json_scan_fail(s, "no JSON value");
    }
}
