#include "cell_meaning.h"

#include <string.h>

#include "../report/reports.h"
#include "row_key.h"

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static uint32_t number_of(const struct strings *codes, const char *text)
{
    return text ? strings_find(codes, text, strlen(text)) : 0;
}

/* Measures ----------------------------------------------------------------------------------------------------------------- */

/* What a column of counts or rates counts; a column of another kind is there if any of them is. */
static uint32_t measures_of(const char *column)
{
    static const struct {
        const char *name;
        uint32_t measures;
    } columns[] = {
        {"registered", BIT(REGISTERED)},
        {"accounts", BIT(ACCOUNTS)},
        {"activated", BIT(ACTIVATED)},
        {"enrolled", BIT(ENROLLED)},
        {"participated", BIT(PARTICIPATED)},
        {"completed", BIT(COMPLETED)},
        {"sat", BIT(SAT)},
        {"passed", BIT(PASSED)},
        {"failed", BIT(FAILED)},
        {"certified", BIT(CERTIFIED)},
        {"plan_rate", BIT(REGISTERED)},
        {"account_rate", BIT(ACCOUNTS) | BIT(REGISTERED)},
        {"participation_rate", BIT(PARTICIPATED) | BIT(REGISTERED)},
        {"completion_rate", BIT(COMPLETED) | BIT(REGISTERED)},
        {"pass_rate_registered", BIT(PASSED) | BIT(REGISTERED)},
        {"pass_rate_participants", BIT(PASSED) | BIT(PARTICIPATED)},
        {"pass_rate_accounts", BIT(PASSED) | BIT(ACCOUNTS)},
    };
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        if (is(columns[i].name, column))
            return columns[i].measures;
    return 0;
}

static void ask_measure(struct cell_meaning *m, const char *column, uint32_t otherwise)
{
    uint32_t measures = measures_of(column);
    m->query.kind = SHARE_TALLY;
    m->query.any_detail = true;
    m->query.not_passed = is(column, "not_passed");
    m->query.measures = measures ? measures : otherwise;
}

static void of_units(struct cell_meaning *m, const char *column)
{
    ask_measure(m, column, UINT32_MAX);
    if (is(column, "planned"))
        m->subject = CELL_OF_NEITHER;
}

/* A group stands there or not by its rate. */
static void of_groups(struct cell_meaning *m, const struct listed_cell *cell, const char *column,
                      const struct strings *codes)
{
    m->otherwise = measures_of("participation_rate");
    ask_measure(m, column, m->otherwise);
    m->query.any_detail = false;
    m->query.detail = number_of(codes, row_text(cell->report, cell->row, "study_group"));
}

/* Deadlines, faults -------------------------------------------------------------------------------------------------------- */

static void of_deadlines(struct cell_meaning *m, const char *column)
{
    static const char *const states[DEADLINE_STATES] = {
        [DEADLINE_ON_TIME] = "on_time",
        [DEADLINE_LATE] = "late",
        [DEADLINE_OVERDUE] = "overdue",
        [DEADLINE_AT_RISK] = "at_risk",
        [DEADLINE_IN_TIME] = "in_time",
        [DEADLINE_NOT_BEGUN] = "not_begun",
        [DEADLINE_NOT_COMPUTABLE] = "not_computable",
    };
    m->query.kind = SHARE_DEADLINE;
    m->query.any_detail = true;
    m->query.next_due = is(column, "next_due");
    m->query.states = m->query.next_due ? 1U << DEADLINE_AT_RISK | 1U << DEADLINE_IN_TIME
                                        : (1U << DEADLINE_STATES) - 1;
    for (unsigned i = 0; i < DEADLINE_STATES; i++)
        if (is(states[i], column))
            m->query.states = 1U << i;
}

static void of_issues(struct cell_meaning *m, const struct listed_cell *cell)
{
    const char *kind = row_text(cell->report, cell->row, "kind");
    m->query.kind = SHARE_ISSUE;
    m->query.any_detail = m->all_faults = !kind;
    m->under_other_email = kind && is(kind, "account_under_other_email");
    if (m->under_other_email) {
        m->query.detail = ISSUE_NO_ACCOUNT;
        return;
    }
    if (kind && is(kind, "calendar_not_covered")) {
        m->query.kind = SHARE_DEADLINE;
        m->query.any_detail = m->query.any_unit = m->query.uncovered = true;
        return;
    }
    if (kind && (is(kind, "unit_ended") || is(kind, "unit_split"))) {
        m->query.any_wave = true;
        ask_measure(m, "registered", 0);
        return;
    }
    for (m->query.detail = 0; kind && m->query.detail < ISSUE_COUNT; m->query.detail++)
        if (is(issue_name(m->query.detail), kind))
            return;
    if (kind) /* of records and reference data, not of people */
        m->subject = CELL_OF_NEITHER;
}

/* Targets, head counts, provinces ------------------------------------------------------------------------------------------ */

static void of_targets(struct cell_meaning *m, const struct listed_cell *cell, const char *column)
{
    static const char attendances[] = "attendances";
    static const char *const reached[] = {"actual", "target_rate", "remaining", "status"};
    const char *code = row_text(cell->report, cell->row, "measure_code");
    bool counted = false;
    for (size_t i = 0; i < ARRAY_LEN(reached); i++)
        counted |= is(reached[i], column);
    m->with_below = true;
    ask_measure(m, code ? code : "", UINT32_MAX);
    if (code && strncmp(code, attendances, strlen(attendances)) == 0) {
        m->subject = CELL_OF_HEADCOUNTS;
        m->audience = code[strlen(attendances)] == ':' ? code + strlen(attendances) + 1 : NULL;
    } else {
        m->otherwise = BIT(REGISTERED); /* "no list" is a status too */
    }
    if (!counted)
        m->subject = CELL_OF_NEITHER;
}

static void of_headcounts(struct cell_meaning *m, const struct listed_cell *cell,
                          const struct report_column *column, bool totals)
{
    m->subject = CELL_OF_HEADCOUNTS;
    m->activity = totals ? NULL : row_text(cell->report, cell->row, "activity");
    size_t before = strlen(HEADCOUNT_AUDIENCE);
    bool other_name = strncmp(column->name, HEADCOUNT_AUDIENCE, before) == 0;
    m->audience = column->kind != CELL_COUNT ? NULL : column->name + (other_name ? before : 0);
}

/* A row is of a wave, whichever wave was closed. */
static void of_provinces(struct cell_meaning *m, const struct listed_cell *cell, const char *column,
                         const struct strings *codes)
{
    const char *source = row_text(cell->report, cell->row, "source");
    m->wave = row_text(cell->report, cell->row, "wave");
    m->query.wave = number_of(codes, m->wave);
    ask_measure(m, column, UINT32_MAX);
    if (source && is(source, "published"))
        m->subject = CELL_OF_PUBLISHED;
    m->otherwise = BIT(SAT); /* with whom there is a result, and be it that nobody passed */
}

struct cell_meaning cell_meaning_of(const struct listed_cell *cell, const char *wave,
                                    const struct strings *codes)
{
    const struct report_column *column = &cell->report->columns[cell->column];
    const char *name = cell->report->name;
    bool totals = report_row_kind(cell->report, cell->row) == ROW_TOTALS;
    struct cell_meaning m = {.report = name, .wave = wave};
    m.query.wave = number_of(codes, wave);
    m.unit = totals ? NULL : row_text(cell->report, cell->row, "unit");
    m.query.any_unit = totals;
    if (is(name, "appendix1") || is(name, "participation"))
        of_units(&m, column->name);
    else if (is(name, "groups"))
        of_groups(&m, cell, column->name, codes);
    else if (is(name, "deadlines"))
        of_deadlines(&m, column->name);
    else if (is(name, "issues"))
        of_issues(&m, cell);
    else if (is(name, "targets"))
        of_targets(&m, cell, column->name);
    else if (is(name, "headcounts"))
        of_headcounts(&m, cell, column, totals);
    else if (is(name, "appendix2") || is(name, "waves"))
        of_provinces(&m, cell, column->name, codes);
    else
        m.subject = CELL_OF_NEITHER;
    if (is(name, "appendix2") || is(name, "waves") || is(name, "headcounts"))
        m.query.any_unit = true;
    m.query.of_training = is(name, "waves") && totals;
    if (is(name, "waves") && is(column->name, "planned"))
        m.subject = CELL_OF_NEITHER;
    return m;
}
