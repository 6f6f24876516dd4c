/* mooc-aggregator config check|diff|load DIR */
#include <stdio.h>

#include "../../common/tell.h"
#include "../audit.h"
#include "../commands.h"
#include "../session.h"
#include "changes.h"
#include "folder.h"
#include "sql.h"

int command_config_check(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    struct reference *reference = config_folder_read(options_argument(options, 0), &to, &err);
    if (reference == NULL)
        return session_fail(options, &err);
    printf(TELL(&to,
                "%s: %zu đơn vị, %zu khóa, %zu đợt, %zu khóa học trên nền tảng, %zu chỉ tiêu, %zu "
                "ngày trong lịch; không thấy lỗi\n",
                "%s: %zu units, %zu trainings, %zu waves, %zu courses, %zu targets, %zu calendar "
                "days; no fault found\n"),
           options_argument(options, 0), reference->unit_count, reference->training_count,
           reference->wave_count, reference->course_count, reference->target_count,
           reference->day_count);
    reference_free(reference);
    return 0;
}

/* What is kept beside the live generation would not know what is added to it. */
static bool is_alone(struct pg *pg, const struct teller *to, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_config_kept_beside, 0, NULL, err);
    if (rows == NULL)
        return false;
    bool alone = pg_rows_count(rows) == 0;
    if (!alone)
        error_set(
            err, ERROR_STATE, false,
            TELL(to,
                 "phiên bản số liệu %s đang được giữ bên cạnh và sẽ không biết những gì được "
                 "thêm: hãy dùng nó (mooc-aggregator replay promote) hoặc xóa nó (replay drop) "
                 "trước; replay status cho thấy cả hai",
                 "another set of figures (generation %s) is kept beside the live one and "
                 "would not know what is added: put it into use (mooc-aggregator replay "
                 "promote) or drop it (replay drop) first; replay status shows both"),
            pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return alone;
}

static bool find_changes(struct pg *pg, const struct reference *reference, bool locked,
                         struct config_changes **changes, struct error *err)
{
    if (!pg_begin(pg, err) || !config_changes_stage(pg, reference, err))
        return false;
    if (locked && !pg_run(pg, sql_config_lock, err))
        return false;
    *changes = config_changes_find(pg, err);
    return *changes != NULL;
}

static bool is_refused(const struct config_changes *changes)
{
    return config_changes_count(changes, CHANGE_GENERATION) > 0 ||
           config_changes_count(changes, CHANGE_FAULT) > 0;
}

static bool is_nothing(const struct config_changes *changes)
{
    size_t count = 0;
    for (int i = 0; i < CHANGE_CLASS_COUNT; i++)
        count += config_changes_count(changes, (enum change_class)i);
    return count == 0;
}

/* version: the new config version, unchanged where only labels changed. */
static bool apply(struct pg *pg, const struct options *options, const struct reference *reference,
                  const struct config_changes *changes, int64_t *version, struct error *err)
{
    if (!pg_run(pg, sql_config_apply_labels, err))
        return false;
    if (config_changes_count(changes, CHANGE_ADDITION) > 0) {
        const struct teller to = tell_of(options);
        if (!is_alone(pg, &to, err))
            return false;
        *version = config_changes_store(pg, reference, err);
        if (*version < 0 || !pg_run(pg, sql_config_adopt_version, err))
            return false;
    }
    const struct audit_entry entry = {"config load", options_text(options, "reason"), 0,
                                      *version > 0 ? (int)*version : -1, NULL};
    return audit_note(pg, &entry, err) && pg_commit(pg, err);
}

static int finish_load(struct pg *pg, const struct options *options,
                       const struct reference *reference, const struct config_changes *changes,
                       struct error *err)
{
    const struct teller to = tell_of(options);
    if (is_nothing(changes)) {
        printf("%s", TELL(&to, "không có gì để nạp: cơ sở dữ liệu đã có thư mục này\n",
                          "nothing to do: the database already holds this folder\n"));
        return 0;
    }
    if (is_refused(changes)) {
        config_changes_print(changes, &to, stderr);
        error_set(err, ERROR_CONFIG, false, "%s",
                  TELL(&to, "chưa nạp gì: xem ở trên", "nothing was loaded: see above"));
        return session_fail(options, err);
    }
    int64_t version = 0;
    if (!apply(pg, options, reference, changes, &version, err)) {
        if (err->kind == ERROR_UNKNOWN_OUTCOME)
            error_context(err, "%s",
                          TELL(&to, "chưa rõ đã nạp hay chưa, mooc-aggregator config diff cho biết",
                               "whether the folder was loaded is not known, mooc-aggregator config "
                               "diff tells"));
        return session_fail(options, err);
    }
    config_changes_print(changes, &to, stdout);
    if (version > 0)
        printf(TELL(&to, "đã nạp thành danh mục phiên bản %lld\n", "loaded as config version %lld\n"),
               (long long)version);
    else
        printf("%s", TELL(&to, "đã nạp\n", "loaded\n"));
    return 0;
}

static int finish_diff(const struct config_changes *changes, const struct teller *to)
{
    const char *outcome;
    config_changes_print(changes, to, stdout);
    if (is_nothing(changes))
        outcome = TELL(to, "không có gì khác: cơ sở dữ liệu đã có thư mục này",
                       "no difference: the database already holds this folder");
    else if (is_refused(changes))
        outcome =
            TELL(to, "config load sẽ từ chối thư mục này", "config load would refuse this folder");
    else
        outcome =
            TELL(to, "config load sẽ nạp được thư mục này", "config load would take this folder");
    printf("%s\n", outcome);
    return 0;
}

static int with_changes(const struct options *options, bool load)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    struct reference *reference = config_folder_read(options_argument(options, 0), &to, &err);
    struct pg *pg = NULL;
    struct config_changes *changes = NULL;
    int exit_code;
    if (reference != NULL)
        pg = session_open(options, load ? "config load" : "config diff", false, &err);
    if (pg == NULL || !find_changes(pg, reference, load, &changes, &err))
        exit_code = session_fail(options, &err);
    else if (load)
        exit_code = finish_load(pg, options, reference, changes, &err);
    else
        exit_code = finish_diff(changes, &to);
    if (pg != NULL)
        pg_rollback(pg); /* after a commit there is nothing left to roll back */
    config_changes_free(changes);
    pg_free(pg);
    if (reference != NULL)
        reference_free(reference);
    return exit_code;
}

int command_config_diff(const struct program *program UNUSED, const struct options *options)
{
    return with_changes(options, false);
}

int command_config_load(const struct program *program UNUSED, const struct options *options)
{
    return with_changes(options, true);
}
