#include "bi_sessions.h"

#include <inttypes.h>
#include <stdio.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "sql.h"

#define EVERY_MS 10000

void bi_sessions_look(struct bi_sessions *sessions, struct pg *pg, const struct options *options)
{
    int64_t longest_ms = options_number(options, "bi.longest_transaction");
    int64_t now_ms = clock_monotonic_ms();
    char longest[48];
    const char *parameter = longest;
    struct error err = {0};
    if (now_ms < sessions->next_ms)
        return;
    sessions->next_ms = now_ms + (longest_ms < EVERY_MS ? longest_ms : EVERY_MS);
    snprintf(longest, sizeof(longest), "%" PRId64 " milliseconds", longest_ms);
    struct pg_rows *rows = pg_query(pg, sql_bi_sessions_end, 1, &parameter, &err);
    int64_t ended = rows ? pg_rows_integer(rows, 0, 0, 0) : 0;
    if (ended > 0)
        LOG_WARN_EVENT("sessions of BI tools were ended, their transactions had no end",
                       LOG_NUMBER("sessions", ended));
    if (!rows && !sessions->refused)
        LOG_WARN_EVENT("sessions of BI tools cannot be ended", LOG_TEXT("why", err.message));
    sessions->refused = !rows;
    pg_rows_free(rows);
}
