#include "operator_name.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

const char *operator_name(void)
{
    const char *behind_sudo = getenv("SUDO_USER");
    if (behind_sudo && *behind_sudo)
        return behind_sudo;
    const struct passwd *user = getpwuid(getuid());
    return user ? user->pw_name : "";
}
