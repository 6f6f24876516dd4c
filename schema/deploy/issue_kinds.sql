-- Deploy mooc_pulse:issue_kinds to pg
-- What each fault of the data is called and what its unit or the operator does about it.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.issue_kinds (
    kind       text COLLATE "C" PRIMARY KEY,
    position   integer NOT NULL UNIQUE,
    for_unit   boolean NOT NULL,
    label_vi   text NOT NULL,
    label_en   text NOT NULL,
    to_do_vi   text NOT NULL,
    to_do_en   text NOT NULL
);
COMMENT ON TABLE pulse.issue_kinds IS 'Kinds of data issues in words; a kind that is not here shows its code';
COMMENT ON COLUMN pulse.issue_kinds.for_unit IS 'True: the unit that sent the list answers it; false: the operator does';

INSERT INTO pulse.issue_kinds (position, kind, for_unit, label_vi, label_en, to_do_vi, to_do_en) VALUES
(10, 'email_malformed', true, 'E-mail sai định dạng', 'Malformed e-mail',
 'Ghi địa chỉ e-mail đúng vào cột “Sửa thành”', 'Write the right e-mail into the column “Sửa thành”'),
(20, 'email_missing', true, 'Không có e-mail', 'No e-mail',
 'Ghi địa chỉ e-mail của người này vào cột “Sửa thành”', 'Write this person''s e-mail into the column “Sửa thành”'),
(30, 'account_under_other_email', true, 'Có thể đã lập tài khoản bằng e-mail khác', 'Perhaps has an account under another e-mail',
 'Hỏi học viên e-mail đã dùng để lập tài khoản, ghi vào cột “Sửa thành”',
 'Ask the learner which e-mail the account was opened with and write it into the column “Sửa thành”'),
(40, 'citizen_malformed', true, 'Số CCCD/CMND sai', 'Malformed citizen number',
 'Ghi đủ 12 số CCCD (hoặc 9 số CMND cũ) vào cột “Sửa thành”', 'Write all 12 digits (or the old 9) into the column “Sửa thành”'),
(50, 'phone_malformed', true, 'Số điện thoại sai', 'Malformed phone number',
 'Ghi số điện thoại đúng vào cột “Sửa thành”', 'Write the right phone number into the column “Sửa thành”'),
(60, 'birth_date_malformed', true, 'Ngày sinh sai', 'Malformed birth date',
 'Sửa ngày sinh trong danh sách gửi lần sau', 'Correct the birth date in the next list'),
(70, 'listed_twice', true, 'Trùng trong danh sách', 'Listed twice',
 'Người này đã được tính một lần; xóa dòng trùng trong danh sách gửi lần sau',
 'The person is counted once; remove the double row from the next list'),
(80, 'listed_in_two_units', true, 'Có tên ở hai đơn vị', 'Listed in two units',
 'Được tính ở đơn vị gửi danh sách sau cùng; hai đơn vị thống nhất và xóa một dòng',
 'Counted where listed last; the two units agree and one removes its row'),
(90, 'identifier_shared', true, 'Nhiều người dùng chung một e-mail, số điện thoại hoặc số CCCD', 'Identifier shared by several people',
 'Ghi e-mail riêng của từng người vào cột “Sửa thành”', 'Write each person''s own e-mail into the column “Sửa thành”'),
(100, 'account_not_on_roster', false, 'Tài khoản không có trong danh sách', 'Account on no list',
 'Tìm đơn vị của tài khoản này, hoặc chờ đơn vị sửa e-mail; không tính vào đơn vị nào',
 'Find the account''s unit, or wait for the unit to correct an e-mail; counted in no unit'),
(110, 'passed_without_learning', true, 'Đạt bài thi nhưng không có hoạt động học', 'Passed without recorded learning',
 'Kiểm tra có nhờ người khác học hộ không; kết quả vẫn được tính', 'Check whether somebody else learned for them; still counted'),
(112, 'passed_too_fast', true, 'Đạt bài thi nhanh hơn thời lượng bài giảng', 'Passed faster than the lectures last',
 'Kiểm tra có nhờ người khác học hộ không; kết quả vẫn được tính', 'Check whether somebody else learned for them; still counted'),
(114, 'unit_split', false, 'Đơn vị đã chia tách, học viên chưa được phân về đơn vị mới', 'Unit was divided, its people are not assigned',
 'Gửi lại danh sách của các đơn vị mới, hoặc ghi một đơn vị kế thừa trong units.csv rồi nạp lại danh mục',
 'Send the lists of the new units, or name one successor in units.csv and load the reference data again'),
(116, 'unit_ended', false, 'Đơn vị đã giải thể hoặc sáp nhập, chưa có đơn vị kế thừa', 'Unit has ended without a successor',
 'Ghi đơn vị kế thừa vào units.csv rồi nạp lại danh mục',
 'Name the successor in units.csv and load the reference data again'),
(118, 'calendar_not_covered', false, 'Lịch làm việc chưa có các ngày này, không tính được hạn hoàn thành', 'The calendar does not cover the deadline',
 'Bổ sung ngày nghỉ của năm đó vào calendar.csv rồi nạp lại danh mục',
 'Add that year''s holidays to calendar.csv and load the reference data again'),
(119, 'staff_unknown', false, 'Chỉ tiêu tính theo biên chế hoặc số thành viên Tổ CNSCĐ nhưng chưa có số liệu', 'Target without the staff count it is a share of',
 'Bổ sung số liệu của đơn vị vào staff.csv rồi nạp lại danh mục',
 'Add the unit''s count to staff.csv and load the reference data again'),
(120, 'other_fault', true, 'Lỗi khác', 'Another fault',
 'Kiểm tra lại dòng này trong danh sách', 'Check this row of the list'),
(200, 'unit_unknown', true, 'Tên đơn vị chưa có trong danh mục', 'Unknown unit',
 'Ghi tên đơn vị đúng vào cột “Sửa thành”, hoặc thêm tên gọi khác vào units.csv rồi nạp lại danh mục',
 'Write the right unit into the column “Sửa thành”, or add the alias to units.csv and load the reference data again'),
(210, 'wave_unknown', false, 'Đợt học chưa được khai báo', 'Unknown wave',
 'Thêm đợt vào waves.csv rồi nạp lại danh mục', 'Add the wave to waves.csv and load the reference data again'),
(220, 'course_unknown', false, 'Khóa học chưa được khai báo', 'Unknown course',
 'Thêm khóa học vào courses.csv rồi nạp lại danh mục',
 'Add the course to courses.csv and load the reference data again'),
(204, 'name_missing', true, 'Dòng không có họ tên', 'Row without a name',
 'Ghi họ tên trong danh sách gửi lần sau', 'Give the name in the next list'),
(214, 'number_malformed', false, 'Ô số liệu không phải là số', 'Figure that is no number',
 'Sửa tệp số liệu tổng rồi nhập lại', 'Correct the file of totals and import it again'),
(216, 'totals_inconsistent', false, 'Số đạt lớn hơn số đăng ký', 'More passed than registered',
 'Hỏi lại nơi công bố số liệu', 'Ask who published the figures'),
(230, 'unreadable_record', false, 'Bản ghi không dùng được', 'Unusable record',
 'Báo cho người quản trị nguồn dữ liệu: nguồn, vị trí và lý do', 'Give source, position and reason to whoever runs the source');

GRANT SELECT ON pulse.issue_kinds TO mooc_writer;

COMMIT;
