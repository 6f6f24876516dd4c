#include "roster_cells.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "text.h"

#define CELL_SIZE 1024 /* no identifier and no date is longer */

bool roster_is_nothing(const char *cell)
{
    static const char *const nothings[] = {"",      "0",        "x",     "k",        "ko",
                                           "khong", "khong co", "ko co", "chua co",  "na",
                                           "n a",   "chua",     "none",  "khong ro", "trong"};
    char text[64];
    if (!text_skeleton(cell, text, sizeof(text)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(nothings); i++) {
        if (strcmp(text, nothings[i]) == 0)
            return true;
    }
    return false;
}

bool roster_is_error(const char *cell)
{
    cell += strspn(cell, " ");
    size_t length = strcspn(cell, " ");
    if (cell[length + strspn(cell + length, " ")] != '\0')
        return false;
    if (strncmp(cell, "Err:", 4) == 0)
        return strspn(cell + 4, "0123456789") == 3 && length == 7;
    return length > 2 && *cell == '#' &&
           (strchr("!?", cell[length - 1]) != NULL || strncmp(cell, "#N/A", length) == 0);
}

bool roster_is_identifier(const char *cell)
{
    size_t digits = 0;
    for (const char *p = cell; *p != '\0'; p++)
        digits += isdigit((unsigned char)*p) != 0;
    return strchr(cell, '@') != NULL || digits >= 8;
}

bool roster_is_ditto(const char *cell)
{
    static const char *const words[] = {"", "nt", "n t", "nhu tren"};
    char text[64];
    if (strchr(cell, '?') != NULL || !text_skeleton(cell, text, sizeof(text)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

static bool each_part_has_at(const char *cell, const char *separators)
{
    char copy[CELL_SIZE], *rest = copy;
    size_t parts = 0;
    (void)snprintf(copy, sizeof(copy), "%s", cell);
    for (char *part; (part = strtok_r(rest, separators, &rest)) != NULL;) {
        char clean[CELL_SIZE];
        if (!text_narrow(part, clean, sizeof(clean)))
            return false;
        if (clean[0] == '\0')
            continue;
        if (strchr(clean, '@') == NULL)
            return false;
        parts++;
    }
    return parts > 1;
}

static void add_email(struct arena *arena, const char *normal,
                      const char *emails[ROSTER_MAX_EMAILS], size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(emails[i], normal) == 0)
            return;
    }
    if (*count < ROSTER_MAX_EMAILS)
        emails[(*count)++] = arena_text(arena, normal);
}

enum identity_fault roster_emails(struct arena *arena, const char *cell,
                                  const char *emails[ROSTER_MAX_EMAILS], size_t *count)
{
    char normal[IDENTITY_TEXT], copy[CELL_SIZE], *rest = copy;
    static const char marks[] = ";,/|\r\n", blanks[] = ";,/|\r\n \t";
    *count = 0;
    if (roster_is_nothing(cell))
        return IDENTITY_MISSING;
    if (strlen(cell) >= sizeof(copy))
        return IDENTITY_MALFORMED;
    memcpy(copy, cell, strlen(cell) + 1);
    for (char *space; (space = strstr(copy, "\xC2\xA0")) != NULL;) /* U+00A0 */
        memcpy(space, "  ", 2);
    /* A lone separator at the end is no second address. */
    size_t length = strlen(copy);
    while (length > 0 && strchr(blanks, copy[length - 1]) != NULL)
        copy[--length] = '\0';
    const char *separators = each_part_has_at(copy, marks)    ? marks
                             : each_part_has_at(copy, blanks) ? blanks
                                                              : NULL;
    if (separators == NULL) {
        enum identity_fault fault = identity_normalise_email(copy, normal);
        if (fault == IDENTITY_OK)
            add_email(arena, normal, emails, count);
        return fault;
    }
    bool bad = false;
    for (char *part; (part = strtok_r(rest, separators, &rest)) != NULL;) {
        enum identity_fault fault = identity_normalise_email(part, normal);
        bad = bad || fault == IDENTITY_MALFORMED;
        if (fault == IDENTITY_OK)
            add_email(arena, normal, emails, count);
    }
    return bad ? IDENTITY_MALFORMED : IDENTITY_OK;
}

enum identity_fault roster_phone(const char *cell, char out[IDENTITY_TEXT])
{
    out[0] = '\0';
    if (roster_is_nothing(cell))
        return IDENTITY_MISSING;
    char copy[CELL_SIZE], *rest = copy;
    if (strlen(cell) >= sizeof(copy))
        return IDENTITY_MALFORMED;
    memcpy(copy, cell, strlen(cell) + 1);
    for (char *part; (part = strtok_r(rest, ";,/|\r\n", &rest)) != NULL;) {
        if (identity_normalise_phone(part, out) == IDENTITY_OK)
            return IDENTITY_OK;
    }
    return IDENTITY_MALFORMED;
}

enum identity_fault roster_citizen(const char *cell, char out[IDENTITY_TEXT])
{
    out[0] = '\0';
    return roster_is_nothing(cell) ? IDENTITY_MISSING : identity_normalise_citizen(cell, out);
}

static enum identity_fault iso_date(int year, int month, int day, char out[ROSTER_DATE])
{
    char text[48];
    int32_t number;
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    if (year < 1900 || !clock_parse_date(text, &number))
        return IDENTITY_MALFORMED;
    clock_format_date(number, out);
    return IDENTITY_OK;
}

/* "85" was 1985, "03" was 2003: nobody on a list is over a hundred or under ten. */
static int full_year(int year, size_t digits)
{
    return digits == 4 ? year : digits == 2 ? (year > 15 ? 1900 + year : 2000 + year) : 0;
}

static enum identity_fault one_number(const char *digits, char out[ROSTER_DATE])
{
    size_t length = strlen(digits);
    int value = (int)strtol(digits, NULL, 10);
    if (length == 4 && value >= 1900 && value <= 2100) {
        (void)snprintf(out, ROSTER_DATE, "%d", value);
        return IDENTITY_OK;
    }
    if (length == 5 && value >= 3654 && value <= 60000) { /* days since 1899-12-30 */
        clock_format_date((int32_t)(value - 25569), out);
        return IDENTITY_OK;
    }
    if (length == 8)
        return iso_date(value % 10000, value / 10000 % 100, value / 1000000, out);
    return IDENTITY_MALFORMED;
}

/* "'30/4/1985", "Ngày 30 tháng 4 năm 1985" */
static void cut_words(char *text)
{
    static const char *const words[] = {"'", "Ngày", "ngày", "tháng", "năm"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        char *at = strstr(text, words[i]);
        if (at != NULL)
            memset(at, ' ', strlen(words[i]));
    }
}

enum identity_fault roster_birth_date(const char *cell, char out[ROSTER_DATE])
{
    char text[64];
    out[0] = '\0';
    if (roster_is_nothing(cell))
        return IDENTITY_MISSING;
    if (!text_narrow(cell, text, sizeof(text)))
        return IDENTITY_MALFORMED;
    char *time = strchr(text, 'T');
    if (time != NULL)
        *time = '\0';
    cut_words(text);
    int number[4];
    size_t digits[4], count = 0;
    char first[16] = "", *rest = text;
    for (char *part; count < 4 && (part = strtok_r(rest, "/-. ", &rest)) != NULL; count++) {
        digits[count] = strlen(part);
        if (digits[count] > 8 || strspn(part, "0123456789") != digits[count])
            break; /* "00:00:00" behind a date, or words */
        number[count] = (int)strtol(part, NULL, 10);
        if (count == 0)
            (void)snprintf(first, sizeof(first), "%s", part);
    }
    if (count == 1 || (count == 2 && number[1] == 0 && digits[0] >= 4))
        return one_number(first, out);
    if (count == 2) {
        int year = full_year(number[1], digits[1]);
        if (iso_date(year, number[0], 1, out) != IDENTITY_OK)
            return IDENTITY_MALFORMED;
        out[7] = '\0';
        return IDENTITY_OK;
    }
    if (count != 3)
        return IDENTITY_MALFORMED;
    if (digits[0] == 4)
        return iso_date(number[0], number[1], number[2], out);
    return iso_date(full_year(number[2], digits[2]), number[1], number[0], out);
}

static const char *skip_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(text, word, length) != 0 || isalpha((unsigned char)text[length]) ||
        (unsigned char)text[length] >= 0x80)
        return text;
    text += length;
    return text + strspn(text, " .:-");
}

void roster_group(const char *cell, char out[ROSTER_GROUP_SIZE])
{
    char folded[CELL_SIZE];
    out[0] = '\0';
    if (roster_is_identifier(cell) || !text_fold(cell, folded, sizeof(folded)))
        return;
    static const char *const words[] = {"tổ", "nhóm", "học tập", "học viên", "học", "số"};
    const char *text = folded;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        text = skip_word(text, words[i]);
    if (!isdigit((unsigned char)text[0])) {
        char clean[CELL_SIZE];
        if (text_clean(cell, clean, sizeof(clean)) && strlen(clean) < ROSTER_GROUP_SIZE - 3)
            memcpy(out, clean, strlen(clean) + 1);
        return;
    }
    while (text[0] == '0' && isdigit((unsigned char)text[1]))
        text++;
    size_t length = 0;
    while (length < 12 && isalnum((unsigned char)text[length])) {
        out[length] = (char)toupper((unsigned char)text[length]);
        length++;
    }
    out[length] = '\0';
}

static void join_words(char *code)
{
    for (char *p = code; *p != '\0'; p++)
        *p = *p == ' ' ? '-' : *p;
}

size_t roster_audiences(struct arena *arena, const char *cell,
                        const char *audiences[ROSTER_MAX_AUDIENCES])
{
    char copy[CELL_SIZE], *rest = copy;
    size_t count = 0;
    if (roster_is_nothing(cell) || strlen(cell) >= sizeof(copy))
        return 0;
    memcpy(copy, cell, strlen(cell) + 1);
    for (char *part; (part = strtok_r(rest, ";,/|\r\n", &rest)) != NULL;) {
        char code[64];
        if (count == ROSTER_MAX_AUDIENCES || roster_is_identifier(part) ||
            !text_skeleton(part, code, sizeof(code)) || code[0] == '\0')
            continue;
        join_words(code);
        size_t place = 0;
        while (place < count && strcmp(audiences[place], code) < 0)
            place++;
        if (place < count && strcmp(audiences[place], code) == 0)
            continue;
        memmove(&audiences[place + 1], &audiences[place], (count - place) * sizeof(audiences[0]));
        audiences[place] = arena_text(arena, code);
        count++;
    }
    return count;
}

void roster_body(const char *cell, char out[ROSTER_BODY_SIZE])
{
    out[0] = '\0';
    if (roster_is_nothing(cell) || roster_is_identifier(cell) ||
        !text_skeleton(cell, out, ROSTER_BODY_SIZE))
        out[0] = '\0';
    join_words(out);
}
