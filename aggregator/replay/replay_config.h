/* The config version that a replay counts with: the live one, or a folder's as a version of its own. */
#ifndef MOOC_REPLAY_CONFIG_H
#define MOOC_REPLAY_CONFIG_H

#include "../pg.h"

/* Inside a transaction. With option config_folder the folder is checked, said what it changes, its labels take effect and what is counted
 * with it is stored: gives the new version's number. Without: live's. -1 on failure. */
int replay_config(struct pg *pg, const struct options *options, int live_version, struct error *err);

#endif
