#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

#include "../../common/crypto.h"
#include "../../common/key_ring.h"

#define EMAIL "email:00112233445566778899aabbccddeeff"
#define CITIZEN "citizen:ffeeddccbbaa99887766554433221100"
#define NAME "name:0123456789abcdef"

static char first[64];

static int make_files(void **state)
{
    (void)state;
    snprintf(first, sizeof(first), "/tmp/mooc-key-%ld", (long)getpid());
    for (int v = 2; v <= 3; v++) {
        char path[80];
        key_ring_file(first, v, path, sizeof(path));
        FILE *file = fopen(path, "w");
        if (!file || fprintf(file, "key number %d of sixteen bytes or more", v) < 0 ||
            fclose(file) != 0)
            return -1;
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    char path[80];
    for (int v = 2; v <= 3; v++) {
        key_ring_file(first, v, path, sizeof(path));
        unlink(path);
    }
    return 0;
}

static struct key_ring *ring_of(int64_t version)
{
    char fingerprint[33] = "0123456789abcdef";
    struct key_ring *ring = key_ring_open(first, version, fingerprint, NULL);
    assert_non_null(ring);
    return ring;
}

static void add(struct key_set *set, const char *key)
{
    key_set_add(set, key_hash(key, strlen(key)));
}

static void wrapping_keeps_the_form(void **state)
{
    (void)state;
    struct key_ring *ring = ring_of(2);
    char out[EVENT_MAX_KEY + 1], again[EVENT_MAX_KEY + 1];
    key_ring_wrap(ring, 2, EMAIL, out);
    assert_int_equal(strlen(out), strlen(EMAIL));
    assert_memory_equal(out, EMAIL, 6);
    assert_string_not_equal(out, EMAIL);
    key_ring_wrap(ring, 2, EMAIL, again);
    assert_string_equal(out, again);
    key_ring_wrap(ring, 2, NAME, out);
    assert_int_equal(strlen(out), strlen(NAME));
    assert_string_not_equal(out, NAME);
    key_ring_wrap(ring, 2, "totals:w", out); /* no key */
    assert_string_equal(out, "totals:w");
    key_ring_free(ring);
}

static void what_the_log_knows_keeps_its_form(void **state)
{
    (void)state;
    struct key_ring *ring = ring_of(2);
    struct key_set *known = key_set_new();
    struct published_keys keys;
    char wrapped[EVENT_MAX_KEY + 1];
    add(known, CITIZEN);
    struct event e = {.subject = CITIZEN "+0123456789abcdef",
                      .name = NAME,
                      .identifiers = {2, {CITIZEN, EMAIL}},
                      .present = UINT64_C(1) << FIELD_NAME | UINT64_C(1) << FIELD_IDENTIFIERS};
    key_ring_publish(ring, known, &e, &keys);
    assert_string_equal(e.identifiers.items[0], CITIZEN);
    key_ring_wrap(ring, 2, EMAIL, wrapped);
    assert_string_equal(e.identifiers.items[1], wrapped);
    key_ring_wrap(ring, 2, NAME, wrapped);
    assert_string_equal(e.name, wrapped);
    assert_memory_equal(e.subject, CITIZEN "+", strlen(CITIZEN "+"));
    assert_string_equal(e.subject + strlen(CITIZEN "+"), wrapped + 5); /* one name, one form */
    key_set_free(known);
    key_ring_free(ring);
}

static void each_rotation_wraps_what_came_after_the_one_before(void **state)
{
    (void)state;
    struct key_ring *ring = ring_of(3);
    struct key_set *known = key_set_new();
    struct published_keys keys;
    char second[EVENT_MAX_KEY + 1], third[EVENT_MAX_KEY + 1];
    key_ring_wrap(ring, 2, EMAIL, second);
    key_ring_wrap(ring, 3, second, third);
    struct event e = {.subject = EMAIL};
    key_ring_publish(ring, known, &e, &keys);
    assert_string_equal(e.subject, third);
    add(known, second); /* published between the rotations */
    e.subject = EMAIL;
    key_ring_publish(ring, known, &e, &keys);
    assert_string_equal(e.subject, second);
    add(known, EMAIL);
    e.subject = EMAIL;
    key_ring_publish(ring, known, &e, &keys);
    assert_string_equal(e.subject, EMAIL);
    key_set_free(known);
    key_ring_free(ring);
}

static void a_set_grows_and_forgets_nothing(void **state)
{
    (void)state;
    struct key_set *set = key_set_new();
    for (uint64_t i = 0; i < 5000; i++)
        assert_true(key_set_add(set, i * UINT64_C(0x9E3779B97F4A7C15)));
    for (uint64_t i = 0; i < 5000; i++)
        assert_false(key_set_add(set, i * UINT64_C(0x9E3779B97F4A7C15)));
    assert_int_equal(key_set_count(set), 5000);
    assert_false(key_set_has(set, 12345));
    key_set_free(set);
}

static void a_missing_key_file_is_named(void **state)
{
    (void)state;
    char fingerprint[33] = "0123456789abcdef";
    struct error err = {0};
    assert_null(key_ring_open(first, 4, fingerprint, &err));
    assert_non_null(strstr(err.message, ".4"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapping_keeps_the_form),
        cmocka_unit_test(what_the_log_knows_keeps_its_form),
        cmocka_unit_test(each_rotation_wraps_what_came_after_the_one_before),
        cmocka_unit_test(a_set_grows_and_forgets_nothing),
        cmocka_unit_test(a_missing_key_file_is_named),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
