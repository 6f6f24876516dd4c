#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../common/text.h"

static void assert_folds(const char *in, const char *expected)
{
    char out[256];
    assert_true(text_fold(in, out, sizeof(out)));
    assert_string_equal(out, expected);
}

static void assert_skeleton(const char *in, const char *expected)
{
    char out[256];
    assert_true(text_skeleton(in, out, sizeof(out)));
    assert_string_equal(out, expected);
}

static void test_clean(void **state)
{
    (void)state;
    char out[64];
    assert_true(text_clean("  Sở\xC2\xA0\xC2\xA0Y \n\t tế ", out, sizeof(out)));
    assert_string_equal(out, "Sở Y tế");
    /* o, horn, hook above: three code points become one */
    assert_true(text_clean("S\x6F\xCC\x9B\xCC\x89", out, sizeof(out)));
    assert_string_equal(out, "Sở");
    assert_true(text_clean("\xEF\xBB\xBF"
                           "a\xE2\x80\x8B"
                           "b",
                           out, sizeof(out)));
    assert_string_equal(out, "ab");
    /* marks of writing direction around a number copied from a phone */
    assert_true(text_clean("\xE2\x80\xAA"
                           "0912\xE2\x80\xAC\xE2\x81\xA9",
                           out, sizeof(out)));
    assert_string_equal(out, "0912");
    assert_true(text_clean("", out, sizeof(out)));
    assert_string_equal(out, "");
    assert_true(text_clean(" \xC2\xA0 ", out, sizeof(out)));
    assert_string_equal(out, "");
}

static void test_narrow(void **state)
{
    (void)state;
    char out[64];
    assert_true(text_narrow(" \xEF\xBC\x90\xEF\xBC\x99 a\xEF\xBC\xA0"
                            "b.vn",
                            out, sizeof(out)));
    assert_string_equal(out, "09 a@b.vn");
    assert_true(text_narrow("So\xCC\x9B\xCC\x89", out, sizeof(out)));
    assert_string_equal(out, "Sở");
    assert_false(text_narrow("a\xFFz", out, sizeof(out)));
}

static void test_refuses_bad_utf8_and_small_room(void **state)
{
    (void)state;
    char out[8];
    assert_false(text_clean("a\xFFz", out, sizeof(out)));
    assert_false(text_fold("\xC3", out, sizeof(out)));
    assert_false(text_skeleton("\xED\xA0\x80", out, sizeof(out)));
    assert_true(text_clean("1234567", out, sizeof(out)));
    assert_false(text_clean("12345678", out, sizeof(out)));
    assert_string_equal(out, "");
}

static void test_fold_unifies_tone_placement(void **state)
{
    (void)state;
    assert_folds("Khánh HÒA", "khánh hoà");
    assert_folds("Khánh Hoà", "khánh hoà");
    assert_folds("THỦY", "thuỷ");
    assert_folds("thuỷ", "thuỷ");
    assert_folds("Ủy ban", "uỷ ban");
    assert_folds("Qúy", "quý");
    assert_folds("Khỏe", "khoẻ");
    assert_folds("hòai", "hoài");
    /* mistyped: a tone on each, and more marks behind */
    assert_folds("lòện", "lòện");
    assert_folds("hóậ", "hóậ");
    /* Icelandic eth and African D, as old keyboards have them for Đ */
    assert_folds("\xC3\x90ồng Văn", "đồng văn");
    assert_folds("huyện \xC3\xB0ồng văn", "huyện đồng văn");
    assert_folds("\xC6\x89ơn vị", "đơn vị");
    /* no such pair: stays */
    assert_folds("của mùa", "của mùa");
    assert_folds("Đỗ Thị Ngọc", "đỗ thị ngọc");
}

static void test_fold_keeps_diacritics(void **state)
{
    (void)state;
    char tong_hook[32], tong_acute[32];
    assert_true(text_fold("TỔNG", tong_hook, sizeof(tong_hook)));
    assert_true(text_fold("TỐNG", tong_acute, sizeof(tong_acute)));
    assert_string_not_equal(tong_hook, tong_acute);
}

static void test_skeleton(void **state)
{
    (void)state;
    assert_skeleton("Họ và tên (*)", "ho va ten");
    assert_skeleton("SỐ CCCD/CMND", "so cccd cmnd");
    assert_skeleton("Thư  điện tử:", "thu dien tu");
    assert_skeleton("E-mail", "e mail");
    assert_skeleton("Sở GD&ĐT", "so gd dt");
    assert_skeleton("Đề án 06", "de an 06");
    assert_skeleton("\xC3\x90ơn vị", "don vi");
    assert_skeleton("***", "");
}

static void test_distance(void **state)
{
    (void)state;
    assert_int_equal(text_distance("so y te", "so y te", 3), 0);
    assert_int_equal(text_distance("so y te", "so y tee", 3), 1);
    assert_int_equal(text_distance("so y te", "so yt e", 3), 1); /* neighbours swapped */
    assert_int_equal(text_distance("meo vac", "neo vax", 5), 2);
    assert_int_equal(text_distance("", "abc", 5), 3);
    assert_int_equal(text_distance("abc", "", 5), 3);
    assert_int_equal(text_distance("abcdef", "uvwxyz", 3), 4); /* limit + 1 */
    assert_int_equal(text_distance("a", "abcdefgh", 3), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_refuses_bad_utf8_and_small_room),
        cmocka_unit_test(test_fold_unifies_tone_placement),
        cmocka_unit_test(test_fold_keeps_diacritics),
        cmocka_unit_test(test_skeleton),
        cmocka_unit_test(test_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
