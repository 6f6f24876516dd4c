#include "changes.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../report/columns.h"
#include "changes_private.h"
#include "sql.h"

static void figures_release(struct figures *figures)
{
    cell_list_release(&figures->cells);
    for (size_t i = 0; i < figures->count; i++)
        report_free(figures->reports[i]);
    free(figures->reports);
    standings_free(figures->standings);
    as_of_basis_release(&figures->basis);
}

static void figures_add(struct figures *figures, struct report *report)
{
    figures->reports =
        must_have(realloc(figures->reports, (figures->count + 1) * sizeof(struct report *)));
    figures->reports[figures->count++] = report;
    cell_list_add(&figures->cells, report);
}

/* Counting ----------------------------------------------------------------------------------------------------------------- */

static struct report_request request_of(const struct changing *c, const char *name)
{
    struct report_request request = {.below = options_number(c->options, "below"),
                                     .language = c->language};
    reports_ask_of_wave(&request, name, c->head.wave, c->head.training);
    clock_format(c->head.at_us, request.at);
    return request;
}

static bool print_all(struct changing *c, struct figures *figures, bool closed, struct error *err)
{
    for (size_t i = 0; i < pg_rows_count(c->names); i++) {
        const char *name = pg_rows_value(c->names, i, 0);
        const struct report_request request = request_of(c, name);
        struct report *report = closed ? document_report(c->pg, c->doc, name, c->language, err)
                                       : reports_make(c->pg, &request, err);
        if (!report)
            return false;
        figures_add(figures, report);
    }
    cell_list_sort(&figures->cells);
    return true;
}

static bool was_closed(const struct changing *c, const char *name)
{
    for (size_t i = 0; i < pg_rows_count(c->names); i++)
        if (strcmp(pg_rows_value(c->names, i, 0), name) == 0)
            return true;
    return false;
}

/* What had nothing to tell is not in the document, and none of its cells was printed. */
static bool find_new_reports(struct changing *c, struct error *err)
{
    const char *name;
    for (size_t i = 0; (name = reports_of_wave(i)); i++) {
        if (was_closed(c, name))
            continue;
        const struct report_request request = request_of(c, name);
        struct report *report = reports_make(c->pg, &request, err);
        if (!report)
            return false;
        if (!report->says_nothing)
            text_buffer_add_format(&c->new_reports, "%s%s (%s)", c->new_reports.length ? ", " : "",
                                   report->sheet ? report->sheet : report->title, name);
        report_free(report);
    }
    return true;
}

static bool read_calendar(struct changing *c, struct error *err)
{
    const char *training = c->head.training;
    struct due_calendar *calendar = &c->calendar;
    struct pg_rows *rows = pg_query(c->pg, sql_close_due_days, 1, &training, err);
    if (!rows)
        return false;
    *calendar = (struct due_calendar){.count = pg_rows_count(rows)};
    if (calendar->count) {
        calendar->lectures = (int32_t)pg_rows_integer(rows, 0, 0, -1);
        calendar->today = (int32_t)pg_rows_integer(rows, 0, 1, 0);
        calendar->today_number = (int32_t)pg_rows_integer(rows, 0, 2, -1);
        calendar->first = (int32_t)pg_rows_integer(rows, 0, 3, 0);
        calendar->completion_unknown = pg_rows_integer(rows, 0, 6, 0) != 0;
    }
    calendar->due = must_have(calloc(calendar->count + 1, sizeof(*calendar->due)));
    calendar->numbers = must_have(calloc(calendar->count + 1, sizeof(*calendar->numbers)));
    for (size_t i = 0; i < calendar->count; i++) {
        calendar->due[i] = (int32_t)pg_rows_integer(rows, i, 4, NEVER);
        calendar->numbers[i] = (int32_t)pg_rows_integer(rows, i, 5, 0);
    }
    pg_rows_free(rows);
    return true;
}

static bool count(struct changing *c, int turn, int config_version,
                  const struct replay_vector *until, struct error *err)
{
    struct figures *figures = &c->turns[turn];
    figures->standings = standings_new(c->head.training, c->head.wave, c->codes);
    const struct bulk_rows watch = standings_watch(figures->standings);
    const struct as_of as_of = {c->head.at_us, config_version, until, &watch};
    bool ok = as_of_show(c->pg, c->options, &as_of, &figures->basis, err) &&
              print_all(c, figures, false, err) &&
              (turn != NOW || (find_new_reports(c, err) && read_calendar(c, err)));
    pg_rollback(c->pg);
    return ok;
}

static bool same(const struct cell_list *a, const struct cell_list *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++)
        equal = strcmp(a->items[i].key, b->items[i].key) == 0 &&
                cells_equal(&a->items[i], &b->items[i]);
    return equal;
}

static bool was_moved(const struct changing *c)
{
    const char *topic = options_text(c->options, "events_topic");
    for (size_t i = 0; i < c->head.basis.until.count; i++)
        if (strcmp(c->head.basis.until.items[i].topic, topic) == 0)
            return false;
    return true;
}

/* The ways between then and now are counted only if they lead somewhere. */
static bool count_all(struct changing *c, struct error *err)
{
    if (!print_all(c, &c->turns[CLOSED], true, err) || !count(c, NOW, -1, NULL, err))
        return false;
    if (same(&c->turns[CLOSED].cells, &c->turns[NOW].cells))
        return true;
    c->moved = was_moved(c);
    if (c->moved)
        return true;
    c->rules_differ = c->turns[NOW].basis.config_version != c->head.basis.config_version;
    if (!count(c, THEN, c->head.basis.config_version, &c->head.basis.until, err) ||
        (c->rules_differ && !count(c, BY_RULES, -1, &c->head.basis.until, err)))
        return false;
    if (c->rules_differ)
        changed_people_find(c->turns[THEN].standings, c->turns[BY_RULES].standings, &c->ruled.people);
    changed_people_find(c->turns[c->rules_differ ? BY_RULES : THEN].standings,
                        c->turns[NOW].standings, &c->late.people);
    return late_events_read(c->pg, &c->head, &c->late, err);
}

/* Telling ------------------------------------------------------------------------------------------------------------------ */

static const struct column_spec columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "report", AT_NOWHERE),
    COLUMN(CELL_TEXT, "table", AT_NOWHERE, WORDS("Biểu", "Report")),
    PROGRAM_COLUMN(CELL_TEXT, "unit", AT_NOWHERE),
    PROGRAM_COLUMN(CELL_TEXT, "measure", AT_NOWHERE),
    COLUMN(CELL_TEXT, "label", AT_NOWHERE, WORDS("Dòng", "Row")),
    COLUMN(CELL_TEXT, "heading", AT_NOWHERE, WORDS("Cột", "Column")),
    COLUMN(CELL_TEXT, "old", AT_NOWHERE, WORDS("Đã chốt", "Closed"), LABELLED),
    COLUMN(CELL_TEXT, "new", AT_NOWHERE, WORDS("Nay là", "Now")),
    COLUMN(CELL_TEXT, "cause", AT_NOWHERE, WORDS("Nguyên nhân", "Cause")),
    PROGRAM_COLUMN(CELL_TEXT, "events", AT_NOWHERE),
    PROGRAM_COLUMN(CELL_COUNT, "people", AT_NOWHERE),
    PROGRAM_COLUMN(CELL_TEXT, "keys", AT_NOWHERE),
};

static void add_notes(const struct changing *c, struct report *r, size_t rounded)
{
    if (r->row_count == 0)
        report_add_note(r, "%s", SAY(r, "Không có số liệu nào thay đổi.", "No figure has changed."));
    else
        report_add_note(r,
                        SAY_COUNT(r, r->row_count, "%s ô thay đổi.", "%s cell has changed.",
                                  "%s cells have changed."),
                        report_number(r, (int64_t)r->row_count));
    if (rounded)
        report_add_note(
            r,
            SAY_COUNT(r, rounded, "%s tỷ lệ thay đổi nhưng làm tròn vẫn như đã in, không liệt kê.",
                      "%s rate has changed and reads as it was printed: not listed.",
                      "%s rates have changed and read as they were printed: not listed."),
            report_number(r, (int64_t)rounded));
    if (c->new_reports.length)
        report_add_note(r,
                        SAY(r,
                            "Khi chốt chưa có gì để in nên không có trong văn bản, nay có: %s "
                            "(in: `mooc-aggregator report BIỂU --wave %s --at %s`).",
                            "Had nothing to tell at the closing and is not in the document, has "
                            "now: %s (`mooc-aggregator report NAME --wave %s --at %s` prints it)."),
                        c->new_reports.data, c->head.wave, r->as_of);
}

static struct report *report_of(const struct changing *c, struct error *err)
{
    struct report *r = report_new("changes", c->language);
    char instant[CLOCK_TEXT_SIZE];
    clock_format(c->head.at_us, instant);
    size_t rounded;
    r->title = SAY(r, "ĐÍNH CHÍNH SỐ LIỆU ĐÃ CHỐT", "CORRECTIONS OF CLOSED FIGURES");
    r->sheet = SAY(r, "Đính chính", "Corrections");
    r->wave = report_copy(r, c->head.wave);
    r->as_of = report_copy(r, instant);
    report_add_line(r, SAY(r, "Văn bản %s, chốt lúc %s", "Document %s, closed at %s"), c->doc,
                    c->head.closed_at);
    columns_add(r, COLUMNS(columns));
    if (!changes_tell(c, r, &rounded, err)) {
        report_free(r);
        return NULL;
    }
    add_notes(c, r, rounded);
    return r;
}

struct report *changes_make(struct pg *pg, const struct options *options, const char *doc,
                            enum language language, struct error *err)
{
    struct changing c = {.pg = pg, .options = options, .doc = doc, .language = language};
    c.codes = strings_new();
    bool ok = document_find(pg, doc, &c.head, err) && (c.names = document_reports(pg, doc, err)) &&
              count_all(&c, err);
    struct report *report = ok ? report_of(&c, err) : NULL;
    for (int i = 0; i < TURNS; i++)
        figures_release(&c.turns[i]);
    late_events_release(&c.ruled);
    late_events_release(&c.late);
    due_calendar_release(&c.calendar);
    text_buffer_free(&c.new_reports);
    strings_free(c.codes);
    pg_rows_free(c.names);
    document_head_release(&c.head);
    return report;
}
