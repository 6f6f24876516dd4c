#include "pattern.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

struct pattern {
    bool plain, from_start, to_end;
    char *text; /* plain: without the anchors */
    size_t length;
    regex_t regex;
};

/* Text without anything special between the anchors? */
static bool take_plain(struct pattern *p, const char *source)
{
    size_t length = strlen(source);
    p->from_start = length > 0 && source[0] == '^';
    if (p->from_start) {
        source++;
        length--;
    }
    p->to_end = length > 0 && source[length - 1] == '$';
    if (p->to_end)
        length--;
    if (length == 0 || strcspn(source, ".[]{}()*+?|^$\\") < length)
        return false;
    p->text = must_have(strndup(source, length));
    p->length = length;
    return true;
}

struct pattern *pattern_compile(const char *source, char *why, size_t size)
{
    /* \1 in a pattern takes time without bound. */
    for (const char *c = strchr(source, '\\'); c && c[1]; c = strchr(c + 2, '\\')) {
        if (c[1] >= '1' && c[1] <= '9') {
            snprintf(why, size, "back-references are not allowed");
            return NULL;
        }
    }
    struct pattern *p = must_have(calloc(1, sizeof *p));
    p->plain = take_plain(p, source);
    int code = p->plain ? 0 : regcomp(&p->regex, source, REG_EXTENDED);
    if (code == 0)
        return p;
    regerror(code, &p->regex, why, size);
    free(p);
    return NULL;
}

void pattern_free(struct pattern *p)
{
    if (!p)
        return;
    if (!p->plain)
        regfree(&p->regex);
    free(p->text);
    free(p);
}

static bool find_plain(const struct pattern *p, const char *text, size_t *begin, size_t *end)
{
    size_t length = strlen(text), at = 0;
    if (length < p->length)
        return false;
    if (p->from_start || p->to_end) {
        at = p->from_start ? 0 : length - p->length;
        if ((p->from_start && p->to_end && length != p->length) ||
            memcmp(text + at, p->text, p->length) != 0)
            return false;
    } else {
        const char *found = strstr(text, p->text);
        if (!found)
            return false;
        at = (size_t)(found - text);
    }
    *begin = at;
    *end = at + p->length;
    return true;
}

bool pattern_find(const struct pattern *p, const char *text, size_t *begin, size_t *end)
{
    if (p->plain && p->from_start && strncmp(text, p->text, p->length) != 0)
        return false; /* the usual case, decided by the first bytes */
    if (strnlen(text, PATTERN_MAX_TEXT + 1) > PATTERN_MAX_TEXT)
        return false;
    if (p->plain)
        return find_plain(p, text, begin, end);
    regmatch_t groups[2];
    if (regexec(&p->regex, text, 2, groups, 0) != 0)
        return false;
    const regmatch_t *found = groups[1].rm_so >= 0 ? &groups[1] : &groups[0];
    *begin = (size_t)found->rm_so;
    *end = (size_t)found->rm_eo;
    return true;
}
