/* mooc-aggregator backup DIR */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/backup_files.h"
#include "../../common/manifest.h"
#include "../../common/file.h"
#include "../../common/tree.h"
#include "../commands.h"
#include "../session.h"
#include "backup.h"
#include "sql.h"

struct saving {
    const char *folder;
    struct pg *pg;
    struct text_buffer tables; /* the manifest's member */
    size_t table_count;
    int64_t rows;
    size_t logins, verifiers;
};

static bool write_table(struct saving *s, const char *name, const struct text_buffer *lines,
                        struct error *err)
{
    char path[BACKUP_PATH];
    backup_table_path(s->folder, name, path);
    return file_write_whole(path, lines->length > 0 ? lines->data : "", lines->length, err);
}

static bool save_table(struct saving *s, const char *name, const char *columns, struct error *err)
{
    const char *const parameters[] = {name};
    struct pg_rows *rows = pg_query(s->pg, sql_saved_rows, 1, parameters, err);
    if (rows == NULL)
        return false;
    struct text_buffer lines = {0};
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        text_buffer_add(&lines, pg_rows_value(rows, i, 0), pg_rows_length(rows, i, 0));
        text_buffer_add_text(&lines, "\n");
    }
    text_buffer_add_text(&s->tables, s->table_count > 0 ? ",\n{\"name\":" : "\n{\"name\":");
    text_buffer_add_json_string(&s->tables, name);
    text_buffer_add_format(&s->tables, ",\"rows\":%zu,\"columns\":", pg_rows_count(rows));
    text_buffer_add_json_string(&s->tables, columns);
    text_buffer_add_text(&s->tables, "}");
    s->table_count++;
    s->rows += (int64_t)pg_rows_count(rows);
    pg_rows_free(rows);
    bool written = write_table(s, name, &lines, err);
    text_buffer_free(&lines);
    return written;
}

static bool save_tables(struct saving *s, struct error *err)
{
    char path[BACKUP_PATH];
    snprintf(path, sizeof(path), "%s/tables", s->folder);
    struct pg_rows *list = pg_query(s->pg, sql_saved_tables, 0, NULL, err);
    bool fine = list != NULL && tree_make(path, err);
    for (size_t i = 0; fine && i < pg_rows_count(list); i++)
        fine = save_table(s, pg_rows_value(list, i, 0), pg_rows_value(list, i, 1), err);
    pg_rows_free(list);
    return fine;
}

static bool save_logins(struct saving *s, struct error *err)
{
    struct pg_rows *rows = pg_query(s->pg, sql_saved_logins, 0, NULL, err);
    struct text_buffer lines = {0};
    if (rows == NULL)
        return false;
    s->logins = pg_rows_count(rows);
    for (size_t i = 0; i < s->logins; i++) {
        const char *verifier = pg_rows_value(rows, i, 1);
        text_buffer_add_text(&lines, "{\"login\":");
        text_buffer_add_json_string(&lines, pg_rows_value(rows, i, 0));
        if (verifier != NULL) {
            text_buffer_add_text(&lines, ",\"verifier\":");
            text_buffer_add_json_string(&lines, verifier);
            s->verifiers++;
        }
        text_buffer_add_text(&lines, "}\n");
    }
    pg_rows_free(rows);
    bool written = write_table(s, BACKUP_LOGINS, &lines, err);
    text_buffer_free(&lines);
    return written;
}

static bool save_manifest(const struct saving *s, const struct program *program, struct error *err)
{
    struct pg_rows *rows = pg_query(s->pg, sql_backup_state, 0, NULL, err);
    struct text_buffer more = {0};
    if (rows == NULL)
        return false;
    text_buffer_add_format(&more, ",\n\"database\":%s,\n\"tables\":[%s]", pg_rows_value(rows, 0, 0),
                           s->tables.length > 0 ? s->tables.data : "");
    pg_rows_free(rows);
    bool written = manifest_write(program, "backup_of", s->folder, more.data, err);
    text_buffer_free(&more);
    return written;
}

static void tell(const struct saving *s, const struct backup_files *files)
{
    printf("saved into %s: the configuration, %lld files that it names, %zu tables with %lld rows "
           "(reference data of every config version, audit, what was set aside), %zu logins of BI "
           "tools%s. Figures and archive are not in it: they come from the log. It holds "
           "passwords: keep it as you keep keys\n",
           s->folder, (long long)files->count, s->table_count, (long long)s->rows, s->logins,
           s->verifiers < s->logins ? " (some without password, which cannot be read here)" : "");
}

/* It may be named by a flag or a variable. */
static bool save_password(struct backup_files *files, struct error *err)
{
    const char *given = options_text(files->options, "database_password_file");
    char *path = given != NULL ? realpath(given, NULL) : NULL;
    bool fine = path == NULL || backup_files_add(files, path, err);
    free(path);
    return fine;
}

int command_backup(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct backup_files files = {0};
    struct saving s = {.folder = options_argument(options, 0)};
    s.pg = session_open(options, "backup", true, &err);
    if (s.pg != NULL && backup_files_begin(&files, options, s.folder, "aggregator.yaml", &err) &&
        save_password(&files, &err) && backup_files_add_named(&files, &err) &&
        backup_files_end(&files, &err) && save_tables(&s, &err) && save_logins(&s, &err) &&
        save_manifest(&s, program, &err))
        tell(&s, &files);
    backup_files_free(&files);
    text_buffer_free(&s.tables);
    pg_free(s.pg);
    return err.kind != ERROR_NONE ? session_fail(options, &err) : 0;
}
