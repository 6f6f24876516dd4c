#include "cmocka_all.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "../../common/siphash.h"

/* The same by libcrypto, whose rounds can be chosen. */
static uint64_t by_libcrypto(struct siphash_key key, const unsigned char *data, size_t length)
{
    unsigned char bytes[16], out[8];
    size_t size = 8, written = 0;
    unsigned compressions = 1, finals = 3;
    for (unsigned i = 0; i < 16; i++)
        bytes[i] = (unsigned char)(key.words[i / 8] >> 8 * (i % 8));
    OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                           OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &compressions),
                           OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &finals),
                           OSSL_PARAM_construct_end()};
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    assert_true(EVP_MAC_init(context, bytes, sizeof bytes, params));
    assert_true(EVP_MAC_update(context, data, length));
    assert_true(EVP_MAC_final(context, out, &written, sizeof out));
    assert_int_equal(written, 8);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
    uint64_t hash = 0;
    for (unsigned i = 0; i < 8; i++)
        hash |= (uint64_t)out[i] << 8 * i;
    return hash;
}

static void is_what_libcrypto_computes(void **state)
{
    (void)state;
    unsigned char data[300];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 167 + 13);
    for (size_t length = 0; length <= sizeof data; length++) {
        struct siphash_key key = siphash_key_random();
        assert_true(siphash(key, data, length) == by_libcrypto(key, data, length));
    }
}

static void keys_and_lengths_count(void **state)
{
    (void)state;
    static const char zeros[16];
    struct siphash_key one = {{1, 0}}, two = {{0, 1}};
    assert_true(siphash(one, "a", 1) == siphash(one, "a", 1));
    assert_true(siphash(one, "a", 1) != siphash(two, "a", 1));
    assert_true(siphash(one, zeros, 7) != siphash(one, zeros, 8));
    assert_true(siphash(one, zeros, 0) != siphash(one, zeros, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_libcrypto_computes),
        cmocka_unit_test(keys_and_lengths_count),
    };
    return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
