#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <iconv.h>

#include "../../common/legacy_font.h"
#include "../../common/text_encoding.h"
#include "../../common/vietnamese.h"

static void assert_decodes(const char *bytes, size_t length, enum text_encoding as,
                           enum text_encoding was, const char *text)
{
    struct error err = {0};
    size_t count = 0;
    char *out = text_decode(bytes, length, &as, &count, &err);
    if (out == NULL)
        print_error("%s\n", err.message);
    assert_non_null(out);
    assert_int_equal(as, was);
    assert_int_equal(count, strlen(text));
    assert_memory_equal(out, text, count);
    free(out);
}

static void test_unicode_with_and_without_mark(void **state)
{
    (void)state;
    assert_decodes("\xEF\xBB\xBFLê", 6, ENCODING_AUTO, ENCODING_UTF8, "Lê");
    assert_decodes("Le\xCC\x82\xCC\xA3", 6, ENCODING_AUTO, ENCODING_UTF8, "Lệ"); /* decomposed */
    assert_decodes("\xFF\xFEL\0\xC7\x1E", 6, ENCODING_AUTO, ENCODING_UTF16LE, "Lệ");
    assert_decodes("\xFE\xFF\0L\x1E\xC7", 6, ENCODING_AUTO, ENCODING_UTF16BE, "Lệ");
    assert_decodes("\xFF\xFEL\0e\0\x02\x03\x23\x03", 10, ENCODING_AUTO, ENCODING_UTF16LE, "Lệ");
    assert_decodes("L\0\xC7\x1E", 4, ENCODING_UTF16LE, ENCODING_UTF16LE, "Lệ");
    assert_decodes("", 0, ENCODING_AUTO, ENCODING_UTF8, "");
    struct error err = {0};
    enum text_encoding as = ENCODING_AUTO;
    size_t count;
    assert_null(text_decode("\xFF\xFEL", 3, &as, &count, &err)); /* half a character */
    assert_non_null(strstr(err.message, "UTF-16 LE"));
}

static void test_windows_1258(void **state)
{
    (void)state;
    /* The tone stands behind its letter: ê + ngã, a circumflex + nặng. */
    static const char text[] = "Nguy\xEA\xDEn V\xE3n H\xE2\xF2u, Tr\xE2\xCCn Thi\xF2 \xD0\xE0o";
    assert_decodes(text, sizeof(text) - 1, ENCODING_AUTO, ENCODING_WINDOWS_1258,
                   "Nguyễn Văn Hậu, Trần Thị Đào");
    assert_decodes("Thi\xF2", 4, ENCODING_WINDOWS_1258, ENCODING_WINDOWS_1258, "Thị");
}

static void test_uncertain_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"S\xF4 1258",
                                        ("caf\xE9 d\xE9j\xE0 vu fran\xE7"
                                         "ais"),
                                        "Nguyễn Văn A\nNguy\xE1\xBB n B\n"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct error err = {0};
        enum text_encoding as = ENCODING_AUTO;
        size_t count;
        assert_null(text_decode(texts[i], strlen(texts[i]), &as, &count, &err));
        assert_int_equal(err.kind, ERROR_SOURCE);
        assert_non_null(strstr(err.message, "UTF-8"));
    }
}

static void test_bytes_of_legacy_fonts_stay_for_the_columns(void **state)
{
    (void)state;
    static const char tcvn3[] = "Nguy\xD4n V\xA8n H\xCBu"; /* Nguyễn Văn Hậu */
    static const char vni[] = "Nguye\xE3n Va\xEAn Ha\xE4u";
    assert_decodes(tcvn3, sizeof(tcvn3) - 1, ENCODING_AUTO, ENCODING_TCVN3, "NguyÔn V¨n HËu");
    assert_decodes(vni, sizeof(vni) - 1, ENCODING_AUTO, ENCODING_VNI, "Nguyeãn Vaên Haäu");
}

static void test_names_of_encodings(void **state)
{
    (void)state;
    enum text_encoding e;
    assert_true(text_encoding_parse("utf-16", &e));
    assert_int_equal(e, ENCODING_UTF16LE);
    assert_true(text_encoding_parse("windows-1258", &e));
    assert_string_equal(text_encoding_name(e), "Windows-1258");
    assert_false(text_encoding_parse("latin1", &e));
    assert_false(text_encoding_parse("", &e));
}

/* The table against the C library's, which has the same half of codes. */
static void test_tcvn3_against_iconv(void **state)
{
    (void)state;
    iconv_t converter = iconv_open("UTF-32LE", "TCVN5712-1");
    assert_true(converter != (iconv_t)-1);
    size_t compared = 0;
    for (unsigned code = 0xA1; code < 0xFF; code++) {
        /* U+0300 … stand at B0–B4; VN3 leaves these and C0–C5 and a few others alone. */
        char in[2] = {(char)code, ' '}, out[16], *from = in, *to = out;
        size_t left = 2, room = sizeof(out);
        uint32_t expected, meant, point = code;
        assert_int_not_equal(iconv(converter, &from, &left, &to, &room), (size_t)-1);
        memcpy(&expected, out, sizeof(expected));
        assert_int_equal(legacy_font_decode(LEGACY_TCVN3, &point, 1, &meant), 1);
        if (meant == code)
            continue; /* not in VN3 */
        assert_int_equal(meant, expected);
        compared++;
    }
    assert_int_equal(compared, 66 + 8 - 1); /* ý is the same in both */
    (void)iconv_close(converter);
}

static void assert_vni(const char *typed, const char *meant)
{
    uint32_t in[64], out[64], expected[64];
    size_t length = 0, wanted = 0;
    const char *const texts[] = {typed, meant};
    for (size_t k = 0; k < 2; k++) {
        iconv_t converter = iconv_open("UTF-32LE", "UTF-8");
        char *from = (char *)(uintptr_t)texts[k];
        char *to = k == 0 ? (char *)in : (char *)expected;
        size_t left = strlen(texts[k]), room = sizeof(in);
        assert_int_not_equal(iconv(converter, &from, &left, &to, &room), (size_t)-1);
        *(k == 0 ? &length : &wanted) = (sizeof(in) - room) / 4;
        (void)iconv_close(converter);
    }
    assert_int_equal(legacy_font_decode(LEGACY_VNI, in, length, out), wanted);
    assert_memory_equal(out, expected, wanted * 4);
}

static void test_vni(void **state)
{
    (void)state;
    assert_vni("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam");
    assert_vni("NGUYEÃN THÒ HÖÔÙNG", "NGUYỄN THỊ HƯỚNG");
    assert_vni("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc");
    assert_vni("Leâ Thaêng, Kyø, Myõ, Lyù, quyû, tî", "Lê Thăng, Kỳ, Mỹ, Lý, quỷ, tỵ");
    assert_vni("aê aéaèaúaüaë aâaáaàaåaãaä", "ă ắằẳẵặ âấầẩẫậ");
    assert_vni("ôùôøôûôõôï öùöøöûöõöï íìæóò", "ớờởỡợ ứừửữự íìỉĩị");
}

static bool syllable(const char *text)
{
    struct legacy_tally tally = {0};
    legacy_tally_add(&tally, text);
    return tally.unicode_good + tally.good[LEGACY_NONE] == 1;
}

static void test_syllables(void **state)
{
    (void)state;
    static const char *const good[] = {"Nguyễn", "NGHIÊNG", "quốc",  "giết", "gì",    "khuỷu",
                                       "Đắk",    "thuở",    "Hòa",   "hoà",  "Huỳnh", "uống",
                                       "yên",    "Krông",   "ngoằn", "rượu"};
    static const char *const bad[] = {"Nguyeãn", "V¨n", "café", "nguyễ", "tòc",  "bàf",
                                      "òá",      "ngk", "®Æng", "ßa",    "xòyñ", "français"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!syllable(good[i]))
            fail_msg("%s", good[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (syllable(bad[i]))
            fail_msg("%s", bad[i]);
    }
    assert_int_equal(vietnamese_upper(0x1EC5), 0x1EC4);
    assert_int_equal(vietnamese_upper(0x1B0), 0x1AF);
    assert_int_equal(vietnamese_upper('-'), '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unicode_with_and_without_mark),
        cmocka_unit_test(test_windows_1258),
        cmocka_unit_test(test_uncertain_bytes_are_refused),
        cmocka_unit_test(test_bytes_of_legacy_fonts_stay_for_the_columns),
        cmocka_unit_test(test_names_of_encodings),
        cmocka_unit_test(test_tcvn3_against_iconv),
        cmocka_unit_test(test_vni),
        cmocka_unit_test(test_syllables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
