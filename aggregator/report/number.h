/* Numbers as reports print them. Pure. */
#ifndef MOOC_AGGREGATOR_NUMBER_H
#define MOOC_AGGREGATOR_NUMBER_H

#include "../../common/base.h"

enum language { LANGUAGE_VI, LANGUAGE_EN };

#define NUMBER_SIZE 40

/* part / whole in tenths of a percent, rounded half away from zero from the exact fraction (91.25 % gives 913). part >= 0;
 * false without a whole (whole <= 0) or where the rate would not fit: then there is none. */
bool rate_tenths(int64_t part, int64_t whole, int64_t *tenths) MUST_CHECK;

/* "2.716" in Vietnamese, "2,716" in English. */
void format_count(int64_t count, enum language language, char out[NUMBER_SIZE]);
/* A change: "+2.084", "-1", "0". Not for INT64_MIN. */
void format_change(int64_t change, enum language language, char out[NUMBER_SIZE]);
/* "84,2%" in Vietnamese, "84.2%" in English. */
void format_rate(int64_t tenths, enum language language, char out[NUMBER_SIZE]);
/* The rate of part in whole as running text has it: "66,7%", all "100%", none "0%"; false where there is none of nothing. */
bool format_share(int64_t part, int64_t whole, enum language language, char out[NUMBER_SIZE])
    MUST_CHECK;
/* "84.2": for other programs. */
void format_plain_rate(int64_t tenths, char out[NUMBER_SIZE]);
/* "2023-10-02", of days since 1970: for other programs. */
void format_plain_date(int64_t day, char out[NUMBER_SIZE]);

#endif
