#include "consent.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "stop.h"
#include "tell.h"

bool consent_given(const struct options *options, const char *question, struct error *err)
{
    const struct teller to = tell_of(options);
    char line[16];
    (void)fflush(stdout);                  /* what the question is about */
    (void)tcflush(STDIN_FILENO, TCIFLUSH); /* what was typed before it was asked answers nothing */
    (void)fprintf(stderr, TELL(&to, "%s [c/K] ", "%s [y/N] "), question);
    char said = fgets(line, sizeof(line), stdin) != NULL ? line[0] : '\0';
    bool yes = said == 'y' || said == 'Y' || (to.vietnamese && (said == 'c' || said == 'C'));
    if (yes && !stop_requested())
        return true;
    return error_tell(err, ERROR_STOPPED, false, "chưa thay đổi gì", "nothing was changed");
}
