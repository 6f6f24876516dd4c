/* The columns of each kind's template, in the order in which they stand there. */
#include "table_columns.h"

#define PERSON                                                                                     \
    {TABLE_NAME, true, true, CHOICE_NONE, "Họ và tên", "Nguyễn Văn An", "Họ và tên đầy đủ"},       \
        {TABLE_BIRTH, false, true, CHOICE_NONE, "Ngày sinh", "30/04/1985", "Ngày/tháng/năm"},      \
        {TABLE_CITIZEN,                                                                            \
         false,                                                                                    \
         true,                                                                                     \
         CHOICE_NONE,                                                                              \
         "Số CCCD",                                                                                \
         "012345678901",                                                                           \
         "12 chữ số; cột này là dạng chữ, số 0 ở đầu được giữ nguyên"},                            \
        {TABLE_EMAIL,                                                                              \
         false,                                                                                    \
         true,                                                                                     \
         CHOICE_NONE,                                                                              \
         "Email",                                                                                  \
         "an.nguyen@example.vn",                                                                   \
         "Email mà người đó dùng để mở tài khoản học"},                                            \
    {                                                                                              \
        TABLE_PHONE, false, true, CHOICE_NONE, "Điện thoại", "0912345678", "Số di động"       \
    }

#define UNIT                                                                                       \
    {                                                                                              \
        TABLE_UNIT, false, true, CHOICE_UNITS, "Đơn vị", "",                                       \
            "Tên đơn vị như trong danh mục; chọn từ danh sách"                        \
    }

#define END                                                                                        \
    {                                                                                              \
        TABLE_NO_FIELD, false, false, CHOICE_NONE, NULL, NULL, NULL                                \
    }

static const struct table_column roster[] = {
    {TABLE_NUMBER, false, false, CHOICE_NONE, "STT", "1", "Số thứ tự, không bắt buộc"},
    PERSON,
    UNIT,
    {TABLE_GROUP, false, true, CHOICE_NONE, "Tổ", "1", "Số của tổ học tập"},
    {TABLE_AUDIENCE, false, true, CHOICE_NONE, "Đối tượng", "Cán bộ; Viên chức",
     "Một hoặc nhiều đối tượng, cách nhau bằng dấu chấm phẩy"},
    {TABLE_NO_FIELD, false, true, CHOICE_NONE, "Đơn vị mời", "Hội Nông dân tỉnh",
     "Cơ quan, tổ chức đã mời người này tham gia"},
    END};

static const struct table_column totals[] = {
    {TABLE_WAVE, true, true, CHOICE_WAVES, "Đợt", "", "Mã của đợt chỉ có số liệu tổng"},
    {TABLE_REGISTERED, true, false, CHOICE_NONE, "Số đăng ký", "12345", "Số người đăng ký"},
    {TABLE_PASSED, false, false, CHOICE_NONE, "Số đạt", "",
     "Số người đạt; để trống khi chưa có kết quả (trống không phải là 0)"},
    END};

static const struct table_column results[] = {
    {TABLE_NUMBER, false, false, CHOICE_NONE, "STT", "1", "Số thứ tự, không bắt buộc"},
    PERSON,
    {TABLE_ACCOUNT, false, true, CHOICE_NONE, "Tài khoản", "an.nguyen",
     "Tên đăng nhập trên nền tảng, nếu biết"},
    {TABLE_COURSE, true, true, CHOICE_COURSES, "Mã khóa học", "", "Mã khóa học như trong courses.csv"},
    {TABLE_EXAM, false, true, CHOICE_NONE, "Bài thi", "Thi cuối khóa",
     "Tên hoặc mã bài thi; để trống: kết quả của cả khóa"},
    {TABLE_ATTEMPT, false, false, CHOICE_NONE, "Lần thi", "1", "Thi lần thứ mấy"},
    {TABLE_SCORE, false, true, CHOICE_NONE, "Điểm", "17", "Điểm đạt được, ví dụ 8,5 hoặc 17/20"},
    {TABLE_MAX_SCORE, false, true, CHOICE_NONE, "Điểm tối đa", "20", "Điểm cao nhất có thể"},
    {TABLE_PASSED, false, true, CHOICE_YES_NO, "Kết quả", "Đạt",
     "Đạt hoặc Không đạt; Vắng: không thi"},
    {TABLE_DATE, false, true, CHOICE_NONE, "Ngày thi", "28/09/2023",
     "Ngày/tháng/năm, có thể thêm giờ"},
    END};

static const struct table_column attendance[] = {
    {TABLE_NUMBER, false, false, CHOICE_NONE, "STT", "1", "Số thứ tự, không bắt buộc"},
    PERSON,
    UNIT,
    {TABLE_CLASS, true, true, CHOICE_NONE, "Lớp", "Lớp 1",
     "Tên lớp; để trống cả cột: mỗi trang tính là một lớp"},
    {TABLE_DATE, true, true, CHOICE_NONE, "Ngày học",
     "20/06/2023", "Mỗi người mỗi ngày một dòng; hoặc thay cột này bằng các cột có tiêu đề là ngày và đánh dấu x"},
    {TABLE_PRESENT, false, true, CHOICE_NONE, "Có mặt", "x",
     "x: có mặt; v: vắng; bỏ cột này: ai có tên là có mặt"},
    END};

static const struct table_column headcount[] = {
    {TABLE_NUMBER, false, false, CHOICE_NONE, "STT", "1", "Số thứ tự, không bắt buộc"},
    {TABLE_WAVE, false, true, CHOICE_WAVES, "Đợt", "", "Mã đợt; để trống nếu nói khi nhập tệp"},
    UNIT,
    {TABLE_CLASS, true, true, CHOICE_NONE, "Tên hoạt động",
     "Ví dụ: tập huấn chuyển đổi số trên địa bàn xã",
     "Hoạt động hoặc lớp; biểu gửi lại thay biểu trước của cùng đơn vị, đợt và hoạt động"},
    {TABLE_DATE, false, true, CHOICE_NONE, "Ngày", "21/09/2023", "Ngày tổ chức, nếu có"},
    {TABLE_MARK, false, false, CHOICE_NONE, "Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn",
     "29", "Lượt cán bộ, công chức, người hoạt động không chuyên trách (lượt, không phải số người)"},
    {TABLE_MARK, false, false, CHOICE_NONE, "Số lượng thành viên Tổ CNSCĐ được hướng dẫn, tập huấn",
     "19", "Lượt thành viên Tổ công nghệ số cộng đồng"},
    {TABLE_MARK, false, false, CHOICE_NONE, "Số lượng người dân được tập huấn, hướng dẫn", "2400",
     "Lượt người dân"},
    END};

const struct table_column *table_columns(enum files_kind kind)
{
    static const struct table_column *const all[FILES_KINDS] = {[FILES_ROSTER] = roster,
                                                                [FILES_TOTALS] = totals,
                                                                [FILES_RESULTS] = results,
                                                                [FILES_ATTENDANCE] = attendance,
                                                                [FILES_HEADCOUNT] = headcount};
    return all[kind];
}
