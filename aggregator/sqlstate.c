#include "sqlstate.h"

#include <stdio.h>
#include <string.h>

void sqlstate_classify(const char *state, enum error_kind *kind, bool *retriable)
{
    *kind = ERROR_INTERNAL;
    *retriable = false;
    if (strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
        strncmp(state, "53", 2) == 0 || strcmp(state, "25006") == 0 || strcmp(state, "25P03") == 0) {
        /* connection, shutdown, resources, a standby promoted elsewhere, idle in a transaction for too long */
        *kind = ERROR_UNREACHABLE;
        *retriable = true;
    } else if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 ||
               strcmp(state, "55P03") == 0 || strcmp(state, "57014") == 0) {
        *kind = ERROR_STATE; /* serialization, deadlock, lock or statement time-out */
        *retriable = true;
    } else if (strcmp(state, "55000") == 0) {
        *kind = ERROR_STATE; /* what our functions refuse as things stand */
    } else if (strncmp(state, "28", 2) == 0 || strncmp(state, "3D", 2) == 0 ||
               strncmp(state, "42", 2) == 0) {
        *kind = ERROR_CONFIG; /* login, database, missing object or right */
    }
}

bool sqlstate_disk_full(const char *state)
{
    return strcmp(state, "53100") == 0;
}

struct advice {
    const char *state; /* or what it begins with */
    const char *vi, *en;
};

/* For who met it, not for who wrote it. */
static const struct advice *advice_for(const char *state)
{
    static const struct advice list[] = {
        {"28",
         "mật khẩu trong database_password_file có đúng không, tài khoản có được đăng nhập từ đây "
         "không (pg_hba.conf)?",
         "is the password in database_password_file right, and may the login connect from here "
         "(pg_hba.conf)?"},
        {"3D000", "hãy tạo cơ sở dữ liệu và cài schema, hoặc sửa tùy chọn database",
         "create the database and deploy the schema, or correct option database"},
        {"3F000", "hãy cài schema đi cùng chương trình này (sqitch deploy)",
         "deploy the schema that goes with this program (sqitch deploy)"},
        {"42501", "tùy chọn database có nêu tài khoản mooc_writer không, schema đã cài đủ chưa?",
         "does option database name the login mooc_writer, and was the whole schema deployed?"},
        {"42710", "hãy chọn tên khác, hoặc xóa cái đang mang tên đó",
         "choose another name, or remove what has it"},
        {"42704", "tên có viết đúng không, schema đã cài đủ chưa?",
         "is the name spelled right, and was the whole schema deployed?"},
        {"42P01", "hãy cài schema đi cùng chương trình này (sqitch deploy)",
         "deploy the schema that goes with this program (sqitch deploy)"},
        {"42703", "hãy cài schema đi cùng chương trình này (sqitch deploy)",
         "deploy the schema that goes with this program (sqitch deploy)"},
        {"42883", "hãy cài schema đi cùng chương trình này (sqitch deploy)",
         "deploy the schema that goes with this program (sqitch deploy)"},
        {"25006", "máy này chỉ đọc được: tùy chọn database phải nêu máy ghi được",
         "this server only reads: option database must name the one that writes"},
        {"53100", "hãy dọn chỗ trên ổ đĩa của cơ sở dữ liệu", "make room on the database's disk"},
        {"53300", "hãy kết thúc bớt phiên kết nối, hoặc tăng max_connections",
         "end some sessions, or raise max_connections"},
        {"55P03", "người khác đang giữ: hãy thử lại", "somebody else holds it: try again"},
        {"57014", "lâu hơn statement_timeout của tài khoản, hoặc có người đã hủy",
         "it took longer than the login's statement_timeout, or somebody cancelled it"},
        {"57P", "máy chủ đã dừng hoặc đang khởi động: lát nữa hãy thử lại",
         "the server was stopped or is starting: try again in a moment"},
    };
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        if (strncmp(state, list[i].state, strlen(list[i].state)) == 0)
            return &list[i];
    return NULL;
}

bool sqlstate_raised(const char *state, const char *message, const char *hint, const char *vi,
                     struct error *err)
{
    enum error_kind kind = ERROR_INTERNAL;
    bool retriable = false;
    sqlstate_classify(state, &kind, &retriable);
    error_set(err, kind, retriable, "%s%s%s", message, hint ? ". " : "", hint ? hint : "");
    return vi ? error_vi(err, "%s", vi) : false;
}

bool sqlstate_error(const char *state, bool lost, const char *doing, const char *message,
                    struct error *err)
{
    enum error_kind kind = lost ? ERROR_UNREACHABLE : ERROR_INTERNAL;
    bool retriable = lost;
    char text[600];
    if (state[0])
        sqlstate_classify(state, &kind, &retriable);
    const struct advice *advice = state[0] ? advice_for(state) : NULL;
    snprintf(text, sizeof(text), "%.*s%s%s%s", (int)strcspn(message, "\n"), message,
             state[0] ? " (" : "", state, state[0] ? ")" : "");
    error_set(err, kind, retriable, "PostgreSQL, %s: %s%s%s", doing, text, advice ? "; " : "",
              advice ? advice->en : "");
    return error_vi(err, "%s: %s%s%s",
                    lost ? "mất kết nối với PostgreSQL" : "PostgreSQL không làm được", text,
                    advice ? "; " : "", advice ? advice->vi : "");
}
