#include "finding_words.h"

#include <string.h>

static const struct finding {
    const char *code, *name_vi, *to_do_vi, *to_do_en;
} findings[] = {
    {"email_malformed", "e-mail sai định dạng",
     "ghi e-mail đúng vào biểu sửa (mooc-aggregator issues --export)",
     "send the right e-mail as a correction (mooc-aggregator issues --export)"},
    {"email_missing", "không có e-mail", "ghi e-mail vào biểu sửa (mooc-aggregator issues --export)",
     "send the e-mail as a correction (mooc-aggregator issues --export)"},
    {"email_shared", "nhiều người chung một e-mail",
     "được tính là nhiều người; ghi e-mail riêng của từng người vào biểu sửa",
     "counted as several people; send each one's own e-mail as a correction"},
    {"citizen_malformed", "số CCCD/CMND sai", "ghi đủ 12 số CCCD (hoặc 9 số CMND cũ) vào biểu sửa",
     "send the number (12 digits, or the old 9) as a correction"},
    {"phone_malformed", "số điện thoại sai", "ghi số điện thoại đúng vào biểu sửa",
     "send the right number as a correction"},
    {"birth_date_malformed", "ngày sinh sai", "sửa ngày sinh trong danh sách gửi lần sau",
     "put the date right in the next list"},
    {"listed_twice", "trùng trong danh sách",
     "được tính một lần; xóa dòng trùng trong danh sách gửi lần sau",
     "counted once; remove the double row from the next list"},
    {"course_unknown", "khóa học chưa được khai báo",
     "chưa nhận: thêm khóa học của nguồn này vào courses.csv (sau đó dòng này tự được nhận)",
     "not taken: add the course of this source to courses.csv (the row is then taken by itself)"},
    {"course_missing", "dòng không ghi khóa học", "chưa nhận: ghi khóa học vào dòng",
     "not taken: name the course in the row"},
    {"unit_missing", "dòng không ghi đơn vị",
     "chưa nhận: ghi đơn vị vào dòng, hoặc nạp lại với --unit",
     "not taken: name the unit in the row, or import again with --unit"},
    {"wave_missing", "dòng không ghi đợt", "chưa nhận: ghi đợt vào dòng, hoặc nạp lại với --wave",
     "not taken: name the wave in the row, or import again with --wave"},
    {"class_missing", "dòng không ghi lớp", "chưa nhận: ghi lớp vào dòng hoặc vào tên trang tính",
     "not taken: name the class in the row or in the sheet's name"},
    {"activity_missing", "ô \"Tên hoạt động\" để trống",
     "chưa nhận: ghi tên hoạt động vào dòng (ô trống chỉ theo dòng trên khi được gộp với ô đó) rồi "
     "gửi lại biểu",
     "not taken: name the activity in the row (an empty cell says what the one above says only "
     "where "
     "the two are merged), and send the form again"},
    {"class_malformed", "tên lớp không đúng",
     "chưa nhận: tên lớp là một con số hoặc địa chỉ; có nhầm cột không?",
     "not taken: the class is a number or an address; are columns swapped?"},
    {"exam_malformed", "tên bài thi không đúng",
     "chưa nhận: tên bài thi là một con số hoặc địa chỉ; có nhầm cột không?",
     "not taken: the exam is a number or an address; are columns swapped?"},
    {"exam_other", "không phải bài thi cuối khóa",
     "chưa nhận: courses.csv (cột exam) ghi bài thi khác; nếu đây là bài thi cuối khóa thì sửa ở "
     "đó "
     "(sau đó dòng này tự được nhận)",
     "not taken: courses.csv (column exam) names another one; if this is the final exam, put it "
     "right there (the row is then taken by itself)"},
    {"score_malformed", "điểm không đọc được", "chưa nhận: ghi điểm dạng 8,5 hoặc 17/20",
     "not taken: write the score as 8,5 or 17/20"},
    {"score_inconsistent", "điểm lớn hơn điểm tối đa", "chưa nhận: sửa điểm và điểm tối đa",
     "not taken: put score and highest score right"},
    {"max_score_missing", "thiếu điểm tối đa", "chưa nhận: thêm cột \"Điểm tối đa\" hoặc \"Kết quả\"",
     "not taken: add the column \"Điểm tối đa\" or \"Kết quả\""},
    {"passed_malformed", "kết quả không đọc được", "chưa nhận: ghi Đạt, Không đạt hoặc Vắng",
     "not taken: write Đạt, Không đạt or Vắng"},
    {"present_malformed", "ô có mặt không đọc được", "chưa nhận: ghi x là có mặt, v là vắng",
     "not taken: write x for present, v for absent"},
    {"attempt_malformed", "lần thi không đọc được", "chưa nhận: ghi lần thi là 1, 2 …",
     "not taken: write the attempt as 1, 2 …"},
    {"date_malformed", "ngày không đọc được", "chưa nhận: ghi ngày dạng ngày/tháng/năm",
     "not taken: write the day as day/month/year"},
    {"day_missing", "dòng không ghi ngày", "chưa nhận: ghi ngày vào dòng, hoặc ghi các ngày ở đầu cột",
     "not taken: name the day in the row or head columns with days"},
    {"identifier_malformed", "e-mail, số CCCD hoặc số điện thoại sai",
     "chưa nhận: sửa e-mail, số CCCD hoặc số điện thoại",
     "not taken: put e-mail, citizen number or phone right"},
    {"identifier_missing", "không có e-mail, số CCCD, số điện thoại",
     "chưa nhận: chỉ có họ tên thì không phân biệt được; ghi thêm một trong các số này",
     "not taken: a name alone tells nobody apart; add an identifier"},
    {"unit_unknown", "tên đơn vị chưa có trong danh mục",
     "chưa tính: ghi tên đơn vị vào biểu sửa, hoặc thêm tên gọi khác vào units.csv (sau đó dòng "
     "này tự được nhận), hoặc nạp lại với --unit",
     "not counted yet: send the unit's name as a correction, or add the alias to units.csv (the "
     "row is then taken by itself), or import again with --unit"},
    {"name_missing", "dòng không có họ tên", "chưa tính: ghi họ tên rồi gửi lại danh sách",
     "not counted: give the name and send the list again"},
    {"wave_unknown", "đợt chưa được khai báo",
     "chưa nhận: thêm đợt vào waves.csv (sau đó dòng này tự được nhận)",
     "not taken yet: add the wave to waves.csv (the row is then taken by itself)"},
    {"number_malformed", "ô số liệu không phải là số", "chưa nhận: sửa số liệu rồi nạp lại tệp",
     "not taken: put the figure right and import the file again"},
    {"count_malformed", "số lượt không phải là số nguyên", "chưa nhận: sửa số lượt rồi gửi lại biểu",
     "not taken: put the count right and send the form again"},
    {"totals_inconsistent", "số đạt lớn hơn số đăng ký", "chưa nhận: hỏi lại nơi công bố số liệu",
     "not taken: more passed than registered; ask who published them"},
    {"not_filled_in", "chưa điền", "điền cột \"Sửa thành\" ở những dòng đã biết câu trả lời",
     "fill in the column \"Sửa thành\" where an answer is known"},
    {"fault_unknown", "mã lỗi không có", "giữ nguyên các mã ở cột \"Lỗi\" như khi xuất ra",
     "leave the codes of the column \"Lỗi\" as they were exported"},
    {"row_malformed", "số dòng không đọc được", "giữ nguyên các số ở cột \"Dòng\" như khi xuất ra",
     "leave the numbers of the column \"Dòng\" as they were exported"},
    {"value_malformed", "nội dung sửa không đúng dạng",
     "cột \"Sửa thành\" không phải là e-mail, số hoặc đơn vị hợp lệ",
     "the column \"Sửa thành\" holds no such e-mail, number or unit"},
    {"file_missing", "không ghi tên tệp", "giữ nguyên cột \"File\" như khi xuất ra",
     "leave the column \"File\" as it was exported"},
    {"file_not_kept", "không còn giữ tệp này",
     "gần đây không có danh sách nào tên đó được nạp: nạp lại danh sách rồi sửa",
     "no list of that name was imported lately: import it again, then correct"},
    {"row_not_found", "không có dòng này",
     "danh sách đó không có ai ở dòng này: xem lại trang tính và số dòng",
     "that list has nobody in that row: look at sheet and row"},
    {"row_gone", "người này đã rời danh sách",
     "danh sách gửi sau không còn người này: không có gì để sửa",
     "a later list no longer has that person: nothing to correct"},
    {"no_identifier", "dòng không có gì để nối",
     "dòng không có e-mail, số nào để nối: sửa như lỗi email_missing",
     "the row has nothing to link to: correct it as email_missing"},
    {"email_of_other", "e-mail là của người khác",
     "địa chỉ e-mail này đã có ở dòng của người khác: ghi e-mail của chính người này",
     "this e-mail address is already another person's: send this person's own"},
    {"same_email", "e-mail như cũ", "đó đã là e-mail của chính dòng này",
     "that is the row's own address already"},
    {"total", "dòng tổng cộng", NULL, NULL},
    {"signature", "phần ký", NULL, NULL},
    {"below_signature", "dưới phần ký", NULL, NULL},
    {"no_person", "không phải một người", NULL, NULL},
    {"no_record", "không phải dòng dữ liệu", NULL, NULL},
    {"repeated_header", "tiêu đề lặp lại", NULL, NULL},
    {"wave_counted", "đợt được tính từ từng người", NULL, NULL},
};

static const struct finding *find(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
        if (strcmp(findings[i].code, code) == 0)
            return &findings[i];
    }
    return NULL;
}

const char *finding_name(const struct teller *to, const char *code)
{
    const struct finding *f = find(code);
    return to->vietnamese && f != NULL ? f->name_vi : code;
}

const char *finding_to_do(const struct teller *to, const char *kind, const char *code)
{
    const struct finding *f = find(code);
    if (strcmp(kind, "correction") == 0 && strcmp(code, "unit_unknown") == 0)
        return TELL(to, "ghi mã đơn vị hoặc tên như trong units.csv",
                    "write the unit's code or its name as in units.csv");
    return f != NULL ? TELL(to, f->to_do_vi, f->to_do_en) : NULL;
}

const char *finding_kind(const struct teller *to, const char *kind)
{
    if (!to->vietnamese)
        return kind;
    return strcmp(kind, "fault") == 0 ? "lỗi" : strcmp(kind, "skipped") == 0 ? "bỏ qua" : "chỗ sửa";
}
