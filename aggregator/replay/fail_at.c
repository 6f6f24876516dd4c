#include "fail_at.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

bool fail_at(const char *phase)
{
    const char *wanted = getenv("MOOC_FAIL_AT");
    if (wanted && strcmp(wanted, phase) == 0)
        raise(SIGKILL);
    return true;
}
