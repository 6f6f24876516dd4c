/* Text in legacy fonts within tables: which columns are in one, converted where that is certain. For sheet.c. Pure. */
#ifndef MOOC_SHEET_LEGACY_H
#define MOOC_SHEET_LEGACY_H

#include "arena.h"
#include "legacy_font.h"
#include "sheet_csv.h"
#include "text_buffer.h"

/* Converts the cells of one table in place (new texts go to the arena) and tells in *told which columns were in what. forced: every
 * cell without a letter that only Unicode has is in that font; LEGACY_NONE: the words decide. False with ERROR_SOURCE naming a
 * column that looks like a legacy font and is not certainly one. */
bool sheet_legacy_convert(struct csv_table *table, enum legacy_font forced, struct arena *arena,
                          struct text_buffer *told, struct error *err) MUST_CHECK;

#endif
