#include "listed_changes.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"
#include "../source.h"
#include "listed_emails.h"

struct addition {
    char *source, *substream, *entity, *email;
};

struct listed_changes {
    struct addition *added;
    size_t added_count, added_capacity;
    struct key128 *removed;
    size_t removed_count, removed_capacity;
};

struct listed_changes *listed_changes_new(void)
{
    return must_have(calloc(1, sizeof(struct listed_changes)));
}

static void forget(struct addition *addition)
{
    explicit_bzero(addition->email, strlen(addition->email));
    free(addition->source);
    free(addition->substream);
    free(addition->entity);
    free(addition->email);
}

void listed_changes_free(struct listed_changes *changes)
{
    if (changes == NULL)
        return;
    for (size_t i = 0; i < changes->added_count; i++)
        forget(&changes->added[i]);
    free(changes->added);
    free(changes->removed);
    free(changes);
}

void listed_changes_add(struct listed_changes *changes, const char *source, const char *substream,
                        const char *entity, const char *email)
{
    changes->added = array_room(changes->added, changes->added_count, &changes->added_capacity,
                                sizeof(*changes->added));
    changes->added[changes->added_count++] =
        (struct addition){must_have(strdup(source)), must_have(strdup(substream)),
                          must_have(strdup(entity)), must_have(strdup(email))};
}

void listed_changes_remove(struct listed_changes *changes, const char *entity)
{
    size_t kept = 0;
    for (size_t i = 0; i < changes->added_count; i++) {
        if (strcmp(changes->added[i].entity, entity) == 0)
            forget(&changes->added[i]);
        else
            changes->added[kept++] = changes->added[i];
    }
    changes->added_count = kept;
    changes->removed = array_room(changes->removed, changes->removed_count,
                                  &changes->removed_capacity, sizeof(*changes->removed));
    changes->removed[changes->removed_count++] = key128_of(entity, strlen(entity));
}

bool listed_changes_save(struct listed_changes *changes, const struct source_context *context,
                         struct error *err)
{
    if (changes->added_count == 0 && changes->removed_count == 0)
        return true;
    struct listed_emails *list =
        listed_emails_load(context->data_dir, context->secret, context->secret_length, err);
    if (list == NULL)
        return false;
    listed_emails_remove(list, changes->removed, changes->removed_count);
    for (size_t i = 0; i < changes->added_count; i++) {
        const struct addition *a = &changes->added[i];
        listed_emails_add(list, a->source, a->substream, a->entity, a->email);
    }
    bool fine = listed_emails_save(list, err);
    listed_emails_free(list);
    return fine;
}
