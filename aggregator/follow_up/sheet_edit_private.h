/* A worksheet's XML being copied, with changes on the way: shared by the files that change it. */
#ifndef MOOC_FOLLOW_UP_SHEET_EDIT_PRIVATE_H
#define MOOC_FOLLOW_UP_SHEET_EDIT_PRIVATE_H

#include "sheet_edit.h"
#include "../../common/xml.h"

struct editing {
    const struct added_columns *added;
    struct text_buffer *out;
    const char *at, *end; /* what is not copied yet */
    size_t first, count;  /* columns that are added, or written anew */
    size_t next;          /* of added->rows */
    size_t row;           /* the last one seen */
    const char *prefix;
    size_t prefix_length;
};

/* What stands before `to` goes out as it is. */
void edit_copy_to(struct editing *e, const char *to);
/* "<" or "</", the sheet's prefix, and what follows. */
void edit_add_tag(struct editing *e, const char *open, const char *name);

/* The widths of the columns that were there (from cols to cols_end), ours between them; or where none are said. */
void edit_given_widths(struct editing *e, const struct xml_tag *cols, const char *cols_end);
void edit_new_widths(struct editing *e);

#endif
