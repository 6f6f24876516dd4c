#include "words.h"

#include <string.h>

struct word {
    const char *code, *vi, *en;
};

static const struct word levels[] = {
    {"all", "Mọi khóa", "All trainings"},
    {"training", "Khóa", "Training"},
    {"wave", "Đợt", "Wave"},
    {"unit", "Đơn vị", "Unit"},
    {"cell wave", "Từng ô theo đợt", "Cells by wave"},
    {"cell training", "Từng ô theo khóa", "Cells by training"},
    {"cell year", "Từng ô theo năm", "Cells by year"},
    {"cell platform", "Từng ô theo nền tảng", "Cells by platform"},
    {"cell course", "Từng ô theo khóa học trên nền tảng", "Cells by course"},
    {"cell audience", "Từng ô theo đối tượng", "Cells by audience"},
    {"cell inviter", "Từng ô theo nơi mời", "Cells by inviting body"},
    {"day all", "Từng ngày, mọi khóa", "Days, all trainings"},
    {"day training", "Từng ngày theo khóa", "Days by training"},
    {"issues", "Lỗi dữ liệu", "Data issues"},
    {"deadlines", "Thời hạn", "Deadlines"},
    {"five minutes", "Hoạt động theo 5 phút", "Activity by five minutes"},
    {"totals", "Số tổng được công bố", "Published totals"},
    {"headcounts", "Lượt người tham gia", "Head counts"},
    {"marks", "Mốc đọc hết của nguồn", "Marks of complete reading"},
    {"dead_letters", "Bản ghi bị loại", "Rejected records"},
    {"unmapped", "Mã chưa có trong danh mục", "Codes that the reference data lacks"},
    {"states", "Dữ kiện của người học", "Facts of people"},
    {"members", "Ai là cùng một người", "Who is one person"},
    {"carriers", "Ai mang định danh nào", "Who carries which identifier"},
};

static const struct word measures[] = {
    {"planned", "Kế hoạch", "Planned"},
    {"registered", "Đăng ký", "Registered"},
    {"accounts", "Đã lập tài khoản", "Accounts"},
    {"activated", "Đã kích hoạt", "Activated"},
    {"enrolled", "Đã vào khóa học", "Enrolled"},
    {"participated", "Tham gia học", "Participated"},
    {"completed", "Hoàn thành", "Completed"},
    {"sat", "Dự thi", "Sat"},
    {"passed", "Đạt", "Passed"},
    {"failed", "Thi không đạt", "Failed"},
    {"certified", "Được cấp chứng nhận", "Certified"},
    {"not_registered", "Ngoài danh sách", "Not registered"},
    {"first_time", "Lần đầu", "First time"},
    {"passed_first", "Đạt ngay lần đầu", "Passed at first"},
    {"scored", "Có điểm", "Scored"},
    {"attendances", "Lượt người", "Attendances"},
    {"attempts", "Lượt thi", "Attempts"},
    {"attempts_passed", "Lượt thi đạt", "Attempts passed"},
    {"score_sum", "Tổng điểm", "Sum of scores"},
    {"active", "Người học trong ngày", "Active"},
    {"change_7", "Thay đổi số người học 7 ngày", "Change of active, 7 days"},
    {"change_30", "Thay đổi số người học 30 ngày", "Change of active, 30 days"},
    {"new_participants", "Người học mới", "New participants"},
    {"exams_sat", "Lượt thi", "Exams sat"},
    {"exams_passed", "Lượt thi đạt", "Exams passed"},
    {"newly_passed", "Người mới đạt", "Newly passed"},
    {"facts", "Số dữ kiện", "Facts"},
    {"learners", "Học viên", "Learners"},
    {"rows only in one", "Dòng chỉ có ở một bên", "Rows only in one of them"},
};

static const struct word types[] = {
    {"roster.listed", "Có tên trong danh sách", "Listed"},
    {"roster.removed", "Bỏ khỏi danh sách", "Removed from the list"},
    {"account.created", "Lập tài khoản", "Account created"},
    {"account.activated", "Kích hoạt tài khoản", "Account activated"},
    {"account.closed", "Đóng tài khoản", "Account closed"},
    {"identity.linked", "Ghép hai định danh", "Identifiers linked"},
    {"identity.unlinked", "Tách hai định danh", "Identifiers unlinked"},
    {"enrollment.created", "Ghi danh", "Enrolled"},
    {"enrollment.cancelled", "Hủy ghi danh", "Enrolment cancelled"},
    {"learning.progressed", "Hoạt động học", "Learning activity"},
    {"learning.withdrawn", "Rút hoạt động học", "Activity withdrawn"},
    {"exam.graded", "Kết quả thi", "Exam graded"},
    {"exam.annulled", "Hủy kết quả thi", "Attempt annulled"},
    {"certificate.issued", "Cấp chứng nhận", "Certificate issued"},
    {"certificate.revoked", "Thu hồi chứng nhận", "Certificate revoked"},
    {"attendance.recorded", "Điểm danh", "Attendance"},
    {"attendance.withdrawn", "Rút điểm danh", "Attendance withdrawn"},
    {"totals.published", "Công bố số tổng", "Totals published"},
    {"totals.withdrawn", "Rút số tổng", "Totals withdrawn"},
    {"import.revoked", "Rút lần nạp danh sách", "List taken back"},
    {"learner.erased", "Xóa dữ liệu của người học", "Learner erased"},
};

static const char *find(const struct word *words, size_t count, const char *code,
                        enum language language)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].code, code) == 0)
            return language == LANGUAGE_VI ? words[i].vi : words[i].en;
    return code;
}

const char *words_of_level(const char *code, enum language language)
{
    return find(levels, ARRAY_LEN(levels), code, language);
}

const char *words_of_measure(const char *code, enum language language)
{
    return find(measures, ARRAY_LEN(measures), code, language);
}

const char *words_of_type(const char *code, enum language language)
{
    return find(types, ARRAY_LEN(types), code, language);
}
