#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "as_of.h"

#define DAY_US (24 * 3600 * INT64_C(1000000))
#define VIETNAM_US (7 * 3600 * INT64_C(1000000))

/* A day and a time without a zone are Vietnam's. */
static bool parse_local(const char *text, int64_t *us)
{
    char instant[48];
    size_t length = strlen(text);
    if (length != 16 && length != 19)
        return false;
    snprintf(instant, sizeof(instant), "%.10sT%s%s+07:00", text, text + 11,
             length == 16 ? ":00" : "");
    return (text[10] == 'T' || text[10] == ' ') && clock_parse(instant, us);
}

bool as_of_parse(const char *text, int64_t now_us, int64_t *at_us, struct error *err)
{
    int32_t day;
    if (clock_parse_date(text, &day))
        *at_us = (day + 1) * DAY_US - VIETNAM_US - 1;
    else if (!clock_parse(text, at_us) && !parse_local(text, at_us))
        return error_tell(err, ERROR_USAGE, false,
                          "\"%.40s\" không phải là ngày giờ: hãy viết 2023-10-02 cho cuối ngày "
                          "đó, 2023-10-02T17:00 cho giờ Việt Nam, hoặc 2023-10-02T10:00:00Z",
                          "\"%.40s\" is no date or time: write 2023-10-02 for the end of that day, "
                          "2023-10-02T17:00 for a time of Vietnam, or 2023-10-02T10:00:00Z",
                          text);
    if (*at_us < 0)
        return error_tell(err, ERROR_USAGE, false, "%.40s là trước năm 1970",
                          "%.40s is before 1970", text);
    if (*at_us > now_us)
        return error_tell(err, ERROR_USAGE, false,
                          "%.40s chưa tới: số liệu chỉ có của những gì đã diễn ra",
                          "%.40s is still to come: figures are of what has happened", text);
    return true;
}
