/* `backup DIR` and `restore DIR`: what no Kafka topic can give back. */
#ifndef MOOC_INGEST_BACKUP_H
#define MOOC_INGEST_BACKUP_H

#include "../../common/options.h"

/* DIR/ingest.yaml is the configuration, DIR/secrets the files that it names (the HMAC key first of all) with DIR/secrets/list saying where
 * each stood, DIR/data the data_dir without what is written anew by itself (lock, status, lists of holds). Refused onto a folder that
 * is not empty. Also while mooc-ingest runs. */
int command_backup(const struct program *program, const struct options *options);

/* The other way round, with the configuration given by --config (DIR/ingest.yaml, or what has become of it): data_dir must be missing
 * or empty; a secret goes to where it stood, and one that stands there must be the same. Nothing is written before all is checked. */
int command_restore(const struct program *program, const struct options *options);

#endif
