#include "issue_groups.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/arena.h"
#include "../write/pg_binary.h"
#include "../write/rules_read.h"
#include "persons.h"
#include "sql.h"

#define PORTION ((size_t)4096) /* subjects whose facts are in memory at a time */

struct placed {
    const char *file, *sheet, *group;
    int64_t row;
};

struct issue_groups {
    struct arena arena; /* owns the texts */
    struct placed *items;
    size_t count, capacity;
};

static int compare(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    int order = strcmp(x->sheet, y->sheet);
    return order != 0 ? order : strcmp(x->file, y->file);
}

static void take_listing(struct issue_groups *groups, const struct strings *strings,
                         const struct fact *fact)
{
    const struct fact_identity *identity = fact->identity;
    if (fact->kind != FACT_LISTING || !(fact->flags & FACT_IN_FORCE) || !identity->file ||
        !identity->study_group)
        return;
    groups->items =
        array_room(groups->items, groups->count, &groups->capacity, sizeof(*groups->items));
    groups->items[groups->count++] = (struct placed){
        arena_text(&groups->arena, strings_text(strings, identity->file)),
        arena_text(&groups->arena, strings_text(strings, identity->sheet)),
        arena_text(&groups->arena, strings_text(strings, identity->study_group)), identity->row};
}

static bool take_portion(struct issue_groups *groups, struct pg *pg, const struct rules *rules,
                         const struct key_list *subjects, struct error *err)
{
    struct people people;
    people_init(&people);
    bool fine = persons_load(pg, rules, subjects, &people, err);
    for (size_t i = 0; fine && i < subjects->count; i++) {
        const struct subject *subject = people_subject(&people, subjects->keys[i]);
        for (const struct dossier *d = subject ? subject->dossiers : NULL; d; d = d->next)
            for (size_t k = 0; k < d->count; k++)
                take_listing(groups, people.strings, &d->facts[k]);
    }
    people_release(&people);
    return fine;
}

static bool take_all(struct issue_groups *groups, struct pg *pg, const struct rules *rules,
                     const struct pg_rows *rows, struct error *err)
{
    struct key_list subjects = {0};
    bool fine = true;
    for (size_t i = 0; fine && i < pg_rows_count(rows); i++) {
        key_list_add(&subjects, pg_read_key(pg_rows_value(rows, i, 0)));
        if (subjects.count < PORTION && i + 1 < pg_rows_count(rows))
            continue;
        fine = take_portion(groups, pg, rules, &subjects, err);
        subjects.count = 0;
    }
    key_list_release(&subjects);
    if (groups->count)
        qsort(groups->items, groups->count, sizeof(*groups->items), compare);
    return fine;
}

static struct rules *read_rules(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_read_live, 0, NULL, err);
    struct rules *rules = rows ? rules_read(pg, (int)pg_rows_integer(rows, 0, 2, 0), err) : NULL;
    pg_rows_free(rows);
    return rules;
}

struct issue_groups *issue_groups_read(struct pg *pg, const char *wave, const char *unit,
                                       struct error *err)
{
    struct rules *rules = read_rules(pg, err);
    const struct pg_parameter parameters[] = {{PG_TEXT, wave, wave ? strlen(wave) : 0},
                                              {PG_TEXT, unit, unit ? strlen(unit) : 0}};
    struct pg_rows *rows = rules ? pg_query_binary(pg, sql_issue_subjects, 2, parameters, err) : NULL;
    struct issue_groups *groups = must_have(calloc(1, sizeof(*groups)));
    if (!rows || !take_all(groups, pg, rules, rows, err)) {
        issue_groups_free(groups);
        groups = NULL;
    }
    pg_rows_free(rows);
    rules_free(rules);
    return groups;
}

void issue_groups_free(struct issue_groups *groups)
{
    if (!groups)
        return;
    free(groups->items);
    arena_free(&groups->arena);
    free(groups);
}

const char *issue_groups_find(const struct issue_groups *groups, const char *file,
                              const char *sheet, int64_t row)
{
    const struct placed wanted = {file, sheet, "", row};
    const struct placed *found =
        groups->count ? bsearch(&wanted, groups->items, groups->count, sizeof(wanted), compare)
                      : NULL;
    return found ? found->group : "";
}
