#include "folder.h"

#include <stdio.h>

struct faults {
    bool vietnamese;
    size_t count;
};

static void print_fault(void *context, const struct error *fault)
{
    struct faults *faults = context;
    faults->count++;
    fprintf(stderr, "%s\n", error_words(fault, faults->vietnamese));
}

struct reference *config_folder_read(const char *folder, const struct teller *to, struct error *err)
{
    struct faults faults = {to->vietnamese, 0};
    struct reference *reference = reference_load(folder, print_fault, &faults, err);
    if (reference != NULL)
        return reference;
    error_set(err, ERROR_CONFIG, false, "%s: %zu %s, nothing is loaded until %s mended", folder,
              faults.count, faults.count == 1 ? "fault" : "faults",
              faults.count == 1 ? "it is" : "they are");
    error_vi(err, "%s: %zu lỗi, sửa xong mới nạp được", folder, faults.count);
    return NULL;
}
