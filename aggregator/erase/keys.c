#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../../common/identity.h"
#include "../../common/key_ring.h"
#include "../../common/stop.h"
#include "../../common/tell.h"

#define MOST_TYPED 4096

/* ---- where they come from ---- */

/* Lines up to an empty one, not shown. The caller wipes. */
static char *ask(const struct options *options, size_t *length, struct error *err)
{
    const struct teller to = tell_of(options);
    struct termios shown, hidden;
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &shown) != 0) {
        error_tell(
            err, ERROR_USAGE, false,
            "xóa ai? Thêm --identifier-file TỆP, mỗi dòng một e-mail, số CCCD, số điện thoại, hoặc "
            "tên đăng nhập kèm --source; hoặc chạy lệnh ở cửa sổ dòng lệnh để được hỏi",
            "who is to be erased? Give --identifier-file FILE, a line each of e-mail, "
            "citizen number, "
            "phone, or user name with --source; or run it at a terminal, which then asks");
        return NULL;
    }
    char *text = calloc(1, MOST_TYPED);
    if (!text)
        abort();
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    fputs(
        TELL(&to,
             "E-mail, số CCCD, số điện thoại, hoặc tên đăng nhập khi có --source, mỗi dòng một số; "
             "dòng trống là hết (không hiện ra khi gõ):\n",
             "E-mail, citizen number, phone, or user name with --source, a line each; an empty "
             "line ends (what you type is not shown):\n"),
        stderr);
    *length = 0;
    while (*length + 2 < MOST_TYPED && fgets(text + *length, (int)(MOST_TYPED - *length), stdin) &&
           text[*length] != '\n')
        *length += strlen(text + *length);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    if (!stop_requested())
        return text;
    secret_free(text, MOST_TYPED);
    error_tell(err, ERROR_STOPPED, false, "chưa thay đổi gì", "nothing was changed");
    return NULL;
}

/* ---- what they are ---- */

struct hashing {
    struct hmac *hmac;
    struct key_ring *ring;
    const char *source;
    struct key_list *keys;
};

static bool add_form(void *context, const char *form)
{
    key_list_add(context, key128_of(form, strlen(form)));
    return false;
}

static void add(const struct hashing *h, const char *key)
{
    (void)key_ring_any_form(h->ring, key, add_form, h->keys);
}

static bool add_if(const struct hashing *h, const char *kind,
                   enum identity_fault (*normalise)(const char *, char[IDENTITY_TEXT]),
                   const char *text)
{
    char normal[IDENTITY_TEXT], key[IDENTITY_KEY];
    if (normalise(text, normal) != IDENTITY_OK)
        return false;
    identity_key(h->hmac, kind, normal, key);
    add(h, key);
    return true;
}

static bool add_user(const struct hashing *h, const char *name)
{
    char key[IDENTITY_KEY];
    if (!h->source || !*name)
        return false;
    identity_account_key(h->hmac, h->source, name, key);
    add(h, key);
    return true;
}

/* Ten digits may be a phone, or a citizen number whose zeros a spreadsheet dropped: said with a kind before it, nobody guesses. */
static bool add_line(const struct hashing *h, const char *line)
{
    static const struct {
        const char *kind;
        enum identity_fault (*normalise)(const char *, char[IDENTITY_TEXT]);
    } kinds[] = {{"email", identity_normalise_email},
                 {"citizen", identity_normalise_citizen},
                 {"phone", identity_normalise_phone}};
    const char *colon = strchr(line, ':');
    size_t length = colon ? (size_t)(colon - line) : 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (length == strlen(kinds[i].kind) && strncmp(line, kinds[i].kind, length) == 0)
            return add_if(h, kinds[i].kind, kinds[i].normalise, colon + 1);
    if (length == 4 && strncmp(line, "user", 4) == 0)
        return add_user(h, colon + 1);
    if (strchr(line, '@'))
        return add_if(h, "email", identity_normalise_email, line);
    bool phone = add_if(h, "phone", identity_normalise_phone, line);
    bool citizen = !phone && add_if(h, "citizen", identity_normalise_citizen, line);
    return phone || citizen || add_user(h, line);
}

static bool refuse_line(const struct hashing *h, int number, struct error *err)
{
    error_set(err, ERROR_USAGE, false,
              "line %d is neither e-mail, citizen number nor phone%s; write email:, citizen:, "
              "phone: or user: before it",
              number, h->source ? "" : "; a user name needs --source NAME");
    return error_vi(err,
                    "dòng %d không phải e-mail, số CCCD hay số điện thoại%s; hãy ghi email:, "
                    "citizen:, phone: hoặc user: ở trước",
                    number, h->source ? "" : "; tên đăng nhập thì cần --source TÊN");
}

static bool add_lines(const struct hashing *h, char *text, struct error *err)
{
    int number = 0;
    for (char *line = text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        char *start = line + strspn(line, " \t\r");
        for (size_t end = strlen(start); end > 0 && strchr(" \t\r", start[end - 1]); end--)
            start[end - 1] = '\0';
        if (*start && !add_line(h, start))
            return refuse_line(h, number, err);
    }
    return h->keys->count > 0 || error_tell(err, ERROR_USAGE, false, "chưa nêu e-mail hay số nào",
                                            "no identifier was given");
}

/* ---- with which keys ---- */

static bool open_keys(const struct options *options, struct hashing *h, struct error *err)
{
    char fingerprint[33] = "";
    size_t length;
    const char *file = options_text(options, "hmac_key_file");
    if (!file)
        return error_tell(
            err, ERROR_CONFIG,
            false, "chưa đặt mục hmac_key_file: tệp khóa mà mooc-ingest dùng, không có nó thì không tìm được ai",
            "option hmac_key_file is not set: the key file that mooc-ingest uses, without which "
            "nobody can be found");
    char *secret = secret_read_file(file, &length, err);
    h->hmac = secret ? hmac_new(secret, length, err) : NULL;
    if (secret)
        secret_free(secret, length);
    if (!h->hmac)
        return false;
    h->ring = key_ring_open(file, options_number(options, "hmac_key_version"), fingerprint, err);
    return h->ring != NULL;
}

bool erase_read_keys(const struct options *options, struct key_list *keys, struct error *err)
{
    struct hashing h = {.source = options_text(options, "source"), .keys = keys};
    const char *file = options_text(options, "identifier_file");
    size_t length = 0;
    bool fine = open_keys(options, &h, err);
    char *text = !fine  ? NULL
                 : file ? secret_read_file(file, &length, err)
                        : ask(options, &length, err);
    fine = text && add_lines(&h, text, err);
    if (text)
        secret_free(text, file ? length : MOST_TYPED);
    key_ring_free(h.ring);
    hmac_free(h.hmac);
    return fine;
}
