#include "link_header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/allocate.h"

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* A parameter's value, a token or a quoted string, into *value (malloc'ed, unescaped). NULL at a quote without end. */
static const char *take_value(const char *at, char **value)
{
    if (*at != '"') {
        size_t length = strcspn(at, " \t;,");
        *value = must_have(strndup(at, length));
        return at + length;
    }
    size_t length = 0;
    char *out = must_have(malloc(strlen(at)));
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1])
            at++;
        out[length++] = *at;
    }
    out[length] = '\0';
    *value = out;
    if (*at == '"')
        return at + 1;
    free(out);
    *value = NULL;
    return NULL;
}

/* Is the relation one of those in "prev next"? */
static bool names(const char *relations, const char *relation)
{
    size_t length = strlen(relation);
    for (const char *at = relations + strspn(relations, " \t"); *at; at += strspn(at, " \t")) {
        size_t n = strcspn(at, " \t");
        if (n == length && strncasecmp(at, relation, n) == 0)
            return true;
        at += n;
    }
    return false;
}

struct parameters {
    bool has_relation, is_wanted, has_anchor;
};

/* One ";name=value" from behind the semicolon. Of several rel only the first counts (RFC 8288 §3.3). */
static const char *take_parameter(const char *at, const char *relation, struct parameters *seen)
{
    at = skip_blanks(at);
    const char *name = at;
    size_t length = strcspn(at, " \t=;,");
    char *value = NULL;
    at = skip_blanks(at + length);
    if (*at == '=' && !(at = take_value(skip_blanks(at + 1), &value)))
        return NULL;
    if (length == 3 && strncasecmp(name, "rel", 3) == 0 && !seen->has_relation) {
        seen->has_relation = true;
        seen->is_wanted = value && names(value, relation);
    }
    seen->has_anchor |= length == 6 && strncasecmp(name, "anchor", 6) == 0;
    free(value);
    return skip_blanks(at);
}

char *link_header_find(const char *value, const char *relation)
{
    for (const char *at = value + strspn(value, " \t,"); *at == '<'; at += strspn(at, " \t,")) {
        const char *target = at + 1, *end = strchr(target, '>');
        if (!end)
            return NULL;
        struct parameters seen = {.has_anchor = false};
        at = skip_blanks(end + 1);
        while (at && *at == ';')
            at = take_parameter(at + 1, relation, &seen);
        if (!at || (*at && *at != ','))
            return NULL;
        if (seen.is_wanted && !seen.has_anchor)
            return must_have(strndup(target, (size_t)(end - target)));
    }
    return NULL;
}
