/* Serves the metrics: the only file that knows libmicrohttpd. */
#include "metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "metrics_registry.h"

#define READINESS_SIZE 8192
#define BACKLOG 64
#define MAX_CONNECTIONS 64U
#define IDLE_SECONDS 15U

struct metrics *metrics_new(void)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics)
        abort();
    metrics_registry_init(metrics);
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    if (!metrics)
        return;
    if (metrics->daemon)
        MHD_stop_daemon(metrics->daemon);
    metrics_registry_free(metrics);
    free(metrics);
}

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status, const char *text,
                             size_t length)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    enum MHD_Result ok = MHD_add_response_header(response, "Content-Type",
                                                 "text/plain; version=0.0.4; charset=utf-8") &&
                                 MHD_add_response_header(response, "Cache-Control", "no-store") &&
                                 (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
                                  MHD_add_response_header(response, "Allow", "GET, HEAD"))
                             ? MHD_queue_response(connection, status, response)
                             : MHD_NO;
    MHD_destroy_response(response);
    return ok;
}

static enum MHD_Result reply_text(struct MHD_Connection *connection, unsigned status, const char *text)
{
    return reply(connection, status, text, strlen(text));
}

/* /healthz says the same, but to live is enough for its 200: who stands by must not be restarted for it. */
static enum MHD_Result reply_readiness(struct MHD_Connection *connection, struct metrics *metrics,
                                       bool readyz)
{
    char text[READINESS_SIZE + 4];
    char *conditions = text + (readyz ? 0 : 3);
    memcpy(text, "ok\n", 3);
    bool ready = metrics_readiness(metrics, conditions, READINESS_SIZE);
    if (ready && !readyz)
        return reply_text(connection, MHD_HTTP_OK, "ok\n");
    size_t length = strlen(text);
    text[length] = '\n';
    bool fine = ready || !readyz;
    return reply(connection, fine ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, text, length + 1);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request)
{
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)request;
    struct metrics *metrics = context;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return reply_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    bool readyz = strcmp(url, "/readyz") == 0;
    if (readyz || strcmp(url, "/healthz") == 0)
        return reply_readiness(connection, metrics, readyz);
    if (strcmp(url, "/metrics") != 0)
        return reply_text(connection, MHD_HTTP_NOT_FOUND,
                          "not here; /metrics, /healthz and /readyz are\n");
    struct text_buffer text = {0};
    metrics_add_text(metrics, &text);
    enum MHD_Result ok = reply(connection, MHD_HTTP_OK, text.data, text.length);
    text_buffer_free(&text);
    return ok;
}

/* "host:port" or "[host]:port" in two; false if it is neither. */
static bool split(const char *listen, char host[256], char port[8])
{
    const char *colon = strrchr(listen, ':');
    const char *begin = listen, *end = colon;
    if (!colon)
        return false;
    if (*begin == '[') {
        begin++;
        if (end == begin || *--end != ']')
            return false;
    } else if (memchr(begin, ':', (size_t)(end - begin))) {
        return false;
    }
    size_t host_length = (size_t)(end - begin), digits = strspn(colon + 1, "0123456789");
    if (host_length == 0 || host_length > 255 || digits == 0 || digits > 5 ||
        colon[1 + digits] != '\0' || strtol(colon + 1, NULL, 10) > 65535)
        return false;
    memcpy(host, begin, host_length);
    host[host_length] = '\0';
    memcpy(port, colon + 1, digits + 1);
    return true;
}

static int open_socket(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (address->ai_family != AF_INET6 ||
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
        bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static bool split_or_refuse(const char *listen, char host[256], char port[8], struct error *err)
{
    return split(listen, host, port) ||
           error_set(err, ERROR_CONFIG, false,
                     "metrics.listen: \"%.100s\" must be HOST:PORT, such as 127.0.0.1:9400, or off",
                     listen);
}

bool metrics_check_listen(const char *listen, struct error *err)
{
    char host[256], port[8];
    return strcmp(listen, "off") == 0 || split_or_refuse(listen, host, port, err);
}

/* A listening socket, -1 with err set. */
static int listen_on(const char *where, struct error *err)
{
    char host[256], port[8];
    if (!split_or_refuse(where, host, port, err))
        return -1;
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *addresses = NULL;
    int code = getaddrinfo(host, port, &hints, &addresses);
    if (code != 0) {
        error_set(err, ERROR_CONFIG, false, "metrics.listen: %s: %s", where, gai_strerror(code));
        return -1;
    }
    int fd = -1;
    for (struct addrinfo *a = addresses; a && fd < 0; a = a->ai_next)
        fd = open_socket(a);
    if (fd < 0)
        error_set(err, ERROR_CONFIG, false, "metrics.listen: cannot serve on %s: %s", where,
                  strerror(errno));
    freeaddrinfo(addresses);
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return address.ss_family == AF_INET6
               ? ntohs(((const struct sockaddr_in6 *)(const void *)&address)->sin6_port)
               : ntohs(((const struct sockaddr_in *)(const void *)&address)->sin_port);
}

/* Whole or not at all: who waits for the file must not read half a number. */
static bool write_port(const char *path, int port, struct error *err)
{
    struct text_buffer temporary = {0};
    text_buffer_add_format(&temporary, "%s.new", path);
    FILE *file = fopen(temporary.data, "we");
    bool ok = file && fprintf(file, "%d\n", port) > 0;
    if (file && fclose(file) != 0)
        ok = false;
    ok = ok && rename(temporary.data, path) == 0;
    text_buffer_free(&temporary);
    return ok || error_set(err, ERROR_CONFIG, false, "metrics.port_file: cannot write %s: %s", path,
                           strerror(errno));
}

/* The server's thread leaves signals to the others. */
static void *start(struct metrics *metrics, int fd)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    void *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, metrics,
                         MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS,
                         MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return daemon;
}

bool metrics_serve(struct metrics *metrics, const char *listen, const char *port_file,
                   struct error *err)
{
    if (strcmp(listen, "off") == 0)
        return true;
    int fd = listen_on(listen, err);
    if (fd < 0)
        return false;
    int port = port_of(fd);
    metrics->daemon = start(metrics, fd);
    if (!metrics->daemon) {
        close(fd);
        return error_set(err, ERROR_INTERNAL, false, "libmicrohttpd cannot start on %s", listen);
    }
    return !port_file || write_port(port_file, port, err);
}
