#include "closed_list.h"

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

static void add_columns(struct report *r)
{
    report_add_column(r, CELL_TEXT, "doc", NULL, SAY(r, "Văn bản", "Document"));
    report_add_column(r, CELL_TEXT, "wave", NULL, SAY(r, "Đợt", "Wave"));
    report_add_program_column(r, CELL_TEXT, "training");
    report_add_column(r, CELL_TEXT, "at", NULL, SAY(r, "Số liệu tính đến", "Figures as of"));
    report_add_column(r, CELL_TEXT, "closed_at", NULL, SAY(r, "Chốt lúc", "Closed at"));
    report_add_column(r, CELL_TEXT, "closed_by", NULL, SAY(r, "Người chốt", "Closed by"));
    report_add_column(r, CELL_TEXT, "reason", NULL, SAY(r, "Lý do", "Reason"));
    report_add_column(r, CELL_TEXT, "reports", NULL, SAY(r, "Các biểu", "Reports"));
}

struct report *closed_list_make(struct pg *pg, enum language language, bool programs,
                                struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_closed_list, 0, NULL, err);
    if (!rows)
        return NULL;
    struct report *r = report_new("closed", language);
    r->title = SAY(r, "CÁC VĂN BẢN ĐÃ CHỐT SỐ LIỆU", "DOCUMENTS WHOSE FIGURES ARE CLOSED");
    r->sheet = SAY(r, "Đã chốt", "Closed");
    add_columns(r);
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = report_add_row(r);
        report_put_text(r, row, "doc", pg_rows_value(rows, i, DOC));
        report_put_text(r, row, "wave", pg_rows_value(rows, i, WAVE));
        report_put_text(r, row, "training", pg_rows_value(rows, i, TRAINING));
        report_put_text(r, row, "at", pg_rows_value(rows, i, programs ? AT_UTC : AT_LOCAL));
        report_put_text(r, row, "closed_at",
                        pg_rows_value(rows, i, programs ? CLOSED_UTC : CLOSED_LOCAL));
        report_put_text(r, row, "closed_by", pg_rows_value(rows, i, CLOSED_BY));
        report_put_text(r, row, "reason", pg_rows_value(rows, i, REASON));
        report_put_text(r, row, "reports", pg_rows_value(rows, i, REPORTS));
    }
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s",
                        SAY(r, "Chưa chốt số liệu cho văn bản nào.",
                            "No figures are closed for any document yet."));
    pg_rows_free(rows);
    return r;
}
