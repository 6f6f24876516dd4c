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

static struct told advice_for(const char *refusal)
{
    if (strstr(refusal, "password authentication"))
        return (struct told){"; mật khẩu trong database_password_file có đúng không?",
                             "; is the password in database_password_file right?"};
    if (strstr(refusal, "pg_hba.conf"))
        return (struct told){
            "; người quản trị cơ sở dữ liệu cho tài khoản đăng nhập từ đây (pg_hba.conf)",
            "; who administers the database lets the login in from here (pg_hba.conf)"};
    if (strstr(refusal, "starting up") || strstr(refusal, "shutting down"))
        return (struct told){"; lát nữa hãy thử lại", "; try again in a moment"};
    if (strstr(refusal, "does not exist"))
        return (struct told){"; tùy chọn database đã nêu đúng cơ sở dữ liệu và tài khoản chưa?",
                             "; does option database name the right database and login?"};
    return (struct told){"", ""};
}

bool pg_refused(struct pg *pg, const struct options *options, struct error *err)
{
    struct told place, advice;
    const char *message = PQerrorMessage(pg->connection), *user = PQuser(pg->connection);
    const char *refusal = refusal_in(message);
    say_place(pg->connection, &place);
    int length = (int)strcspn(refusal ? refusal : message, "\n");
    if (refusal) {
        advice = advice_for(refusal);
        error_set(err, ERROR_UNREACHABLE, true,
                  "the database (PostgreSQL) %s does not let the login %.64s in: %.*s%s", place.en,
                  user ? user : "?", length, refusal, advice.en);
        return error_vi(err, "cơ sở dữ liệu (PostgreSQL) %s không cho tài khoản %.64s vào: %.*s%s",
                        place.vi, user ? user : "?", length, refusal, advice.vi);
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
