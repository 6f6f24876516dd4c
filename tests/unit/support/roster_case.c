#include "roster_case.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct reference *reference;
static char folder[] = "/tmp/test_roster_XXXXXX";

struct reading read_path(const char *path, const char *unit)
{
    struct reading r = {0};
    struct roster_settings settings = {reference, "HG", unit};
    r.book = sheet_open(path, &r.err);
    if (r.book == NULL)
        print_error("%s\n", r.err.message);
    assert_non_null(r.book);
    r.list = roster_read(r.book, &settings, &r.err);
    return r;
}

struct reading read_text(const char *csv, const char *unit)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/list.csv", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    (void)fputs(csv, f);
    (void)fclose(f);
    return read_path(path, unit);
}

void done(struct reading *r)
{
    roster_free(r->list);
    sheet_free(r->book);
}

const struct roster_person *at(const struct reading *r, size_t sheet, int64_t row)
{
    for (size_t i = 0; i < r->list->person_count; i++) {
        if (r->list->persons[i].sheet == sheet && r->list->persons[i].row == row)
            return &r->list->persons[i];
    }
    print_error("nobody in sheet %zu, row %d\n", sheet, (int)row);
    fail();
    return NULL;
}

const char *skipped(const struct reading *r, size_t sheet, int64_t row)
{
    for (size_t i = 0; i < r->list->skip_count; i++) {
        if (r->list->skips[i].sheet == sheet && r->list->skips[i].row == row)
            return r->list->skips[i].reason;
    }
    return "not skipped";
}

int roster_case_set_up(void **state)
{
    (void)state;
    struct error err = {0};
    reference = reference_load("config/hagiang-2023", NULL, NULL, &err);
    return reference == NULL || mkdtemp(folder) == NULL;
}

int roster_case_tear_down(void **state)
{
    (void)state;
    char command[128];
    reference_free(reference);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}
