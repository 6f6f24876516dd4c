/* A POSIX extended regular expression, compiled once. Plain text with or without ^ and $, which most are, is compared without the
 * library. Byte-wise, as the C locale is. */
#ifndef MOOC_CONNECTOR_PATTERN_H
#define MOOC_CONNECTOR_PATTERN_H

#include "../../common/base.h"

/* Longer texts do not match: they come from outside, and matching takes time and memory by their length. */
#define PATTERN_MAX_TEXT 4096

struct pattern;

/* NULL with why (static or in *room of `size` bytes) if it is none. */
struct pattern *pattern_compile(const char *source, char *why, size_t size);
void pattern_free(struct pattern *pattern);
/* On a match [*begin, *end) is its first group, or the whole match where the pattern has none or the group took no part. */
bool pattern_find(const struct pattern *pattern, const char *text, size_t *begin, size_t *end);

#endif
