/* A folder per unit for a reporting period: workbook, text, messages, what changed since the period before; a manifest over all. */
#ifndef MOOC_PACK_PACK_H
#define MOOC_PACK_PACK_H

#include "../../common/options.h"

/* `report pack`: options period, out, wave, training, unit, lang. The folder appears whole or not at all. */
bool pack_write(const struct program *program, const struct options *options, struct error *err)
    MUST_CHECK;

#endif
