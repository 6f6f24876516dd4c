/* A person's identifiers as somebody types them, and the hashes under which the figures may know them. They come from a file or from the
 * terminal, never from the command line, and are wiped once they are hashed. */
#ifndef MOOC_AGGREGATOR_ERASE_KEYS_H
#define MOOC_AGGREGATOR_ERASE_KEYS_H

#include "../../common/options.h"
#include "../fold/fold.h"

/* key128_of of every form of every identifier given: e-mail, citizen number, phone, or with option source a user name there; a line each, if
 * need be with "email:", "citizen:", "phone:" or "user:" before it. Options: identifier_file (else the terminal is asked),
 * hmac_key_file, hmac_key_version, source. Errors name the line's number, never what it says. */
bool erase_read_keys(const struct options *options, struct key_list *keys, struct error *err)
    MUST_CHECK;

#endif
