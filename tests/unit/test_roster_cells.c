#include "cmocka_all.h"

#include <string.h>

#include "../../common/roster_cells.h"
#include "../../common/roster_columns.h"

static void assert_emails(const char *cell, enum identity_fault fault, const char *first,
                          const char *second)
{
    struct arena arena = {0};
    const char *emails[ROSTER_MAX_EMAILS];
    size_t count = 99;
    enum identity_fault got = roster_emails(&arena, cell, emails, &count);
    if (got != fault)
        print_error("\"%s\": %d\n", cell, got);
    assert_int_equal(got, fault);
    assert_int_equal(count, (first != NULL) + (second != NULL));
    if (first != NULL)
        assert_string_equal(emails[0], first);
    if (second != NULL)
        assert_string_equal(emails[1], second);
    arena_free(&arena);
}

static void test_emails(void **state)
{
    (void)state;
    assert_emails("A@b.vn", IDENTITY_OK, "a@b.vn", NULL);
    assert_emails("a@b.vn; c@d.vn", IDENTITY_OK, "a@b.vn", "c@d.vn");
    assert_emails("c@d.vn, a@b.vn", IDENTITY_OK, "c@d.vn", "a@b.vn"); /* the first one stays first */
    assert_emails("a@b.vn / c@d.vn", IDENTITY_OK, "a@b.vn", "c@d.vn");
    assert_emails("a@b.vn\nc@d.vn", IDENTITY_OK, "a@b.vn", "c@d.vn");
    assert_emails("a@b.vn;A@B.VN", IDENTITY_OK, "a@b.vn", NULL);
    assert_emails("a@b.vn;", IDENTITY_OK, "a@b.vn", NULL);
    assert_emails("a@b.vn; c@d", IDENTITY_MALFORMED, "a@b.vn", NULL);
    assert_emails("a@b.vn  c@d.vn", IDENTITY_OK, "a@b.vn", "c@d.vn");
    assert_emails("a@b.vn\xC2\xA0"
                  "c@d.vn",
                  IDENTITY_OK, "a@b.vn", "c@d.vn");
    assert_emails("a @b.vn", IDENTITY_MALFORMED, NULL, NULL);
    /* a comma typed for a dot must not make another address of the rest */
    assert_emails("a@gmail,com", IDENTITY_MALFORMED, NULL, NULL);
    assert_emails("van,an@gmail.com", IDENTITY_MALFORMED, NULL, NULL);
    assert_emails("nguyen van an@gmail.com", IDENTITY_MALFORMED, NULL, NULL);
    assert_emails("", IDENTITY_MISSING, NULL, NULL);
    assert_emails("Không có", IDENTITY_MISSING, NULL, NULL);
    assert_emails(" - ", IDENTITY_MISSING, NULL, NULL);
}

static void test_phones(void **state)
{
    (void)state;
    char out[IDENTITY_TEXT];
    assert_int_equal(roster_phone("0912345678/0987654321", out), IDENTITY_OK);
    assert_string_equal(out, "+84912345678");
    assert_int_equal(roster_phone("cũ; 0987.654.321", out), IDENTITY_OK);
    assert_string_equal(out, "+84987654321");
    assert_int_equal(roster_phone("123", out), IDENTITY_MALFORMED);
    assert_int_equal(roster_phone("0", out), IDENTITY_MISSING);
    assert_int_equal(roster_citizen("'002085001234", out), IDENTITY_OK);
    assert_string_equal(out, "002085001234");
    assert_int_equal(roster_citizen("chưa có", out), IDENTITY_MISSING);
}

static void test_birth_dates(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"1985-04-30", "1985-04-30"},
        {"1985-04-30 00:00:00", "1985-04-30"},
        {"30/4/1985", "1985-04-30"},
        {"30/04/1985", "1985-04-30"},
        {"30-4-1985", "1985-04-30"},
        {"30.04.1985", "1985-04-30"},
        {"30 / 4 / 1985", "1985-04-30"},
        {"1/5/85", "1985-05-01"},
        {"'30/04/1985", "1985-04-30"},
        {"Ngày 30 tháng 4 năm 1985", "1985-04-30"},
        {"1985", "1985"},
        {"1985.0", "1985"},
        {"4/1985", "1985-04"},
        {"30041985", "1985-04-30"},
        {"31167", "1985-04-30"}, /* what a date cell without its format says */
        {"29/2/1988", "1988-02-29"},
        {"\xEF\xBC\x93\xEF\xBC\x90/4/1985", "1985-04-30"}, /* full-width digits */
    };
    char out[ROSTER_DATE];
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        assert_int_equal(roster_birth_date(pairs[i][0], out), IDENTITY_OK);
        assert_string_equal(out, pairs[i][1]);
    }
    static const char *const bad[] = {"30/2/1985", "12-13-1991", "31/4/1985",  "tháng 4", "1/1/1",
                                      "85",        "1985/4",     "30/04/1885", "1/2/3/4"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (roster_birth_date(bad[i], out) != IDENTITY_MALFORMED)
            print_error("\"%s\" gave \"%s\"\n", bad[i], out);
        assert_int_equal(roster_birth_date(bad[i], out), IDENTITY_MALFORMED);
        assert_string_equal(out, "");
    }
    assert_int_equal(roster_birth_date(" ", out), IDENTITY_MISSING);
}

static void test_groups(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"17", "17"},
        {"17.0", "17"},
        {"Tổ 17", "17"},
        {"TỔ SỐ 03", "3"},
        {"tổ: 5", "5"},
        {"Nhóm 2", "2"},
        {"Tổ học tập số 154", "154"},
        {"Tổ 5a", "5A"},
        {"Tổ 17 (Y tế)", "17"},
        {"", ""},
        {"Tổng hợp", "Tổng hợp"},
        {"To\xCC\x82\xCC\x89 9", "9"},
        /* what slipped in from another column stays here */
        {"a@b.vn", ""},
        {"0912 345 678", ""},
        {"002085001234", ""},
    };
    char out[ROSTER_GROUP_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        roster_group(pairs[i][0], out);
        assert_string_equal(out, pairs[i][1]);
    }
}

static void test_audiences(void **state)
{
    (void)state;
    struct arena arena = {0};
    const char *codes[ROSTER_MAX_AUDIENCES];
    assert_int_equal(roster_audiences(&arena, "Viên chức; Cán bộ, Viên  chức", codes), 2);
    assert_string_equal(codes[0], "can-bo"); /* sorted, each once */
    assert_string_equal(codes[1], "vien-chuc");
    assert_int_equal(roster_audiences(&arena, "", codes), 0);
    assert_int_equal(roster_audiences(&arena, "a@b.vn; Cán bộ; 0912.345.678", codes), 1);
    assert_string_equal(codes[0], "can-bo");
    arena_free(&arena);
}

static void test_body(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Hội Nông dân tỉnh", "hoi-nong-dan-tinh"},
        {" HỘI  NÔNG DÂN, tỉnh", "hoi-nong-dan-tinh"},
        {"UBND xã Đạo Trù (thôn 3)", "ubnd-xa-dao-tru-thon-3"},
        {"", ""},
        {"không có", ""},
        {"a@b.vn", ""},
        {"0912 345 678", ""},
    };
    char out[ROSTER_BODY_SIZE], longer[400];
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        roster_body(pairs[i][0], out);
        assert_string_equal(out, pairs[i][1]);
    }
    memset(longer, 'a', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    roster_body(longer, out); /* no title of anybody */
    assert_string_equal(out, "");
}

static void test_header_words(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        enum roster_column column;
    } words[] = {
        {"STT", ROSTER_NUMBER},
        {"Số TT", ROSTER_NUMBER},
        {"HỌ VÀ TÊN", ROSTER_NAME},
        {"Họ và tên học viên", ROSTER_NAME},
        {"Họ, tên", ROSTER_NAME},
        {"Họ đệm", ROSTER_NAME},
        {"Tên", ROSTER_GIVEN},
        {"Ngày, tháng,\nnăm sinh", ROSTER_BIRTH},
        {"Năm sinh", ROSTER_BIRTH},
        {"Số\nCCCD", ROSTER_CITIZEN},
        {"CMND/CCCD", ROSTER_CITIZEN},
        {"Số định danh cá nhân", ROSTER_CITIZEN},
        {"Ngày cấp CCCD", ROSTER_NO_COLUMN},
        {"E-mail", ROSTER_EMAIL},
        {"Thư điện tử", ROSTER_EMAIL},
        {"Số ĐT", ROSTER_PHONE},
        {"Điện thoại", ROSTER_PHONE},
        {"SĐT", ROSTER_PHONE},
        {"Đơn vị công tác", ROSTER_UNIT},
        {"Cơ quan, đơn vị", ROSTER_UNIT},
        {"Chức vụ, đơn vị công tác", ROSTER_NO_COLUMN},
        {"Tổ", ROSTER_GROUP},
        {"Tổ học tập", ROSTER_GROUP},
        {"Đối tượng", ROSTER_AUDIENCE},
        {"Đơn vị mời", ROSTER_INVITED_BY},
        {"Cơ quan, đơn vị mời tham gia", ROSTER_INVITED_BY},
        {"CƠ QUAN MỜI", ROSTER_INVITED_BY},
        {"Đơn vị giới thiệu", ROSTER_INVITED_BY},
        {"Invited by", ROSTER_INVITED_BY},
        {"Đơn vị mới", ROSTER_UNIT},
        {"Ghi chú", ROSTER_NO_COLUMN},
        {"Chức vụ", ROSTER_NO_COLUMN},
        /* what stands in brackets explains, and does not name */
        {"Ngày sinh (theo CCCD)", ROSTER_BIRTH},
        {"Số điện thoại (đã đăng ký email)", ROSTER_PHONE},
        {"Họ và tên (như trên CCCD)", ROSTER_NAME},
        {"Ngày cấp (CCCD)", ROSTER_NO_COLUMN},
        {"(*) Họ và tên", ROSTER_NAME},
        {"Địa chỉ email dùng để lập tài khoản học tập (đề nghị ghi rõ ràng, chính xác, mỗi người "
         "một "
         "địa chỉ riêng, không dùng chung với người khác)",
         ROSTER_EMAIL},
        {"Mail công vụ", ROSTER_EMAIL},
        {"Tên cơ quan, đơn vị", ROSTER_UNIT},
        {"Đ/c email", ROSTER_EMAIL},
        {"NTNS", ROSTER_BIRTH},
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (roster_column_of(words[i].cell) != words[i].column)
            print_error("%s\n", words[i].cell);
        assert_int_equal(roster_column_of(words[i].cell), words[i].column);
    }
}

static void test_error_values(void **state)
{
    (void)state;
    static const char *const errors[] = {"#N/A",  "#REF!",  "#VALUE!", "#NAME?", "#DIV/0!",
                                         "#NUM!", "#NULL!", "#SPILL!", " #N/A ", "Err:502"};
    static const char *const others[] = {"",      "#",      "#N",   "#1",       "N/A",
                                         "Lò #A", "# N/A!", "Err:", "Err:5020", "Error!"};
    for (size_t i = 0; i < ARRAY_LEN(errors); i++)
        assert_true(roster_is_error(errors[i]));
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        assert_false(roster_is_error(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_values), cmocka_unit_test(test_emails),
        cmocka_unit_test(test_phones),       cmocka_unit_test(test_birth_dates),
        cmocka_unit_test(test_groups),       cmocka_unit_test(test_audiences),
        cmocka_unit_test(test_body),         cmocka_unit_test(test_header_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
