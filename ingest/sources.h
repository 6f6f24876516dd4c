/* The configured sources, and what all of them are given. */
#ifndef MOOC_INGEST_SOURCES_H
#define MOOC_INGEST_SOURCES_H

#include "../common/text_buffer.h"
#include "language/registry.h"
#include "../common/key_ring.h"
#include "source.h"

struct sources {
    struct source_context context; /* secret, hmac, http and reference are owned */
    struct reference *reference;   /* the one in force */
    struct error reference_fault;  /* of the folder as it was last looked at */
    struct reference **retired;    /* earlier ones: a source may still point into them */
    size_t retired_count, retired_capacity;
    struct source **items;
    size_t count;
    char hmac_fingerprint[33]; /* of the ring of keys */
    struct key_ring *keys;
    struct registry *registry;
    struct source_kind *kinds; /* one of each connector, and `files` */
    size_t kind_count;
    struct text_buffer connectors;
    struct metrics *metrics;
};

/* Reads the key, the reference folder and `sources:`. only: open this source alone (NULL: all; "": none). ERROR_CONFIG names file,
 * line and key. */
struct sources *sources_open(const struct options *options, const char *only, struct error *err);
void sources_close(struct sources *sources); /* closes every source; NULL-safe */

/* By which a source is watched, and what the configuration says of it; NULL for files, and for a source that is not configured. */
struct yaml_node;
const struct connector *sources_connector(const struct sources *sources, const char *name,
                                          const struct yaml_node **config);
/* Loads the reference folder again if its content changed. What is wrong with it is logged, the old one stays. */
void sources_refresh_reference(struct sources *sources);
/* Is every configured source named, typed and set well? For --check-config. */
bool sources_check(const struct options *options, struct error *err) MUST_CHECK;

#endif
