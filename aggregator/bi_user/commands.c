/* mooc-aggregator bi-user add|list|drop NAME */
#include <stdio.h>
#include <string.h>

#include "../../common/crypto.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "../audit.h"
#include "../commands.h"
#include "../report/width.h"
#include "../session.h"
#include "password.h"
#include "scram.h"
#include "sql.h"

/* Who may look at whose figures from now on. units: NULL: all. */
static bool note(struct pg *pg, const char *action, const char *login, const char *units,
                 struct error *err)
{
    struct text_buffer detail = {0};
    text_buffer_add_text(&detail, "{\"login\":");
    text_buffer_add_json_string(&detail, login);
    if (units != NULL) {
        text_buffer_add_text(&detail, ",\"units\":");
        text_buffer_add_json_string(&detail, units);
    }
    text_buffer_add_text(&detail, "}");
    const struct audit_entry entry = {.action = action, .config_version = -1, .detail = detail.data};
    bool noted = audit_note(pg, &entry, err);
    text_buffer_free(&detail);
    return noted;
}

/* parameters: the login first, of an addition its units last. */
static bool call(const struct options *options, const char *action, const char *sql, size_t count,
                 const char *const *parameters, struct error *err)
{
    struct pg *pg = session_open(options, "bi-user", false, err);
    if (pg == NULL)
        return false;
    struct pg_rows *rows = pg_begin(pg, err) ? pg_query(pg, sql, count, parameters, err) : NULL;
    const char *units = count > 2 ? parameters[2] : NULL;
    bool done = rows != NULL && note(pg, action, parameters[0], units, err) && pg_commit(pg, err);
    pg_rows_free(rows);
    pg_free(pg);
    return done;
}

/* As pulse.add_bi_login takes it. */
static bool name_is_fit(const char *name, struct error *err)
{
    size_t length = strlen(name);
    bool fit = length > 0 && length <= 48 && name[0] >= 'a' && name[0] <= 'z' &&
               strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length &&
               strncmp(name, "pg_", 3) != 0;
    return fit ||
           error_tell(
               err, ERROR_USAGE, false,
               "\"%.64s\" không làm tên tài khoản được: chỉ gồm a-z, 0-9 và _, bắt đầu bằng "
               "chữ cái (không phải pg_), dài nhiều nhất 48 ký tự, chẳng hạn so_y_te",
               "\"%.64s\" can be no login's name: a-z, 0-9 and _, a letter first and no pg_, "
               "at most 48 characters, such as so_y_te",
               name);
}

static bool make_verifier(const struct options *options, const struct teller *to, const char *login,
                          char out[SCRAM_VERIFIER], struct error *err)
{
    const char *path = options_text(options, "password_file");
    if (path == NULL)
        return error_set(err, ERROR_USAGE, false,
                         TELL(to, "bi-user add cần --password-file TỆP có mật khẩu của tài khoản mới",
                              "bi-user add needs --password-file FILE with the new login's "
                              "password"));
    size_t length;
    char *password = secret_read_file(path, &length, err);
    if (password == NULL)
        return false;
    uint8_t salt[SCRAM_SALT];
    uint64_t random[2] = {random_u64(), random_u64()};
    memcpy(salt, random, sizeof(salt));
    bool made = password_is_fit(login, password, length, err) &&
                scram_verifier(password, length, salt, out, err);
    secret_free(password, length);
    return made;
}

int command_bi_user_add(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    char verifier[SCRAM_VERIFIER];
    const char *name = options_argument(options, 0), *units = options_text(options, "unit");
    const char *parameters[] = {name, verifier, units};
    const struct teller to = tell_of(options);
    /* As of an unset variable: not a word that would limit the login, and so no login. */
    if (units != NULL && units[strspn(units, " ,")] == '\0')
        error_set(&err, ERROR_USAGE, false,
                  TELL(&to,
                       "--unit không nêu đơn vị nào: ghi mã đơn vị, hoặc bỏ --unit để tài khoản "
                       "xem được tất cả",
                       "--unit names no unit: give its code, or leave --unit out for a login that "
                       "sees all"));
    if (err.kind != ERROR_NONE || !name_is_fit(name, &err) ||
        !make_verifier(options, &to, name, verifier, &err) ||
        !call(options, "bi-user add", sql_bi_user_add, 3, parameters, &err))
        return session_fail(options, &err);
    if (units == NULL)
        printf(TELL(&to, "Tài khoản %s đăng nhập được và xem được mọi số liệu (schema bi)\n",
                    "%s can log in and reads all figures, in the views of schema bi\n"),
               name);
    else
        printf(TELL(&to,
                    "Tài khoản %s đăng nhập được và xem được số liệu của %s cùng các đơn vị trực "
                    "thuộc (schema bi)\n",
                    "%s can log in and reads the figures of %s and below, in the views of schema "
                    "bi\n"),
               name, units);
    return 0;
}

int command_bi_user_drop(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const char *parameters[] = {options_argument(options, 0)};
    if (!call(options, "bi-user drop", sql_bi_user_drop, 1, parameters, &err))
        return session_fail(options, &err);
    const struct teller to = tell_of(options);
    printf(TELL(&to, "Đã xóa tài khoản %s\n", "%s is gone\n"), parameters[0]);
    return 0;
}

/* In the order of sql/bi_users.sql. */
enum column { LOGIN, SESSIONS, UNITS };

static void add_login(const struct teller *to, const struct pg_rows *rows, size_t row,
                      struct text_buffer *out)
{
    const char *login = pg_rows_value(rows, row, LOGIN), *units = pg_rows_value(rows, row, UNITS);
    long long count = pg_rows_integer(rows, row, SESSIONS, 0);
    char sessions[48];
    snprintf(sessions, sizeof(sessions),
             TELL(to, "%lld phiên kết nối", count == 1 ? "%lld session" : "%lld sessions"), count);
    text_pad(out, login, strlen(login), 32, ALIGN_LEFT);
    text_buffer_add_text(out, " ");
    text_pad(out, sessions, strlen(sessions), TELL(to, 18, 12), ALIGN_LEFT);
    text_buffer_add_format(out, " %s\n", units != NULL ? units : TELL(to, "mọi đơn vị", "all units"));
}

int command_bi_user_list(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct pg *pg = session_open(options, "bi-user", true, &err);
    struct pg_rows *rows = pg != NULL ? pg_query(pg, sql_bi_users, 0, NULL, &err) : NULL;
    const struct teller to = tell_of(options);
    int exit_code = 0;
    if (rows != NULL) {
        struct text_buffer out = {0};
        for (size_t i = 0; i < pg_rows_count(rows); i++)
            add_login(&to, rows, i, &out);
        if (pg_rows_count(rows) == 0)
            text_buffer_add_text(
                &out, TELL(&to, "chưa có tài khoản BI nào\n", "there is no BI login yet\n"));
        fwrite(out.data, 1, out.length, stdout);
        text_buffer_free(&out);
        pg_rows_free(rows);
    } else {
        exit_code = session_fail(options, &err);
    }
    pg_free(pg);
    return exit_code;
}
