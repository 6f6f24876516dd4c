#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../common/kafka_stats.h"

static bool answers(const char *brokers)
{
    char text[1024];
    (void)snprintf(text, sizeof text, "{\"name\":\"rdkafka#consumer-1\",\"brokers\":{%s}}", brokers);
    return kafka_stats_answers(text, strlen(text));
}

#define BROKER(name, state, idle, waits)                                                           \
    "\"" name "\":{\"name\":\"" name "\",\"state\":\"" state "\",\"rxidle\":" idle                 \
    ",\"waitresp_cnt\":" waits "}"

static void a_connection_that_is_up_answers(void **state)
{
    (void)state;
    assert_true(answers(BROKER("k:9092/1", "UP", "120000", "1")));
    assert_true(answers(BROKER("k:9092/1", "UPDATE", "120000", "0")));
    /* One of three is enough. */
    assert_true(answers(BROKER("a:9092/1", "DOWN", "900000000", "0") "," BROKER(
        "b:9092/2", "CONNECT", "-1", "0") "," BROKER("c:9092/3", "UP", "900000", "0")));
    /* Nothing is asked: then nothing comes. */
    assert_true(answers(BROKER("k:9092/1", "UP", "900000000", "0")));
}

static void none_that_is_up_does_not(void **state)
{
    (void)state;
    assert_false(answers(BROKER("k:9092/bootstrap", "DOWN", "-1", "0")));
    assert_false(answers(BROKER("k:9092/1", "CONNECT", "100", "0") "," BROKER("GroupCoordinator",
                                                                              "INIT", "100", "0")));
}

static void one_that_is_up_and_mute_does_not(void **state)
{
    (void)state;
    assert_false(answers(BROKER("k:9092/1", "UP", "15000001", "1")));
    assert_true(answers(BROKER("k:9092/1", "UP", "15000000", "1")));
    /* The idle connection beside it proves nothing, one that is heard does. */
    assert_false(answers(BROKER("k:9092/1", "UP", "20000000",
                                "1") "," BROKER("k:9092/bootstrap", "UP", "90000000", "0")));
    assert_true(answers(
        BROKER("k:9092/1", "UP", "20000000", "1") "," BROKER("k:9092/2", "UP", "1000", "0")));
}

static void what_says_nothing_is_no_accusation(void **state)
{
    (void)state;
    assert_true(answers(""));
    assert_true(kafka_stats_answers("{", 1));
    assert_true(kafka_stats_answers("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_that_is_up_answers),
        cmocka_unit_test(none_that_is_up_does_not),
        cmocka_unit_test(one_that_is_up_and_mute_does_not),
        cmocka_unit_test(what_says_nothing_is_no_accusation),
    };
    return cmocka_run_group_tests_name("kafka_stats", tests, NULL, NULL);
}
