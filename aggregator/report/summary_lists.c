#include "summary_lists.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

#define MOST_NAMES 12 /* a longer enumeration nobody reads: the appendix has all */

bool summary_is(const struct summary_unit *unit, enum summary_class unit_class,
                enum summary_share share)
{
    bool whole = unit->participated >= unit->registered;
    return summary_class_of(unit->kind) == unit_class &&
           (share == SHARE_ANY || whole == (share == SHARE_WHOLE));
}

size_t summary_units(const struct summary_figures *figures, enum summary_class unit_class,
                     enum summary_share share)
{
    size_t count = 0;
    for (size_t i = 0; i < figures->unit_count; i++)
        count += summary_is(&figures->units[i], unit_class, share);
    return count;
}

static bool of_kind(const struct summary_unit *unit, const char *kinds)
{
    const char *kind = unit->kind != NULL ? unit->kind : "";
    const char *found = strstr(kinds, kind);
    size_t length = strlen(kind);
    return found != NULL && length > 0 && (found == kinds || found[-1] == ' ') &&
           (found[length] == ' ' || found[length] == '\0');
}

static size_t count_of(const struct summary_figures *figures, const char *kinds)
{
    size_t count = 0;
    for (size_t i = 0; i < figures->unit_count; i++)
        count += of_kind(&figures->units[i], kinds);
    return count;
}

static void add_sender(struct report *report, struct text_buffer *text, size_t count,
                       const char *words)
{
    if (count > 0)
        text_buffer_add_format(text, "%s%s %s", text->length > 0 ? ", " : "",
                               summary_count(report, (int64_t)count), words);
}

const char *summary_senders(struct report *report, const struct summary_figures *figures)
{
    static const struct {
        const char *kinds, *vi, *one, *more;
    } words[] = {{"so nganh", "sở, ngành", "department or agency", "departments and agencies"},
                 {"doan_the", "đoàn thể", "mass organisation", "mass organisations"},
                 {"huyen", "UBND các huyện, thành phố", "district or city", "districts and cities"},
                 {"xa", "UBND các xã, phường, thị trấn", "commune, ward or township",
                  "communes, wards and townships"},
                 {"thon", "thôn, tổ dân phố", "village", "villages"},
                 {"truong", "trường", "school", "schools"}};
    struct text_buffer text = {0};
    size_t known = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t count = count_of(figures, words[i].kinds);
        add_sender(report, &text, count,
                   SAY_COUNT(report, count, words[i].vi, words[i].one, words[i].more));
        known += count;
    }
    size_t others = figures->unit_count - known;
    add_sender(report, &text, others,
               known > 0 ? SAY_COUNT(report, others, "đơn vị khác", "other unit", "other units")
                         : SAY_COUNT(report, others, "đơn vị", "unit", "units"));
    return summary_keep(report, &text);
}

static bool all_districts(const struct summary_figures *figures, enum summary_share share)
{
    for (size_t i = 0; i < figures->unit_count; i++) {
        const struct summary_unit *unit = &figures->units[i];
        if (summary_is(unit, CLASS_LOCALITY, share) && strncmp(unit->name, "Huyện ", 7) != 0)
            return false;
    }
    return true;
}

const char *summary_kinds(struct report *report, const struct summary_figures *figures,
                          enum summary_class unit_class, enum summary_share share, size_t count)
{
    static const struct {
        const char *kinds, *vi, *one, *more;
    } words[] = {{"so", "sở", "department", "departments"},
                 {"nganh", "ngành", "agency", "agencies"},
                 {"doan_the", "đoàn thể", "mass organisation", "mass organisations"},
                 {"truong", "trường", "school", "schools"}};
    if (unit_class == CLASS_LOCALITY)
        return all_districts(figures, share)
                   ? SAY_COUNT(report, count, "huyện", "district", "districts")
                   : SAY_COUNT(report, count, "địa phương", "locality", "localities");
    struct text_buffer text = {0};
    bool other = false;
    for (size_t k = 0; k <= ARRAY_LEN(words); k++) {
        bool any = false;
        for (size_t i = 0; i < figures->unit_count && k < ARRAY_LEN(words); i++)
            any = any || (summary_is(&figures->units[i], unit_class, share) &&
                          of_kind(&figures->units[i], words[k].kinds));
        if (any)
            text_buffer_add_format(&text, "%s%s", text.length > 0 ? ", " : "",
                                   SAY_COUNT(report, count, words[k].vi, words[k].one, words[k].more));
    }
    for (size_t i = 0; i < figures->unit_count; i++)
        other = other || (summary_is(&figures->units[i], unit_class, share) &&
                          !of_kind(&figures->units[i], "so nganh doan_the truong"));
    if (other)
        text_buffer_add_format(&text, "%s%s", text.length > 0 ? ", " : "",
                               SAY_COUNT(report, count, "đơn vị", "unit", "units"));
    return summary_keep(report, &text);
}

const char *summary_whole_localities(struct report *report, const struct summary_figures *figures)
{
    struct text_buffer text = {0};
    if (summary_units(figures, CLASS_LOCALITY, SHARE_WHOLE) > MOST_NAMES)
        return "";
    for (int city = 0; city <= 1; city++) {
        for (size_t i = 0; i < figures->unit_count; i++) {
            const struct summary_unit *unit = &figures->units[i];
            if (!summary_is(unit, CLASS_LOCALITY, SHARE_WHOLE) ||
                (strncmp(unit->name, "Thành phố ", strlen("Thành phố ")) == 0) != (city == 1))
                continue;
            text_buffer_add_format(&text, "%s%s", text.length > 0 ? ", " : "",
                                   summary_name(report, figures, unit, false));
        }
    }
    return summary_keep(report, &text);
}

/* By rate, then by size; exact: the products of two counts of people fit. */
static int compare_rates(const void *a, const void *b)
{
    const struct summary_unit *x = *(const struct summary_unit *const *)a;
    const struct summary_unit *y = *(const struct summary_unit *const *)b;
    int64_t left = x->participated * y->registered, right = y->participated * x->registered;
    if (left != right)
        return left < right ? -1 : 1;
    return x->registered != y->registered ? (x->registered > y->registered ? -1 : 1)
                                          : strcmp(x->code, y->code);
}

static int compare_sizes(const void *a, const void *b)
{
    const struct summary_unit *x = *(const struct summary_unit *const *)a;
    const struct summary_unit *y = *(const struct summary_unit *const *)b;
    return x->registered != y->registered ? (x->registered > y->registered ? -1 : 1)
                                          : strcmp(x->code, y->code);
}

/* The units of a class in an order; freed by the caller. */
static const struct summary_unit **sorted(const struct summary_figures *figures,
                                          enum summary_class unit_class, enum summary_share share,
                                          int (*compare)(const void *, const void *), size_t *count)
{
    const struct summary_unit **list = must_have(calloc(figures->unit_count + 1, sizeof(*list)));
    *count = 0;
    for (size_t i = 0; i < figures->unit_count; i++) {
        if (summary_is(&figures->units[i], unit_class, share))
            list[(*count)++] = &figures->units[i];
    }
    qsort(list, *count, sizeof(*list), compare);
    return list;
}

const char *summary_lowest(struct report *report, const struct summary_figures *figures,
                           enum summary_class unit_class, size_t most, size_t *listed)
{
    struct text_buffer text = {0};
    size_t count;
    const struct summary_unit **list = sorted(figures, unit_class, SHARE_PART, compare_rates, &count);
    *listed = count < most ? count : most;
    for (size_t i = 0; i < *listed; i++)
        text_buffer_add_format(
            &text, "%s%s (%s)", i > 0 ? ", " : "", summary_name(report, figures, list[i], false),
            summary_rate(report, list[i]->participated, list[i]->registered, false));
    free(list);
    return summary_keep(report, &text);
}

/* The kind is said before the first of several of one kind. */
static bool says_kind(const struct summary_unit *const *list, size_t at)
{
    return at == 0 || strncmp(list[at]->name, list[at - 1]->name, strlen("Huy")) != 0;
}

static void add_largest(struct report *report, const struct summary_figures *figures,
                        enum summary_class unit_class, size_t most, struct text_buffer *text)
{
    size_t count;
    const struct summary_unit **list = sorted(figures, unit_class, SHARE_ANY, compare_sizes, &count);
    for (size_t i = 0; i < count && i < most; i++)
        text_buffer_add_format(text, "%s%s (%s)", text->length > 0 ? ", " : "",
                               summary_name(report, figures, list[i], says_kind(list, i)),
                               summary_count(report, list[i]->registered));
    free(list);
}

const char *summary_largest(struct report *report, const struct summary_figures *figures,
                            size_t departments, size_t localities)
{
    struct text_buffer text = {0};
    add_largest(report, figures, CLASS_DEPARTMENT, departments, &text);
    add_largest(report, figures, CLASS_LOCALITY, localities, &text);
    return summary_keep(report, &text);
}

/* "Tổ 17", "các Tổ 26, 27, 30": groups first to end of one unit and, if asked, one printed rate. */
static void add_groups(struct report *report, const struct summary_figures *figures, size_t first,
                       size_t end, struct text_buffer *text)
{
    const char *several = SAY(report, "các Tổ ", "groups "), *two = SAY(report, "Tổ ", "groups ");
    size_t count = end - first;
    if (isdigit((unsigned char)figures->groups[first].name[0]))
        text_buffer_add_text(text, count > 2   ? several
                                   : count > 1 ? two
                                               : SAY(report, "Tổ ", "group "));
    for (size_t i = first; i < end; i++)
        text_buffer_add_format(text, "%s%s", i > first ? ", " : "", figures->groups[i].name);
}

/* Where the groups of one unit end that are empty, from first on: they are its first ones. */
static size_t empty_end(const struct summary_figures *figures, size_t first)
{
    size_t end = first;
    while (end < figures->group_count && figures->groups[end].unit == figures->groups[first].unit &&
           figures->groups[end].participated == 0)
        end++;
    return end;
}

static size_t unit_end(const struct summary_figures *figures, size_t first)
{
    size_t end = first;
    while (end < figures->group_count && figures->groups[end].unit == figures->groups[first].unit)
        end++;
    return end;
}

const char *summary_empty_groups(struct report *report, const struct summary_figures *figures)
{
    struct text_buffer text = {0};
    for (int c = 0; c < CLASS_COUNT; c++) {
        for (size_t at = 0; at < figures->group_count; at = unit_end(figures, at)) {
            const struct summary_unit *unit = &figures->units[figures->groups[at].unit];
            size_t end = empty_end(figures, at);
            if (end == at || summary_class_of(unit->kind) != (enum summary_class)c)
                continue;
            text_buffer_add_text(&text, text.length > 0 ? "; " : "");
            add_groups(report, figures, at, end, &text);
            text_buffer_add_format(&text, " %s %s",
                                   c == CLASS_DEPARTMENT ? SAY(report, "thuộc", "of")
                                                         : SAY(report, "của", "of"),
                                   summary_name(report, figures, unit, true));
        }
    }
    return summary_keep(report, &text);
}

static bool is_low(const struct summary_figures *figures, size_t at)
{
    const struct summary_group *group = &figures->groups[at];
    return group->participated * 100 < group->registered * figures->below;
}

/* Groups of one unit that print the same rate stand together. */
static size_t same_rate_end(struct report *report, const struct summary_figures *figures,
                            size_t first, size_t end)
{
    const struct summary_group *g = figures->groups;
    const char *rate = summary_rate(report, g[first].participated, g[first].registered, true);
    size_t at = first + 1;
    while (at < end &&
           strcmp(rate, summary_rate(report, g[at].participated, g[at].registered, true)) == 0)
        at++;
    return at;
}

static void add_low_groups(struct report *report, const struct summary_figures *figures,
                           size_t first, size_t end, struct text_buffer *text)
{
    for (size_t at = first, next; at < end; at = next) {
        const struct summary_group *group = &figures->groups[at];
        next = same_rate_end(report, figures, at, end);
        text_buffer_add_text(text, at > first ? ", " : "");
        add_groups(report, figures, at, next, text);
        text_buffer_add_format(text, " (%s%s)",
                               next - at > 1 ? SAY(report, "cùng đạt ", "each ") : "",
                               summary_rate(report, group->participated, group->registered, true));
    }
}

const char *summary_low_groups(struct report *report, const struct summary_figures *figures)
{
    struct text_buffer text = {0};
    for (int c = 0; c < CLASS_COUNT; c++) {
        for (size_t at = 0; at < figures->group_count; at = unit_end(figures, at)) {
            const struct summary_unit *unit = &figures->units[figures->groups[at].unit];
            size_t end = at, last = unit_end(figures, at);
            while (end < last && is_low(figures, end))
                end++;
            if (end == at || summary_class_of(unit->kind) != (enum summary_class)c)
                continue;
            text_buffer_add_format(&text, "%s%s: ", text.length > 0 ? "; " : "",
                                   summary_name(report, figures, unit, true));
            add_low_groups(report, figures, at, end, &text);
        }
    }
    return summary_keep(report, &text);
}
