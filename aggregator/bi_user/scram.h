/* What PostgreSQL stores of a password (RFC 5802, RFC 7677), so that the password itself never leaves this process. Pure. */
#ifndef MOOC_AGGREGATOR_SCRAM_H
#define MOOC_AGGREGATOR_SCRAM_H

#include "../../common/error.h"

#define SCRAM_SALT 16
#define SCRAM_VERIFIER 160
#define SCRAM_MAX_PASSWORD 64 /* bytes: an HMAC key of at most one block */

/* "SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>". The password is printable ASCII of 1 to 64 characters: others would first
 * need the mapping of RFC 4013. */
bool scram_verifier(const char *password, size_t length, const uint8_t salt[SCRAM_SALT],
                    char out[SCRAM_VERIFIER], struct error *err) MUST_CHECK;

#endif
