#include <stdio.h>

#include "report_case.h"

struct report *report_case_units(enum language language, size_t rows)
{
    struct report *r = report_new("units", language);
    const char *list = SAY(r, "Đăng ký tham gia", "Registration");
    r->caption = SAY(r, "PHỤ LỤC", "APPENDIX");
    r->sheet = SAY(r, "Phụ lục 1", "Appendix 1");
    r->title = SAY(r, "SỐ LIỆU THỐNG KÊ", "FIGURES");
    r->wave = "W1";
    r->as_of = "2023-09-29T10:00:00Z";
    report_add_line(r, "%s",
                    SAY(r, "Số liệu tính đến 17:00 29/09/2023", "Figures as of 17:00 29/09/2023"));
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_COUNT, "registered", list, SAY(r, "Tổng", "Total"));
    report_add_column(r, CELL_COUNT, "accounts", list, SAY(r, "Đã lập tài khoản", "Accounts"));
    report_add_column(r, CELL_RATE, "account_rate", list, SAY(r, "Tỷ lệ (%)", "Rate (%)"));
    size_t row = report_add_row(r);
    report_put_text(r, row, "unit_name", SAY(r, "I. Sở, ngành", "I. Departments"));
    report_mark_row(r, row, ROW_SECTION);
    int64_t registered = 0, accounts = 0;
    for (size_t i = 0; i < rows; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), i == 0 ? "=1+1" : "Sở <Y> & \"tế\" %zu", i);
        row = report_add_row(r);
        report_put_number(r, row, "no", (int64_t)i + 1);
        report_put_text(r, row, "unit", "HG-SYTE");
        report_put_text(r, row, "unit_name", name);
        report_put_count(r, row, "registered", 1080);
        report_put_count(r, row, "accounts", 986);
        report_put_rate(r, row, "account_rate", 986, 1080);
        registered += 1080;
        accounts += 986;
    }
    for (size_t i = 0; i < 2; i++) {
        row = report_add_row(r);
        report_put_text(r, row, "unit_name",
                        i == 0 ? SAY(r, "Cộng", "Subtotal") : SAY(r, "Tổng số", "Total"));
        report_put_count(r, row, "registered", registered);
        report_put_count(r, row, "accounts", accounts);
        report_put_rate(r, row, "account_rate", accounts, registered);
        report_mark_row(r, row, i == 0 ? ROW_SUBTOTAL : ROW_TOTALS);
    }
    report_set_chart(r, CHART_BARS, SAY(r, "Tỷ lệ lập tài khoản", "Accounts"), "unit_name",
                     "account_rate", NULL);
    report_add_note(r, "%s", SAY(r, "Ghi chú <b>một</b>", "Note <b>one</b>"));
    report_sign(r, SAY(r, "Hà Giang", "Ha Giang"), NULL);
    return r;
}

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (*state >> 33) % below;
}

static const char *some_text(uint64_t *state)
{
    static const char *const texts[] = {
        "",
        "Sở Y tế",
        "=1+1",
        "a;b,c \"d\"",
        "<script>alert('x')</script> & co",
        "hai\ndòng",
        "\t-2",
        "中文 \xF0\x9F\x98\x80",
        "một đoạn văn dài hơn một chút để phải xuống dòng ở trong ô",
        "\x01\x1F",
        "0123"};
    return texts[draw(state, ARRAY_LEN(texts))];
}

static const char *maybe_text(uint64_t *state)
{
    return draw(state, 2) == 0 ? NULL : some_text(state);
}

static int64_t some_count(uint64_t *state)
{
    static const int64_t counts[] = {0, 1, 2716, -5, INT64_MAX, INT64_MIN, 9007199254740993};
    return counts[draw(state, ARRAY_LEN(counts))];
}

static void fill_row(struct report *r, size_t row, uint64_t *state)
{
    for (size_t i = 0; i < r->column_count; i++) {
        const char *name = r->columns[i].name;
        if (draw(state, 5) == 0)
            continue;
        if (r->columns[i].kind == CELL_TEXT)
            report_put_text(r, row, name, some_text(state));
        else if (r->columns[i].kind == CELL_COUNT)
            report_put_count(r, row, name, some_count(state));
        else if (r->columns[i].kind == CELL_NUMBER)
            report_put_number(r, row, name, some_count(state));
        else if (r->columns[i].kind == CELL_DATE)
            report_put_date(r, row, name, "2023-10-02");
        else
            report_put_rate(r, row, name, some_count(state), some_count(state));
    }
}

static void add_columns(struct report *r, uint64_t *state)
{
    size_t columns = (size_t)draw(state, 12);
    for (size_t i = 0; i < columns; i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "c%zu", i);
        enum cell_kind kind = (enum cell_kind)(CELL_TEXT + draw(state, CELL_DATE));
        if (draw(state, 4) == 0)
            report_add_program_column(r, kind, report_copy(r, name));
        else
            report_add_column(r, kind, report_copy(r, name), maybe_text(state), some_text(state));
    }
}

static void add_chart(struct report *r, uint64_t *state)
{
    for (size_t label = 0; label < r->column_count; label++) {
        for (size_t value = 0; value < r->column_count; value++) {
            if (r->columns[label].kind != CELL_TEXT || r->columns[label].for_programs ||
                r->columns[value].kind != CELL_RATE || r->columns[value].for_programs)
                continue;
            report_set_chart(r, draw(state, 2) == 0 ? CHART_BARS : CHART_LINE, maybe_text(state),
                             r->columns[label].name, r->columns[value].name, NULL);
            return;
        }
    }
}

static struct report *random_part(uint64_t *state)
{
    struct report *r = report_new("random", (enum language)draw(state, 2));
    r->sheet = maybe_text(state);
    r->caption = maybe_text(state);
    r->title = some_text(state);
    r->attached_to = maybe_text(state);
    r->wave = maybe_text(state);
    r->as_of = draw(state, 2) == 0 ? NULL : "2023-09-29T10:00:00Z";
    for (uint64_t i = draw(state, 3); i > 0; i--)
        report_add_line(r, "%s", some_text(state));
    for (uint64_t i = draw(state, 3); i > 0; i--)
        report_add_paragraph(r, "%s", some_text(state));
    for (uint64_t i = draw(state, 3); i > 0; i--)
        report_add_note(r, "%s", some_text(state));
    add_columns(r, state);
    size_t rows = r->column_count > 0 ? (size_t)draw(state, 20) : 0;
    for (size_t i = 0; i < rows; i++) {
        size_t row = report_add_row(r);
        fill_row(r, row, state);
        if (draw(state, 6) == 0)
            report_mark_row(r, row, draw(state, 2) == 0 ? ROW_SECTION : ROW_SUBTOTAL);
    }
    if (rows > 0 && draw(state, 2) == 0) {
        report_mark_row(r, rows - 1, ROW_PLAIN);
        report_mark_row(r, rows - 1, ROW_TOTALS);
    }
    add_chart(r, state);
    if (draw(state, 2) == 0)
        report_sign(r, maybe_text(state), maybe_text(state));
    return r;
}

struct report *report_case_random(uint64_t seed)
{
    uint64_t state = seed * 2654435761U + 1;
    struct report *r = random_part(&state);
    for (uint64_t i = draw(&state, 4); i > 0; i--)
        report_append(r, random_part(&state));
    return r;
}

bool report_case_equal(const struct report *a, const struct report *b)
{
    struct text_buffer one = {0}, other = {0};
    report_save(a, &one);
    report_save(b, &other);
    bool equal = one.length == other.length && memcmp(one.data, other.data, one.length) == 0;
    text_buffer_free(&one);
    text_buffer_free(&other);
    return equal;
}
