#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The functions themselves. */
#undef error_set
#undef error_tell
#undef error_tell_plain
#undef error_context
#undef error_stopped
#undef error_vi

/* A message that was cut must not end within a UTF-8 sequence: it goes into JSON logs. */
static void trim_partial_character(char *text, size_t size)
{
    size_t length = strlen(text);
    if (length + 1 < size)
        return;
    size_t lead = length;
    while (lead > 0 && length - lead < 4 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0 || (unsigned char)text[lead - 1] < 0xC0)
        return;
    unsigned char first = (unsigned char)text[lead - 1];
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (length - (lead - 1) < wanted)
        text[lead - 1] = '\0';
}

bool error_set(struct error *err, enum error_kind kind, bool retriable, const char *format, ...)
{
    if (!err)
        return false;
    /* The arguments may point into err->message itself. */
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (written < 0)
        message[0] = '\0';
    trim_partial_character(message, sizeof message);
    err->kind = kind;
    err->retriable = retriable;
    memcpy(err->message, message, strlen(message) + 1);
    err->vi[0] = '\0';
    return false;
}

bool error_tell_plain(struct error *err, enum error_kind kind, bool retriable, const char *vi,
                      const char *en)
{
    if (!err)
        return false;
    char words[sizeof err->vi]; /* may point into err, too */
    (void)snprintf(words, sizeof words, "%s", vi);
    trim_partial_character(words, sizeof words);
    (void)error_set(err, kind, retriable, "%s", en);
    memcpy(err->vi, words, strlen(words) + 1);
    return false;
}

bool error_tell(struct error *err, enum error_kind kind, bool retriable, const char *vi,
                const char *en, ...)
{
    if (!err)
        return false;
    char message[sizeof err->message], words[sizeof err->vi];
    va_list args;
    va_start(args, en);
    if (vsnprintf(message, sizeof message, en, args) < 0)
        message[0] = '\0';
    va_end(args);
    va_start(args, en);
    if (vsnprintf(words, sizeof words, vi, args) < 0)
        words[0] = '\0';
    va_end(args);
    return error_tell_plain(err, kind, retriable, words, message);
}

const char *error_reason_vi(int code)
{
    static const struct {
        int code;
        const char *text;
    } reasons[] = {{ENOENT, "không có tệp hoặc thư mục này"},
                   {EACCES, "không được phép"},
                   {EPERM, "không được phép"},
                   {EISDIR, "đây là thư mục"},
                   {ENOTDIR, "đây không phải là thư mục"},
                   {EEXIST, "đã có rồi"},
                   {ENOTEMPTY, "thư mục không trống"},
                   {ENOSPC, "hết chỗ trên đĩa"},
                   {EDQUOT, "hết dung lượng được phép dùng"},
                   {EROFS, "đĩa chỉ cho đọc"},
                   {ENAMETOOLONG, "tên quá dài"},
                   {EMFILE, "đang mở quá nhiều tệp"},
                   {ENFILE, "đang mở quá nhiều tệp"},
                   {EIO, "đĩa bị lỗi đọc ghi"}};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].code == code)
            return reasons[i].text;
    }
    return strerror(code);
}

const char *error_words(const struct error *err, bool vietnamese)
{
    return vietnamese && err->vi[0] ? err->vi : err->message;
}

/* "context: text", cut to size. */
static void put_in_front(const char *context, char *text, size_t size)
{
    char whole[sizeof((struct error *)0)->message];
    size_t used = (size_t)snprintf(whole, size, "%s: ", context);
    if (used < size)
        (void)snprintf(whole + used, size - used, "%s", text);
    trim_partial_character(whole, size);
    memcpy(text, whole, strlen(whole) + 1);
}

bool error_context(struct error *err, const char *format, ...)
{
    if (!err)
        return false;
    char context[sizeof err->message];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(context, sizeof context, format, args);
    va_end(args);
    if (written < 0)
        return false;
    put_in_front(context, err->message, sizeof err->message);
    if (err->vi[0])
        put_in_front(context, err->vi, sizeof err->vi);
    return false;
}

static void leave_out(const char *name, char *text)
{
    size_t length = strlen(name);
    if (length > 0 && strncmp(text, name, length) == 0 && strncmp(text + length, ": ", 2) == 0)
        memmove(text, text + length + 2, strlen(text + length + 2) + 1);
}

void error_without_context(struct error *err, const char *name)
{
    if (!err)
        return;
    leave_out(name, err->message);
    leave_out(name, err->vi);
}

void error_clear(struct error *err)
{
    if (!err)
        return;
    err->kind = ERROR_NONE;
    err->retriable = false;
    err->message[0] = err->vi[0] = '\0';
}

int error_exit_code(const struct error *err)
{
    switch (err->kind) {
    case ERROR_NONE:
    case ERROR_STOPPED:
        return 0;
    case ERROR_USAGE:
    case ERROR_CONFIG:
        return 2;
    case ERROR_UNREACHABLE:
        return 3;
    case ERROR_SOURCE:
    case ERROR_DATA:
    case ERROR_FENCED:
    case ERROR_UNKNOWN_OUTCOME:
    case ERROR_STATE:
    case ERROR_INTERNAL:
        return 1;
    }
    return 1;
}

bool error_stopped(struct error *err)
{
    return error_tell(err, ERROR_STOPPED, false, "đã dừng", "stopped");
}

const char *error_kind_name(enum error_kind kind)
{
    switch (kind) {
    case ERROR_NONE:
        return "none";
    case ERROR_USAGE:
        return "usage";
    case ERROR_CONFIG:
        return "config";
    case ERROR_UNREACHABLE:
        return "unreachable";
    case ERROR_SOURCE:
        return "source";
    case ERROR_DATA:
        return "data";
    case ERROR_FENCED:
        return "fenced";
    case ERROR_UNKNOWN_OUTCOME:
        return "unknown_outcome";
    case ERROR_STATE:
        return "state";
    case ERROR_STOPPED:
        return "stopped";
    case ERROR_INTERNAL:
        return "internal";
    }
    return "internal";
}

bool error_vi(struct error *err, const char *format, ...)
{
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    if (vsnprintf(err->vi, sizeof err->vi, format, args) < 0)
        err->vi[0] = '\0';
    va_end(args);
    trim_partial_character(err->vi, sizeof err->vi);
    return false;
}
