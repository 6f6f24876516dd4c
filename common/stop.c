#include "stop.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "clock.h"

/* A signal handler has no context to be given: the flag is the process's. Lock-free atomics are safe in handlers. */
static atomic_bool stop_flag;
static atomic_bool signalled;

static atomic_uint patience_s; /* 0 = as long as it takes */

#define SLICE_MS 200

static void on_signal(int signal_number)
{
    if (atomic_exchange(&signalled, true))
        _exit(128 + signal_number);
    atomic_store(&stop_flag, true);
    alarm(atomic_load(&patience_s));
}

/* Whatever holds the process up: a library that waits for a server that is gone, a log that nobody reads any more. */
static void on_alarm(int signal_number)
{
    static const char last_words[] = "the stop took too long and was cut short\n";
    (void)signal_number;
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) &&
        write(STDERR_FILENO, last_words, sizeof(last_words) - 1) < 0)
        _exit(STOP_CUT_SHORT);
    _exit(STOP_CUT_SHORT);
}

void stop_install_handlers(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a signal ends the waits of the thread that gets it. */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    struct sigaction cut_short = {.sa_handler = on_alarm};
    sigemptyset(&cut_short.sa_mask);
    sigaction(SIGALRM, &cut_short, NULL);
    sigset_t ours; /* whoever started us may have blocked them */
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
}

void stop_ignore_other_signals(void)
{
    static const int signals[] = {SIGHUP, SIGUSR1, SIGUSR2};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        sigaction(signals[i], &ignore, NULL);
}

void stop_ends_within(unsigned seconds)
{
    atomic_store(&patience_s, seconds);
}

bool stop_requested(void)
{
    return atomic_load(&stop_flag);
}

void stop_request(void)
{
    atomic_store(&stop_flag, true);
}

bool stop_sleep_ms(int64_t ms)
{
    int64_t end = clock_monotonic_ms() + ms;
    while (!stop_requested()) {
        int64_t left = end - clock_monotonic_ms();
        if (left <= 0)
            break;
        /* Sliced: the signal may be given to another thread, or come just before the wait. */
        poll(NULL, 0, (int)(left < SLICE_MS ? left : SLICE_MS));
    }
    return !stop_requested();
}
