#include "whole.h"

#include "sql.h"

bool archive_is_whole(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_archive_first_missing, 0, NULL, err);
    const char *month = rows ? pg_rows_value(rows, 0, 0) : NULL;
    bool ok =
        rows &&
        (!month ||
         error_tell(err, ERROR_STATE, false,
                    "tháng %s không có trong kho: hãy đưa trở lại bằng `archive attach --month "
                    "%s`, hoặc từ bản xuất bằng `archive import DIR --month %s`",
                    "month %s is not in the archive: bring it back with `archive attach --month "
                    "%s`, or from its export with `archive import DIR --month %s`",
                    month, month, month));
    pg_rows_free(rows);
    return ok;
}
