/* Why there is no connection to PostgreSQL, or none of use: in words of who has to do something about it. */
#include <stdio.h>
#include <string.h>

#include "../common/tell.h"
#include "pg_private.h"
#include "sql.h"

/* Host and port as they were asked for; a list of hosts stays a list. */
static void say_place(PGconn *connection, struct told *out)
{
    const char *host = NULL, *address = NULL, *port = NULL;
    PQconninfoOption *asked = connection ? PQconninfo(connection) : NULL;
    for (const PQconninfoOption *o = asked; o && o->keyword; o++) {
        if (strcmp(o->keyword, "host") == 0)
            host = o->val;
        else if (strcmp(o->keyword, "hostaddr") == 0)
            address = o->val;
        else if (strcmp(o->keyword, "port") == 0)
            port = o->val;
    }
    if (!host || !*host)
        host = address;
    if (!port || !*port)
        port = "5432";
    if (!host || !*host)
        TOLD_FORMAT(out, "trên máy này (cổng %.60s)", "on this machine (port %.60s)", port);
    else if (*host == '/')
        TOLD_FORMAT(out, "trên máy này (%.150s, cổng %.60s)",
                    "on this machine (%.150s, port %.60s)", host, port);
    else if (strchr(host, ','))
        TOLD_FORMAT(out, "tại %.150s (cổng %.60s)", "at %.150s (port %.60s)", host, port);
    else
        TOLD_FORMAT(out, "tại %.150s:%.60s", "at %.150s:%.60s", host, port);
    PQconninfoFree(asked);
}

/* The server answered, and said no: libpq tells it after "FATAL:". */
static const char *refusal_in(const char *message)
{
    const char *fatal = strstr(message, "FATAL:");
    return fatal ? fatal + strlen("FATAL:") + strspn(fatal + strlen("FATAL:"), " ") : NULL;
}

/* What to do about a refusal, and whether it passes by itself: a login that is wrong stays wrong until a person puts it right. */
struct refusal {
    const char *part; /* of the server's words */
    enum error_kind kind;
    const char *vi, *en;
};

#define TOO_MANY_VI                                                                                              \
    "; hãy kết thúc bớt phiên kết nối, hoặc tăng max_connections hay CONNECTION LIMIT của tài " \
    "khoản"
#define TOO_MANY_EN "; end some sessions, or raise max_connections or the login's CONNECTION LIMIT"

static const struct refusal *refusal_of(const char *words)
{
    static const struct refusal list[] = {
        {"password authentication", ERROR_CONFIG,
         "; mật khẩu trong database_password_file có đúng không?",
         "; is the password in database_password_file right?"},
        {"authentication failed", ERROR_CONFIG,
         "; tùy chọn database đã nêu đúng tài khoản và cách đăng nhập chưa?",
         "; does option database name the right login, and the way it logs in?"},
        {"pg_hba.conf", ERROR_CONFIG,
         "; người quản trị cơ sở dữ liệu cho tài khoản đăng nhập từ đây (pg_hba.conf)",
         "; who administers the database lets the login in from here (pg_hba.conf)"},
        {"starting up", ERROR_UNREACHABLE, "; lát nữa hãy thử lại", "; try again in a moment"},
        {"too many", ERROR_UNREACHABLE, TOO_MANY_VI, TOO_MANY_EN},
        {"connection slots", ERROR_UNREACHABLE, TOO_MANY_VI, TOO_MANY_EN},
        {"shutting down", ERROR_UNREACHABLE, "; lát nữa hãy thử lại", "; try again in a moment"},
        {"accepting connections", ERROR_UNREACHABLE, "; lát nữa hãy thử lại",
         "; try again in a moment"}, /* after a crash, until what was written is whole */
        {"does not exist", ERROR_CONFIG,
         "; tùy chọn database đã nêu đúng cơ sở dữ liệu và tài khoản chưa?",
         "; does option database name the right database and login?"},
        {"not permitted to log in", ERROR_CONFIG, "; tùy chọn database đã nêu đúng tài khoản chưa?",
         "; does option database name the right login?"},
        {"permission denied", ERROR_CONFIG,
         "; tùy chọn database đã nêu đúng cơ sở dữ liệu và tài khoản chưa?",
         "; does option database name the right database and login?"},
    };
    static const struct refusal other = {"", ERROR_UNREACHABLE, "", ""};
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (strstr(words, list[i].part))
            return &list[i];
    return &other;
}

/* PostgreSQL asked for a password, and libpq had none to give. */
static bool refuse_without_password(const char *user, const struct told *place, struct error *err)
{
    error_set(err, ERROR_CONFIG, true,
              "the database (PostgreSQL) %s wants a password of the login %.64s: "
              "database_password_file names the file that holds it",
              place->en, user);
    return error_vi(err,
                    "cơ sở dữ liệu (PostgreSQL) %s đòi mật khẩu của tài khoản %.64s: hãy nêu tệp "
                    "chứa mật khẩu ở database_password_file",
                    place->vi, user);
}

/* Retriable either way: who waits for the database goes on when the login is put right. */
bool pg_refused(struct pg *pg, const struct options *options, struct error *err)
{
    struct told place, advice;
    const char *message = PQerrorMessage(pg->connection), *user = PQuser(pg->connection);
    user = user ? user : "?";
    const char *words = refusal_in(message);
    say_place(pg->connection, &place);
    if (strstr(message, "no password supplied"))
        return refuse_without_password(user, &place, err);
    int length = (int)strcspn(words ? words : message, "\n");
    if (words) {
        const struct refusal *refusal = refusal_of(words);
        error_set(err, refusal->kind, true,
                  "the database (PostgreSQL) %s does not let the login %.64s in: %.*s%s", place.en,
                  user, length, words, refusal->en);
        return error_vi(err, "cơ sở dữ liệu (PostgreSQL) %s không cho tài khoản %.64s vào: %.*s%s",
                        place.vi, user, length, words, refusal->vi);
    }
    if (options_given(options, "database"))
        told_set(&advice, "hãy khởi động nó, hoặc sửa tùy chọn database",
                 "start it, or correct option database");
    else
        told_set(
            &advice,
            "chưa nêu tùy chọn database: hãy thêm --config aggregator.yaml (hoặc MOOC_CONFIG), "
            "trong đó có ghi",
            "option database is not set: give --config aggregator.yaml (or MOOC_CONFIG), "
            "which says where it is");
    error_set(err, ERROR_UNREACHABLE, true, "the database (PostgreSQL) %s does not answer: %s (%.*s)",
              place.en, advice.en, length, message);
    return error_vi(err, "cơ sở dữ liệu (PostgreSQL) %s không trả lời: %s (%.*s)", place.vi,
                    advice.vi, length, message);
}

bool pg_refuse_reader(struct pg *pg, struct error *err)
{
    struct error ignored = {0};
    struct pg_rows *rows = pg_query(pg, sql_login_rights, 0, NULL, &ignored);
    bool reader = rows != NULL && *pg_rows_value(rows, 0, 1) == 't';
    if (reader)
        error_tell(err, ERROR_CONFIG, false,
                   "tài khoản %.64s dành cho công cụ BI và chỉ đọc các view của schema bi: lệnh "
                   "này cần tài khoản mooc_writer (tùy chọn database, user=mooc_writer)",
                   "the login %.64s is for BI tools and only reads the views of schema bi: this "
                   "command needs the login mooc_writer (option database, user=mooc_writer)",
                   pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return reader;
}

bool pg_refuse_writing(struct pg *pg, struct error *err)
{
    const char *standby = PQparameterStatus(pg->connection, "in_hot_standby");
    struct told place;
    say_place(pg->connection, &place);
    if (standby && strcmp(standby, "on") == 0) {
        error_set(err, ERROR_UNREACHABLE, true,
                  "the database %s is a standby, which only reads: option database must name the "
                  "server that writes",
                  place.en);
        return error_vi(err,
                        "cơ sở dữ liệu %s là máy dự phòng, chỉ đọc được: tùy chọn database phải "
                        "nêu máy ghi được",
                        place.vi);
    }
    if (pg_refuse_reader(pg, err))
        return false;
    error_set(err, ERROR_UNREACHABLE, true,
              "the database %s takes no changes from the login %.64s: "
              "default_transaction_read_only is on",
              place.en, PQuser(pg->connection));
    return error_vi(err,
                    "cơ sở dữ liệu %s không nhận thay đổi từ tài khoản %.64s: "
                    "default_transaction_read_only đang bật",
                    place.vi, PQuser(pg->connection));
}
