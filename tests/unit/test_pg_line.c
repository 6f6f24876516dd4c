#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmocka_all.h"

#include "../../aggregator/pg_line.h"
#include "../../common/clock.h"

static void says_since_when_nothing_moves(void **state)
{
    (void)state;
    struct pg_line line = {0};
    assert_int_equal(pg_line_waits_since_ms(&line), 0);
    int64_t before_ms = clock_monotonic_ms();
    pg_line_moved(&line, 0);
    assert_in_range(pg_line_waits_since_ms(&line), before_ms, clock_monotonic_ms());
    pg_line_moved(&line, 5 * 1000 * 1000); /* five seconds' worth on the slowest line */
    assert_true(pg_line_waits_since_ms(&line) >= before_ms + 5000);
    pg_line_rests(&line);
    assert_int_equal(pg_line_waits_since_ms(&line), 0);
    pg_line_close(&line);
}

static void a_cut_reaches_who_waits(void **state)
{
    (void)state;
    int ends[2];
    char byte;
    struct pg_line line = {0};
    pg_line_cut(&line); /* not open: cuts nothing, least of all standard input */
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pg_line_open(&line, ends[0]);
    pg_line_cut(&line);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    pg_line_close(&line);
    assert_int_equal(read(ends[1], &byte, 1), 0);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_since_when_nothing_moves),
                                       cmocka_unit_test(a_cut_reaches_who_waits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
