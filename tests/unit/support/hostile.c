#include "hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct hostile hostile;

static pid_t server;
static int input;
static char folder[32];

static int start(bool tls)
{
    int in[2], out[2];
    if (pipe(in) || pipe(out))
        return -1;
    server = fork();
    if (server == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execlp("python3", "python3", "tests/fakes/hostile_server.py", tls ? "--tls" : NULL, folder,
               (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    input = in[1];
    FILE *ports = fdopen(out[0], "r");
    if (!ports ||
        fscanf(ports, "%d %d %d", &hostile.port, &hostile.canary_port, &hostile.tls_port) != 3)
        return -1;
    fclose(ports);
    snprintf(hostile.base, sizeof hostile.base, "http://127.0.0.1:%d", hostile.port);
    struct error err;
    hostile.http = http_new(&err);
    return hostile.http ? 0 : -1;
}

size_t pending(struct http_origin *origin)
{
    struct http_usage usage;
    http_origin_usage(origin, &usage);
    return usage.waiting + (size_t)usage.concurrent_now;
}

int hostile_start(void **state)
{
    (void)state;
    return start(false);
}

int hostile_start_tls(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hostile.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(hostile.certificate, sizeof hostile.certificate, "%s/lms.test.pem.crt", folder);
    return start(true);
}

int hostile_stop(void **state)
{
    (void)state;
    http_free(hostile.http);
    close(input);
    waitpid(server, NULL, 0);
    if (!*folder)
        return 0;
    unlink(hostile.certificate);
    hostile.certificate[strlen(hostile.certificate) - strlen(".crt")] = '\0';
    unlink(hostile.certificate);
    return rmdir(folder);
}
