#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "summary.h"

const char *summary_keep(struct report *report, struct text_buffer *text)
{
    const char *kept = report_copy(report, text->length > 0 ? text->data : "");
    text_buffer_free(text);
    return kept;
}

const char *summary_count(struct report *report, int64_t count)
{
    char number[NUMBER_SIZE];
    format_count(count, report->language, number);
    if (report->language == LANGUAGE_VI && count >= 0 && count < 10)
        snprintf(number, sizeof(number), "0%d", (int)count);
    return report_copy(report, number);
}

const char *summary_rate(struct report *report, int64_t part, int64_t whole, bool short_form)
{
    int64_t tenths;
    char number[NUMBER_SIZE] = "";
    if (rate_tenths(part, whole, &tenths)) {
        if (tenths % 10 == 0 && (short_form || part == whole))
            snprintf(number, sizeof(number), "%" PRId64 "%%", tenths / 10);
        else
            format_rate(tenths, report->language, number);
    }
    return report_copy(report, number);
}

const char *summary_day(struct report *report, const char *day, bool with_year)
{
    char text[16];
    bool short_month = day[3] == '0' && day[4] > '2';
    if (report->language == LANGUAGE_EN)
        snprintf(text, sizeof(text), "%.*s", with_year ? 10 : 5, day);
    else
        snprintf(text, sizeof(text), "%.2s/%.*s%.*s", day, short_month ? 1 : 2,
                 day + (short_month ? 4 : 3), with_year ? 5 : 0, day + 5);
    return report_copy(report, text);
}

enum summary_class summary_class_of(const char *kind)
{
    static const char *const localities[] = {"huyen", "xa", "thon"};
    for (size_t i = 0; kind != NULL && i < ARRAY_LEN(localities); i++) {
        if (strcmp(kind, localities[i]) == 0)
            return CLASS_LOCALITY;
    }
    return CLASS_DEPARTMENT;
}

const char *summary_name(struct report *report, const struct summary_figures *figures,
                         const struct summary_unit *unit, bool with_kind)
{
    static const char *const kinds[] = {"Huyện ", "Xã ", "Phường ", "Thị xã ", "Thị trấn "};
    static const char city[] = "Thành phố ";
    if (summary_class_of(unit->kind) != CLASS_LOCALITY)
        return unit->name;
    if (with_kind) {
        char first = (char)tolower((unsigned char)unit->name[0]);
        struct text_buffer text = {0};
        text_buffer_add(&text, &first, 1);
        text_buffer_add_text(&text, unit->name[0] != '\0' ? unit->name + 1 : "");
        return summary_keep(report, &text);
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strncmp(unit->name, kinds[i], strlen(kinds[i])) == 0)
            return unit->name + strlen(kinds[i]);
    }
    if (figures->province != NULL && strncmp(unit->name, city, strlen(city)) == 0 &&
        strcmp(unit->name + strlen(city), figures->province) == 0)
        return "Thành phố";
    return unit->name;
}
