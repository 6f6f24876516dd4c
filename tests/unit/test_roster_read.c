#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/roster_read.h"
#include "support/roster_case.h"

#define DATA "tests/unit/data/"

#define FAULT(name) (1U << ROSTER_##name)

static void test_real_looking_list(void **state)
{
    (void)state;
    struct reading r = read_path(DATA "roster.xlsx", NULL);
    assert_non_null(r.list);
    assert_int_equal(r.list->sheets_read, 2); /* the sheet with notes is none */

    const struct roster_person *p = at(&r, 0, 9);
    assert_string_equal(p->name, "Nguyễn Văn An");
    assert_string_equal(p->birth_date, "1985-04-30");
    assert_string_equal(p->citizen, "002085001234");
    assert_string_equal(p->phone, "+84912345678");
    assert_int_equal(p->email_count, 1);
    assert_string_equal(p->emails[0], "an.nguyen@hagiang.gov.vn");
    assert_string_equal(p->unit, "HG-SYTE");
    assert_string_equal(p->group, "1");
    assert_int_equal(p->faults, FAULT(LISTED_TWICE));

    p = at(&r, 0, 10);
    assert_string_equal(p->unit, "HG-SYTE"); /* merged cell filled down */
    assert_string_equal(p->group, "1");
    assert_string_equal(p->birth_date, "1990-09-05");
    assert_int_equal(p->email_count, 2);
    assert_string_equal(p->emails[1], "hoa2@gmail.com");
    assert_int_equal(p->faults, 0);

    p = at(&r, 0, 11);
    assert_string_equal(p->name, "Tống Văn Công"); /* neither a total nor a sum */
    assert_string_equal(p->birth_date, "1988");
    assert_int_equal(p->faults, FAULT(EMAIL_MALFORMED));
    assert_int_equal(p->email_count, 0);

    p = at(&r, 0, 12);
    assert_string_equal(p->group, "2");
    assert_string_equal(p->unit, "HG-SYTE");
    assert_int_equal(p->faults, FAULT(EMAIL_MISSING));
    assert_string_equal(p->citizen, "");

    p = at(&r, 0, 13);
    assert_null(p->unit); /* "Huyen Meo Vac" is a guess away */
    assert_string_equal(p->unit_text, "Huyen Meo Vac");
    assert_string_equal(p->suggestions, "Huyện Mèo Vạc");
    assert_int_equal(p->faults, FAULT(UNIT_UNKNOWN) | FAULT(EMAIL_MISSING) | FAULT(CITIZEN_MALFORMED) |
                                    FAULT(PHONE_MALFORMED) | FAULT(BIRTH_DATE_MALFORMED));

    p = at(&r, 0, 14); /* the second row of the first person */
    assert_int_not_equal(p->same_as, SIZE_MAX);
    assert_int_equal(r.list->persons[p->same_as].row, 9);

    p = at(&r, 0, 15);
    assert_string_equal(p->unit, "HG-MEOVAC");
    assert_string_equal(p->group, "3");

    assert_string_equal(skipped(&r, 0, 16), "total");
    assert_string_equal(skipped(&r, 0, 18), "signature");
    assert_string_equal(skipped(&r, 0, 19), "signature");
    assert_string_equal(skipped(&r, 0, 23), "below_signature");
    done(&r);
}

static void test_sections(void **state)
{
    (void)state;
    struct reading r = read_path(DATA "roster.xlsx", NULL);
    const struct roster_person *p = at(&r, 2, 3);
    assert_string_equal(p->name, "Lê Văn Tám");
    assert_string_equal(p->unit, "HG-STP");
    assert_string_equal(p->group, "");
    assert_int_equal(p->audience_count, 1);
    assert_string_equal(p->audiences[0], "cong-chuc");
    p = at(&r, 2, 6);
    assert_string_equal(p->unit, "HG-XINMAN");
    assert_string_equal(p->group, "26");
    assert_int_equal(p->faults, FAULT(EMAIL_SHARED));
    p = at(&r, 2, 8);
    assert_string_equal(p->name, "Sùng Mười");
    assert_string_equal(p->unit, "HG-XINMAN");
    assert_string_equal(p->group, "26");
    assert_int_equal(p->faults, FAULT(EMAIL_SHARED));
    assert_string_equal(skipped(&r, 2, 7), "repeated_header");
    p = at(&r, 2, 10);
    assert_null(p->unit);
    assert_string_equal(p->unit_text, "Huyện Không Có");
    assert_string_equal(skipped(&r, 2, 11), "total");
    assert_int_equal(r.list->person_count, 7 + 4);
    done(&r);
}

static void test_given_unit_rules(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Đơn vị,Email\n"
                                 "1,Lò A,Bệnh viện đa khoa,a@b.vn\n"
                                 "2,Lò B,Huyện Mèo Vạc,b@b.vn\n",
                                 "HG-SYTE");
    assert_string_equal(at(&r, 0, 2)->unit, "HG-SYTE");
    assert_string_equal(at(&r, 0, 3)->unit, "HG-SYTE");
    done(&r);
}

static void test_inviting_body(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Đơn vị mời,Đối tượng,Đơn vị,Email\n"
                                 "1,Lò A,Hội Nông dân,Hội viên nông dân,Huyện Mèo Vạc,a@b.vn\n"
                                 "2,Lò B,,Công chức,Huyện Mèo Vạc,b@b.vn\n"
                                 "3,Lò A,Tỉnh đoàn,Đoàn viên,Huyện Mèo Vạc,a@b.vn\n",
                                 NULL);
    const struct roster_person *p = at(&r, 0, 2);
    assert_string_equal(p->unit, "HG-MEOVAC");
    /* Two bodies list one person: of one of them, whatever the order of the rows, with the audiences of both. */
    assert_string_equal(p->invited_by, "tinh-doan");
    assert_int_equal(p->audience_count, 2);
    assert_string_equal(p->audiences[0], "doan-vien");
    assert_string_equal(p->audiences[1], "hoi-vien-nong-dan");
    assert_string_equal(at(&r, 0, 3)->invited_by, "");
    assert_int_equal(at(&r, 0, 4)->same_as, 0);
    done(&r);
}

static void test_unit_from_letterhead(void **state)
{
    (void)state;
    struct reading r = read_text("UBND TỈNH HÀ GIANG\n"
                                 "Đơn vị: Sở Y tế\n"
                                 "\n"
                                 "STT,Họ và tên,Email\n"
                                 "1,Lò A,a@b.vn\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 5)->unit, "HG-SYTE");
    done(&r);
    /* but what the row itself says is not overruled */
    r = read_text("SỞ Y TẾ\n\nSTT,Họ và tên,Đơn vị\n1,Lò A,Sở Y té\n2,Lò B,\n", NULL);
    assert_null(at(&r, 0, 4)->unit);
    assert_null(at(&r, 0, 5)->unit); /* filled down */
    done(&r);
    /* nobody says anything */
    r = read_text("STT,Họ và tên,Email\n1,Lò A,a@b.vn\n", NULL);
    assert_null(at(&r, 0, 2)->unit);
    assert_string_equal(at(&r, 0, 2)->unit_text, "");
    done(&r);
}

static void test_no_list(void **state)
{
    (void)state;
    struct reading r = read_text("Ghi chú\nKhông phải danh sách\n", NULL);
    assert_null(r.list);
    assert_int_equal(r.err.kind, ERROR_DATA);
    assert_non_null(strstr(r.err.message, "Họ và tên"));
    done(&r);
    r = read_text("STT,Họ và tên,Email\n,,\nTổng cộng,0,\n", NULL);
    assert_null(r.list);
    assert_non_null(strstr(r.err.message, "nobody"));
    done(&r);
}

static void test_odd_rows(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Chức vụ,Email,Số ĐT,Đơn vị\n"
                                 "A,B,C,D,E,F\n"
                                 "1,Lò A,Giám đốc,,,Sở Y tế\n"     /* a title is no signature */
                                 "2,,,x@b.vn,0912345678,Sở Y tế\n" /* nameless */
                                 "3,Cộng Văn B,,,,\n"              /* no sum */
                                 "Cộng hòa,,,,,\n"
                                 "Cộng: 3,,,,,\n"
                                 ",Lò C,,,0912345679,\n" /* goes on below a subtotal */
                                 "4,Lò D,,,,\n"
                                 ",Ghi chú: nộp chậm,,,,\n"
                                 ",Vàng Ký,,,Lò Đóng Dấu,\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 3)->name, "Lò A");
    assert_true(at(&r, 0, 4)->faults & FAULT(NAME_MISSING));
    assert_string_equal(at(&r, 0, 5)->name, "Cộng Văn B");
    assert_string_equal(skipped(&r, 0, 6), "no_person");
    assert_string_equal(skipped(&r, 0, 7), "total");
    assert_string_equal(at(&r, 0, 8)->name, "Lò C");
    assert_string_equal(at(&r, 0, 9)->unit, "HG-SYTE");
    assert_string_equal(skipped(&r, 0, 10), "signature");
    assert_string_equal(skipped(&r, 0, 11), "below_signature");
    assert_int_equal(r.list->person_count, 5);
    done(&r);
}

static void test_name_over_two_columns(void **state)
{
    (void)state;
    struct reading r = read_text("TT,Họ và tên,,Email\n"
                                 "(1),(2),(3),(4)\n"
                                 "1,Nguyễn Văn,An,an@b.vn\n"
                                 "2,Lò Thị,Bé,be@b.vn\n",
                                 "HG-SYTE");
    assert_string_equal(at(&r, 0, 3)->name, "Nguyễn Văn An");
    assert_string_equal(at(&r, 0, 4)->name, "Lò Thị Bé");
    done(&r);
}

static const char merge_rows[][96] = {
    "Vàng A Páo,002085000001,pao@b.vn,,Sở Y tế,1\n",
    "VÀNG A PÁO,,pao@b.vn,0912345678,Sở Y tế,2\n",
    "Vàng A Páo,,,0912345678,Sở y tế,1\n",
    "Vàng A Páo,002085000009,pao@b.vn,,Sở Tư pháp,1\n", /* another unit: another listing */
    "Lý B,002085000002,ly@b.vn,,Sở Y tế,3\n",
    "Lý B,002085000003,ly@b.vn,,Sở Y tế,3\n", /* another citizen number: another person */
    "Lý B,,ly@b.vn,,Sở Y tế,3\n",
    "Hà C,,,,Sở Y tế,4\n",
    "Hà C,,,,Sở Y tế,4\n",
    "Hà D,,,,Sở Y tế,4\n",
};

/* What comes out, without the places of the rows, in a fixed order. */
static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void describe(const struct reading *r, char out[4096])
{
    char lines[ARRAY_LEN(merge_rows)][256];
    size_t count = 0;
    for (size_t i = 0; i < r->list->person_count; i++) {
        const struct roster_person *p = &r->list->persons[i];
        if (p->same_as != SIZE_MAX)
            continue;
        (void)snprintf(lines[count++], sizeof(lines[0]), "%s|%s|%s|%s|%s|%s|%x\n", p->citizen,
                       p->email_count > 0 ? p->emails[0] : "", p->phone, p->unit, p->group,
                       p->birth_date, p->faults);
    }
    qsort(lines, count, sizeof(lines[0]), compare_lines);
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(out + used, 4096 - used, "%s", lines[i]);
}

static void test_twice_is_merged_whatever_the_order(void **state)
{
    (void)state;
    const char *header = "Họ và tên,CCCD,Email,SĐT,Đơn vị,Tổ\n";
    char first[4096] = "", again[4096];
    size_t order[ARRAY_LEN(merge_rows)];
    uint64_t random = 42;
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        order[i] = i;
    for (int round = 0; round < 200; round++) {
        char csv[2048];
        size_t used = (size_t)snprintf(csv, sizeof(csv), "%s", header);
        for (size_t i = 0; i < ARRAY_LEN(order); i++)
            used += (size_t)snprintf(csv + used, sizeof(csv) - used, "%s", merge_rows[order[i]]);
        struct reading r = read_text(csv, NULL);
        describe(&r, again);
        if (round == 0) {
            (void)memcpy(first, again, sizeof(first));
            const struct roster_person *p = at(&r, 0, 2);
            assert_string_equal(p->citizen, "002085000001");
            assert_string_equal(p->phone, "+84912345678");
            assert_true(p->faults & FAULT(LISTED_TWICE));
            assert_false(p->faults & FAULT(EMAIL_MISSING));
            assert_int_equal(at(&r, 0, 3)->same_as, 0);
            assert_int_equal(at(&r, 0, 4)->same_as, 0);
            assert_int_equal(at(&r, 0, 5)->same_as, SIZE_MAX);
            assert_int_equal(at(&r, 0, 6)->same_as, SIZE_MAX);
            assert_int_equal(at(&r, 0, 7)->same_as, SIZE_MAX);
            assert_int_equal(at(&r, 0, 10)->same_as, 7);
            assert_int_equal(at(&r, 0, 11)->same_as, SIZE_MAX);
        }
        assert_string_equal(again, first);
        done(&r);
        for (size_t i = ARRAY_LEN(order) - 1; i > 0; i--) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            size_t k = (size_t)(random >> 33) % (i + 1), swap = order[i];
            order[i] = order[k];
            order[k] = swap;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_looking_list),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_given_unit_rules),
        cmocka_unit_test(test_inviting_body),
        cmocka_unit_test(test_unit_from_letterhead),
        cmocka_unit_test(test_no_list),
        cmocka_unit_test(test_odd_rows),
        cmocka_unit_test(test_name_over_two_columns),
        cmocka_unit_test(test_twice_is_merged_whatever_the_order),
    };
    return cmocka_run_group_tests(tests, roster_case_set_up, roster_case_tear_down);
}
