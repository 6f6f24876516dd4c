/* The table's part about values, conditions and events. */
#include "language_parts.h"

/* What is done with a value, in the order in which it is done. */
/* clang-format off */
#define VALUE_KEYS                                                                                        \
    {"value", KEY_VALUE, SHAPE_ONE, .help = "Pointer or template."},                                      \
    {"first", KEY_VALUE, SHAPE_LIST, .least = 1, .most = 8, .help = "The first of several that is there."}, \
    {"count", KEY_OWN, SHAPE_OF, .of = "count", .help = "How many elements an array has."},               \
    {"pick", KEY_OWN, SHAPE_OF, .of = "pick", .help = "A value of the first element that fits."},         \
    {"when", KEY_CONDITION, SHAPE_ONE, .help = "Where it does not hold, the value is absent."},           \
    {"match", KEY_REGEX, SHAPE_ONE,                                                                       \
     .help = "The first group, or the whole match; absent where it does not match."},                     \
    {"map", KEY_LITERAL, SHAPE_MAP, .least = 1, .most = 100,                                              \
     .help = "Exact texts to others; \"*\" for all others; absent where nothing fits."},                  \
    {"divide", KEY_VALUE, SHAPE_ONE,                                                                      \
     .help = "A number divided by this one; absent where this one is 0 or absent."},                      \
    {"scale", KEY_NUMBER, SHAPE_ONE, .least = -1e12, .most = 1e12, .help = "A number times this."},       \
    {"default", KEY_LITERAL, SHAPE_ONE, .help = "Where it is absent."}
/* clang-format on */

static const struct language_key value_keys[] = {VALUE_KEYS};

static const struct language_key count_keys[] = {
    {"of", KEY_POINTER, SHAPE_ONE, .required = true, .help = "The array; absent where there is none."},
    {"where", KEY_CONDITION, SHAPE_ONE,
     .help =
         "Counts only those for which it holds; pointers start at the element, ^/… at the record."},
};

static const struct language_key pick_keys[] = {
    {"of", KEY_POINTER, SHAPE_ONE, .required = true, .help = "The array; absent where there is none."},
    {"where", KEY_CONDITION, SHAPE_ONE, .required = true,
     .help = "The first for which it holds; pointers start at the element, ^/… at the record."},
    {"value", KEY_VALUE, SHAPE_ONE, .required = true, .help = "What is taken of it."},
};

static const struct language_key time_keys[] = {
    VALUE_KEYS,
    {"format", KEY_TEXT, SHAPE_ONE, .fallback = "iso",
     .help = "iso, unix, unix_ms, date, or a pattern of strptime(3): \"%d/%m/%Y %H:%M:%S\"."},
    {"zone", KEY_ZONE, SHAPE_ONE,
     .help =
         "Of instants that name none: UTC, Asia/Ho_Chi_Minh or an offset such as +07:00. A pattern "
         "without %z needs it."},
};

static const struct language_key condition_keys[] = {
    {"is", KEY_LITERAL, SHAPE_PAIR, .help = "The value is this text, number or boolean."},
    {"in", KEY_LITERAL, SHAPE_PAIR_LIST, .help = "The value is one of these."},
    {"same", KEY_VALUE, SHAPE_PAIR, .help = "Both read the same to people (trimmed, NFC)."},
    {"exists", KEY_VALUE, SHAPE_ONE, .help = "The value is there: not null, not empty."},
    {"present", KEY_POINTER, SHAPE_ONE, .help = "The member is there, be it null."},
    {"above", KEY_VALUE, SHAPE_PAIR, .help = "The first number is larger; false where one is absent."},
    {"at_least", KEY_VALUE, SHAPE_PAIR, .help = "The first number is as large or larger."},
    {"below", KEY_VALUE, SHAPE_PAIR, .help = "The first number is smaller."},
    {"at_most", KEY_VALUE, SHAPE_PAIR, .help = "The first number is as small or smaller."},
    {"matches", KEY_REGEX, SHAPE_PAIR, .help = "The value matches this regular expression."},
    {"all", KEY_CONDITION, SHAPE_LIST, .least = 1, .most = 32, .help = "All of these hold."},
    {"any", KEY_CONDITION, SHAPE_LIST, .least = 1, .most = 32, .help = "One of these holds."},
    {"not", KEY_CONDITION, SHAPE_ONE, .help = "It does not hold."},
    {"some", KEY_OWN, SHAPE_OF, .of = "some", .help = "It holds for an element of an array."},
    {"known", KEY_TEXT, SHAPE_ONE,
     .help = "There is a text under this name: an option is set (option.NAME), a row was found "
             "(STREAM)."},
};

static const struct language_key some_keys[] = {
    {"of", KEY_POINTER, SHAPE_ONE, .required = true,
     .help = "The array; a record without it is malformed."},
    {"where", KEY_CONDITION, SHAPE_ONE, .required = true,
     .help = "Pointers start at the element, ^/… at the record."},
};

#define ENROLLMENT "enrollment.created|enrollment.cancelled"
#define ACCOUNT "account.created|account.activated|account.closed"

static const struct language_key event_keys[] = {
    {"type", KEY_CHOICE, SHAPE_ONE, .required = true,
     .choices = ACCOUNT "|" ENROLLMENT "|learning.progressed|exam.graded|certificate.issued",
     .help = "Of the event (schema/events)."},
    {"when", KEY_CONDITION, SHAPE_ONE, .help = "Where the record says this; absent = always."},
    {"otherwise", KEY_CHOICE, SHAPE_ONE, .choices = "skip|withdraw|update", .fallback = "skip",
     .help =
         "Where `when` does not hold. skip: nothing is said; withdraw: what is held is taken back, "
         "once the list was read to its end and no other record of it tells of the same; update: "
         "what is held is kept up to date, nothing new begins."},
    {"otherwise_if", KEY_CONDITION, SHAPE_ONE,
     .help = "`otherwise` counts only where this holds too."},
    {"withdraw", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help =
         "true: where `when` holds, what is held is taken back; with `entity` for good, even if "
         "the platform goes on showing it."},
    {"on_vanish", KEY_CHOICE, SHAPE_ONE, .choices = "keep",
     .help =
         "keep: what was told stays when the record is no longer there, whatever the stream says "
         "of it: what somebody learned in a course outlives the enrolment that shows it."},
    {"key", KEY_VALUE, SHAPE_ONE,
     .help = "Appended to the entity's name where a learner can have several in a course."},
    {"entity", KEY_VALUE, SHAPE_ONE,
     .help = "A whole name of its own instead (statements that later ones void)."},
    {"time", KEY_TIME, SHAPE_ONE, .help = "The platform's own time of the fact; absent: as observed."},
    {"total", KEY_BOOLEAN, SHAPE_ONE, .with = "learning.progressed", .fallback = "false",
     .help =
         "The platform shows a running total: a change counts for the day on which it is seen."},
    {"day", KEY_TIME, SHAPE_ONE, .with = "learning.progressed",
     .help = "Day of the progress, where it is no total; absent: that of `time`."},
    {"percent", KEY_VALUE, SHAPE_ONE, .with = "learning.progressed", .help = "Grade so far, 0 to 1."},
    {"progress", KEY_VALUE, SHAPE_ONE, .with = "learning.progressed",
     .help = "Share of the required content done, 0 to 1."},
    {"exam", KEY_VALUE, SHAPE_ONE, .with = "exam.graded",
     .help = "The platform's id of the exam; `course` for the course grade. Needed, except with "
             "`withdraw`."},
    {"attempt", KEY_VALUE, SHAPE_ONE, .with = "exam.graded", .help = "Number of the attempt, from 1."},
    {"score", KEY_VALUE, SHAPE_ONE, .with = "exam.graded", .help = "Points."},
    {"max_score", KEY_VALUE, SHAPE_ONE, .with = "exam.graded", .help = "Points that can be reached."},
    {"passed", KEY_CONDITION, SHAPE_ONE, .with = "exam.graded",
     .help = "The platform's own verdict; absent: it has none."},
    {"sat", KEY_CONDITION, SHAPE_ONE, .with = "exam.graded", .help = "The attempt counts as sat."},
    {"mode", KEY_VALUE, SHAPE_ONE, .with = ENROLLMENT,
     .help = "Mode of the enrolment, as the platform calls it."},
    {"status", KEY_VALUE, SHAPE_ONE, .with = "certificate.issued",
     .help = "Of the certificate, as the platform calls it."},
    {"activated", KEY_CONDITION, SHAPE_ONE, .with = ACCOUNT,
     .help = "The account has been activated."},
};

const struct language_mapping language_values[] = {
    MAPPING(
        value, .one_of = "value|first|count|pick",
        .help =
            "A value and what is done with it, in this order. Where nothing is done, the pointer "
            "or template alone."),
    MAPPING(count, .help = "Number of elements of an array."),
    MAPPING(pick, .help = "A value out of an array."),
    MAPPING(time, .one_of = "value|first|count|pick", .help = "A value that is an instant or a date."),
    MAPPING(condition, .one_of = "*",
            .help = "What holds for a record or does not. A value alone must be a JSON boolean."),
    MAPPING(some, .help = "An element of an array for which a condition holds."),
    MAPPING(event, .chooser = "type", .help = "What a record says, as one event."),
};
const size_t language_values_count = ARRAY_LEN(language_values);
