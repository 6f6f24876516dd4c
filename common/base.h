/* Attributes and bans shared by every file. */
#ifndef MOOC_BASE_H
#define MOOC_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define UNUSED __attribute__((unused))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define MOOC_PULSE_VERSION MOOC_VERSION /* the Makefile says it */

#endif
