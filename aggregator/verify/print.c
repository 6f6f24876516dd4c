#include "print.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/tell.h"
#include "../report/number.h"
#include "../report/width.h"

#define NOT_CHECKED                                                                                \
    "the dead letters of ingest's own topic (it is not archived), and why a record of the "        \
    "archive "                                                                                     \
    "could not be read"
#define NOT_CHECKED_VI                                                                                           \
    "bản ghi bị mooc-ingest loại (không có trong kho lưu), và vì sao một bản ghi trong kho lưu " \
    "không đọc được"
#define STATES_NOT_READ                                                                            \
    "; of the states only that each is there (another version of the program wrote them)"
#define STATES_NOT_READ_VI                                                                         \
    "; hồ sơ của người học chỉ được kiểm là có hay không (do phiên bản khác của chương trình ghi)"

#define CHECK_WIDTH 30
#define COUNT_WIDTH 14

/* In Vietnamese; one that is not here keeps its name. */
static const struct {
    const char *name, *vi;
} checks[] = {
    {"archive rows", "Dòng trong kho lưu"},
    {"archive columns", "Cột trong kho lưu"},
    {"members", "Ai là cùng một người"},
    {"carriers", "Ai mang định danh nào"},
    {"states", "Hồ sơ của người học"},
    {"facts in states", "Dữ kiện trong hồ sơ"},
    {"tallies", "Số đếm"},
    {"activity by day", "Hoạt động theo ngày"},
    {"activity by month", "Hoạt động theo tháng"},
    {"activity by five minutes", "Hoạt động theo 5 phút"},
    {"deadlines", "Thời hạn"},
    {"issues", "Lỗi dữ liệu"},
    {"head counts", "Lượt người"},
    {"published totals", "Số tổng được công bố"},
    {"marks", "Mốc đọc hết của nguồn"},
    {"dead letters", "Bản ghi bị loại"},
    {"unmapped", "Mã chưa có trong danh mục"},
};

static const char *check_name(const struct verify_request *request, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        if (strcmp(checks[i].name, name) == 0)
            return TELL(request, checks[i].vi, name);
    return name;
}

static void add_heading(const struct verify_request *request, const struct verify_result *result,
                        struct text_buffer *out)
{
    char began[CLOCK_LOCAL_SIZE];
    int64_t tenths = (int64_t)(result->seconds * 10);
    clock_localise(pg_rows_value(result->outcome, 0, 5), began);
    text_buffer_add_format(
        out, TELL(request, "Phiên bản số liệu %d, danh mục %d", "Generation %d, configuration %d"),
        result->generation, result->config_version);
    if (*request->training)
        text_buffer_add_format(out, TELL(request, ", khóa %s", ", training %s"), request->training);
    if (*request->unit)
        text_buffer_add_format(out, TELL(request, ", đơn vị %s", ", unit %s"), request->unit);
    text_buffer_add_format(out,
                           TELL(request, ", lúc %s, tính lại từ kho lưu trong %lld,%d giây\n\n",
                                ", as of %s, recomputed from the archive in %lld.%d s\n\n"),
                           began, (long long)(tenths / 10), (int)(tenths % 10));
}

static void add_number(const struct verify_request *request, const char *digits,
                       struct text_buffer *out)
{
    char text[NUMBER_SIZE];
    format_count(strtoll(digits, NULL, 10), TELL(request, LANGUAGE_VI, LANGUAGE_EN), text);
    text_buffer_add_text(out, " ");
    text_pad(out, text, strlen(text), COUNT_WIDTH, ALIGN_RIGHT);
}

static void add_checks(const struct verify_request *request, const struct pg_rows *rows,
                       struct text_buffer *out)
{
    const char *const headings[] = {TELL(request, "NỘI DUNG", "CHECK"),
                                    TELL(request, "ĐÃ ĐỐI CHIẾU", "COMPARED"),
                                    TELL(request, "KHÁC NHAU", "DIFFERENCES")};
    text_pad(out, headings[0], strlen(headings[0]), CHECK_WIDTH, ALIGN_LEFT);
    for (size_t i = 1; i < ARRAY_LEN(headings); i++) {
        text_buffer_add_text(out, " ");
        text_pad(out, headings[i], strlen(headings[i]), COUNT_WIDTH, ALIGN_RIGHT);
    }
    text_buffer_add_text(out, "\n");
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *name = check_name(request, pg_rows_value(rows, i, 0));
        text_pad(out, name, strlen(name), CHECK_WIDTH, ALIGN_LEFT);
        add_number(request, pg_rows_value(rows, i, 1), out);
        add_number(request, pg_rows_value(rows, i, 2), out);
        text_buffer_add_text(out, "\n");
    }
}

static const char *or_nothing(const struct verify_request *request, const char *text)
{
    return text ? text : TELL(request, "không có", "nothing");
}

static void add_differences(const struct verify_request *request, const struct pg_rows *rows,
                            struct text_buffer *out)
{
    const char *check = "";
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        if (strcmp(check, pg_rows_value(rows, i, 0)) != 0) {
            check = pg_rows_value(rows, i, 0);
            text_buffer_add_format(out,
                                   TELL(request, "\n%s, khác nhiều nhất trước:\n",
                                        "\n%s, the largest differences first:\n"),
                                   check_name(request, check));
        }
        const char *column = pg_rows_value(rows, i, 2), *key = pg_rows_value(rows, i, 1);
        text_buffer_add_format(out,
                               TELL(request, "  %s: %s%sđang lưu %s, tính lại được %s\n",
                                    "  %s: %s%sstored %s, recomputed %s\n"),
                               key ? key : "", column ? column : "", column ? " " : "",
                               or_nothing(request, pg_rows_value(rows, i, 3)),
                               or_nothing(request, pg_rows_value(rows, i, 4)));
    }
}

void verify_write_table(const struct verify_request *request, const struct verify_result *result,
                        struct text_buffer *out)
{
    char differences[NUMBER_SIZE];
    add_heading(request, result, out);
    add_checks(request, result->checks, out);
    add_differences(request, result->largest, out);
    text_buffer_add_text(
        out, TELL(request, "\nKhông đối chiếu: " NOT_CHECKED_VI, "\nNot checked: " NOT_CHECKED));
    if (!result->states_read)
        text_buffer_add_text(out, TELL(request, STATES_NOT_READ_VI, STATES_NOT_READ));
    text_buffer_add_text(out, ".\n");
    format_count(result->differences, TELL(request, LANGUAGE_VI, LANGUAGE_EN), differences);
    if (result->differences == 0)
        text_buffer_add_text(out, TELL(request, "Tất cả bằng nhau.\n", "Everything is equal.\n"));
    else
        text_buffer_add_format(
            out,
            TELL(
                request,
                "%s chỗ khác nhau. Không có gì bị thay đổi; replay tính lại các bảng từ nhật ký.\n",
                "%s differences. Nothing was changed; a replay makes the tables anew from the "
                "log.\n"),
            differences);
}

void verify_write_json(const struct verify_result *result, struct text_buffer *out)
{
    const char *json = pg_rows_value(result->outcome, 0, 4);
    text_buffer_add(out, json, strlen(json) - 1); /* its last brace comes behind what follows */
    text_buffer_add_format(out, ", \"states_read\": %s, \"seconds\": %.3f, \"not_checked\": ",
                           result->states_read ? "true" : "false", result->seconds);
    text_buffer_add_json_string(out, NOT_CHECKED);
    text_buffer_add_text(out, "}\n");
}

void verify_write_metrics(const struct verify_result *result, int64_t now_us, struct text_buffer *out)
{
    text_buffer_add_text(
        out,
        "# HELP mooc_aggregator_verify_differences Differences that the last verification found.\n"
        "# TYPE mooc_aggregator_verify_differences gauge\n");
    for (size_t i = 0; i < pg_rows_count(result->checks); i++)
        text_buffer_add_format(out, "mooc_aggregator_verify_differences{check=\"%s\"} %s\n",
                               pg_rows_value(result->checks, i, 0),
                               pg_rows_value(result->checks, i, 2));
    text_buffer_add_text(out,
                         "# HELP mooc_aggregator_verify_compared Rows and facts that it compared.\n"
                         "# TYPE mooc_aggregator_verify_compared gauge\n");
    text_buffer_add_format(out, "mooc_aggregator_verify_compared %lld\n",
                           (long long)result->compared);
    text_buffer_add_text(out, "# HELP mooc_aggregator_verify_seconds How long it took.\n"
                              "# TYPE mooc_aggregator_verify_seconds gauge\n");
    text_buffer_add_format(out, "mooc_aggregator_verify_seconds %.3f\n", result->seconds);
    text_buffer_add_text(out, "# HELP mooc_aggregator_verify_timestamp_seconds When it ended; its "
                              "age is time() less this.\n"
                              "# TYPE mooc_aggregator_verify_timestamp_seconds gauge\n");
    text_buffer_add_format(out, "mooc_aggregator_verify_timestamp_seconds %lld.%03d\n",
                           (long long)(now_us / 1000000), (int)(now_us / 1000 % 1000));
}
