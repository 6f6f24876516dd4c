/* The one-shot EVP calls look the algorithm up each time, which costs more than hashing a key does; the SHA256_* functions
 * do not. They are deprecated, not removed. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#define HMAC_MIN_KEY 16
#define SHA256_BLOCK 64

/* Sealed form: version, nonce, ciphertext, tag. */
#define SEAL_VERSION 1
#define SEAL_NONCE 12
#define SEAL_TAG 16
#define SEAL_OVERHEAD (1 + SEAL_NONCE + SEAL_TAG)
#define SEAL_MAX ((size_t)256 << 20)

struct hmac {
    SHA256_CTX inner, outer; /* with the padded key already hashed */
};

void sha256(const void *data, size_t length, uint8_t out[32])
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, data, length);
    SHA256_Final(out, &context);
}

struct sha256_stream {
    SHA256_CTX context;
};

struct sha256_stream *sha256_stream_new(void)
{
    struct sha256_stream *stream = malloc(sizeof(*stream));
    if (!stream)
        abort();
    sha256_start(stream);
    return stream;
}

void sha256_stream_free(struct sha256_stream *stream)
{
    free(stream);
}

void sha256_start(struct sha256_stream *stream)
{
    SHA256_Init(&stream->context);
}

void sha256_add(struct sha256_stream *stream, const void *data, size_t length)
{
    SHA256_Update(&stream->context, data, length);
}

void sha256_finish(struct sha256_stream *stream, uint8_t out[32])
{
    SHA256_Final(out, &stream->context);
}

void hex_encode(const uint8_t *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * length] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(const char *hex, size_t byte_count, uint8_t *out)
{
    for (size_t i = 0; i < byte_count; i++) {
        int high = hex_value(hex[2 * i]);
        int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);
        if (low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static uint64_t load_big_endian(const uint8_t *in)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | in[i];
    return value;
}

static void store_big_endian(uint64_t value, uint8_t *out)
{
    for (int i = 7; i >= 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
}

struct key128 key128_load(const uint8_t in[16])
{
    return (struct key128){load_big_endian(in), load_big_endian(in + 8)};
}

void key128_store(struct key128 key, uint8_t out[16])
{
    store_big_endian(key.hi, out);
    store_big_endian(key.lo, out + 8);
}

struct key128 key128_of(const void *data, size_t length)
{
    uint8_t digest[32];
    sha256(data, length, digest);
    return key128_load(digest);
}

struct hmac *hmac_new(const void *key, size_t length, struct error *err)
{
    if (length < HMAC_MIN_KEY) {
        error_set(err, ERROR_CONFIG, false,
                  "the HMAC key has %zu bytes, at least %d are needed; make one with "
                  "`openssl rand -hex 32`",
                  length, HMAC_MIN_KEY);
        return NULL;
    }
    struct hmac *hmac = malloc(sizeof *hmac);
    if (!hmac) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    uint8_t block[SHA256_BLOCK] = {0};
    if (length > sizeof block)
        sha256(key, length, block);
    else
        memcpy(block, key, length);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36;
    SHA256_Init(&hmac->inner);
    SHA256_Update(&hmac->inner, block, sizeof block);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36 ^ 0x5c;
    SHA256_Init(&hmac->outer);
    SHA256_Update(&hmac->outer, block, sizeof block);
    OPENSSL_cleanse(block, sizeof block);
    return hmac;
}

struct hmac *hmac_copy(const struct hmac *hmac)
{
    struct hmac *copy = malloc(sizeof *copy);
    if (!copy)
        abort();
    *copy = *hmac;
    return copy;
}

void hmac_free(struct hmac *hmac)
{
    if (!hmac)
        return;
    OPENSSL_cleanse(hmac, sizeof *hmac);
    free(hmac);
}

static void hmac_finish(const struct hmac *hmac, SHA256_CTX *inner, uint8_t out[32])
{
    SHA256_CTX outer = hmac->outer;
    SHA256_Final(out, inner);
    SHA256_Update(&outer, out, 32);
    SHA256_Final(out, &outer);
}

void hmac_sha256(struct hmac *hmac, const void *data, size_t length, uint8_t out[32])
{
    SHA256_CTX inner = hmac->inner;
    SHA256_Update(&inner, data, length);
    hmac_finish(hmac, &inner, out);
}

void hmac_hex(struct hmac *hmac, const char *label, const char *text, size_t length, char out[33])
{
    uint8_t digest[32];
    SHA256_CTX inner = hmac->inner;
    SHA256_Update(&inner, label, strlen(label) + 1); /* with its NUL, the separator */
    SHA256_Update(&inner, text, length);
    hmac_finish(hmac, &inner, digest);
    hex_encode(digest, 16, out);
}

static bool derive_key(const void *secret, size_t secret_length, const char *purpose,
                       uint8_t key[32], struct error *err)
{
    if (secret_length < HMAC_MIN_KEY)
        return error_set(err, ERROR_CONFIG, false,
                         "the secret for sealing has %zu bytes, at least %d are needed",
                         secret_length, HMAC_MIN_KEY);
    static char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)secret,
                                          secret_length),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)purpose,
                                          strlen(purpose)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
    EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    bool ok = context && EVP_KDF_derive(context, key, 32, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return ok || error_set(err, ERROR_INTERNAL, false, "libcrypto refuses HKDF-SHA-256");
}

static void fill_random(void *out, size_t length)
{
    uint8_t *at = out;
    while (length > 0) {
        ssize_t got = getrandom(at, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fprintf(stderr, "crypto: no random numbers from the kernel\n");
            abort();
        }
        at += got;
        length -= (size_t)got;
    }
}

static bool seal_into(EVP_CIPHER_CTX *cipher, const uint8_t key[32], const void *plain, int length,
                      uint8_t *out)
{
    int written = 0, rest = 0;
    uint8_t *body = out + 1 + SEAL_NONCE;
    return EVP_EncryptInit_ex2(cipher, EVP_aes_256_gcm(), key, out + 1, NULL) == 1 &&
           EVP_EncryptUpdate(cipher, NULL, &written, out, 1) == 1 &&
           EVP_EncryptUpdate(cipher, body, &written, plain, length) == 1 &&
           EVP_EncryptFinal_ex(cipher, body + written, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, SEAL_TAG, body + length) == 1;
}

bool seal(const void *secret, size_t secret_length, const char *purpose, const void *plain,
          size_t length, uint8_t **out, size_t *out_length, struct error *err)
{
    uint8_t key[32];
    *out = NULL;
    *out_length = 0;
    if (length > SEAL_MAX)
        return error_set(err, ERROR_INTERNAL, false, "%zu bytes are too much to seal", length);
    if (!derive_key(secret, secret_length, purpose, key, err))
        return false;
    uint8_t *sealed = malloc(length + SEAL_OVERHEAD);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    bool ok = sealed && cipher;
    if (ok) {
        sealed[0] = SEAL_VERSION;
        fill_random(sealed + 1, SEAL_NONCE);
        ok = seal_into(cipher, key, plain, (int)length, sealed);
    }
    EVP_CIPHER_CTX_free(cipher);
    OPENSSL_cleanse(key, sizeof key);
    if (!ok) {
        free(sealed);
        return error_set(err, ERROR_INTERNAL, false, "libcrypto refuses AES-256-GCM");
    }
    *out = sealed;
    *out_length = length + SEAL_OVERHEAD;
    return true;
}

static bool unseal_into(EVP_CIPHER_CTX *cipher, const uint8_t key[32], const uint8_t *sealed,
                        int length, uint8_t *out)
{
    int written = 0, rest = 0;
    const uint8_t *body = sealed + 1 + SEAL_NONCE;
    uint8_t tag[SEAL_TAG];
    memcpy(tag, body + length, sizeof tag);
    return EVP_DecryptInit_ex2(cipher, EVP_aes_256_gcm(), key, sealed + 1, NULL) == 1 &&
           EVP_DecryptUpdate(cipher, NULL, &written, sealed, 1) == 1 &&
           EVP_DecryptUpdate(cipher, out, &written, body, length) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, SEAL_TAG, tag) == 1 &&
           EVP_DecryptFinal_ex(cipher, out + written, &rest) == 1;
}

bool unseal(const void *secret, size_t secret_length, const char *purpose, const void *sealed,
            size_t length, uint8_t **out, size_t *out_length, struct error *err)
{
    uint8_t key[32];
    const uint8_t *bytes = sealed;
    *out = NULL;
    *out_length = 0;
    if (length < SEAL_OVERHEAD || length > SEAL_MAX + SEAL_OVERHEAD || bytes[0] != SEAL_VERSION)
        return error_set(err, ERROR_STATE, false, "this is no sealed file of this version");
    if (!derive_key(secret, secret_length, purpose, key, err))
        return false;
    size_t plain_length = length - SEAL_OVERHEAD;
    uint8_t *plain = malloc(plain_length + 1);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    bool memory = plain && cipher;
    bool ok = memory && unseal_into(cipher, key, bytes, (int)plain_length, plain);
    EVP_CIPHER_CTX_free(cipher);
    OPENSSL_cleanse(key, sizeof key);
    if (!ok) {
        if (plain)
            OPENSSL_cleanse(plain, plain_length);
        free(plain);
        if (!memory)
            return error_set(err, ERROR_INTERNAL, false, "out of memory");
        return error_set(err, ERROR_STATE, false,
                         "cannot be unsealed: sealed with another key, or damaged");
    }
    plain[plain_length] = '\0';
    *out = plain;
    *out_length = plain_length;
    return true;
}

uint64_t random_u64(void)
{
    uint64_t value;
    fill_random(&value, sizeof value);
    return value;
}

char *base64_encode(const void *data, size_t length)
{
    if (length > SEAL_MAX)
        abort();
    char *out = malloc(4 * ((length + 2) / 3) + 1);
    if (!out)
        abort();
    out[0] = '\0';
    EVP_EncodeBlock((unsigned char *)out, data, (int)length);
    return out;
}

bool base64_decode(const char *text, size_t length, uint8_t *out, size_t *out_length)
{
    size_t padding = 0;
    if (length % 4 != 0 || length > SEAL_MAX)
        return false;
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
        padding++;
    /* libcrypto passes over blanks at both ends. */
    for (size_t i = 0; i < length - padding; i++)
        if (text[i] <= ' ' || text[i] == '=' || text[i] == '-')
            return false;
    if (length > 0 &&
        EVP_DecodeBlock(out, (const unsigned char *)text, (int)length) != (int)(length / 4 * 3))
        return false;
    *out_length = length / 4 * 3 - padding;
    return true;
}
