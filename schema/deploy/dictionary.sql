-- Deploy mooc_pulse:dictionary to pg
-- One text for every view and column of schema bi: it becomes their comments and the view bi.dictionary. view_name '' is for
-- columns that mean the same wherever they stand; column_name '' is for the view itself.
BEGIN;
SET LOCAL ROLE mooc_owner;

CREATE TABLE pulse.dictionary (
    view_name     text COLLATE "C" NOT NULL,
    column_name   text COLLATE "C" NOT NULL,
    label_vi      text NOT NULL,
    label_en      text NOT NULL,
    definition_vi text NOT NULL,
    definition_en text NOT NULL,
    PRIMARY KEY (view_name, column_name)
);
COMMENT ON TABLE pulse.dictionary IS 'What each view and column of schema bi means';

INSERT INTO pulse.dictionary (view_name, column_name, label_vi, label_en, definition_vi, definition_en) VALUES
('participation', '', 'Kết quả theo đơn vị của từng đợt', 'Participation per unit of a wave', 'Mỗi dòng là một đơn vị trong một đợt; dòng “Ngoài danh sách” của khóa (không có đợt) là người có dữ liệu học nhưng không có tên trong danh sách', 'A row per unit of a wave; the row without wave and unit holds the training''s people with facts who are on no roster'),
('participation_training', '', 'Kết quả theo đơn vị của cả khóa', 'Participation per unit of a training', 'Mỗi người được tính một lần trong một khóa, tại đơn vị gửi danh sách sau cùng', 'Each person counts once per training, in the unit that listed them last'),
('participation_all', '', 'Kết quả theo đơn vị, mọi khóa', 'Participation per unit over all trainings', 'Mỗi người được tính một lần; chỉ tiêu đạt khi đạt ở ít nhất một khóa', 'Each person counts once; a measure holds if it holds in any training'),
('participation_year', '', 'Kết quả theo đơn vị và năm', 'Participation per unit and calendar year', 'Như mọi khóa, tính riêng từng năm (năm mà đợt học bắt đầu)', 'As over all trainings, for each calendar year (the year the wave begins)'),
('group_status', '', 'Kết quả theo Tổ học tập', 'Study groups', 'Mỗi dòng là một Tổ của một đơn vị trong một đợt', 'A row per study group of a unit in a wave'),
('unit_rollup', '', 'Tổng hợp theo cây đơn vị', 'Sums over the unit trees', 'Số liệu của đơn vị và mọi đơn vị bên dưới, theo cấp quản lý và theo địa bàn', 'A unit together with all units below it, by line of management and by territory'),
('published_totals', '', 'Số liệu tổng được công bố', 'Published totals', 'Số tổng do nơi khác cung cấp, không cộng với số đếm được từng người', 'Totals given by others; never mixed with people counted one by one'),
('province_ranking', '', 'Xếp hạng tỉnh, thành', 'Ranking of provinces', 'Mỗi dòng là một đợt của một tỉnh; đợt chưa có kết quả đứng sau, không tính là 0', 'A row per wave of a province; waves without result come last and are not zero'),
('freshness', '', 'Độ mới của số liệu', 'Freshness', 'Mỗi nguồn và luồng dữ liệu đã đầy đủ đến thời điểm nào', 'Through which instant each source''s stream is complete'),
('data_issues', '', 'Lỗi dữ liệu cần xử lý', 'Data issues', 'Mỗi dòng là một lỗi đếm được: ở tệp, sheet, dòng nào và cần làm gì', 'A row per fault: which file, sheet and row, and what to do'),
('units', '', 'Đơn vị', 'Units', 'Danh mục đơn vị với cấp trên và địa bàn', 'Units with line of management and territory'),
('trainings', '', 'Khóa đào tạo', 'Trainings', 'Danh mục khóa đào tạo và quy định đạt', 'Trainings with their pass and completion rules'),
('waves', '', 'Đợt học', 'Waves', 'Danh mục đợt học của các tỉnh', 'Waves of the provinces'),
('groups', '', 'Tổ học tập', 'Study groups that have members', 'Danh mục Tổ có người học', 'Study groups with at least one member'),
('generation', '', 'Phiên bản số liệu', 'Generation', 'Số liệu đang hiển thị được tính theo quy tắc và danh mục nào', 'Which rules and reference data the shown figures were computed with'),
('dictionary', '', 'Từ điển số liệu', 'Dictionary', 'Ý nghĩa của từng bảng và cột', 'What each view and column means'),

('', 'training', 'Mã khóa', 'Training', 'Mã khóa đào tạo', 'Code of the training'),
('', 'training_name', 'Tên khóa', 'Training name', 'Tên khóa đào tạo bằng tiếng Việt', 'Vietnamese name of the training'),
('', 'training_name_en', 'Tên khóa (tiếng Anh)', 'Training name (English)', 'Tên khóa đào tạo bằng tiếng Anh', 'English name of the training'),
('', 'pass_by_platform', 'Đạt do nền tảng xác định', 'Pass by platform', 'Đúng: nền tảng tự công bố đạt hay không', 'True: the platform itself says who passed'),
('', 'pass_min_score', 'Điểm đạt', 'Pass mark', 'Phần của điểm tối đa, từ 0 đến 1, khi nền tảng không tự công bố', 'Share of the maximum, 0 to 1, where the platform does not say'),
('', 'completion_min_progress', 'Mức hoàn thành', 'Completion threshold', 'Phần nội dung bắt buộc phải học, từ 0 đến 1', 'Share of the required content, 0 to 1'),
('', 'wave', 'Mã đợt', 'Wave', 'Mã đợt học; trống là không thuộc đợt nào', 'Code of the wave; empty = in none'),
('', 'wave_name', 'Tên đợt', 'Wave name', 'Tên đầy đủ của đợt học', 'Full name of the wave'),
('', 'printed_name', 'Tên in', 'Printed name', 'Tên như in trong báo cáo', 'Name as reports print it'),
('', 'province', 'Mã tỉnh', 'Province', 'Mã đơn vị của tỉnh, thành', 'Unit code of the province'),
('', 'province_name', 'Tỉnh, thành', 'Province name', 'Tên tỉnh, thành phố', 'Name of the province'),
('', 'begins', 'Bắt đầu', 'Begins', 'Ngày đầu của đợt (giờ Việt Nam)', 'First day of the wave, Asia/Ho_Chi_Minh'),
('', 'ends', 'Kết thúc', 'Ends', 'Ngày cuối của đợt (giờ Việt Nam)', 'Last day of the wave, Asia/Ho_Chi_Minh'),
('', 'figures', 'Loại số liệu', 'Kind of figures', 'counted: đếm từng người học; published: chỉ có số tổng được công bố', 'counted: learners one by one; published: only totals exist'),
('', 'unit', 'Mã đơn vị', 'Unit', 'Mã đơn vị; trống là ngoài danh sách', 'Code of the unit; empty for people on no roster'),
('', 'unit_name', 'Đơn vị', 'Unit name', 'Tên chính thức của đơn vị', 'Official name of the unit'),
('', 'unit_kind', 'Loại đơn vị', 'Kind of unit', 'tinh, so, nganh, doan_the, huyen, xa, truong, co_so', 'tinh, so, nganh, doan_the, huyen, xa, truong, co_so'),
('', 'parent', 'Cấp trên', 'Unit above', 'Mã đơn vị cấp trên', 'Code of the unit above'),
('', 'territory', 'Địa bàn', 'Territory', 'Mã đơn vị hành chính mà đơn vị nằm trong', 'Code of the unit in whose territory it lies'),
('', 'print_order', 'Thứ tự in', 'Print order', 'Số thứ tự trong bảng in', 'Number in the printed table'),
('', 'valid_from', 'Có từ ngày', 'Exists from', 'Ngày đầu đơn vị tồn tại; trống là không giới hạn', 'First day it exists; empty = open'),
('', 'valid_to', 'Có đến ngày', 'Exists to', 'Ngày cuối đơn vị tồn tại; trống là không giới hạn', 'Last day it exists; empty = open'),
('', 'successor', 'Đơn vị kế thừa', 'Successor', 'Mã đơn vị thay thế khi đơn vị kết thúc', 'Code of the unit that took its place'),
('', 'aliases', 'Tên gọi khác', 'Aliases', 'Các cách viết khác gặp trong danh sách', 'Other spellings seen in lists'),
('', 'study_group', 'Tổ', 'Study group', 'Số Tổ học tập trong đợt', 'Number of the study group within the wave'),
('', 'group_order', 'Thứ tự Tổ', 'Group order', 'Số Tổ dạng số, để sắp xếp', 'Group number as a number, for sorting'),
('', 'year', 'Năm', 'Year', 'Năm dương lịch', 'Calendar year'),
('', 'tree', 'Cây', 'Tree', 'management: theo cấp quản lý; territory: theo địa bàn', 'management: line of management; territory: where it lies'),
('', 'level', 'Cấp', 'Level', 'Số cấp phía trên trong cây; 0 là gốc', 'Units above it in the tree; 0 = a root'),

('', 'list_received', 'Đã gửi danh sách', 'List received', 'Sai: đơn vị có kế hoạch nhưng chưa gửi danh sách', 'False: planned, but no list has come yet'),
('', 'planned', 'Kế hoạch', 'Planned', 'Số người theo kế hoạch; nhiều đợt thì cộng lại', 'People planned; summed where several waves are shown together'),
('', 'registered', 'Đăng ký', 'Registered', 'Số người trong danh sách đơn vị gửi; trống là chưa gửi danh sách', 'People on the roster; empty = no list has come yet'),
('', 'accounts', 'Đã lập tài khoản', 'Accounts', 'Số người đăng ký đã có tài khoản trên nền tảng', 'Of them with an account on the platform'),
('', 'activated', 'Đã kích hoạt', 'Activated', 'Số người đã kích hoạt tài khoản, nếu nền tảng cho biết', 'Of them with an activated account, where the platform shows it'),
('', 'enrolled', 'Đã vào khóa học', 'Enrolled', 'Số người có tài khoản được ghi danh vào khóa học', 'Of them enrolled in the course'),
('', 'participated', 'Tham gia học', 'Participated', 'Số người có ít nhất một hoạt động học hoặc một lần thi', 'With any learning activity or exam attempt'),
('', 'completed', 'Hoàn thành nội dung', 'Completed', 'Số người đạt tiến độ học bắt buộc', 'With the training''s required progress'),
('', 'sat', 'Dự thi', 'Sat', 'Số người có ít nhất một lần thi được tính', 'With at least one counted attempt'),
('', 'passed', 'Đạt', 'Passed', 'Số người đạt bài thi cuối khóa; trống là chưa có kết quả', 'Who passed; empty = no result yet'),
('', 'failed', 'Thi không đạt', 'Failed', 'Số người có thi nhưng không đạt', 'Who sat and did not pass'),
('', 'not_passed', 'Không đạt', 'Not passed', 'Đăng ký trừ Đạt, gồm cả người chưa thi', 'Registered minus passed: counts those who never sat the exam'),
('', 'certified', 'Được cấp chứng nhận', 'Certified', 'Số người có giấy chứng nhận còn hiệu lực', 'With a certificate issued and not revoked'),
('', 'not_registered', 'Ngoài danh sách', 'Not registered', 'Số người có dữ liệu học nhưng không có tên trong danh sách; không tính vào tỷ lệ', 'People with facts but on no roster; outside the rates'),
('', 'account_rate', 'Tỷ lệ lập tài khoản', 'Account rate', 'Đã lập tài khoản / Đăng ký, phân số của 1 chưa làm tròn', 'accounts / registered, unrounded fraction of 1'),
('', 'participation_rate', 'Tỷ lệ tham gia học', 'Participation rate', 'Tham gia học / Đăng ký, phân số của 1 chưa làm tròn', 'participated / registered, unrounded fraction of 1'),
('', 'completion_rate', 'Tỷ lệ hoàn thành', 'Completion rate', 'Hoàn thành nội dung / Đăng ký, phân số của 1 chưa làm tròn', 'completed / registered, unrounded fraction of 1'),
('', 'pass_rate_registered', 'Tỷ lệ đạt theo đăng ký', 'Pass rate of registered', 'Đạt / Đăng ký, phân số của 1 chưa làm tròn', 'passed / registered, unrounded fraction of 1'),
('', 'pass_rate_participants', 'Tỷ lệ đạt theo tham gia', 'Pass rate of participants', 'Đạt / Tham gia học, phân số của 1 chưa làm tròn (cột cuối của Phụ lục 1)', 'passed / participated, unrounded fraction of 1 (the last column of appendix 1)'),
('', 'pass_rate_accounts', 'Tỷ lệ đạt theo tài khoản', 'Pass rate of accounts', 'Đạt / Đã lập tài khoản, phân số của 1 chưa làm tròn', 'passed / accounts, unrounded fraction of 1'),
('', 'certification_rate', 'Tỷ lệ được cấp chứng nhận', 'Certification rate', 'Được cấp chứng nhận / Đăng ký, phân số của 1 chưa làm tròn', 'certified / registered, unrounded fraction of 1'),
('', 'plan_rate', 'Tỷ lệ so với kế hoạch', 'Plan rate', 'Đăng ký / Kế hoạch, phân số của 1 chưa làm tròn', 'registered / planned, unrounded fraction of 1'),

('', 'source', 'Nguồn', 'Source', 'Tên nền tảng hoặc danh sách trong cấu hình', 'Configured name of the platform or list'),
('province_ranking', 'source', 'Cách có số liệu', 'How it is known', 'counted: đếm từng người học; published: số tổng được công bố', 'counted: learners one by one; published: totals given by others'),
('', 'file', 'Tệp', 'File', 'Tên tệp đã nhập', 'Name of the imported file'),
('', 'sheet', 'Sheet', 'Sheet', 'Tên sheet trong tệp', 'Sheet within the file'),
('', 'row', 'Dòng', 'Row', 'Số dòng như Excel hiển thị', 'Row number as Excel shows it'),
('', 'published_at', 'Công bố lúc', 'Published at', 'Thời điểm số liệu được công bố (UTC)', 'When the totals were published (instant)'),
('', 'is_current', 'Đang dùng', 'Current', 'Đúng: số liệu mới nhất của đợt', 'True: the newest totals of the wave'),
('', 'position', 'Vị trí', 'Position', 'Thứ tự trong bảng in: có kết quả theo tỷ lệ giảm dần, rồi chưa có kết quả theo số đăng ký giảm dần', 'Order of the printed table: with results by rate, then without by registered, descending'),
('', 'rank_pass_rate', 'Hạng theo tỷ lệ đạt', 'Rank by pass rate', 'Hạng của đợt theo phân số chính xác Đạt / Đăng ký; bằng nhau thì cùng hạng', 'Rank of the wave by the exact fraction passed / registered; ties share a rank'),
('', 'rank_registered', 'Hạng theo số đăng ký', 'Rank by registered', 'Hạng của đợt theo số đăng ký', 'Rank of the wave by people registered'),
('', 'province_registered', 'Đăng ký của tỉnh', 'Registered in the province', 'Tổng số đăng ký của các đợt của tỉnh trong khóa', 'People registered over the province''s waves of the training'),
('', 'province_rank_registered', 'Hạng của tỉnh theo số đăng ký', 'Province''s rank by registered', 'Hạng của tỉnh theo tổng số đăng ký; mỗi tỉnh tính một lần', 'Rank of the province by its sum; each province counts once'),
('', 'provinces', 'Số tỉnh, thành', 'Provinces', 'Số tỉnh, thành có số đăng ký trong khóa', 'Provinces with a registered figure in the training'),

('', 'stream', 'Luồng', 'Stream', 'Loại dữ liệu: enrollments, grades, certificates, accounts, roster, totals …', 'What is read: enrollments, grades, certificates, accounts, roster, totals …'),
('', 'substreams', 'Số phần', 'Sub-streams', 'Số phần của luồng (khóa học, danh sách)', 'Parts of the stream (courses, lists)'),
('', 'substreams_complete', 'Số phần đã đầy đủ', 'Complete sub-streams', 'Số phần đã được quét trọn và ghi nhận', 'Parts swept whole and counted'),
('', 'complete_through', 'Đầy đủ đến', 'Complete through', 'Mọi dữ liệu của nguồn đến thời điểm này đã được tính; trống là chưa quét trọn lần nào', 'Everything the source held at this instant is counted; empty = never swept whole'),
('', 'age', 'Cũ bao lâu', 'Age', 'Thời gian từ lúc đầy đủ đến nay', 'Time since complete_through'),
('', 'records', 'Số bản ghi', 'Records', 'Số bản ghi thấy trong lần quét gần nhất', 'Records seen in the last sweep'),
('', 'rejected_records', 'Số bản ghi bị loại', 'Rejected records', 'Số bản ghi của luồng chưa dùng được', 'Records of the stream that could not be used'),
('', 'folded_through', 'Bản ghi mới nhất đã tính', 'Newest counted record', 'Thời điểm ghi vào nhật ký của bản ghi mới nhất đã tính', 'Log time of the newest record counted'),

('', 'kind', 'Mã lỗi', 'Kind', 'Mã loại lỗi', 'Code of the fault'),
('', 'issue', 'Lỗi', 'Issue', 'Tên lỗi bằng tiếng Việt', 'The fault in Vietnamese'),
('', 'issue_en', 'Lỗi (tiếng Anh)', 'Issue (English)', 'Tên lỗi bằng tiếng Anh', 'The fault in English'),
('', 'detail', 'Chi tiết', 'Detail', 'Giải thích thêm, thông tin cá nhân đã che', 'More about it, personal data masked'),
('', 'count', 'Số lượng', 'Count', 'Số lỗi của dòng này, để cộng', 'Faults in this row, for sums'),
('', 'to_do', 'Cần làm', 'What to do', 'Việc cần làm bằng tiếng Việt', 'What to do, in Vietnamese'),
('', 'to_do_en', 'Cần làm (tiếng Anh)', 'What to do (English)', 'Việc cần làm bằng tiếng Anh', 'What to do, in English'),
('', 'for_unit', 'Đơn vị xử lý', 'For the unit', 'Đúng: đơn vị gửi danh sách xử lý; sai: người quản trị xử lý', 'True: the unit answers it; false: the operator'),
('', 'kind_order', 'Thứ tự loại lỗi', 'Order of kinds', 'Thứ tự hiển thị của loại lỗi', 'Display order of the kind'),

('', 'generation', 'Phiên bản', 'Generation', 'Số phiên bản số liệu', 'Number of the generation'),
('', 'fold_version', 'Phiên bản cách tính', 'Fold version', 'Phiên bản quy tắc đếm của chương trình', 'Version of the program''s counting rules'),
('', 'config_version', 'Phiên bản danh mục', 'Config version', 'Phiên bản danh mục khóa, đợt và khóa học', 'Version of trainings, waves and courses'),
('', 'created_at', 'Tạo lúc', 'Created at', 'Thời điểm tạo phiên bản', 'When the generation was made'),
('', 'config_loaded_at', 'Nạp danh mục lúc', 'Config loaded at', 'Thời điểm nạp danh mục đang dùng', 'When its reference data was loaded'),
('', 'records_counted', 'Số bản ghi đã tính', 'Records counted', 'Số vị trí nhật ký đã tính', 'Log positions counted'),

('dictionary', 'view_name', 'Bảng', 'View', 'Tên bảng (view) trong schema bi', 'Name of the view'),
('dictionary', 'column_name', 'Cột', 'Column', 'Tên cột; trống là nói về cả bảng', 'Name of the column; empty = the view itself'),
('dictionary', 'label', 'Nhãn', 'Label', 'Tên gọi tiếng Việt', 'Vietnamese label'),
('dictionary', 'label_en', 'Nhãn (tiếng Anh)', 'Label (English)', 'Tên gọi tiếng Anh', 'English label'),
('dictionary', 'definition', 'Định nghĩa', 'Definition', 'Định nghĩa tiếng Việt', 'Vietnamese definition'),
('dictionary', 'definition_en', 'Định nghĩa (tiếng Anh)', 'Definition (English)', 'Định nghĩa tiếng Anh', 'English definition');

CREATE VIEW bi.dictionary AS
WITH columns AS (
    SELECT c.relname::text AS view_name, a.attname::text AS column_name, a.attnum
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind = 'v'
    UNION ALL
    SELECT c.relname::text, '', 0
      FROM pg_catalog.pg_class c WHERE c.relnamespace = 'bi'::regnamespace AND c.relkind = 'v'
)
SELECT c.view_name, c.column_name, d.label_vi COLLATE "vi-x-icu" AS label, d.label_en,
       d.definition_vi COLLATE "vi-x-icu" AS definition, d.definition_en, c.attnum::integer AS "position"
  FROM columns c
  LEFT JOIN LATERAL (
      SELECT * FROM pulse.dictionary d
       WHERE d.column_name = c.column_name COLLATE "C" AND d.view_name IN (c.view_name COLLATE "C", '')
       ORDER BY d.view_name DESC LIMIT 1) d ON true;
INSERT INTO pulse.dictionary VALUES
('dictionary', 'position', 'Thứ tự', 'Position', 'Thứ tự của cột trong bảng', 'Order of the column within the view');
GRANT SELECT ON bi.dictionary TO mooc_bi, mooc_writer;
GRANT SELECT ON pulse.dictionary TO mooc_writer;

CREATE FUNCTION pulse.comment_bi_views() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    d record;
    comment_text text;
BEGIN
    FOR d IN SELECT * FROM bi.dictionary LOOP
        IF d.label IS NULL THEN
            RAISE EXCEPTION 'pulse.dictionary says nothing about bi.% %', d.view_name, d.column_name;
        END IF;
        comment_text := format('%s: %s / %s: %s', d.label, d.definition, d.label_en, d.definition_en);
        IF d.column_name = '' THEN
            EXECUTE format('COMMENT ON VIEW bi.%I IS %L', d.view_name, comment_text);
        ELSE
            EXECUTE format('COMMENT ON COLUMN bi.%I.%I IS %L', d.view_name, d.column_name, comment_text);
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION pulse.comment_bi_views IS 'Writes pulse.dictionary into the comments of schema bi; fails where a text is missing';
REVOKE ALL ON FUNCTION pulse.comment_bi_views FROM PUBLIC;
SELECT pulse.comment_bi_views();

-- The binaries of this release read what stands up to here.
UPDATE pulse.schema_version SET version = 3;

COMMIT;
