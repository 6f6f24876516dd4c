#include "rejected_words.h"

#include <string.h>

/* Of lists, results, attendance and head counts (ingest/files); around what the file itself says. */
static const struct {
    const char *en, *vi;
} phrases[] = {
    {"unit \"", "đơn vị \""},
    {"\" is not known", "\" chưa có trong danh mục"},
    {"; nearest: ", "; gần giống: "},
    {"the row has no name", "dòng không có họ tên"},
    {"no unit is named in the row, a heading or the letterhead",
     "không thấy tên đơn vị trong dòng, trong tiêu đề mục và ở đầu danh sách"},
    {"wave \"", "đợt \""},
    {"\" is not in waves.csv", "\" không có trong waves.csv"},
    {"the row names no wave, and none was said: --wave CODE",
     "dòng không ghi đợt, và cũng không nêu --wave MÃ"},
    {"the row names no unit, and none was said: --unit CODE",
     "dòng không ghi đơn vị, và cũng không nêu --unit MÃ"},
    {"course \"", "khóa học \""},
    {"\" of source ", "\" của nguồn "},
    {" is not in courses.csv", " không có trong courses.csv"},
    {"the row names no course", "dòng không ghi khóa học"},
    {"the row names nobody", "dòng không ghi tên ai"},
    {"the row says no day", "dòng không ghi ngày"},
    {"no class: neither the column \"Lớp\" nor the sheet's name says one",
     "không rõ lớp: cả cột \"Lớp\" lẫn tên trang tính đều không cho biết"},
    {"the required cell \"Tên hoạt động\" is empty", "ô bắt buộc \"Tên hoạt động\" để trống"},
    {"the name of the class is none", "tên lớp không phải là tên"},
    {"the name of the exam is none", "tên bài thi không phải là tên"},
    {"a day's cell says neither present nor absent", "ô của ngày không cho biết có mặt hay vắng"},
    {"the column of attendance says neither yes nor no", "cột có mặt không cho biết có hay không"},
    {"the day is none: write day/month/year", "ngày không đọc được: ghi ngày/tháng/năm"},
    {"the day of the exam is none: write day/month/year",
     "ngày thi không đọc được: ghi ngày/tháng/năm"},
    {"a name alone tells nobody apart: add the unit, e-mail or citizen number",
     "chỉ có họ tên thì không phân biệt được: thêm đơn vị, e-mail hoặc số CCCD"},
    {"a name alone tells nobody apart: add e-mail, citizen number or user name",
     "chỉ có họ tên thì không phân biệt được: thêm e-mail, số CCCD hoặc tên đăng nhập"},
    {"a count is no whole number", "số lượt không phải là số nguyên"},
    {"no e-mail, citizen number or phone of the row can be one",
     "e-mail, số CCCD, số điện thoại của dòng đều không đúng dạng"},
    {"\" is no score", "\" không phải là điểm"},
    {"the highest score possible is no number above 0", "điểm tối đa không phải là số lớn hơn 0"},
    {"the score is above the highest one possible", "điểm lớn hơn điểm tối đa"},
    {"the column of passed or not says neither \"Đạt\" nor \"Không đạt\"",
     "cột kết quả không ghi \"Đạt\" hay \"Không đạt\""},
    {"a score without the highest one possible says nothing: add the column \"Điểm tối đa\"",
     "có điểm mà thiếu điểm tối đa thì không biết được: thêm cột \"Điểm tối đa\""},
    {"\" is not the final exam that courses.csv names: \"",
     "\" không phải là bài thi cuối khóa ghi trong courses.csv: \""},
    {"the number of the attempt is none", "lần thi không đọc được"},
};

void rejected_add_detail(const char *detail, bool vietnamese, struct text_buffer *out)
{
    while (vietnamese && *detail != '\0') {
        size_t i = 0, length = 0;
        while (i < ARRAY_LEN(phrases) &&
               strncmp(detail, phrases[i].en, length = strlen(phrases[i].en)) != 0)
            i++;
        if (i < ARRAY_LEN(phrases)) {
            text_buffer_add_text(out, phrases[i].vi);
            detail += length;
        } else {
            text_buffer_add(out, detail++, 1);
        }
    }
    text_buffer_add_text(out, detail);
}
