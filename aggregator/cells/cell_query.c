#include "cell_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const measure_names[CELL_MEASURES] = {
    [MEASURE_REGISTERED] = "registered",
    [MEASURE_ACCOUNTS] = "accounts",
    [MEASURE_ACTIVATED] = "activated",
    [MEASURE_ENROLLED] = "enrolled",
    [MEASURE_PARTICIPATED] = "participated",
    [MEASURE_COMPLETED] = "completed",
    [MEASURE_SAT] = "sat",
    [MEASURE_PASSED] = "passed",
    [MEASURE_FAILED] = "failed",
    [MEASURE_CERTIFIED] = "certified",
    [MEASURE_NOT_REGISTERED] = "not_registered",
    [MEASURE_FIRST_TIME] = "first_time",
    [MEASURE_PASSED_FIRST] = "passed_first",
    [MEASURE_SCORED] = "scored",
    [CELL_NOT_PASSED] = "not_passed",
};

static int index_of(const char *const *names, int count, const char *name)
{
    int i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static bool set_scope(struct cell_query *query, const char *value, struct error *err)
{
    int scope = index_of(scope_names, SCOPE_COUNT, value);
    query->scope = (enum scope)scope;
    return scope < SCOPE_COUNT ||
           error_tell(
               err, ERROR_USAGE, false,
               "scope=%s: chỉ có wave, training, all, year, platform, course, "
               "audience, inviter",
               "scope=%s: it is one of wave, training, all, year, platform, course, audience, "
               "inviter",
               value);
}

static bool set_below(struct cell_query *query, const char *value, struct error *err)
{
    query->with_below = strcmp(value, "yes") == 0;
    return query->with_below || strcmp(value, "no") == 0 ||
           error_tell(err, ERROR_USAGE, false, "below=%s: chỉ có yes hoặc no",
                      "below=%s: it is yes or no", value);
}

static bool set_measure(struct cell_query *query, const char *value, struct error *err)
{
    query->measure = index_of(measure_names, CELL_MEASURES, value);
    return query->measure < CELL_MEASURES ||
           error_tell(err, ERROR_USAGE, false,
                      "measure=%s: chỉ có registered, accounts, activated, enrolled, "
                      "participated, completed, sat, passed, failed, not_passed, certified, "
                      "not_registered, first_time, passed_first, scored",
                      "measure=%s: it is one of registered, accounts, activated, enrolled, "
                      "participated, completed, sat, passed, failed, not_passed, certified, "
                      "not_registered, first_time, passed_first, scored",
                      value);
}

static const char *const keys[] = {"scope", "training", "wave",  "year",   "value",
                                   "unit",  "below",    "group", "measure"};

#define WRONG_MARKS ",;&"

/* A comma or the like that parts what belongs apart: behind it nothing, or a key. Codes that people make up may hold others. */
static bool parts_by_mark(const char *part)
{
    const char *mark = strpbrk(part, WRONG_MARKS);
    if (mark && !strchr(part, '='))
        return true;
    for (; mark; mark = strpbrk(mark + 1, WRONG_MARKS)) {
        if (mark[1] == '\0')
            return true;
        for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
            size_t length = strlen(keys[i]);
            if (strncmp(mark + 1, keys[i], length) == 0 && mark[1 + length] == '=')
                return true;
        }
    }
    return false;
}

/* Says what was meant: the same with blanks, in quotation marks for the shell. */
static bool refuse_marks(const char *text, struct error *err)
{
    char meant[CELL_TEXT_SIZE];
    size_t length = 0;
    for (const char *at = text; *at && length + 1 < sizeof(meant); at++) {
        bool blank = *at == ' ' || strchr(WRONG_MARKS, *at);
        if (!blank || (length > 0 && meant[length - 1] != ' '))
            meant[length++] = blank ? ' ' : *at;
    }
    while (length > 0 && meant[length - 1] == ' ')
        length--;
    meant[length] = '\0';
    if (!strchr(meant, '='))
        snprintf(meant, sizeof(meant), "unit=U measure=passed");
    return error_tell(err, ERROR_USAGE, false,
                      "các phần của một ô cách nhau bằng dấu cách, không bằng dấu phẩy: --why "
                      "\"%s\"",
                      "the parts of a cell stand apart by blanks, not by commas: --why \"%s\"",
                      meant);
}

static bool set(struct cell_query *query, const char *key, const char *value, struct error *err)
{
    const struct {
        const char *key;
        char *out;
    } texts[] = {{"training", query->training},
                 {"wave", query->wave},
                 {"value", query->value},
                 {"unit", query->unit},
                 {"group", query->group}};
    if (strcmp(key, "scope") == 0)
        return set_scope(query, value, err);
    if (strcmp(key, "below") == 0)
        return set_below(query, value, err);
    if (strcmp(key, "measure") == 0)
        return set_measure(query, value, err);
    if (strcmp(key, "year") == 0) {
        query->year = (int)strtol(value, NULL, 10);
        return query->year > 0 || error_tell(err, ERROR_USAGE, false, "year=%s không phải là năm",
                                             "year=%s is no year", value);
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(key, texts[i].key) == 0) {
            snprintf(texts[i].out, CELL_TEXT_SIZE, "%s", value);
            return true;
        }
    return error_tell(
        err, ERROR_USAGE, false,
        "%s=: một ô được nêu bằng scope, training, wave, year, value, unit, "
        "below, group và measure",
        "%s=: a cell is named by scope, training, wave, year, value, unit, below, group "
        "and measure",
        key);
}

/* A scope that was not named follows from what else was. */
static void guess_scope(struct cell_query *query, bool named)
{
    if (named)
        return;
    if (query->wave[0] || query->group[0])
        query->scope = SCOPE_WAVE;
    else if (query->year)
        query->scope = SCOPE_YEAR;
    else if (query->training[0])
        query->scope = SCOPE_TRAINING;
}

bool cell_query_has_places(const struct cell_query *query)
{
    return query->measure != MEASURE_NOT_REGISTERED;
}

/* Such a cell is empty for ever: that would read as nobody. */
static bool check_places(const struct cell_query *query, struct error *err)
{
    bool placed = query->scope == SCOPE_WAVE || query->wave[0] || query->unit[0] || query->group[0];
    return !placed || cell_query_has_places(query) ||
           error_tell(err, ERROR_USAGE, false,
                      "measure=not_registered: người không có trong danh sách nào thì không "
                      "thuộc đơn vị, tổ hay đợt nào: hãy bỏ các phần đó, chỉ nêu training= "
                      "hoặc không nêu gì",
                      "measure=not_registered: who stands on no list is of no unit, group or wave: "
                      "leave them out, and name training= or nothing");
}

/* Up to a blank; of a value in quotation marks up to the second one, without them. False where it is too long or there is no second. */
static bool take_part(const char **at, char out[CELL_TEXT_SIZE])
{
    size_t length = 0;
    char mark = '\0';
    for (; **at && (mark || **at != ' ') && length + 1 < CELL_TEXT_SIZE; ++*at) {
        bool begins = !mark && length > 0 && out[length - 1] == '=' && strchr("\"'", **at);
        if (begins || (mark && **at == mark))
            mark = begins ? **at : '\0';
        else
            out[length++] = **at;
    }
    out[length] = '\0';
    return !mark && (!**at || **at == ' ');
}

bool cell_query_parse(const char *text, struct cell_query *query, struct error *err)
{
    *query = (struct cell_query){.scope = SCOPE_ALL, .measure = CELL_MEASURES};
    bool named = false;
    for (const char *at = text; *(at += strspn(at, " "));) {
        char part[CELL_TEXT_SIZE];
        bool whole = take_part(&at, part);
        if (parts_by_mark(part))
            return refuse_marks(text, err);
        char *value = strchr(part, '=');
        if (!value || !whole)
            return error_tell(
                err, ERROR_USAGE, false,
                "%.60s: cần có dạng TÊN=GIÁ-TRỊ, các phần cách nhau bằng dấu cách, giá trị có dấu "
                "cách thì để trong dấu nháy, ví dụ: unit=U group='Tổ 1' measure=passed",
                "%.60s: expected NAME=VALUE, with blanks between, and a value with blanks in "
                "quotation marks, as in: unit=U group='Team 1' measure=passed",
                part);
        *value++ = 0;
        named |= strcmp(part, "scope") == 0;
        if (!set(query, part, value, err))
            return false;
    }
    guess_scope(query, named);
    if (query->with_below && !query->unit[0])
        return error_tell(err, ERROR_USAGE, false, "below=yes: của đơn vị nào? thiếu unit=U",
                          "below=yes: which unit? unit=U is missing");
    if (query->measure == CELL_MEASURES)
        return error_tell(err, ERROR_USAGE, false, "thiếu measure=, ví dụ measure=passed",
                          "measure= is missing: measure=passed, for example");
    return check_places(query, err);
}

bool cell_query_holds(const struct cell_query *query, uint32_t measures)
{
    if (query->listed && !(measures & BIT(REGISTERED)))
        return false;
    if (query->measure == CELL_NOT_PASSED)
        return (measures & BIT(REGISTERED)) && !(measures & BIT(PASSED));
    return measures >> query->measure & 1U;
}

static bool is(const char *wanted, const char *found)
{
    return !wanted[0] || strcmp(wanted, found) == 0;
}

static int compare_texts(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool is_below(const struct cell_query *q, const char *unit)
{
    return q->below_count > 0 &&
           bsearch(unit, q->below, q->below_count, sizeof(*q->below), compare_texts);
}

/* But for its unit. */
static bool matches(const struct cell_query *q, const struct cell *cell, const struct fold *fold)
{
    const struct rules *rules = fold_rules(fold);
    return cell->scope == q->scope && (!q->year || cell->year == q->year) &&
           is(q->training,
              cell->training == RULES_NONE ? "" : rules_training(rules, cell->training)->code) &&
           is(q->wave, cell->wave == RULES_NONE ? "" : rules_wave(rules, cell->wave)->code) &&
           is(q->group, fold_text(fold, cell->study_group)) &&
           is(q->value, fold_value(fold, cell->scope, cell->value));
}

size_t cell_query_count(const struct cell_query *query, const struct contribution *contribution,
                        const struct fold *fold, size_t *own)
{
    size_t below = 0;
    *own = 0;
    for (size_t i = 0; i < contribution->cells_count; i++) {
        const struct contributed_cell *c = &contribution->cells[i];
        if (!cell_query_holds(query, c->measures) || !matches(query, &c->cell, fold))
            continue;
        const char *unit = fold_text(fold, c->cell.unit);
        if (is(query->unit, unit))
            ++*own;
        else
            below += is_below(query, unit);
    }
    return *own + below;
}
