#include "stop.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "clock.h"

/* A signal handler has no context to be given: the flag is the process's. Lock-free atomics are safe in handlers. */
static atomic_bool stop_flag;
static atomic_bool signalled;

#define SLICE_MS 200

static void on_signal(int signal_number)
{
    if (atomic_exchange(&signalled, true))
        _exit(128 + signal_number);
    atomic_store(&stop_flag, true);
}

void stop_install_handlers(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a signal ends the waits of the thread that gets it. */
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
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
