#include "vietnamese.h"

#include <string.h>

#define LONGEST 10 /* "nghiêng" has 7 letters */

static const uint32_t vowels[VIETNAMESE_VOWELS][VIETNAMESE_TONES] = {
    {'a', 0xE0, 0xE1, 0x1EA3, 0xE3, 0x1EA1},
    {0x103, 0x1EB1, 0x1EAF, 0x1EB3, 0x1EB5, 0x1EB7},
    {0xE2, 0x1EA7, 0x1EA5, 0x1EA9, 0x1EAB, 0x1EAD},
    {'e', 0xE8, 0xE9, 0x1EBB, 0x1EBD, 0x1EB9},
    {0xEA, 0x1EC1, 0x1EBF, 0x1EC3, 0x1EC5, 0x1EC7},
    {'i', 0xEC, 0xED, 0x1EC9, 0x129, 0x1ECB},
    {'o', 0xF2, 0xF3, 0x1ECF, 0xF5, 0x1ECD},
    {0xF4, 0x1ED3, 0x1ED1, 0x1ED5, 0x1ED7, 0x1ED9},
    {0x1A1, 0x1EDD, 0x1EDB, 0x1EDF, 0x1EE1, 0x1EE3},
    {'u', 0xF9, 0xFA, 0x1EE7, 0x169, 0x1EE5},
    {0x1B0, 0x1EEB, 0x1EE9, 0x1EED, 0x1EEF, 0x1EF1},
    {'y', 0x1EF3, 0xFD, 0x1EF7, 0x1EF9, 0x1EF5},
};

/* In the tables below: W is ă, A â, E ê, O ô, Q ơ, U ư, D đ. */
static const char letters[VIETNAMESE_VOWELS + 1] = "aWAeEioOQuUy";

static const char *const initials[] = {"",   "b",  "c", "ch", "d",  "D",  "g",   "gh", "gi", "h",
                                       "k",  "kh", "l", "m",  "n",  "ng", "ngh", "nh", "p",  "ph",
                                       "qu", "r",  "s", "t",  "th", "tr", "v",   "x",  "kr"};

static const char rhymes[] =
    " a ac ach ai ak am an ang anh ao ap at au ay Wc Wk Wm Wn Wng Wp Wt Ac Am An Ang Ap At Au Ay"
    " e ec em en eng eo ep et E Ech Em En Eng Enh Ep Et Eu"
    " i ia ich iEc iEm iEn iEng iEp iEt iEu im in inh ip it iu"
    " o oa oac oach oai oan oang oanh oao oap oat oay oWc oWm oWn oWng oWt oe oen oeo oet oi om on"
    " ong ooc oong op ot oc O Oc Oi Om On Ong Op Ot Q Qi Qm Qn Qp Qt"
    " u ua uc ui um un ung uOc uOi uOm uOn uOng uOt up ut uAn uAng uAt uAy uE uEnh uEch uQ uy uya"
    " uych uyEn uyEt uynh uyt uyn uyu"
    " U Ua Uc Ui Um Ung UQc UQi UQm UQn UQng UQp UQt UQu Ut Uu y yEn yEm yEu yEt yEng ynh yt ych ";

uint32_t vietnamese_vowel(unsigned vowel, unsigned tone)
{
    return vowels[vowel % VIETNAMESE_VOWELS][tone % VIETNAMESE_TONES];
}

static bool is_paired(uint32_t c) /* capital even, small letter odd */
{
    return c == 0x102 || c == 0x103 || c == 0x110 || c == 0x111 || c == 0x128 || c == 0x129 ||
           c == 0x168 || c == 0x169 || (c >= 0x1EA0 && c <= 0x1EF9);
}

uint32_t vietnamese_upper(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7))
        return c - 0x20;
    if (c == 0x1A1 || c == 0x1B0)
        return c - 1;
    return is_paired(c) ? c & ~1U : c;
}

static uint32_t to_lower(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7))
        return c + 0x20;
    if (c == 0x1A0 || c == 0x1AF)
        return c + 1;
    return is_paired(c) ? c | 1U : c;
}

/* The letter in the tables' notation; '\0' when it is none of the language. A tone goes to *tone, a second one is refused. */
static char letter_of(uint32_t c, unsigned *tone)
{
    c = to_lower(c);
    if (c == 0x111)
        return 'D';
    for (unsigned v = 0; v < VIETNAMESE_VOWELS; v++) {
        for (unsigned t = 0; t < VIETNAMESE_TONES; t++) {
            if (vowels[v][t] != c)
                continue;
            if (t != 0 && *tone != 0)
                return '\0';
            *tone = t != 0 ? t : *tone;
            return letters[v];
        }
    }
    return c >= 'a' && c <= 'z' && strchr("fjwz", (int)c) == NULL ? (char)c : '\0';
}

static bool is_rhyme(const char *text, unsigned tone)
{
    char word[LONGEST + 3];
    size_t length = strlen(text);
    word[0] = ' ';
    memcpy(word + 1, text, length);
    word[length + 1] = ' ';
    word[length + 2] = '\0';
    if (length == 0 || strstr(rhymes, word) == NULL)
        return false;
    /* A syllable that ends in a stop bears sắc or nặng. */
    char last = text[length - 1];
    bool stop = last == 'c' || last == 'p' || last == 't' || last == 'k' ||
                (last == 'h' && text[length - 2] == 'c');
    return !stop || tone == 0 || tone == 2 || tone == 5;
}

bool vietnamese_is_syllable(const uint32_t *word, size_t length)
{
    char text[LONGEST + 1];
    unsigned tone = 0;
    if (length == 0 || length > LONGEST)
        return false;
    for (size_t i = 0; i < length; i++) {
        text[i] = letter_of(word[i], &tone);
        if (text[i] == '\0')
            return false;
    }
    text[length] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(initials); i++) {
        size_t prefix = strlen(initials[i]);
        if (strncmp(text, initials[i], prefix) == 0 && is_rhyme(text + prefix, tone))
            return true;
    }
    return false;
}
