/* Appendix 2: the provinces' waves, those with results first. */
#include <inttypes.h>

#include "columns.h"
#include "reports.h"
#include "sql.h"

enum column {
    WAVE,
    PROVINCE,
    PRINTED_NAME,
    SOURCE,
    REGISTERED,
    PASSED,
    PROVINCE_NAME,
    PROVINCE_RANK,
    PROVINCES
};

static const struct column_spec columns[] = {
    COLUMN(CELL_NUMBER, "no", AT_NUMBER, WORDS("STT", "No.")),
    PROGRAM_COLUMN(CELL_TEXT, "wave", WAVE),
    PROGRAM_COLUMN(CELL_TEXT, "province", PROVINCE),
    COLUMN(CELL_TEXT, "province_and_wave", PRINTED_NAME, WORDS("Tỉnh, thành", "Province")),
    COLUMN(CELL_COUNT, "registered", REGISTERED, WORDS("Số đăng ký", "Registered")),
    COLUMN(CELL_COUNT, "passed", PASSED, WORDS("Số đạt", "Passed")),
    COLUMN(CELL_RATE, "pass_rate_registered", AT_RATE, WORDS("Tỷ lệ", "Rate")),
    PROGRAM_COLUMN(CELL_TEXT, "source", SOURCE),
};

/* The wave that was named; else each whose learners are counted here. */
static bool is_asked(const struct pg_rows *rows, size_t row, const struct report_scope *scope)
{
    return scope->wave != NULL ? strcmp(pg_rows_value(rows, row, WAVE), scope->wave) == 0
                               : strcmp(pg_rows_value(rows, row, SOURCE), "counted") == 0;
}

/* Of the rows: how many have no result, are published totals, and whose totals are still to be published. */
struct row_counts {
    int64_t without_result, published, unpublished, known;
};

static struct row_counts count_rows(const struct pg_rows *rows)
{
    struct row_counts counts = {0};
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        bool passed = pg_rows_value(rows, i, PASSED) != NULL;
        bool known = passed || pg_rows_value(rows, i, REGISTERED) != NULL;
        bool published = strcmp(pg_rows_value(rows, i, SOURCE), "published") == 0;
        counts.without_result += !passed;
        counts.known += known;
        counts.published += published && known;
        counts.unpublished += published && !known;
    }
    return counts;
}

/* The only one of which something is known has no place. */
static void add_places(struct report *r, const struct pg_rows *rows,
                       const struct report_scope *scope, bool all_known)
{
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        if (is_asked(rows, i, scope) && pg_rows_integer(rows, i, PROVINCES, 0) > 1)
            report_add_note(r,
                            SAY(r, "%s đứng thứ %" PRId64 "/%" PRId64 " về số đăng ký%s.",
                                "%s ranks %" PRId64 " of %" PRId64 " by people registered%s."),
                            pg_rows_value(rows, i, PROVINCE_NAME),
                            pg_rows_integer(rows, i, PROVINCE_RANK, 0),
                            pg_rows_integer(rows, i, PROVINCES, 0),
                            all_known ? ""
                                      : SAY(r, ", trong các tỉnh đã có số liệu",
                                            ", among the provinces with figures"));
}

static void add_notes(struct report *r, const struct pg_rows *rows, const struct report_scope *scope)
{
    const struct row_counts counts = count_rows(rows);
    r->says_nothing = counts.known == 0;
    if (counts.known == 0) {
        report_add_note(r, "%s",
                        SAY(r, "Chưa biết số liệu của tỉnh, thành nào.",
                            "Nothing is known of any province yet."));
        return;
    }
    add_places(r, rows, scope, counts.unpublished == 0);
    if (counts.without_result > 0)
        report_add_note(r,
                        SAY_COUNT(r, counts.without_result,
                                  "%" PRId64 " dòng chưa có kết quả (để trống, không phải 0).",
                                  "%" PRId64 " row has no result yet (empty, not zero).",
                                  "%" PRId64 " rows have no result yet (empty, not zero)."),
                        counts.without_result);
    if (counts.published > 0)
        report_add_note(
            r,
            SAY_COUNT(r, counts.published,
                      "%" PRId64 " dòng là số tổng được công bố; các dòng khác đếm từng "
                      "người học.",
                      "%" PRId64 " row is a published total; the others count learners one by one.",
                      "%" PRId64 " rows are published totals; the others count learners one by "
                      "one."),
            counts.published);
    if (counts.unpublished > 0)
        report_add_note(r,
                        SAY_COUNT(r, counts.unpublished,
                                  "%" PRId64 " dòng chưa có số tổng được công bố.",
                                  "The total of %" PRId64 " row is not published yet.",
                                  "The totals of %" PRId64 " rows are not published yet."),
                        counts.unpublished);
}

bool report_appendix2(struct pg *pg, const struct report_request *request,
                      const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training};
    struct pg_rows *rows = report_ask(pg, request, sql_report_ranking, 1, parameters, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "SỐ LIỆU KẾT QUẢ ĐÀO TẠO CÁC TỈNH, THÀNH", "RESULTS OF THE PROVINCES");
    report_add_line(r, SAY(r, "Khóa học: %s", "Training: %s"), scope->training_name);
    columns_add(r, COLUMNS(columns));
    r->caption = SAY(r, "PHỤ LỤC", "APPENDIX");
    r->sheet = SAY(r, "Phụ lục 2", "Appendix 2");
    report_set_chart(r, CHART_BARS,
                     SAY(r, "Tỷ lệ đạt theo số đăng ký của các tỉnh, thành",
                         "Passed of the registered, by province"),
                     "province_and_wave", "pass_rate_registered", NULL);
    report_sign(r, scope->province_name, NULL);
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        columns_add_row(r, COLUMNS(columns), rows, i);
    add_notes(r, rows, scope);
    pg_rows_free(rows);
    return true;
}
