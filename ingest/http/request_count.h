/* Requests sent, by hour and day of Asia/Ho_Chi_Minh. Pure. */
#ifndef MOOC_INGEST_HTTP_REQUEST_COUNT_H
#define MOOC_INGEST_HTTP_REQUEST_COUNT_H

#include "../../common/base.h"

/* Zeroed is none. */
struct request_count {
    int32_t day;
    int64_t hour;
    uint64_t total, in_day, in_hour;
};

void request_count_add(struct request_count *count, int64_t now_us);
uint64_t request_count_today(const struct request_count *count, int64_t now_us);
uint64_t request_count_this_hour(const struct request_count *count, int64_t now_us);
/* So many were sent on this day, by whoever: raises that day's count, unless it is over. */
void request_count_at_least(struct request_count *count, int32_t day, uint64_t sent);
/* Until the day that holds the instant is over, ms, at least 1. */
int64_t request_count_day_left_ms(int64_t now_us);

#endif
