/* A reader that follows another one: the end of the log is told once, and may be beyond the limit just then. */
#include "cmocka_all.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "../../aggregator/write/log_reader_private.h"

/* Of many partitions: while the limits are raised one after the other, the reader is at some of them. */
enum { PARTITIONS = 20000, TURNS = 100, LIMIT = 3, END = 5 };

/* In the place of librdkafka's: nothing comes any more. */
rd_kafka_message_t *rd_kafka_consumer_poll(rd_kafka_t *kafka, int timeout_ms)
{
    (void)kafka;
    (void)timeout_ms;
    return NULL;
}

struct following {
    struct log_reader reader;
    atomic_int turn, raised;
};

/* As the writing thread does when live has moved on. */
static void *raise_limits(void *context)
{
    struct following *f = context;
    static int64_t limits[PARTITIONS];
    for (int i = 0; i < PARTITIONS; i++)
        limits[i] = END;
    for (int turn = 1; turn <= TURNS; turn++) {
        while (atomic_load(&f->turn) < turn)
            sched_yield();
        log_reader_limit(&f->reader, limits);
        atomic_store(&f->raised, turn);
    }
    return NULL;
}

static void an_end_is_reached_whenever_its_limit_gets_there(void **state)
{
    (void)state;
    static struct log_partition partitions[PARTITIONS];
    static int64_t positions[PARTITIONS];
    static struct held held[PARTITIONS];
    static bool left_out[PARTITIONS];
    static struct following f = {.reader = {.partitions = partitions,
                                            .positions = positions,
                                            .held = held,
                                            .left_out = left_out,
                                            .partition_count = PARTITIONS}};
    struct batch *batch = batch_new(partitions, PARTITIONS);
    struct error err = {0};
    pthread_t raising;
    int missed = 0;
    assert_int_equal(pthread_create(&raising, NULL, raise_limits, &f), 0);
    for (int turn = 1; turn <= TURNS; turn++) {
        for (int i = 0; i < PARTITIONS; i++) {
            positions[i] = LIMIT - 1;
            held[i].limit = LIMIT;
            held[i].end = END;
        }
        f.reader.ends_count = PARTITIONS;
        batch_clear(batch, NULL);
        atomic_store(&f.turn, turn);
        (void)log_reader_read(&f.reader, batch, 0, &err); /* while they are raised, or before */
        while (atomic_load(&f.raised) < turn)
            sched_yield();
        (void)log_reader_read(&f.reader, batch, 0, &err);
        for (int i = 0; i < PARTITIONS; i++)
            missed += positions[i] != END;
        assert_int_equal(f.reader.ends_count, 0);
    }
    pthread_join(raising, NULL);
    batch_free(batch);
    assert_int_equal(missed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_reached_whenever_its_limit_gets_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
