/* The table's part about requests and streams. */
#include "language_parts.h"

static const struct language_key connector_keys[] = {
    {"connector", KEY_NAME, SHAPE_ONE, .required = true,
     .help = "Name of this kind of platform: what `kind:` of a source says."},
    {"version", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 1000000, .required = true,
     .help = "Raised when the mapping changes its meaning: a source whose state was made by "
             "another version "
             "waits for `mooc-ingest state accept`."},
    {"title", KEY_OWN, SHAPE_OF, .of = "title", .help = "What people call the platform.",
     .aside = true},
    {"options", KEY_OWN, SHAPE_MAP_OF, .of = "option", .most = 32,
     .help = "Keys that a source of this kind has besides the common ones; {option.NAME} in "
             "templates."},
    {"auth", KEY_OWN, SHAPE_OF, .of = "auth", .help = "How requests are authorised.", .aside = true},
    {"budget", KEY_OWN, SHAPE_OF, .of = "budget",
     .help = "What the platform bears; a source may say otherwise.", .aside = true},
    {"headers", KEY_VALUE, SHAPE_MAP, .most = 16, .help = "Headers of every request."},
    {"faults", KEY_OWN, SHAPE_LIST_OF, .of = "fault", .most = 16,
     .help = "Errors that the platform tells in an answer's body, first match counts."},
    {"discover", KEY_OWN, SHAPE_OF, .of = "discover",
     .help = "How the platform lists its courses, for `mooc-ingest discover`.", .aside = true},
    {"streams", KEY_OWN, SHAPE_MAP_OF, .of = "stream", .least = 1, .most = 16, .required = true,
     .help = "What is asked for again and again, in the order in which it is first asked."},
};

static const struct language_key title_keys[] = {
    {"en", KEY_TEXT, SHAPE_ONE, .required = true, .help = "In English."},
    {"vi", KEY_TEXT, SHAPE_ONE, .help = "In Vietnamese; absent: as in English."},
};

static const struct language_key option_keys[] = {
    {"kind", KEY_CHOICE, SHAPE_ONE, .choices = "text|secret|number|boolean", .fallback = "text",
     .help = "secret: a path to a file whose content counts; it is read again when it changes."},
    {"required", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "true: a source must give it.", .aside = true},
    {"default", KEY_LITERAL, SHAPE_ONE, .help = "Where a source does not give it."},
    {"help", KEY_TEXT, SHAPE_ONE, .required = true,
     .help = "One sentence for whoever configures it.", .aside = true},
};

static const struct language_key auth_keys[] = {
    {"kind", KEY_CHOICE, SHAPE_ONE, .choices = "none|basic|header|form|oauth2", .required = true,
     .help =
         "none; basic (RFC 7617); header: a bearer token or API key; form: a field of every POST "
         "form; oauth2: client credentials (RFC 6749, 4.4)."},
    {"user", KEY_VALUE, SHAPE_ONE, .with = "basic|oauth2", .required = true,
     .help = "User; client id."},
    {"secret", KEY_VALUE, SHAPE_ONE, .with = "basic|oauth2", .required = true,
     .help = "Password; client secret."},
    {"name", KEY_TEXT, SHAPE_ONE, .with = "header|form", .required = true,
     .help = "Of the header or form field."},
    {"value", KEY_VALUE, SHAPE_ONE, .with = "header|form", .required = true,
     .help = "What stands in it: \"Bearer {option.token_file}\"."},
    {"path", KEY_TEXT, SHAPE_ONE, .with = "oauth2",
     .required = true, .help = "Where tokens are issued, from the source's url; {option.NAME} stands as it was configured."},
    {"client", KEY_CHOICE, SHAPE_ONE, .choices = "header|form", .with = "oauth2",
     .fallback = "header", .help = "Where the token request carries client id and secret."},
    {"form", KEY_VALUE, SHAPE_MAP, .most = 8, .with = "oauth2",
     .help = "Further fields of the token request, besides grant_type (scope, token_type)."},
    {"scheme", KEY_TEXT, SHAPE_ONE, .with = "oauth2",
     .help = "Word in front of the token in Authorization; absent: Bearer or JWT, as the answer's "
             "token_type says."},
};

static const struct language_key budget_keys[] = {
    {"requests_per_minute", KEY_NUMBER, SHAPE_ONE, .least = 0.1, .most = 600000, .fallback = "60",
     .help = "Most requests in any minute."},
    {"max_concurrent", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 64, .fallback = "2",
     .help = "Most requests under way at a time."},
    {"requests_per_day", KEY_INTEGER, SHAPE_ONE, .least = 0, .most = 1e9, .fallback = "0",
     .help = "Most requests in a day; 0 = unlimited."},
};

static const struct language_key request_keys[] = {
    {"path", KEY_TEXT, SHAPE_ONE, .required = true,
     .help = "Joined to the source's url; names in braces are percent-encoded, but {option.NAME} "
             "stands as "
             "it was configured."},
    {"query", KEY_VALUE, SHAPE_MAP | SHAPE_MAP_LIST, .most = 16,
     .help =
         "Parameters behind the path; one whose value is absent is left out, one with a list is "
         "repeated, and so is one with {learner} where there is a batch."},
    {"form", KEY_VALUE, SHAPE_MAP | SHAPE_MAP_LIST, .most = 16,
     .help = "Makes it a POST of this form; fields as parameters of `query`."},
    {"json", KEY_TEXT, SHAPE_ONE,
     .help = "Makes it a POST of this JSON text, whose names are escaped; \"{{\" is a brace."},
    {"headers", KEY_VALUE, SHAPE_MAP, .most = 16, .help = "Headers of this request."},
};

static const struct language_key pages_keys[] = {
    {"by", KEY_CHOICE, SHAPE_ONE, .choices = "one|next|link|page|offset|cursor", .required = true,
     .help = "one answer; next: a link in the body; link: the header Link, rel=next; page: {page} "
             "counts pages; offset: {offset} counts records; cursor: {cursor} from the body."},
    {"next", KEY_POINTER, SHAPE_ONE | SHAPE_LIST, .most = 4, .with = "next|cursor",
     .required = true, .help = "Where the link or the cursor stands, tried in turn; null, \"\" or absent: the last page."},
    {"size", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 100000, .fallback = "100",
     .help = "Records a page, {size}; a source's page_size may say otherwise.", .aside = true},
    {"smallest", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 100000,
     .help = "A page that takes too long is asked for in halves, down to this size.", .aside = true},
    {"first", KEY_INTEGER, SHAPE_ONE, .least = 0, .most = 1, .with = "page|offset",
     .help = "Number of the first page (1) or offset of the first record (0)."},
    {"overlap", KEY_INTEGER, SHAPE_ONE, .least = 0, .most = 1000, .fallback = "0", .with = "offset",
     .help = "A page begins so many records before the end of the one before: in a list by time of "
             "change as many may move to its end between two pages, and none is skipped."},
    {"total", KEY_POINTER, SHAPE_ONE, .with = "page|offset",
     .help = "Where the number of all records stands; absent: an empty page is the last."},
    {"last", KEY_POINTER, SHAPE_ONE, .with = "page|offset",
     .help = "Where the number of the last page stands."},
};

static const struct language_key fault_keys[] = {
    {"kind", KEY_CHOICE, SHAPE_ONE, .choices = "refused|unauthorised|throttled|retry|empty",
     .required = true,
     .help = "refused: a right is missing; unauthorised: the credentials count no more; throttled: "
             "too many requests; retry: asked again; empty: an empty list."},
    {"status", KEY_INTEGER, SHAPE_ONE, .least = 100, .most = 599,
     .help = "Of the answer; absent = any."},
    {"when", KEY_CONDITION, SHAPE_ONE, .help = "Over the body's root; needs a JSON body."},
    {"contains", KEY_TEXT, SHAPE_ONE, .help = "Text in a body that is no JSON."},
    {"message", KEY_VALUE, SHAPE_ONE, .help = "What the operator is told.", .aside = true},
};

static const struct language_key discover_keys[] = {
    {"request", KEY_OWN, SHAPE_OF, .of = "request", .required = true, .help = "Of the list."},
    {"pages", KEY_OWN, SHAPE_OF, .of = "pages", .help = "Its pages; absent = one."},
    {"records", KEY_POINTER, SHAPE_ONE | SHAPE_LIST, .most = 4,
     .help = "Where the courses stand in the body, tried in turn; absent = the root."},
    {"id", KEY_VALUE, SHAPE_ONE, .required = true, .help = "Of a course: what {course} will be."},
    {"name", KEY_VALUE, SHAPE_ONE, .help = "Of a course, for people."},
};

static const struct language_key stream_keys[] = {
    {"for_each", KEY_CHOICE, SHAPE_ONE | SHAPE_OF, .of = "for_each", .choices = "once|course",
     .fallback = "once",
     .help = "once for the source; for every configured course, {course}; or a mapping: for every "
             "learner "
             "or row of another stream, or every listed person."},
    {"instead_of", KEY_NAME, SHAPE_ONE,
     .help = "Asked only where the platform was found not to show that other stream."},
    {"only_if", KEY_CONDITION,
     SHAPE_ONE, .help = "Over the source's options ({known: option.NAME}); the stream exists only where it holds."},
    {"request", KEY_OWN, SHAPE_OF, .of = "request", .required = true, .help = "What is asked."},
    {"pages", KEY_OWN, SHAPE_OF, .of = "pages",
     .help = "How the rest is asked for; absent = one page."},
    {"size_key", KEY_NAME, SHAPE_ONE,
     .help = "The key within a source's page_size that counts for this stream; absent = its name.",
     .aside = true},
    {"records", KEY_POINTER, SHAPE_ONE | SHAPE_LIST, .most = 4,
     .help =
         "Where the records stand in the body, tried in turn: an array, or one record; absent = "
         "the root."},
    {"record", KEY_POINTER, SHAPE_ONE,
     .help = "Where the one record stands, in answers that hold one; instead of `records`."},
    {"each", KEY_POINTER, SHAPE_ONE,
     .help =
         "An array in the record whose elements are the records proper; ^/… reaches what encloses "
         "them."},
    {"absent", KEY_INTEGER, SHAPE_LIST, .least = 100, .most = 599,
     .help = "Statuses by which the platform says that it does not show this: no error, no mark. A "
             "fault `refused` counts as 403."},
    {"empty", KEY_INTEGER, SHAPE_LIST, .least = 100, .most = 599,
     .help = "Statuses that mean an empty list."},
    {"empty_is_evidence", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "Such a status says of a learner that was asked about that there is nothing."},
    {"rows_may_lack", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "The platform leaves rows out silently: a page in the middle may be empty."},
    {"conditional", KEY_BOOLEAN, SHAPE_ONE, .fallback = "true",
     .help = "Ask whether a list has changed at all, where its answer carries ETag or "
             "Last-Modified; false where these do not follow the content."},
    {"every", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 31 * 86400e3, .fallback = "5m",
     .help = "How often all of it is asked.", .aside = true},
    {"every_key", KEY_NAME, SHAPE_ONE, .fallback = "sweep_every",
     .help = "The source's key that says otherwise for this stream.", .aside = true},
    {"head", KEY_OWN, SHAPE_OF, .of = "head",
     .help = "Look at the newest records often, at all of them in `every`.", .aside = true},
    {"window", KEY_OWN, SHAPE_OF, .of = "window",
     .help = "Ask only for what is newer than what was seen."},
    {"on_vanish", KEY_CHOICE, SHAPE_ONE, .choices = "remove|keep|lookup",
     .help =
         "What it means that a record is no longer there: remove it; keep it, absence says "
         "nothing; "
         "lookup: it counts only when the platform was asked for this one. Required with events."},
    {"confirmations", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 10, .fallback = "2",
     .help = "Complete sweeps that must miss a record before it is removed.", .aside = true},
    {"hold", KEY_OWN, SHAPE_OF, .of = "hold", .help = "When removals wait for a person's decision.",
     .aside = true},
    {"note", KEY_TEXT, SHAPE_ONE,
     .help = "What `status` says where the platform does not show this.", .aside = true},
    {"note_vi", KEY_TEXT, SHAPE_ONE,
     .help = "The same in Vietnamese, for `status --lang vi`; default: the English one.",
     .aside = true},
    {"remember", KEY_OWN, SHAPE_OF, .of = "remember",
     .help = "Keep rows in memory for streams that look them up."},
    {"look_up", KEY_OWN, SHAPE_MAP_OF, .of = "look_up", .most = 4,
     .help = "Remembered streams whose row belongs to a record here; {STREAM.FIELD} in templates."},
    {"learner", KEY_OWN, SHAPE_OF, .of = "learner", .help = "Whom a record is about."},
    {"course", KEY_VALUE, SHAPE_ONE,
     .help =
         "Course of a record; absent = the one that was asked for. Records of courses that are not "
         "configured are skipped."},
    {"skip", KEY_CONDITION,
     SHAPE_ONE, .help = "Where it holds the record says nothing; with `learner` only, it does not keep a row from being remembered."},
    {"expect", KEY_OWN, SHAPE_LIST_OF, .of = "expectation", .least = 1, .most = 16,
     .help = "What must hold of every record that is not skipped; else it is rejected."},
    {"events", KEY_OWN, SHAPE_LIST_OF, .of = "event", .least = 1, .most = 12,
     .help = "What a record says."},
};

static const struct language_key for_each_keys[] = {
    {"learner_of", KEY_NAME, SHAPE_ONE | SHAPE_LIST, .least = 1,
     .most = 4, .help = "Every learner of the records of this stream, or of several: {learner}, or {learners} with `batch`."},
    {"rows_of", KEY_NAME, SHAPE_ONE,
     .help = "Every row that this stream remembers, of the same course: {STREAM.FIELD}."},
    {"listed", KEY_CHOICE, SHAPE_ONE, .choices = "email",
     .help =
         "Every listed person not yet found on the platform: {email}, or {emails} with `batch`."},
    {"when", KEY_CONDITION, SHAPE_ONE,
     .help = "With learner_of: over that stream's record; absent = every one."},
    {"take", KEY_VALUE, SHAPE_MAP, .least = 1, .most = 4,
     .help = "With learner_of: what is taken along from that stream's record, {parent.NAME}: each "
             "combination is asked about by itself."},
    {"on_change", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "With learner_of: ask only about whose record is new or has changed."},
    {"if_held", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "With learner_of: ask also about whoever this stream has already told something of."},
    {"numbered", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "With learner_of and `on_vanish: lookup`: an answer lists all that the learner has, "
             "and `key` numbers "
             "them from 1; a number that two answers do not list any more is gone."},
    {"batch", KEY_INTEGER, SHAPE_ONE, .least = 1, .most = 1000, .fallback = "1",
     .help = "Learners or addresses a request.", .aside = true},
};

static const struct language_key head_keys[] = {
    {"every", KEY_DURATION, SHAPE_ONE, .least = 100, .most = 86400e3, .required = true,
     .help = "How often; a source's head_every may say otherwise."},
    {"time", KEY_VALUE, SHAPE_ONE, .required = true,
     .help = "Instant (ISO 8601) by which the platform lists newest first."},
    {"overlap", KEY_DURATION, SHAPE_ONE, .least = 0, .most = 31 * 86400e3, .fallback = "2m",
     .help = "How far behind the newest seen it reads again."},
    {"delay", KEY_DURATION, SHAPE_ONE, .least = 0, .most = 86400e3, .fallback = "5s",
     .help = "How far behind the server's clock what was seen counts as all."},
};

static const struct language_key window_keys[] = {
    {"time", KEY_VALUE, SHAPE_ONE,
     .help = "Instant of a record that {since} compares with; absent: only the clock counts."},
    {"format", KEY_CHOICE, SHAPE_ONE, .choices = "iso|iso_s|iso_ms|unix|unix_ms", .fallback = "iso",
     .help = "How {since} and {until} are written: 2026-11-21T08:15:30.123456Z, the same in whole "
             "seconds or "
             "milliseconds, or seconds or milliseconds since 1970."},
    {"log", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "Several records may tell of one entity. What is read again is then read twice unless "
             "it comes newest first: "
             "once to see which record is an entity's newest, once to tell."},
    {"bound_header", KEY_TEXT, SHAPE_ONE,
     .help = "Header of the answer with an instant that the window never passes."},
    {"overlap", KEY_DURATION, SHAPE_ONE, .least = 0, .most = 31 * 86400e3, .fallback = "5m",
     .help = "How far behind what was seen it reads again.", .aside = true},
    {"delay", KEY_DURATION, SHAPE_ONE, .least = 0, .most = 86400e3, .fallback = "10s",
     .help = "How far it stays behind the server's clock.", .aside = true},
    {"also", KEY_OWN, SHAPE_LIST_OF, .of = "request", .least = 1, .most = 2,
     .help = "Further requests whose records belong to the same window; the whole is asked by "
             "`request` "
             "alone."},
    {"sweep_every", KEY_DURATION, SHAPE_ONE, .least = 0, .most = 366 * 86400e3, .fallback = "0s",
     .help = "How often all of it is asked besides, without {since}; 0s = never.", .aside = true},
};

static const struct language_key hold_keys[] = {
    {"share", KEY_NUMBER, SHAPE_ONE, .least = 0, .most = 1, .fallback = "0.05",
     .help = "A larger share that vanishes at once, or in 24 hours, waits for a decision."},
    {"minimum", KEY_INTEGER, SHAPE_ONE, .least = 0, .most = 1e9, .fallback = "20",
     .help = "Never for fewer records than this."},
    {"empty", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "An empty list where there was somebody always waits."},
};

static const struct language_key remember_keys[] = {
    {"key", KEY_VALUE, SHAPE_ONE, .required = true, .help = "By which a row is found."},
    {"fields", KEY_FIELD, SHAPE_MAP, .least = 1, .most = 8, .required = true,
     .help = "What is kept of it: values, or conditions as \"true\" and \"false\"."},
};

static const struct language_key look_up_keys[] = {
    {"key", KEY_VALUE, SHAPE_ONE, .required = true,
     .help = "Key of the row that belongs to a record."},
    {"required", KEY_BOOLEAN, SHAPE_ONE, .fallback = "false",
     .help = "true: where the platform does not show that stream, this one is not visible either."},
};

static const struct language_key learner_keys[] = {
    {"account", KEY_VALUE, SHAPE_ONE, .required = true,
     .help = "The platform's own stable id of the learner."},
    {"identifiers", KEY_OWN, SHAPE_OF, .of = "identifiers",
     .help = "What connects the account with a roster."},
    {"name", KEY_VALUE, SHAPE_ONE, .help = "Full name; leaves only as a keyed hash."},
};

static const struct language_key expectation_keys[] = {
    {"that", KEY_CONDITION, SHAPE_ONE, .required = true, .help = "What must hold."},
    {"reason", KEY_NAME, SHAPE_ONE, .required = true,
     .help = "Code of the rejection, in lower case with _."},
    {"text", KEY_TEXT, SHAPE_ONE, .help = "What the operator reads; no personal data."},
};

static const struct language_key identifiers_keys[] = {
    {"email", KEY_VALUE, SHAPE_ONE, .help = "E-mail address."},
    {"citizen", KEY_VALUE, SHAPE_ONE, .help = "Citizen number."},
    {"phone", KEY_VALUE, SHAPE_ONE, .help = "Phone number."},
};

const struct language_mapping language_connector[] = {
    MAPPING(connector, .help = "A connector file: how one kind of platform is asked, and what its "
                               "records mean."),
    MAPPING(title, .help = "What people call the platform."),
    MAPPING(option, .help = "A key that a source of this kind has."),
    MAPPING(auth, .chooser = "kind", .help = "How requests are authorised."),
    MAPPING(budget, .help = "What the platform bears."),
    MAPPING(fault, .help =
                       "An error inside an answer. All of `status`, `when` and `contains` that are "
                       "given must fit; at least one is needed."),
    MAPPING(discover, .help = "How the platform lists its courses."),
    MAPPING(request, .help = "One HTTP request: GET, or POST with `form` or `json`."),
    MAPPING(pages, .chooser = "by", .help = "How an answer goes on."),
    MAPPING(stream, .help = "One list that the platform shows, and what its records mean."),
    MAPPING(for_each, .one_of = "learner_of|rows_of|listed",
            .help = "A stream that is driven by another one's records."),
    MAPPING(head, .help = "Head scan: the newest records, often, between complete sweeps."),
    MAPPING(window, .help = "Window: only records that are newer than what was seen."),
    MAPPING(hold, .help = "A guard against a platform that suddenly shows nothing."),
    MAPPING(remember, .help = "Rows that are kept for other streams."),
    MAPPING(look_up, .help = "The row of a remembered stream that belongs to a record."),
    MAPPING(learner, .help = "Whom a record is about. Identifiers leave only as keyed hashes."),
    MAPPING(expectation, .help = "What a record must be like."),
    MAPPING(identifiers, .help = "What connects an account with a roster."),
};
const size_t language_connector_count = ARRAY_LEN(language_connector);
