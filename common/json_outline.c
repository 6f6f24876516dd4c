#include "json_outline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_scan.h"

#define FEW_MEMBERS 32
#define EXACT_INTEGER 9007199254740992.0 /* 2^53 */

void json_outline_release(struct json_outline *outline)
{
    free(outline->members.items);
    free(outline->inner_members.items);
    *outline = (struct json_outline){0};
}

/* Which keys differ is mostly told by their lengths and ends; only those with the same bit are compared. */
static bool may_repeat(const struct json_members *members)
{
    uint64_t seen = 0;
    if (members->count > FEW_MEMBERS)
        return true;
    for (size_t i = 0; i < members->count; i++) {
        const struct json_slice *key = &members->items[i].key;
        if (key->escaped || key->length == 0)
            return true;
        unsigned mix = key->length * 7U + (unsigned char)key->text[0] * 5U +
                       (unsigned char)key->text[key->length - 1] * 3U +
                       (unsigned char)key->text[key->length / 2];
        uint64_t bit = UINT64_C(1) << (mix & 63);
        if (seen & bit)
            for (size_t k = 0; k < i; k++)
                if (members->items[k].key.length == key->length &&
                    memcmp(members->items[k].key.text, key->text, key->length) == 0)
                    return true;
        seen |= bit;
    }
    return false;
}

bool json_outline_of(const char *text, size_t length, const char *inner, struct json_outline *out,
                     struct error *err)
{
    out->members.count = out->inner_members.count = 0;
    out->is_object = out->nested = false;
    out->inner = (struct json_slice){0};
    if (!json_check_outline(text, length, inner, out, err))
        return false;
    if (!out->nested && !may_repeat(&out->members) && !may_repeat(&out->inner_members))
        return true;
    /* Rare: a tree tells whether a key stands twice in one of the objects. */
    struct json *root = json_parse_checked(text, length, err);
    json_free(root);
    return root != NULL;
}

size_t json_unescape(struct json_slice string, char *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const struct json_scan s = {.text = (const unsigned char *)string.text, .length = string.length};
    char *end = out;
    for (size_t at = 0, used; at < string.length; at += used) {
        used = 1;
        if (string.text[at] != '\\') {
            *end++ = string.text[at];
            continue;
        }
        const char *known = strchr(names, string.text[at + 1]);
        used = 2;
        if (known)
            *end++ = values[known - names];
        else
            end += utf8_encode(json_scan_unicode(&s, at, &used), (unsigned char *)end);
    }
    return (size_t)(end - out);
}

double json_slice_number(struct json_slice number)
{
    /* 2^53 and 10^15 are exact, so the quotient is rounded once: as exact as strtod. */
    static const double powers[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    int64_t digits = 0;
    uint32_t decimals = 0, i = 0;
    bool point = false;
    for (; i < number.length && i <= 15; i++) {
        char c = number.text[i];
        if (c == '.' && !point)
            point = true;
        else if (c >= '0' && c <= '9') {
            digits = digits * 10 + (c - '0');
            decimals += point;
        } else
            break;
    }
    if (i == number.length)
        return (double)digits / powers[decimals];
    char text[JSON_MAX_NUMBER + 1];
    uint32_t length = number.length < JSON_MAX_NUMBER ? number.length : JSON_MAX_NUMBER;
    memcpy(text, number.text, length);
    text[length] = '\0';
    return strtod(text, NULL);
}

bool json_slice_integer(struct json_slice value, int64_t *out)
{
    if (value.kind != JSON_NUMBER)
        return false;
    double number = json_slice_number(value);
    if (fabs(number) > EXACT_INTEGER || number != trunc(number))
        return false;
    *out = (int64_t)number;
    return true;
}

bool json_slice_next(struct json_slice array, size_t *at, struct json_slice *element)
{
    struct json_scan s = {
        .text = (const unsigned char *)array.text, .length = array.length, .at = *at ? *at : 1};
    while (s.at + 1 < s.length && strchr(" \n\r\t,", s.text[s.at]))
        s.at++;
    if (s.at + 1 >= s.length)
        return false;
    size_t begin = s.at;
    enum json_kind kind = json_kind_of(s.text[begin]);
    if (kind == JSON_ARRAY || kind == JSON_OBJECT)
        s.at = s.length;
    else if (!json_scan_scalar(&s))
        return false; /* the text was checked: this cannot be */
    bool string = kind == JSON_STRING;
    *element = (struct json_slice){array.text + begin + string,
                                   (uint32_t)(s.at - begin - (string ? 2 : 0)), (uint8_t)kind,
                                   string && s.escaped};
    *at = s.at;
    return true;
}
