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

-- What the event of a rejected row says of it is English, for it is kept and compared. These are its phrases, around what the file
-- itself says; those of common/rejected_words.c are the same.
CREATE TABLE pulse.detail_words (
    position   integer PRIMARY KEY,
    en         text NOT NULL UNIQUE,
    vi         text NOT NULL
);
COMMENT ON TABLE pulse.detail_words IS 'Phrases of the details of data issues in both languages';

INSERT INTO pulse.detail_words (position, en, vi) VALUES
(10, 'unit "', 'đơn vị "'),
(20, '" is not known', '" chưa có trong danh mục'),
(30, '; nearest: ', '; gần giống: '),
(40, 'the row has no name', 'dòng không có họ tên'),
(50, 'no unit is named in the row, a heading or the letterhead',
 'không thấy tên đơn vị trong dòng, trong tiêu đề mục và ở đầu danh sách'),
(60, 'wave "', 'đợt "'),
(70, '" is not in waves.csv', '" không có trong waves.csv'),
(80, 'the row names no wave, and none was said: --wave CODE', 'dòng không ghi đợt, và cũng không nêu --wave MÃ'),
(90, 'the row names no unit, and none was said: --unit CODE', 'dòng không ghi đơn vị, và cũng không nêu --unit MÃ'),
(100, 'course "', 'khóa học "'),
(110, '" of source ', '" của nguồn '),
(120, ' is not in courses.csv', ' không có trong courses.csv'),
(130, 'the row names no course', 'dòng không ghi khóa học'),
(140, 'the row names nobody', 'dòng không ghi tên ai'),
(150, 'the row says no day', 'dòng không ghi ngày'),
(160, 'no class: neither the column "Lớp" nor the sheet''s name says one',
 'không rõ lớp: cả cột "Lớp" lẫn tên trang tính đều không cho biết'),
(170, 'the required cell "Tên hoạt động" is empty', 'ô bắt buộc "Tên hoạt động" để trống'),
(180, 'the name of the class is none', 'tên lớp không phải là tên'),
(190, 'the name of the exam is none', 'tên bài thi không phải là tên'),
(200, 'a day''s cell says neither present nor absent', 'ô của ngày không cho biết có mặt hay vắng'),
(210, 'the column of attendance says neither yes nor no', 'cột có mặt không cho biết có hay không'),
(220, 'the day is none: write day/month/year', 'ngày không đọc được: ghi ngày/tháng/năm'),
(230, 'the day of the exam is none: write day/month/year', 'ngày thi không đọc được: ghi ngày/tháng/năm'),
(240, 'a name alone tells nobody apart: add the unit, e-mail or citizen number',
 'chỉ có họ tên thì không phân biệt được: thêm đơn vị, e-mail hoặc số CCCD'),
(250, 'a name alone tells nobody apart: add e-mail, citizen number or user name',
 'chỉ có họ tên thì không phân biệt được: thêm e-mail, số CCCD hoặc tên đăng nhập'),
(260, 'a count is no whole number', 'số lượt không phải là số nguyên'),
(270, 'no e-mail, citizen number or phone of the row can be one',
 'e-mail, số CCCD, số điện thoại của dòng đều không đúng dạng'),
(280, '" is no score', '" không phải là điểm'),
(290, 'the highest score possible is no number above 0', 'điểm tối đa không phải là số lớn hơn 0'),
(300, 'the score is above the highest one possible', 'điểm lớn hơn điểm tối đa'),
(310, 'the column of passed or not says neither "Đạt" nor "Không đạt"', 'cột kết quả không ghi "Đạt" hay "Không đạt"'),
(320, 'a score without the highest one possible says nothing: add the column "Điểm tối đa"',
 'có điểm mà thiếu điểm tối đa thì không biết được: thêm cột "Điểm tối đa"'),
(330, '" is not the final exam that courses.csv names: "', '" không phải là bài thi cuối khóa ghi trong courses.csv: "'),
(340, 'the number of the attempt is none', 'lần thi không đọc được');

-- One expression, which the planner puts into a query: a whole list of faults is read with it.
DO $do$
DECLARE
    w record;
    expression text := 'detail';
BEGIN
    FOR w IN SELECT d.en, d.vi FROM pulse.detail_words d ORDER BY d.position LOOP
        expression := format('replace(%s, %L, %L)', expression, w.en, w.vi);
    END LOOP;
    EXECUTE format('CREATE FUNCTION pulse.detail_vi(detail text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %s', expression);
END $do$;
COMMENT ON FUNCTION pulse.detail_vi IS 'The detail of a data issue in Vietnamese, as far as its phrases are known; names and addresses stay';
REVOKE ALL ON FUNCTION pulse.detail_vi FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pulse.detail_vi TO mooc_bi, mooc_writer;

GRANT SELECT ON pulse.issue_kinds TO mooc_writer;

COMMIT;
