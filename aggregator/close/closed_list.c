#include "closed_list.h"

#include <string.h>

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
    COLUMN(CELL_TEXT, "at", AT_NOWHERE, WORDS("Số liệu tính đến", "Figures as of"), LABELLED),
    COLUMN(CELL_TEXT, "closed_at", AT_NOWHERE, WORDS("Chốt lúc", "Closed at")),
    COLUMN(CELL_TEXT, "closed_by", CLOSED_BY, WORDS("Người chốt", "Closed by")),
    COLUMN(CELL_TEXT, "reason", REASON, WORDS("Lý do", "Reason")),
    COLUMN(CELL_TEXT, "reports", AT_NOWHERE, WORDS("Các biểu", "Reports")),
};

/* "appendix1, waves" as their sheets are called: the printed titles are too long for a cell. */
static const char *names_of(struct report *r, const char *codes)
{
    static const struct {
        const char *code, *vi, *en;
    } words[] = {{"appendix1", "Phụ lục 1", "Appendix 1"},
                 {"appendix2", "Phụ lục 2", "Appendix 2"},
                 {"groups", "Tổ học tập", "Study groups"},
                 {"participation", "Kết quả theo đơn vị", "Units"},
                 {"waves", "Các đợt", "Waves"},
                 {"deadlines", "Hạn hoàn thành", "Deadlines"},
                 {"issues", "Lỗi dữ liệu", "Data issues"},
                 {"headcounts", "Phụ lục II", "Appendix II"},
                 {"targets", "Chỉ tiêu", "Targets"},
                 {"summary", "Kết quả", "Results"}};
    struct text_buffer text = {0};
    for (const char *at = codes; *at != '\0'; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ","), i = 0;
        while (i < ARRAY_LEN(words) &&
               (strlen(words[i].code) != length || strncmp(words[i].code, at, length) != 0))
            i++;
        text_buffer_add_text(&text, text.length > 0 ? ", " : "");
        if (i < ARRAY_LEN(words))
            text_buffer_add_text(&text, SAY(r, words[i].vi, words[i].en));
        else
            text_buffer_add(&text, at, length);
        at += length;
    }
    const char *names = report_copy(r, text.length > 0 ? text.data : "");
    text_buffer_free(&text);
    return names;
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
    columns_add(r, COLUMNS(columns));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = columns_add_row(r, COLUMNS(columns), rows, i);
        report_put_text(r, row, "at", pg_rows_value(rows, i, programs ? AT_UTC : AT_LOCAL));
        report_put_text(r, row, "closed_at",
                        pg_rows_value(rows, i, programs ? CLOSED_UTC : CLOSED_LOCAL));
        const char *reports = pg_rows_value(rows, i, REPORTS);
        report_put_text(r, row, "reports",
                        programs || reports == NULL ? reports : names_of(r, reports));
    }
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s",
                        SAY(r, "Chưa chốt số liệu cho văn bản nào.",
                            "No figures are closed for any document yet."));
    pg_rows_free(rows);
    return r;
}
