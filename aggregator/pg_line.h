/* The line of a connection to PostgreSQL, seen from outside: does anything move on it? One thread uses the connection and notes here
 * what moves; another may ask, and cut it. */
#ifndef MOOC_AGGREGATOR_PG_LINE_H
#define MOOC_AGGREGATOR_PG_LINE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct pg_line {
    _Atomic int64_t since_ms;
    int socket; /* the connection's, but a number that nobody else gets while libpq closes its own */
};

/* By who uses the connection: */
void pg_line_open(struct pg_line *line, int socket);
void pg_line_close(struct pg_line *line); /* also one that is zeroed */
/* A call is under way and something moved, or these bytes are about to be sent, which may take its time. */
void pg_line_moved(struct pg_line *line, size_t bytes);
void pg_line_rests(struct pg_line *line); /* no call is under way */

/* By another thread: */
/* Since when (clock_monotonic_ms) nothing has moved in the call under way; 0 when none is. */
int64_t pg_line_waits_since_ms(const struct pg_line *line);
/* Ends the connection under the call that waits in it, which then fails like any other lost connection. */
void pg_line_cut(struct pg_line *line);

#endif
