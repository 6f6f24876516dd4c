/* Vietnamese letters and syllables: enough to tell whether a word can be Vietnamese at all. Pure. */
#ifndef MOOC_VIETNAMESE_H
#define MOOC_VIETNAMESE_H

#include "base.h"

#define VIETNAMESE_VOWELS 12 /* a ă â e ê i o ô ơ u ư y */
#define VIETNAMESE_TONES 6   /* none, huyền, sắc, hỏi, ngã, nặng */

/* The lower-case letter, composed. */
uint32_t vietnamese_vowel(unsigned vowel, unsigned tone);
/* The same letter as a capital, if it is a Vietnamese one; else the character itself. */
uint32_t vietnamese_upper(uint32_t c);

/* Is the word (composed, any case) a syllable: an initial, a rhyme and at most one tone that the rhyme can bear? */
bool vietnamese_is_syllable(const uint32_t *word, size_t length);

#endif
