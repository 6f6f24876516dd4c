/* Unicode text: NFC, folding of Vietnamese names and unit names. Owns libunistring. */
#ifndef MOOC_TEXT_H
#define MOOC_TEXT_H

#include "base.h"

/* Trim, NFC, inner white space (incl. NBSP) to one blank. False on invalid UTF-8 or if out is too small. */
bool text_clean(const char *in, char *out, size_t size) MUST_CHECK;

/* text_clean for identifiers: full-width digits, letters and signs become the usual ones (NFKC). */
bool text_narrow(const char *in, char *out, size_t size) MUST_CHECK;

/* For comparing people's names: cleaned, case-folded, tone placement unified (hòa = hoà, thủy = thuỷ), eth typed for đ made đ,
 * diacritics kept. */
bool text_fold(const char *in, char *out, size_t size) MUST_CHECK;

/* For header cells and suggestions: text_fold, then diacritics removed, đ -> d, punctuation to blanks. */
bool text_skeleton(const char *in, char *out, size_t size) MUST_CHECK;

/* Distance for suggestions (Damerau-Levenshtein over bytes of skeletons), at most limit+1. */
unsigned text_distance(const char *a, const char *b, unsigned limit);

/* How many of the first `most` bytes make whole characters: for "%.*s". */
int text_fit(const char *text, size_t most);

/* The whole text in NFC, or NULL when it has no combining mark and so is as good as it stands. Valid UTF-8; caller frees; there is
 * room for one more byte behind *composed. */
char *text_compose(const char *text, size_t length, size_t *composed);

/* The line (from 1) with the first byte that is no UTF-8, or is NUL; the last line if there is none. */
int text_bad_line(const char *text, size_t length);

#endif
