#include "compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../report/output.h"
#include "sql.h"
#include "../cells/words.h"

enum column {
    LEVEL,
    TRAINING,
    WAVE,
    YEAR,
    VALUE,
    UNIT,
    STUDY_GROUP,
    DAY,
    MEASURE,
    OLD_AMOUNT,
    NEW_AMOUNT,
    CHANGE,
    DIFFERING,
    KIND_VI, /* of an issue */
    KIND_EN
};

/* What is printed for people has words, what is for programs has codes. */
struct printing {
    struct report *report;
    bool words, brief; /* brief: as much as a terminal holds */
    int64_t *differing;
    int64_t left_out;
};

static const char *level_of(const struct printing *p, const char *code)
{
    return p->words ? words_of_level(code, p->report->language) : code;
}

static const char *measure_of(const struct printing *p, const struct pg_rows *rows, size_t row)
{
    const char *code = pg_rows_value(rows, row, MEASURE);
    const char *kind =
        pg_rows_value(rows, row, p->report->language == LANGUAGE_VI ? KIND_VI : KIND_EN);
    return !p->words ? code : kind ? kind : words_of_measure(code, p->report->language);
}

char *compare_for_schemas(const char *template, const char *old_schema, const char *new_schema)
{
    struct text_buffer out = {0};
    const char *at = template;
    for (const char *next; (next = strstr(at, "gen_")); at = next + 5) {
        text_buffer_add(&out, at, (size_t)(next - at));
        if (next[4] == 'A' || next[4] == 'B')
            text_buffer_add_text(&out, next[4] == 'A' ? old_schema : new_schema);
        else
            text_buffer_add(&out, next, 5);
    }
    text_buffer_add_text(&out, at);
    return out.data;
}

static void add_columns(struct report *r, bool to_older)
{
    report_add_column(r, CELL_TEXT, "level", NULL, SAY(r, "Mức", "Level"));
    report_add_column(r, CELL_TEXT, "training", NULL, SAY(r, "Khóa", "Training"));
    report_add_column(r, CELL_TEXT, "wave", NULL, SAY(r, "Đợt", "Wave"));
    report_add_column(r, CELL_TEXT, "year", NULL, SAY(r, "Năm", "Year"));
    report_add_column(r, CELL_TEXT, "value", NULL, SAY(r, "Giá trị", "Value"));
    report_add_column(r, CELL_TEXT, "unit", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_TEXT, "study_group", NULL, SAY(r, "Tổ", "Group"));
    report_add_column(r, CELL_TEXT, "day", NULL, SAY(r, "Ngày", "Day"));
    report_add_column(r, CELL_TEXT, "measure", NULL, SAY(r, "Chỉ tiêu", "Measure"));
    report_add_column(r, CELL_COUNT, "old", NULL, SAY(r, "Hiện hành", "Live"));
    report_add_column(r, CELL_COUNT, "new", NULL,
                      to_older ? SAY(r, "Phiên bản trước", "Before")
                               : SAY(r, "Phiên bản sau", "Next"));
    report_add_column(r, CELL_COUNT, "change", NULL, SAY(r, "Thay đổi", "Change"));
}

static void add_row(const struct printing *p, const struct pg_rows *rows, size_t from)
{
    static const char *const texts[] = {[TRAINING] = "training",
                                        [WAVE] = "wave",
                                        [YEAR] = "year",
                                        [VALUE] = "value",
                                        [UNIT] = "unit",
                                        [STUDY_GROUP] = "study_group",
                                        [DAY] = "day"};
    struct report *r = p->report;
    size_t row = report_add_row(r);
    report_put_text(r, row, "level", level_of(p, pg_rows_value(rows, from, LEVEL)));
    report_put_text(r, row, "measure", measure_of(p, rows, from));
    for (size_t i = TRAINING; i < ARRAY_LEN(texts); i++) {
        const char *text = pg_rows_value(rows, from, i);
        if (text && *text)
            report_put_text(r, row, texts[i], text);
    }
    report_put_count(r, row, "old", pg_rows_integer(rows, from, OLD_AMOUNT, 0));
    report_put_count(r, row, "new", pg_rows_integer(rows, from, NEW_AMOUNT, 0));
    report_put_count(r, row, "change", pg_rows_integer(rows, from, CHANGE, 0));
}

#define BRIEF 5         /* of a level, the largest */
#define BRIEF_DETAILS 2 /* of what only says the same of smaller parts */

static bool is_detail(const char *level)
{
    return strncmp(level, "cell ", 5) == 0 || strncmp(level, "day ", 4) == 0 ||
           strcmp(level, "deadlines") == 0 || strcmp(level, "five minutes") == 0;
}

/* Says so where a level has more than is shown. */
static void add_levels(struct printing *p, const struct pg_rows *rows)
{
    struct report *r = p->report;
    size_t shown = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *level = pg_rows_value(rows, i, LEVEL);
        bool last =
            i + 1 == pg_rows_count(rows) || strcmp(level, pg_rows_value(rows, i + 1, LEVEL)) != 0;
        int64_t all = pg_rows_integer(rows, i, DIFFERING, 0);
        if (!p->brief || !is_detail(level) || shown < BRIEF_DETAILS) {
            add_row(p, rows, i);
            shown++;
        }
        if (!last)
            continue;
        *p->differing += all;
        p->left_out += all - (int64_t)shown;
        if ((int64_t)shown < all)
            report_add_note(r,
                            SAY(r, "%s: %s chỗ khác nhau, nêu %s chỗ lớn nhất",
                                "%s: %s places differ, the %s largest are shown"),
                            level_of(p, level), report_number(r, all),
                            report_number(r, (int64_t)shown));
        shown = 0;
    }
}

static struct pg_rows *ask(struct pg *pg, const char *template, const struct comparison *c,
                           const char *limit, struct error *err)
{
    char *sql = compare_for_schemas(template, c->old_schema, c->new_schema);
    struct pg_rows *rows = pg_query(pg, sql, limit ? 1 : 0, &limit, err);
    free(sql);
    return rows;
}

static bool add_figures(struct pg *pg, const struct comparison *c, int64_t limit,
                        struct printing *p, struct error *err)
{
    char most[24];
    snprintf(most, sizeof(most), "%" PRId64, limit);
    struct pg_rows *rows = ask(pg, sql_replay_compare, c, most, err);
    if (!rows)
        return false;
    add_levels(p, rows);
    pg_rows_free(rows);
    return true;
}

static bool add_people(struct pg *pg, const struct comparison *c, const struct printing *p,
                       struct error *err)
{
    static const char only[] = "rows only in one";
    struct report *r = p->report;
    struct pg_rows *rows = ask(pg, sql_replay_compare_people, c, NULL, err);
    if (!rows)
        return false;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        int64_t old = pg_rows_integer(rows, i, 1, 0), new = pg_rows_integer(rows, i, 2, 0);
        if (old == 0 && new == 0)
            continue;
        size_t row = report_add_row(r);
        report_put_text(r, row, "level", level_of(p, pg_rows_value(rows, i, 0)));
        report_put_text(r, row, "measure", p->words ? words_of_measure(only, r->language) : only);
        report_put_count(r, row, "old", old);
        report_put_count(r, row, "new", new);
        report_put_count(r, row, "change", new - old);
        *p->differing += old > new ? old : new;
    }
    pg_rows_free(rows);
    return true;
}

static void add_way_to_all(const struct printing *p)
{
    struct report *r = p->report;
    report_add_note(r,
                    SAY_COUNT(r, (size_t)p->left_out,
                              "Còn %" PRId64 " chỗ khác nhau không nêu ở đây; xem tất cả: "
                              "--format csv --out FILE, hoặc --limit N (mỗi mức N chỗ).",
                              "%" PRId64 " more difference is not shown; for all: --format csv "
                              "--out FILE, or --limit N (so many of each level).",
                              "%" PRId64 " more differences are not shown; for all: --format csv "
                              "--out FILE, or --limit N (so many of each level)."),
                    p->left_out);
}

bool compare_print(struct pg *pg, const struct options *options, const struct comparison *c,
                   int64_t *differing, struct error *err)
{
    enum output_format format;
    enum language language;
    const char *out = options_text(options, "out");
    if (!output_format_parse(options_text(options, "format"), out, &format, err) ||
        !output_language_parse(options_text(options, "lang"), &language, err))
        return false;
    struct report *r = report_new("replay-compare", language);
    *differing = 0;
    r->title = SAY(r, "SO SÁNH HAI PHIÊN BẢN SỐ LIỆU", "TWO GENERATIONS OF THE FIGURES COMPARED");
    r->sheet = SAY(r, "So sánh", "Compared");
    report_add_line(r, "%s", c->title);
    add_columns(r, c->to_older);
    /* A file, and what a program reads, has all; a terminal the largest; unless a limit is given. */
    bool words = format != OUTPUT_CSV && format != OUTPUT_JSON;
    bool limited = options_given(options, "limit"), brief = words && !out && !limited;
    int64_t limit = limited ? options_number(options, "limit") : brief ? BRIEF : INT64_MAX;
    struct printing printing = {r, words, brief, differing, 0};
    bool ok = add_figures(pg, c, limit, &printing, err) &&
              (!c->people || add_people(pg, c, &printing, err));
    if (ok && *differing == 0)
        report_add_note(r, "%s", SAY(r, "Không có chỗ nào khác nhau.", "Nothing differs."));
    if (ok && printing.left_out > 0)
        add_way_to_all(&printing);
    ok = ok && output_report(r, format, out, err);
    report_free(r);
    return ok;
}

bool compare_keep_copy(struct pg *pg, int generation, struct error *err)
{
    static const char *const tables[] = {"tallies",      "activity", "activity_5min", "deadlines",
                                         "issues",       "totals",   "headcounts",    "marks",
                                         "dead_letters", "unmapped"};
    bool ok = true;
    for (size_t i = 0; ok && i < ARRAY_LEN(tables); i++) {
        char sql[160];
        snprintf(sql, sizeof(sql), "CREATE TEMPORARY TABLE %s AS TABLE gen_%d.%s", tables[i],
                 generation, tables[i]);
        ok = pg_run(pg, sql, err);
    }
    return ok;
}
