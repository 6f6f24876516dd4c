#include "withdrawals.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/text_buffer.h"
#include "newest.h"

struct withdrawals {
    struct newest *told;
    struct text_buffer names; /* each with its NUL */
};

struct withdrawals *withdrawals_new(void)
{
    struct withdrawals *w = must_have(calloc(1, sizeof *w));
    w->told = newest_new();
    return w;
}

void withdrawals_free(struct withdrawals *w)
{
    if (!w)
        return;
    newest_free(w->told);
    text_buffer_free(&w->names);
    free(w);
}

void withdrawals_clear(struct withdrawals *w)
{
    newest_free(w->told);
    w->told = newest_new();
    text_buffer_clear(&w->names);
}

bool withdrawals_tell(struct withdrawals *w, const char *entity, uint64_t record)
{
    return newest_may_speak(w->told, entity, 0, record);
}

void withdrawals_add(struct withdrawals *w, const char *entity)
{
    text_buffer_add(&w->names, entity, strlen(entity) + 1);
}

const char *withdrawals_next(const struct withdrawals *w, size_t *at)
{
    while (*at < w->names.length) {
        const char *name = w->names.data + *at;
        *at += strlen(name) + 1;
        if (!newest_has_spoken(w->told, name))
            return name;
    }
    return NULL;
}
