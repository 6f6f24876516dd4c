#include "reference_folder.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../common/reference.h"

void folder_put(const struct folder *f, const char *name, const char *text)
{
    char path[160];
    (void)snprintf(path, sizeof(path), "%s/%s", f->path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

struct folder folder_good(void)
{
    struct folder f = {"/tmp/test_reference_XXXXXX"};
    assert_non_null(mkdtemp(f.path));
    folder_put(&f, "units.csv", FOLDER_UNITS "P,Tỉnh P,,,tinh,,,1,,,\nP-A,Xã A,,,xa,P,P,2,,,\n");
    folder_put(&f, "trainings.yaml",
               "- code: T\n  name: {vi: Khóa}\n  pass_rule: {min_score: 0.5}\n");
    folder_put(&f, "waves.csv", FOLDER_WAVES "W,T,P,Đợt 1,,2023-09-20,2023-09-29,counted,1\n");
    folder_put(&f, "courses.csv", "source,course,training,exam\ns,c,T,\n");
    folder_put(&f, "targets.csv", "wave,unit,planned\nW,P-A,30\n");
    folder_put(&f, "calendar.csv", "date,kind,name\n2023-09-02,holiday,Quốc khánh\n");
    return f;
}

void folder_drop(const struct folder *f)
{
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", f->path);
    assert_int_equal(system(command), 0);
}

char folder_reported[8192];

void folder_note(void *context, const struct error *fault)
{
    (void)context;
    assert_true(fault->vi[0] != 0);
    (void)strncat(folder_reported, fault->message,
                  sizeof(folder_reported) - strlen(folder_reported) - 1);
    (void)strncat(folder_reported, "\n", sizeof(folder_reported) - strlen(folder_reported) - 1);
}

void folder_assert_fault(const char *file, const char *text, const char *expected)
{
    struct folder f = folder_good();
    struct error err = {0};
    if (text != NULL) {
        folder_put(&f, file, text);
    } else {
        char path[160];
        (void)snprintf(path, sizeof(path), "%s/%s", f.path, file);
        assert_int_equal(unlink(path), 0);
    }
    folder_reported[0] = '\0';
    struct reference *r = reference_load(f.path, folder_note, NULL, &err);
    if (r != NULL || strstr(folder_reported, expected) == NULL)
        print_error("expected \"%s\" in:\n%s", expected, folder_reported);
    assert_null(r);
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_non_null(strstr(folder_reported, expected));
    folder_drop(&f);
}
