#include "explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../cells/cell_names.h"
#include "../cells/person_events.h"
#include "scope.h"
#include "sql.h"

enum { SCOPE_FIGURES = 6 }; /* of sql/report_scope.sql */
enum generation_column { GENERATION, CONFIG, FOLD, CREATED, LOADED, RECORDS };

/* "2026-11-30 03:19:08 +07:00"; NULL: not known. */
static void add_time(const struct report *r, const char *text, struct text_buffer *out)
{
    char local[CLOCK_LOCAL_SIZE];
    clock_localise(text != NULL ? text : "", local);
    text_buffer_add_text(out, local[0] != '\0' ? local : SAY(r, "chưa rõ", "not known"));
}

static void add_generation(struct report *r, const struct pg_rows *g, struct text_buffer *out)
{
    const char *records = pg_rows_value(g, 0, RECORDS);
    text_buffer_add_format(out, "-- %s\n",
                           SAY(r, "Thời gian: giờ Việt Nam (Asia/Ho_Chi_Minh, UTC+7)",
                               "Times: of Vietnam (Asia/Ho_Chi_Minh, UTC+7)"));
    text_buffer_add_format(out, SAY(r, "-- Phiên bản số liệu: %s, lập ", "-- Generation: %s, made "),
                           pg_rows_value(g, 0, GENERATION));
    add_time(r, pg_rows_value(g, 0, CREATED), out);
    text_buffer_add_format(out,
                           SAY(r, ", quy tắc đếm phiên bản %s\n", ", counting rules version %s\n"),
                           pg_rows_value(g, 0, FOLD));
    text_buffer_add_format(
        out, SAY(r, "-- Danh mục: phiên bản %s, nạp ", "-- Config: version %s, loaded "),
        pg_rows_value(g, 0, CONFIG));
    add_time(r, pg_rows_value(g, 0, LOADED), out);
    text_buffer_add_format(
        out,
        SAY(r, "\n-- Đã đếm: %s vị trí của nhật ký\n", "\n-- Counted: %s positions of the log\n"),
        records != NULL ? report_number(r, pg_rows_integer(g, 0, RECORDS, 0))
                        : SAY(r, "chưa rõ số", "an unknown number of"));
}

static void add_streams(const struct report *r, const struct pg_rows *rows, struct text_buffer *out)
{
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *stream = pg_rows_value(rows, i, 1), *through = pg_rows_value(rows, i, 2);
        text_buffer_add_format(
            out, SAY(r, "-- Đầy đủ đến: %s%s%s: ", "-- Complete through: %s%s%s: "),
            pg_rows_value(rows, i, 0), stream != NULL ? " " : "", stream != NULL ? stream : "");
        if (through != NULL)
            add_time(r, through, out);
        else
            text_buffer_add_text(out, SAY(r, "chưa đọc hết lần nào", "never read whole"));
        text_buffer_add_text(out, "\n");
    }
    if (pg_rows_count(rows) == 0)
        text_buffer_add_format(
            out, "-- %s\n",
            SAY(r, "Không có nền tảng nào cung cấp số liệu", "No platform feeds this training"));
}

bool explain_report(struct pg *pg, const struct report_request *request, struct report *report,
                    struct text_buffer *out, struct error *err)
{
    const char *parameters[] = {request->trace->training[0] != '\0' ? request->trace->training
                                                                    : NULL};
    struct pg_rows *generation = pg_query(pg, sql_report_generation, 0, NULL, err);
    struct pg_rows *streams =
        generation != NULL ? pg_query(pg, sql_report_streams, 1, parameters, err) : NULL;
    if (streams != NULL) {
        text_buffer_add_format(out, "-- %s\n", report->title);
        add_generation(report, generation, out);
        add_streams(report, streams, out);
        text_buffer_add_format(out, SAY(report, "-- Câu lệnh: %zu\n\n", "-- Statements: %zu\n\n"),
                               request->trace->count);
        text_buffer_add(out, request->trace->text.data, request->trace->text.length);
    }
    pg_rows_free(streams);
    pg_rows_free(generation);
    return streams != NULL;
}

/* Behind a cell ----------------------------------------------------------------------------------------------------------- */

/* What the report is of, unless the cell says otherwise; a scope of its own is left alone, and who is on no list is of no wave. */
static bool add_scope(struct pg *pg, const struct report_request *request, struct report *r,
                      struct text_buffer *cell, struct report_scope *scope,
                      struct cell_query *query, struct error *err)
{
    if (!cell_query_parse(cell->data, query, err))
        return false;
    if (scope->unit != NULL && query->unit[0] == '\0' && cell_query_has_places(query))
        text_buffer_add_format(cell, " unit=%s below=yes", scope->unit);
    if (strstr(cell->data, "scope=") != NULL || query->wave[0] != '\0')
        return cell_query_parse(cell->data, query, err);
    /* A row of the provinces is a wave's, though the report as a whole is of the training. */
    if (strcmp(request->name, "appendix2") == 0 && cell_query_has_places(query) &&
        !scope_find(pg, request, SCOPE_NEEDS_WAVE, r, scope, err))
        return false;
    if (scope->training != NULL && query->training[0] == '\0')
        text_buffer_add_format(cell, " training=%s", scope->training);
    if (scope->wave != NULL && cell_query_has_places(query))
        text_buffer_add_format(cell, " wave=%s", scope->wave);
    return cell_query_parse(cell->data, query, err);
}

/* A row of the monthly report is a unit with all below it. */
static bool add_monthly(struct text_buffer *cell, const struct report_request *request,
                        struct cell_query *query, struct error *err)
{
    if (strcmp(request->name, "monthly") != 0 || query->unit[0] == '\0' ||
        strstr(cell->data, "below=") != NULL)
        return true;
    text_buffer_add_text(cell, " below=yes");
    return cell_query_parse(cell->data, query, err);
}

static void add_person(struct report *r, const struct counted_person *person,
                       const struct pg_rows *events, bool words)
{
    char key[PERSON_KEY_SIZE];
    bool any = false;
    person_key_text(person->key, key);
    for (size_t i = 0; i < pg_rows_count(events); i++) {
        if (!person_events_of(person, events, i))
            continue;
        size_t row = report_add_row(r);
        report_put_text(r, row, "person", key);
        person_events_put(r, row, events, i, words);
        any = true;
    }
    if (!any)
        report_put_text(r, report_add_row(r), "person", key);
}

static void add_nobody(struct report *r, const struct cell_query *query)
{
    report_add_note(r, "%s",
                    query->measure == MEASURE_NOT_REGISTERED
                        ? SAY(r,
                              "Không có ai ngoài danh sách: ai có dữ liệu học đều có tên trong "
                              "danh sách.",
                              "Nobody is on no list: all who have facts stand on one.")
                        : SAY(r, "Không có ai được tính trong ô này.", "Nobody counts in this cell."));
    if (query->measure == MEASURE_COMPLETED)
        report_add_note(
            r, "%s",
            SAY(r,
                "Nếu trong biểu ô hoàn thành để trống thì chưa biết ai hoàn thành, không "
                "phải là không có ai.",
                "If the report leaves the cell of completed empty, it is not known who "
                "completed: that is not nobody."));
}

static void add_count(struct report *r, const struct cell_query *query, size_t count, size_t shown)
{
    if (count > 0)
        report_add_note(r,
                        SAY_COUNT(r, count, "%s người được tính trong ô này; liệt kê %s người.",
                                  "%s person counts in this cell; listed: %s.",
                                  "%s people count in this cell; listed: %s."),
                        report_number(r, (int64_t)count), report_number(r, (int64_t)shown));
    else
        add_nobody(r, query);
}

/* Of a wave with published totals there is a figure, and nobody who was counted for it. */
static bool is_published(struct pg *pg, const struct cell_query *query, bool *published,
                         struct error *err)
{
    const char *parameters[] = {query->wave, NULL};
    *published = false;
    if (query->wave[0] == '\0')
        return true;
    struct pg_rows *rows = pg_query(pg, sql_report_scope, 2, parameters, err);
    *published = rows != NULL && pg_rows_count(rows) == 1 &&
                 strcmp(pg_rows_value(rows, 0, SCOPE_FIGURES), "counted") != 0;
    pg_rows_free(rows);
    return rows != NULL;
}

static void add_published(struct report *r)
{
    report_add_note(r, "%s",
                    SAY(r,
                        "Ô này là số tổng được công bố, không đếm từng người học: không có ai để "
                        "liệt kê.",
                        "This is a published total, not counted by people: there is nobody to "
                        "list."));
}

/* Whom the reader of a unit with units below it may have meant. */
static void add_below(struct report *r, const struct cell_query *query, size_t own, size_t all)
{
    if (own > 0 && own < all)
        report_add_note(r,
                        SAY_COUNT(r, all - own,
                                  "Các đơn vị trực thuộc còn %s người: xem unit=%s below=yes.",
                                  "%s more is in units below it: unit=%s below=yes.",
                                  "%s more are in units below it: unit=%s below=yes."),
                        report_number(r, (int64_t)(all - own)), query->unit);
    else if (own == 0 && all > 0)
        report_add_note(r, "%s",
                        SAY(r, "Riêng đơn vị này không có ai: đây là người của các đơn vị trực thuộc.",
                            "Nobody is in the unit itself: these are of the units below it."));
}

/* Those of the unit itself; with all below it where that is asked, or where it has nobody of its own. */
static bool list_people(struct pg *pg, const struct cell_query *query,
                        const struct counted_people *people, const struct explain_listing *listing,
                        struct report *r, struct error *err)
{
    const struct counted_person **list = must_have(calloc(people->count + 1, sizeof(*list)));
    size_t own = 0, count = 0;
    for (size_t i = 0; i < people->count; i++)
        own += people->items[i].own > 0;
    for (size_t i = 0; i < people->count; i++)
        if (query->with_below || own == 0 || people->items[i].own > 0)
            list[count++] = &people->items[i];
    size_t shown = count < listing->most ? count : listing->most;
    struct pg_rows *events = person_events(pg, list, shown, err);
    for (size_t i = 0; events != NULL && i < shown; i++)
        add_person(r, list[i], events, listing->words);
    free(list);
    bool published = false;
    if (events == NULL || !is_published(pg, query, &published, err)) {
        pg_rows_free(events);
        return false;
    }
    if (published)
        add_published(r);
    else
        add_count(r, query, count, shown);
    if (!query->with_below)
        add_below(r, query, own, people->count);
    pg_rows_free(events);
    return true;
}

/* The units below the one that is named; good as long as *rows. */
static bool find_below(struct pg *pg, struct cell_query *query, struct pg_rows **rows,
                       struct error *err)
{
    const char *unit = query->unit;
    *rows = NULL;
    if (unit[0] == '\0')
        return true;
    *rows = pg_query(pg, sql_cell_units_below, 1, &unit, err);
    if (*rows == NULL)
        return false;
    const char **codes = must_have(calloc(pg_rows_count(*rows) + 1, sizeof(*codes)));
    for (size_t i = 0; i < pg_rows_count(*rows); i++)
        codes[i] = pg_rows_value(*rows, i, 0);
    query->below = codes;
    query->below_count = pg_rows_count(*rows);
    return true;
}

static bool fill_cell(struct pg *pg, struct cell_query *query,
                      const struct explain_listing *listing, struct report *r, struct error *err)
{
    struct counted_people people = {0};
    struct pg_rows *live = pg_query(pg, sql_report_generation, 0, NULL, err);
    if (live == NULL)
        return false;
    const struct counted_generation counted = {(int)pg_rows_integer(live, 0, GENERATION, 0),
                                               (int)pg_rows_integer(live, 0, CONFIG, 0)};
    int64_t fold = pg_rows_integer(live, 0, FOLD, 0);
    pg_rows_free(live);
    if (fold != FOLD_VERSION)
        return error_set(
            err, ERROR_STATE, false,
            "the figures are counted by version %" PRId64
            " of the counting rules, this program has version %d: use the program that "
            "counts, or `mooc-aggregator replay start`",
            fold, FOLD_VERSION);
    report_add_line(r, SAY(r, "Phiên bản số liệu: %d, danh mục: %d", "Generation: %d, config: %d"),
                    counted.number, counted.config_version);
    struct pg_rows *units = NULL;
    bool ok = cell_names_check(pg, query, &counted, 1, err) && find_below(pg, query, &units, err) &&
              who_counts(pg, counted.number, counted.config_version, query, &people, err) &&
              list_people(pg, query, &people, listing, r, err);
    counted_people_release(&people);
    free((void *)query->below);
    pg_rows_free(units);
    return ok;
}

struct report *explain_cell(struct pg *pg, const struct report_request *request, const char *cell,
                            const struct explain_listing *listing, struct error *err)
{
    struct report *r = report_new("why", request->language);
    struct report_scope scope;
    struct cell_query query;
    struct text_buffer text = {0};
    text_buffer_add_text(&text, cell);
    r->title = SAY(r, "AI ĐƯỢC TÍNH TRONG Ô NÀY, VÀ VÌ SAO", "WHO COUNTS IN THIS CELL, AND WHY");
    r->sheet = SAY(r, "Ai được tính", "Who counts");
    report_add_column(r, CELL_TEXT, "person", NULL, SAY(r, "Người", "Person"));
    person_events_add_columns(r);
    bool ok = reports_scope(pg, request, r, &scope, err) &&
              add_scope(pg, request, r, &text, &scope, &query, err) &&
              add_monthly(&text, request, &query, err);
    if (ok) {
        query.listed = cell_query_has_places(&query);
        report_add_line(r, "%s", text.data);
        ok = fill_cell(pg, &query, listing, r, err);
    }
    text_buffer_free(&text);
    if (ok)
        return r;
    report_free(r);
    return NULL;
}
