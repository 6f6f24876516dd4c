/* A workbook as the ZIP of parts that it is (ECMA-376 Part 2): what is not changed goes out byte for byte as it came in. In memory
 * throughout: a list of people leaves no file behind but the one that is asked for. With gzip_file.c the only file that knows zlib. */
#ifndef MOOC_PACKAGE_H
#define MOOC_PACKAGE_H

#include "error.h"
#include "text_buffer.h"

struct package;

struct package *package_new(void);
/* ERROR_SOURCE when it is no such file, or one that packs more than 512 MiB. */
struct package *package_read(const char *path, struct error *err);
void package_free(struct package *package); /* NULL-safe; wipes what was unpacked */

/* The part's text, NUL-terminated, good until it is put anew; NULL when there is none or it is damaged. Names have no '/' in front. */
const char *package_part(struct package *package, const char *name, size_t *length);
/* A new part, or another text for one that is there. Takes the buffer's memory. */
void package_put(struct package *package, const char *name, struct text_buffer *text);
/* The whole as a ZIP. */
bool package_pack(struct package *package, struct text_buffer *out, struct error *err) MUST_CHECK;

#endif
