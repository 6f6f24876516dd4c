#include "text.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Working copy of a text as code points. */
struct points {
    uint32_t *at;
    size_t count;
};

static bool points_from(const char *in, struct points *p)
{
    size_t length = strlen(in);
    p->at = NULL;
    p->count = 0;
    if (length == 0)
        return true;
    if (u8_check((const uint8_t *)in, length) != NULL)
        return false;
    p->at = u8_to_u32((const uint8_t *)in, length, NULL, &p->count);
    return p->at != NULL;
}

static bool points_normalise(struct points *p, uninorm_t form)
{
    if (p->count == 0)
        return true;
    size_t count = 0;
    uint32_t *normal = u32_normalize(form, p->at, p->count, NULL, &count);
    if (normal == NULL)
        return false;
    free(p->at);
    p->at = normal;
    p->count = count;
    return true;
}

/* Writes as UTF-8 with the NUL; frees the points. */
static bool points_store(struct points *p, char *out, size_t size)
{
    bool fits = false;
    if (p->count == 0) {
        fits = size > 0;
        if (fits)
            out[0] = '\0';
    } else {
        size_t length = 0;
        uint8_t *bytes = u32_to_u8(p->at, p->count, NULL, &length);
        if (bytes != NULL && length < size) {
            memcpy(out, bytes, length);
            out[length] = '\0';
            fits = true;
        }
        free(bytes);
    }
    free(p->at);
    if (!fits && size > 0)
        out[0] = '\0';
    return fits;
}

/* Marks without width that come along with copy and paste: joiners, writing directions, variants of signs. */
static bool is_invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           c == 0x00AD || c == 0x034F || c == 0x061C || c == 0x180E;
}

static bool is_blank(uint32_t c)
{
    return c < 0x20 || c == 0x7F || uc_is_property_white_space(c);
}

/* Invisible marks out, runs of white space to one blank, none at either end. In place. */
static void squeeze(struct points *p)
{
    size_t kept = 0;
    bool blank = false;
    for (size_t i = 0; i < p->count; i++) {
        uint32_t c = p->at[i];
        if (is_invisible(c))
            continue;
        if (is_blank(c)) {
            blank = kept > 0;
            continue;
        }
        if (blank)
            p->at[kept++] = ' ';
        blank = false;
        p->at[kept++] = c;
    }
    p->count = kept;
}

static bool clean_points(const char *in, uninorm_t form, struct points *p)
{
    if (!points_from(in, p))
        return false;
    squeeze(p);
    if (points_normalise(p, form))
        return true;
    free(p->at);
    return false;
}

static bool clean_in_form(const char *in, uninorm_t form, char *out, size_t size)
{
    struct points p;
    if (size > 0)
        out[0] = '\0';
    return clean_points(in, form, &p) && points_store(&p, out, size);
}

bool text_clean(const char *in, char *out, size_t size)
{
    return clean_in_form(in, UNINORM_NFC, out, size);
}

bool text_narrow(const char *in, char *out, size_t size)
{
    return clean_in_form(in, UNINORM_NFKC, out, size);
}

static bool is_tone(uint32_t c)
{
    return c == 0x0300 || c == 0x0301 || c == 0x0303 || c == 0x0309 || c == 0x0323;
}

static bool is_mark(uint32_t c)
{
    return uc_combining_class(c) != 0;
}

/* Old and new style put the tone on different letters of oa, oe, uy only: here it goes to the second one. `p` is NFD. */
static void unify_tones(struct points *p)
{
    for (size_t i = 0; i + 2 < p->count; i++) {
        uint32_t first = p->at[i], tone = p->at[i + 1], second = p->at[i + 2];
        if (!is_tone(tone))
            continue;
        bool pair =
            (first == 'o' && (second == 'a' || second == 'e')) || (first == 'u' && second == 'y');
        if (!pair)
            continue;
        size_t end = i + 3;
        bool has_tone = false;
        for (; end < p->count && is_mark(p->at[end]); end++)
            has_tone = has_tone || is_tone(p->at[end]);
        if (has_tone)
            continue;
        memmove(&p->at[i + 1], &p->at[i + 2], (end - i - 2) * sizeof(p->at[0]));
        p->at[end - 1] = tone;
    }
}

/* Letters that look like đ and are typed for it. */
static void unify_d(struct points *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->at[i] == 0x00F0 || p->at[i] == 0x0256)
            p->at[i] = 0x0111;
    }
}

/* Cleaned, case-folded, NFD, đ and tones unified. */
static bool fold_points(const char *in, struct points *p)
{
    if (!clean_points(in, UNINORM_NFC, p))
        return false;
    if (p->count == 0)
        return true;
    size_t count = 0;
    uint32_t *folded = u32_casefold(p->at, p->count, NULL, UNINORM_NFD, NULL, &count);
    free(p->at);
    if (folded == NULL)
        return false;
    p->at = folded;
    p->count = count;
    unify_d(p);
    unify_tones(p);
    return true;
}

bool text_fold(const char *in, char *out, size_t size)
{
    struct points p;
    if (size > 0)
        out[0] = '\0';
    if (!fold_points(in, &p))
        return false;
    if (!points_normalise(&p, UNINORM_NFC)) {
        free(p.at);
        return false;
    }
    return points_store(&p, out, size);
}

bool text_skeleton(const char *in, char *out, size_t size)
{
    struct points p;
    if (size > 0)
        out[0] = '\0';
    if (!fold_points(in, &p))
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < p.count; i++) {
        uint32_t c = p.at[i];
        if (is_mark(c))
            continue;
        if (c == 0x0111)
            c = 'd';
        p.at[kept++] = uc_is_property_alphabetic(c) || uc_is_property_decimal_digit(c) ? c : ' ';
    }
    p.count = kept;
    squeeze(&p);
    return points_store(&p, out, size);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned text_distance(const char *a, const char *b, unsigned limit)
{
    size_t m = strlen(a), n = strlen(b);
    size_t gap = m > n ? m - n : n - m;
    if (gap > limit)
        return limit + 1;
    unsigned *cells = malloc(3 * (n + 1) * sizeof(*cells));
    if (cells == NULL)
        abort();
    unsigned *before = cells, *last = cells + n + 1, *row = cells + 2 * (n + 1);
    for (size_t j = 0; j <= n; j++)
        last[j] = (unsigned)j;
    unsigned result = (unsigned)n;
    for (size_t i = 1; i <= m; i++) {
        row[0] = (unsigned)i;
        unsigned best = row[0];
        for (size_t j = 1; j <= n; j++) {
            unsigned change = a[i - 1] != b[j - 1];
            unsigned d = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = least(d, before[j - 2] + 1);
            row[j] = d;
            best = least(best, d);
        }
        result = row[n];
        /* A swap of neighbours may reach past a row, but costs one all the same. */
        if (best > limit + 1)
            break;
        unsigned *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    free(cells);
    return least(result, limit + 1);
}

int text_fit(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    if (length > most) {
        length = most;
        while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80U)
            length--;
    }
    return (int)length;
}

char *text_compose(const char *text, size_t length, size_t *composed)
{
    /* U+0300 to U+036F: Vietnamese has no other marks. */
    bool marks = memchr(text, 0xCC, length) != NULL || memchr(text, 0xCD, length) != NULL;
    uint8_t *normal =
        marks ? u8_normalize(UNINORM_NFC, (const uint8_t *)text, length, NULL, composed) : NULL;
    char *whole = normal != NULL ? realloc(normal, *composed + 1) : NULL;
    if (marks && whole == NULL)
        abort();
    return whole;
}

int text_bad_line(const char *text, size_t length)
{
    const uint8_t *invalid = u8_check((const uint8_t *)text, length);
    const char *bad = invalid != NULL ? (const char *)invalid : text + length;
    const char *nul = memchr(text, '\0', (size_t)(bad - text));
    int line = 1;
    for (const char *p = text; p < (nul != NULL ? nul : bad); p++)
        line += *p == '\n';
    return line;
}
