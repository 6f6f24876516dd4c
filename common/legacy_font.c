#include "legacy_font.h"

#include <string.h>

#include "vietnamese.h"

#define WORD_MAX 24 /* characters; a longer one is no Vietnamese word */

/* Codes of the vowels with their tones, and of đ. */
static const uint8_t tcvn3_vowels[VIETNAMESE_VOWELS][VIETNAMESE_TONES] = {
    {0, 0xB5, 0xB8, 0xB6, 0xB7, 0xB9},    {0xA8, 0xBB, 0xBE, 0xBC, 0xBD, 0xC6},
    {0xA9, 0xC7, 0xCA, 0xC8, 0xC9, 0xCB}, {0, 0xCC, 0xD0, 0xCE, 0xCF, 0xD1},
    {0xAA, 0xD2, 0xD5, 0xD3, 0xD4, 0xD6}, {0, 0xD7, 0xDD, 0xD8, 0xDC, 0xDE},
    {0, 0xDF, 0xE3, 0xE1, 0xE2, 0xE4},    {0xAB, 0xE5, 0xE8, 0xE6, 0xE7, 0xE9},
    {0xAC, 0xEA, 0xED, 0xEB, 0xEC, 0xEE}, {0, 0xEF, 0xF3, 0xF1, 0xF2, 0xF4},
    {0xAD, 0xF5, 0xF8, 0xF6, 0xF7, 0xF9}, {0, 0xFA, 0xFD, 0xFB, 0xFC, 0xFE},
};
static const struct {
    uint8_t code;
    uint16_t letter;
} tcvn3_others[] = {{0xAE, 0x111}, {0xA1, 0x102}, {0xA2, 0xC2},  {0xA3, 0xCA},
                    {0xA4, 0xD4},  {0xA5, 0x1A0}, {0xA6, 0x1AF}, {0xA7, 0x110}};

static uint32_t tcvn3_letter(uint32_t c)
{
    for (unsigned v = 0; c >= 0xA1 && v < VIETNAMESE_VOWELS; v++) {
        for (unsigned t = 0; t < VIETNAMESE_TONES; t++) {
            if (tcvn3_vowels[v][t] == c)
                return vietnamese_vowel(v, t);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(tcvn3_others); i++) {
        if (tcvn3_others[i].code == c)
            return tcvn3_others[i].letter;
    }
    return c;
}

/* VNI: most vowels are the plain letter with a sign behind it. Signs in the order of the tones: */
static const uint8_t vni_tones[VIETNAMESE_TONES] = {0, 0xF8, 0xF9, 0xFB, 0xF5, 0xEF};
static const uint8_t vni_circumflex[VIETNAMESE_TONES] = {0xE2, 0xE0, 0xE1, 0xE5, 0xE3, 0xE4};
static const uint8_t vni_breve[VIETNAMESE_TONES] = {0xEA, 0xE8, 0xE9, 0xFA, 0xFC, 0xEB};
/* … and letters of their own. */
static const struct {
    uint8_t code, vowel, tone;
} vni_letters[] = {{0xED, 5, 2}, {0xEC, 5, 1}, {0xE6, 5, 3},  {0xF3, 5, 4},
                   {0xF2, 5, 5}, {0xF4, 8, 0}, {0xF6, 10, 0}, {0xEE, 11, 5}};

static const struct {
    uint8_t letter; /* before the sign */
    uint8_t vowel;  /* what it becomes */
    const uint8_t *signs;
} vni_pairs[] = {{'a', 0, vni_tones},      {'a', 2, vni_circumflex}, {'a', 1, vni_breve},
                 {'e', 3, vni_tones},      {'e', 4, vni_circumflex}, {'o', 6, vni_tones},
                 {'o', 7, vni_circumflex}, {'u', 9, vni_tones},      {'y', 11, vni_tones},
                 {0xF4, 8, vni_tones},     {0xF6, 10, vni_tones}};

static uint32_t latin_lower(uint32_t c)
{
    bool upper = (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
    return upper ? c + 0x20 : c;
}

static uint32_t vni_pair(uint32_t letter, uint32_t sign)
{
    for (size_t i = 0; i < ARRAY_LEN(vni_pairs); i++) {
        for (unsigned t = 0; t < VIETNAMESE_TONES && vni_pairs[i].letter == letter; t++) {
            if (vni_pairs[i].signs[t] == sign && sign != 0)
                return vietnamese_vowel(vni_pairs[i].vowel, t);
        }
    }
    return 0;
}

static uint32_t vni_letter(uint32_t c)
{
    if (c == 0xF1)
        return 0x111;
    for (size_t i = 0; i < ARRAY_LEN(vni_letters); i++) {
        if (vni_letters[i].code == c)
            return vietnamese_vowel(vni_letters[i].vowel, vni_letters[i].tone);
    }
    return c;
}

static size_t vni_decode(const uint32_t *in, size_t length, uint32_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t small = latin_lower(in[i]);
        uint32_t pair = i + 1 < length ? vni_pair(small, latin_lower(in[i + 1])) : 0;
        uint32_t letter = pair != 0 ? pair : vni_letter(small);
        if (letter == small)
            out[count++] = in[i];
        else
            out[count++] = small != in[i] ? vietnamese_upper(letter) : letter;
        i += pair != 0;
    }
    return count;
}

const char *legacy_font_name(enum legacy_font font)
{
    static const char *const names[LEGACY_FONTS] = {"Unicode", "TCVN3 (font .VnTime)",
                                                    "VNI (font VNI-Times)"};
    return names[font];
}

size_t legacy_font_decode(enum legacy_font font, const uint32_t *in, size_t length, uint32_t *out)
{
    if (font == LEGACY_VNI)
        return vni_decode(in, length, out);
    for (size_t i = 0; i < length; i++)
        out[i] = font == LEGACY_TCVN3 ? tcvn3_letter(in[i]) : in[i];
    return length;
}

/* ---- which is it? ---- */

static bool ends_word(uint32_t c)
{
    bool ascii_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return (c < 0x80 && !ascii_letter) || c == 0xA0 || (c >= 0x2000 && c < 0x2070);
}

static void note_gain(struct legacy_tally *tally, unsigned font, const uint32_t *word, size_t length)
{
    uint32_t hash = 2166136261U;
    tally->gained[font]++;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ word[i]) * 16777619U;
    hash |= 1U;
    for (size_t i = 0; i < ARRAY_LEN(tally->seen[font]); i++) {
        if (tally->seen[font][i] == hash)
            return;
        if (tally->seen[font][i] == 0) {
            tally->seen[font][i] = hash;
            return;
        }
    }
}

static void add_word(struct legacy_tally *tally, const uint32_t *word, size_t length)
{
    bool beyond_ascii = false, only_unicode = false;
    for (size_t i = 0; i < length; i++) {
        beyond_ascii = beyond_ascii || word[i] >= 0x80;
        only_unicode = only_unicode || word[i] > 0xFF;
    }
    if (!beyond_ascii || length < 2) /* a lone sign may be a bullet */
        return;
    bool as_it_stands = vietnamese_is_syllable(word, length);
    tally->unicode += only_unicode;
    tally->unicode_good += only_unicode && as_it_stands;
    if (only_unicode)
        return;
    tally->words++;
    tally->good[LEGACY_NONE] += as_it_stands;
    for (unsigned font = LEGACY_TCVN3; font < LEGACY_FONTS; font++) {
        uint32_t meant[WORD_MAX];
        size_t count = legacy_font_decode((enum legacy_font)font, word, length, meant);
        bool good = vietnamese_is_syllable(meant, count);
        tally->good[font] += good;
        tally->lost[font] += as_it_stands && !good;
        if (good && !as_it_stands)
            note_gain(tally, font, word, length);
    }
}

/* The next character of valid UTF-8. */
static uint32_t next_character(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    uint32_t c = length == 1 ? p[0] : p[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        c = c << 6 | (p[i] & 0x3FU);
    *text += length;
    return c;
}

void legacy_tally_add(struct legacy_tally *tally, const char *text)
{
    uint32_t word[WORD_MAX];
    size_t length = 0;
    while (*text != '\0') {
        uint32_t c = next_character(&text);
        if (!ends_word(c)) {
            if (length < WORD_MAX)
                word[length] = c;
            length++;
            continue;
        }
        if (length > 0 && length <= WORD_MAX)
            add_word(tally, word, length);
        length = 0;
    }
    if (length > 0 && length <= WORD_MAX)
        add_word(tally, word, length);
}

static size_t different(const struct legacy_tally *tally, unsigned font)
{
    size_t count = 0;
    while (count < ARRAY_LEN(tally->seen[font]) && tally->seen[font][count] != 0)
        count++;
    return count;
}

enum legacy_verdict legacy_judge(const struct legacy_tally *tally,
                                 enum legacy_font certain_elsewhere, enum legacy_font *font)
{
    unsigned best = tally->gained[LEGACY_VNI] > tally->gained[LEGACY_TCVN3] ||
                            (tally->gained[LEGACY_VNI] == tally->gained[LEGACY_TCVN3] &&
                             certain_elsewhere == LEGACY_VNI)
                        ? LEGACY_VNI
                        : LEGACY_TCVN3;
    unsigned other = best == LEGACY_VNI ? LEGACY_TCVN3 : LEGACY_VNI;
    size_t gained = tally->gained[best];
    *font = LEGACY_NONE;
    if (gained == 0 || gained <= 2 * tally->lost[best])
        return LEGACY_IS_UNICODE;
    *font = (enum legacy_font)best;
    /* Nineteen of twenty words are Vietnamese so, the other font explains fewer, and two words differ: no accident. */
    bool explains =
        tally->good[best] * 20 >= tally->words * 19 && tally->good[other] < tally->good[best];
    if (explains && (different(tally, best) >= 2 || certain_elsewhere == best))
        return LEGACY_IS_FONT;
    bool foreign = tally->good[LEGACY_NONE] * 2 < tally->words && tally->unicode <= tally->words;
    return foreign ? LEGACY_LOOKS_LIKE : LEGACY_IS_UNICODE;
}
