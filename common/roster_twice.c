/* The same person on several rows: found and merged without regard to the order of the rows, so that a re-sorted list gives the
 * same result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "text.h"
#include "roster_read.h"

/* One identifier of one row, with what must agree beside it. */
struct mention {
    const char *key; /* unit, folded name, identifier */
    size_t person;
};

struct merger {
    struct roster_list *list;
    struct mention *mentions;
    size_t count, capacity;
    size_t *above; /* union-find */
};

static size_t root_of(struct merger *m, size_t person)
{
    while (m->above[person] != person) {
        m->above[person] = m->above[m->above[person]];
        person = m->above[person];
    }
    return person;
}

static void join(struct merger *m, size_t a, size_t b)
{
    a = root_of(m, a);
    b = root_of(m, b);
    if (a < b)
        m->above[b] = a; /* the earliest row stays on top */
    else
        m->above[a] = b;
}

static void mention(struct merger *m, size_t person, const char *unit, const char *name,
                    const char *kind, const char *identifier)
{
    char key[1024];
    if (m->count == m->capacity) {
        m->capacity = m->capacity == 0 ? 1024 : m->capacity * 2;
        m->mentions = realloc(m->mentions, m->capacity * sizeof(m->mentions[0]));
        if (m->mentions == NULL)
            abort();
    }
    (void)snprintf(key, sizeof(key), "%s\x1f%s\x1f%s\x1f%s", unit, name, kind, identifier);
    m->mentions[m->count++] = (struct mention){arena_text(&m->list->arena, key), person};
}

static int compare_mentions(const void *a, const void *b)
{
    const struct mention *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : (x->person > y->person) - (x->person < y->person);
}

static void mention_all(struct merger *m, size_t person)
{
    const struct roster_person *p = &m->list->persons[person];
    char name[700], unit[300];
    if (p->name[0] == '\0' || !text_fold(p->name, name, sizeof(name)))
        return;
    (void)snprintf(unit, sizeof(unit), "%s%.250s", p->unit != NULL ? p->unit : "?",
                   p->unit != NULL ? "" : p->unit_text);
    if (p->citizen[0] != '\0')
        mention(m, person, unit, name, "citizen", p->citizen);
    for (size_t i = 0; i < p->email_count; i++)
        mention(m, person, unit, name, "email", p->emails[i]);
    if (p->phone[0] != '\0')
        mention(m, person, unit, name, "phone", p->phone);
    if (p->citizen[0] == '\0' && p->email_count == 0 && p->phone[0] == '\0')
        mention(m, person, unit, name, "birth", p->birth_date);
}

/* The order that decides what the merged person is: by content, never by place in the file. */
static int compare_content(const struct roster_person *a, const struct roster_person *b)
{
    if ((a->citizen[0] != '\0') != (b->citizen[0] != '\0'))
        return a->citizen[0] != '\0' ? -1 : 1;
    if (a->email_count != b->email_count)
        return a->email_count > b->email_count ? -1 : 1;
    int order = strcmp(a->content, b->content);
    if (order == 0)
        order = strcmp(a->group, b->group);
    for (size_t i = 0; order == 0 && i < a->audience_count && i < b->audience_count; i++)
        order = strcmp(a->audiences[i], b->audiences[i]);
    if (order == 0 && a->audience_count != b->audience_count)
        order = a->audience_count > b->audience_count ? -1 : 1;
    if (order == 0)
        order = strcmp(a->invited_by, b->invited_by);
    return order;
}

struct member {
    size_t root, person;
    const struct roster_person *data;
};

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
    int order = compare_content(x->data, y->data);
    return order != 0 ? order : (x->person > y->person) - (x->person < y->person);
}

static void add_emails(struct roster_person *to, const struct roster_person *from)
{
    for (size_t i = 0; i < from->email_count; i++) {
        size_t k = 0;
        while (k < to->email_count && strcmp(to->emails[k], from->emails[i]) != 0)
            k++;
        if (k == to->email_count && k < ROSTER_MAX_EMAILS)
            to->emails[to->email_count++] = from->emails[i];
    }
}

/* A person whom two bodies list belongs to the audiences of both. */
static void add_audiences(struct roster_person *to, const struct roster_person *from)
{
    for (size_t i = 0; i < from->audience_count; i++) {
        const char *code = from->audiences[i];
        size_t place = 0;
        while (place < to->audience_count && strcmp(to->audiences[place], code) < 0)
            place++;
        if (to->audience_count == ROSTER_MAX_AUDIENCES ||
            (place < to->audience_count && strcmp(to->audiences[place], code) == 0))
            continue;
        memmove(&to->audiences[place + 1], &to->audiences[place],
                (to->audience_count - place) * sizeof(to->audiences[0]));
        to->audiences[place] = code;
        to->audience_count++;
    }
}

static bool conflicting(const struct member *members, size_t count)
{
    const char *citizen = "";
    for (size_t i = 0; i < count; i++) {
        const char *other = members[i].data->citizen;
        if (other[0] != '\0' && citizen[0] != '\0' && strcmp(citizen, other) != 0)
            return true;
        if (other[0] != '\0')
            citizen = other;
    }
    return false;
}

/* members: rows of one person, best content first. The earliest row (the root) takes what they say together. */
static void merge(struct roster_list *list, const struct member *members, size_t count)
{
    if (count < 2)
        return;
    size_t earliest = members[0].person;
    for (size_t i = 1; i < count; i++)
        earliest = members[i].person < earliest ? members[i].person : earliest;
    struct roster_person merged = *members[0].data;
    unsigned faults = merged.faults;
    for (size_t i = 1; i < count; i++) {
        const struct roster_person *p = members[i].data;
        faults |= p->faults;
        add_emails(&merged, p);
        add_audiences(&merged, p);
        merged.citizen = merged.citizen[0] != '\0' ? merged.citizen : p->citizen;
        merged.phone = merged.phone[0] != '\0' ? merged.phone : p->phone;
        merged.birth_date = merged.birth_date[0] != '\0' ? merged.birth_date : p->birth_date;
        merged.group = merged.group[0] != '\0' ? merged.group : p->group;
        merged.invited_by = merged.invited_by[0] != '\0' ? merged.invited_by : p->invited_by;
    }
    if (merged.email_count > 0)
        faults &= ~(1U << ROSTER_EMAIL_MISSING);
    merged.faults = faults | (1U << ROSTER_LISTED_TWICE);
    merged.sheet = list->persons[earliest].sheet;
    merged.row = list->persons[earliest].row;
    merged.own_content = list->persons[earliest].own_content;
    for (size_t i = 0; i < count; i++) {
        if (members[i].person != earliest)
            list->persons[members[i].person].same_as = earliest;
    }
    list->persons[earliest] = merged;
}

/* Rows that a chain of identifiers joins although citizen numbers in it differ: only rows with one number are one person. */
static void merge_by_citizen(struct roster_list *list, struct member *members, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        const char *citizen = members[from].data->citizen;
        for (to = from + 1; to < count; to++) {
            if (citizen[0] == '\0' || strcmp(members[to].data->citizen, citizen) != 0)
                break;
        }
        merge(list, members + from, to - from);
    }
}

static int compare_citizens(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = strcmp(x->data->citizen, y->data->citizen);
    return order != 0 ? order : compare_members(a, b);
}

static void merge_all(struct merger *m)
{
    struct roster_list *list = m->list;
    struct member *members = malloc((list->person_count + 1) * sizeof(*members));
    struct roster_person *copy = malloc((list->person_count + 1) * sizeof(*copy));
    if (members == NULL || copy == NULL)
        abort();
    memcpy(copy, list->persons, list->person_count * sizeof(*copy));
    for (size_t i = 0; i < list->person_count; i++)
        members[i] = (struct member){root_of(m, i), i, &copy[i]};
    qsort(members, list->person_count, sizeof(*members), compare_members);
    for (size_t from = 0, to; from < list->person_count; from = to) {
        for (to = from + 1; to < list->person_count && members[to].root == members[from].root;)
            to++;
        if (!conflicting(members + from, to - from)) {
            merge(list, members + from, to - from);
            continue;
        }
        qsort(members + from, to - from, sizeof(*members), compare_citizens);
        merge_by_citizen(list, members + from, to - from);
    }
    free(copy);
    free(members);
}

static int compare_emails(const void *a, const void *b)
{
    const struct mention *x = a, *y = b;
    return strcmp(x->key, y->key);
}

void roster_find_shared(const struct roster_list *list, const bool *left_out, bool *shared)
{
    struct mention *uses = malloc((list->person_count * ROSTER_MAX_EMAILS + 1) * sizeof(*uses));
    size_t count = 0;
    if (uses == NULL)
        abort();
    for (size_t i = 0; i < list->person_count; i++) {
        const struct roster_person *p = &list->persons[i];
        shared[i] = false;
        for (size_t k = 0; !left_out[i] && p->same_as == SIZE_MAX && k < p->email_count; k++)
            uses[count++] = (struct mention){p->emails[k], i};
    }
    qsort(uses, count, sizeof(*uses), compare_emails);
    for (size_t from = 0, to; from < count; from = to) {
        char first[700], other[700];
        bool differ = false;
        if (!text_fold(list->persons[uses[from].person].name, first, sizeof(first)))
            first[0] = '\0';
        for (to = from + 1; to < count && strcmp(uses[to].key, uses[from].key) == 0; to++)
            differ = differ ||
                     !text_fold(list->persons[uses[to].person].name, other, sizeof(other)) ||
                     strcmp(first, other) != 0;
        for (size_t i = from; differ && i < to; i++)
            shared[uses[i].person] = true;
    }
    free(uses);
}

static void mark_shared(struct roster_list *list)
{
    bool *left_out = must_have(calloc(list->person_count + 1, sizeof(*left_out)));
    bool *shared = must_have(calloc(list->person_count + 1, sizeof(*shared)));
    roster_find_shared(list, left_out, shared);
    for (size_t i = 0; i < list->person_count; i++)
        list->persons[i].faults |= shared[i] ? 1U << ROSTER_EMAIL_SHARED : 0;
    free(left_out);
    free(shared);
}

void roster_merge_twice(struct roster_list *list)
{
    struct merger m = {.list = list};
    m.above = malloc((list->person_count + 1) * sizeof(*m.above));
    if (m.above == NULL)
        abort();
    for (size_t i = 0; i < list->person_count; i++) {
        m.above[i] = i;
        mention_all(&m, i);
    }
    if (m.count > 0)
        qsort(m.mentions, m.count, sizeof(*m.mentions), compare_mentions);
    for (size_t i = 1; i < m.count; i++) {
        if (strcmp(m.mentions[i - 1].key, m.mentions[i].key) == 0)
            join(&m, m.mentions[i - 1].person, m.mentions[i].person);
    }
    merge_all(&m);
    mark_shared(list);
    free(m.above);
    free(m.mentions);
}
