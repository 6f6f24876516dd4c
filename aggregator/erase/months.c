#include "months.h"

#include "../../common/progress.h"
#include "../../common/stop.h"
#include "sql.h"

bool erase_visit_months(struct pg *pg, const char *name, const struct erase_stopped *stopped,
                        erase_visit_fn *visit, void *context, int64_t *done, struct error *err)
{
    struct pg_rows *months = pg_query(pg, sql_erase_months, 0, NULL, err);
    bool fine = months != NULL;
    int64_t count = fine ? (int64_t)pg_rows_count(months) : 0;
    struct progress *progress = progress_new(name, count);
    for (*done = 0; fine && *done < count; *done += fine) {
        fine = (!stop_requested() ||
                error_tell_plain(err, ERROR_STOPPED, false, stopped->vi, stopped->en)) &&
               visit(pg, pg_rows_value(months, (size_t)*done, 0), context, err);
        if (fine)
            progress_add(progress, 1);
    }
    progress_end(progress);
    pg_rows_free(months);
    return fine;
}
