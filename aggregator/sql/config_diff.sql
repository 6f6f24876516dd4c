-- What loading the staged folder would change: class, thing, code, change, detail, and code and detail in Vietnamese where they have other
-- words (NULL: as they are). Classes: label (at once), addition (extends
-- the config of the live generation), generation (needs a new one), fault (must not be loaded at all).
WITH empty AS (
    SELECT NOT EXISTS (SELECT FROM pulse.offsets o JOIN pulse.live USING (generation) WHERE o.next_offset > 0) AS is_empty
), used_units AS (
    SELECT unit FROM pulse.live_tallies WHERE unit <> '' UNION SELECT unit FROM pulse.live_issues WHERE unit <> ''
    UNION SELECT unit FROM pulse.live_headcounts WHERE unit <> ''
), mentioned AS (
    SELECT kind AS thing, CASE WHEN kind = 'course' THEN source || ' ' || code ELSE code END AS code FROM pulse.live_unmapped
), new_sources AS (
    -- Courses on a platform that their training did not have: people's accounts there count for it from now on.
    SELECT DISTINCT s.source
      FROM staged_courses s
     WHERE s.training IN (SELECT training FROM pulse.live_trainings)
       AND (s.training, s.source) NOT IN (SELECT training, source FROM pulse.live_courses)
), counted_sources AS (
    SELECT source FROM new_sources n
     WHERE EXISTS (SELECT FROM archive.events e WHERE e.source = n.source AND e.type LIKE 'account.%')
), words (key, vi) AS (
    VALUES ('name', 'tên'), ('printed_name', 'tên in'), ('kind', 'loại'), ('parent', 'cấp trên'), ('territory', 'địa bàn'),
           ('print_order', 'thứ tự in'), ('valid_from', 'có từ ngày'), ('valid_to', 'có đến ngày'), ('official_code', 'mã chính thức'),
           ('successors', 'đơn vị kế tiếp'), ('aliases', 'tên gọi khác'), ('above', 'cấp trên'), ('name_vi', 'tên tiếng Việt'),
           ('name_en', 'tên tiếng Anh'), ('province', 'tỉnh'), ('wave', 'đợt'), ('training', 'khóa'), ('unit', 'đơn vị'),
           ('measure', 'số liệu'), ('planned', 'chỉ tiêu'), ('planned_max', 'chỉ tiêu cao nhất'), ('share', 'tỷ lệ biên chế'),
           ('staff_on', 'biên chế ngày'), ('per_helper', 'số người mỗi người hỗ trợ'), ('approximate', 'số gần đúng'), ('phase', 'giai đoạn'),
           ('begins', 'ngày bắt đầu'), ('ends', 'ngày kết thúc'), ('staff', 'biên chế'), ('helpers', 'số người hỗ trợ'),
           ('completion_min_progress', 'hoàn thành theo tiến độ'), ('completion_by', 'hoàn thành theo'),
           ('completion_min_attendance', 'hoàn thành theo số buổi'), ('deadline_working_days', 'hạn, số ngày làm việc'),
           ('lectures', 'số bài giảng'), ('lecture_minutes', 'số phút mỗi bài giảng'), ('totals_only', 'chỉ có số tổng'),
           ('exam', 'bài thi'), ('learning_shown', 'cho biết việc học')
), changes AS (
    SELECT position, thing, code, old, new,
           CASE WHEN old IS NULL THEN 'added' WHEN new IS NULL THEN 'removed' ELSE 'changed' END AS change,
           CASE
               WHEN thing = 'unit' AND new IS NULL AND code IN (SELECT unit FROM used_units)
                   THEN 'people are counted in it: keep it and set valid_to'
               WHEN position < 10 OR is_empty OR old IS NOT NULL THEN NULL
               WHEN (thing, code) IN (SELECT thing, code FROM mentioned) THEN 'events that are already counted mention it'
               WHEN thing = 'course' AND split_part(code, ' ', 1) IN (SELECT source FROM counted_sources)
                    AND (new ->> 'training', split_part(code, ' ', 1)) NOT IN (SELECT training, source FROM pulse.live_courses)
                    AND new ->> 'training' IN (SELECT training FROM pulse.live_trainings)
                   THEN 'accounts of this platform are already counted, and the training had no course on it'
           END AS obstacle
      FROM config_pairs CROSS JOIN empty
     WHERE old IS DISTINCT FROM new
)
SELECT CASE
           WHEN thing = 'unit' AND obstacle IS NOT NULL THEN 'fault'
           WHEN position < 10 THEN 'label'
           WHEN is_empty OR (change = 'added' AND obstacle IS NULL) THEN 'addition'
           ELSE 'generation'
       END AS class,
       thing, code, change,
       CASE
           WHEN obstacle IS NOT NULL THEN obstacle
           WHEN change = 'changed'
               THEN (SELECT string_agg(format('%s %s -> %s', key, coalesce(old ->> key, '(none)'), coalesce(new ->> key, '(none)')),
                                       '; ' ORDER BY key)
                       FROM jsonb_object_keys(old || new) key WHERE old -> key IS DISTINCT FROM new -> key)
           WHEN change = 'removed' AND position >= 10 AND NOT is_empty THEN 'figures are counted with it'
           ELSE ''
       END AS detail,
       CASE WHEN thing = 'line' THEN replace(replace(replace(replace(code, ' management from ', ' (quản lý) từ '),
                                                             ' territory from ', ' (địa bàn) từ '), '-infinity', 'đầu'), 'infinity', 'nay')
       END AS code_vi,
       CASE WHEN obstacle IS NULL AND change = 'changed'
           THEN (SELECT string_agg(format('%s (%s): %s -> %s', coalesce(w.vi, replace(k.key, 'pass rule', 'quy tắc đạt')), k.key,
                                          coalesce(nullif(old ->> k.key, 'infinity'), '(trống)'), coalesce(nullif(new ->> k.key, 'infinity'), '(trống)')),
                                   '; ' ORDER BY k.key)
                   FROM jsonb_object_keys(old || new) k (key) LEFT JOIN words w USING (key)
                  WHERE old -> k.key IS DISTINCT FROM new -> k.key)
       END AS detail_vi
  FROM changes CROSS JOIN empty
 ORDER BY position, code;
