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
    figure        text COLLATE "C" CHECK (figure IN ('count', 'rate')),
    PRIMARY KEY (view_name, column_name)
);
COMMENT ON TABLE pulse.dictionary IS 'What each view and column of schema bi means';
COMMENT ON COLUMN pulse.dictionary.figure IS 'count: may be added up over some of a view''s key; rate: never (rates, ranks, sums that repeat); NULL: no figure';

CREATE TABLE pulse.grains (
    view_name text COLLATE "C" PRIMARY KEY,
    grain     text[] COLLATE "C" NOT NULL,
    adds_over text[] COLLATE "C" NOT NULL,
    rows_vi   text NOT NULL,
    rows_en   text NOT NULL
);
COMMENT ON TABLE pulse.grains IS 'Of each view of schema bi the key, over which of its columns counts add up, and about how many rows it has';
COMMENT ON COLUMN pulse.grains.grain IS 'Columns that tell its rows apart (NULL is a value); empty: none do';

CREATE TABLE pulse.adds_over (
    view_name   text COLLATE "C" NOT NULL REFERENCES pulse.grains,
    column_name text COLLATE "C" NOT NULL,
    adds_over   text[] COLLATE "C" NOT NULL,
    PRIMARY KEY (view_name, column_name)
);
COMMENT ON TABLE pulse.adds_over IS 'Columns whose counts add up over others than those of their view';

INSERT INTO pulse.dictionary (view_name, column_name, label_vi, label_en, definition_vi, definition_en) VALUES
('exam_results', '', 'Kết quả thi theo đơn vị của từng đợt', 'Exam results per unit of a wave', 'Mỗi dòng là một đơn vị trong một đợt: người dự thi, số lần thi, điểm', 'A row per unit of a wave: who sat, attempts, scores'),
('exam_results_training', '', 'Kết quả thi theo đơn vị của cả khóa', 'Exam results per unit of a training', 'Như theo đợt, mỗi người được tính một lần trong khóa', 'As per wave, each person counts once in the training'),
('platform_status', '', 'Kết quả theo nền tảng', 'Platforms', 'Mỗi dòng là một nền tảng của khóa; một người có thể ở nhiều nền tảng, không cộng các dòng', 'A row per platform of a training; one person may be on several, which are not to be summed'),
('course_status', '', 'Kết quả theo khóa học trên nền tảng', 'Courses on the platforms', 'Mỗi dòng là một khóa học trên một nền tảng; một người có thể ở nhiều khóa học, không cộng các dòng', 'A row per course on a platform; one person may be in several, which are not to be summed'),
('audience_status', '', 'Kết quả theo đối tượng', 'Audiences', 'Mỗi dòng là một đối tượng trong một đơn vị; một người có thể thuộc nhiều đối tượng, không cộng các đối tượng', 'A row per audience and unit; one person may belong to several, which are not to be summed'),
('inviter_status', '', 'Kết quả theo nơi mời', 'Inviting bodies', 'Mỗi dòng là một nơi mời trong một đơn vị; một người có thể do nhiều nơi mời, không cộng các nơi mời', 'A row per inviting body and unit; one person may be invited by several, which are not to be summed'),
('unit_rollup_training', '', 'Tổng hợp khóa theo cây đơn vị', 'Training sums over the unit trees', 'Như unit_rollup, mỗi người được tính một lần trong khóa', 'As unit_rollup, each person counts once in the training'),
('unit_rollup_all', '', 'Tổng hợp mọi khóa theo cây đơn vị', 'Sums of all trainings over the unit trees', 'Như unit_rollup, mỗi người được tính một lần trong mọi khóa', 'As unit_rollup, each person counts once over all trainings'),
('unit_rollup_year', '', 'Tổng hợp năm theo cây đơn vị', 'Year sums over the unit trees', 'Như unit_rollup, mỗi người được tính một lần trong năm', 'As unit_rollup, each person counts once in the year'),
('participation_daily', '', 'Hoạt động theo ngày của khóa', 'Activity of a training by day', 'Mỗi dòng là một ngày có hoạt động của một đơn vị trong khóa', 'A row per day with activity of a unit in a training'),
('participation_daily_wave', '', 'Hoạt động theo ngày của đợt', 'Activity of a wave by day', 'Mỗi dòng là một ngày có hoạt động của một đơn vị trong đợt', 'A row per day with activity of a unit in a wave'),
('participation_daily_all', '', 'Hoạt động theo ngày, mọi khóa', 'Activity over all trainings by day', 'Mỗi dòng là một ngày có hoạt động của một đơn vị; mỗi người được tính một lần trong ngày', 'A row per day with activity of a unit; each person counts once a day'),
('participation_daily_platform', '', 'Hoạt động theo ngày của nền tảng', 'Activity on a platform by day', 'Mỗi dòng là một ngày có hoạt động trên một nền tảng của khóa; không cộng các nền tảng', 'A row per day with activity on a platform of a training; platforms are not to be summed'),
('participation_daily_audience', '', 'Hoạt động theo ngày của đối tượng', 'Activity of an audience by day', 'Mỗi dòng là một ngày có hoạt động của một đối tượng của khóa; không cộng các đối tượng', 'A row per day with activity of an audience of a training; audiences are not to be summed'),
('rolling_participation', '', 'Số liệu trượt 1, 7 và 30 ngày của khóa', 'Rolling windows of 1, 7 and 30 days, of a training', 'Mỗi dòng là một ngày từ hoạt động đầu tiên đến hôm nay; người khác nhau trong 1, 7, 30 ngày đến hết ngày đó. Lọc theo khóa và ngày hoặc đơn vị', 'A row per day from the first activity to today: distinct people of the 1, 7, 30 days up to it. Filter by training, and day or unit'),
('rolling_participation_wave', '', 'Số liệu trượt của đợt', 'Rolling windows of a wave', 'Như rolling_participation, của một đơn vị trong đợt. Lọc theo khóa, đợt và ngày hoặc đơn vị', 'As rolling_participation, of a unit in a wave. Filter by training, wave, and day or unit'),
('rolling_participation_all', '', 'Số liệu trượt, mọi khóa', 'Rolling windows over all trainings', 'Như rolling_participation, mỗi người được tính một lần trong mọi khóa', 'As rolling_participation, each person counts once over all trainings'),
('rolling_participation_platform', '', 'Số liệu trượt của nền tảng', 'Rolling windows of a platform', 'Như rolling_participation, của một nền tảng của khóa; không cộng các nền tảng', 'As rolling_participation, of a platform of a training; platforms are not to be summed'),
('rolling_participation_audience', '', 'Số liệu trượt của đối tượng', 'Rolling windows of an audience', 'Như rolling_participation, của một đối tượng của khóa; không cộng các đối tượng', 'As rolling_participation, of an audience of a training; audiences are not to be summed'),
('rolling_rollup', '', 'Số liệu trượt của khóa theo cây đơn vị', 'Rolling windows of a training over the unit trees', 'Như rolling_participation, cộng đơn vị và mọi đơn vị bên dưới theo cây của ngày đó. Lọc theo cây, khóa và ngày', 'As rolling_participation, a unit with all below it by the tree of that day. Filter by tree, training and day'),
('rolling_rollup_wave', '', 'Số liệu trượt của đợt theo cây đơn vị', 'Rolling windows of a wave over the unit trees', 'Như rolling_rollup, của một đợt', 'As rolling_rollup, of a wave'),
('rolling_rollup_all', '', 'Số liệu trượt, mọi khóa, theo cây đơn vị', 'Rolling windows over all trainings and the unit trees', 'Như rolling_rollup, mỗi người được tính một lần trong mọi khóa', 'As rolling_rollup, each person counts once over all trainings'),
('activity_5min', '', 'Hoạt động theo 5 phút', 'Activity by five minutes', 'Mỗi dòng là 5 phút của một đợt; chỉ tính dữ liệu được ghi nhận trong ngày xảy ra', 'A row per five minutes of a wave; only facts observed on their own day'),
('target_progress', '', 'Tiến độ so với chỉ tiêu', 'Progress against targets', 'Mỗi dòng là một chỉ tiêu; đơn vị chưa gửi gì vẫn có dòng', 'A row per target; units that sent nothing appear too'),
('deadline_status', '', 'Tình hình thời hạn', 'Deadlines', 'Mỗi dòng là một đơn vị trong một đợt: đúng hạn, trễ, quá hạn, có nguy cơ, theo lịch làm việc và hôm nay', 'A row per unit of a wave: on time, late, overdue, at risk, by the calendar and today'),
('headcounts', '', 'Lượt người tham gia', 'Head counts', 'Mỗi dòng là lượt người của một hoạt động và đối tượng; là lượt, không phải người', 'A row per activity and audience: attendances, not people'),
('training_freshness', '', 'Độ mới theo khóa', 'Freshness per training', 'Mỗi nguồn và luồng của một khóa; holds_back chỉ nguồn đang giữ số liệu lại', 'Each source and stream that feeds a training; holds_back marks the one that holds its figures back'),
('audiences', '', 'Đối tượng', 'Audiences', 'Danh mục đối tượng học', 'Audiences of trainings'),
('inviters', '', 'Nơi mời', 'Inviting bodies', 'Danh mục nơi mời học', 'Bodies that invite learners'),
('calendar', '', 'Lịch làm việc', 'Calendar', 'Mỗi ngày đã có trong lịch: ngày làm việc hay ngày nghỉ', 'Every covered day: working day or not'),
('participation', '', 'Kết quả theo đơn vị của từng đợt', 'Participation per unit of a wave', 'Mỗi dòng là một đơn vị trong một đợt; dòng “Ngoài danh sách” của khóa (không có đợt) là người có dữ liệu học nhưng không có tên trong danh sách', 'A row per unit of a wave; the row without wave and unit holds the training''s people with facts who are on no roster'),
('participation_training', '', 'Kết quả theo đơn vị của cả khóa', 'Participation per unit of a training', 'Mỗi người được tính một lần trong một khóa, tại đơn vị gửi danh sách sau cùng', 'Each person counts once per training, in the unit that listed them last'),
('participation_all', '', 'Kết quả theo đơn vị, mọi khóa', 'Participation per unit over all trainings', 'Mỗi người được tính một lần; chỉ tiêu đạt khi đạt ở ít nhất một khóa', 'Each person counts once; a measure holds if it holds in any training'),
('participation_year', '', 'Kết quả theo đơn vị và năm', 'Participation per unit and calendar year', 'Như mọi khóa, tính riêng từng năm (năm mà đợt học bắt đầu)', 'As over all trainings, for each calendar year (the year the wave begins)'),
('group_status', '', 'Kết quả theo Tổ học tập', 'Study groups', 'Mỗi dòng là một Tổ của một đơn vị trong một đợt', 'A row per study group of a unit in a wave'),
('unit_rollup', '', 'Tổng hợp theo cây đơn vị', 'Sums over the unit trees', 'Số liệu của đơn vị và mọi đơn vị bên dưới trong một đợt, theo cấp quản lý và theo địa bàn, mỗi phiên bản của cây một dòng: lọc is_current, hoặc dùng hàm bi.unit_rollup_on', 'A unit together with all units below it in a wave, by line of management and by territory, a row per version of the tree: filter is_current, or use the function bi.unit_rollup_on'),
('published_totals', '', 'Số liệu tổng được công bố', 'Published totals', 'Số tổng do nơi khác cung cấp, không cộng với số đếm được từng người', 'Totals given by others; never mixed with people counted one by one'),
('province_ranking', '', 'Xếp hạng tỉnh, thành', 'Ranking of provinces', 'Mỗi dòng là một đợt của một tỉnh; đợt chưa có kết quả đứng sau, không tính là 0; hạng của tỉnh tính mỗi tỉnh một lần', 'A row per wave of a province; waves without result come last and are not zero'),
('freshness', '', 'Độ mới của số liệu', 'Freshness', 'Mỗi nguồn và luồng dữ liệu đã đầy đủ đến thời điểm nào', 'Through which instant each source''s stream is complete'),
('data_issues', '', 'Lỗi dữ liệu cần xử lý', 'Data issues', 'Mỗi dòng là một lỗi đếm được: ở tệp, sheet, dòng nào và cần làm gì', 'A row per fault: which file, sheet and row, and what to do'),
('units', '', 'Đơn vị', 'Units', 'Danh mục đơn vị với cấp trên và địa bàn', 'Units with line of management and territory'),
('trainings', '', 'Khóa đào tạo', 'Trainings', 'Danh mục khóa đào tạo và quy định đạt', 'Trainings with their pass and completion rules'),
('waves', '', 'Đợt học', 'Waves', 'Danh mục đợt học của các tỉnh', 'Waves of the provinces'),
('groups', '', 'Tổ học tập', 'Study groups that have members', 'Danh mục Tổ có người học', 'Study groups with at least one member'),
('closed_figures', '', 'Số liệu đã chốt', 'Closed figures', 'Mỗi dòng là một ô của báo cáo đã chốt, đúng như đã in; không đổi khi tính lại', 'A row per cell of a report that was closed, as it was printed; recounting never changes it'),
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
('', 'successor', 'Đơn vị kế thừa', 'Successor', 'Mã đơn vị thay thế khi đơn vị kết thúc; nhiều đơn vị: đã tách', 'Units that took its place; several: it was split'),
('', 'aliases', 'Tên gọi khác', 'Aliases', 'Các cách viết khác gặp trong danh sách', 'Other spellings seen in lists'),
('', 'study_group', 'Tổ', 'Study group', 'Số Tổ học tập trong đợt', 'Number of the study group within the wave'),
('', 'group_order', 'Thứ tự Tổ', 'Group order', 'Số Tổ dạng số, để sắp xếp', 'Group number as a number, for sorting'),
('', 'year', 'Năm', 'Year', 'Năm dương lịch', 'Calendar year'),
('', 'tree', 'Cây', 'Tree', 'management: theo cấp quản lý; territory: theo địa bàn', 'management: line of management; territory: where it lies'),
('', 'level', 'Cấp', 'Level', 'Số cấp phía trên trong cây; 0 là gốc', 'Units above it in the tree; 0 = a root'),

('', 'list_received', 'Đã gửi danh sách', 'List received', 'Sai: đơn vị có kế hoạch nhưng chưa gửi danh sách', 'False: planned, but no list has come yet'),
('', 'planned', 'Kế hoạch', 'Planned', 'Số người theo kế hoạch; nhiều đợt thì cộng lại. Của đơn vị gồm trực thuộc: kế hoạch của chính đơn vị, hoặc tổng của các đơn vị bên dưới nếu mọi đơn vị có người đăng ký đều có kế hoạch; nếu không thì trống', 'People planned; summed where several waves are shown together. Of a unit with all below it: its own plan, or the sum of those below where all units with people on a list have one; else empty'),
('', 'registered', 'Đăng ký', 'Registered', 'Số người trong danh sách đơn vị gửi; trống là chưa gửi danh sách', 'People on the roster; empty = no list has come yet'),
('', 'accounts', 'Đã lập tài khoản', 'Accounts', 'Số người đăng ký đã có tài khoản trên nền tảng', 'Of them with an account on the platform'),
('', 'activated', 'Đã kích hoạt', 'Activated', 'Số người đã kích hoạt tài khoản, nếu nền tảng cho biết', 'Of them with an activated account, where the platform shows it'),
('', 'enrolled', 'Đã vào khóa học', 'Enrolled', 'Số người có tài khoản được ghi danh vào khóa học', 'Of them enrolled in the course'),
('', 'participated', 'Tham gia học', 'Participated', 'Số người có ít nhất một hoạt động học hoặc một lần thi', 'With any learning activity or exam attempt'),
('', 'completed', 'Hoàn thành', 'Completed', 'Số người hoàn thành theo quy định của khóa: đủ tiến độ học, hoặc đạt, được cấp chứng nhận, đủ số ngày học; trống: khóa không có quy định, hoặc không nền tảng nào cho biết tiến độ học', 'By the training''s rule: the required progress, or passed, certified, enough days of classes; empty = it has no rule, or no platform tells progress'),
('', 'sat', 'Dự thi', 'Sat', 'Số người có ít nhất một lần thi được tính', 'With at least one counted attempt'),
('', 'passed', 'Đạt', 'Passed', 'Số người đạt bài thi cuối khóa; trống là chưa có kết quả', 'Who passed; empty = no result yet'),
('', 'failed', 'Thi không đạt', 'Failed', 'Số người có thi nhưng không đạt', 'Who sat and did not pass'),
('', 'not_passed', 'Không đạt', 'Not passed', 'Đăng ký trừ Đạt, gồm cả người chưa thi', 'Registered minus passed: counts those who never sat the exam'),
('', 'certified', 'Được cấp chứng nhận', 'Certified', 'Số người có giấy chứng nhận còn hiệu lực', 'With a certificate issued and not revoked'),
('', 'not_registered', 'Ngoài danh sách', 'Not registered', 'Số người có dữ liệu học nhưng không có tên trong danh sách; không tính vào tỷ lệ', 'People with facts but on no roster; outside the rates'),
('', 'account_rate', 'Tỷ lệ lập tài khoản', 'Account rate', 'Đã lập tài khoản / Đăng ký, phân số của 1 chưa làm tròn', 'accounts / registered, unrounded fraction of 1'),
('', 'participation_rate', 'Tỷ lệ tham gia học', 'Participation rate', 'Tham gia học / Đăng ký, phân số của 1 chưa làm tròn', 'participated / registered, unrounded fraction of 1'),
('', 'completion_rate', 'Tỷ lệ hoàn thành', 'Completion rate', 'Hoàn thành / Đăng ký, phân số của 1 chưa làm tròn', 'completed / registered, unrounded fraction of 1'),
('', 'pass_rate_registered', 'Tỷ lệ đạt theo đăng ký', 'Pass rate of registered', 'Đạt / Đăng ký, phân số của 1 chưa làm tròn', 'passed / registered, unrounded fraction of 1'),
('', 'pass_rate_participants', 'Tỷ lệ đạt theo tham gia', 'Pass rate of participants', 'Đạt / Tham gia học, phân số của 1 chưa làm tròn (cột cuối của Phụ lục 1)', 'passed / participated, unrounded fraction of 1 (the last column of appendix 1)'),
('', 'pass_rate_accounts', 'Tỷ lệ đạt theo tài khoản', 'Pass rate of accounts', 'Đạt / Đã lập tài khoản, phân số của 1 chưa làm tròn', 'passed / accounts, unrounded fraction of 1'),
('', 'certification_rate', 'Tỷ lệ được cấp chứng nhận', 'Certification rate', 'Được cấp chứng nhận / Đăng ký, phân số của 1 chưa làm tròn', 'certified / registered, unrounded fraction of 1'),
('', 'plan_rate', 'Tỷ lệ so với kế hoạch', 'Plan rate', 'Đăng ký / Kế hoạch, phân số của 1 chưa làm tròn; trống nếu kế hoạch trống', 'registered / planned, unrounded fraction of 1; empty where planned is'),

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
('', 'substreams_complete', 'Số phần đã đầy đủ', 'Complete sub-streams', 'Số phần đã đọc đủ và đã tính', 'Parts read whole and counted'),
('', 'age', 'Cũ bao lâu', 'Age', 'Thời gian từ lúc đầy đủ đến nay', 'Time since complete_through'),
('', 'records', 'Số bản ghi', 'Records', 'Số bản ghi thấy trong lần đọc gần nhất', 'Records seen when it was last read whole'),
('', 'rejected_records', 'Số bản ghi bị loại', 'Rejected records', 'Số bản ghi của luồng chưa dùng được', 'Records of the stream that could not be used'),
('', 'folded_through', 'Bản ghi mới nhất đã tính', 'Newest counted record', 'Thời điểm ghi vào nhật ký của bản ghi mới nhất đã tính', 'Log time of the newest record counted'),

('', 'kind', 'Mã lỗi', 'Kind', 'Mã loại lỗi', 'Code of the fault'),
('', 'issue', 'Lỗi', 'Issue', 'Tên lỗi bằng tiếng Việt', 'The fault in Vietnamese'),
('', 'issue_en', 'Lỗi (tiếng Anh)', 'Issue (English)', 'Tên lỗi bằng tiếng Anh', 'The fault in English'),
('', 'detail', 'Chi tiết', 'Detail', 'Giải thích thêm bằng tiếng Việt, thông tin cá nhân đã che; lời của tệp và nền tảng giữ nguyên', 'More about it, in Vietnamese, personal data masked; what a file or platform says stays as it is'),
('', 'detail_en', 'Chi tiết (tiếng Anh)', 'Detail (English)', 'Giải thích thêm bằng tiếng Anh, thông tin cá nhân đã che', 'More about it, in English, personal data masked'),
('', 'count', 'Số lượng', 'Count', 'Số lỗi (hoặc số người) của dòng này, để cộng', 'Faults (or people) in this row, for sums'),
('', 'to_do', 'Cần làm', 'What to do', 'Việc cần làm bằng tiếng Việt', 'What to do, in Vietnamese'),
('', 'to_do_en', 'Cần làm (tiếng Anh)', 'What to do (English)', 'Việc cần làm bằng tiếng Anh', 'What to do, in English'),
('', 'for_unit', 'Đơn vị xử lý', 'For the unit', 'Đúng: đơn vị gửi danh sách xử lý; sai: người quản trị xử lý', 'True: the unit answers it; false: the operator'),
('', 'kind_order', 'Thứ tự loại lỗi', 'Order of kinds', 'Thứ tự hiển thị của loại lỗi', 'Display order of the kind'),

('', 'generation', 'Phiên bản', 'Generation', 'Số phiên bản số liệu', 'Number of the set of figures'),
('', 'fold_version', 'Phiên bản cách tính', 'Counting version', 'Phiên bản quy tắc đếm của chương trình', 'Version of the program''s counting rules'),
('', 'config_version', 'Phiên bản danh mục', 'Config version', 'Phiên bản danh mục khóa, đợt và khóa học', 'Version of trainings, waves and courses'),
('', 'created_at', 'Tạo lúc', 'Created at', 'Thời điểm tạo phiên bản số liệu', 'When this set of figures was made'),
('', 'config_loaded_at', 'Nạp danh mục lúc', 'Config loaded at', 'Thời điểm nạp danh mục đang dùng', 'When its reference data was loaded'),
('', 'records_counted', 'Vị trí nhật ký đã tính', 'Log positions counted', 'Số vị trí nhật ký đã tính: bản ghi, và dấu kết thúc giao dịch', 'Positions of the log that are counted: records, and the marks that end transactions'),
('', 'today', 'Hôm nay', 'Today', 'Ngày ở Việt Nam mà số liệu được xét đến', 'The day in Vietnam that the figures are judged by'),
('', 'schema_version', 'Phiên bản lược đồ', 'Schema version', 'Phiên bản của các bảng và khung nhìn', 'Version of tables and views'),
('', 'reader_units', 'Đơn vị được xem', 'Units of the reader', 'Đơn vị mà người đọc được xem, kèm đơn vị trực thuộc; trống là tất cả', 'Units whose figures, with those below them, the reader sees; empty = all'),

('', 'complete_through', 'Đầy đủ đến', 'Complete through', 'Mọi dữ liệu của nguồn (hoặc các nguồn của khóa) đến thời điểm này đã được tính; trống là chưa đọc đủ lần nào', 'Everything the source (or the training''s sources) held at this instant is counted; empty = never swept whole'),
('', 'official_code', 'Mã hành chính', 'Official code', 'Mã trong danh mục đơn vị hành chính, nếu có', 'Code of the official list of administrative units, where it has one'),
('', 'unit_path', 'Đường dẫn', 'Path', 'Tên các đơn vị cấp trên đến đơn vị này, theo cấp quản lý hôm nay; để lọc theo dòng: bắt đầu bằng', 'Names from the topmost unit down to this one, by today''s line of management; for a tool''s own row filter: begins with'),
('', 'changed_at', 'Thay đổi lúc', 'Changed at', 'Số liệu của dòng có thể đã thay đổi lúc đó; tải dần: lấy các dòng từ thời điểm lớn nhất đã thấy (>=). Không nói về complete_through', 'When figures of the row last may have changed; to refresh incrementally fetch rows from the greatest instant seen (>=). Says nothing about complete_through'),
('', 'completion_by', 'Hoàn thành theo', 'Completed by', 'passed: khi đạt; certificate: khi có giấy chứng nhận; trống: không theo hai điều này', 'passed or certificate; empty = neither'),
('', 'completion_min_attendance', 'Số ngày học trực tiếp', 'Days of classes', 'Số ngày học trực tiếp để hoàn thành', 'Days of in-person classes that complete it'),
('', 'deadline_working_days', 'Thời hạn', 'Deadline', 'Số ngày làm việc kể từ ngày bắt đầu tính', 'Working days after day 0'),
('', 'lectures', 'Số bài giảng', 'Lectures', 'Số bài giảng của khóa', 'Number of lectures'),
('', 'lecture_minutes', 'Phút mỗi bài', 'Minutes per lecture', 'Thời lượng một bài giảng, phút', 'Minutes that a lecture lasts'),
('', 'pass_rules', 'Quy định đạt', 'Pass rules', 'Quy định đạt bằng lời, theo thứ tự áp dụng', 'The pass rules in Vietnamese words, in the order they apply'),
('', 'pass_rules_en', 'Quy định đạt (tiếng Anh)', 'Pass rules (English)', 'Quy định đạt bằng tiếng Anh', 'The pass rules in English words'),
('', 'completion_rule', 'Quy định hoàn thành', 'Completion rule', 'Quy định hoàn thành bằng lời', 'When it counts as completed, in Vietnamese words'),
('', 'completion_rule_en', 'Quy định hoàn thành (tiếng Anh)', 'Completion rule (English)', 'Quy định hoàn thành bằng tiếng Anh', 'When it counts as completed, in English words'),
('', 'first_time', 'Lần đầu', 'First time', 'Số người không có trong danh sách và không có dữ liệu học ở năm trước', 'People with no listing and no fact in an earlier year'),
('', 'repeat', 'Học lại', 'Repeat', 'Số người của năm trừ số lần đầu', 'People of the year who are not there for the first time'),
('', 'version_from', 'Cây từ ngày', 'Tree from', 'Ngày đầu cây đơn vị như thế này; trống là từ đầu', 'First day the tree is like this; empty = from the beginning'),
('', 'version_to', 'Cây đến ngày', 'Tree to', 'Ngày cuối cây đơn vị như thế này; trống là chưa đổi', 'Last day the tree is like this; empty = not changed since'),
('unit_rollup', 'is_current', 'Cây hôm nay', 'Current tree', 'Đúng: cây đơn vị của hôm nay', 'True: the tree of today'),
('unit_rollup_training', 'is_current', 'Cây hôm nay', 'Current tree', 'Đúng: cây đơn vị của hôm nay', 'True: the tree of today'),
('unit_rollup_all', 'is_current', 'Cây hôm nay', 'Current tree', 'Đúng: cây đơn vị của hôm nay', 'True: the tree of today'),
('unit_rollup_year', 'is_current', 'Cây hôm nay', 'Current tree', 'Đúng: cây đơn vị của hôm nay', 'True: the tree of today'),
('', 'passed_first', 'Đạt ngay lần đầu', 'Passed at first', 'Số người đạt ở lần thi đầu tiên', 'Whose first attempt passed'),
('', 'attempts', 'Lượt thi', 'Attempts', 'Số lần thi', 'Attempts sat'),
('', 'attempts_passed', 'Lượt thi đạt', 'Attempts passed', 'Số lần thi đạt', 'Attempts that pass by score or by the platform''s verdict'),
('', 'scored', 'Có điểm', 'Scored', 'Số người có lần thi được chấm điểm', 'People with a scored attempt'),
('', 'average_score', 'Điểm trung bình', 'Average score', 'Trung bình điểm cao nhất của người có điểm, phần của điểm tối đa (0 đến 1)', 'Mean of the scored people''s best scores, share of the maximum (0 to 1)'),
('', 'pass_rate_sat', 'Tỷ lệ đạt theo dự thi', 'Pass rate of those who sat', 'Đạt / Dự thi, phân số của 1 chưa làm tròn', 'passed / sat, unrounded fraction of 1'),
('', 'first_pass_rate', 'Tỷ lệ đạt lần đầu', 'First-attempt pass rate', 'Đạt ngay lần đầu / Dự thi, phân số của 1 chưa làm tròn', 'passed_first / sat, unrounded fraction of 1'),
('', 'attempt_pass_rate', 'Tỷ lệ lượt thi đạt', 'Attempt pass rate', 'Lượt thi đạt / Lượt thi, phân số của 1 chưa làm tròn', 'attempts_passed / attempts, unrounded fraction of 1'),
('', 'attempts_per_learner', 'Lượt thi mỗi người', 'Attempts per learner', 'Lượt thi / Dự thi, chưa làm tròn', 'attempts / sat, unrounded'),
('', 'platform', 'Nền tảng', 'Platform', 'Tên nền tảng trong cấu hình', 'Configured name of the platform'),
('', 'course', 'Khóa học', 'Course', 'Mã khóa học trên nền tảng', 'Course on the platform'),
('', 'audience', 'Mã đối tượng', 'Audience', 'Mã đối tượng', 'Code of the audience'),
('', 'inviter', 'Mã nơi mời', 'Inviting body', 'Mã nơi mời', 'Code of the inviting body'),
('', 'audience_name', 'Đối tượng', 'Audience name', 'Tên đối tượng', 'Vietnamese name of the audience'),
('', 'inviter_name', 'Nơi mời', 'Inviting body''s name', 'Tên nơi mời', 'Vietnamese name of the inviting body'),
('', 'audience_name_en', 'Đối tượng (tiếng Anh)', 'Audience name (English)', 'Tên bằng tiếng Anh', 'English name of the audience'),
('', 'inviter_name_en', 'Nơi mời (tiếng Anh)', 'Inviting body''s name (English)', 'Tên bằng tiếng Anh', 'English name of the inviting body'),
('', 'day', 'Ngày', 'Day', 'Ngày theo giờ Việt Nam', 'Day, Asia/Ho_Chi_Minh'),
('', 'active', 'Người học trong ngày', 'Active', 'Số người có hoạt động học hoặc thi trong ngày', 'People with a learning activity or an attempt on the day'),
('', 'new_participants', 'Người học mới', 'New participants', 'Số người có hoạt động lần đầu trong ngày', 'People whose first active day it is'),
('', 'exams_sat', 'Lượt thi', 'Exams sat', 'Số lượt thi', 'Attempts sat'),
('', 'exams_passed', 'Lượt thi đạt', 'Exams passed', 'Số lượt thi đạt', 'Attempts that passed'),
('', 'newly_passed', 'Người mới đạt', 'Newly passed', 'Số người đạt lần đầu trong ngày', 'People whose first passing attempt was on the day'),
('', 'began_at', 'Từ lúc', 'Began at', 'Thời điểm đầu của 5 phút', 'When the five minutes began'),
('', 'facts', 'Số dữ kiện', 'Facts', 'Số ghi danh, hoạt động học, điểm danh, lần thi, chứng nhận', 'Enrolments, activities, attendances, attempts, certificates'),
('', 'learners', 'Học viên', 'Learners', 'Số người khác nhau của dòng này', 'Distinct people of this row'),
('', 'target', 'Mã chỉ tiêu', 'Target', 'Mã chỉ tiêu', 'Code of the target'),
('', 'target_scope', 'Chỉ tiêu của', 'Target of', 'wave: đợt; training: khóa; year: năm; all: mọi khóa', 'wave, training, year or all'),
('target_progress', 'year', 'Năm', 'Year', 'Năm của chỉ tiêu năm; trống là không theo năm', 'Year of a year''s target; empty = none'),
('', 'measure', 'Chỉ tiêu', 'Measure', 'Tên chỉ tiêu; attendances là lượt người', 'Name of the measure; attendances are head counts'),
('', 'target_kind', 'Dạng chỉ tiêu', 'Kind of target', 'number: một số; range: khoảng; share: tỷ lệ của biên chế; quota: số người mỗi thành viên Tổ công nghệ số cộng đồng', 'number, range, share (of the staff) or quota (per helper)'),
('', 'phase', 'Giai đoạn', 'Phase', 'Phần của kế hoạch', 'Part of the plan'),
('target_progress', 'begins', 'Từ ngày', 'From', 'Ngày đầu của chỉ tiêu', 'First day of the target'),
('target_progress', 'ends', 'Đến ngày', 'To', 'Ngày cuối của chỉ tiêu', 'Last day of the target'),
('', 'approximate', 'Khoảng', 'Approximate', 'Đúng: kế hoạch ghi “khoảng”', 'True: the plan says "about"'),
('', 'planned_low', 'Kế hoạch', 'Planned', 'Số phải đạt; trống là chưa tính được', 'Number to reach; empty = cannot be worked out'),
('', 'planned_high', 'Kế hoạch cao nhất', 'Planned at most', 'Số cao nhất của khoảng; bằng số phải đạt nếu không phải khoảng', 'Upper end of a range, else as planned'),
('', 'share', 'Tỷ lệ', 'Share', 'Phần của biên chế', 'Share of the staff'),
('', 'staff', 'Biên chế', 'Staff', 'Số cán bộ, công chức, viên chức của đơn vị', 'Officials of the unit'),
('', 'staff_on', 'Biên chế ngày', 'Staff on', 'Ngày của số liệu biên chế', 'Day of the staff count'),
('', 'per_helper', 'Mỗi thành viên Tổ CNSCĐ', 'Per helper', 'Số người mỗi thành viên Tổ công nghệ số cộng đồng', 'People per helper'),
('', 'helpers', 'Thành viên Tổ CNSCĐ', 'Helpers', 'Số thành viên Tổ công nghệ số cộng đồng', 'Members of the community digital team'),
('', 'actual', 'Thực hiện', 'Actual', 'Số đã đạt của đơn vị và các đơn vị bên dưới; trống là chưa có số liệu', 'Reached by the unit and those below it; empty = not known'),
('', 'target_rate', 'Tỷ lệ thực hiện', 'Rate', 'Thực hiện / Kế hoạch, phân số của 1 chưa làm tròn', 'actual / planned_low, unrounded fraction of 1'),
('', 'remaining', 'Còn thiếu', 'Remaining', 'Số còn thiếu; trống là chưa biết', 'What is still missing; empty = not known'),
('', 'state', 'Mã tình trạng', 'State', 'no_form, no_list, no_result, no_staff_count, not_reached, reached, exceeded', 'no_form, no_list, no_result, no_staff_count, not_reached, reached, exceeded'),
('', 'status', 'Tình trạng', 'Status', 'Tình trạng bằng tiếng Việt', 'Status in Vietnamese'),
('', 'status_en', 'Tình trạng (tiếng Anh)', 'Status (English)', 'Tình trạng bằng tiếng Anh', 'Status in English'),
('', 'as_of', 'Tính đến ngày', 'As of', 'Hôm nay theo giờ Việt Nam', 'Today, Asia/Ho_Chi_Minh'),
('deadline_status', 'learners', 'Người có thời hạn', 'Learners', 'Số người trong danh sách, các cột sau cộng lại', 'Listed people: the sum of the following columns'),
('', 'on_time', 'Đúng hạn', 'On time', 'Hoàn thành trong hạn', 'Completed by the due day'),
('', 'late', 'Trễ hạn', 'Late', 'Hoàn thành sau hạn', 'Completed after the due day'),
('', 'overdue', 'Quá hạn', 'Overdue', 'Chưa hoàn thành, đã quá hạn', 'Not completed, the due day has passed'),
('', 'at_risk', 'Có nguy cơ', 'At risk', 'Chưa hoàn thành, còn hạn, học ít bài hơn số ngày làm việc đã qua', 'Not completed, not due yet, fewer lectures than working days gone by'),
('', 'in_time', 'Còn hạn', 'In time', 'Chưa hoàn thành, còn hạn, kịp tiến độ', 'Not completed, not due yet, not behind'),
('', 'not_begun', 'Chưa tính hạn', 'Not begun', 'Chưa có tài khoản, thời hạn chưa tính', 'No account yet: the time does not run'),
('', 'not_computable', 'Không tính được', 'Not computable', 'Lịch làm việc chưa có các ngày cần thiết', 'The calendar does not cover the days'),
('', 'next_due', 'Hạn gần nhất', 'Next due', 'Hạn gần nhất của người chưa hoàn thành', 'Nearest due day of those who have not completed'),
('', 'activity', 'Hoạt động', 'Activity', 'Lớp hoặc hoạt động', 'Class or activity'),
('', 'attendances', 'Lượt người', 'Attendances', 'Số lượt người tham gia, không phải số người', 'Attendances, not people'),
('', 'reported_at', 'Ngày tính', 'Counts from', 'Ngày diễn ra hoạt động, hoặc ngày nhận biểu nếu biểu không ghi ngày; không phải lúc nhận biểu: giờ không có nghĩa', 'Day of the activity, or the day the form came where it names none; not when it was received: the time of day means nothing'),
('headcounts', 'audience', 'Mã đối tượng', 'Audience', 'Mã đối tượng được đếm; trống là không nêu', 'Whom the number counts; empty = not said'),
('headcounts', 'unit', 'Mã đơn vị', 'Unit', 'Mã đơn vị; trống là không nêu', 'Code of the unit; empty = not said'),
('', 'holds_back', 'Đang giữ lại', 'Holds back', 'Đúng: nguồn có thời điểm đầy đủ sớm nhất của khóa', 'True: the source whose instant is the earliest of the training'),
('training_freshness', 'stream', 'Luồng', 'Stream', 'Loại dữ liệu; trống là nguồn chưa được quét lần nào', 'What is read; empty = the source was never swept'),
('', 'is_working_day', 'Ngày làm việc', 'Working day', 'Đúng: ngày làm việc, kể cả thứ Bảy làm bù', 'True: a working day, make-up Saturdays too'),
('', 'day_kind', 'Loại ngày', 'Kind of day', 'holiday: nghỉ lễ; working_saturday: làm bù; trống: ngày thường', 'holiday, working_saturday or empty'),
('', 'day_name', 'Tên ngày', 'Name of the day', 'Tên ngày lễ hoặc làm bù', 'Name of the holiday or make-up day'),
('', 'working_day_number', 'Số ngày làm việc', 'Working days so far', 'Số ngày làm việc từ đầu lịch đến hết ngày', 'Working days from the beginning of the calendar up to the day'),
('province_ranking', 'participated', 'Tham gia học', 'Participated', 'Số người có hoạt động học; trống là chưa có kết quả', 'Who took part; empty = no result yet'),
('', 'rank_participation', 'Hạng theo tỷ lệ tham gia', 'Rank by participation', 'Hạng của đợt theo phân số chính xác Tham gia / Đăng ký', 'Rank of the wave by the exact fraction participated / registered'),
('', 'province_participated', 'Tham gia của tỉnh', 'Participated in the province', 'Tổng số người tham gia của các đợt của tỉnh', 'Who took part over the province''s waves'),
('', 'province_participation_rate', 'Tỷ lệ tham gia của tỉnh', 'Province''s participation rate', 'Tham gia / Đăng ký của các đợt có kết quả', 'participated / registered of the waves with a result'),
('', 'province_rank_participation', 'Hạng của tỉnh theo tỷ lệ tham gia', 'Province''s rank by participation', 'Hạng của tỉnh theo tỷ lệ tham gia, phân số chính xác', 'Rank of the province by the exact participation rate'),
('', 'province_passed', 'Đạt của tỉnh', 'Passed in the province', 'Tổng số người đạt của các đợt của tỉnh', 'Who passed over the province''s waves'),
('', 'province_pass_rate_registered', 'Tỷ lệ đạt của tỉnh', 'Province''s pass rate', 'Đạt / Đăng ký của các đợt có kết quả', 'passed / registered of the waves with a result'),
('', 'province_rank_pass_rate', 'Hạng của tỉnh theo tỷ lệ đạt', 'Province''s rank by pass rate', 'Hạng của tỉnh theo tỷ lệ đạt, phân số chính xác', 'Rank of the province by the exact pass rate'),
('', 'active_1', 'Người học 1 ngày', 'Active, 1 days', 'Số người khác nhau có hoạt động trong ngày', 'Distinct people active on the day'),
('', 'new_participants_1', 'Người học mới 1 ngày', 'New, 1 days', 'Số người có hoạt động lần đầu trong ngày', 'People whose first active day was on the day'),
('', 'exams_sat_1', 'Lượt thi 1 ngày', 'Exams sat, 1 days', 'Số lượt thi trong ngày', 'Attempts sat on the day'),
('', 'exams_passed_1', 'Lượt thi đạt 1 ngày', 'Exams passed, 1 days', 'Số lượt thi đạt trong ngày', 'Attempts passed on the day'),
('', 'newly_passed_1', 'Người mới đạt 1 ngày', 'Newly passed, 1 days', 'Số người đạt lần đầu trong ngày', 'People whose first passing attempt was on the day'),
('', 'exam_pass_rate_1', 'Tỷ lệ lượt thi đạt 1 ngày', 'Exam pass rate, 1 days', 'Lượt thi đạt / Lượt thi trong ngày, phân số của 1 chưa làm tròn', 'exams_passed / exams_sat on the day, unrounded fraction of 1'),
('', 'active_7', 'Người học 7 ngày', 'Active, 7 days', 'Số người khác nhau có hoạt động trong 7 ngày đến hết ngày', 'Distinct people active in the 7 days up to the day'),
('', 'new_participants_7', 'Người học mới 7 ngày', 'New, 7 days', 'Số người có hoạt động lần đầu trong 7 ngày đến hết ngày', 'People whose first active day was in the 7 days up to the day'),
('', 'exams_sat_7', 'Lượt thi 7 ngày', 'Exams sat, 7 days', 'Số lượt thi trong 7 ngày đến hết ngày', 'Attempts sat in the 7 days up to the day'),
('', 'exams_passed_7', 'Lượt thi đạt 7 ngày', 'Exams passed, 7 days', 'Số lượt thi đạt trong 7 ngày đến hết ngày', 'Attempts passed in the 7 days up to the day'),
('', 'newly_passed_7', 'Người mới đạt 7 ngày', 'Newly passed, 7 days', 'Số người đạt lần đầu trong 7 ngày đến hết ngày', 'People whose first passing attempt was in the 7 days up to the day'),
('', 'exam_pass_rate_7', 'Tỷ lệ lượt thi đạt 7 ngày', 'Exam pass rate, 7 days', 'Lượt thi đạt / Lượt thi trong 7 ngày đến hết ngày, phân số của 1 chưa làm tròn', 'exams_passed / exams_sat in the 7 days up to the day, unrounded fraction of 1'),
('', 'active_30', 'Người học 30 ngày', 'Active, 30 days', 'Số người khác nhau có hoạt động trong 30 ngày đến hết ngày', 'Distinct people active in the 30 days up to the day'),
('', 'new_participants_30', 'Người học mới 30 ngày', 'New, 30 days', 'Số người có hoạt động lần đầu trong 30 ngày đến hết ngày', 'People whose first active day was in the 30 days up to the day'),
('', 'exams_sat_30', 'Lượt thi 30 ngày', 'Exams sat, 30 days', 'Số lượt thi trong 30 ngày đến hết ngày', 'Attempts sat in the 30 days up to the day'),
('', 'exams_passed_30', 'Lượt thi đạt 30 ngày', 'Exams passed, 30 days', 'Số lượt thi đạt trong 30 ngày đến hết ngày', 'Attempts passed in the 30 days up to the day'),
('', 'newly_passed_30', 'Người mới đạt 30 ngày', 'Newly passed, 30 days', 'Số người đạt lần đầu trong 30 ngày đến hết ngày', 'People whose first passing attempt was in the 30 days up to the day'),
('', 'exam_pass_rate_30', 'Tỷ lệ lượt thi đạt 30 ngày', 'Exam pass rate, 30 days', 'Lượt thi đạt / Lượt thi trong 30 ngày đến hết ngày, phân số của 1 chưa làm tròn', 'exams_passed / exams_sat in the 30 days up to the day, unrounded fraction of 1'),

('closed_figures', 'doc', 'Văn bản', 'Document', 'Số, ký hiệu văn bản mà số liệu được chốt cho', 'The document that the figures were closed for'),
('closed_figures', 'at', 'Chốt tại', 'As of', 'Số liệu tính đến thời điểm này', 'The instant that the figures are of'),
('closed_figures', 'report', 'Báo cáo', 'Report', 'Tên báo cáo, như lệnh report', 'Name of the report, as the command report takes it'),
('closed_figures', 'part', 'Phần', 'Part', 'Phần của báo cáo: 0 là bảng chính', 'Part of the report: 0 is its own table'),
('closed_figures', 'row', 'Dòng', 'Row', 'Thứ tự dòng trong bảng in, từ 0', 'Place of the row in the printed table, from 0'),
('closed_figures', 'column', 'Cột', 'Column', 'Thứ tự cột trong bảng in, từ 0', 'Place of the column in the printed table, from 0'),
('closed_figures', 'label', 'Nhãn dòng', 'Row label', 'Chữ đầu dòng như đã in', 'The row''s first text as printed'),
('closed_figures', 'measure', 'Chỉ tiêu', 'Measure', 'Tên chỉ tiêu của cột', 'Name of the column''s measure'),
('closed_figures', 'heading', 'Tiêu đề cột', 'Heading', 'Tiêu đề cột như đã in', 'The column''s heading as printed'),
('closed_figures', 'value', 'Giá trị', 'Value', 'Giá trị chưa làm tròn; trống là không có số', 'Unrounded value; empty = no figure'),
('closed_figures', 'count', 'Số đếm', 'Count', 'Số đếm, hoặc tử số của tỷ lệ', 'The count, or a rate''s numerator'),
('closed_figures', 'of', 'Mẫu số', 'Of', 'Mẫu số của tỷ lệ', 'A rate''s denominator'),
('closed_figures', 'printed', 'Như đã in', 'Printed', 'Chữ trong ô như đã in', 'The cell''s text as printed'),
('closed_figures', 'generation', 'Phiên bản số liệu', 'Generation', 'Phiên bản số liệu khi chốt', 'The set of figures that was shown then'),
('closed_figures', 'offsets', 'Vị trí nhật ký', 'Offsets', 'Nhật ký sự kiện đã tính đến đâu', 'How far the log was counted'),
('closed_figures', 'checksum', 'Mã kiểm', 'Checksum', 'SHA-256 của mọi báo cáo trong văn bản', 'SHA-256 over all reports of the document'),
('closed_figures', 'closed_by', 'Người chốt', 'Closed by', 'Tài khoản đã chốt số liệu', 'Login that closed the figures'),
('closed_figures', 'closed_at', 'Chốt lúc', 'Closed at', 'Thời điểm chốt số liệu', 'When the figures were closed'),
('closed_figures', 'changed_at', 'Cập nhật lúc', 'Changed at', 'Thời điểm chốt số liệu: về sau không đổi', 'When the figures were closed: they never change'),
('dictionary', 'view_name', 'Bảng', 'View', 'Tên bảng (view) trong schema bi', 'Name of the view'),
('dictionary', 'column_name', 'Cột', 'Column', 'Tên cột; trống là nói về cả bảng', 'Name of the column; empty = the view itself'),
('dictionary', 'label', 'Nhãn', 'Label', 'Tên gọi tiếng Việt', 'Vietnamese label'),
('dictionary', 'label_en', 'Nhãn (tiếng Anh)', 'Label (English)', 'Tên gọi tiếng Anh', 'English label'),
('dictionary', 'definition', 'Định nghĩa', 'Definition', 'Định nghĩa tiếng Việt', 'Vietnamese definition'),
('dictionary', 'definition_en', 'Định nghĩa (tiếng Anh)', 'Definition (English)', 'Định nghĩa tiếng Anh', 'English definition');

UPDATE pulse.dictionary SET figure = 'count'
 WHERE column_name ~ '^(active|new_participants|exams_sat|exams_passed|newly_passed)(_1|_7|_30)?$'
    OR column_name IN ('planned', 'registered', 'accounts', 'activated', 'enrolled', 'participated', 'completed', 'sat', 'passed', 'failed',
                       'not_passed', 'certified', 'not_registered', 'first_time', 'repeat', 'passed_first', 'attempts', 'attempts_passed',
                       'scored', 'facts', 'learners', 'on_time', 'late', 'overdue', 'at_risk', 'in_time', 'not_begun', 'not_computable',
                       'attendances', 'count', 'substreams', 'substreams_complete', 'records', 'rejected_records', 'planned_low',
                       'planned_high', 'staff', 'helpers', 'actual', 'remaining');
UPDATE pulse.dictionary SET figure = 'rate'
 WHERE column_name LIKE '%\_rate' OR column_name LIKE '%\_rate\_%' OR column_name LIKE 'rank\_%' OR column_name LIKE 'province\_rank\_%'
    OR column_name IN ('province_registered', 'province_participated', 'province_passed', 'provinces', 'average_score', 'attempts_per_learner',
                       'share', 'per_helper', 'age', 'records_counted')
    OR column_name = 'position' AND view_name = '';

INSERT INTO pulse.grains (view_name, grain, adds_over, rows_vi, rows_en) VALUES
('closed_figures', '{doc,report,part,row,column}', '{}', 'Ô của các báo cáo đã chốt', 'Cells of the closed reports'),
('participation', '{training,wave,unit}', '{unit}', 'Đơn vị × đợt, thêm một dòng mỗi khóa', 'Units × waves, and one per training'),
('participation_training', '{training,unit}', '{unit}', 'Đơn vị × khóa', 'Units × trainings'),
('participation_all', '{unit}', '{unit}', 'Đơn vị', 'Units'),
('participation_year', '{year,unit}', '{unit}', 'Đơn vị × năm', 'Units × years'),
('group_status', '{training,wave,unit,study_group}', '{unit,study_group}', 'Tổ × đợt', 'Study groups × waves'),
('exam_results', '{training,wave,unit}', '{unit}', 'Đơn vị × đợt', 'Units × waves'),
('exam_results_training', '{training,unit}', '{unit}', 'Đơn vị × khóa', 'Units × trainings'),
('platform_status', '{training,platform}', '{}', 'Nền tảng × khóa', 'Platforms × trainings'),
('course_status', '{training,platform,course}', '{}', 'Khóa học trên các nền tảng', 'Courses on the platforms'),
('audience_status', '{training,audience,unit}', '{unit}', 'Đối tượng × đơn vị × khóa', 'Audiences × units × trainings'),
('inviter_status', '{training,inviter,unit}', '{unit}', 'Nơi mời × đơn vị × khóa', 'Inviting bodies × units × trainings'),
('unit_rollup', '{tree,version_from,training,wave,unit}', '{}', 'Đơn vị × đợt × phiên bản của hai cây', 'Units × waves × versions of both trees'),
('unit_rollup_training', '{tree,version_from,training,unit}', '{}', 'Đơn vị × khóa × phiên bản của hai cây', 'Units × trainings × versions of both trees'),
('unit_rollup_all', '{tree,version_from,unit}', '{}', 'Đơn vị × phiên bản của hai cây', 'Units × versions of both trees'),
('unit_rollup_year', '{tree,version_from,year,unit}', '{}', 'Đơn vị × năm × phiên bản của hai cây', 'Units × years × versions of both trees'),
('participation_daily', '{training,unit,day}', '{unit}', 'Đơn vị × khóa × ngày có hoạt động', 'Units × trainings × days with activity'),
('participation_daily_wave', '{training,wave,unit,day}', '{unit}', 'Đơn vị × đợt × ngày có hoạt động', 'Units × waves × days with activity'),
('participation_daily_all', '{unit,day}', '{unit}', 'Đơn vị × ngày có hoạt động', 'Units × days with activity'),
('participation_daily_platform', '{training,platform,day}', '{}', 'Nền tảng × khóa × ngày có hoạt động', 'Platforms × trainings × days with activity'),
('participation_daily_audience', '{training,audience,day}', '{}', 'Đối tượng × khóa × ngày có hoạt động', 'Audiences × trainings × days with activity'),
('rolling_participation', '{training,unit,day}', '{unit}', 'Đơn vị × khóa × ngày: hàng triệu', 'Units × trainings × days: millions'),
('rolling_participation_wave', '{training,wave,unit,day}', '{unit}', 'Đơn vị × đợt × ngày: hàng triệu', 'Units × waves × days: millions'),
('rolling_participation_all', '{unit,day}', '{unit}', 'Đơn vị × ngày', 'Units × days'),
('rolling_participation_platform', '{training,platform,day}', '{}', 'Nền tảng × khóa × ngày', 'Platforms × trainings × days'),
('rolling_participation_audience', '{training,audience,day}', '{}', 'Đối tượng × khóa × ngày', 'Audiences × trainings × days'),
('rolling_rollup', '{tree,training,unit,day}', '{}', 'Đơn vị × khóa × ngày × hai cây: hàng triệu', 'Units × trainings × days × two trees: millions'),
('rolling_rollup_wave', '{tree,training,wave,unit,day}', '{}', 'Đơn vị × đợt × ngày × hai cây: hàng triệu', 'Units × waves × days × two trees: millions'),
('rolling_rollup_all', '{tree,unit,day}', '{}', 'Đơn vị × ngày × hai cây', 'Units × days × two trees'),
('activity_5min', '{training,wave,began_at}', '{wave,began_at}', 'Đợt × 5 phút có dữ liệu', 'Waves × five minutes with facts'),
('target_progress', '{target}', '{}', 'Chỉ tiêu', 'Targets'),
('deadline_status', '{training,wave,unit}', '{unit}', 'Đơn vị × đợt của khóa có thời hạn', 'Units × waves of trainings with a deadline'),
('headcounts', '{source,wave,unit,activity,day,audience}', '{source,wave,unit,activity,day,audience}', 'Dòng của các biểu', 'Rows of the forms'),
('published_totals', '{wave,source,file,sheet,row,published_at}', '{wave}', 'Số tổng được công bố', 'Published totals'),
('province_ranking', '{training,wave}', '{wave}', 'Đợt', 'Waves'),
('data_issues', '{}', '{kind,wave,unit,source,file,sheet,row,detail}', 'Lỗi', 'Faults'),
('freshness', '{source,stream}', '{source,stream}', 'Nguồn × luồng', 'Sources × streams'),
('training_freshness', '{training,source,stream}', '{}', 'Khóa × nguồn × luồng', 'Trainings × sources × streams'),
('units', '{unit}', '{}', 'Đơn vị', 'Units'),
('trainings', '{training}', '{}', 'Khóa', 'Trainings'),
('waves', '{wave}', '{}', 'Đợt', 'Waves'),
('groups', '{training,wave,unit,study_group}', '{}', 'Tổ × đợt', 'Study groups × waves'),
('audiences', '{audience}', '{}', 'Đối tượng', 'Audiences'),
('inviters', '{inviter}', '{}', 'Nơi mời', 'Inviting bodies'),
('calendar', '{day}', '{}', 'Ngày của các năm trong lịch', 'Days of the years of the calendar'),
('generation', '{generation}', '{}', 'Một dòng', 'One'),
('dictionary', '{view_name,column_name}', '{}', 'Bảng và cột', 'Views and columns');

-- A day's attempts, and who was new that day, are other ones on other days; who was active may be the same.
INSERT INTO pulse.adds_over (view_name, column_name, adds_over)
SELECT g.view_name, c, g.adds_over || ARRAY['day']::text[]
  FROM pulse.grains g, unnest(ARRAY['new_participants', 'exams_sat', 'exams_passed', 'newly_passed']) c
 WHERE g.view_name LIKE 'participation\_daily%';
INSERT INTO pulse.adds_over (view_name, column_name, adds_over) VALUES ('activity_5min', 'learners', '{}');

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
       d.definition_vi COLLATE "vi-x-icu" AS definition, d.definition_en, c.attnum::integer AS "position",
       CASE d.figure WHEN 'rate' THEN 'no'
                     WHEN 'count' THEN coalesce(nullif(array_to_string(coalesce(o.adds_over, g.adds_over), ', '), ''), 'no') END AS additive,
       CASE WHEN c.column_name = '' THEN nullif(array_to_string(g.grain, ', '), '') END AS grain,
       CASE WHEN c.column_name = '' THEN g.rows_vi END COLLATE "vi-x-icu" AS "rows",
       CASE WHEN c.column_name = '' THEN g.rows_en END AS rows_en
  FROM columns c
  LEFT JOIN LATERAL (
      SELECT * FROM pulse.dictionary d
       WHERE d.column_name = c.column_name COLLATE "C" AND d.view_name IN (c.view_name COLLATE "C", '')
       ORDER BY d.view_name DESC LIMIT 1) d ON true
  LEFT JOIN pulse.grains g ON g.view_name = c.view_name COLLATE "C"
  LEFT JOIN pulse.adds_over o ON o.view_name = c.view_name COLLATE "C" AND o.column_name = c.column_name COLLATE "C";
INSERT INTO pulse.dictionary VALUES
('dictionary', 'position', 'Thứ tự', 'Position', 'Thứ tự của cột trong bảng', 'Order of the column within the view'),
('dictionary', 'additive', 'Được cộng', 'Additive', 'Số đếm: các cột khóa mà trên đó được cộng; no: không bao giờ cộng (tỷ lệ, hạng, số lặp lại); trống: không phải số liệu', 'Of a count: the key columns over which it may be added up; no: never (rates, ranks, sums that repeat); empty: no figure'),
('dictionary', 'grain', 'Khóa của bảng', 'Grain', 'Các cột phân biệt các dòng (NULL là một giá trị); trống: không có', 'Columns that tell the view''s rows apart (NULL is a value); empty: none do'),
('dictionary', 'rows', 'Số dòng', 'Rows', 'Bảng có khoảng bao nhiêu dòng', 'About how many rows the view has'),
('dictionary', 'rows_en', 'Số dòng (tiếng Anh)', 'Rows (English)', 'Bảng có khoảng bao nhiêu dòng, bằng tiếng Anh', 'The same in English');
GRANT SELECT ON bi.dictionary TO mooc_bi, mooc_writer;
GRANT SELECT ON pulse.dictionary, pulse.grains, pulse.adds_over TO mooc_writer;

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
        IF d.column_name = '' AND d.rows IS NULL THEN
            RAISE EXCEPTION 'pulse.grains says nothing about bi.%', d.view_name;
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
UPDATE pulse.schema_version SET version = 4;

COMMIT;
