/* The message to a study group's chat: its figures as an office writes them, what is left to do, nothing where nothing is known. */
#include "cmocka_all.h"

#include "../../aggregator/pack/message.h"

static void says(const struct group_standing *standing, enum language language, const char *expected)
{
    struct text_buffer text = {0};
    message_add(standing, language, &text);
    assert_string_equal(text.data, expected);
    text_buffer_free(&text);
}

static void says_what_is_left(void **state)
{
    (void)state;
    struct group_standing s = {"Sở Y tế", "Đợt 1", "17", false, "17:00 02/10/2023", 18, 15, 12, 10};
    says(&s, LANGUAGE_VI,
         "Tổ 17 – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 12/18 (66,7%), đạt 10/18 "
         "(55,6%). "
         "Còn 6 người chưa tham gia học, trong đó 3 người chưa có tài khoản; đề nghị sớm tham gia "
         "và "
         "hoàn thành khóa học.\n");
    says(&s, LANGUAGE_EN,
         "Group 17 – Sở Y tế (Đợt 1), as of 17:00 02/10/2023: took part 12/18 (66.7%), passed "
         "10/18 (55.6%). "
         "6 have not taken part yet, of them 3 have no account; please go on soon.\n");
    s.participated = 17;
    s.accounts = 17;
    says(&s, LANGUAGE_EN,
         "Group 17 – Sở Y tế (Đợt 1), as of 17:00 02/10/2023: took part 17/18 (94.4%), passed "
         "10/18 (55.6%). "
         "1 has not taken part yet, for want of an account; please go on soon.\n");
    says(
        &s, LANGUAGE_VI,
        "Tổ 17 – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 17/18 (94,4%), đạt 10/18 "
        "(55,6%). Còn 1 người chưa tham gia học vì chưa có tài khoản; đề nghị sớm tham gia và hoàn "
        "thành khóa học.\n");
    s.participated = s.accounts = s.passed = 0;
    says(
        &s, LANGUAGE_VI,
        "Tổ 17 – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 0/18 (0%), đạt 0/18 (0%). Còn "
        "18 người chưa tham gia học, đều chưa có tài khoản; đề nghị sớm tham gia và hoàn thành "
        "khóa "
        "học.\n");
    s.passed = 10;
    s.participated = 12;
    s.accounts = 18;
    s.group = "Tổ chuyên viên";
    says(&s, LANGUAGE_VI,
         "Tổ chuyên viên – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 12/18 (66,7%), đạt "
         "10/18 (55,6%). "
         "Còn 6 người chưa tham gia học; đề nghị sớm tham gia và hoàn thành khóa học.\n");
}

static void thanks_when_all_take_part(void **state)
{
    (void)state;
    const struct group_standing s = {"Sở Y tế", "Đợt 1", "",   false, "17:00 02/10/2023",
                                     1800,      1800,    1800, -1};
    says(&s, LANGUAGE_VI,
         "Người chưa xếp Tổ – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 1.800/1.800 "
         "(100%). "
         "Tất cả đã tham gia học, xin cảm ơn.\n");
}

/* Of a unit without groups "people in no group" would read as somebody forgotten. */
static void a_unit_without_groups_is_called_by_its_name(void **state)
{
    (void)state;
    struct group_standing s = {"Sở Y tế", "Đợt 1", "", true, "17:00 02/10/2023", 18, 18, 12, 10};
    says(&s, LANGUAGE_VI,
         "Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 12/18 (66,7%), đạt 10/18 (55,6%). "
         "Còn 6 người chưa tham gia học; đề nghị sớm tham gia và hoàn thành khóa học.\n");
    s.undivided = false;
    s.participated = 18;
    s.group = "2";
    says(&s, LANGUAGE_VI,
         "Tổ 2 – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: tham gia học 18/18 (100%), đạt 10/18 "
         "(55,6%). Cả Tổ đã tham gia học, xin cảm ơn.\n");
}

static void guesses_nothing(void **state)
{
    (void)state;
    const struct group_standing s = {"Sở Y tế", "Đợt 1", "3", false, "17:00 02/10/2023",
                                     20,        -1,      -1,  -1};
    says(&s,
         LANGUAGE_VI, "Tổ 3 – Sở Y tế (Đợt 1), đến 17:00 02/10/2023: 20 người đăng ký; chưa có số liệu học tập.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_left),
        cmocka_unit_test(thanks_when_all_take_part),
        cmocka_unit_test(a_unit_without_groups_is_called_by_its_name),
        cmocka_unit_test(guesses_nothing),
    };
    return cmocka_run_group_tests_name("pack_message", tests, NULL, NULL);
}
