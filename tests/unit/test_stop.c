#include "cmocka_all.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/stop.h"

#define DONE 42

/* Runs body in a process of its own, since the flag is the process's; sends it `signals` SIGTERMs once it says it is ready,
 * waiting for its answer between them. Returns the exit code, or 1000 + the signal that ended it. */
static int run_child(void (*body)(int ready), int signals, int signal_number)
{
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ready[0]);
        body(ready[1]);
        _exit(1);
    }
    close(ready[1]);
    char byte;
    for (int i = 0; i < signals; i++) {
        assert_int_equal(read(ready[0], &byte, 1), 1);
        assert_int_equal(kill(child, signal_number), 0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    close(ready[0]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void tell(int fd)
{
    if (write(fd, "r", 1) != 1)
        _exit(2);
}

static void sleeps_until_signal(int ready)
{
    stop_install_handlers();
    if (stop_requested())
        _exit(3);
    tell(ready);
    int64_t before = clock_monotonic_ms();
    bool go_on = stop_sleep_ms(60000);
    bool quick = clock_monotonic_ms() - before < 5000;
    _exit(!go_on && stop_requested() && quick ? DONE : 4);
}

static void goes_on_when_the_terminal_hangs_up(int ready)
{
    stop_install_handlers();
    stop_ignore_other_signals();
    tell(ready);
    _exit(stop_sleep_ms(300) ? DONE : 4);
}

static void ignores_the_first(int ready)
{
    stop_install_handlers();
    tell(ready);
    while (!stop_requested())
        (void)stop_sleep_ms(10);
    tell(ready);
    for (;;)
        pause();
}

static void hangs_for_ever(int ready)
{
    sigset_t all; /* as a starter may leave it */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    stop_install_handlers();
    stop_ends_within(1);
    tell(ready);
    for (;;)
        pause();
}

static void ends_in_time(int ready)
{
    stop_install_handlers();
    stop_ends_within(5);
    tell(ready);
    while (stop_sleep_ms(10))
        continue;
    _exit(DONE);
}

static void writes_to_a_closed_pipe(int ready)
{
    (void)ready;
    stop_install_handlers();
    int ends[2];
    if (pipe(ends) != 0)
        _exit(2);
    close(ends[0]);
    _exit(write(ends[1], "x", 1) == -1 && !stop_requested() ? DONE : 4);
}

static void asks_itself_then_is_asked(int ready)
{
    stop_install_handlers();
    stop_request();
    if (!stop_requested() || stop_sleep_ms(60000))
        _exit(3);
    tell(ready);
    for (int i = 0; i < 1000; i++) {
        struct timespec nap = {0, 1000000};
        nanosleep(&nap, NULL);
    }
    _exit(DONE); /* the first signal after stop_request did not kill */
}

static void naps(int ready)
{
    (void)ready;
    int64_t before = clock_monotonic_ms();
    bool go_on = stop_sleep_ms(30) && stop_sleep_ms(0) && stop_sleep_ms(-5);
    int64_t took = clock_monotonic_ms() - before;
    _exit(go_on && took >= 30 && took < 3000 ? DONE : 4);
}

static void signals_raise_the_flag(void **state)
{
    (void)state;
    assert_int_equal(run_child(sleeps_until_signal, 1, SIGTERM), DONE);
    assert_int_equal(run_child(sleeps_until_signal, 1, SIGINT), DONE);
}

static void other_signals_do_not_end_a_service(void **state)
{
    (void)state;
    static const int signals[] = {SIGHUP, SIGUSR1, SIGUSR2};
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        assert_int_equal(run_child(goes_on_when_the_terminal_hangs_up, 1, signals[i]), DONE);
}

static void second_signal_ends_at_once(void **state)
{
    (void)state;
    assert_int_equal(run_child(ignores_the_first, 2, SIGTERM), 128 + SIGTERM);
    assert_int_equal(run_child(ignores_the_first, 2, SIGINT), 128 + SIGINT);
}

static void a_stop_that_hangs_is_cut_short(void **state)
{
    (void)state;
    int64_t before = clock_monotonic_ms();
    assert_int_equal(run_child(hangs_for_ever, 1, SIGTERM), STOP_CUT_SHORT);
    int64_t took = clock_monotonic_ms() - before;
    assert_in_range(took, 900, 4000);
    assert_int_equal(run_child(ends_in_time, 1, SIGTERM), DONE);
}

static void broken_pipes_are_errors_not_deaths(void **state)
{
    (void)state;
    assert_int_equal(run_child(writes_to_a_closed_pipe, 0, 0), DONE);
}

static void own_request_is_no_first_signal(void **state)
{
    (void)state;
    assert_int_equal(run_child(asks_itself_then_is_asked, 1, SIGTERM), DONE);
}

static void sleeps_as_long_as_asked(void **state)
{
    (void)state;
    assert_int_equal(run_child(naps, 0, 0), DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_raise_the_flag),
        cmocka_unit_test(other_signals_do_not_end_a_service),
        cmocka_unit_test(second_signal_ends_at_once),
        cmocka_unit_test(a_stop_that_hangs_is_cut_short),
        cmocka_unit_test(broken_pipes_are_errors_not_deaths),
        cmocka_unit_test(own_request_is_no_first_signal),
        cmocka_unit_test(sleeps_as_long_as_asked),
    };
    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
