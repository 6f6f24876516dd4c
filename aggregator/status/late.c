/* Platforms that do not answer, seen from what was counted: their streams grow old together. */
#include <stdio.h>

#include "../../common/clock.h"
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

/* The platform's oldest stream; NULL where one is young enough, was never read whole (status_problem tells that) or does not age. */
static const struct status_stream *oldest_of_late(const struct status *status, size_t from,
                                                  size_t to, int64_t late_after_ms)
{
    const struct status_stream *oldest = NULL;
    for (size_t i = from; i < to; i++) {
        const struct status_stream *s = &status->streams[i];
        if (!s->ages)
            continue;
        if (s->age_ms == STATUS_UNKNOWN || s->age_ms <= late_after_ms)
            return NULL;
        if (oldest == NULL || s->age_ms > oldest->age_ms)
            oldest = s;
    }
    return oldest;
}

static void name_streams(const struct status *status, size_t from, size_t to, char out[400])
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = from; i < to && length < 400; i++) {
        if (!status->streams[i].ages)
            continue;
        int added = snprintf(out + length, 400 - length, "%s%s", length > 0 ? ", " : "",
                             status->streams[i].stream);
        length += added > 0 ? (size_t)added : 0;
    }
}

size_t status_late(const struct status *status, const struct status_limits *limits, status_say say,
                   void *context)
{
    size_t count = 0;
    char line[768], streams[400], age[32], since[CLOCK_LOCAL_SIZE];
    for (size_t from = 0, to; from < status->stream_count; from = to) {
        to = end_of_source(status, from);
        const char *source = status->streams[from].source;
        const struct status_stream *oldest = oldest_of_late(status, from, to, limits->late_after_ms);
        if (status->streams[from].stream[0] == '\0') {
            snprintf(line, sizeof(line),
                     TELL(status, "chưa đọc được gì của nguồn %s: xem mooc-ingest status",
                          "nothing of %s has been read yet: see mooc-ingest status"),
                     source);
        } else if (oldest != NULL) {
            name_streams(status, from, to, streams);
            clock_localise(oldest->complete_through, since);
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
