/* The shipped folder of provinces of both eras and working days. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/reference.h"
#include "support/reference_folder.h"

#define MERGED_FROM "2025-07-01"
#define ENDED_ON "2025-06-30"

static struct reference *load(void)
{
    struct error err = {0};
    struct reference *r = reference_load("config/vietnam", NULL, NULL, &err);
    if (r == NULL)
        print_error("%s\n", err.message);
    assert_non_null(r);
    return r;
}

static bool exists_on(const struct reference_unit *u, const char *day)
{
    return (u->valid_from[0] == '\0' || strcmp(u->valid_from, day) <= 0) &&
           (u->valid_to[0] == '\0' || strcmp(day, u->valid_to) <= 0);
}

/* Of Decision 19/2025/QĐ-TTg, in its order. */
static const char *const codes_of_today[] = {"01", "04", "08", "11", "12", "14", "15", "19", "20",
                                             "22", "24", "25", "31", "33", "37", "38", "40", "42",
                                             "44", "46", "48", "51", "52", "56", "66", "68", "75",
                                             "79", "80", "82", "86", "91", "92", "96"};
/* Those that Resolution 202/2025/QH15 left as they were. */
static const char unmerged[] = " 01 04 11 12 14 20 22 38 40 42 46 ";

static void test_63_became_34(void **state)
{
    (void)state;
    struct reference *r = load();
    size_t before = 0, today = 0;
    for (size_t i = 0; i < r->unit_count; i++) {
        const struct reference_unit *u = &r->units[i];
        assert_string_equal(u->kind, "tinh");
        assert_string_equal(u->parent, "");
        assert_int_equal(u->print_order, strtol(u->official_code, NULL, 10));
        assert_string_equal(u->code + strlen(u->code) - 2, u->official_code);
        bool after = exists_on(u, MERGED_FROM);
        before += exists_on(u, ENDED_ON);
        today += after;
        if (after && exists_on(u, ENDED_ON)) {
            char word[8];
            (void)snprintf(word, sizeof(word), " %s ", u->official_code);
            assert_non_null(strstr(unmerged, word));
        }
        assert_int_equal(u->successor_count, after ? 0 : 1);
    }
    assert_int_equal(before, 63);
    assert_int_equal(today, ARRAY_LEN(codes_of_today));
    for (size_t i = 0; i < ARRAY_LEN(codes_of_today); i++) {
        char code[16];
        (void)snprintf(code, sizeof(code), "VN-2025-%s", codes_of_today[i]);
        const struct reference_unit *u = reference_find_unit(r, code);
        (void)snprintf(code, sizeof(code), "VN-%s", codes_of_today[i]);
        u = u != NULL ? u : reference_find_unit(r, code);
        assert_non_null(u);
        assert_true(exists_on(u, MERGED_FROM));
        assert_string_equal(u->official_code, codes_of_today[i]);
    }
    reference_free(r);
}

/* The old provinces' official codes, of which the one of today was made. */
static void assert_made_of(const struct reference *r, const char *code, const char *name,
                           const char *expected)
{
    char made_of[64] = "";
    const struct reference_unit *whole = reference_find_unit(r, code);
    assert_non_null(whole);
    assert_string_equal(whole->printed_name, name);
    assert_string_equal(whole->valid_from, MERGED_FROM);
    for (size_t i = 0; i < r->unit_count; i++) {
        if (r->units[i].successor_count == 1 && strcmp(r->units[i].successors[0], code) == 0)
            (void)snprintf(made_of + strlen(made_of), sizeof(made_of) - strlen(made_of), "%s%s",
                           made_of[0] != '\0' ? " " : "", r->units[i].printed_name);
    }
    assert_string_equal(made_of, expected);
}

/* Article 1 of Resolution 202/2025/QH15, one by one. */
static void test_what_was_merged(void **state)
{
    (void)state;
    struct reference *r = load();
    assert_made_of(r, "VN-2025-08", "Tuyên Quang", "Hà Giang Tuyên Quang");
    assert_made_of(r, "VN-2025-15", "Lào Cai", "Lào Cai Yên Bái");
    assert_made_of(r, "VN-2025-19", "Thái Nguyên", "Bắc Kạn Thái Nguyên");
    assert_made_of(r, "VN-2025-25", "Phú Thọ", "Hòa Bình Phú Thọ Vĩnh Phúc");
    assert_made_of(r, "VN-2025-24", "Bắc Ninh", "Bắc Giang Bắc Ninh");
    assert_made_of(r, "VN-2025-33", "Hưng Yên", "Hưng Yên Thái Bình");
    assert_made_of(r, "VN-2025-31", "Hải Phòng", "Hải Dương Hải Phòng");
    assert_made_of(r, "VN-2025-37", "Ninh Bình", "Hà Nam Nam Định Ninh Bình");
    assert_made_of(r, "VN-2025-44", "Quảng Trị", "Quảng Bình Quảng Trị");
    assert_made_of(r, "VN-2025-48", "Đà Nẵng", "Đà Nẵng Quảng Nam");
    assert_made_of(r, "VN-2025-51", "Quảng Ngãi", "Quảng Ngãi Kon Tum");
    assert_made_of(r, "VN-2025-52", "Gia Lai", "Bình Định Gia Lai");
    assert_made_of(r, "VN-2025-56", "Khánh Hòa", "Khánh Hòa Ninh Thuận");
    assert_made_of(r, "VN-2025-68", "Lâm Đồng", "Bình Thuận Đắk Nông Lâm Đồng");
    assert_made_of(r, "VN-2025-66", "Đắk Lắk", "Phú Yên Đắk Lắk");
    assert_made_of(r, "VN-2025-79", "Hồ Chí Minh", "Bình Dương Bà Rịa - Vũng Tàu Hồ Chí Minh");
    assert_made_of(r, "VN-2025-75", "Đồng Nai", "Bình Phước Đồng Nai");
    assert_made_of(r, "VN-2025-80", "Tây Ninh", "Tây Ninh Long An");
    assert_made_of(r, "VN-2025-92", "Cần Thơ", "Cần Thơ Hậu Giang Sóc Trăng");
    assert_made_of(r, "VN-2025-86", "Vĩnh Long", "Bến Tre Trà Vinh Vĩnh Long");
    assert_made_of(r, "VN-2025-82", "Đồng Tháp", "Tiền Giang Đồng Tháp");
    assert_made_of(r, "VN-2025-96", "Cà Mau", "Bạc Liêu Cà Mau");
    assert_made_of(r, "VN-2025-91", "An Giang", "An Giang Kiên Giang");
    reference_free(r);
}

static void test_names_that_changed_are_known(void **state)
{
    (void)state;
    struct reference *r = load();
    const struct reference_unit *u = reference_match_unit(r, NULL, "tỉnh Thừa Thiên Huế", NULL, 0);
    assert_non_null(u);
    assert_string_equal(u->name, "Thành phố Huế");
    u = reference_match_unit(r, NULL, "T. Hoà Bình", NULL, 0);
    assert_non_null(u);
    assert_string_equal(u->code, "VN-17");
    /* Two provinces were called so, one after the other: a name alone does not say which. */
    assert_null(reference_match_unit(r, NULL, "Tuyên Quang", NULL, 0));
    u = reference_match_unit(r, "VN-2025-08", "Tuyên Quang", NULL, 0);
    assert_non_null(u);
    assert_string_equal(u->code, "VN-2025-08");
    reference_free(r);
}

/* What the calendar says of a day, NULL where nothing. */
static const char *kind_of(const struct reference *r, int32_t day)
{
    char text[CLOCK_DATE_SIZE];
    clock_format_date(day, text);
    for (size_t i = 0; i < r->day_count; i++) {
        if (strcmp(r->days[i].date, text) == 0)
            return r->days[i].kind;
    }
    return NULL;
}

/* 261 weekdays a year, less 12 and 13 holidays on weekdays, and 1 and 2 Saturdays worked. */
static void test_working_days(void **state)
{
    (void)state;
    struct reference *r = load();
    static const char *const first[] = {"2025-01-01", "2026-01-01"};
    for (size_t y = 0; y < ARRAY_LEN(first); y++) {
        int32_t day, working = 0;
        assert_true(clock_parse_date(first[y], &day));
        for (int32_t i = 0; i < 365; i++) {
            const char *kind = kind_of(r, day + i);
            bool weekday = (day + i + 3) % 7 < 5; /* 1970-01-01 was a Thursday */
            working += kind == NULL ? weekday : strcmp(kind, "working_saturday") == 0;
        }
        assert_int_equal(working, 250);
    }
    reference_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_63_became_34), cmocka_unit_test(test_what_was_merged),
        cmocka_unit_test(test_names_that_changed_are_known), cmocka_unit_test(test_working_days)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
