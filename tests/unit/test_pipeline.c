/* The writing side of the pipeline waits as long as it says, whatever becomes of the machine's date meanwhile. */
#include "cmocka_all.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../aggregator/options.h"
#include "../../aggregator/write/pipeline.h"
#include "../../common/clock.h"

#define SET_BACK_S 3

static bool set_back;

/* The date as it was before the clock was set back: whoever waits until a moment of it waits longer by as much. */
int clock_gettime(clockid_t clock, struct timespec *out)
{
    long result = syscall(SYS_clock_gettime, clock, out);
    if (set_back && clock == CLOCK_REALTIME)
        out->tv_sec += SET_BACK_S;
    return (int)result;
}

static void a_wait_does_not_follow_the_date(void **state)
{
    (void)state;
    char *words[] = {"mooc-aggregator", "run", NULL};
    int code = 0;
    struct error err = {0};
    struct options *options = options_parse(&aggregator_program, 2, words, &code, &err);
    assert_non_null(options);
    struct pipeline *pipeline = pipeline_new(options, (size_t)1 << 20, NULL, NULL, NULL);
    int64_t before = clock_monotonic_ms();
    set_back = true;
    assert_null(pipeline_take(pipeline, 20, &err));
    set_back = false;
    assert_in_range(clock_monotonic_ms() - before, 19, SET_BACK_S * 1000 / 2);
    assert_int_equal(err.kind, ERROR_NONE);
    pipeline_free(pipeline);
    options_free(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_wait_does_not_follow_the_date)};
    return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
