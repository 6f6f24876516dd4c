/* Why a cell of closed figures is another one now. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../fold/fold.h"
#include "changes_private.h"
#include "sql.h"

struct telling {
    const struct changing *c;
    struct cell_meaning meaning;
    const struct listed_cell *cells[TURNS];
    struct report *r;
    size_t row;
    struct text_buffer text;
    int from, to; /* turns between which the cause is sought */
};

static void add(struct telling *t, const char *text)
{
    text_buffer_add_format(&t->text, "%s%s", t->text.length ? "; " : "", text);
}

static void put_list(struct telling *t, const char *column, const struct text_buffer *list)
{
    if (list->length)
        report_put_text(t->r, t->row, column, list->data);
}

/* Came later --------------------------------------------------------------------------------------------------------------- */

/* Of a meaning: which shares are asked about. */
struct question {
    struct share_query queries[3];
    size_t count;
    struct pg_rows *below;
    uint32_t *units;
    int64_t *names[3];
};

static void question_release(struct question *q)
{
    pg_rows_free(q->below);
    free(q->units);
    for (size_t i = 0; i < ARRAY_LEN(q->names); i++)
        free(q->names[i]);
}

static bool ask_units(const struct telling *t, struct question *q, struct error *err)
{
    const struct cell_meaning *m = &t->meaning;
    const struct strings *codes = t->c->codes;
    size_t count = 1;
    if (m->with_below && m->unit) {
        char at[CLOCK_TEXT_SIZE];
        clock_format(t->c->head.at_us, at);
        q->below =
            pg_query(t->c->pg, sql_close_units_below, 2, (const char *const[]){m->unit, at}, err);
        if (!q->below)
            return false;
        count = pg_rows_count(q->below);
    }
    q->units = must_have(calloc(count + 1, sizeof(*q->units)));
    for (size_t i = 0; i < count; i++) {
        const char *unit = q->below ? pg_rows_value(q->below, i, 0) : m->unit;
        q->units[i] = unit ? strings_find(codes, unit, strlen(unit)) : 0;
    }
    q->queries[0].units = q->units;
    q->queries[0].unit_count = count;
    return true;
}

static const struct standings *side_of(const struct telling *t, int side)
{
    return t->c->turns[side ? t->to : t->from].standings;
}

/* A row without an account is a fault where one account on no list has its name: either may have come or gone. */
static void ask_names(const struct telling *t, struct question *q)
{
    struct share_query rows = q->queries[0], accounts = q->queries[0];
    const uint32_t *unit = rows.any_unit ? NULL : q->units;
    rows.any_detail = false;
    rows.detail = ISSUE_NO_ACCOUNT;
    rows.named = true;
    for (int side = 0; side < 2; side++)
        rows.names[side] = q->names[side] = standings_names(side_of(t, side), ISSUE_NOT_ON_ROSTER,
                                                            NULL, true, &rows.name_count[side]);
    if (t->meaning.all_faults) { /* the accounts are faults of their own; so is a calendar that ends */
        accounts.kind = SHARE_DEADLINE;
        accounts.uncovered = true;
        q->queries[q->count++] = rows;
        q->queries[q->count++] = accounts;
        return;
    }
    accounts.any_unit = true;
    accounts.detail = ISSUE_NOT_ON_ROSTER;
    accounts.named = true;
    /* A row that came or went is found by itself. */
    q->names[2] =
        standings_names(side_of(t, 1), ISSUE_NO_ACCOUNT, unit, false, &accounts.name_count[0]);
    accounts.name_count[1] = accounts.name_count[0];
    accounts.names[0] = accounts.names[1] = q->names[2];
    q->queries[0] = rows;
    q->queries[q->count++] = accounts;
}

static bool ask(const struct telling *t, struct question *q, struct error *err)
{
    *q = (struct question){.count = 1, .queries = {t->meaning.query}};
    q->queries[0].calendar = &t->c->calendar;
    if (!ask_units(t, q, err))
        return false;
    if (t->meaning.under_other_email || t->meaning.all_faults)
        ask_names(t, q);
    return true;
}

static void add_people(struct telling *t, const struct late_cause *cause)
{
    struct text_buffer text = {0};
    const char *people = report_number(t->r, (int64_t)cause->people);
    if (cause->event_count)
        text_buffer_add_format(&text,
                               SAY_COUNT(t->r, cause->people,
                                         "dữ liệu đến sau khi chốt: %s người (%s)",
                                         "came after the closing: %s person (%s)",
                                         "came after the closing: %s people (%s)"),
                               people, cause->kinds.data);
    else
        text_buffer_add_format(
            &text,
            SAY_COUNT(t->r, cause->people,
                      "dữ liệu đến sau khi chốt: %s người được ghép hoặc tách hồ sơ",
                      "came after the closing: %s person was linked or parted",
                      "came after the closing: %s people were linked or parted"),
            people);
    add(t, text.data);
    text_buffer_free(&text);
    report_put_count(t->r, t->row, "people", (int64_t)cause->people);
}

static void add_late(struct telling *t, const struct late_cause *cause)
{
    struct text_buffer text = {0};
    if (cause->people) {
        add_people(t, cause);
    } else if (cause->event_count) {
        text_buffer_add_format(
            &text, SAY(t->r, "dữ liệu đến sau khi chốt (%s)", "came after the closing (%s)"),
            cause->kinds.data);
        add(t, text.data);
    } else {
        add(t, SAY(t->r, "dữ liệu đến sau khi chốt", "came after the closing"));
    }
    text_buffer_free(&text);
    put_list(t, "keys", &cause->keys);
    put_list(t, "events", &cause->ids);
}

/* Those of the people who differ between the two turns whom the cell counts otherwise. */
static void find_people(const struct telling *t, const struct late_events *events,
                        struct question *q, struct late_cause *cause)
{
    /* A whole row comes and goes by what decides whether it is printed. */
    if (!t->cells[t->from] || !t->cells[t->to])
        q->queries[0].measures |= t->meaning.otherwise;
    late_events_of_people(events, q->queries, q->count, t->r->language, cause);
    if (cause->people || !t->meaning.otherwise)
        return;
    late_cause_release(cause);
    q->queries[0].measures = t->meaning.otherwise;
    late_events_of_people(events, q->queries, q->count, t->r->language, cause);
}

static bool tell_late(struct telling *t, struct error *err)
{
    struct question q;
    struct late_cause cause = {.people = 0};
    t->from = t->c->rules_differ ? BY_RULES : THEN;
    t->to = NOW;
    bool ok = ask(t, &q, err);
    if (ok && t->meaning.subject == CELL_OF_PEOPLE)
        find_people(t, &t->c->late, &q, &cause);
    else if (ok && t->meaning.subject != CELL_OF_NEITHER)
        late_events_of_entities(&t->c->late, &t->meaning, q.below, t->r->language, &cause);
    if (ok)
        add_late(t, &cause);
    late_cause_release(&cause);
    question_release(&q);
    return ok;
}

/* Nothing came of those people: they are counted otherwise. */
static bool tell_rules(struct telling *t, struct error *err)
{
    struct question q;
    struct late_cause cause = {.people = 0};
    struct text_buffer text = {0};
    t->from = THEN;
    t->to = BY_RULES;
    bool ok = ask(t, &q, err);
    if (ok && t->meaning.subject == CELL_OF_PEOPLE)
        find_people(t, &t->c->ruled, &q, &cause);
    text_buffer_add_format(&text,
                           SAY(t->r, "quy định đã đổi: phiên bản danh mục %d thành %d",
                               "the rules changed: config version %d to %d"),
                           t->c->head.basis.config_version, t->c->turns[NOW].basis.config_version);
    if (cause.people) {
        text_buffer_add_format(
            &text, SAY_COUNT(t->r, cause.people, ": %s người", ": %s person", ": %s people"),
            report_number(t->r, (int64_t)cause.people));
        report_put_count(t->r, t->row, "people", (int64_t)cause.people);
        put_list(t, "keys", &cause.keys);
    }
    add(t, text.data);
    text_buffer_free(&text);
    late_cause_release(&cause);
    question_release(&q);
    return ok;
}

/* Is not what was printed -------------------------------------------------------------------------------------------------- */

static bool is_text(const struct listed_cell *cell)
{
    return cell && cell->report->columns[cell->column].kind == CELL_TEXT;
}

/* Counting the same again gives something else: what is counted is not there any more, or is not told as it was. */
static void tell_recount(struct telling *t)
{
    struct late_cause erased;
    struct text_buffer text = {0};
    bool of_people = t->meaning.subject == CELL_OF_PEOPLE, told = false;
    bool renamed = is_text(t->cells[CLOSED]) && t->cells[THEN];
    late_events_of_erasures(&t->c->late, t->r->language, &erased);
    if (t->c->head.fold_version != FOLD_VERSION && !renamed) {
        text_buffer_add_format(&text,
                               SAY(t->r, "chương trình đếm theo cách khác: phiên bản %d thành %d",
                                   "the program counts otherwise: version %d to %d"),
                               t->c->head.fold_version, FOLD_VERSION);
        add(t, text.data);
        told = true;
    }
    if (of_people && erased.event_count && !renamed) {
        add(t, SAY(t->r, "có người đã được xóa dữ liệu sau khi chốt",
                   "somebody was erased after the closing"));
        put_list(t, "events", &erased.ids);
        told = true;
    }
    /* A record that cannot be used has no time of its own: faults are as they are known. */
    if (strcmp(t->meaning.report, "issues") == 0 && (!of_people || t->meaning.all_faults))
        add(t, SAY(t->r, "lỗi được biết thêm hoặc đã được xử lý sau khi chốt",
                   "faults became known, or were put right, after the closing"));
    else if (!told)
        add(t, SAY(t->r, "tên, chỉ tiêu hoặc danh mục đã đổi",
                   "names, targets or the unit tree changed"));
    else if (t->meaning.with_below || strcmp(t->meaning.report, "waves") == 0)
        add(t, SAY(t->r, "cũng có thể tên, chỉ tiêu hoặc danh mục đã đổi",
                   "names, targets or the unit tree may have changed as well"));
    late_cause_release(&erased);
    text_buffer_free(&text);
}

bool changes_put_cause(const struct changing *c, const char *key, struct report *r, size_t row,
                       struct error *err)
{
    struct telling t = {.c = c, .r = r, .row = row};
    if (c->moved) {
        report_put_text(r, row, "cause",
                        SAY(r, "không rõ: nhật ký đã được chép sang nơi khác sau khi chốt",
                            "not known: the log has been written anew since the closing"));
        return true;
    }
    const struct listed_cell *shown = NULL;
    for (int i = 0; i < TURNS; i++) {
        t.cells[i] = cell_list_find(&c->turns[i].cells, key);
        if (t.cells[i])
            shown = t.cells[i];
    }
    if (!c->rules_differ)
        t.cells[BY_RULES] = t.cells[THEN];
    t.meaning = cell_meaning_of(shown, c->head.wave, c->codes);
    if (!cells_equal(t.cells[CLOSED], t.cells[THEN]))
        tell_recount(&t);
    bool ok = cells_equal(t.cells[THEN], t.cells[BY_RULES]) || tell_rules(&t, err);
    ok = ok && (cells_equal(t.cells[BY_RULES], t.cells[NOW]) || tell_late(&t, err));
    report_put_text(r, row, "cause", t.text.data);
    text_buffer_free(&t.text);
    return ok;
}
