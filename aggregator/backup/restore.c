/* mooc-aggregator restore DIR */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/backup_files.h"
#include "../../common/manifest.h"
#include "../../common/file.h"
#include "../audit.h"
#include "../commands.h"
#include "../fold/fold.h"
#include "../session.h"
#include "backup.h"
#include "sql.h"

#define MAX_FILE ((size_t)1 << 30)
#ifndef PORTION_BYTES /* of rows in one statement; tests cut into small ones */
#define PORTION_BYTES ((size_t)4 << 20)
#endif

struct restoring {
    const char *folder;
    struct json *manifest;
    struct pg *pg;
    bool from_archive; /* the database holds one, and nothing else */
    int64_t generation, config_version, fold_version;
    size_t tables;
    int64_t rows;
    size_t logins;
    struct text_buffer without_password; /* logins that must be made anew, ", " between them */
    struct text_buffer there;            /* logins that the server has already */
};

/* ---- what the backup says ---- */

static bool read_database(struct restoring *r, struct error *err)
{
    const struct json *database = json_get(r->manifest, "database");
    int64_t schema = 0;
    if (!json_integer(json_get(database, "schema_version"), &schema) ||
        !json_integer(json_get(database, "generation"), &r->generation) ||
        !json_integer(json_get(database, "fold_version"), &r->fold_version) ||
        !json_integer(json_get(database, "config_version"), &r->config_version))
        return error_set(err, ERROR_STATE, false, "%s/manifest.json says nothing of a database",
                         r->folder);
    return schema == SESSION_SCHEMA_VERSION ||
           error_set(
               err, ERROR_STATE, false,
               "%s was saved from schema version %lld, this program knows %d: restore it with "
               "mooc-aggregator %s, then bring schema and program up to date",
               r->folder, (long long)schema, SESSION_SCHEMA_VERSION,
               json_get_string(r->manifest, "version"));
}

static const struct json *table_of(const struct restoring *r, const char *name)
{
    const struct json *table = json_first(json_get(r->manifest, "tables"));
    for (; table != NULL; table = json_next(table)) {
        const char *its = json_get_string(table, "name");
        if (its != NULL && strcmp(its, name) == 0)
            break;
    }
    return table;
}

/* ---- tables ---- */

/* Rows to the server, as one array. */
static bool send_rows(struct restoring *r, const char *table, struct text_buffer *array,
                      int64_t *rows, struct error *err)
{
    if (array->length == 0)
        return true;
    text_buffer_add_text(array, "]");
    const char *const parameters[] = {table, array->data};
    struct pg_rows *added = pg_query(r->pg, sql_restore_rows, 2, parameters, err);
    text_buffer_clear(array);
    if (added == NULL)
        return error_context(err, "%s", table);
    *rows += pg_rows_integer(added, 0, 0, 0);
    pg_rows_free(added);
    return true;
}

static bool restore_lines(struct restoring *r, const char *table, char *text, int64_t *rows,
                          struct error *err)
{
    struct text_buffer array = {0};
    bool fine = true;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); fine && line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        text_buffer_add_text(&array, array.length > 0 ? "," : "[");
        text_buffer_add_text(&array, line);
        if (array.length >= PORTION_BYTES)
            fine = send_rows(r, table, &array, rows, err);
    }
    fine = fine && send_rows(r, table, &array, rows, err);
    text_buffer_free(&array);
    return fine;
}

static bool restore_table(struct restoring *r, const char *name, const char *columns,
                          struct error *err)
{
    char path[BACKUP_PATH];
    size_t length = 0;
    int64_t wanted = 0, rows = 0;
    const struct json *table = table_of(r, name);
    const char *saved = json_get_string(table, "columns");
    if (saved == NULL || strcmp(saved, columns) != 0 ||
        !json_integer(json_get(table, "rows"), &wanted))
        return error_set(err, ERROR_STATE, false,
                         "%s has table %s in another shape than this schema (%s): restore it with "
                         "mooc-aggregator %s, then bring schema and program up to date",
                         r->folder, name, saved != NULL ? saved : "not at all",
                         json_get_string(r->manifest, "version"));
    backup_table_path(r->folder, name, path);
    char *text = file_read_whole(path, MAX_FILE, &length, err);
    bool fine = text != NULL && restore_lines(r, name, text, &rows, err);
    free(text);
    if (fine && rows != wanted)
        fine = error_set(err, ERROR_STATE, false, "%s holds %lld rows, not %lld", path,
                         (long long)rows, (long long)wanted);
    r->tables++;
    r->rows += rows;
    return fine;
}

static bool restore_tables(struct restoring *r, struct error *err)
{
    struct pg_rows *list = pg_query(r->pg, sql_saved_tables, 0, NULL, err);
    bool fine = list != NULL;
    for (size_t i = 0; fine && i < pg_rows_count(list); i++)
        fine = restore_table(r, pg_rows_value(list, i, 0), pg_rows_value(list, i, 1), err);
    pg_rows_free(list);
    return fine;
}

/* ---- logins ---- */

static void add_name(struct text_buffer *list, const char *name)
{
    text_buffer_add_text(list, list->length > 0 ? ", " : "");
    text_buffer_add_text(list, name);
}

/* Logins belong to the server: another database of it may have them. */
static bool restore_login(struct restoring *r, const char *login, const char *verifier,
                          struct error *err)
{
    const char *const parameters[] = {login, verifier};
    struct pg_rows *rows = pg_query(r->pg, sql_restore_login_there, 1, parameters, err);
    bool fine = rows != NULL, there = fine && pg_rows_count(rows) > 0;
    pg_rows_free(rows);
    if (!fine || there || verifier == NULL) {
        if (fine)
            add_name(there ? &r->there : &r->without_password, login);
        return fine;
    }
    rows = pg_query(r->pg, sql_restore_login, 2, parameters, err);
    fine = rows != NULL;
    pg_rows_free(rows);
    r->logins += fine;
    return fine;
}

static bool restore_logins(struct restoring *r, struct error *err)
{
    char path[BACKUP_PATH];
    size_t length = 0;
    backup_table_path(r->folder, BACKUP_LOGINS, path);
    char *text = file_read_whole(path, MAX_FILE, &length, err), *rest = NULL;
    bool fine = text != NULL;
    for (char *line = fine ? strtok_r(text, "\n", &rest) : NULL; fine && line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        struct json *entry = json_parse(line, strlen(line), err);
        const char *login = json_get_string(entry, "login");
        if (login != NULL)
            fine = restore_login(r, login, json_get_string(entry, "verifier"), err);
        else
            fine = error_set(err, ERROR_STATE, false, "%s is damaged", path);
        json_free(entry);
    }
    free(text);
    return fine;
}

/* ---- the whole ---- */

static bool restore_begin(struct restoring *r, struct error *err)
{
    if (!pg_begin(r->pg, err))
        return false;
    const char *with_archive = r->from_archive ? "t" : "f";
    struct pg_rows *rows = pg_query(r->pg, sql_restore_begin, 1, &with_archive, err);
    pg_rows_free(rows);
    if (rows == NULL && strcmp(pg_sqlstate(r->pg), "55000") == 0) /* not in prerequisite state */
        return error_context(err, "nothing was written; a backup goes into a database that was "
                                  "deployed anew");
    return rows != NULL;
}

/* The export may be older than an erasure that the backup knows of. */
static bool blank_erased(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_restore_blank_erased, 0, NULL, err);
    pg_rows_free(rows);
    return rows != NULL;
}

/* What the saved generation had counted, partition by partition; those that the archive holds stand where it stands. */
static bool restore_from_archive(struct restoring *r, struct error *err)
{
    struct text_buffer partitions = {0};
    const struct json *offset = json_first(json_get(json_get(r->manifest, "database"), "offsets"));
    for (; offset != NULL; offset = json_next(offset)) {
        const char *topic = json_get_string(offset, "topic");
        int64_t generation = 0, partition = 0;
        if (topic == NULL || !json_integer(json_get(offset, "generation"), &generation) ||
            !json_integer(json_get(offset, "partition"), &partition) || generation != r->generation)
            continue;
        text_buffer_add_text(&partitions, partitions.length > 0 ? ",{\"topic\":" : "[{\"topic\":");
        text_buffer_add_json_string(&partitions, topic);
        text_buffer_add_format(&partitions, ",\"partition\":%lld}", (long long)partition);
    }
    text_buffer_add_text(&partitions, partitions.length > 0 ? "]" : "[]");
    const char *parameter = partitions.data;
    struct pg_rows *rows = pg_query(r->pg, sql_restore_from_archive, 1, &parameter, err);
    pg_rows_free(rows);
    text_buffer_free(&partitions);
    return rows != NULL && blank_erased(r->pg, err);
}

static bool restore_end(struct restoring *r, const struct options *options, struct error *err)
{
    char config[24];
    struct text_buffer detail = {0};
    snprintf(config, sizeof(config), "%lld", (long long)r->config_version);
    const char *const parameters[] = {config};
    struct pg_rows *rows = pg_query(r->pg, sql_restore_end, 1, parameters, err);
    bool fine = rows != NULL;
    pg_rows_free(rows);
    const char *made_at = json_get_string(r->manifest, "made_at");
    text_buffer_add_format(&detail, "{\"was_generation\":%lld,\"rows\":%lld,\"saved_at\":",
                           (long long)r->generation, (long long)r->rows);
    text_buffer_add_json_string(&detail, made_at != NULL ? made_at : "");
    text_buffer_add_text(&detail, "}");
    const struct audit_entry entry = {"restore", options_text(options, "reason"), 1,
                                      (int)r->config_version, detail.data};
    fine = fine && (!r->from_archive || restore_from_archive(r, err)) &&
           audit_note(r->pg, &entry, err) && pg_commit(r->pg, err);
    if (err->kind == ERROR_UNKNOWN_OUTCOME)
        error_context(err, "whether the backup was restored is not known; run restore again: it "
                           "refuses if it was");
    text_buffer_free(&detail);
    return fine;
}

static bool restore_database(struct restoring *r, const struct options *options, struct error *err)
{
    r->pg = session_open(options, "restore", false, err);
    return r->pg != NULL && restore_begin(r, err) && restore_tables(r, err) &&
           restore_logins(r, err) && restore_end(r, options, err);
}

static void tell(const struct restoring *r, const struct backup_put *put)
{
    printf("restored from %s, saved %s: %zu tables with %lld rows, %zu logins of BI tools; "
           "generation 1 has config version %lld, as generation %lld had\n",
           r->folder, json_get_string(r->manifest, "made_at"), r->tables, (long long)r->rows,
           r->logins, (long long)r->config_version, (long long)r->generation);
    if (put->kept.length > 0)
        printf("these files stand here otherwise than they were saved, and were kept:\n%s",
               put->kept.data);
    if (r->there.length > 0)
        printf("logins that this server has already, left as they are: %s\n", r->there.data);
    if (r->without_password.length > 0)
        printf("passwords of these logins could not be saved; make them anew with "
               "`mooc-aggregator bi-user add NAME --password-file FILE`: %s\n",
               r->without_password.data);
    if (r->fold_version != FOLD_VERSION)
        printf("the saved figures were counted by version %lld of the rules of counting, this "
               "program counts by version %d: they may differ\n",
               (long long)r->fold_version, FOLD_VERSION);
    printf("%s\n",
           r->from_archive
               ? "next: `mooc-aggregator replay start --from-archive` counts the archive, "
                 "`replay promote` shows its figures, `replay drop` removes the empty ones; "
                 "then `mooc-aggregator run`"
               : "next: `mooc-aggregator run` counts from the log's start; its figures are "
                 "those of before once it has read as far");
}

int command_restore(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct restoring r = {.folder = options_argument(options, 0),
                          .from_archive = options_boolean(options, "from_archive")};
    struct backup_put put = {.other = BACKUP_OTHER_KEPT};
    const char *password = options_text(options, "database_password_file");
    r.manifest = manifest_check(program, r.folder, &err);
    bool fine =
        r.manifest != NULL && read_database(&r, &err) && backup_files_put(r.folder, &put, &err);
    /* Without its password the database cannot be looked at. */
    put.write = password != NULL && access(password, F_OK) != 0;
    fine = fine && (!put.write || backup_files_put(r.folder, &put, &err)) &&
           restore_database(&r, options, &err);
    put.write = true;
    text_buffer_clear(&put.kept);
    if (fine && backup_files_put(r.folder, &put, &err))
        tell(&r, &put);
    pg_free(r.pg);
    json_free(r.manifest);
    backup_put_free(&put);
    text_buffer_free(&r.without_password);
    text_buffer_free(&r.there);
    return err.kind != ERROR_NONE ? session_fail(options, &err) : 0;
}
