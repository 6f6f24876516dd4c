#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../aggregator/report/name_list.h"

static const char *const codes[] = {"HG", "HG-SYTE", "HG-SGDDT", "HG-XINMAN"};
static const char *const labels[] = {"Hà Giang", "Sở Y tế", "Sở Giáo dục và Đào tạo", NULL};
static const struct name_list four = {codes, labels, 4, "units.csv", false};

static void meant(const char *typed, const char *expected)
{
    struct text_buffer out = {0};
    text_buffer_add_text(&out, "");
    assert_false(name_list_add_meant(&four, typed, &out));
    assert_string_equal(out.data, expected);
    text_buffer_free(&out);
}

static void names_what_was_meant(void **state)
{
    (void)state;
    meant("hg-syte", "did you mean HG-SYTE? ");
    meant("HG-SYTEE", "did you mean HG-SYTE? ");
    meant("Sở Y tế", "did you mean HG-SYTE? ");
    meant("SGDDT", "did you mean HG-SGDDT? ");
    meant("Đào tạo", "did you mean HG-SGDDT? ");
    meant("HG-", "did you mean HG, HG-SYTE, HG-SGDDT? "); /* a slip of the pen first; three at most */
    meant("NA-D1", "");
    meant("", "");
    meant("X", ""); /* one letter is part of too much */
}

static void says_it_in_vietnamese(void **state)
{
    (void)state;
    struct name_list list = four;
    struct text_buffer out = {0};
    list.vietnamese = true;
    assert_false(name_list_add_meant(&list, "HG-SYTEE", &out));
    assert_string_equal(out.data, "có phải là HG-SYTE? ");
    text_buffer_clear(&out);
    list.count = 0;
    name_list_add(&list, &out);
    assert_string_equal(out.data, "không có");
    text_buffer_free(&out);
}

static void lists_what_there_is(void **state)
{
    (void)state;
    struct text_buffer out = {0};
    name_list_add(&four, &out);
    assert_string_equal(out.data, "HG, HG-SYTE, HG-SGDDT, HG-XINMAN");
    text_buffer_clear(&out);
    name_list_add(&(struct name_list){codes, NULL, 0, "units.csv", false}, &out);
    assert_string_equal(out.data, "none");
    text_buffer_free(&out);
}

static void cuts_a_long_list_between_names_and_says_where_all_are(void **state)
{
    (void)state;
    char texts[200][24];
    const char *many[200];
    for (int i = 0; i < 200; i++) {
        (void)snprintf(texts[i], sizeof(texts[i]), "WAVE-%04d", i);
        many[i] = texts[i];
    }
    const struct name_list list = {many, NULL, 200, "waves.csv", false};
    struct text_buffer out = {0};
    name_list_add(&list, &out);
    /* 9 bytes a name and 2 between: 27 names end at 295 bytes */
    assert_non_null(strstr(out.data, ", WAVE-0026, … (200 in all: see waves.csv)"));
    assert_null(strstr(out.data, "WAVE-0027"));
    text_buffer_clear(&out);
    assert_true(name_list_add_meant(&list, "WAVE-007", &out));
    assert_string_equal(out.data,
                        "did you mean WAVE-0007, WAVE-0070, WAVE-0071? All 200 are in waves.csv");
    text_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_was_meant),
        cmocka_unit_test(says_it_in_vietnamese),
        cmocka_unit_test(lists_what_there_is),
        cmocka_unit_test(cuts_a_long_list_between_names_and_says_where_all_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
