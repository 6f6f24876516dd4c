#include "replay_config.h"

#include <stdio.h>

#include "../../common/tell.h"

#include "../config/changes.h"
#include "../config/folder.h"
#include "../report/scope.h"
#include "sql.h"

/* Option training: nothing else may change how figures are counted. */
static bool stays_within(struct pg *pg, const struct teller *to, const char *training,
                         struct error *err)
{
    struct pg_rows *rows =
        training ? pg_query(pg, sql_config_changed_beyond, 1, &training, err) : NULL;
    if (!rows)
        return training == NULL;
    bool within = pg_rows_count(rows) == 0;
    if (!within)
        error_set(
            err, ERROR_CONFIG, false,
            TELL(to,
                 "thư mục còn sửa %s, không chỉ của khóa %s: replay start không có --training "
                 "tính lại toàn bộ",
                 "the folder also changes %s: that reaches beyond training %s; replay start "
                 "without --training counts everything anew"),
            pg_rows_value(rows, 0, 0), training);
    pg_rows_free(rows);
    return within;
}

static int store(struct pg *pg, const struct options *options, const struct reference *reference,
                 int live_version, struct error *err)
{
    struct config_changes *changes = NULL;
    if (!config_changes_stage(pg, reference, err) || !(changes = config_changes_find(pg, err)))
        return -1;
    const struct teller to = tell_of(options);
    config_changes_print(changes, &to, stderr);
    int64_t version = live_version;
    bool counts = config_changes_count(changes, CHANGE_GENERATION) > 0 ||
                  config_changes_count(changes, CHANGE_ADDITION) > 0;
    if (config_changes_count(changes, CHANGE_FAULT) > 0) {
        error_set(err, ERROR_CONFIG, false, "%s",
                  TELL(&to, "thư mục có lỗi: chưa làm gì", "the folder has faults: nothing was done"));
        version = -1;
    } else if (!stays_within(pg, &to, options_text(options, "training"), err) ||
               (!options_boolean(options, "dry_run") && !pg_run(pg, sql_config_apply_labels, err))) {
        version = -1;
    } else if (counts) {
        version = config_changes_store(pg, reference, err);
    } else {
        fputs(TELL(&to, "thư mục này đếm đúng như số liệu đang dùng được đếm\n",
                   "the folder counts with what the live figures are counted with\n"),
              stderr);
    }
    config_changes_free(changes);
    return (int)version;
}

/* Where the folder changes nothing, nothing would lie outside of a training that there is not. */
static bool is_training(struct pg *pg, const char *training, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_trainings, 1, &training, err);
    bool known = rows && pg_rows_count(rows) == 1;
    if (rows && !known)
        scope_refuse_training(pg, training, err);
    pg_rows_free(rows);
    return known;
}

int replay_config(struct pg *pg, const struct options *options, int live_version, struct error *err)
{
    const char *folder = options_text(options, "folder");
    const struct teller to = tell_of(options);
    if (!folder && options_text(options, "training")) {
        error_set(err, ERROR_USAGE, false, "%s",
                  TELL(&to, "--training đi với --config THƯ-MỤC: đã sửa gì?",
                       "--training goes with --config DIR: what has changed?"));
        return -1;
    }
    if (!folder)
        return live_version;
    if (options_text(options, "training") && !is_training(pg, options_text(options, "training"), err))
        return -1;
    struct reference *reference = config_folder_read(folder, &to, err);
    if (!reference)
        return -1;
    int version = store(pg, options, reference, live_version, err);
    reference_free(reference);
    return version;
}
