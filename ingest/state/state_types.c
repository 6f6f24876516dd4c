/* Which type takes which back. */
#include "state_record.h"

static const enum event_type pairs[][2] = {
    {EVENT_ROSTER_LISTED, EVENT_ROSTER_REMOVED},
    {EVENT_ACCOUNT_CREATED, EVENT_ACCOUNT_CLOSED},
    {EVENT_ACCOUNT_ACTIVATED, EVENT_ACCOUNT_CLOSED},
    {EVENT_IDENTITY_LINKED, EVENT_IDENTITY_UNLINKED},
    {EVENT_ENROLLMENT_CREATED, EVENT_ENROLLMENT_CANCELLED},
    {EVENT_LEARNING_PROGRESSED, EVENT_LEARNING_WITHDRAWN},
    {EVENT_EXAM_GRADED, EVENT_EXAM_ANNULLED},
    {EVENT_CERTIFICATE_ISSUED, EVENT_CERTIFICATE_REVOKED},
    {EVENT_TOTALS_PUBLISHED, EVENT_TOTALS_WITHDRAWN},
    {EVENT_ATTENDANCE_RECORDED, EVENT_ATTENDANCE_WITHDRAWN},
    {EVENT_RECORD_REJECTED, EVENT_RECORD_ACCEPTED},
};

enum event_type event_type_removing(enum event_type type)
{
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (pairs[i][0] == type || pairs[i][1] == type)
            return pairs[i][1];
    return EVENT_UNKNOWN;
}

enum event_type event_type_created(enum event_type type)
{
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (pairs[i][1] == type)
            return pairs[i][0];
    return event_type_removing(type) == EVENT_UNKNOWN ? EVENT_UNKNOWN : type;
}
