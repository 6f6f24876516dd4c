#include "http_config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "lines.h"
#include "transport.h"

#define DEFAULT_TIMEOUT_MS 60000
#define DEFAULT_MAX_BODY ((size_t)32 << 20)
#define MAX_CONTACT_BYTES 200

struct http_config *http_config_keep(struct http_config *config)
{
    config->references++;
    return config;
}

void http_config_drop(struct http_config *config)
{
    if (!config || --config->references > 0)
        return;
    transport_names_free(config->names);
    lines_free(config->resolve);
    for (size_t i = 0; i < config->throttle_count; i++)
        free((void *)(uintptr_t)config->throttles[i].says);
    free(config->throttles);
    if (config->proxy)
        explicit_bzero(config->proxy, strlen(config->proxy)); /* may hold a password */
    free(config->proxy);
    free(config->ca_file);
    free(config->user_agent);
    free(config->base);
    origin_parts_free(&config->parts);
    free(config);
}

static char *copy_of(const char *text)
{
    return text ? must_have(strdup(text)) : NULL;
}

static bool take_base(struct http_config *c, const struct http_origin_settings *settings,
                      struct error *err)
{
    c->base = copy_of(settings->base_url);
    if (strpbrk(c->base, "?#") || !transport_parse(c->base, &c->parts))
        return error_set(err, ERROR_CONFIG, false,
                         "url: not a web address; expected something like https://lms.example");
    if (!origin_check_scheme(&c->parts, settings->allow_http, err))
        return false;
    c->plain = strcmp(c->parts.scheme, "http") == 0;
    for (size_t n = strlen(c->base); n > 0 && c->base[n - 1] == '/'; n--)
        c->base[n - 1] = '\0';
    return true;
}

static bool take_proxy(struct http_config *c, const char *proxy, struct error *err)
{
    static const char *const schemes[] = {"http",    "https",  "socks4",
                                          "socks4a", "socks5", "socks5h"};
    if (!proxy || !*proxy)
        return true;
    const char *end = strstr(proxy, "://");
    for (size_t i = 0; end && i < ARRAY_LEN(schemes); i++) {
        size_t length = strlen(schemes[i]);
        if ((size_t)(end - proxy) == length && strncmp(proxy, schemes[i], length) == 0 && end[3]) {
            c->proxy = copy_of(proxy);
            return true;
        }
    }
    return error_set(err, ERROR_CONFIG, false,
                     "proxy: not an address of a proxy; expected something like "
                     "http://proxy.example:3128 (also https, socks4, socks4a, socks5, socks5h)");
}

static bool is_address(const char *text, size_t length)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    if (length == 0 || length >= sizeof address)
        return false;
    snprintf(address, sizeof address, "%.*s", (int)length, text);
    return inet_pton(AF_INET, address, &parsed) == 1 || inet_pton(AF_INET6, address, &parsed) == 1;
}

/* "host:port:address[,address]"; signs in front, which libcurl would obey, are refused. */
static bool is_resolve(const char *entry)
{
    size_t host = strcspn(entry, ":");
    char *at;
    if (host == 0 || entry[host] != ':' || strchr("+-", entry[0]))
        return false;
    unsigned long port = strtoul(entry + host + 1, &at, 10);
    if (port == 0 || port > 65535 || *at != ':' || entry[host + 1] == '-' || entry[host + 1] == '+')
        return false;
    do {
        size_t length = strcspn(++at, ",");
        if (!is_address(at, length))
            return false;
        at += length;
    } while (*at == ',');
    return true;
}

static bool take_names(struct http_config *c, const char *const *resolve, struct error *err)
{
    for (size_t i = 0; resolve && resolve[i]; i++) {
        if (!is_resolve(resolve[i]))
            return error_set(err, ERROR_CONFIG, false,
                             "resolve: `%.100s` is not host:port:address; expected something like "
                             "lms.example:443:10.0.0.5",
                             resolve[i]);
    }
    c->resolve = lines_copy(resolve);
    c->names = transport_names_new(c->resolve);
    return true;
}

static bool take_contact(struct http_config *c, const char *contact, struct error *err)
{
    static const char program[] = "mooc-pulse/" MOOC_PULSE_VERSION;
    if (!contact || !*contact) {
        c->user_agent = copy_of(program);
        return true;
    }
    size_t size = sizeof program + strlen(contact) + 5;
    if (!line_is_plain(contact) || strpbrk(contact, "()") || size > MAX_CONTACT_BYTES)
        return error_set(err, ERROR_CONFIG, false,
                         "contact: must be one short line without brackets, as in "
                         "\"mailto:data@so.example\" or \"https://so.example/mooc\"");
    c->user_agent = must_have(malloc(size));
    snprintf(c->user_agent, size, "%s (+%s)", program, contact);
    return true;
}

static void take_numbers(struct http_config *c, const struct http_origin_settings *s)
{
    c->http1 = s->http1;
    c->timeout_ms = s->timeout_ms > 0 ? s->timeout_ms : DEFAULT_TIMEOUT_MS;
    c->max_body = s->max_body_bytes > 0 ? (size_t)s->max_body_bytes : DEFAULT_MAX_BODY;
    c->max_concurrent = s->max_concurrent > 0 ? (size_t)s->max_concurrent : 1;
    c->limits = (struct rate_limits){s->requests_per_minute, s->requests_per_second};
    c->per_day = s->requests_per_day;
    c->quiet = s->quiet;
    c->throttles = must_have(calloc(s->throttle_count + 1, sizeof *c->throttles));
    for (; c->throttle_count < s->throttle_count; c->throttle_count++)
        c->throttles[c->throttle_count] = (struct http_throttle){
            s->throttles[c->throttle_count].status, copy_of(s->throttles[c->throttle_count].says)};
}

struct http_config *http_config_new(const struct http_origin_settings *settings, struct error *err)
{
    struct http_config *c = must_have(calloc(1, sizeof *c));
    c->references = 1;
    if (!take_base(c, settings, err) || !take_proxy(c, settings->proxy, err) ||
        !take_names(c, settings->resolve, err) || !take_contact(c, settings->contact, err)) {
        http_config_drop(c);
        return NULL;
    }
    c->ca_file = copy_of(settings->ca_file);
    take_numbers(c, settings);
    return c;
}

bool http_origin_check(const struct http_origin_settings *settings, struct error *err)
{
    struct http_config *c = http_config_new(settings, err);
    http_config_drop(c);
    return c != NULL;
}
