#include "table_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/text.h"

/* "8,5 điểm", "8.5đ" */
static void cut_unit(char *text)
{
    static const char *const units[] = {"điểm", "đ", "points"};
    size_t length = strlen(text);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        size_t n = strlen(units[i]);
        if (length > n && strcmp(text + length - n, units[i]) == 0) {
            text[length - n] = '\0';
            text[strcspn(text, " ")] = '\0';
            return;
        }
    }
}

static bool read_number(const char *text, double *out)
{
    char plain[40];
    size_t length = strlen(text);
    if (length == 0 || length >= sizeof(plain) || strspn(text, "0123456789.,") != length)
        return false;
    memcpy(plain, text, length + 1);
    char *comma = strchr(plain, ',');
    if (comma != NULL)
        *comma = '.'; /* a decimal comma: nobody has a thousand points */
    char *end = NULL;
    *out = strtod(plain, &end);
    return *end == '\0' && isfinite(*out);
}

bool table_score(const char *text, double *score, double *max)
{
    char narrow[80];
    if (!text_narrow(text, narrow, sizeof(narrow)))
        return false;
    char *slash = strchr(narrow, '/'), *percent = strchr(narrow, '%');
    if (percent != NULL && percent[1] == '\0') {
        *percent = '\0';
        size_t length = strlen(narrow);
        if (length > 0 && narrow[length - 1] == ' ')
            narrow[length - 1] = '\0';
        *max = 1;
        bool fine = read_number(narrow, score);
        *score = fine ? *score / 100 : 0;
        return fine;
    }
    if (slash == NULL) {
        cut_unit(narrow);
        return read_number(narrow, score);
    }
    *slash = '\0';
    char *left = narrow, *right = slash + 1;
    for (size_t length = strlen(left); length > 0 && left[length - 1] == ' '; length--)
        left[length - 1] = '\0';
    right += strspn(right, " ");
    return read_number(left, score) && read_number(right, max) && *max > 0;
}

enum table_answer table_answer(const char *text)
{
    static const struct {
        enum table_answer answer;
        const char *words;
    } known[] = {
        {ANSWER_ABSENT,
         "|vang|vang mat|vang thi|bo thi|khong thi|absent|v|vp|kp|nghi|nghi hoc|"
         "co phep|khong phep|vang co phep|vang khong phep|nghi co phep|nghi khong phep|"},
        {ANSWER_NO, "|khong dat|chua dat|khong|failed|fail|no|false|0|truot|chua hoan thanh|k|kd|"},
        {ANSWER_YES, "|dat|co|co mat|passed|pass|yes|true|x|1|d|hoan thanh|present|co tham "
                     "gia|tham gia|gioi|kha|tot|"},
    };
    char skeleton[64], word[70], clean[64];
    if (!text_clean(text, clean, sizeof(clean)))
        return ANSWER_UNCLEAR;
    if (clean[0] == '\0' || strcmp(clean, "-") == 0)
        return ANSWER_NONE;
    if (strcmp(clean, "✓") == 0 || strcmp(clean, "✔") == 0 || strcmp(clean, "+") == 0 ||
        strcmp(clean, "√") == 0)
        return ANSWER_YES;
    if (!text_skeleton(text, skeleton, sizeof(skeleton)))
        return ANSWER_UNCLEAR;
    (void)snprintf(word, sizeof(word), "|%s|", skeleton);
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strstr(known[i].words, word) != NULL)
            return known[i].answer;
    }
    return ANSWER_UNCLEAR;
}
