/* The streams of Open edX as a table: what is asked for, where the records stand, how one becomes events. */
#ifndef MOOC_OPENEDX_STREAMS_H
#define MOOC_OPENEDX_STREAMS_H

#include "../shard.h"
#include "map.h"

enum stream_id {
    STREAM_ENROLLMENTS,
    STREAM_GRADES,
    STREAM_CERTIFICATES,
    STREAM_ACCOUNTS,
    STREAM_COUNT
};

struct stream_def {
    struct stream_spec spec;
    const char *path;    /* template: {course} {page_size} {username} {usernames} {email} */
    const char *records; /* member that holds the list */
    map_function map;
};

extern const struct stream_def openedx_streams[STREAM_COUNT];

/* Lists that are no stream of their own. */
extern const char openedx_gradebook_path[];
extern const char openedx_account_by_email_path[];
extern const char openedx_search_emails_path[]; /* POST {"emails": […]}; newer releases, staff only */

struct path_values {
    const char *course;
    int page_size;
    const char *const *usernames; /* {username} takes the first */
    size_t username_count;
    const char *email;
};

/* Fills in the template, every value percent-encoded. Caller frees. */
char *stream_path(const char *template, const struct path_values *values);

#endif
