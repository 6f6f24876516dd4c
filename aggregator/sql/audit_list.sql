-- $1: a local day or NULL, for all; $2: in Vietnamese? Entries of the audit, oldest first: for people, and each as one JSON object.
SELECT to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), a.operator, a.login, a.action, a.reason, a.generation,
       a.config_version,
       (SELECT string_agg(CASE WHEN $2::boolean THEN coalesce(w.vi, replace(d.key, '_', ' ')) ELSE replace(d.key, '_', ' ') END || ' '
                          || CASE WHEN jsonb_typeof(d.value) = 'array' THEN jsonb_array_length(d.value)::text
                                  WHEN d.value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$'
                                  THEN to_char((d.value #>> '{}')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI:SS +07:00')
                                  WHEN jsonb_typeof(d.value) <> 'number' THEN d.value #>> '{}'
                                  -- As reports write numbers: the thousands apart, the decimals behind the language's mark.
                                  WHEN $2::boolean THEN translate(n.text, ',.', '.,')
                                  ELSE n.text END, ', ' ORDER BY d.key)
          FROM jsonb_each(a.detail) d
         CROSS JOIN LATERAL (SELECT CASE WHEN jsonb_typeof(d.value) = 'number'
                                         THEN to_char(trunc(d.value::numeric), 'FM999,999,999,999,990')
                                              || CASE WHEN strpos(d.value::text, '.') > 0 THEN '.' || split_part(d.value::text, '.', 2) ELSE '' END
                                    END AS text) n
          LEFT JOIN (VALUES ('login', 'tài khoản'), ('units', 'đơn vị'), ('beside', 'bên cạnh phiên bản'), ('records', 'bản ghi'),
                            ('seconds', 'số giây'), ('in_the_place_of', 'thay phiên bản'), ('with', 'với phiên bản'), ('differing', 'số chỗ khác nhau'),
                            ('wave', 'đợt'), ('file', 'tệp'), ('rows', 'số dòng'), ('people', 'số người'), ('people_on_lists', 'trong đó có trong danh sách của đợt'),
                            ('doc', 'văn bản'), ('at', 'số liệu tính đến'), ('checksum', 'mã kiểm tra'), ('reports', 'số biểu'),
                            ('trainings', 'số khóa'), ('listings', 'số dòng danh sách'), ('learner_keys', 'số khóa định danh'), ('job', 'yêu cầu'),
                            ('accounts', 'số tài khoản'), ('archive_rows', 'số dòng trong kho lưu'), ('archive_months', 'số tháng trong kho lưu'),
                            ('months', 'số tháng'), ('month', 'tháng'), ('folder', 'thư mục'), ('bytes', 'số byte'), ('saved_at', 'sao lưu lúc'),
                            ('was_generation', 'trước là phiên bản'), ('no_account', 'chưa có tài khoản'), ('not_activated', 'chưa kích hoạt'),
                            ('not_started', 'chưa tham gia học'), ('learning', 'đang học'), ('not_sat', 'học xong chưa thi'),
                            ('failed', 'thi không đạt'), ('passed', 'đạt'), ('certified', 'đã được cấp chứng nhận'), ('topic', 'topic')) w (key, vi) ON w.key = d.key),
       row_to_json(a)
  FROM pulse.audit a
 WHERE $1::date IS NULL OR a.at >= $1::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
 ORDER BY a.entry
