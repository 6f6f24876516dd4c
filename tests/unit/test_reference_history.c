#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/reference.h"
#include "support/reference_folder.h"

#define HISTORY "code,tree,above,valid_from,valid_to\n"
/* P and Q are provinces, S takes P's place in 2025; P-A lies in P. */
#define TREE                                                                                       \
    FOLDER_UNITS                                                                                   \
    "P,Tỉnh P,,,tinh,,,1,,2025-06-30,S\nQ,Tỉnh Q,,,tinh,,,2,,,\nS,Tỉnh "                     \
    "S,,,tinh,,,3,2025-07-01,,\n"                                                                  \
    "P-A,Xã A,,,xa,P,P,4,2020-01-01,,\n"

static void assert_history_fault(const char *rows, const char *expected)
{
    char text[1024];
    (void)snprintf(text, sizeof(text), HISTORY "%s", rows);
    folder_assert_fault("unit_history.csv", text, expected);
}

static void test_faults_of_history(void **state)
{
    (void)state;
    assert_history_fault("P-Z,management,P,,\n",
                         "unit_history.csv:2: unit P-Z is not in units.csv");
    assert_history_fault("P-A,management,Z,,\n",
                         "unit_history.csv:2: unit P-A: above Z is no unit");
    assert_history_fault("P-A,tree,P,,\n",
                         "unit_history.csv:2: tree must be management or territory");
    assert_history_fault("P-A,management,P,2023-13-01,\n", "unit_history.csv:2: valid_from");
    assert_history_fault("P-A,management,P,2023-02-01,2023-01-01\n",
                         "unit_history.csv:2: the period ends before it begins");
    assert_history_fault("P-A,management,P,2023-01-01,2023-12-31\nP-A,territory,P,2023-01-01,\n"
                         "P-A,management,,2023-12-31,\n",
                         "unit_history.csv:4: unit P-A: the period overlaps with that of line 2");
    assert_history_fault("P,management,P-A,2021-01-01,2021-01-31\n",
                         "unit_history.csv:2: unit P: its parent chain has no end on 2021-01-01");
    assert_history_fault("P,territory,P,,\n",
                         "unit_history.csv:2: unit P: its territory chain has no end");
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,2025-06-30,X|P-A\n"
                                     "P-A,Xã A,,,xa,P,P,2,,,\n",
                        "units.csv:2: unit P: successor X is no unit");
    folder_assert_fault(
        "units.csv",
        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,2025-06-30,R\n"
                     "R,Tỉnh R,,,tinh,,,2,2025-07-02,,\n",
        "units.csv:2: unit P ended on 2025-06-30, and its successor R begins only on "
        "2025-07-02");
    folder_assert_fault(
        "units.csv",
        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,2025-06-30,R\n"
                     "R,Tỉnh R,,,tinh,,,2,,2025-06-30,\n",
        "units.csv:2: unit P ended on 2025-06-30, when its successor R had ended too");
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,2025-06-30,R|R\n"
                                     "R,Tỉnh R,,,tinh,,,2,,,\n",
                        "units.csv:2: unit P: successor R stands twice");
    /* S stands below what it replaces: sound until P ends. */
    folder_assert_fault("units.csv",
                        FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,2025-06-30,S\n"
                                     "S,Sở S,,,so,P,,2,,,\n",
                        "units.csv:3: unit S: its parent chain has no end on 2025-07-01");
    folder_assert_fault(
        "units.csv",
        "code,name,printed_name,aliases,kind,parent,territory,print_order,valid_from,"
        "valid_to,successor,official_code\nP,P,,,tinh,,,1,,,,2\n",
        "units.csv:2: official_code \"2\" is none");
    folder_assert_fault(
        "units.csv",
        "code,name,printed_name,aliases,kind,parent,territory,print_order,valid_from,"
        "valid_to,successor,official_code\nP,P,,,tinh,,,1,,2025-07-01,,02\n"
        "R,R,,,tinh,,,1,2025-07-01,,,02\n",
        "units.csv:3: unit R has the official code 02 of unit P at the same time");
}

static void test_units_below_too_deep(void **state)
{
    (void)state;
    char text[4096] = FOLDER_UNITS "P,P,,,tinh,,,1,,,\n";
    for (int i = 0; i < 33; i++) {
        char row[64], above[16] = "P";
        if (i > 0)
            (void)snprintf(above, sizeof(above), "U%d", i - 1);
        (void)snprintf(row, sizeof(row), "U%d,U%d,,,xa,%s,,%d,,,\n", i, i, above, i);
        strncat(text, row, sizeof(text) - strlen(text) - 1);
    }
    folder_assert_fault("units.csv", text,
                        "its parent chain has no end: a unit cannot stand above "
                        "itself, nor more than 32 deep");
}

static void assert_line(const struct reference_unit_line *line, const char *unit, bool by_territory,
                        const char *above, const char *from, const char *to)
{
    char text[CLOCK_DATE_SIZE];
    assert_string_equal(line->unit->code, unit);
    assert_int_equal(line->by_territory, by_territory);
    assert_string_equal(line->above != NULL ? line->above->code : "", above);
    if (line->from == REFERENCE_OPEN_FROM) {
        assert_string_equal(from, "");
    } else {
        clock_format_date(line->from, text);
        assert_string_equal(text, from);
    }
    if (line->to == REFERENCE_OPEN_TO) {
        assert_string_equal(to, "");
    } else {
        clock_format_date(line->to, text);
        assert_string_equal(text, to);
    }
}

static void test_lines_fill_what_history_leaves(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(&f, "units.csv", TREE);
    folder_put(&f, "targets.csv", "wave,unit,planned\n");
    folder_put(&f, "unit_history.csv",
               HISTORY "P-A,management,,2023-01-01,2023-06-30\nP-A,management,Q,,2021-12-31\n"
                       "P-A,territory,Q,2024-01-01,\n");
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    if (r == NULL)
        print_error("%s\n", err.message);
    assert_non_null(r);
    assert_int_equal(r->line_count, 6);
    assert_line(&r->lines[0], "P-A", false, "Q", "2020-01-01", "2021-12-31");
    assert_line(&r->lines[1], "P-A", false, "P", "2022-01-01", "2022-12-31");
    assert_line(&r->lines[2], "P-A", false, "", "2023-01-01", "2023-06-30");
    assert_line(&r->lines[3], "P-A", false, "P", "2023-07-01", "");
    assert_line(&r->lines[4], "P-A", true, "P", "2020-01-01", "2023-12-31");
    assert_line(&r->lines[5], "P-A", true, "Q", "2024-01-01", "");
    assert_int_equal(r->units[0].successor_count, 1);
    assert_string_equal(r->units[0].successors[0], "S");
    /* Lists of any time find it: of P, of Q above it once, of S that took P's place. */
    static const char *const provinces[] = {"P", "Q", "S"};
    for (size_t i = 0; i < ARRAY_LEN(provinces); i++)
        assert_non_null(reference_match_unit(r, provinces[i], "Xã A", NULL, 0));
    reference_free(r);
    folder_drop(&f);
}

#define THREE "Tỉnh Thành Phố,Mã TP,Quận Huyện,Mã QH,Phường Xã,Mã PX,Cấp,Tên Tiếng Anh\n"
#define TWO "Tỉnh Thành Phố,Mã TP,Phường Xã,Mã PX,Cấp,Tên Tiếng Anh\n"

static void test_faults_of_the_official_list(void **state)
{
    (void)state;
    static const char *const faults[][2] = {
        {"Tỉnh Thành Phố,Mã TP\nTỉnh P,02\n", ":1: column Phường Xã is missing"},
        {TWO "Tỉnh P,2x,Xã A,00001,Xã,\n", ":2: Mã TP \"2x\" is no code of 2 digits"},
        {TWO "Tỉnh P,02,Xã A,123456,Xã,\n", ":2: Mã PX \"123456\" is no code of 5 digits"},
        {TWO "Tỉnh P,,Xã A,00001,Xã,\n", ":2: the row has no code of a province"},
        {TWO "Tỉnh P,02,,00001,Xã,\n", ":2: code 00001 has no name"},
        {TWO "Tỉnh P,02,Xã A,1,Xã,\nTỉnh P,02,Xã B,00001,Xã,\n",
         ":3: code 00001 stands twice, before in line 2"},
        {TWO "Tỉnh P,02,Xã A,00001,Xã,\nTỉnh Q,02,Xã B,00002,Xã,\n",
         ":3: code 02 is Tỉnh Q here and Tỉnh P in line 2"},
        {THREE "Tỉnh P,02,Huyện A,1,Xã A,1,,\nTỉnh Q,03,Huyện A,1,Xã B,2,,\n",
         ":3: code 001 is Huyện A here and Huyện A in line 2, or in another province"},
        {TWO "Tỉnh P,02,Xã A,00001,Xã,\nTỉnh P,02,XÃ A,00002,Xã,\n",
         ":3: \"xã a\" is a name of both VN-00001 and VN-00002"},
    };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        char expected[160];
        (void)snprintf(expected, sizeof(expected), "official-units.csv%s", faults[i][1]);
        folder_assert_fault("official-units.csv", faults[i][0], expected);
    }
}

static const struct reference_unit *assert_official(const struct reference *r, const char *code,
                                                    const char *name, const char *kind,
                                                    const char *parent, const char *official_code)
{
    const struct reference_unit *u = reference_find_unit(r, code);
    assert_non_null(u);
    assert_string_equal(u->name, name);
    assert_string_equal(u->kind, kind);
    assert_string_equal(u->parent, parent);
    assert_string_equal(u->territory, parent);
    assert_string_equal(u->official_code, official_code);
    return u;
}

static void test_the_official_list_gives_units(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(
        &f, "units.csv",
        "code,name,printed_name,aliases,kind,parent,territory,print_order,valid_from,"
        "valid_to,successor,official_code\n"
        "P,Tỉnh P,,,tinh,,,1,,2025-06-30,P-NEW,02\nP-NEW,Tỉnh P mới,,,tinh,,,1,2025-07-01,,,02\n"
        "P-A,Xã A,,,xa,P,P,2,,,,00001\n");
    folder_put(&f, "official-units.csv",
               THREE "Tỉnh P,2,Huyện B,24,Xã A,1,Xã,\nTỉnh P,02,Huyện B,024,Xã C,00700,Xã,\n"
                     "Tỉnh Q,3,Huyện đảo D,25,,,,\n");
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    if (r == NULL)
        print_error("%s\n", err.message);
    assert_non_null(r);
    assert_int_equal(r->unit_count, 3 + 4);
    const struct reference_unit *c = assert_official(r, "VN-00700", "Xã C", "xa", "VN-024", "00700");
    assert_string_equal(c->valid_from, "");
    assert_official(r, "VN-024", "Huyện B", "huyen", "P", "024"); /* the P of before July 2025 */
    assert_official(r, "VN-03", "Tỉnh Q", "tinh", "", "03");
    assert_official(r, "VN-025", "Huyện đảo D", "huyen", "VN-03", "025");
    assert_string_equal(reference_find_unit(r, "P-A")->parent, "P"); /* units.csv takes precedence */
    assert_ptr_equal(reference_match_unit(r, NULL, "Q", NULL, 0), reference_find_unit(r, "VN-03"));
    reference_free(r);
    folder_put(&f, "official-units.csv", TWO "Tỉnh P mới,2,Xã E,700,Xã,\n");
    r = reference_load(f.path, NULL, NULL, &err);
    assert_non_null(r);
    assert_int_equal(r->unit_count, 3 + 1);
    c = assert_official(r, "VN-00700", "Xã E", "xa", "P-NEW", "00700");
    assert_string_equal(c->valid_from, "2025-07-01");
    reference_free(r);
    folder_drop(&f);
}

/* Each way up is taken once: of those that go round through the years there are thousands of millions. */
static void test_units_that_stood_above_each_other_in_turn(void **state)
{
    (void)state;
    struct folder f = folder_good();
    struct error err = {0};
    folder_put(&f, "units.csv",
               FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,,\nQ,Tỉnh Q,,,tinh,,,2,,,\n"
                            "P-A,Sở A,,,so,P,P,3,,,\nP-B,Sở B,,,so,P,P,4,,,\n");
    folder_put(
        &f, "unit_history.csv",
        HISTORY
        "P-A,management,P-B,2001-01-01,2001-12-31\nP-B,management,P-A,2002-01-01,2002-12-31\n"
        "P-A,management,P-B,2003-01-01,2003-12-31\nP-B,management,P-A,2004-01-01,2004-12-31\n"
        "P-A,management,P-B,2005-01-01,2005-12-31\nP-B,management,P-A,2006-01-01,2006-12-31\n");
    folder_put(&f, "targets.csv", "wave,unit,planned\n");
    struct reference *r = reference_load(f.path, NULL, NULL, &err);
    assert_non_null(r);
    int64_t begin_ms = clock_monotonic_ms();
    assert_null(reference_match_unit(r, "Q", "Sở A", NULL, 0));
    assert_non_null(reference_match_unit(r, "P", "Sở A", NULL, 0));
    assert_in_range(clock_monotonic_ms() - begin_ms, 0, 1000);
    reference_free(r);
    folder_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_of_history),
        cmocka_unit_test(test_units_below_too_deep),
        cmocka_unit_test(test_units_that_stood_above_each_other_in_turn),
        cmocka_unit_test(test_lines_fill_what_history_leaves),
        cmocka_unit_test(test_faults_of_the_official_list),
        cmocka_unit_test(test_the_official_list_gives_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
