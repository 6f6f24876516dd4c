#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/crypto.h"

static void sha256_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hex;
    } cases[] = {
        /* FIPS 180-4 examples. */
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t digest[32];
        char hex[65];
        sha256(cases[i].text, strlen(cases[i].text), digest);
        hex_encode(digest, sizeof digest, hex);
        assert_string_equal(hex, cases[i].hex);
    }
}

struct hmac_vector {
    const char *key_hex, *data_hex, *mac_hex;
};

static size_t decode(const char *hex, uint8_t *out)
{
    size_t length = strlen(hex) / 2;
    assert_true(hex_decode(hex, length, out));
    return length;
}

/* RFC 4231: cases 1 (twenty-byte key), 3 (0xaa key), 4, 6 and 7 (keys of 131 bytes). Case 2's key "Jefe" is refused here. */
static void hmac_rfc_4231(void **state)
{
    (void)state;
    char key_131[263];
    for (size_t i = 0; i < 262; i++)
        key_131[i] = 'a';
    key_131[262] = '\0';
    const struct hmac_vector vectors[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "dddddddddddddddddddddddddddddddddddddddddddddddddd"
         "dddddddddddddddddddddddddddddddddddddddddddddddddd",
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"0102030405060708090a0b0c0d0e0f10111213141516171819",
         "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
         "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {key_131,
         "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a"
         "65204b6579202d2048617368204b6579204669727374",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {key_131,
         "5468697320697320612074657374207573696e672061206c6172676572207468"
         "616e20626c6f636b2d73697a65206b657920616e642061206c61726765722074"
         "68616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565"
         "647320746f20626520686173686564206265666f7265206265696e6720757365"
         "642062792074686520484d414320616c676f726974686d2e",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        uint8_t key[256], data[256], mac[32];
        char hex[65];
        size_t key_length = decode(vectors[i].key_hex, key);
        size_t data_length = decode(vectors[i].data_hex, data);
        struct hmac *hmac = hmac_new(key, key_length, NULL);
        assert_non_null(hmac);
        for (int again = 0; again < 2; again++) { /* the prepared contexts are not used up */
            hmac_sha256(hmac, data, data_length, mac);
            hex_encode(mac, sizeof mac, hex);
            assert_string_equal(hex, vectors[i].mac_hex);
        }
        hmac_free(hmac);
    }
}

static void hmac_hex_separates_label_and_text(void **state)
{
    (void)state;
    struct hmac *hmac = hmac_new("0123456789abcdef", 16, NULL);
    struct hmac *copy = hmac_copy(hmac);
    uint8_t whole[32];
    char expected[65], out[33];
    hmac_sha256(hmac, "email\0an@example.vn", 19, whole);
    hex_encode(whole, 32, expected);
    expected[32] = '\0';
    hmac_hex(copy, "email", "an@example.vn", 13, out);
    assert_string_equal(out, expected);
    char other[33];
    hmac_hex(hmac, "emaila", "n@example.vn", 12, other);
    assert_string_not_equal(out, other);
    hmac_free(copy);
    hmac_free(hmac);
    hmac_free(NULL);
}

static void short_keys_are_refused(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(hmac_new("0123456789abcde", 15, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(err.message, "15 bytes"));
    uint8_t *out;
    size_t length;
    assert_false(seal("short", 5, "p", "x", 1, &out, &length, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
}

static void hex_both_ways(void **state)
{
    (void)state;
    uint8_t bytes[4];
    char text[9];
    assert_true(hex_decode("00fFAb7f", 4, bytes));
    assert_memory_equal(bytes, "\x00\xff\xab\x7f", 4);
    hex_encode(bytes, 4, text);
    assert_string_equal(text, "00ffab7f");
    assert_false(hex_decode("00fg", 2, bytes));
    assert_false(hex_decode("00f", 2, bytes));
    assert_false(hex_decode("", 1, bytes));
}

static void key128(void **state)
{
    (void)state;
    struct key128 key = key128_of("abc", 3);
    assert_true(key.hi == UINT64_C(0xba7816bf8f01cfea));
    assert_true(key.lo == UINT64_C(0x414140de5dae2223));
    uint8_t bytes[16];
    key128_store(key, bytes);
    assert_memory_equal(bytes, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23",
                        16);
    assert_true(key128_equal(key128_load(bytes), key));
    struct key128 small = {1, 9}, large = {2, 0};
    assert_true(key128_compare(small, large) < 0);
    assert_true(key128_compare(large, small) > 0);
    assert_int_equal(key128_compare(key, key), 0);
    struct key128 larger = {2, 1};
    assert_true(key128_compare(large, larger) < 0);
}

static const char secret[] = "a secret of thirty-two bytes ....";

static void sealed_comes_back(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 15, 16, 17, 100000};
    uint8_t *plain = calloc(1, 100000);
    for (size_t i = 0; i < 100000; i++)
        plain[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        uint8_t *sealed, *again, *back;
        size_t sealed_length, again_length, back_length;
        assert_true(seal(secret, sizeof secret, "accounts", plain, lengths[i], &sealed,
                         &sealed_length, NULL));
        assert_int_equal(sealed_length, lengths[i] + 29);
        assert_true(seal(secret, sizeof secret, "accounts", plain, lengths[i], &again,
                         &again_length, NULL));
        assert_memory_not_equal(sealed, again, 13); /* another nonce */
        assert_true(unseal(secret, sizeof secret, "accounts", sealed, sealed_length, &back,
                           &back_length, NULL));
        assert_int_equal(back_length, lengths[i]);
        assert_memory_equal(back, plain, lengths[i]);
        assert_int_equal(back[back_length], 0);
        free(sealed);
        free(again);
        free(back);
    }
    free(plain);
}

static void sealed_resists(void **state)
{
    (void)state;
    uint8_t *sealed, *back;
    size_t sealed_length, back_length;
    assert_true(seal(secret, sizeof secret, "accounts", "an@example.vn", 13, &sealed,
                     &sealed_length, NULL));
    struct error err = {0};
    assert_false(
        unseal(secret, sizeof secret, "spool", sealed, sealed_length, &back, &back_length, &err));
    assert_int_equal(err.kind, ERROR_STATE);
    assert_false(unseal("another secret of 32 bytes .......", 33, "accounts", sealed, sealed_length,
                        &back, &back_length, &err));
    assert_null(back);
    for (size_t i = 0; i < sealed_length; i++) {
        sealed[i] ^= 1;
        assert_false(unseal(secret, sizeof secret, "accounts", sealed, sealed_length, &back,
                            &back_length, &err));
        sealed[i] ^= 1;
    }
    for (size_t cut = 0; cut < sealed_length; cut++)
        assert_false(
            unseal(secret, sizeof secret, "accounts", sealed, cut, &back, &back_length, &err));
    free(sealed);
}

static void base64_vectors(void **state)
{
    (void)state;
    /* RFC 4648 §10. */
    static const struct {
        const char *plain, *text;
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char *text = base64_encode(cases[i].plain, strlen(cases[i].plain));
        assert_string_equal(text, cases[i].text);
        uint8_t back[8];
        size_t length = 99;
        assert_true(base64_decode(text, strlen(text), back, &length));
        assert_int_equal(length, strlen(cases[i].plain));
        assert_memory_equal(back, cases[i].plain, length);
        free(text);
    }
    static const char *const none[] = {
        "Zg=", "Z===", "Zg==Zg==", " Zg=", "Zg= ", "Zg-=", "Zm9v\n\n\n\n", "Zm9\x80"};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        uint8_t back[8];
        size_t length;
        if (base64_decode(none[i], strlen(none[i]), back, &length))
            fail_msg("taken: %s", none[i]);
    }
}

/* Piece by piece as at once, and anew. */
static void sha256_in_pieces(void **state)
{
    (void)state;
    uint8_t at_once[32], in_pieces[32];
    struct sha256_stream *stream = sha256_stream_new();
    sha256("abcdef", 6, at_once);
    for (int i = 0; i < 2; i++) {
        sha256_start(stream);
        sha256_add(stream, "ab", 2);
        sha256_add(stream, "", 0);
        sha256_add(stream, "cdef", 4);
        sha256_finish(stream, in_pieces);
        assert_memory_equal(in_pieces, at_once, 32);
    }
    sha256_stream_free(stream);
}

static void random_differs(void **state)
{
    (void)state;
    assert_true(random_u64() != random_u64());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors),
        cmocka_unit_test(sha256_in_pieces),
        cmocka_unit_test(hmac_rfc_4231),
        cmocka_unit_test(hmac_hex_separates_label_and_text),
        cmocka_unit_test(short_keys_are_refused),
        cmocka_unit_test(hex_both_ways),
        cmocka_unit_test(key128),
        cmocka_unit_test(sealed_comes_back),
        cmocka_unit_test(sealed_resists),
        cmocka_unit_test(base64_vectors),
        cmocka_unit_test(random_differs),
    };
    return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
