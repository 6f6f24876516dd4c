#include "identity.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text.h"

/* White space cleaned; what does not fit or is no UTF-8 counts as malformed. */
static enum identity_fault clean(const char *raw, char out[IDENTITY_TEXT])
{
    out[0] = '\0';
    if (raw == NULL)
        return IDENTITY_MISSING;
    if (!text_narrow(raw, out, IDENTITY_TEXT)) {
        out[0] = '\0';
        return IDENTITY_MALFORMED;
    }
    return out[0] == '\0' ? IDENTITY_MISSING : IDENTITY_OK;
}

static enum identity_fault malformed(char out[IDENTITY_TEXT])
{
    out[0] = '\0';
    return IDENTITY_MALFORMED;
}

/* Labels of letters, digits and inner hyphens; at least two; the last of two letters or more. */
static bool is_domain(const char *domain)
{
    size_t labels = 0, length = 0;
    bool letters_only = true;
    for (const char *p = domain;; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '.' || c == '\0') {
            if (length == 0 || length > 63 || p[-1] == '-')
                return false;
            labels++;
            if (c == '\0')
                return labels >= 2 && letters_only && length >= 2;
            length = 0;
            letters_only = true;
            continue;
        }
        if (!isalnum(c) && (c != '-' || length == 0))
            return false;
        letters_only = letters_only && isalpha(c) != 0;
        length++;
    }
}

static bool is_local_part(const char *local, size_t length)
{
    if (length == 0 || length > 64 || local[0] == '.' || local[length - 1] == '.')
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)local[i];
        if (!isalnum(c) && strchr(".!#$%&'*+/=?^_`{|}~-", c) == NULL)
            return false;
        if (c == '.' && local[i + 1] == '.')
            return false;
    }
    return true;
}

enum identity_fault identity_normalise_email(const char *raw, char out[IDENTITY_TEXT])
{
    enum identity_fault fault = clean(raw, out);
    if (fault != IDENTITY_OK)
        return fault;
    char *text = out;
    size_t length = strlen(text);
    if (strncasecmp(text, "mailto:", 7) == 0) {
        text += 7;
        length -= 7;
    }
    if (length >= 2 && text[0] == '<' && text[length - 1] == '>') {
        text++;
        length -= 2;
    }
    memmove(out, text, length);
    out[length] = '\0';
    /* Only ASCII passes below, so that lower-casing by bytes is enough and NFC stays NFC. */
    for (char *p = out; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    char *at = strchr(out, '@');
    if (at == NULL || length > 254 || !is_local_part(out, (size_t)(at - out)) || !is_domain(at + 1))
        return malformed(out);
    return IDENTITY_OK;
}

/* Cuts ".0", ".000000", ",00": what a number cell leaves behind. */
static void cut_zero_fraction(char *text)
{
    char *point = strpbrk(text, ".,");
    if (point == NULL || point == text || strpbrk(point + 1, ".,") != NULL)
        return;
    size_t zeros = strspn(point + 1, "0");
    if (zeros > 0 && point[1 + zeros] == '\0' && strspn(text, "0123456789") == (size_t)(point - text))
        *point = '\0';
}

/* "2.085001234E9", a number cell as some programs write it: its digits again. Not where digits may be lost: nobody rounds an
 * identifier to all but two of its digits, which may be zeros that were left out. */
static void unfold_exponent(char *text)
{
    size_t fraction = isdigit((unsigned char)text[0]) && (text[1] == '.' || text[1] == ',')
                          ? strspn(text + 2, "0123456789")
                          : 0;
    const char *e = text + 2 + fraction;
    if (fraction == 0 || (*e != 'E' && *e != 'e'))
        return;
    e += 1 + (e[1] == '+');
    size_t length = strspn(e, "0123456789");
    size_t exponent = length <= 2 ? (size_t)strtoul(e, NULL, 10) : 0;
    if (length == 0 || e[length] != '\0' || exponent > 11 || exponent < fraction ||
        exponent > fraction + 2)
        return;
    memmove(text + 1, text + 2, fraction);
    memset(text + 1 + fraction, '0', exponent - fraction);
    text[1 + exponent] = '\0';
}

/* U+2010 to U+201F: dashes and quotation marks of word processors. */
static bool is_typographic(const char *at)
{
    return (unsigned char)at[0] == 0xE2 && (unsigned char)at[1] == 0x80 &&
           (unsigned char)at[2] >= 0x90 && (unsigned char)at[2] <= 0x9F;
}

/* Removes every byte of `separators` (ASCII) and the typographic dashes and quotation marks. */
static void drop(char *text, const char *separators)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (is_typographic(from)) {
            from += 2;
            continue;
        }
        if (strchr(separators, *from) == NULL)
            *to++ = *from;
    }
    *to = '\0';
}

static bool all_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

enum identity_fault identity_normalise_citizen(const char *raw, char out[IDENTITY_TEXT])
{
    enum identity_fault fault = clean(raw, out);
    if (fault != IDENTITY_OK)
        return fault;
    cut_zero_fraction(out);
    unfold_exponent(out);
    drop(out, " .'`\"");
    if (out[0] == '\0')
        return IDENTITY_MISSING;
    size_t length = strlen(out);
    if (!all_digits(out) || (length != 9 && (length < 10 || length > 12)))
        return malformed(out);
    if (strspn(out, "0") == length)
        return malformed(out);
    if (length == 10 || length == 11) {
        size_t zeros = 12 - length;
        memmove(out + zeros, out, length + 1);
        memset(out, '0', zeros);
    }
    return IDENTITY_OK;
}

enum identity_fault identity_normalise_phone(const char *raw, char out[IDENTITY_TEXT])
{
    enum identity_fault fault = clean(raw, out);
    if (fault != IDENTITY_OK)
        return fault;
    cut_zero_fraction(out);
    unfold_exponent(out);
    drop(out, " .-()'`\"");
    if (out[0] == '\0')
        return IDENTITY_MISSING;
    const char *digits = out;
    bool international = false;
    if (digits[0] == '+') {
        digits++;
        international = true;
    } else if (strncmp(digits, "00", 2) == 0) {
        digits += 2;
        international = true;
    }
    if (!all_digits(digits))
        return malformed(out);
    size_t length = strlen(digits);
    if (international || ((length == 11 || length == 12) && digits[0] == '8')) {
        if (strncmp(digits, "84", 2) != 0)
            return malformed(out);
        digits += 2;
    }
    if (digits[0] == '0')
        digits++;
    length = strlen(digits);
    bool mobile = length == 9 && strchr("35789", digits[0]) != NULL;
    bool landline = length == 10 && digits[0] == '2';
    if (!mobile && !landline)
        return malformed(out);
    memmove(out + 3, digits, length + 1);
    memcpy(out, "+84", 3);
    return IDENTITY_OK;
}

void identity_key(struct hmac *hmac, const char *kind, const char *normal, char out[IDENTITY_KEY])
{
    char hex[33];
    hmac_hex(hmac, kind, normal, strlen(normal), hex);
    (void)snprintf(out, IDENTITY_KEY, "%.100s:%s", kind, hex);
}

void identity_account_key(struct hmac *hmac, const char *source, const char *username,
                          char out[IDENTITY_KEY])
{
    char kind[112];
    (void)snprintf(kind, sizeof(kind), "account@%.90s", source);
    identity_key(hmac, kind, username, out);
}

bool identity_name_key(struct hmac *hmac, const char *name, char out[IDENTITY_KEY])
{
    char folded[1024], hex[33];
    out[0] = '\0';
    if (name == NULL || !text_fold(name, folded, sizeof(folded)) || folded[0] == '\0')
        return false;
    hmac_hex(hmac, "name", folded, strlen(folded), hex);
    (void)snprintf(out, IDENTITY_KEY, "name:%.16s", hex);
    return true;
}

void identity_row_key(struct hmac *hmac, const char *citizen, const char *email, const char *phone,
                      const char *unit, const char *name, const char *birth_date,
                      char out[IDENTITY_KEY])
{
    const char *strongest = citizen != NULL ? citizen : email != NULL ? email : phone;
    if (strongest != NULL) {
        char name_key[IDENTITY_KEY];
        const char *hex = "0000000000000000";
        if (identity_name_key(hmac, name, name_key))
            hex = name_key + strlen("name:");
        (void)snprintf(out, IDENTITY_KEY, "%.140s+%.16s", strongest, hex);
        return;
    }
    char folded[1024], text[1536], hex[33];
    if (name == NULL || !text_fold(name, folded, sizeof(folded)))
        folded[0] = '\0';
    int length = snprintf(text, sizeof(text), "%.300s\x1f%s\x1f%.40s", unit != NULL ? unit : "",
                          folded, birth_date != NULL ? birth_date : "");
    hmac_hex(hmac, "row", text, (size_t)length, hex);
    (void)snprintf(out, IDENTITY_KEY, "row:%s", hex);
}

/* Appends the first character (whole, in UTF-8) of text[0..length). */
static size_t first_character(const char *text, size_t length, char *out, size_t size, size_t used)
{
    size_t bytes = length > 0 ? 1 : 0;
    while (bytes < length && ((unsigned char)text[bytes] & 0xC0U) == 0x80U)
        bytes++;
    if (used + bytes >= size)
        return used;
    memcpy(out + used, text, bytes);
    out[used + bytes] = '\0';
    return used + bytes;
}

static size_t append(const char *text, char *out, size_t size, size_t used)
{
    size_t length = strlen(text);
    if (used + length >= size)
        return used;
    memcpy(out + used, text, length + 1);
    return used + length;
}

void identity_mask(const char *raw, char *out, size_t size)
{
    if (size == 0)
        return;
    out[0] = '\0';
    char text[IDENTITY_TEXT];
    if (raw == NULL || !text_clean(raw, text, sizeof(text)) || text[0] == '\0') {
        (void)append("***", out, size, 0);
        return;
    }
    size_t digits = 0;
    for (const char *p = text; *p != '\0'; p++)
        digits += isdigit((unsigned char)*p) != 0;
    const char *at = strchr(text, '@');
    size_t used = 0;
    if (at == NULL && digits >= 9) {
        /* The network or province prefix tells the operator which number is meant, not whose it is. */
        used = text[0] == '+' || !isdigit((unsigned char)text[0])
                   ? first_character(text, strlen(text), out, size, used)
                   : 0;
        for (const char *p = text; *p != '\0' && used < 4 && used + 1 < size; p++) {
            if (isdigit((unsigned char)*p)) {
                out[used++] = *p;
                out[used] = '\0';
            }
        }
        (void)append("***", out, size, used);
        return;
    }
    used = first_character(text, at != NULL ? (size_t)(at - text) : strlen(text), out, size, used);
    used = append("***", out, size, used);
    if (at == NULL)
        return;
    used = append("@", out, size, used);
    const char *domain = at + 1, *last_dot = strrchr(domain, '.');
    used = first_character(domain, strlen(domain), out, size, used);
    used = append("***", out, size, used);
    if (last_dot != NULL && last_dot > domain && strlen(last_dot) <= 5)
        (void)append(last_dot, out, size, used);
}
