/* Whom an erasure names: the job, and every form under which a key was ever published. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

#include "../../common/erasure_queue.h"
#include "../../ingest/erase/erased_keys.h"

#define EMAIL "email:00112233445566778899aabbccddeeff"
#define ROW EMAIL "+0123456789abcdef"

static struct key128 key(const char *text)
{
    return key128_of(text, strlen(text));
}

static void a_set_holds_each_key_once(void **state)
{
    (void)state;
    struct erased_keys set = {0};
    static const char *const texts[] = {"c", "a", "b", "a", "d", "c"};
    size_t added = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        added += erased_keys_add(&set, key(texts[i]));
    assert_int_equal(added, 4);
    assert_int_equal(set.count, 4);
    for (size_t i = 1; i < set.count; i++)
        assert_true(key128_compare(set.keys[i - 1], set.keys[i]) < 0);
    assert_true(erased_keys_has_text(&set, "d"));
    assert_false(erased_keys_has_text(&set, "e"));
    erased_keys_free(&set);
    assert_false(erased_keys_has_text(&set, "d"));
}

static void an_event_is_named_by_learner_or_link(void **state)
{
    (void)state;
    struct erased_keys set = {0};
    struct event listed = {.type = EVENT_ROSTER_LISTED, .entity = "roster:W:U:x", .subject = ROW};
    struct event link = {.type = EVENT_IDENTITY_LINKED, .entity = "link:a:b"};
    struct event unknown = {.type = EVENT_UNKNOWN};
    assert_false(erased_keys_name(&set, NULL, &listed));
    erased_keys_add(&set, key("roster:W:U:x")); /* an entity is no learner key */
    assert_false(erased_keys_name(&set, NULL, &listed));
    erased_keys_add(&set, key(ROW));
    assert_true(erased_keys_name(&set, NULL, &listed));
    assert_false(erased_keys_name(&set, NULL, &link));
    erased_keys_add(&set, key("link:a:b"));
    assert_true(erased_keys_name(&set, NULL, &link));
    assert_false(erased_keys_name(&set, NULL, &unknown));
    erased_keys_free(&set);
}

/* A row's key joins two parts, each in the form of the time when the log met it. */
static void every_form_of_a_rotated_key_is_known(void **state)
{
    (void)state;
    char first[64], fingerprint[33] = "0123456789abcdef", email[EVENT_MAX_KEY + 1],
                    name[EVENT_MAX_KEY + 1], mixed[EVENT_MAX_KEY + 32];
    snprintf(first, sizeof(first), "/tmp/mooc-erased-%ld", (long)getpid());
    for (int v = 2; v <= 3; v++) {
        char path[80];
        key_ring_file(first, v, path, sizeof(path));
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fprintf(file, "key number %d of sixteen bytes or more", v);
        fclose(file);
    }
    struct key_ring *ring = key_ring_open(first, 3, fingerprint, NULL);
    assert_non_null(ring);
    struct event listed = {.type = EVENT_ROSTER_LISTED, .entity = "e", .subject = ROW};
    char again[EVENT_MAX_KEY + 1];
    key_ring_wrap(ring, 2, EMAIL, again);
    key_ring_wrap(ring, 3, again, email);
    key_ring_wrap(ring, 2, "name:0123456789abcdef", name);
    snprintf(mixed, sizeof(mixed), "%.300s+%.16s", email, name + 5);
    const char *const forms[] = {ROW, mixed};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct erased_keys set = {0};
        erased_keys_add(&set, key(forms[i]));
        assert_true(erased_keys_name(&set, ring, &listed));
        assert_int_equal(erased_keys_name(&set, NULL, &listed), i == 0);
        erased_keys_free(&set);
    }
    struct erased_keys set = {0};
    erased_keys_add(&set, key(email));
    assert_true(erased_keys_has_form(&set, ring, EMAIL));
    assert_false(erased_keys_name(&set, ring, &listed));
    erased_keys_free(&set);
    key_ring_free(ring);
    for (int v = 2; v <= 3; v++) {
        char path[80];
        key_ring_file(first, v, path, sizeof(path));
        unlink(path);
    }
}

#define HEX1 "00112233445566778899aabbccddeeff"
#define HEX2 "ffeeddccbbaa99887766554433221100"

static void a_job_names_hashes_only(void **state)
{
    (void)state;
    static const char good[] =
        ERASURE_JOB_HEAD "learner " HEX1 "\nidentifier " HEX2 "\nlearner " HEX1 "\n";
    struct erase_job job;
    struct error err = {0};
    assert_true(erase_job_parse(good, strlen(good), &job, &err));
    assert_int_equal(job.learners.count, 1);
    assert_int_equal(job.identifiers.count, 1);
    erase_job_free(&job);
    static const char *const bad[] = {"",
                                      ERASURE_JOB_HEAD,
                                      ERASURE_JOB_HEAD "identifier " HEX2 "\n",
                                      ERASURE_JOB_HEAD "learner " HEX1,
                                      ERASURE_JOB_HEAD "learner " HEX1 "0\n",
                                      ERASURE_JOB_HEAD "learner someone@example.org\n",
                                      ERASURE_JOB_HEAD "learner " HEX1 "\nsomebody " HEX2 "\n",
                                      "mooc-pulse erasure 2\nlearner " HEX1 "\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(erase_job_parse(bad[i], strlen(bad[i]), &job, &err));
        assert_int_equal(err.kind, ERROR_DATA);
        erase_job_free(&job);
    }
}

static void a_result_is_read(void **state)
{
    (void)state;
    struct erasure_result r;
    struct error err = {0};
    assert_true(erasure_result_parse(
        "{\"learners\":3,\"entities\":7,\"shards\":4,\"elsewhere\":1,\"published\":true,"
        "\"copies\":2,\"rows\":1,\"addresses\":0}",
        &r, &err));
    assert_int_equal(r.entities, 7);
    assert_int_equal(r.elsewhere, 1);
    assert_true(r.published);
    assert_false(erasure_result_parse("{\"refused\":true}", &r, &err));
    assert_int_equal(err.kind, ERROR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_holds_each_key_once),
        cmocka_unit_test(an_event_is_named_by_learner_or_link),
        cmocka_unit_test(every_form_of_a_rotated_key_is_known),
        cmocka_unit_test(a_job_names_hashes_only),
        cmocka_unit_test(a_result_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
