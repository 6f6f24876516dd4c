/* A folder of reference data, checked. */
#ifndef MOOC_AGGREGATOR_CONFIG_FOLDER_H
#define MOOC_AGGREGATOR_CONFIG_FOLDER_H

#include "../../common/reference.h"
#include "../../common/tell.h"

/* Every fault goes to standard error, a line each; then NULL. */
struct reference *config_folder_read(const char *folder, const struct teller *to, struct error *err);

#endif
