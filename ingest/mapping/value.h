/* Values and conditions of the connector language: what a connector file says of a record, compiled once and evaluated for each
 * record. Pure: no I/O, no clock.
 *
 * A value is written as
 *   /user/name            JSON pointer (RFC 6901) into the record; keeps its JSON type
 *   ^/userid              the same into the record that encloses it (where a stream splits records by `each`)
 *   text {name} {/user}   a template: names of the stream's scope and pointers in braces; "{{" and "}}" are braces, as is a
 *                         lone "}". Absent in any part = absent as a whole
 *   a mapping with one of
 *     value: V
 *     first: [V…]         the first of several that is there
 *     count: {of: POINTER, where: C}           how many elements an array has (for which C holds); absent where there is no array
 *     pick: {of: POINTER, where: C, value: V}  a value of the first element for which C holds
 *                         in both, pointers start at the element and ^/ at the record
 *   and, in this order, what is done with it:
 *     when: C             absent where C does not hold, or cannot be told
 *     match: REGEX        POSIX extended, without back-references; the first group, or the whole match; absent where it does not
 *                         match, as no text of more than 4,096 bytes does
 *     map: {a: x, "*": y} exact texts (numbers and booleans by their JSON text); absent where nothing fits
 *     divide: V           a number divided by this one; absent where that is 0 or absent
 *     scale: 0.01         a number times this
 *     default: TEXT       where it is absent
 * JSON null and "" (after trimming) count as absent. Numbers keep the digits they were sent with.
 *
 * A condition is written as a value that must be a JSON boolean (absent or another type: the record is malformed; of a template:
 * the text true or false), or
 *   {is: [V, literal]} {in: [V, [literals]]} {same: [V, V]} {exists: V} {above|at_least|below|at_most: [V, V|number]}
 *   {present: POINTER}    the member is there, be it null
 *   {matches: [V, REGEX]} {all: [C…]} {any: [C…]} {not: C}
 *   {some: {of: POINTER, where: C}}   an element of the array for which C holds; inside, pointers start at the element and ^/ at the
 *                                     record. No array there: malformed
 *   {known: NAME}         the scope has a text under this name (a remembered table was read, a field of its row is there, an option
 *                         is set)
 * A literal is a text, or a template; JSON numbers and booleans equal it by their JSON text, but true and false written without
 * quotes equal no JSON string. `same` compares as people read: cleaned, NFC. Comparisons with what is absent do not hold; with
 * what is there and no number the record is malformed. */
#ifndef MOOC_CONNECTOR_VALUE_H
#define MOOC_CONNECTOR_VALUE_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../../common/json.h"
#include "../../common/text_buffer.h"
#include "../../common/yaml.h"

/* The names that templates and `known` may use, fixed when a value is compiled; their texts are given at each evaluation. */
struct name_list {
    size_t count;
    const char *const *items; /* "course", "option.pass_share", "gradebook.attempted" */
    /* Bit i: the text of name i is given escaped already for where it goes (lists whose commas stay commas). */
    uint64_t given_escaped;
    uint64_t secret; /* Bit i: name i has no text where this is evaluated, for nobody is to see it */
};

struct scope {
    const struct json *record;    /* NULL: pointers are absent */
    const struct json *enclosing; /* NULL: as above */
    const char *const *texts;     /* of the names, same order; NULL = absent */
};

struct value;
struct condition;

/* NULL with ERROR_CONFIG "FILE:LINE: …" naming what is wrong and the nearest name. The names must outlive nothing. */
struct value *value_compile(const struct yaml *doc, const struct yaml_node *node,
                            const struct name_list *names, struct error *err);
void value_free(struct value *value);
struct condition *condition_compile(const struct yaml *doc, const struct yaml_node *node,
                                    const struct name_list *names, struct error *err);
void condition_free(struct condition *condition);

/* A template even where it begins with / (the path of a request, the JSON body): a scalar without pointers' meaning of it. */
struct value *value_of_template(const struct yaml *doc, const struct yaml_node *node,
                                const struct name_list *names, struct error *err);

/* The text of it (numbers by their digits, booleans as true/false), or NULL where it is absent. Lives in the record, the scope or in
 * *room (appended; positions may move with the next call that appends, so copy it or take one at a time). An object or array is
 * absent. */
const char *value_text(const struct value *value, const struct scope *scope,
                       struct text_buffer *room);

/* The same with everything that is not literal in a template (or all of a value that is none) escaped for where it goes: VALUE_URL
 * percent-encodes, VALUE_JSON escapes as inside a JSON string. Always lives in *room. */
enum value_escape { VALUE_URL, VALUE_JSON };
const char *value_text_escaped(const struct value *value, const struct scope *scope,
                               enum value_escape escape, struct text_buffer *room);

enum value_number { VALUE_ABSENT, VALUE_NUMBER, VALUE_MALFORMED };
/* A finite JSON number, or a text that is one ("8", "8.5"; with decimal comma too). */
enum value_number value_number(const struct value *value, const struct scope *scope, double *out);

enum condition_chance { CONDITION_NEVER, CONDITION_MAYBE, CONDITION_ALWAYS };

/* Whether it can hold of some record, where these texts (by name, NULL = not known) are all that is known. */
enum condition_chance condition_chance(const struct condition *condition, const char *const *texts);

/* False with ERROR_DATA "reason_code: …" when the record does not have the shape that the condition needs. */
bool condition_holds(const struct condition *condition, const struct scope *scope, bool *holds,
                     struct error *err) MUST_CHECK;

#endif
