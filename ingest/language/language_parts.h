/* The table is one, its data stand in three files; for language.c and them. */
#ifndef MOOC_CONNECTOR_LANGUAGE_PARTS_H
#define MOOC_CONNECTOR_LANGUAGE_PARTS_H

#include "language.h"

#define MAPPING(id, ...)                                                                           \
    {                                                                                              \
        .name = #id, .keys = id##_keys, .key_count = ARRAY_LEN(id##_keys), __VA_ARGS__             \
    }

extern const struct language_mapping language_connector[], language_values[], language_source[];
extern const size_t language_connector_count, language_values_count, language_source_count;

#endif
