#include "groups.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

static bool is_it(const struct group_count *g, const char *unit, const char *group)
{
    return strcmp(g->unit, unit) == 0 && strcmp(g->group, group) == 0;
}

/* Lists are in the order of their groups: mostly it is the one before. */
static size_t place_of(struct group_counts *groups, const char *unit, const char *group)
{
    if (groups->last < groups->count && is_it(&groups->items[groups->last], unit, group))
        return groups->last;
    size_t seen = groups->count;
    for (size_t i = 0; i < groups->count; i++) {
        if (strcmp(groups->items[i].unit, unit) != 0)
            continue;
        if (strcmp(groups->items[i].group, group) == 0)
            return i;
        seen = groups->items[i].seen;
    }
    groups->items =
        array_room(groups->items, groups->count, &groups->capacity, sizeof(*groups->items));
    groups->items[groups->count] = (struct group_count){.unit = unit, .group = group, .seen = seen};
    return groups->count++;
}

void groups_add(struct group_counts *groups, const char *unit, const char *group,
                enum follow_up_status status)
{
    groups->last = place_of(groups, unit, group);
    groups->items[groups->last].persons++;
    groups->items[groups->last].by_status[status]++;
}

int groups_compare(const char *a, const char *b)
{
    if ((a[0] == '\0') != (b[0] == '\0'))
        return a[0] == '\0' ? 1 : -1;
    bool a_numbered = isdigit((unsigned char)a[0]), b_numbered = isdigit((unsigned char)b[0]);
    if (a_numbered != b_numbered)
        return a_numbered ? -1 : 1;
    long x = strtol(a, NULL, 10), y = strtol(b, NULL, 10);
    return a_numbered && x != y ? (x < y ? -1 : 1) : strcmp(a, b);
}

static int compare(const void *a, const void *b)
{
    const struct group_count *x = a, *y = b;
    if (x->seen != y->seen)
        return x->seen < y->seen ? -1 : 1;
    return groups_compare(x->group, y->group);
}

void groups_sort(struct group_counts *groups)
{
    if (groups->count)
        qsort(groups->items, groups->count, sizeof(*groups->items), compare);
}

struct group_count groups_total(const struct group_counts *groups)
{
    struct group_count total = {.unit = "", .group = ""};
    for (size_t i = 0; i < groups->count; i++) {
        total.persons += groups->items[i].persons;
        for (int s = 0; s < FOLLOW_UP_STATUSES; s++)
            total.by_status[s] += groups->items[i].by_status[s];
    }
    return total;
}

void groups_release(struct group_counts *groups)
{
    free(groups->items);
    *groups = (struct group_counts){0};
}
