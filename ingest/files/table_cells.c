#include "table_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define ZONE_US (INT64_C(7) * 3600 * 1000000)

/* Numbers separated by / - . ; at most three; *rest behind them. */
static size_t read_numbers(const char *text, int number[3], size_t digits[3], const char **rest)
{
    size_t count = 0;
    while (count < 3) {
        digits[count] = strspn(text, "0123456789");
        if (digits[count] == 0 || digits[count] > 8)
            break;
        number[count] = (int)strtol(text, NULL, 10);
        text += digits[count++];
        if (count < 3 && strchr("/-.", *text) != NULL && *text != '\0')
            text++;
        else
            break;
    }
    *rest = text;
    return count;
}

static bool is_date(int year, int month, int day, int32_t *out)
{
    char text[48];
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    return year >= 1990 && year <= 2099 && clock_parse_date(text, out);
}

static bool read_day(const char *text, int32_t *day, const char **rest)
{
    int number[3];
    size_t digits[3];
    size_t count = read_numbers(text, number, digits, rest);
    bool serial = count == 1 || (count == 2 && number[1] == 0); /* "45097.0" */
    if (serial && digits[0] == 5 && number[0] >= 32874 && number[0] <= 73050) {
        *day = number[0] - 25569;
        return true;
    }
    if (count != 3)
        return false;
    if (digits[0] == 4)
        return is_date(number[0], number[1], number[2], day);
    return (digits[2] == 4 || digits[2] == 2) && digits[0] <= 2 && digits[1] <= 2 &&
           is_date(digits[2] == 2 ? 2000 + number[2] : number[2], number[1], number[0], day);
}

/* Behind the word "ngày", if that is there. */
static const char *bare(const char *text, char *out, size_t size)
{
    char skeleton[80];
    if (!text_narrow(text, out, size) || !text_skeleton(out, skeleton, sizeof(skeleton)))
        return "";
    if (strncmp(skeleton, "ngay ", 5) != 0 && strncmp(skeleton, "thu ", 4) != 0)
        return out;
    const char *digit = strpbrk(out, "0123456789");
    return digit != NULL ? digit : "";
}

bool table_day(const char *text, int32_t *day)
{
    char narrow[80];
    const char *rest;
    if (!read_day(bare(text, narrow, sizeof(narrow)), day, &rest))
        return false;
    int hour, minute;
    return *rest == '\0' ||
           ((*rest == ' ' || *rest == 'T') && sscanf(rest + 1, "%d:%d", &hour, &minute) == 2);
}

bool table_instant(const char *text, int64_t *us)
{
    char narrow[80];
    const char *from = bare(text, narrow, sizeof(narrow)), *rest;
    int32_t day;
    if (clock_parse(from, us))
        return true;
    if (!table_day(text, &day) || !read_day(from, &day, &rest))
        return false;
    int hour = 0, minute = 0, second = 0;
    if (*rest == ' ' || *rest == 'T')
        (void)sscanf(rest + 1, "%2d:%2d:%2d", &hour, &minute, &second);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    *us = day * DAY_US - ZONE_US + (((int64_t)hour * 60 + minute) * 60 + second) * 1000000;
    return true;
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
    if (slash == NULL)
        return read_number(narrow, score);
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
        {ANSWER_ABSENT, "|vang|vang mat|vang thi|bo thi|khong thi|absent|v|vp|kp|nghi|nghi hoc|"},
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
