/* Progress on standard error: nothing of short work, JSON lines of long work where there is no terminal. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../common/progress.h"

static char told[4096];
static FILE *file;
static int kept;

static void listen_to_stderr(void)
{
    file = tmpfile();
    assert_non_null(file);
    (void)fflush(stderr);
    kept = dup(STDERR_FILENO);
    assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
}

static void stop_listening(void)
{
    (void)fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    rewind(file);
    told[fread(told, 1, sizeof(told) - 1, file)] = '\0';
    (void)fclose(file);
}

static void short_work_says_nothing(void **state)
{
    (void)state;
    listen_to_stderr();
    struct progress *p = progress_new("counting people", 3);
    for (int i = 1; i <= 3; i++)
        progress_at(p, i, 3);
    progress_end(p);
    progress_end(NULL);
    stop_listening();
    assert_string_equal(told, "");
}

static void long_work_says_how_far_it_is(void **state)
{
    (void)state;
    const struct timespec wait = {2, 50000000};
    listen_to_stderr();
    struct progress *p = progress_new("counting people", 10);
    progress_at(p, 1, 10);
    (void)nanosleep(&wait, NULL);
    progress_at(p, 4, 10);
    progress_at(p, 5, 10); /* within the same second */
    progress_add(p, 5);
    progress_end(p);
    stop_listening();
    assert_non_null(strstr(told, "{\"what\":\"counting people\",\"done\":4,\"of\":10,"));
    assert_null(strstr(told, "\"done\":1,"));
    assert_null(strstr(told, "\"done\":5,"));
    assert_non_null(strstr(told, "\"done\":10,\"of\":10,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_work_says_nothing),
        cmocka_unit_test(long_work_says_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
