#include "changes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "cell_list.h"
#include "late_events.h"
#include "row_key.h"

/* The reports of one way of counting. */
struct figures {
    struct report **reports;
    size_t count;
    struct cell_list cells;
    struct standings *standings;
    struct as_of_basis basis;
};

enum {
    CLOSED,   /* as they were printed */
    THEN,     /* counted again from what was counted then, by the config of then */
    BY_RULES, /* the same by what live is counted with */
    NOW,      /* from all that is known */
    TURNS
};

struct changing {
    struct pg *pg;
    const struct options *options;
    const char *doc;
    enum language language;
    struct document_head head;
    struct pg_rows *names;
    struct strings *units;
    struct figures turns[TURNS];
    bool rules_differ;
    struct late_events late;
};

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

static bool print_all(struct changing *c, struct figures *figures, bool closed, struct error *err)
{
    struct report_request request = {
        .wave = c->head.wave, .below = options_number(c->options, "below"), .language = c->language};
    clock_format(c->head.at_us, request.at);
    for (size_t i = 0; i < pg_rows_count(c->names); i++) {
        request.name = pg_rows_value(c->names, i, 0);
        struct report *report = closed
                                    ? document_report(c->pg, c->doc, request.name, c->language, err)
                                    : reports_make(c->pg, &request, err);
        if (!report)
            return false;
        figures_add(figures, report);
    }
    cell_list_sort(&figures->cells);
    return true;
}

static bool count(struct changing *c, int turn, int config_version,
                  const struct replay_vector *until, struct error *err)
{
    struct figures *figures = &c->turns[turn];
    figures->standings = standings_new(c->head.wave, c->units);
    const struct bulk_rows watch = standings_watch(figures->standings);
    const struct as_of as_of = {c->head.at_us, config_version, until, &watch};
    bool ok = as_of_show(c->pg, c->options, &as_of, &figures->basis, err) &&
              print_all(c, figures, false, err);
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

/* The ways between then and now are counted only if they lead somewhere. */
static bool count_all(struct changing *c, struct error *err)
{
    if (!print_all(c, &c->turns[CLOSED], true, err) || !count(c, NOW, -1, NULL, err))
        return false;
    if (same(&c->turns[CLOSED].cells, &c->turns[NOW].cells))
        return true;
    c->rules_differ = c->turns[NOW].basis.config_version != c->head.basis.config_version;
    if (!count(c, THEN, c->head.basis.config_version, &c->head.basis.until, err) ||
        (c->rules_differ && !count(c, BY_RULES, -1, &c->head.basis.until, err)))
        return false;
    struct standings *before = c->turns[c->rules_differ ? BY_RULES : THEN].standings;
    c->late.units = c->units;
    c->late.changes = standings_compare(before, c->turns[NOW].standings);
    return late_events_read(c->pg, &c->head, &c->late, err);
}

/* Telling ------------------------------------------------------------------------------------------------------------------ */

static void add_columns(struct report *r)
{
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_column(r, CELL_TEXT, "report", NULL, SAY(r, "Biểu", "Report"));
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_program_column(r, CELL_TEXT, "measure");
    report_add_column(r, CELL_TEXT, "label", NULL, SAY(r, "Dòng", "Row"));
    report_add_column(r, CELL_TEXT, "heading", NULL, SAY(r, "Cột", "Column"));
    report_add_column(r, CELL_TEXT, "old", NULL, SAY(r, "Đã chốt", "Closed"));
    report_add_column(r, CELL_TEXT, "new", NULL, SAY(r, "Nay là", "Now"));
    report_add_column(r, CELL_TEXT, "cause", NULL, SAY(r, "Nguyên nhân", "Cause"));
    report_add_program_column(r, CELL_TEXT, "events");
}

static void put_printed(struct report *r, size_t row, const char *column,
                        const struct listed_cell *cell)
{
    struct text_buffer text = {0};
    if (cell)
        report_cell_text(cell->report, report_cell(cell->report, cell->row, cell->column), &text);
    report_put_text(r, row, column, text.length ? text.data : "—");
    text_buffer_free(&text);
}

static void add_late(const struct changing *c, const char *unit, const char *measure,
                     struct report *r, size_t row, struct text_buffer *out)
{
    struct late_cause cause;
    late_events_behind(&c->late, unit, measure, r->language, &cause);
    if (cause.people == 0)
        text_buffer_add_format(out, SAY(r, "%sdữ liệu đến sau khi chốt", "%scame after the closing"),
                               out->length ? "; " : "");
    else if (cause.event_count)
        text_buffer_add_format(out,
                               SAY_COUNT(r, cause.people, "%sdữ liệu đến sau khi chốt: %zu người (%s)",
                                         "%scame after the closing: %zu person (%s)",
                                         "%scame after the closing: %zu people (%s)"),
                               out->length ? "; " : "", cause.people, cause.kinds.data);
    else
        text_buffer_add_format(
            out,
            SAY_COUNT(r, cause.people,
                      "%sdữ liệu đến sau khi chốt: %zu người được ghép hoặc tách hồ sơ",
                      "%scame after the closing: %zu person was linked or parted",
                      "%scame after the closing: %zu people were linked or parted"),
            out->length ? "; " : "", cause.people);
    report_put_text(r, row, "events", cause.ids.data);
    late_cause_release(&cause);
}

static void put_causes(const struct changing *c, const char *key, const char *unit,
                       const char *measure, struct report *r, size_t row)
{
    struct text_buffer text = {0};
    const struct listed_cell *cells[TURNS];
    for (int i = 0; i < TURNS; i++)
        cells[i] = cell_list_find(&c->turns[i].cells, key);
    if (!c->rules_differ)
        cells[BY_RULES] = cells[THEN];
    /* A record that cannot be used has no time of its own: faults are as they are known. */
    bool faults = strncmp(key, "issues|", strlen("issues|")) == 0;
    if (!cells_equal(cells[CLOSED], cells[THEN]) && faults)
        text_buffer_add_text(&text,
                             SAY(r, "lỗi được biết thêm hoặc đã được xử lý sau khi chốt",
                                 "faults became known, or were put right, after the closing"));
    else if (!cells_equal(cells[CLOSED], cells[THEN]))
        text_buffer_add_text(
            &text, SAY(r, "tên, chỉ tiêu, danh mục đã đổi, hoặc có người đã được xóa",
                       "names, targets or the unit tree changed, or somebody was erased"));
    if (!cells_equal(cells[THEN], cells[BY_RULES]))
        text_buffer_add_format(&text,
                               SAY(r, "%squy định đã đổi: phiên bản danh mục %d thành %d",
                                   "%sthe rules changed: config version %d to %d"),
                               text.length ? "; " : "", c->head.basis.config_version,
                               c->turns[NOW].basis.config_version);
    if (!cells_equal(cells[BY_RULES], cells[NOW]))
        add_late(c, unit, measure, r, row, &text);
    report_put_text(r, row, "cause", text.data);
    text_buffer_free(&text);
}

static const char *unit_of(const struct listed_cell *cell)
{
    for (size_t i = 0; i < cell->report->column_count; i++) {
        const struct report_cell *code = report_cell(cell->report, cell->row, i);
        if (code->kind == CELL_TEXT && strcmp(cell->report->columns[i].name, "unit") == 0)
            return code->text;
    }
    return NULL;
}

static void add_change(const struct changing *c, const char *key, const struct listed_cell *old,
                       const struct listed_cell *new, struct report *r)
{
    const struct listed_cell *shown = old ? old : new;
    const struct report_column *column = &shown->report->columns[shown->column];
    const char *unit = unit_of(shown);
    char heading[256];
    snprintf(heading, sizeof(heading), "%s%s%s", column->group ? column->group : "",
             column->group ? ": " : "", column->heading);
    size_t row = report_add_row(r);
    report_put_number(r, row, "no", (int64_t)row + 1);
    report_put_text(r, row, "report", shown->report->name);
    report_put_text(r, row, "unit", unit);
    report_put_text(r, row, "measure", column->name);
    report_put_text(r, row, "label", row_label(shown->report, shown->row));
    report_put_text(r, row, "heading", heading);
    put_printed(r, row, "old", old);
    put_printed(r, row, "new", new);
    put_causes(c, key, unit, column->name, r, row);
}

static int in_print_order(const void *a, const void *b)
{
    const struct listed_cell *x = a, *y = b;
    int order = strcmp(x->report->name, y->report->name);
    if (order == 0 && x->row != y->row)
        order = x->row < y->row ? -1 : 1;
    if (order == 0 && x->column != y->column)
        order = x->column < y->column ? -1 : 1;
    return order ? order : strcmp(x->key, y->key);
}

/* Cells of the closed reports in their printed order, then those that are new. */
static void tell(const struct changing *c, struct report *r)
{
    const struct cell_list *closed = &c->turns[CLOSED].cells, *now = &c->turns[NOW].cells;
    for (int turn = 0; turn < 2; turn++) {
        const struct cell_list *from = turn ? now : closed;
        struct listed_cell *ordered = must_have(malloc((from->count + 1) * sizeof(*ordered)));
        if (from->count) {
            memcpy(ordered, from->items, from->count * sizeof(*ordered));
            qsort(ordered, from->count, sizeof(*ordered), in_print_order);
        }
        for (size_t i = 0; i < from->count; i++) {
            const struct listed_cell *other = cell_list_find(turn ? closed : now, ordered[i].key);
            if (ordered[i].report->columns[ordered[i].column].for_programs || (turn && other) ||
                cells_equal(&ordered[i], other))
                continue;
            add_change(c, ordered[i].key, turn ? NULL : &ordered[i], turn ? &ordered[i] : other, r);
        }
        free(ordered);
    }
}

static struct report *report_of(const struct changing *c)
{
    struct report *r = report_new("changes", c->language);
    char instant[CLOCK_TEXT_SIZE];
    clock_format(c->head.at_us, instant);
    r->title = SAY(r, "ĐÍNH CHÍNH SỐ LIỆU ĐÃ CHỐT", "CORRECTIONS OF CLOSED FIGURES");
    r->wave = report_copy(r, c->head.wave);
    r->as_of = report_copy(r, instant);
    report_add_line(r, SAY(r, "Văn bản %s, chốt lúc %s", "Document %s, closed at %s"), c->doc,
                    c->head.closed_at);
    add_columns(r);
    tell(c, r);
    if (r->row_count == 0)
        report_add_note(r, "%s", SAY(r, "Không có số liệu nào thay đổi.", "No figure has changed."));
    else
        report_add_note(r, SAY(r, "%zu ô thay đổi.", "%zu cells have changed."), r->row_count);
    return r;
}

struct report *changes_make(struct pg *pg, const struct options *options, const char *doc,
                            enum language language, struct error *err)
{
    struct changing c = {.pg = pg, .options = options, .doc = doc, .language = language};
    c.units = strings_new();
    bool ok = document_find(pg, doc, &c.head, err) && (c.names = document_reports(pg, doc, err)) &&
              count_all(&c, err);
    struct report *report = ok ? report_of(&c) : NULL;
    for (int i = 0; i < TURNS; i++)
        figures_release(&c.turns[i]);
    late_events_release(&c.late);
    strings_free(c.units);
    pg_rows_free(c.names);
    document_head_release(&c.head);
    return report;
}
