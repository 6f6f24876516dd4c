/* Reads an entity's state record as state_entity_value writes it, without building a tree: loading a shard reads millions. Only what
 * the memory needs; whatever looks different in any way is left to state_record_decode. Pure. */
#ifndef MOOC_INGEST_STATE_SCAN_H
#define MOOC_INGEST_STATE_SCAN_H

#include "state_record.h"

/* record is used again and again: zero at first, freed by state_record_free at the end. On true it holds kind, type, source, entity,
 * revision, stream, sub-stream, fingerprint, since, status, gone and total; no subject and no data. */
bool state_entity_scan(const char *key, size_t key_length, const char *value, size_t value_length,
                       struct state_record *record);

#endif
