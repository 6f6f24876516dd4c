/* When "not modified" may be believed: as long as nothing else has changed what the ledger says. */
#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/connector/platform.h"
#include "../../ingest/shard/shard_internal.h"

static struct connector connector;
static struct shard shard;
static struct platform platform;
static struct substream *members;
static struct ledger_entry *somebody;

static int set_up(void **state)
{
    (void)state;
    memset(&connector, 0, sizeof connector);
    connector.stream_count = 2;
    connector.streams[0] = (struct stream_rules){.spec = {.name = "members"},
                                                 .parent = -1,
                                                 .other_parents = {-1, -1, -1},
                                                 .instead_of = -1,
                                                 .conditional = true};
    connector.streams[1] = connector.streams[0];
    connector.streams[1].spec.name = "accounts";
    shard = (struct shard){.memory = memory_new()};
    platform = (struct platform){.base = {.name = "s"}, .connector = &connector, .shard = &shard};
    for (size_t i = 0; i < connector.stream_count; i++)
        platform.streams[i].rules = &connector.streams[i];
    members = memory_substream(shard.memory, "s", "members", "");
    somebody =
        ledger_at(shard.memory->ledger, memory_add_entity(shard.memory, key128_of("a", 1), members));
    memory_set_force(shard.memory, somebody, true, false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    memory_free(shard.memory);
    return 0;
}

/* What becomes of somebody by way of a page, or by another. */
static void change(void)
{
    memory_set_force(shard.memory, somebody, true, false);
}

static bool stands(const struct conclusion *c)
{
    return conclusion_stands(c, &platform, 0, NO_COURSE);
}

static void what_the_reader_changes_itself_counts_for_it(void **state)
{
    (void)state;
    struct conclusion c = conclusion_begin(&platform, 0, NO_COURSE);
    assert_true(stands(&c));
    uint64_t before = conclusion_before(&platform, 0, NO_COURSE);
    change();
    change();
    conclusion_page(&c, &platform, 0, NO_COURSE, before);
    assert_true(stands(&c));
}

static void what_anybody_else_changes_speaks_against_it(void **state)
{
    (void)state;
    struct conclusion early = conclusion_begin(&platform, 0, NO_COURSE);
    change(); /* between two pages */
    uint64_t before = conclusion_before(&platform, 0, NO_COURSE);
    change();
    conclusion_page(&early, &platform, 0, NO_COURSE, before);
    assert_false(stands(&early));
    struct conclusion late = conclusion_begin(&platform, 0, NO_COURSE);
    assert_true(stands(&late));
    memory_set_force(shard.memory, somebody, false, false);
    assert_false(stands(&late));
    struct conclusion other = conclusion_begin(&platform, 1, NO_COURSE);
    change();
    assert_true(conclusion_stands(&other, &platform, 1, NO_COURSE)); /* another stream */
    platform.meaning++;
    assert_false(conclusion_stands(&other, &platform, 1, NO_COURSE));
}

static void sweeps_are_concluded_where_a_page_says_all(void **state)
{
    (void)state;
    struct stream_rules *rules = &connector.streams[0], usual = *rules;
    assert_true(conclusion_of_sweeps(&platform, 0));
    rules->conditional = false;
    assert_false(conclusion_of_sweeps(&platform, 0));
    *rules = usual;
    rules->windowed = true;
    assert_false(conclusion_of_sweeps(&platform, 0));
    *rules = usual;
    rules->lookup_count = 1;
    assert_false(conclusion_of_sweeps(&platform, 0));
    *rules = usual;
    rules->for_each = FOR_ROWS;
    assert_false(conclusion_of_sweeps(&platform, 0));
    *rules = usual;
    int whoever;
    connector.streams[1].for_each = FOR_LEARNER;
    connector.streams[1].parent = 0;
    platform.streams[1].asks = (struct asks *)&whoever;
    assert_false(conclusion_of_sweeps(&platform, 0)); /* its learners are asked about */
    platform.streams[1].off = true;
    assert_true(conclusion_of_sweeps(&platform, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_reader_changes_itself_counts_for_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_anybody_else_changes_speaks_against_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(sweeps_are_concluded_where_a_page_says_all, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
