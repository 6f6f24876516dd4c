/* Compiled values and conditions: between value_compile.c and condition_compile.c, which make them, and value.c and condition.c,
 * which evaluate them. */
#ifndef MOOC_CONNECTOR_VALUE_INTERNAL_H
#define MOOC_CONNECTOR_VALUE_INTERNAL_H

#include "pattern.h"
#include "value.h"

#define LABEL_SIZE 48
#define NO_INDEX SIZE_MAX

struct step {
    char *name;
    size_t index; /* of an array; NO_INDEX if the name is none */
};

struct pointer {
    bool enclosing;
    size_t count;
    struct step *steps;
};

enum piece_kind { PIECE_TEXT, PIECE_NAME, PIECE_POINTER };

struct piece {
    enum piece_kind kind;
    char *text;
    size_t name;
    bool given_escaped;
    struct pointer pointer;
};

/* What a text or a JSON scalar is compared with. */
struct literal {
    char *text;
    bool boolean; /* true or false without quotes: a JSON string is not equal to it */
    bool number;  /* the text is what a JSON number prints as */
    double value;
};

struct map_entry {
    struct literal from;
    char *to;
};

enum value_kind { VALUE_POINTER, VALUE_TEMPLATE, VALUE_CHOICE };

struct value {
    enum value_kind kind;
    char label[LABEL_SIZE]; /* of the member it reads, as reason codes are written: "is_active" */
    struct pointer pointer;
    size_t piece_count, choice_count;
    struct piece *pieces;
    struct value **choices;
    struct elements *elements; /* instead of choices: `count` or `pick` */
    struct condition *when;
    struct pattern *match;
    size_t map_count;
    struct map_entry *map;
    char *map_other;
    struct value *divisor;
    bool scaled;
    double scale;
    char *fallback;
};

enum condition_kind {
    CONDITION_TRUTH,
    CONDITION_IN, /* `is` too */
    CONDITION_SAME,
    CONDITION_EXISTS,
    CONDITION_PRESENT,
    CONDITION_ABOVE,
    CONDITION_AT_LEAST,
    CONDITION_BELOW,
    CONDITION_AT_MOST,
    CONDITION_MATCHES,
    CONDITION_ALL,
    CONDITION_ANY,
    CONDITION_NOT,
    CONDITION_SOME,
    CONDITION_KNOWN,
};

struct operand {
    struct value *value; /* NULL: the literal */
    struct literal literal;
};

struct condition {
    enum condition_kind kind;
    char label[LABEL_SIZE];
    struct value *left, *right;
    bool right_is_number;
    double right_number;
    size_t operand_count, part_count;
    struct operand *operands;
    struct condition **parts;
    struct pattern *pattern;
    struct pointer pointer;
    size_t name;
};

/* Where something is compiled from. */
struct compiler {
    const struct yaml *doc; /* NULL: no file */
    const struct name_list *names;
    struct error *err;
};

/* Returns false. node NULL or no doc: no place is named. */
bool compile_error(const struct compiler *c, const struct yaml_node *node, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool pointer_parse(const struct compiler *c, const struct yaml_node *node, const char *text,
                   struct pointer *out, char label[LABEL_SIZE]) MUST_CHECK;
void pointer_free(struct pointer *pointer);
bool name_find(const struct compiler *c, const struct yaml_node *node, const char *name,
               size_t *index) MUST_CHECK;
void literal_set(struct literal *literal, const char *text, bool plain);
struct value *value_compile_template(const struct compiler *c, const struct yaml_node *node,
                                     const char *text);
/* The text of a template without names and pointers; NULL for all others. */
const char *value_constant(const struct value *value);
/* more: keys that the caller reads himself, NULL-terminated. */
struct value *value_compile_with(const struct compiler *c, const struct yaml_node *node,
                                 const char *const *more);

/* What a value came to. */
struct found {
    const struct json *node; /* else text, else (in_room) what stands in the room */
    const char *text;
    bool in_room, is_number, malformed;
    size_t at;
    double number;
};

const struct json *pointer_find(const struct pointer *pointer, const struct scope *scope);
bool value_find(const struct value *value, const struct scope *scope, struct text_buffer *room,
                struct found *out);
const char *found_text(const struct found *found, struct text_buffer *room);
enum value_number found_number(const struct found *found, const struct text_buffer *room,
                               double *out);
bool literal_equals(const struct literal *literal, const struct found *found,
                    struct text_buffer *room);
/* value_array.c: out of an array. */
struct elements *elements_compile(const struct compiler *c, const struct yaml_node *node, bool pick);
void elements_free(struct elements *elements);
bool elements_find(const struct elements *elements, const struct scope *scope,
                   struct text_buffer *room, struct found *out);

enum value_number number_parse(const char *text, double *out);

#endif
