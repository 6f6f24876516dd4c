/* Authorisation: what is sent, against a server on the loopback where a token must be fetched, and what happens when secrets
 * change. */
#include "cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/text_buffer.h"
#include "../../ingest/auth/auth.h"
#include "../../ingest/auth/secret_file.h"
#include "../../ingest/auth/token.h"

static struct error err;
static char secret_path[] = "/tmp/mooc-auth-XXXXXX";

/* ---- a server that answers every request with the same and keeps the last one ---- */

static struct server {
    int listener, port;
    pthread_t thread;
    pthread_mutex_t lock;
    char request[8192], answer[1024];
    int count;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool is_whole(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
    return end && (!length || strlen(end + 4) >= strtoul(length + 16, NULL, 10));
}

static void serve_one(int peer)
{
    char request[8192];
    size_t length = 0;
    ssize_t got;
    request[0] = '\0';
    while (!is_whole(request) && length < sizeof request - 1 &&
           (got = read(peer, request + length, sizeof request - 1 - length)) > 0) {
        length += (size_t)got;
        request[length] = '\0';
    }
    pthread_mutex_lock(&server.lock);
    memcpy(server.request, request, length + 1);
    server.count++;
    char answer[1300];
    const char *body = strchr(server.answer, ' ') + 1;
    int size =
        snprintf(answer, sizeof answer,
                 "HTTP/1.1 %.3s OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                 "Connection: close\r\n\r\n%s",
                 server.answer, strlen(body), body);
    pthread_mutex_unlock(&server.lock);
    if (write(peer, answer, (size_t)size) != size)
        abort();
    close(peer);
}

static void *serve(void *unused)
{
    (void)unused;
    for (;;) {
        int peer = accept(server.listener, NULL, NULL);
        if (peer < 0)
            return NULL;
        serve_one(peer);
    }
}

static void answer_with(const char *status_and_body)
{
    pthread_mutex_lock(&server.lock);
    snprintf(server.answer, sizeof server.answer, "%s", status_and_body);
    pthread_mutex_unlock(&server.lock);
}

static int requests(void)
{
    pthread_mutex_lock(&server.lock);
    int count = server.count;
    pthread_mutex_unlock(&server.lock);
    return count;
}

/* ---- set-up ---- */

static void write_secret(const char *text)
{
    FILE *file = fopen(secret_path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server.listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server.listener, 8) != 0 ||
        getsockname(server.listener, (struct sockaddr *)&address, &size) != 0)
        return -1;
    server.port = ntohs(address.sin_port);
    int file = mkstemp(secret_path);
    close(file);
    return pthread_create(&server.thread, NULL, serve, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    shutdown(server.listener, SHUT_RDWR);
    close(server.listener);
    pthread_join(server.thread, NULL);
    return unlink(secret_path);
}

static const char *const name_items[] = {"option.id", "option.key_file"};

static struct value *value_of(const struct connector *c, const char *text)
{
    char quoted[200];
    int length = snprintf(quoted, sizeof quoted, "'%s'", text);
    struct yaml *doc = yaml_load_text(quoted, (size_t)length, "value", &err);
    struct value *value = value_compile(doc, yaml_root(doc), &c->names, &err);
    assert_non_null(value);
    yaml_unload(doc);
    return value;
}

/* Not a pointer, although it begins with /. */
static struct value *path_of(const struct connector *c, const char *text)
{
    struct yaml *doc = yaml_load_text(text, strlen(text), "path", &err);
    struct value *value = value_of_template(doc, yaml_root(doc), &c->names, &err);
    assert_non_null(value);
    yaml_unload(doc);
    return value;
}

static struct connector connector_of(enum auth_kind kind)
{
    struct connector c = {.auth = {.kind = kind},
                          .names = {.count = 2, .items = name_items},
                          .option_count = 2,
                          .options = {{.name = "id"}, {.name = "key_file", .kind = CONNECTOR_SECRET}}};
    return c;
}

static void free_rules(struct auth_rules *rules)
{
    value_free(rules->token_path);
    value_free(rules->user);
    value_free(rules->secret);
    value_free(rules->value);
    for (size_t i = 0; i < rules->form_count; i++)
        value_free(rules->form[i].value);
}

static const char *options_of(const char *id, const char **options)
{
    options[0] = id;
    options[1] = secret_path;
    return options[0];
}

/* ---- what is sent as it is ---- */

static void headers_and_fields(void **state)
{
    (void)state;
    const char *options[2], *name, *value;
    uint64_t serial;
    write_secret("s3cret\n");
    options_of("an", options);
    struct connector c = connector_of(AUTH_NONE);
    struct auth *auth = auth_new(NULL, &c, options, &err);
    struct walk_auth walk = auth_walk(auth);
    assert_string_equal(walk.header(walk.context, &serial), "");
    assert_false(auth_form_field(auth, &name, &value));
    auth_free(auth);

    c = connector_of(AUTH_BASIC);
    c.auth.user = value_of(&c, "{option.id}");
    c.auth.secret = value_of(&c, "{option.key_file}");
    auth = auth_new(NULL, &c, options, &err);
    walk = auth_walk(auth);
    assert_string_equal(walk.header(walk.context, &serial), "Authorization: Basic YW46czNjcmV0");
    char said[] = "no user an with s3cret (Basic YW46czNjcmV0, s3crets3cret)";
    auth_mask(auth, said);
    assert_string_equal(said, "no user an with *** (Basic ***, ******)");
    auth_free(auth);
    options_of("a:n", options);
    assert_null(auth_new(NULL, &c, options, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    free_rules(&c.auth);

    c = connector_of(AUTH_HEADER);
    c.auth.name = "X-API-Key";
    c.auth.value = value_of(&c, "Key {option.key_file}");
    auth = auth_new(NULL, &c, options, &err);
    walk = auth_walk(auth);
    assert_string_equal(walk.header(walk.context, &serial), "X-API-Key: Key s3cret");
    assert_int_equal(auth_error(auth)->kind, ERROR_NONE);
    auth_free(auth);
    write_secret("two\nlines\n");
    assert_null(auth_new(NULL, &c, options, &err));
    assert_non_null(strstr(err.message, "line break"));
    assert_null(strstr(err.message, "two"));
    free_rules(&c.auth);

    write_secret("t&k=n");
    c = connector_of(AUTH_FORM);
    c.auth.name = "wstoken";
    c.auth.value = value_of(&c, "{option.key_file}");
    auth = auth_new(NULL, &c, options, &err);
    walk = auth_walk(auth);
    assert_string_equal(walk.header(walk.context, &serial), "");
    assert_true(auth_form_field(auth, &name, &value));
    assert_string_equal(name, "wstoken");
    assert_string_equal(value, "t&k=n");
    auth_free(auth);
    options[1] = NULL;
    assert_null(auth_new(NULL, &c, options, &err));
    assert_non_null(strstr(err.message, "`value` is empty"));
    free_rules(&c.auth);
}

/* ---- changed secrets ---- */

static void a_changed_secret_is_read(void **state)
{
    (void)state;
    write_secret("one\n");
    struct secret_file *file = secret_file_new(secret_path, &err);
    assert_string_equal(secret_file_text(file), "one");
    assert_false(secret_file_changed(file, 5000, false));
    write_secret("two\n"); /* as large, and perhaps within the same tick of the clock */
    assert_false(secret_file_changed(file, 5999, false)); /* looked a moment ago */
    assert_true(secret_file_changed(file, 6000, false));
    assert_string_equal(secret_file_text(file), "two");
    assert_false(secret_file_changed(file, 7000, false));
    write_secret("");
    assert_false(secret_file_changed(file, 8000, false));
    assert_int_equal(secret_file_error(file)->kind, ERROR_CONFIG);
    assert_string_equal(secret_file_text(file), "two"); /* the one before stays */
    unlink(secret_path);
    assert_false(secret_file_changed(file, 9000, false));
    assert_int_equal(secret_file_error(file)->kind, ERROR_CONFIG);
    write_secret("three");
    assert_true(secret_file_changed(file, 9001, true));
    assert_int_equal(secret_file_error(file)->kind, ERROR_NONE);
    assert_string_equal(secret_file_text(file), "three");
    secret_file_free(file);
    unlink(secret_path);
    assert_null(secret_file_new(secret_path, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static void a_refused_key_is_read_again_at_once(void **state)
{
    (void)state;
    const char *options[2];
    uint64_t serial, later;
    write_secret("old");
    options_of("an", options);
    struct connector c = connector_of(AUTH_HEADER);
    c.auth.name = "X-API-Key";
    c.auth.value = value_of(&c, "{option.key_file}");
    struct auth *auth = auth_new(NULL, &c, options, &err);
    struct walk_auth walk = auth_walk(auth);
    assert_string_equal(walk.header(walk.context, &serial), "X-API-Key: old");
    write_secret("new");
    walk.refused(walk.context, serial);
    assert_string_equal(walk.header(walk.context, &later), "X-API-Key: new");
    assert_int_not_equal(serial, later);
    write_secret("n\nw");
    walk.refused(walk.context, later);
    assert_string_equal(walk.header(walk.context, &serial), "X-API-Key: new");
    assert_int_equal(serial, later);
    assert_int_equal(auth_error(auth)->kind, ERROR_CONFIG);
    auth_free(auth);
    free_rules(&c.auth);
}

/* ---- tokens ---- */

static void tokens_in_answers(void **state)
{
    (void)state;
    static const struct {
        const char *body, *scheme, *header;
        int64_t life_s;
    } cases[] = {
        {"{\"access_token\":\"abc\",\"token_type\":\"JWT\",\"expires_in\":3600}", NULL,
         "Authorization: JWT abc", 3600},
        {"{\"access_token\":\"abc\",\"token_type\":\"bearer\"}", NULL, "Authorization: Bearer abc",
         300},
        {"{\"access_token\":\"abc\"}", NULL, "Authorization: Bearer abc", 300},
        {"{\"access_token\":\"abc\",\"token_type\":\"JWT\",\"expires_in\":-5}", "Token",
         "Authorization: Token abc", 300},
        {"{\"access_token\":\"a b\"}", NULL, NULL, 0},
        {"{\"access_token\":\"a\\r\\nX: y\"}", NULL, NULL, 0},
        {"{\"token\":\"abc\"}", NULL, NULL, 0},
        {"[]", NULL, NULL, 0},
        {"no", NULL, NULL, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t life_s = 0;
        char *header =
            token_parse(cases[i].body, strlen(cases[i].body), cases[i].scheme, &life_s, &err);
        assert_true((header != NULL) == (cases[i].header != NULL));
        if (header) {
            assert_string_equal(header, cases[i].header);
            assert_int_equal(life_s, cases[i].life_s);
        }
        free(header);
    }
    int64_t life_s;
    assert_null(token_parse("<html>", 6, NULL, &life_s, &err));
}

/* Until there is a header, or an error. */
static const char *wait_header(struct http *http, const struct auth *auth,
                               const struct walk_auth *walk, uint64_t *serial)
{
    const char *line = NULL;
    int64_t end = clock_monotonic_ms() + 10000;
    while (!(line = walk->header(walk->context, serial)) && auth_error(auth)->kind == ERROR_NONE &&
           clock_monotonic_ms() < end)
        http_poll(http, 50);
    return line;
}

static struct http_origin *origin_of(struct http *http)
{
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server.port);
    struct http_origin_settings settings = {.base_url = url,
                                            .requests_per_minute = 6000,
                                            .max_concurrent = 2,
                                            .timeout_ms = 5000,
                                            .max_body_bytes = 100000};
    struct http_origin *origin = http_origin_new(http, &settings, &err);
    assert_non_null(origin);
    return origin;
}

static void a_token_is_fetched_once_and_anew(void **state)
{
    (void)state;
    const char *options[2];
    uint64_t serial, later;
    struct http *http = http_new(&err);
    struct http_origin *origin = origin_of(http);
    write_secret("p@ss: w&rd");
    options_of("id/1", options);
    struct connector c = connector_of(AUTH_OAUTH2);
    c.auth.token_path = path_of(&c, "/oauth2/access_token");
    c.auth.user = value_of(&c, "{option.id}");
    c.auth.secret = value_of(&c, "{option.key_file}");
    c.auth.form[0].name = "scope";
    c.auth.form[0].value = value_of(&c, "read all");
    c.auth.form_count = 1;
    struct auth *auth = auth_new(origin, &c, options, &err);
    struct walk_auth walk = auth_walk(auth);
    answer_with("200 {\"access_token\":\"one\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    int before = requests();
    assert_null(walk.header(walk.context, &serial));
    assert_null(walk.header(walk.context, &serial)); /* one in flight */
    assert_string_equal(wait_header(http, auth, &walk, &serial), "Authorization: Bearer one");
    assert_string_equal(walk.header(walk.context, &later), "Authorization: Bearer one");
    assert_int_equal(requests(), before + 1);
    assert_int_equal(serial, later);
    assert_memory_equal(server.request, "POST /oauth2/access_token ", 26);
    /* base64 of "id%2F1:p%40ss%3A%20w%26rd" */
    assert_non_null(
        strstr(server.request, "Authorization: Basic aWQlMkYxOnAlNDBzcyUzQSUyMHclMjZyZA=="));
    assert_non_null(strstr(server.request, "grant_type=client_credentials&scope=read%20all"));

    /* 401 to an older token says nothing about this one. */
    walk.refused(walk.context, serial - 1);
    assert_string_equal(walk.header(walk.context, &later), "Authorization: Bearer one");
    answer_with("200 {\"access_token\":\"two\",\"token_type\":\"JWT\"}");
    walk.refused(walk.context, serial);
    assert_string_equal(wait_header(http, auth, &walk, &later), "Authorization: JWT two");
    assert_int_not_equal(serial, later);
    answer_with("200 {\"access_token\":\"a-token\",\"token_type\":\"JWT\"}");
    walk.refused(walk.context, later);
    char said[] = "a-token of p@ss: w&rd";
    auth_mask(auth, said);
    assert_string_equal(said, "a-token of ***"); /* none is in use */
    assert_string_equal(wait_header(http, auth, &walk, &later), "Authorization: JWT a-token");
    auth_mask(auth, said);
    assert_string_equal(said, "*** of ***");
    before++;

    /* Another secret: another token. */
    answer_with("200 {\"access_token\":\"three\",\"token_type\":\"JWT\"}");
    write_secret("new");
    int64_t end = clock_monotonic_ms() + 10000;
    while (requests() < before + 3 && clock_monotonic_ms() < end) {
        (void)walk.header(walk.context, &later);
        http_poll(http, 50);
    }
    assert_string_equal(wait_header(http, auth, &walk, &later), "Authorization: JWT three");
    auth_free(auth);

    c.auth.client_in_form = true;
    auth = auth_new(origin, &c, options, &err);
    walk = auth_walk(auth);
    answer_with("401 {\"error\":\"invalid_client\"}");
    assert_null(wait_header(http, auth, &walk, &later));
    assert_int_equal(auth_error(auth)->kind, ERROR_CONFIG);
    assert_non_null(strstr(auth_error(auth)->message, "refuses our client (HTTP 401)"));
    assert_non_null(strstr(server.request, "client_id=id%2F1&client_secret=new"));
    assert_null(strstr(server.request, "Authorization:"));
    int asked = requests();
    assert_null(walk.header(walk.context, &later)); /* not before the back-off is over */
    http_poll(http, 50);
    assert_int_equal(requests(), asked);
    auth_free(auth);
    free_rules(&c.auth);
    http_origin_free(origin);
    http_free(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_and_fields),
        cmocka_unit_test(a_changed_secret_is_read),
        cmocka_unit_test(a_refused_key_is_read_again_at_once),
        cmocka_unit_test(tokens_in_answers),
        cmocka_unit_test(a_token_is_fetched_once_and_anew),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
