/* The scan of json_check: a loop over bytes with the kinds of the open containers in the bits of one word. It is on the path of
 * every event, so plain ASCII inside strings is passed eight bytes at a time. */
#include "json_internal.h"

#include <string.h>

#include "allocate.h"

#define EXACT_DIGITS 15 /* an integer of so many digits is exact as a double */

struct scan {
    const unsigned char *text;
    size_t length, at;
    struct error *err;

    const char *member; /* looked for in the outermost object; NULL = none */
    size_t member_length, start, end;
    bool found, escaped; /* escaped: the last string had a backslash */

    struct json_spans *inexact; /* numbers that a double cannot hold are noted here; NULL = they are refused or rounded */
};

static bool fail_at(const struct scan *s, const char *reason, const char *what, size_t at)
{
    return error_set(s->err, ERROR_DATA, false, "%s: %s at byte %zu", reason, what, at);
}

static bool fail_json(const struct scan *s, const char *what)
{
    if (s->at >= s->length)
        return fail_at(s, "not_json", "the text ends too early", s->length);
    return fail_at(s, "not_json", what, s->at);
}

/* Nonzero if one of the eight bytes is a control character, a quote, a backslash or not ASCII. */
static uint64_t needs_care(uint64_t word)
{
    uint64_t quote = word ^ EACH_BYTE('"');
    uint64_t backslash = word ^ EACH_BYTE('\\');
    return ((word - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1)) | word) &
           EACH_BYTE(0x80);
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

/* The code point of the \uXXXX (or pair) at `at`, which is the backslash; -1 with err set if there is none. */
static int unicode_escape(const struct scan *s, size_t at, size_t *used)
{
    int unit = at + 6 <= s->length ? hex_digits(s->text + at + 2) : -1;
    *used = 6;
    if (unit < 0) {
        fail_at(s, "not_json", "\\u without four hex digits", at);
        return -1;
    }
    if (unit == 0) {
        fail_at(s, "nul_character", "\\u0000", at);
        return -1;
    }
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    int low = -1;
    if (unit < 0xDC00 && at + 12 <= s->length && s->text[at + 6] == '\\' && s->text[at + 7] == 'u')
        low = hex_digits(s->text + at + 8);
    if (low < 0xDC00 || low > 0xDFFF) {
        fail_at(s, "not_utf8", "lone surrogate", at);
        return -1;
    }
    *used = 12;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

static bool scan_escape(struct scan *s)
{
    s->escaped = true;
    if (s->at + 1 >= s->length)
        return fail_at(s, "not_json", "the text ends too early", s->length);
    unsigned char c = s->text[s->at + 1];
    if (c == 'u') {
        size_t used;
        if (unicode_escape(s, s->at, &used) < 0)
            return false;
        s->at += used;
        return true;
    }
    if (c == '\0' || !strchr("\"\\/bfnrt", c))
        return fail_json(s, "unknown escape in a string");
    s->at += 2;
    return true;
}

/* at is behind the opening quote; afterwards behind the closing one. */
static bool scan_string(struct scan *s)
{
    s->escaped = false;
    for (;;) {
        while (s->at + 8 <= s->length) {
            uint64_t word;
            memcpy(&word, s->text + s->at, 8);
            if (needs_care(word))
                break;
            s->at += 8;
        }
        /* Byte by byte to what needs care, or to the end. */
        while (s->at < s->length && s->text[s->at] >= 0x20 && s->text[s->at] < 0x80 &&
               s->text[s->at] != '"' && s->text[s->at] != '\\')
            s->at++;
        if (s->at >= s->length)
            return fail_json(s, "");
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
                    return fail_at(s, "not_utf8", "invalid UTF-8", s->at);
                s->at += length;
            } while (s->at < s->length && s->text[s->at] >= 0x80);
        } else {
            return c == 0 ? fail_at(s, "nul_character", "NUL in a string", s->at)
                          : fail_json(s, "control character in a string");
        }
    }
}

static bool is_digit(const struct scan *s)
{
    return s->at < s->length && s->text[s->at] >= '0' && s->text[s->at] <= '9';
}

static void note_inexact(struct json_spans *spans, size_t begin, size_t end)
{
    spans->items = array_room(spans->items, spans->count, &spans->capacity, sizeof *spans->items);
    spans->items[spans->count++] = (struct json_span){begin, end};
}

static bool scan_number(struct scan *s)
{
    size_t begin = s->at;
    int exponent = 0;
    bool whole = true;
    if (s->text[s->at] == '-')
        s->at++;
    if (!is_digit(s))
        return fail_json(s, "a number without digits");
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
            return fail_json(s, "a decimal point without digits");
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
            return fail_json(s, "an exponent without digits");
        for (; is_digit(s); s->at++)
            exponent = exponent < 10000 ? exponent * 10 + (s->text[s->at] - '0') : exponent;
        exponent = negative ? -exponent : exponent;
    }
    bool too_long = s->at - begin > JSON_MAX_NUMBER;
    bool too_large = (int64_t)whole_digits + exponent > 308;
    if (s->inexact) {
        if (too_long || too_large || (whole && whole_digits > EXACT_DIGITS))
            note_inexact(s->inexact, begin, s->at);
        return true;
    }
    if (too_long)
        return fail_at(s, "not_json", "a number of more than 60 characters", begin);
    if (too_large)
        return fail_at(s, "not_json", "a number out of range", begin);
    return true;
}

static bool scan_literal(struct scan *s, const char *literal, size_t length)
{
    if (s->length - s->at < length || memcmp(s->text + s->at, literal, length) != 0)
        return fail_json(s, "no JSON value");
    s->at += length;
    return true;
}

static bool scan_scalar(struct scan *s)
{
    unsigned char c = s->text[s->at];
    switch (c) {
    case '"':
        s->at++;
        return scan_string(s);
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
            return fail_at(s, "not_utf8", "invalid UTF-8", s->at);
        return fail_json(s, "no JSON value");
    }
}

static void skip_space(struct scan *s)
{
    while (s->at < s->length) {
        unsigned char c = s->text[s->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return;
        s->at++;
    }
}

static size_t utf8_encode(int code, unsigned char out[4])
{
    if (code < 0x80) {
        out[0] = (unsigned char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (unsigned char)(marks[length] | code);
    return length;
}

/* Does the checked key in [begin, end), without its quotes, spell the member's name? */
static bool is_member(const struct scan *s, size_t begin, size_t end)
{
    if (!s->escaped)
        return end - begin == s->member_length &&
               memcmp(s->text + begin, s->member, s->member_length) == 0;
    size_t matched = 0;
    for (size_t at = begin; at < end;) {
        unsigned char bytes[4] = {s->text[at]};
        size_t count = 1, used = 1;
        if (bytes[0] == '\\') {
            static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
            const char *name = strchr(names, s->text[at + 1]);
            used = 2;
            if (name)
                bytes[0] = (unsigned char)values[name - names];
            else
                count = utf8_encode(unicode_escape(s, at, &used), bytes);
        }
        if (count > s->member_length - matched || memcmp(s->member + matched, bytes, count) != 0)
            return false;
        matched += count;
        at += used;
    }
    return matched == s->member_length;
}

/* A key and its colon. Sets *wanted if it is the member looked for. */
static bool scan_key(struct scan *s, unsigned depth, bool *wanted)
{
    *wanted = false;
    if (s->at >= s->length || s->text[s->at] != '"')
        return fail_json(s, "no key where one must be");
    size_t begin = ++s->at;
    if (!scan_string(s))
        return false;
    if (depth == 1 && s->member && is_member(s, begin, s->at - 1)) {
        if (s->found)
            return fail_at(s, "not_json", "a key for the second time", begin);
        *wanted = s->found = true;
    }
    skip_space(s);
    if (s->at >= s->length || s->text[s->at] != ':')
        return fail_json(s, "no colon after a key");
    s->at++;
    skip_space(s);
    return true;
}

/* Behind a value: closes what ends here, up to the comma before the next value or to the end of the text. */
static bool scan_after_value(struct scan *s, uint64_t objects, unsigned *depth)
{
    for (;;) {
        if (*depth == 1 && s->found && s->end == 0)
            s->end = s->at;
        skip_space(s);
        if (*depth == 0)
            return s->at == s->length || fail_json(s, "something behind the JSON text");
        if (s->at >= s->length)
            return fail_json(s, "");
        bool object = (objects >> *depth) & 1U;
        unsigned char c = s->text[s->at];
        if (c != ',' && c != (object ? '}' : ']'))
            return fail_json(s, "neither a comma nor the container's end");
        s->at++;
        if (c == ',') {
            skip_space(s);
            return true;
        }
        (*depth)--;
    }
}

static bool scan_text(struct scan *s)
{
    uint64_t objects = 0; /* bit d: the container of depth d is an object */
    unsigned depth = 0;
    skip_space(s);
    do {
        bool wanted = false;
        if (depth > 0 && ((objects >> depth) & 1U) && !scan_key(s, depth, &wanted))
            return false;
        if (wanted)
            s->start = s->at;
        if (s->at >= s->length)
            return fail_json(s, "");
        /* Opens containers until one has a first value, or is empty. */
        unsigned char c = s->text[s->at];
        if (c == '{' || c == '[') {
            if (depth == JSON_MAX_DEPTH)
                return fail_at(s, "too_deep", "more than 32 levels", s->at);
            depth++;
            objects = c == '{' ? objects | UINT64_C(1) << depth : objects & ~(UINT64_C(1) << depth);
            s->at++;
            skip_space(s);
            if (s->at >= s->length || s->text[s->at] != (c == '{' ? '}' : ']'))
                continue;
            s->at++;
            depth--;
        } else if (!scan_scalar(s)) {
            return false;
        }
        if (!scan_after_value(s, objects, &depth))
            return false;
    } while (depth > 0);
    return true;
}

bool json_check(const char *text, size_t length, struct error *err)
{
    struct scan s = {.text = (const unsigned char *)text, .length = length, .err = err};
    return scan_text(&s);
}

bool json_check_inexact(const char *text, size_t length, struct json_spans *inexact, struct error *err)
{
    struct scan s = {
        .text = (const unsigned char *)text, .length = length, .err = err, .inexact = inexact};
    return scan_text(&s);
}

bool json_check_extent(const char *text, size_t length, const char *member, size_t *start,
                       size_t *end, struct error *err)
{
    struct scan s = {.text = (const unsigned char *)text,
                     .length = length,
                     .err = err,
                     .member = member,
                     .member_length = strlen(member)};
    *start = *end = 0;
    if (!scan_text(&s))
        return false;
    *start = s.start;
    *end = s.end;
    return true;
}
