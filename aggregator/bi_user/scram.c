#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/crypto.h"
#include "scram.h"

#define ITERATIONS 4096
#define HASH 32

static bool is_usable(const char *password, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (password[i] < 0x20 || password[i] > 0x7E)
            return false;
    }
    return length > 0 && length <= SCRAM_MAX_PASSWORD;
}

/* SaltedPassword = Hi(password, salt, i): PBKDF2 with one block. */
static bool salt_password(const char *password, size_t length, const uint8_t salt[SCRAM_SALT],
                          uint8_t out[HASH], struct error *err)
{
    /* HMAC pads a key with zeros to a block of 64 bytes, so padding here changes nothing. */
    uint8_t key[SCRAM_MAX_PASSWORD] = {0}, first[SCRAM_SALT + 4], last[HASH];
    memcpy(key, password, length);
    struct hmac *hmac = hmac_new(key, sizeof(key), err);
    memset(key, 0, sizeof(key));
    if (hmac == NULL)
        return false;
    memcpy(first, salt, SCRAM_SALT);
    memcpy(first + SCRAM_SALT, "\0\0\0\1", 4);
    hmac_sha256(hmac, first, sizeof(first), last);
    memcpy(out, last, HASH);
    for (int i = 1; i < ITERATIONS; i++) {
        hmac_sha256(hmac, last, HASH, last);
        for (size_t k = 0; k < HASH; k++)
            out[k] ^= last[k];
    }
    hmac_free(hmac);
    return true;
}

bool scram_verifier(const char *password, size_t length, const uint8_t salt[SCRAM_SALT],
                    char out[SCRAM_VERIFIER], struct error *err)
{
    uint8_t salted[HASH], client[HASH], stored[HASH], server[HASH];
    if (!is_usable(password, length))
        return error_tell(err, ERROR_CONFIG, false, "mật khẩu phải gồm 1 đến %d ký tự ASCII in được",
                          "the password must be 1 to %d printable ASCII characters",
                          SCRAM_MAX_PASSWORD);
    if (!salt_password(password, length, salt, salted, err))
        return false;
    struct hmac *hmac = hmac_new(salted, HASH, err);
    if (hmac == NULL)
        return false;
    hmac_sha256(hmac, "Client Key", strlen("Client Key"), client);
    hmac_sha256(hmac, "Server Key", strlen("Server Key"), server);
    hmac_free(hmac);
    sha256(client, HASH, stored);
    char *salt_text = base64_encode(salt, SCRAM_SALT);
    char *stored_text = base64_encode(stored, HASH);
    char *server_text = base64_encode(server, HASH);
    snprintf(out, SCRAM_VERIFIER, "SCRAM-SHA-256$%d:%s$%s:%s", ITERATIONS, salt_text, stored_text,
             server_text);
    free(salt_text);
    free(stored_text);
    free(server_text);
    return true;
}
