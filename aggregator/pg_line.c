#include "pg_line.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../common/clock.h"

#define SLOW_BYTES_PER_MS 1000 /* the slowest line on which a statement is given time to be sent */

void pg_line_open(struct pg_line *line, int socket)
{
    line->socket = fcntl(socket, F_DUPFD_CLOEXEC, 3); /* never 0: that is a zeroed line's */
}

void pg_line_close(struct pg_line *line)
{
    if (line->socket > 0)
        close(line->socket);
    line->socket = 0;
}

void pg_line_moved(struct pg_line *line, size_t bytes)
{
    line->since_ms = clock_monotonic_ms() + (int64_t)(bytes / SLOW_BYTES_PER_MS);
}

void pg_line_rests(struct pg_line *line)
{
    line->since_ms = 0;
}

int64_t pg_line_waits_since_ms(const struct pg_line *line)
{
    return line->since_ms;
}

void pg_line_cut(struct pg_line *line)
{
    if (line->socket > 0)
        shutdown(line->socket, SHUT_RDWR);
}
