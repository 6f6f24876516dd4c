#include "closed_list.h"

#include "../report/columns.h"
#include "sql.h"

/* In the order of sql/closed_list.sql. */
enum column {
    DOC,
    WAVE,
    TRAINING,
    AT_UTC,
    AT_LOCAL,
    CLOSED_UTC,
    CLOSED_LOCAL,
    CLOSED_BY,
    REASON,
    REPORTS
};

/* Instants are printed as who reads them wants them. */
static const struct column_spec columns[] = {
    COLUMN(CELL_TEXT, "doc", DOC, WORDS("Văn bản", "Document")),
    COLUMN(CELL_TEXT, "wave", WAVE, WORDS("Đợt", "Wave")),
    PROGRAM_COLUMN(CELL_TEXT, "training", TRAINING),
    COLUMN(CELL_TEXT, "at", AT_NOWHERE, WORDS("Số liệu tính đến", "Figures as of")),
    COLUMN(CELL_TEXT, "closed_at", AT_NOWHERE, WORDS("Chốt lúc", "Closed at")),
    COLUMN(CELL_TEXT, "closed_by", CLOSED_BY, WORDS("Người chốt", "Closed by")),
    COLUMN(CELL_TEXT, "reason", REASON, WORDS("Lý do", "Reason")),
    COLUMN(CELL_TEXT, "reports", REPORTS, WORDS("Các biểu", "Reports")),
};

struct report *closed_list_make(struct pg *pg, enum language language, bool programs,
                                struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_closed_list, 0, NULL, err);
    if (!rows)
        return NULL;
    struct report *r = report_new("closed", language);
    r->title = SAY(r, "CÁC VĂN BẢN ĐÃ CHỐT SỐ LIỆU", "DOCUMENTS WHOSE FIGURES ARE CLOSED");
    r->sheet = SAY(r, "Đã chốt", "Closed");
    columns_add(r, COLUMNS(columns));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = columns_add_row(r, COLUMNS(columns), rows, i);
        report_put_text(r, row, "at", pg_rows_value(rows, i, programs ? AT_UTC : AT_LOCAL));
        report_put_text(r, row, "closed_at",
                        pg_rows_value(rows, i, programs ? CLOSED_UTC : CLOSED_LOCAL));
    }
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s",
                        SAY(r, "Chưa chốt số liệu cho văn bản nào.",
                            "No figures are closed for any document yet."));
    pg_rows_free(rows);
    return r;
}
