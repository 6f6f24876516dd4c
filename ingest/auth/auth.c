#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "secret_file.h"
#include "token.h"

#define ROOM                                                                                       \
    ((size_t)400000) /* texts with secrets are built without moving: a secret has 64 KiB at most */

struct auth {
    struct http_origin *origin;
    const struct connector *connector;
    const struct auth_rules *rules;
    struct secret_file *secrets[CONNECTOR_MAX_OPTIONS]; /* by option; NULL = no secret */
    char *plain[CONNECTOR_MAX_OPTIONS];
    const char *texts[CONNECTOR_MAX_NAMES];
    char *token_path;
    char *line, *field; /* header line; value of the form field */
    uint64_t serial;
    struct token *token; /* oauth2, else NULL */
    struct error error;  /* what stands in the secrets now cannot be sent */
};

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

/* ---- texts ---- */

static void wipe_room(struct text_buffer *room)
{
    if (room->data)
        explicit_bzero(room->data, room->capacity);
    text_buffer_free(room);
}

/* Caller wipes. NULL with err where it is absent. */
static char *text_of(const struct auth *a, const struct value *value, const char *what,
                     struct error *err)
{
    struct text_buffer room = {.data = NULL};
    const struct scope scope = {NULL, NULL, a->texts};
    text_buffer_reserve(&room, ROOM);
    const char *text = value ? value_text(value, &scope, &room) : NULL;
    char *copy = text ? must_have(strdup(text)) : NULL;
    wipe_room(&room);
    if (!copy)
        error_set(err, ERROR_CONFIG, false, "auth: `%s` is empty; set the source's option", what);
    return copy;
}

static bool can_be_sent(const char *text, const char *what, struct error *err)
{
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return error_set(err, ERROR_CONFIG, false,
                             "auth: `%s` holds a line break or control character; a secret's file "
                             "holds nothing but the secret",
                             what);
    }
    return true;
}

/* "Authorization: Basic …" (RFC 7617); caller wipes. */
static char *basic_line(const char *user, const char *secret)
{
    static const char begin[] = "Authorization: Basic ";
    size_t size = strlen(user) + strlen(secret) + 2;
    char *pair = must_have(malloc(size));
    snprintf(pair, size, "%s:%s", user, secret);
    char *encoded = must_have(base64_encode(pair, size - 1));
    wipe(pair);
    size = strlen(encoded) + sizeof begin;
    char *line = must_have(malloc(size));
    snprintf(line, size, "%s%s", begin, encoded);
    wipe(encoded);
    return line;
}

/* ---- credentials that are sent as they are ---- */

static char *make_basic(const struct auth *a, struct error *err)
{
    char *user = text_of(a, a->rules->user, "user", err), *line = NULL;
    char *secret = user ? text_of(a, a->rules->secret, "secret", err) : NULL;
    if (secret && strchr(user, ':'))
        error_set(err, ERROR_CONFIG, false, "auth: a user name with a colon cannot be sent");
    else if (secret && can_be_sent(user, "user", err) && can_be_sent(secret, "secret", err))
        line = basic_line(user, secret);
    wipe(user);
    wipe(secret);
    return line;
}

static char *make_line(const struct auth *a, struct error *err)
{
    char *value = text_of(a, a->rules->value, "value", err), *line = NULL;
    if (value && can_be_sent(value, "value", err)) {
        size_t size = strlen(a->rules->name) + strlen(value) + 3;
        line = must_have(malloc(size));
        snprintf(line, size, "%s: %s", a->rules->name, value);
    }
    wipe(value);
    return line;
}

/* Of the secrets as they are now. What was made before stays when that fails. */
static bool make(struct auth *a, struct error *err)
{
    char **place = a->rules->kind == AUTH_FORM ? &a->field : &a->line, *made;
    switch (a->rules->kind) {
    case AUTH_BASIC:
        made = make_basic(a, err);
        break;
    case AUTH_HEADER:
        made = make_line(a, err);
        break;
    case AUTH_FORM:
        made = text_of(a, a->rules->value, "value", err);
        break;
    default:
        made = must_have(strdup(""));
        break;
    }
    if (!made)
        return false;
    wipe(*place);
    *place = made;
    return true;
}

/* ---- token requests ---- */

static void add_field(struct text_buffer *form, const char *name, const char *text)
{
    char *escaped = must_have(http_escape(text)), *escaped_name = must_have(http_escape(name));
    text_buffer_add_format(form, "%s%s=", form->length ? "&" : "", escaped_name);
    text_buffer_add_text(form, escaped);
    wipe(escaped);
    free(escaped_name);
}

static void add_client(const struct auth *a, const char *user, const char *secret,
                       struct text_buffer *form, struct token_ask *out)
{
    if (a->rules->client_in_form) {
        add_field(form, "client_id", user);
        add_field(form, "client_secret", secret);
        return;
    }
    /* RFC 6749, 2.3.1: encoded as in a form before they go into Basic. */
    char *escaped_user = must_have(http_escape(user)), *escaped = must_have(http_escape(secret));
    out->authorization = basic_line(escaped_user, escaped);
    wipe(escaped_user);
    wipe(escaped);
}

static bool make_token_ask(void *context, struct token_ask *out, struct error *err)
{
    const struct auth *a = context;
    struct text_buffer form = {.data = NULL};
    text_buffer_reserve(&form, ROOM);
    char *user = text_of(a, a->rules->user, "user", err);
    char *secret = user ? text_of(a, a->rules->secret, "secret", err) : NULL;
    bool ok = secret != NULL;
    text_buffer_add_text(&form, "grant_type=client_credentials");
    for (size_t i = 0; ok && i < a->rules->form_count; i++) {
        char *text = text_of(a, a->rules->form[i].value, a->rules->form[i].name, err);
        ok = text != NULL;
        if (ok)
            add_field(&form, a->rules->form[i].name, text);
        wipe(text);
    }
    if (ok)
        add_client(a, user, secret, &form, out);
    out->form = ok ? must_have(strdup(form.data)) : NULL;
    wipe(user);
    wipe(secret);
    wipe_room(&form);
    return ok;
}

/* ---- changed secrets ---- */

static bool read_again(struct auth *a, bool at_once)
{
    bool changed = false;
    int64_t now = clock_monotonic_ms();
    for (size_t i = 0; i < a->connector->option_count; i++) {
        if (!a->secrets[i] || !secret_file_changed(a->secrets[i], now, at_once))
            continue;
        a->texts[a->connector->first_option + i] = secret_file_text(a->secrets[i]);
        changed = true;
    }
    return changed;
}

static void refresh(struct auth *a, bool at_once)
{
    if (!read_again(a, at_once))
        return;
    a->error.kind = ERROR_NONE;
    if (a->origin)
        http_forget(a->origin); /* another credential may be shown other things */
    if (a->token)
        token_renew(a->token);
    else if (make(a, &a->error))
        a->serial++;
}

static const char *header(void *context, uint64_t *serial)
{
    struct auth *a = context;
    refresh(a, false);
    if (a->token)
        return token_header(a->token, serial);
    *serial = a->serial;
    return a->line ? a->line : "";
}

static void refused(void *context, uint64_t serial)
{
    struct auth *a = context;
    if (a->token)
        token_refused(a->token, serial);
    else if (serial == a->serial)
        refresh(a, true); /* the next attempt goes with what stands in the file now */
}

struct walk_auth auth_walk(struct auth *auth)
{
    return (struct walk_auth){auth, header, refused};
}

bool auth_form_field(const struct auth *auth, const char **name, const char **value)
{
    *name = auth->rules->name;
    *value = auth->field;
    return auth->rules->kind == AUTH_FORM;
}

static void mask(char *text, const char *credential)
{
    static const char stars[] = "***";
    size_t length = credential ? strlen(credential) : 0;
    for (char *at = text; length > strlen(stars) && (at = strstr(at, credential)); at++) {
        memmove(at + strlen(stars), at + length, strlen(at + length) + 1);
        memcpy(at, stars, strlen(stars));
    }
}

/* Of "Authorization: Bearer abc", what it proves itself by. */
static const char *last_word(const char *line)
{
    const char *blank = line ? strrchr(line, ' ') : NULL;
    return blank ? blank + 1 : NULL;
}

void auth_mask(const struct auth *a, char *text)
{
    for (size_t i = 0; i < a->connector->option_count; i++)
        if (a->secrets[i])
            mask(text, secret_file_text(a->secrets[i]));
    mask(text, last_word(a->line));
    if (a->token)
        mask(text, last_word(token_held(a->token)));
}

const struct error *auth_error(const struct auth *auth)
{
    for (size_t i = 0; i < auth->connector->option_count; i++) {
        if (auth->secrets[i] && secret_file_error(auth->secrets[i])->kind != ERROR_NONE)
            return secret_file_error(auth->secrets[i]);
    }
    return auth->token ? token_error(auth->token) : &auth->error;
}

/* ---- life ---- */

static bool read_options(struct auth *a, const char *const *options, struct error *err)
{
    for (size_t i = 0; i < a->connector->option_count; i++) {
        const char **text = &a->texts[a->connector->first_option + i];
        const char *given = options[i] ? options[i] : a->connector->options[i].fallback;
        if (!given)
            continue;
        if (a->connector->options[i].kind == CONNECTOR_SECRET) {
            a->secrets[i] = secret_file_new(given, err);
            if (!a->secrets[i])
                return false;
            *text = secret_file_text(a->secrets[i]);
        } else {
            *text = a->plain[i] = must_have(strdup(given));
        }
    }
    return true;
}

struct auth *auth_new(struct http_origin *origin, const struct connector *connector,
                      const char *const *options, struct error *err)
{
    struct auth *a = must_have(calloc(1, sizeof *a));
    struct token_ask ask = {NULL, NULL};
    a->origin = origin;
    a->connector = connector;
    a->rules = &connector->auth;
    bool ok = read_options(a, options, err);
    if (ok && a->rules->kind == AUTH_OAUTH2) {
        ok = make_token_ask(a, &ask, err); /* what is missing is said at once */
        token_ask_wipe(&ask);
        a->token_path = ok ? text_of(a, a->rules->token_path, "path", err) : NULL;
        ok = a->token_path != NULL;
        if (ok)
            a->token = token_new(origin, a->token_path, a->rules->scheme, make_token_ask, a);
    } else if (ok) {
        ok = make(a, err);
    }
    if (ok)
        return a;
    auth_free(a);
    return NULL;
}

void auth_free(struct auth *a)
{
    if (!a)
        return;
    token_free(a->token);
    free(a->token_path);
    for (size_t i = 0; i < CONNECTOR_MAX_OPTIONS; i++) {
        secret_file_free(a->secrets[i]);
        wipe(a->plain[i]);
    }
    wipe(a->line);
    wipe(a->field);
    free(a);
}
