/* mooc-aggregator audit: what was done to the figures, in words. */
#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/tell.h"
#include "commands.h"
#include "report/output.h"
#include "session.h"
#include "sql.h"

/* In the order of sql/audit_list.sql. */
enum column { AT, OPERATOR, LOGIN, ACTION, REASON, GENERATION, CONFIG_VERSION, DETAIL, AS_JSON };

/* What an action is called; one that is not here is called by its command. */
static const struct {
    const char *action, *vi, *en;
} actions[] = {
    {"config load", "nạp thư mục danh mục", "loaded reference data"},
    {"replay start", "tính lại toàn bộ, bên cạnh số liệu đang dùng",
     "counted anew beside the figures shown"},
    {"replay compare", "so sánh số liệu tính lại với số liệu đang dùng",
     "compared the newly counted figures with those shown"},
    {"replay promote", "chuyển sang số liệu tính lại", "showed the newly counted figures"},
    {"replay rollback", "trở về số liệu trước đó", "went back to the figures before"},
    {"replay drop", "xóa một phiên bản số liệu", "removed a set of figures"},
    {"dead drop", "bỏ qua các bản ghi bị loại", "set rejected records aside"},
    {"erase", "chuyển yêu cầu xóa dữ liệu của một người", "handed over the erasure of a person"},
    {"erase: archive", "xóa khỏi số liệu và kho lưu người đã yêu cầu",
     "erased from figures and archive who was handed over"},
    {"archive export", "xuất kho lưu", "exported the archive"},
    {"archive detach", "tách một tháng khỏi kho lưu", "took a month out of the archive"},
    {"archive attach", "đưa một tháng trở lại kho lưu", "took a month back into the archive"},
    {"archive import", "nạp bản xuất vào kho lưu", "loaded an export into the archive"},
    {"archive refill", "ghi kho lưu trở lại nhật ký", "wrote the archive back into the log"},
    {"restore", "khôi phục bản sao lưu", "restored a backup"},
    {"bi-user add", "lập tài khoản cho công cụ BI", "made a login for BI tools"},
    {"bi-user drop", "xóa tài khoản của công cụ BI", "removed a login of BI tools"},
    {"close", "chốt số liệu cho một văn bản", "closed figures for a document"},
    {"report follow-up", "trả lại danh sách của đơn vị kèm tình trạng từng người",
     "gave a unit its list back, person by person"},
};

static const char *words_of(const struct report *r, const char *action)
{
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (strcmp(action, actions[i].action) == 0)
            return SAY(r, actions[i].vi, actions[i].en);
    }
    return action;
}

static void add_entry(struct report *r, const struct pg_rows *rows, size_t from)
{
    size_t row = report_add_row(r);
    char who[256], at[CLOCK_LOCAL_SIZE];
    clock_localise(pg_rows_value(rows, from, AT), at);
    snprintf(who, sizeof(who), "%s (%s)", pg_rows_value(rows, from, OPERATOR),
             pg_rows_value(rows, from, LOGIN));
    report_put_text(r, row, "at", at);
    report_put_text(r, row, "who", who);
    report_put_text(r, row, "what", words_of(r, pg_rows_value(rows, from, ACTION)));
    report_put_text(r, row, "why", pg_rows_value(rows, from, REASON));
    if (pg_rows_value(rows, from, GENERATION) != NULL)
        report_put_number(r, row, "generation", pg_rows_integer(rows, from, GENERATION, 0));
    if (pg_rows_value(rows, from, CONFIG_VERSION) != NULL)
        report_put_number(r, row, "config_version", pg_rows_integer(rows, from, CONFIG_VERSION, 0));
    report_put_text(r, row, "result", pg_rows_value(rows, from, DETAIL));
}

static struct report *report_of(const struct pg_rows *rows, bool vietnamese)
{
    struct report *r = report_new("audit", vietnamese ? LANGUAGE_VI : LANGUAGE_EN);
    r->title = SAY(r, "NHỮNG VIỆC ĐÃ LÀM VỚI SỐ LIỆU", "WHAT WAS DONE TO THE FIGURES");
    report_add_column(r, CELL_TEXT, "at", NULL, SAY(r, "Lúc", "When"));
    report_add_column(r, CELL_TEXT, "who", NULL, SAY(r, "Người làm", "Who"));
    report_add_column(r, CELL_TEXT, "what", NULL, SAY(r, "Việc", "What"));
    report_add_column(r, CELL_TEXT, "why", NULL, SAY(r, "Lý do", "Why"));
    report_add_column(r, CELL_NUMBER, "generation", NULL, SAY(r, "Phiên bản số liệu", "Generation"));
    report_add_column(r, CELL_NUMBER, "config_version", NULL, SAY(r, "Danh mục", "Config version"));
    report_add_column(r, CELL_TEXT, "result", NULL, SAY(r, "Kết quả", "Result"));
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        add_entry(r, rows, i);
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s", SAY(r, "Chưa có việc nào.", "Nothing."));
    return r;
}

static void print_json(const struct pg_rows *rows)
{
    printf("{\"entries\":[");
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        printf("%s\n%s", i > 0 ? "," : "", pg_rows_value(rows, i, AS_JSON));
    printf("]}\n");
}

static bool check_options(const struct teller *to, const char *since, const char *format,
                          struct error *err)
{
    int32_t day;
    if (since != NULL && !clock_parse_date(since, &day))
        return error_set(err, ERROR_USAGE, false,
                         TELL(to, "--since là một ngày như 2026-09-01, không phải %s",
                              "--since takes a day such as 2026-09-01, not %s"),
                         since);
    return format == NULL || strcmp(format, "table") == 0 || strcmp(format, "json") == 0 ||
           error_set(err, ERROR_USAGE, false,
                     TELL(to, "audit in ra table hoặc json, không có %s",
                          "audit is table or json, not %s"),
                     format);
}

int command_audit(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    const char *since = options_text(options, "since"), *format = options_text(options, "format");
    struct pg *pg =
        check_options(&to, since, format, &err) ? session_open(options, "audit", true, &err) : NULL;
    const char *const parameters[] = {since, to.vietnamese ? "t" : "f"};
    struct pg_rows *rows = pg != NULL ? pg_query(pg, sql_audit_list, 2, parameters, &err) : NULL;
    bool done = rows != NULL;
    if (rows != NULL && format != NULL && strcmp(format, "json") == 0) {
        print_json(rows);
    } else if (rows != NULL) {
        struct report *report = report_of(rows, to.vietnamese);
        done = output_report(report, OUTPUT_TABLE, NULL, &err);
        report_free(report);
    }
    pg_rows_free(rows);
    pg_free(pg);
    return done ? 0 : session_fail(options, &err);
}
