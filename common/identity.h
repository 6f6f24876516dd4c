/* Personal identifiers: normalised, then keyed-HMACed; nothing else of them leaves mooc-ingest. Pure but for the key.
 * Forms: "email:<32 hex>", "citizen:<32 hex>", "phone:<32 hex>", "account@<source>:<32 hex>", "name:<16 hex>". */
#ifndef MOOC_IDENTITY_H
#define MOOC_IDENTITY_H

#include "base.h"
#include "crypto.h"

enum identity_fault {
    IDENTITY_OK,
    IDENTITY_MISSING,   /* nothing there */
    IDENTITY_MALFORMED, /* something there that cannot be one */
};

#define IDENTITY_TEXT 320 /* room for a normalised identifier in clear */
#define IDENTITY_KEY 160  /* room for a keyed form */

/* All: invisible marks out, full-width characters narrowed.
 * E-mail: trimmed, lower case; one '@', a dot in the domain, no spaces, at most 254 bytes; "mailto:" and <> removed. */
enum identity_fault identity_normalise_email(const char *raw, char out[IDENTITY_TEXT]);
/* Citizen number: 12 digits (10–11 digits are padded with leading zeros: spreadsheets drop them), 9 digits are the old number
 * and kept; dots, spaces, apostrophes and a trailing ".0" removed. */
enum identity_fault identity_normalise_citizen(const char *raw, char out[IDENTITY_TEXT]);
/* Phone: to +84 and nine digits (mobile) or ten (landline): 0912…, 912…, 84912…, +84 912 …, (0)912…. */
enum identity_fault identity_normalise_phone(const char *raw, char out[IDENTITY_TEXT]);

/* Keyed forms; `normal` is what the functions above gave. out: IDENTITY_KEY bytes. */
void identity_key(struct hmac *hmac, const char *kind, const char *normal, char out[IDENTITY_KEY]);
void identity_account_key(struct hmac *hmac, const char *source, const char *username,
                          char out[IDENTITY_KEY]); /* user names compare case-sensitively, as Open edX's do */
/* Name folded by text_fold, first 16 hex digits. False if nothing is left of it. */
bool identity_name_key(struct hmac *hmac, const char *name, char out[IDENTITY_KEY]);

/* Learner key of a roster row: "<strongest identifier>+<16 hex of the name>" (citizen, else e-mail, else phone), or without any
 * "row:<32 hex>" over unit, folded name and birth date (ISO or ""). The arguments are keyed forms or NULL; name is in clear. */
void identity_row_key(struct hmac *hmac, const char *citizen, const char *email, const char *phone,
                      const char *unit, const char *name, const char *birth_date,
                      char out[IDENTITY_KEY]);

/* For messages: "n***@g***.vn", "0912***", never more than the first character of each part. */
void identity_mask(const char *raw, char *out, size_t size);

#endif
