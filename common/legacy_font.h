/* Vietnamese typed with fonts of the time before Unicode: the file holds Latin-1 characters that only the font shows as
 * Vietnamese. TCVN3 (ABC): fonts .VnTime, .VnArial; VNI: fonts VNI-Times. Pure. */
#ifndef MOOC_LEGACY_FONT_H
#define MOOC_LEGACY_FONT_H

#include "base.h"

enum legacy_font { LEGACY_NONE, LEGACY_TCVN3, LEGACY_VNI, LEGACY_FONTS };

/* "TCVN3 (font .VnTime)" */
const char *legacy_font_name(enum legacy_font font);

/* The text as it was meant. `out` has room for `length` characters; returns how many there are. What is no code of the font stays. */
size_t legacy_font_decode(enum legacy_font font, const uint32_t *in, size_t length, uint32_t *out);

/* How the words of some text read, each way. Only words with something beyond ASCII count. */
struct legacy_tally {
    size_t unicode,
        unicode_good; /* words with a letter that only Unicode has, and how many of them are Vietnamese */
    size_t words;              /* other words: they could be either */
    size_t good[LEGACY_FONTS]; /* of them: Vietnamese when read as … (LEGACY_NONE: as it stands) */
    size_t gained[LEGACY_FONTS];    /* Vietnamese when read so, and not as they stand */
    size_t lost[LEGACY_FONTS];      /* the other way round */
    uint32_t seen[LEGACY_FONTS][4]; /* hashes of words gained: how many different ones (up to 4) */
};

/* Adds the words of valid UTF-8. */
void legacy_tally_add(struct legacy_tally *tally, const char *text);

enum legacy_verdict {
    LEGACY_IS_UNICODE,
    LEGACY_IS_FONT,    /* certain: *font says which */
    LEGACY_LOOKS_LIKE, /* not certain, but it is not Vietnamese as it stands */
};
/* certain_elsewhere: a font that other columns of the sheet are certainly in, so that less will do here; LEGACY_NONE. */
enum legacy_verdict legacy_judge(const struct legacy_tally *tally,
                                 enum legacy_font certain_elsewhere, enum legacy_font *font);

#endif
