/* Once a batch was refused for good, nothing of it is touched any more: it is the caller's to free. Whether transactions hold is
 * asked of a real broker (tests/integration); librdkafka's own one tells of error paths only. */
#include "cmocka_all.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "../../common/stop.h"
#include "../../ingest/shard/publisher.h"

#define PRODUCE 0 /* the request's number */
#define TRANSACTION_MS 1000
#define MOST_TRIES                                                                                 \
    100 /* more than go into a transaction's time: librdkafka waits 100 ms between two */

struct site {
    rd_kafka_t *holder;
    rd_kafka_mock_cluster_t *cluster;
    struct publisher *publisher;
};

static void open_site(struct site *site)
{
    static const char *const topics[] = {"events", "state", "dead"};
    char why[512];
    struct error err = {0};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    assert_int_equal(rd_kafka_conf_set(conf, "log_level", "0", why, sizeof(why)), RD_KAFKA_CONF_OK);
    site->holder = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    assert_non_null(site->holder);
    site->cluster = rd_kafka_mock_cluster_new(site->holder, 1);
    for (size_t i = 0; i < ARRAY_LEN(topics); i++)
        assert_int_equal(rd_kafka_mock_topic_create(site->cluster, topics[i], 1, 1), 0);
    const struct publisher_settings settings = {
        .brokers = rd_kafka_mock_cluster_bootstraps(site->cluster),
        .transactional_id = "test",
        .topics = {[BATCH_EVENTS] = topics[0], [BATCH_STATE] = topics[1], [BATCH_DEAD] = topics[2]},
        .transaction_timeout_ms = TRANSACTION_MS};
    site->publisher = publisher_new(&settings, &err);
    assert_non_null(site->publisher);
    assert_true(publisher_init(site->publisher, 10000, &err));
}

static void close_site(struct site *site)
{
    publisher_free(site->publisher);
    rd_kafka_mock_cluster_destroy(site->cluster);
    rd_kafka_destroy(site->holder);
}

static void fill(struct batch *batch)
{
    size_t at = batch_add(batch, BATCH_STATE, 0, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    text_buffer_add_text(&batch->arena, "o|owner");
    batch_begin_value(batch, at);
    for (int i = 0; i < 50; i++)
        text_buffer_add_format(&batch->arena, "%d", i * 7919);
    batch_end_value(batch, at);
}

/* Too few replicas are up: librdkafka sends the record again and again, from where it lies. */
static void a_batch_that_is_given_up_is_the_callers(void **state)
{
    (void)state;
    struct site site;
    struct error err = {0};
    struct batch batch = {0};
    rd_kafka_resp_err_t refusals[MOST_TRIES];
    open_site(&site);
    for (size_t i = 0; i < MOST_TRIES; i++)
        refusals[i] = RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS;
    rd_kafka_mock_push_request_errors_array(site.cluster, PRODUCE, MOST_TRIES, refusals);
    fill(&batch);
    assert_false(publisher_send(site.publisher, &batch, &err));
    assert_int_equal(err.kind, ERROR_UNKNOWN_OUTCOME);
    batch_free(&batch);
    assert_true(stop_sleep_ms(TRANSACTION_MS)); /* AddressSanitizer tells */
    fill(&batch);
    assert_false(publisher_send(site.publisher, &batch, &err)); /* it takes a new one */
    assert_int_equal(err.kind, ERROR_UNKNOWN_OUTCOME);
    batch_free(&batch);
    close_site(&site);
}

static void a_batch_is_sent(void **state)
{
    (void)state;
    struct site site;
    struct error err = {0};
    struct batch batch = {0};
    open_site(&site);
    fill(&batch);
    assert_true(publisher_send(site.publisher, &batch, &err));
    assert_true(batch.records[0].offset >= 0);
    batch_free(&batch);
    close_site(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_sent),
        cmocka_unit_test(a_batch_that_is_given_up_is_the_callers),
    };
    return cmocka_run_group_tests_name("publisher", tests, NULL, NULL);
}
