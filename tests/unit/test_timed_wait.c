#include "cmocka_all.h"

#include "../../common/clock.h"
#include "../../common/timed_wait.h"

struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t rung;
    bool told;
};

static void *ring(void *context)
{
    struct bell *bell = context;
    pthread_mutex_lock(&bell->mutex);
    bell->told = true;
    pthread_cond_signal(&bell->rung);
    pthread_mutex_unlock(&bell->mutex);
    return NULL;
}

static void open_bell(struct bell *bell)
{
    *bell = (struct bell){0};
    pthread_mutex_init(&bell->mutex, NULL);
    timed_wait_init(&bell->rung);
}

static void close_bell(struct bell *bell)
{
    pthread_cond_destroy(&bell->rung);
    pthread_mutex_destroy(&bell->mutex);
}

static void the_moment_is_so_far_away(void **state)
{
    (void)state;
    const int64_t away[] = {
        0, 1, 999, 1000, 1999, 86400000}; /* some of them carry nanoseconds into the next second */
    for (size_t i = 0; i < ARRAY_LEN(away); i++) {
        int64_t before = clock_monotonic_ms();
        struct timespec until = timed_wait_until(away[i]);
        int64_t after = clock_monotonic_ms(), at = until.tv_sec * 1000 + until.tv_nsec / 1000000;
        assert_in_range(until.tv_nsec, 0, 999999999);
        assert_in_range(at, before + away[i], after + away[i]);
    }
    int64_t before = clock_monotonic_ms();
    assert_true(timed_wait_until(-5000).tv_sec >= before / 1000);
}

static void a_wait_ends_with_its_moment(void **state)
{
    (void)state;
    struct bell bell;
    open_bell(&bell);
    pthread_mutex_lock(&bell.mutex);
    int64_t before = clock_monotonic_us();
    struct timespec until = timed_wait_until(20);
    while (timed_wait(&bell.rung, &bell.mutex, until))
        ; /* woken without cause */
    assert_true(clock_monotonic_us() - before >= 20000);
    pthread_mutex_unlock(&bell.mutex);
    close_bell(&bell);
}

static void a_wait_ends_when_told(void **state)
{
    (void)state;
    struct bell bell;
    pthread_t thread;
    open_bell(&bell);
    pthread_mutex_lock(&bell.mutex);
    assert_int_equal(pthread_create(&thread, NULL, ring, &bell), 0);
    struct timespec until = timed_wait_until(60000);
    bool in_time = true;
    while (!bell.told && in_time)
        in_time = timed_wait(&bell.rung, &bell.mutex, until);
    assert_true(bell.told && in_time);
    pthread_mutex_unlock(&bell.mutex);
    pthread_join(thread, NULL);
    close_bell(&bell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_moment_is_so_far_away),
        cmocka_unit_test(a_wait_ends_with_its_moment),
        cmocka_unit_test(a_wait_ends_when_told),
    };
    return cmocka_run_group_tests_name("timed_wait", tests, NULL, NULL);
}
