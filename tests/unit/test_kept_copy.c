/* A kept list without the people who were erased: the others stand where they stood, as what they were. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/file.h"
#include "../../ingest/files/kept_copy.h"
#include "support/roster_case.h"

static char path[] = "/tmp/test_kept_copy_XXXXXX.sheets";

/* Without the people of these rows, NULL-safe texts of what is left. */
static struct reading without(const struct reading *r, const int64_t *rows, size_t count)
{
    bool gone[64] = {false};
    struct error err = {0};
    assert_true(r->list->person_count <= ARRAY_LEN(gone));
    for (size_t i = 0; i < r->list->person_count; i++)
        for (size_t k = 0; k < count; k++)
            gone[i] = gone[i] || r->list->persons[i].row == rows[k];
    assert_true(kept_copy_write(r->book, r->list, gone, path, &err));
    return read_path(path, NULL);
}

static bool says(const char *text)
{
    size_t length;
    char *whole = file_read_whole(path, 1 << 20, &length, NULL);
    assert_non_null(whole);
    bool found = strstr(whole, text) != NULL;
    free(whole);
    return found;
}

static void same_person(const struct reading *before, const struct reading *after, int64_t row)
{
    const struct roster_person *a = at(before, 0, row), *b = at(after, 0, row);
    assert_string_equal(a->content, b->content);
    assert_string_equal(a->own_content, b->own_content);
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->group, b->group);
    assert_string_equal(a->unit != NULL ? a->unit : "", b->unit != NULL ? b->unit : "");
    assert_int_equal(a->faults, b->faults);
}

static void the_others_stay_where_they_stood(void **state)
{
    (void)state;
    struct reading r = read_text("SỞ Y TẾ,,,,\n"
                                 "DANH SÁCH đăng ký,,,,\n"
                                 "STT,Họ và tên,Email,Số CCCD,Tổ\n"
                                 "1,Lò Thị A,a@x.vn,002090000001,Tổ 1\n"
                                 "2,Lò Thị B,sai,002090000002,Tổ 1\n"
                                 "3,\"Lò \"\"Thị\"\" C\",,002090000003,Tổ 2\n",
                                 NULL);
    struct reading left = without(&r, (const int64_t[]){4}, 1);
    assert_int_equal(left.list->person_count, 2);
    same_person(&r, &left, 5);
    same_person(&r, &left, 6);
    assert_false(says("Lò Thị A") || says("a@x.vn") || says("002090000001"));
    /* Cleared again, of somebody else. */
    struct reading last = without(&left, (const int64_t[]){5}, 1);
    assert_int_equal(last.list->person_count, 1);
    same_person(&r, &last, 6);
    assert_false(says("Lò Thị B") || says("Lò Thị A"));
    done(&last);
    done(&left);
    done(&r);
}

/* Unit and group stand once, above merged cells, in the row of who goes. */
static void merged_cells_are_handed_down(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Email,Đơn vị,Tổ\n"
                                 "1,Lò Thị A,a@x.vn,Sở Y tế,Tổ 7\n"
                                 "2,Lò Thị B,b@x.vn,,\n"
                                 "3,Lò Thị C,c@x.vn,,\n"
                                 "4,Lò Thị D,d@x.vn,Sở Tư pháp,Tổ 8\n"
                                 "5,Lò Thị E,e@x.vn,nt,nt\n"
                                 "6,Lò Thị F,f@x.vn,nt,nt\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 4)->unit, "HG-SYTE");
    assert_string_equal(at(&r, 0, 4)->group, "7");
    struct reading left = without(&r, (const int64_t[]){2, 3, 5}, 3);
    assert_int_equal(left.list->person_count, 3);
    for (size_t i = 0; i < 3; i++)
        same_person(&r, &left, (const int64_t[]){4, 6, 7}[i]);
    assert_false(says("Thị A") || says("Thị B") || says("Thị D"));
    done(&left);
    done(&r);
}

static void what_stands_beside_names_nobody_either(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Email,Đơn vị\n"
                                 "1,Lò Thị A,a@x.vn,Sở Y tế\n"
                                 "2,Lò Thị B,b@x.vn,Sở Y tế\n"
                                 "Tổng cộng: 2 người,,,\n"
                                 ",,,Người lập biểu\n"
                                 ",Liên hệ: a@x.vn,,LÒ THỊ A\n"
                                 ",Liên hệ: Lò Thị B,,Giám đốc\n",
                                 NULL);
    struct reading left = without(&r, (const int64_t[]){2}, 1);
    same_person(&r, &left, 3);
    assert_false(says("a@x.vn") || says("LÒ THỊ A") || says("Lò Thị A"));
    assert_true(says("Liên hệ: Lò Thị B") && says("Người lập biểu") && says("Giám đốc"));
    done(&left);
    done(&r);
}

static int tear_down(void **state)
{
    (void)unlink(path);
    return roster_case_tear_down(state);
}

static int set_up(void **state)
{
    int fd = mkstemps(path, (int)strlen(SHEET_KEPT));
    if (fd < 0)
        return -1;
    (void)close(fd);
    return roster_case_set_up(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_others_stay_where_they_stood),
        cmocka_unit_test(merged_cells_are_handed_down),
        cmocka_unit_test(what_stands_beside_names_nobody_either),
    };
    return cmocka_run_group_tests_name("kept copies", tests, set_up, tear_down);
}
