/* What bytes a text file is written in, and the way to UTF-8 (NFC). Owns iconv. */
#ifndef MOOC_TEXT_ENCODING_H
#define MOOC_TEXT_ENCODING_H

#include "base.h"
#include "error.h"

enum text_encoding {
    ENCODING_AUTO, /* a byte order mark tells, else UTF-8, else what the words make certain */
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_WINDOWS_1258,
    ENCODING_TCVN3, /* bytes of a legacy font: come out as Latin-1 characters, see legacy_font.h */
    ENCODING_VNI,
};

#define TEXT_ENCODING_OPTIONS "auto|utf-8|utf-16|windows-1258|tcvn3|vni"

/* "auto", "utf-8", "utf-16", "windows-1258", "tcvn3", "vni" (what an operator may say). */
bool text_encoding_parse(const char *name, enum text_encoding *out) MUST_CHECK;
const char *text_encoding_option(enum text_encoding encoding); /* as it is said */
const char *text_encoding_name(enum text_encoding encoding);   /* "UTF-16 LE" */

/* The bytes as UTF-8 in NFC without byte order mark; caller frees, there is room for one more byte behind *out_length. *encoding:
 * what to take it for, set to what it was. NULL with ERROR_SOURCE when it is not that, or when nothing is certain. */
char *text_decode(const char *bytes, size_t length, enum text_encoding *encoding,
                  size_t *out_length, struct error *err);

#endif
