COPY verify_packed (subject, training, entity, kind, flags, revision, data_hash, us, day, value, attempt, course, name, citizen, faults, row_number,
                    source, wave, unit, study_group, invited_by, file, sheet, identifiers, audiences) FROM STDIN (FORMAT binary)
