/* A short message to a study group's chat: what the group stands at, and no name. Pure. */
#ifndef MOOC_PACK_MESSAGE_H
#define MOOC_PACK_MESSAGE_H

#include "../../common/text_buffer.h"
#include "../report/number.h"

struct group_standing {
    const char *unit_name, *wave_name;
    const char *group; /* "17" or "Tổ 17"; "": a unit's people who are in none */
    bool undivided;    /* the unit has no groups: these are all its people */
    const char *as_of; /* "17:00 02/10/2023" */
    int64_t registered, accounts, participated, passed; /* -1: not known */
};

/* A paragraph; goes to the end of out. */
void message_add(const struct group_standing *standing, enum language language,
                 struct text_buffer *out);

#endif
