#include "cmocka_all.h"

#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../common/metrics.h"

static void contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void values(void **state)
{
    (void)state;
    struct metrics *m = metrics_new();
    struct metric *events = metrics_add(m, METRIC_COUNTER, "mooc_events_total", "type=\"a\"", "E.");
    assert_true(metric_value(events) == 0);
    metric_increase(events, 2);
    metric_increase(events, 0.5);
    assert_true(metric_value(events) == 2.5);
    assert_ptr_equal(metrics_add(m, METRIC_COUNTER, "mooc_events_total", "type=\"a\"", "E."), events);
    struct metric *other = metrics_add(m, METRIC_COUNTER, "mooc_events_total", NULL, "E.");
    assert_ptr_not_equal(other, events);
    assert_ptr_equal(metrics_add(m, METRIC_COUNTER, "mooc_events_total", "", "E."), other);
    metric_set(other, -7);
    assert_true(metric_value(other) == -7);
    metrics_free(m);
    metrics_free(NULL);
}

static void text_format(void **state)
{
    (void)state;
    struct metrics *m = metrics_new();
    struct text_buffer labels = {0}, out = {0};
    metrics_label(&labels, "source", "da\"o\\tao\n");
    metrics_label(&labels, "stream", "grades");
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_lag", labels.data, "Lag, in \\ and\nlines."), 0.1);
    metric_set(metrics_add(m, METRIC_COUNTER, "mooc_events_total", NULL, "Events."), 123456789);
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_lag", "source=\"b\"", "Lag."), NAN);
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_lag", "source=\"c\"", "Lag."), -INFINITY);
    metrics_add_text(m, &out);
    const char *expected = "# HELP mooc_lag Lag, in \\\\ and\\nlines.\n"
                           "# TYPE mooc_lag gauge\n"
                           "mooc_lag{source=\"da\\\"o\\\\tao\\n\",stream=\"grades\"} 0.1\n"
                           "mooc_lag{source=\"b\"} NaN\n"
                           "mooc_lag{source=\"c\"} -Inf\n"
                           "# HELP mooc_events_total Events.\n"
                           "# TYPE mooc_events_total counter\n"
                           "mooc_events_total 123456789\n"
                           "# HELP process_resident_memory_bytes ";
    assert_memory_equal(out.data, expected, strlen(expected));
    contains(out.data, "\nmooc_build_info{version=\"" MOOC_PULSE_VERSION "\"} 1\n");
    double resident = strtod(strstr(out.data, "\nprocess_resident_memory_bytes ") + 31, NULL);
    assert_true(resident > 1e5);
    text_buffer_free(&labels);
    text_buffer_free(&out);
    metrics_free(m);
}

static void *increase_many(void *metric)
{
    for (int i = 0; i < 20000; i++)
        metric_increase(metric, 1);
    return NULL;
}

static void increases_are_atomic(void **state)
{
    (void)state;
    struct metrics *m = metrics_new();
    struct metric *metric = metrics_add(m, METRIC_COUNTER, "n_total", NULL, "N.");
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, increase_many, metric), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_true(metric_value(metric) == 80000);
    metrics_free(m);
}

/* The signal that ends a process which adds this second metric. */
static int death_of(const char *name, enum metric_type type)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(9);
        struct metrics *m = metrics_new();
        metrics_add(m, METRIC_COUNTER, "first_total", NULL, "F.");
        metrics_add(m, type, name, NULL, "F.");
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void programming_errors_abort(void **state)
{
    (void)state;
    assert_int_equal(death_of("second_total", METRIC_COUNTER), 0);
    assert_int_equal(death_of("first_total", METRIC_GAUGE), SIGABRT);
    assert_int_equal(death_of("no name", METRIC_COUNTER), SIGABRT);
    assert_int_equal(death_of("9lives", METRIC_COUNTER), SIGABRT);
    assert_int_equal(death_of("", METRIC_COUNTER), SIGABRT);
}

static void readiness(void **state)
{
    (void)state;
    char text[256];
    struct metrics *m = metrics_new();
    assert_true(metrics_readiness(m, text, sizeof text));
    assert_string_equal(text, "ready");
    metrics_ready(m, "kafka", "no broker answers");
    metrics_ready(m, "shards", "2 of 6 loaded");
    assert_false(metrics_readiness(m, text, sizeof text));
    assert_string_equal(text, "kafka: no broker answers\nshards: 2 of 6 loaded");
    assert_false(metrics_readiness(m, text, 9));
    assert_string_equal(text, "kafka: n");
    metrics_ready(m, "kafka", NULL);
    metrics_ready(m, "shards", "5 of 6 loaded");
    assert_false(metrics_readiness(m, text, sizeof text));
    assert_string_equal(text, "shards: 5 of 6 loaded");
    metrics_ready(m, "shards", NULL);
    assert_true(metrics_readiness(m, text, sizeof text));
    metrics_free(m);
}

/* Sends the request to 127.0.0.1:port and gives the whole answer. */
static const char *ask(int port, const char *method, const char *path)
{
    static char answer[65536];
    char request[256];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    int length = snprintf(request, sizeof request,
                          "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method, path);
    assert_int_equal(write(fd, request, (size_t)length), length);
    size_t used = 0;
    ssize_t got;
    while ((got = read(fd, answer + used, sizeof answer - 1 - used)) > 0)
        used += (size_t)got;
    close(fd);
    answer[used] = '\0';
    return answer;
}

static void begins(const char *text, const char *start)
{
    if (strncmp(text, start, strlen(start)) != 0)
        fail_msg("does not begin with \"%s\":\n%s", start, text);
}

static const char *body(const char *answer)
{
    const char *blank = strstr(answer, "\r\n\r\n");
    assert_non_null(blank);
    return blank + 4;
}

static void serves(void **state)
{
    (void)state;
    char port_file[] = "/tmp/mooc-port-XXXXXX", listen[64];
    close(mkstemp(port_file));
    struct error err = {0};
    struct metrics *m = metrics_new();
    metrics_ready(m, "kafka", "no broker answers");
    metric_set(metrics_add(m, METRIC_GAUGE, "mooc_lag", NULL, "Lag."), 42);
    assert_true(metrics_serve(m, "127.0.0.1:0", port_file, &err));
    int port = 0;
    FILE *file = fopen(port_file, "r");
    assert_int_equal(fscanf(file, "%d", &port), 1);
    fclose(file);
    unlink(port_file);
    assert_in_range(port, 1, 65535);
    const char *answer = ask(port, "GET", "/healthz");
    begins(answer, "HTTP/1.1 200 ");
    assert_string_equal(body(answer), "ok\nkafka: no broker answers\n");
    answer = ask(port, "GET", "/readyz");
    begins(answer, "HTTP/1.1 503 ");
    assert_string_equal(body(answer), "kafka: no broker answers\n");
    metrics_ready(m, "kafka", NULL);
    answer = ask(port, "GET", "/readyz?verbose=1");
    begins(answer, "HTTP/1.1 200 ");
    assert_string_equal(body(answer), "ready\n");
    answer = ask(port, "GET", "/metrics");
    begins(answer, "HTTP/1.1 200 ");
    contains(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    contains(body(answer), "# TYPE mooc_lag gauge\nmooc_lag 42\n");
    answer = ask(port, "HEAD", "/metrics");
    begins(answer, "HTTP/1.1 200 ");
    assert_string_equal(body(answer), "");
    begins(ask(port, "GET", "/"), "HTTP/1.1 404 ");
    begins(ask(port, "GET", "/metrics/x"), "HTTP/1.1 404 ");
    answer = ask(port, "POST", "/metrics");
    begins(answer, "HTTP/1.1 405 ");
    contains(answer, "Allow: GET, HEAD\r\n");
    /* The port is taken now, and free again afterwards. */
    struct metrics *second = metrics_new();
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    assert_false(metrics_serve(second, listen, NULL, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    contains(err.message, "metrics.listen: cannot serve on 127.0.0.1:");
    contains(err.message, "Address already in use");
    metrics_free(m);
    assert_true(metrics_serve(second, listen, NULL, &err));
    answer = ask(port, "GET", "/healthz");
    begins(answer, "HTTP/1.1 200 ");
    assert_string_equal(body(answer), "ok\n");
    metrics_free(second);
}

static void listen_faults(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",          "9400",   ":9400",       "127.0.0.1:", "::1:9400",
        "[::1]9400", "[]:940", "127.0.0.1:x", "h:70000",    "h:123456"};
    struct metrics *m = metrics_new();
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct error err = {0};
        assert_false(metrics_serve(m, bad[i], NULL, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        contains(err.message, "must be HOST:PORT, such as 127.0.0.1:9400, or off");
    }
    struct error err = {0};
    assert_false(metrics_serve(m, "127.0.0.1:0", "/nowhere/port", &err));
    assert_string_equal(err.message,
                        "metrics.port_file: cannot write /nowhere/port: No such file or directory");
    metrics_free(m);
    m = metrics_new();
    assert_true(metrics_serve(m, "off", NULL, &err));
    metrics_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(text_format),
        cmocka_unit_test(increases_are_atomic),
        cmocka_unit_test(programming_errors_abort),
        cmocka_unit_test(readiness),
        cmocka_unit_test(serves),
        cmocka_unit_test(listen_faults),
    };
    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
