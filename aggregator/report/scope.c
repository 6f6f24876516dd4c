#include "scope.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "name_list.h"
#include "sql.h"

#define WAVES "waves.csv"

enum wave_column {
    WAVE,
    WAVE_NAME,
    BEGINS,
    ENDS,
    PROVINCE,
    PROVINCE_NAME,
    FIGURES,
    TRAINING,
    TRAINING_NAME,
    TRAINING_NAME_EN
};

/* Codes and labels of rows [begin, end); both arrays are freed by the caller. */
static struct name_list list_of(const struct pg_rows *rows, size_t begin, size_t end,
                                const char *all_in)
{
    const char **codes = must_have(calloc(end - begin + 1, sizeof(*codes)));
    const char **labels = must_have(calloc(end - begin + 1, sizeof(*labels)));
    for (size_t i = begin; i < end; i++) {
        codes[i - begin] = pg_rows_value(rows, i, 0);
        labels[i - begin] = pg_rows_value(rows, i, 1);
    }
    return (struct name_list){codes, labels, end - begin, all_in, false};
}

static void release(struct name_list *list)
{
    free((void *)list->codes);
    free((void *)list->labels);
}

/* Something that is named by a code: its option, and what it is called. */
struct thing {
    const char *option, *vi, *all_in;
};
static const struct thing a_wave = {"wave", "đợt", WAVES},
                          a_training = {"training", "khóa", "trainings.csv"},
                          a_unit = {"unit", "đơn vị", "units.csv"};

/* "there is no WHAT "NAME"; did you mean …? There are: …"; name NULL: "which WHAT? --WHAT takes one of: …". */
static void write_names(const struct name_list *list, const struct thing *what, const char *name,
                        struct text_buffer *out)
{
    bool enough = false;
    if (name == NULL) {
        text_buffer_add_format(
            out, TELL(list, "%s nào? --%s là một trong: ", "which %s? --%s takes one of: "),
            TELL(list, what->vi, what->option), what->option);
    } else {
        text_buffer_add_format(out,
                               TELL(list, "không có %s \"%.64s\"; ", "there is no %s \"%.64s\"; "),
                               TELL(list, what->vi, what->option), name);
        enough = name_list_add_meant(list, name, out);
        text_buffer_add_text(out, enough ? "" : TELL(list, "có: ", "there are: "));
    }
    if (!enough)
        name_list_add(list, out);
}

static void refuse_name(const struct pg_rows *rows, const struct thing *what, const char *name,
                        struct error *err)
{
    struct name_list list = list_of(rows, 0, pg_rows_count(rows), what->all_in);
    struct text_buffer en = {0}, vi = {0};
    write_names(&list, what, name, &en);
    list.vietnamese = true;
    write_names(&list, what, name, &vi);
    if (list.count == 0) {
        error_set(err, ERROR_USAGE, false,
                  "no %s is configured yet; run mooc-aggregator config load DIR", what->option);
        error_vi(err, "chưa khai báo %s nào; hãy chạy mooc-aggregator config load THƯ-MỤC", what->vi);
    } else {
        error_set(err, ERROR_USAGE, false, "%s", en.data);
        error_vi(err, "%s", vi.data);
    }
    text_buffer_free(&vi);
    text_buffer_free(&en);
    release(&list);
}

/* Those whose learners are counted stand first: how many. */
static size_t count_counted(const struct pg_rows *rows)
{
    size_t counted = 0;
    while (counted < pg_rows_count(rows) && *pg_rows_value(rows, counted, 2) == 't')
        counted++;
    return counted;
}

static void write_no_wave(const struct pg_rows *rows, const char *training, const char *wave,
                          bool vietnamese, struct text_buffer *out)
{
    size_t count = pg_rows_count(rows), counted = count_counted(rows);
    struct name_list all = list_of(rows, 0, count, WAVES), those = list_of(rows, 0, counted, WAVES),
                     others = list_of(rows, counted, count, WAVES);
    all.vietnamese = those.vietnamese = others.vietnamese = vietnamese;
    if (training)
        text_buffer_add_format(
            out, TELL(&all, "khóa %.64s không có đợt", "training %.64s has no wave"), training);
    else
        text_buffer_add_text(out, TELL(&all, "không có đợt", "there is no wave"));
    text_buffer_add_format(out, " \"%.64s\"; ", wave);
    bool enough = name_list_add_meant(&all, wave, out);
    if (!enough) {
        text_buffer_add_text(
            out, TELL(&all, "các đợt đếm từng người học: ", "waves whose learners are counted: "));
        name_list_add(&those, out);
    }
    if (!enough && others.count > 0) {
        text_buffer_add_text(
            out, TELL(&all, "; chỉ công bố số tổng: ", "; with published totals only: "));
        name_list_add(&others, out);
    }
    release(&others);
    release(&those);
    release(&all);
}

static void say_no_wave(const struct pg_rows *rows, const char *training, const char *wave,
                        struct error *err)
{
    struct text_buffer en = {0}, vi = {0};
    write_no_wave(rows, training, wave, false, &en);
    write_no_wave(rows, training, wave, true, &vi);
    error_set(err, ERROR_USAGE, false, "%s", en.data);
    error_vi(err, "%s", vi.data);
    text_buffer_free(&vi);
    text_buffer_free(&en);
}

/* Where one must be named, of those whose learners are counted. */
static void ask_wave(const struct pg_rows *rows, struct error *err)
{
    struct name_list list = list_of(rows, 0, count_counted(rows), WAVES);
    struct text_buffer en = {0}, vi = {0};
    write_names(&list, &a_wave, NULL, &en);
    list.vietnamese = true;
    write_names(&list, &a_wave, NULL, &vi);
    error_set(err, ERROR_USAGE, false, "%s", en.data);
    error_vi(err, "%s", vi.data);
    text_buffer_free(&vi);
    text_buffer_free(&en);
    release(&list);
}

/* Of a training, or of any; wave NULL: where one must be named. */
static void refuse_wave(struct pg *pg, const char *training, const char *wave, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_waves, 1, &training, err);
    if (rows == NULL)
        return;
    if (pg_rows_count(rows) == 0 && training == NULL)
        refuse_name(rows, &a_wave, wave, err);
    else if (wave != NULL)
        say_no_wave(rows, training, wave, err);
    else
        ask_wave(rows, err);
    pg_rows_free(rows);
}

void scope_refuse_wave(struct pg *pg, const char *wave, struct error *err)
{
    refuse_wave(pg, NULL, wave, err);
}

void scope_refuse_training(struct pg *pg, const char *training, struct error *err)
{
    const char *all = NULL;
    struct pg_rows *rows = pg_query(pg, sql_report_trainings, 1, &all, err);
    if (rows != NULL)
        refuse_name(rows, &a_training, training, err);
    pg_rows_free(rows);
}

void scope_refuse_unit(struct pg *pg, const char *unit, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_unit_codes, 0, NULL, err);
    if (rows != NULL)
        refuse_name(rows, &a_unit, unit, err);
    pg_rows_free(rows);
}

static void take_wave(struct report *report, const struct pg_rows *rows, struct report_scope *scope)
{
    const char **fields[] = {
        [WAVE] = &scope->wave,         [WAVE_NAME] = &scope->wave_name,
        [BEGINS] = &scope->begins,     [ENDS] = &scope->ends,
        [PROVINCE] = &scope->province, [PROVINCE_NAME] = &scope->province_name,
        [FIGURES] = &scope->figures,   [TRAINING] = &scope->training,
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        *fields[i] = report_copy(report, pg_rows_value(rows, 0, i));
    scope->training_name = report_copy(
        report, pg_rows_value(rows, 0, (size_t)SAY(report, TRAINING_NAME, TRAINING_NAME_EN)));
}

static bool refuse_published(const struct report_request *request, struct error *err)
{
    return error_tell(err, ERROR_USAGE, false,
                      "đợt %s chỉ công bố số tổng, không có đơn vị nào để báo cáo: "
                      "`mooc-aggregator report appendix2` có đợt đó",
                      "of wave %s only totals are published, it has no units to report: "
                      "`mooc-aggregator report appendix2` shows it",
                      request->wave);
}

/* The training that was named, or the only one. */
static bool find_training(struct pg *pg, const struct report_request *request,
                          struct report *report, struct report_scope *scope, struct error *err)
{
    const char *parameters[] = {request->training};
    struct pg_rows *rows = pg_query(pg, sql_report_trainings, 1, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (found) {
        scope->training = report_copy(report, pg_rows_value(rows, 0, 0));
        scope->training_name = report_copy(report, pg_rows_value(rows, 0, SAY(report, 1, 2)));
    } else {
        scope_refuse_training(pg, request->training, err);
    }
    pg_rows_free(rows);
    return found;
}

/* The wave that was named, or the only one; or_training: where a training has several, the training itself. */
static bool find_wave(struct pg *pg, const struct report_request *request, bool or_training,
                      struct report *report, struct report_scope *scope, struct error *err)
{
    const char *parameters[] = {request->wave, request->training};
    struct pg_rows *rows = pg_query(pg, sql_report_scope, 2, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (found)
        take_wave(report, rows, scope);
    else if (pg_rows_count(rows) > 1 && request->training != NULL && or_training)
        found = find_training(pg, request, report, scope, err);
    else
        refuse_wave(pg, request->training, request->wave, err);
    pg_rows_free(rows);
    return found;
}

static bool find_unit(struct pg *pg, const struct report_request *request, struct report *report,
                      struct report_scope *scope, struct error *err)
{
    if (request->unit == NULL)
        return true;
    const char *parameters[] = {request->unit};
    struct pg_rows *rows = pg_query(pg, sql_report_units, 1, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_value(rows, 0, 0) != NULL;
    if (found) {
        scope->unit = report_copy(report, request->unit);
        scope->unit_name = report_copy(report, pg_rows_value(rows, 0, 0));
        scope->units = report_copy(report, pg_rows_value(rows, 0, 1));
    } else {
        scope_refuse_unit(pg, request->unit, err);
    }
    pg_rows_free(rows);
    return found;
}

static bool is_month(const char *text)
{
    for (size_t i = 0; i < 7; i++) {
        if (i == 4 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
            return false;
    }
    int number = (text[5] - '0') * 10 + text[6] - '0';
    return text[7] == '\0' && number >= 1 && number <= 12;
}

static bool find_month(struct pg *pg, const struct report_request *request, struct report *report,
                       struct report_scope *scope, struct error *err)
{
    if (request->month == NULL)
        return true;
    const char *parameters[] = {scope->training};
    struct pg_rows *rows = pg_query(pg, sql_report_months, 1, parameters, err);
    if (rows == NULL)
        return false;
    const char *first = pg_rows_value(rows, 0, 0), *last = pg_rows_value(rows, 0, 1);
    bool found = is_month(request->month) && strcmp(request->month, first) >= 0 &&
                 strcmp(request->month, last) <= 0;
    if (found) {
        char day[16];
        snprintf(day, sizeof(day), "%.7s-01", request->month);
        scope->month = report_copy(report, day);
    } else {
        error_tell(err, ERROR_USAGE, false,
                   "không có tháng \"%.32s\" để báo cáo; --month từ %s đến %s",
                   "there is no month \"%.32s\" to report; --month takes %s to %s", request->month,
                   first, last);
    }
    pg_rows_free(rows);
    return found;
}

/* A name that is not there is said so before another is asked for. */
static bool names_are_known(struct pg *pg, const struct report_request *request, struct error *err)
{
    const char *trainings[] = {request->training}, *waves[] = {request->wave, NULL};
    struct pg_rows *rows =
        request->training != NULL ? pg_query(pg, sql_report_trainings, 1, trainings, err) : NULL;
    bool known = request->training == NULL || (rows != NULL && pg_rows_count(rows) == 1);
    if (rows != NULL && !known)
        scope_refuse_training(pg, request->training, err);
    pg_rows_free(rows);
    if (!known || request->wave == NULL)
        return known;
    rows = pg_query(pg, sql_report_scope, 2, waves, err);
    known = rows != NULL && pg_rows_count(rows) == 1;
    if (rows != NULL && !known)
        refuse_wave(pg, request->training, request->wave, err);
    pg_rows_free(rows);
    return known;
}

bool scope_find(struct pg *pg, const struct report_request *request, enum scope_need need,
                struct report *report, struct report_scope *scope, struct error *err)
{
    *scope = (struct report_scope){0};
    bool either = need == SCOPE_NEEDS_EITHER;
    if (!names_are_known(pg, request, err) || !find_unit(pg, request, report, scope, err))
        return false;
    if (need == SCOPE_NEEDS_WAVE || either || request->wave != NULL) {
        if (!find_wave(pg, request, either, report, scope, err))
            return false;
    } else if (need == SCOPE_NEEDS_TRAINING || request->training != NULL) {
        if (!find_training(pg, request, report, scope, err))
            return false;
    }
    if ((need == SCOPE_NEEDS_WAVE || either) && scope->wave != NULL &&
        strcmp(scope->figures, "counted") != 0)
        return refuse_published(request, err);
    return find_month(pg, request, report, scope, err);
}
