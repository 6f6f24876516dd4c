/* The periods that offices report by: a week of ISO 8601, a month, a quarter, a half-year, a year; their days are Vietnam's. Pure. */
#ifndef MOOC_PACK_PERIOD_H
#define MOOC_PACK_PERIOD_H

#include "../../common/error.h"
#include "../report/number.h"

enum period_kind { PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_HALF, PERIOD_YEAR };

struct period {
    enum period_kind kind;
    int year, number;    /* 1 …; of a week the ISO year */
    int32_t first, last; /* days */
};

/* "2023-W39", "2023-09", "2023-Q3", "2023-H1", "2023". Else ERROR_USAGE, also of a week that the year does not have. */
bool period_parse(const char *text, struct period *period, struct error *err) MUST_CHECK;
struct period period_before(const struct period *period);

/* Microseconds since 1970: the last of the period's last day. */
int64_t period_end_us(const struct period *period);

#define PERIOD_NAME_SIZE 64
/* "tuần 39 năm 2023 (25/09–01/10/2023)"; "week 39 of 2023 (25/09–01/10/2023)". */
void period_name(const struct period *period, enum language language, char out[PERIOD_NAME_SIZE]);

#endif
