SELECT kind, label_vi, label_en FROM pulse.issue_kinds ORDER BY position
