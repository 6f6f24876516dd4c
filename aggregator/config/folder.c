#include "folder.h"

#include <stdio.h>

static void print_fault(void *context, const char *fault)
{
    size_t *count = context;
    ++*count;
    fprintf(stderr, "%s\n", fault);
}

struct reference *config_folder_read(const char *folder, struct error *err)
{
    size_t faults = 0;
    struct reference *reference = reference_load(folder, print_fault, &faults, err);
    if (reference == NULL)
        error_set(err, ERROR_CONFIG, false, "%s: %zu %s, nothing is loaded until %s mended", folder,
                  faults, faults == 1 ? "fault" : "faults", faults == 1 ? "it is" : "they are");
    return reference;
}
