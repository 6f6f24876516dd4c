#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "allocate.h"
#include "clock.h"

#define TERMINAL_MS 200
#define LINES_MS 1000
#define SHORT_MS 2000 /* who waits no longer needs no word, and a script's log no lines */
#define BAR 24

struct progress {
    const char *what;
    int64_t done, of, first, began_ms, told_ms, told; /* told -1: nothing was */
    bool terminal, begun;
};

struct progress *progress_new(const char *what, int64_t of)
{
    struct progress *p = must_have(calloc(1, sizeof(*p)));
    p->what = what;
    p->of = of;
    p->began_ms = clock_monotonic_ms();
    p->told = -1;
    p->terminal = isatty(STDERR_FILENO);
    return p;
}

/* What was done before we looked says nothing of how fast it goes. */
static int64_t per_second(const struct progress *p)
{
    int64_t ms = clock_monotonic_ms() - p->began_ms;
    return ms > 0 ? (p->done - p->first) * 1000 / ms : 0;
}

static int64_t seconds_left(const struct progress *p)
{
    int64_t rate = per_second(p), ms = clock_monotonic_ms() - p->began_ms;
    if (p->of <= 0 || p->done <= p->first || p->done > p->of)
        return -1;
    return rate > 0 ? (p->of - p->done) / rate : (p->of - p->done) * ms / (p->done - p->first) / 1000;
}

static void tell_terminal(const struct progress *p)
{
    int64_t left = seconds_left(p);
    fprintf(stderr, "\r\033[K%s ", p->what);
    if (p->of > 0) {
        int64_t share = p->done >= p->of ? BAR : p->done * BAR / p->of;
        fputc('[', stderr);
        for (int64_t i = 0; i < BAR; i++)
            fputc(i < share ? '#' : '.', stderr);
        fprintf(stderr, "] %lld of %lld", (long long)p->done, (long long)p->of);
    } else {
        fprintf(stderr, "%lld", (long long)p->done);
    }
    if (per_second(p) > 0)
        fprintf(stderr, ", %lld/s", (long long)per_second(p));
    if (left >= 0)
        fprintf(stderr, ", about %lld s left", (long long)left);
    fflush(stderr);
}

static void tell_line(const struct progress *p)
{
    int64_t left = seconds_left(p);
    fprintf(stderr, "{\"what\":\"%s\",\"done\":%lld", p->what, (long long)p->done);
    if (p->of > 0)
        fprintf(stderr, ",\"of\":%lld", (long long)p->of);
    fprintf(stderr, ",\"per_s\":%lld", (long long)per_second(p));
    if (left >= 0)
        fprintf(stderr, ",\"eta_s\":%lld", (long long)left);
    fputs("}\n", stderr);
}

static void tell(struct progress *p)
{
    p->told_ms = clock_monotonic_ms();
    p->told = p->done;
    if (p->terminal)
        tell_terminal(p);
    else
        tell_line(p);
}

static bool is_long(const struct progress *p)
{
    return clock_monotonic_ms() - p->began_ms >= SHORT_MS;
}

void progress_at(struct progress *p, int64_t done, int64_t of)
{
    if (!p->begun) {
        p->begun = true;
        p->first = done;
    }
    p->done = done;
    p->of = of;
    if (is_long(p) && clock_monotonic_ms() - p->told_ms >= (p->terminal ? TERMINAL_MS : LINES_MS))
        tell(p);
}

void progress_add(struct progress *p, int64_t done)
{
    p->begun = true;
    progress_at(p, p->done + done, p->of);
}

void progress_end(struct progress *p)
{
    if (!p)
        return;
    if (p->done != p->told && is_long(p))
        tell(p);
    if (p->terminal && p->told >= 0)
        fputc('\n', stderr);
    free(p);
}
