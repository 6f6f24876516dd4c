/* Platforms that do not answer, seen from what was counted: their streams grow older than their turns. */
#include <stdio.h>

#include "../../common/clock.h"
#include "../../common/turns.h"
#include "status.h"

/* Streams come in the order of their sources. */
static size_t end_of_source(const struct status *status, size_t from)
{
    size_t to = from + 1;
    while (to < status->stream_count &&
           strcmp(status->streams[to].source, status->streams[from].source) == 0)
        to++;
    return to;
}

/* As mooc-ingest status judges it. What was never read whole is told by status_problem. */
static bool is_late(const struct status_stream *s, const struct status_limits *limits)
{
    return s->ages && s->age_ms != STATUS_UNKNOWN &&
           turns_late(s->age_ms, s->every_ms, limits->late_after_ms);
}

/* The oldest of the platform's late streams, their names in out; NULL where none is late. */
static const struct status_stream *find_late(const struct status *status,
                                             const struct status_limits *limits, size_t from,
                                             size_t to, char out[400])
{
    const struct status_stream *oldest = NULL;
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = from; i < to; i++) {
        const struct status_stream *s = &status->streams[i];
        if (!is_late(s, limits))
            continue;
        if (oldest == NULL || s->age_ms > oldest->age_ms)
            oldest = s;
        int added = length < 400 ? snprintf(out + length, 400 - length, "%s%s",
                                            length > 0 ? ", " : "", s->stream)
                                 : 0;
        length += added > 0 ? (size_t)added : 0;
    }
    return oldest;
}

size_t status_late(const struct status *status, const struct status_limits *limits, status_say say,
                   void *context)
{
    size_t count = 0;
    char line[768], streams[400], age[32], since[CLOCK_LOCAL_SIZE];
    for (size_t from = 0, to; from < status->stream_count; from = to) {
        to = end_of_source(status, from);
        const char *source = status->streams[from].source;
        const struct status_stream *oldest = find_late(status, limits, from, to, streams);
        if (status->streams[from].stream[0] == '\0') {
            snprintf(line, sizeof(line),
                     TELL(status, "chưa đọc được gì của nguồn %s: xem mooc-ingest status",
                          "nothing of %s has been read yet: see mooc-ingest status"),
                     source);
        } else if (oldest != NULL) {
            tell_instant_of(oldest->complete_through, status->vietnamese, since);
            tell_age(oldest->age_ms, status->vietnamese, age);
            snprintf(line, sizeof(line),
                     TELL(status,
                          "nguồn %s chưa được đọc đủ lại từ %s (đã %s), các luồng %s: xem "
                          "mooc-ingest status",
                          "%s has not been read whole since %s (%s), streams %s: see mooc-ingest "
                          "status"),
                     source, since, age, streams);
        } else {
            continue;
        }
        say(context, line);
        count++;
    }
    return count;
}
