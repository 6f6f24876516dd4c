/* A dead letter as an operator sees it: a record that ingest rejected, or one that could not be read. Pure. */
#ifndef MOOC_AGGREGATOR_LETTER_H
#define MOOC_AGGREGATOR_LETTER_H

#include "../../common/error.h"
#include "../../common/text_buffer.h"

enum letter_kind {
    LETTER_REJECTED,         /* mooc-ingest says that it could not be mapped */
    LETTER_UNREADABLE_EVENT, /* a record of the events topic, which the archive keeps */
    LETTER_UNREADABLE_REPORT, /* a record of the dead letters' topic: what was rejected is not known */
};

/* Texts belong to whoever made the letter; "" where there is nothing to say, NULL where said so. */
struct letter {
    enum letter_kind kind;
    const char *entity; /* as a uuid */
    const char *topic;
    int64_t partition, offset;
    const char *source, *reason, *label, *advice, *detail, *stream, *wave, *unit, *file, *sheet;
    int64_t row;
    const char *since; /* when mooc-ingest saw it, local; NULL of unreadable ones */
    const char *dropped_at, *dropped_by, *dropped_for; /* NULL: not set aside */
};

#define LETTER_TOPIC 250 /* Kafka allows 249 characters */
/* How an operator names a letter: its entity, or TOPIC/PARTITION/OFFSET. */
struct letter_name {
    char entity[40];          /* "" when it is named by its place */
    char topic[LETTER_TOPIC]; /* "" when it is named by its entity */
    int64_t partition, offset;
};
/* ERROR_USAGE when text is neither. */
bool letter_name_parse(const char *text, struct letter_name *name, struct error *err) MUST_CHECK;

/* What the archive holds of a letter's record. */
struct letter_record {
    bool asked;        /* false: it is of no topic that is archived */
    bool found;        /* has a row */
    bool kept;         /* and the row a value; the value of an erased person's record is gone */
    char *value;       /* caller's */
    size_t length;     /* 0 with a value: an empty one */
    char log_time[32]; /* local; "" */
};

enum letter_verdict {
    VERDICT_ASK_INGEST,       /* its own service reads or fetches it again */
    VERDICT_READABLE,         /* this program can read it now */
    VERDICT_READABLE_UNKNOWN, /* likewise, but its type is one that this program skips */
    VERDICT_UNREADABLE,       /* still not */
    VERDICT_GONE,             /* nothing is kept of it here */
};
const char *letter_verdict_name(enum letter_verdict verdict); /* for programs: "readable" */
/* What would become of the letter if everything were counted anew with this program; why gets it in words. Decodes the record. */
enum letter_verdict letter_judge(const struct letter *letter, const struct letter_record *record,
                                 bool vietnamese, struct text_buffer *why);

/* Bytes for a terminal: printable ASCII as it is, "\\" doubled, everything else as \xNN. */
void letter_escape(const char *bytes, size_t length, struct text_buffer *out);
/* A text that anybody may have written, for a terminal: valid UTF-8 stays, control characters become \xNN. */
void letter_put_text(const char *text, struct text_buffer *out);
/* One word of a shell's command line, quoted where it must be. */
void letter_quote_word(const char *word, struct text_buffer *out);

#endif
