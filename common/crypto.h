/* Hashes, keyed hashes, base64, encryption at rest: everything that is asked of libcrypto. */
#ifndef MOOC_CRYPTO_H
#define MOOC_CRYPTO_H

#include "base.h"
#include "error.h"

void sha256(const void *data, size_t length, uint8_t out[32]);
/* The same piece by piece: start, add, finish; then it may be started again. */
struct sha256_stream;
struct sha256_stream *sha256_stream_new(void); /* started */
void sha256_stream_free(struct sha256_stream *stream);
void sha256_start(struct sha256_stream *stream);
void sha256_add(struct sha256_stream *stream, const void *data, size_t length);
void sha256_finish(struct sha256_stream *stream, uint8_t out[32]);
void hex_encode(const uint8_t *bytes, size_t length, char *out); /* out: 2*length+1 */
/* Reads 2*byte_count digits, either case; what follows them is not looked at. */
bool hex_decode(const char *hex, size_t byte_count, uint8_t *out) MUST_CHECK;

/* First 128 bits of SHA-256: how keys (subjects, identifiers, entities) are held in memory and in PostgreSQL (type uuid). */
struct key128 {
    uint64_t hi, lo; /* big-endian halves: hi is the first eight bytes */
};
struct key128 key128_of(const void *data, size_t length);
static inline bool key128_equal(struct key128 a, struct key128 b)
{
    return a.hi == b.hi && a.lo == b.lo;
}
static inline int key128_compare(struct key128 a, struct key128 b)
{
    if (a.hi != b.hi)
        return a.hi < b.hi ? -1 : 1;
    return a.lo < b.lo ? -1 : a.lo > b.lo;
}
void key128_store(struct key128 key, uint8_t out[16]);
struct key128 key128_load(const uint8_t in[16]);

/* HMAC-SHA-256 with a key kept ready. Not thread-safe: one per thread (hmac_copy). */
struct hmac;
struct hmac *hmac_new(const void *key, size_t length, struct error *err); /* key of 16 bytes at least */
struct hmac *hmac_copy(const struct hmac *hmac); /* never NULL: when memory is out it aborts */
void hmac_free(struct hmac *hmac);
/* The plain HMAC-SHA-256 of data. */
void hmac_sha256(struct hmac *hmac, const void *data, size_t length, uint8_t out[32]);
/* HMAC(key, label || 0x00 || text), first 16 bytes as 32 hex digits. */
void hmac_hex(struct hmac *hmac, const char *label, const char *text, size_t length, char out[33]);

/* AES-256-GCM with a key derived from secret (16 bytes at least) and purpose (HKDF-SHA-256). Caller frees *out; what unseal
 * gives has a NUL behind it that *out_length does not count. Up to 256 MiB. Damaged or another key: ERROR_STATE. */
bool seal(const void *secret, size_t secret_length, const char *purpose, const void *plain,
          size_t length, uint8_t **out, size_t *out_length, struct error *err) MUST_CHECK;
bool unseal(const void *secret, size_t secret_length, const char *purpose, const void *sealed,
            size_t length, uint8_t **out, size_t *out_length, struct error *err) MUST_CHECK;

uint64_t random_u64(void);
/* Base64 (RFC 4648 §4) of bytes; caller frees. */
char *base64_encode(const void *data, size_t length);
/* The bytes of base64 with its padding, into out, which holds 3 for each 4 characters of text; false if it is none. */
bool base64_decode(const char *text, size_t length, uint8_t *out, size_t *out_length) MUST_CHECK;

#endif
