-- Deploy mooc_pulse:file_issue_kinds to pg
-- Rejected rows of results, attendance and head counts in words.
BEGIN;
SET LOCAL ROLE mooc_owner;

INSERT INTO pulse.issue_kinds (position, kind, for_unit, label_vi, label_en, to_do_vi, to_do_en) VALUES
(300, 'identifier_malformed', false, 'E-mail, số CCCD, số điện thoại đều sai', 'E-mail, citizen number and phone are malformed',
 'Sửa e-mail, số CCCD hoặc số điện thoại rồi gửi lại tệp', 'Correct e-mail, citizen number or phone and send the file again'),
(310, 'identifier_missing', false, 'Chỉ có tên, không phân biệt được người', 'Only a name, which tells nobody apart',
 'Bổ sung e-mail, số CCCD hoặc tài khoản rồi gửi lại tệp', 'Add e-mail, citizen number or user name and send the file again'),
(320, 'course_missing', false, 'Dòng không có mã khóa học', 'Row without a course',
 'Ghi mã khóa học rồi gửi lại tệp', 'Name the course and send the file again'),
(330, 'unit_missing', false, 'Dòng không có đơn vị', 'Row without a unit',
 'Ghi tên đơn vị rồi gửi lại tệp', 'Name the unit and send the file again'),
(340, 'wave_missing', false, 'Dòng không có đợt', 'Row without a wave',
 'Ghi mã đợt rồi gửi lại tệp', 'Name the wave and send the file again'),
(350, 'class_missing', false, 'Dòng không có lớp', 'Row without a class',
 'Ghi tên lớp rồi gửi lại tệp', 'Name the class and send the file again'),
(360, 'class_malformed', false, 'Ô lớp không phải tên lớp', 'Not the name of a class',
 'Kiểm tra các cột có bị lệch không', 'Look whether the columns have slipped'),
(370, 'exam_malformed', false, 'Ô bài thi không phải tên bài thi', 'Not the name of an exam',
 'Kiểm tra các cột có bị lệch không', 'Look whether the columns have slipped'),
(375, 'exam_other', false, 'Không phải bài thi cuối khóa đã khai báo', 'Not the final exam that was declared',
 'Chỉ gửi kết quả bài thi cuối khóa; hoặc sửa cột exam của courses.csv', 'Send results of the final exam only; or correct column exam of courses.csv'),
(380, 'score_malformed', false, 'Điểm sai định dạng', 'Malformed score',
 'Ghi điểm dạng 8,5 hoặc 17/20 rồi gửi lại tệp', 'Write the score as 8,5 or 17/20 and send the file again'),
(390, 'score_inconsistent', false, 'Điểm lớn hơn điểm tối đa', 'Score above the highest one possible',
 'Sửa điểm hoặc điểm tối đa rồi gửi lại tệp', 'Correct the score or the highest one and send the file again'),
(400, 'max_score_missing', false, 'Có điểm nhưng không có điểm tối đa', 'Score without the highest one possible',
 'Thêm cột “Điểm tối đa” hoặc “Kết quả” rồi gửi lại tệp', 'Add the column “Điểm tối đa” or “Kết quả” and send the file again'),
(410, 'passed_malformed', false, 'Ô kết quả không rõ', 'Unclear result',
 'Ghi Đạt, Không đạt hoặc Vắng rồi gửi lại tệp', 'Write Đạt, Không đạt or Vắng and send the file again'),
(420, 'present_malformed', false, 'Ô điểm danh không rõ', 'Unclear attendance',
 'Ghi x (có mặt) hoặc v (vắng) rồi gửi lại tệp', 'Write x (present) or v (absent) and send the file again'),
(430, 'attempt_malformed', false, 'Lần thi sai', 'Malformed attempt',
 'Ghi lần thi là 1, 2 … rồi gửi lại tệp', 'Write the attempt as 1, 2 … and send the file again'),
(440, 'date_malformed', false, 'Ngày sai định dạng', 'Malformed day',
 'Ghi ngày/tháng/năm rồi gửi lại tệp', 'Write day/month/year and send the file again'),
(450, 'day_missing', false, 'Dòng không có ngày học', 'Row without a day',
 'Ghi ngày học rồi gửi lại tệp', 'Name the day and send the file again'),
(460, 'activity_missing', false, 'Ô “Tên hoạt động” để trống', 'Row without an activity',
 'Ghi tên hoạt động vào dòng rồi gửi lại biểu', 'Name the activity in the row and send the form again'),
(470, 'count_malformed', false, 'Số lượt không phải là số nguyên', 'Count that is no whole number',
 'Sửa số lượt trong biểu rồi gửi lại', 'Put the count right in the form and send it again');

COMMIT;
