/* How much a ZIP archive says that it unpacks to, from its central directory: a workbook of kilobytes may hold gigabytes. Pure. */
#ifndef MOOC_SHEET_ZIP_H
#define MOOC_SHEET_ZIP_H

#include <stdio.h>

#include "base.h"

/* Sum of the uncompressed sizes of all entries. False when there is no readable central directory. */
bool zip_unpacked_size(FILE *archive, uint64_t *size) MUST_CHECK;

#endif
