/* How many learners one request asks about. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../ingest/connector/ask_queue.h"

static void fill(struct ask_queue *queue, const char *name, size_t count)
{
    ask_queue_init(queue);
    for (size_t i = 0; i < count; i++)
        ask_queue_push(queue, ask_new(name, 0));
}

static void a_request_stays_short(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t waiting, moved;
    } cases[] = {
        {"nguyen_a", 60, 50}, /* 9 bytes with the comma: by count */
        {"nguyen_a", 7, 7},
        {"tr\xe1\xba\xa7n@x", 60, 50}, /* 2 + 9 + 1 + 3 + 1 + comma */
        {"\xe1\xba\xa7\xe1\xba\xa7\xe1\xba\xa7\xe1\xba\xa7", 60, 27}, /* 37 bytes: by length */
        {"nguyen_a", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ask_queue from, to;
        fill(&from, cases[i].name, cases[i].waiting);
        ask_queue_init(&to);
        assert_int_equal(ask_queue_move(&from, &to, 50, 1000), cases[i].moved);
        assert_int_equal(to.count, cases[i].moved);
        assert_int_equal(from.count, cases[i].waiting - cases[i].moved);
        ask_queue_free(&from);
        ask_queue_free(&to);
    }
}

static void a_long_name_goes_alone(void **state)
{
    (void)state;
    struct ask_queue from, to;
    char name[256];
    memset(name, '@', 255);
    name[255] = '\0';
    fill(&from, name, 2);
    ask_queue_init(&to);
    assert_int_equal(ask_queue_move(&from, &to, 50, 700), 1);
    assert_int_equal(ask_queue_move(&from, &to, 50, 700), 1);
    assert_int_equal(ask_queue_move(&from, &to, 50, 700), 0);
    ask_queue_free(&from);
    ask_queue_free(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_stays_short),
        cmocka_unit_test(a_long_name_goes_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
