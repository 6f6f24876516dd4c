/* The connector language as ONE table: every mapping that a connector file, or the configuration of a source, may hold, with its
 * keys. What is made from it: the check of a file (here), the JSON Schema (language_schema.h) and the reference page
 * (language_reference.h). Pure. */
#ifndef MOOC_CONNECTOR_LANGUAGE_H
#define MOOC_CONNECTOR_LANGUAGE_H

#include "../../common/crypto.h"
#include "../../common/error.h"
#include "../../common/yaml.h"

enum key_kind {
    KEY_TEXT,
    KEY_NAME,      /* lower-case letters, digits, "_" and "-"; begins with a letter; at most 63 */
    KEY_LITERAL,   /* text, number or boolean, taken as text */
    KEY_NUMBER,    /* within [least, most] */
    KEY_INTEGER,   /* the same, whole */
    KEY_DURATION,  /* "250ms", "10s", "5m", "1h", "7d"; bounds in ms */
    KEY_BOOLEAN,   /* true, false, yes, no */
    KEY_CHOICE,    /* one of `choices` */
    KEY_POINTER,   /* JSON pointer; "" is the root; with "^" in front where a record is enclosed */
    KEY_REGEX,     /* POSIX extended */
    KEY_ZONE,      /* UTC, Asia/Ho_Chi_Minh, +07:00 */
    KEY_VALUE,     /* value.h: pointer, template, or mapping `value` */
    KEY_TIME,      /* the same, or mapping `time` */
    KEY_CONDITION, /* a value, or mapping `condition` */
    KEY_FIELD,     /* either */
    KEY_OWN,       /* only the shapes with `of` */
};

/* In which shapes the kind may stand; bits. */
enum key_shape {
    SHAPE_ONE = 1,
    SHAPE_LIST = 2,       /* [X, …] */
    SHAPE_MAP = 4,        /* {name of the author's choice: X, …} */
    SHAPE_MAP_LIST = 256, /* {name: [X, …], …}, besides SHAPE_MAP */
    SHAPE_PAIR = 8,       /* [V, X] */
    SHAPE_PAIR_LIST = 16, /* [V, [X, …]] */
    SHAPE_OF = 32,        /* the mapping `of` */
    SHAPE_LIST_OF = 64,   /* a list of them */
    SHAPE_MAP_OF = 128,   /* {name: mapping `of`} */
};

struct language_key {
    const char *name;
    enum key_kind kind;
    unsigned shapes;
    const char *of;      /* mapping of SHAPE_*OF; NULL */
    const char *choices; /* "a|b|c"; NULL */
    double least,
        most; /* of numbers and durations; of the count for lists and maps; both 0 = unbounded */
    const char *with; /* allowed only where the mapping's chooser has one of these "a|b"; NULL = always */
    bool required;        /* where it is allowed */
    const char *fallback; /* NULL = absent */
    const char *help;
    /* How often, how much at once, by which credentials, what people call it: no event depends on it, so that a file that differs
     * there alone is the same connector (language_meaning). */
    bool aside;
};

struct language_mapping {
    const char *name, *help;
    const struct language_key *keys;
    size_t key_count;
    const char *chooser; /* key whose value says which others may stand here; NULL */
    const char *one_of; /* "a|b": exactly one of these must stand here; "*" = exactly one key; NULL */
};

/* All mappings, in the order of the reference page: NULL behind the last. */
const struct language_mapping *language_at(size_t index);
const struct language_mapping *language_mapping(const char *name); /* NULL if there is none */
/* Is it of the service's configuration, not of connector files? */
bool language_of_sources(const struct language_mapping *mapping);
const struct language_key *language_key(const struct language_mapping *mapping, const char *name);
/* Is name one of "a|b|c"? */
bool language_among(const char *choices, const char *name);
/* May the key stand where the chooser has this value (NULL = not given)? */
bool language_key_fits(const struct language_key *key, const char *chosen);

/* Checks node against the mapping and all that it holds. `more` (NULL-terminated, may be NULL) are further keys of the outermost
 * mapping: a connector's options in a source. False with ERROR_CONFIG "FILE:LINE: where: what". */
bool language_check(const struct yaml *doc, const struct yaml_node *node, const char *mapping,
                    const char *const *more, struct error *err) MUST_CHECK;

/* A hash of what a checked node says, less what is aside, however it is laid out: the same with other comments, quotes and spaces,
 * and with the keys of a mapping in another order. */
struct key128 language_meaning(const struct yaml_node *node, const char *mapping);

/* How the kinds are written, for whoever reads what was checked: false if text is none. */
bool language_number(const char *text, double *number) MUST_CHECK;
bool language_name(const char *text) MUST_CHECK;
bool language_pointer(const char *text) MUST_CHECK;
bool language_zone(const char *text) MUST_CHECK;
/* Is the mapping a value in full, not a condition? */
bool language_is_value(const struct yaml_node *node) MUST_CHECK;

#endif
