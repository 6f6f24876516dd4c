#include "handed_over.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same_bytes(const char *one, const char *other)
{
    FILE *a = fopen(one, "rbe"), *b = fopen(other, "rbe");
    char in_a[16384], in_b[sizeof(in_a)];
    bool same = a != NULL && b != NULL;
    for (size_t length = 1; same && length > 0;) {
        length = fread(in_a, 1, sizeof(in_a), a);
        same = fread(in_b, 1, sizeof(in_b), b) == length && memcmp(in_a, in_b, length) == 0 &&
               !ferror(a) && !ferror(b);
    }
    if (a != NULL)
        (void)fclose(a);
    if (b != NULL)
        (void)fclose(b);
    return same;
}

/* All that a job says but where its copy lies, who asked and why. */
static bool same_wish(const struct files_job *one, const struct files_job *other)
{
    struct files_job a = *one, b = *other;
    struct text_buffer in_a = {0}, in_b = {0};
    a.path[0] = b.path[0] = a.by[0] = b.by[0] = a.reason[0] = b.reason[0] = '\0';
    files_job_encode(&a, &in_a);
    files_job_encode(&b, &in_b);
    bool same = strcmp(in_a.data, in_b.data) == 0;
    text_buffer_free(&in_a);
    text_buffer_free(&in_b);
    return same;
}

bool handed_over_before(const char *data_dir, const char *source, const struct files_job *job,
                        const char *path, char id[SPOOL_ID_SIZE])
{
    struct error err = {0};
    size_t length = 0;
    bool found = false;
    char after[SPOOL_ID_SIZE] = "";
    for (char *text; !found && (text = spool_next(data_dir, source, after, id, &length, &err));) {
        struct files_job waiting = {.path = ""};
        found = files_job_decode(text, length, &waiting, NULL) && same_wish(&waiting, job) &&
                (path == NULL || same_bytes(waiting.path, path));
        memcpy(after, id, sizeof(after));
        free(text);
    }
    return found;
}
