/* Days and times of day as people write them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/text.h"
#include "table_cells.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define ZONE_US (INT64_C(7) * 3600 * 1000000)

/* ---- the text without what only decorates it ---- */

static void cut_out(char *from, size_t length)
{
    memmove(from, from + length, strlen(from + length) + 1);
}

/* "20 tháng 6 năm 2023" and "20 / 6 / 2023" as 20/6/2023. */
static void join_parts(char *text)
{
    static const char *const words[] = {"tháng", "Tháng", "năm", "Năm"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        char *at = strstr(text, words[i]);
        if (at == NULL)
            continue;
        *at = '/';
        cut_out(at + 1, strlen(words[i]) - 1);
    }
    for (char *slash = strchr(text, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        while (slash[1] == ' ')
            cut_out(slash + 1, 1);
        for (; slash > text && (slash[-1] == ' ' || slash[-1] == ','); slash--)
            cut_out(slash - 1, 1);
    }
}

/* Behind the word "ngày", if that is there. */
static const char *bare(const char *text, char *out, size_t size)
{
    char skeleton[120];
    if (!text_narrow(text, out, size))
        return "";
    join_parts(out);
    if (!text_skeleton(out, skeleton, sizeof(skeleton)))
        return "";
    if (strncmp(skeleton, "ngay ", 5) != 0 && strncmp(skeleton, "thu ", 4) != 0)
        return out + (out[0] == '\'');
    const char *digit = strpbrk(out, "0123456789");
    return digit != NULL ? digit : "";
}

/* ---- days ---- */

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
    if (read_numbers(text, number, digits, rest) != 3)
        return false;
    if (digits[0] == 4)
        return is_date(number[0], number[1], number[2], day);
    return (digits[2] == 4 || digits[2] == 2) && digits[0] <= 2 && digits[1] <= 2 &&
           is_date(digits[2] == 2 ? 2000 + number[2] : number[2], number[1], number[0], day);
}

/* "45097", "45097.604": days since 1899-12-30, what a date cell without its format says. */
static bool read_serial(const char *text, int32_t *day, int *second)
{
    size_t whole = strspn(text, "0123456789");
    long number = whole == 5 ? strtol(text, NULL, 10) : 0;
    const char *point = text + whole;
    if (number < 32874 || number > 73050)
        return false;
    *day = (int32_t)number - 25569;
    *second = 0;
    if (*point == '\0')
        return true;
    size_t digits = strspn(point + 1, "0123456789");
    if ((*point != '.' && *point != ',') || digits == 0 || point[1 + digits] != '\0')
        return false;
    double of_day = 0;
    for (size_t i = digits; i > 0; i--)
        of_day = (of_day + (point[i] - '0')) / 10;
    *second = (int)lround(of_day * 86400);
    *second = *second > 86399 ? 86399 : *second;
    return true;
}

/* ---- times of day ---- */

/* The number of one or two digits at *text; -1 where there is none. */
static int take_two(const char **text)
{
    size_t length = strspn(*text, "0123456789");
    if (length == 0 || length > 2)
        return -1;
    int number = (int)strtol(*text, NULL, 10);
    *text += length;
    return number;
}

/* One of the words, with the blanks around it. */
static bool take_word(const char **text, const char *words)
{
    const char *from = *text + strspn(*text, " ");
    for (size_t length; *words != '\0'; words += length + (words[length] == '|')) {
        length = strcspn(words, "|");
        if (strncmp(from, words, length) != 0)
            continue;
        from += length;
        *text = from + strspn(from, " ");
        return true;
    }
    return false;
}

/* Behind a day: "", " 14:30", "T14:30:00.000", " 14h30", ", 14 giờ 30 phút", " 2:30 PM", " 2:30:00 CH" -> seconds since midnight. */
static bool read_clock(const char *text, int *seconds)
{
    *seconds = 0;
    if (*text == '\0')
        return true;
    if (strchr(" T,", *text) == NULL)
        return false;
    text += strspn(text, " T,-");
    int hour = take_two(&text), minute = 0, second = 0;
    if (hour < 0 || !take_word(&text, ":|giờ|h|g"))
        return false;
    if (isdigit((unsigned char)*text))
        minute = take_two(&text);
    if (take_word(&text, ":|phút|p") && isdigit((unsigned char)*text))
        second = take_two(&text);
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    bool morning = take_word(&text, "AM|am|SA"), evening = take_word(&text, "PM|pm|CH");
    if (morning && hour == 12)
        hour = 0;
    if (evening && hour < 12)
        hour += 12;
    *seconds = (hour * 60 + minute) * 60 + second;
    return *text == '\0' && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
}

/* ---- the interface ---- */

static bool read_both(const char *text, int32_t *day, int *second)
{
    char narrow[120];
    const char *from = bare(text, narrow, sizeof(narrow)), *rest;
    int64_t us;
    if (clock_parse(from, &us)) { /* with a zone */
        *day = clock_day(us);
        *second = (int)((us + ZONE_US - *day * DAY_US) / 1000000);
        return true;
    }
    return read_serial(from, day, second) || (read_day(from, day, &rest) && read_clock(rest, second));
}

bool table_day(const char *text, int32_t *day)
{
    int second;
    return read_both(text, day, &second);
}

bool table_instant(const char *text, int64_t *us)
{
    int32_t day;
    int second;
    if (clock_parse(text, us))
        return true;
    if (!read_both(text, &day, &second))
        return false;
    *us = day * DAY_US - ZONE_US + (int64_t)second * 1000000;
    return true;
}
