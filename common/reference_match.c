/* Unit names as offices write them: folding, exact match by index, suggestions by distance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference_private.h"
#include "text.h"

#define NAME_SIZE 512

/* Short forms, word by word after folding. */
static const struct {
    const char *shorter, *longer;
    bool only_first; /* means something else in the middle of a name */
} abbreviations[] = {
    {"tp", "thành phố", false}, {"ubnd", "uỷ ban nhân dân", false},
    {"gd", "giáo dục", false},  {"gdđt", "giáo dục và đào tạo", false},
    {"đt", "đào tạo", false},   {"h", "huyện", true},
    {"tx", "thị xã", true},     {"t", "tỉnh", true},
    {"x", "xã", true},          {"p", "phường", true},
    {"q", "quận", true},        {"tt", "thị trấn", true},
};
static const char committee[] = "uỷ ban nhân dân ";
static const char *const territories[] = {"tỉnh ",   "thành phố ", "huyện ", "quận ",
                                          "thị xã ", "thị trấn ",  "xã ",    "phường "};

static bool append(char *out, size_t size, size_t *used, const char *word)
{
    size_t length = strlen(word), blank = *used > 0;
    if (*used + blank + length >= size)
        return false;
    if (blank > 0)
        out[(*used)++] = ' ';
    memcpy(out + *used, word, length + 1);
    *used += length;
    return true;
}

/* A character that is no part of a name, and its length: ASCII punctuation, dashes, quotation marks, bullets. 0 = a letter. */
static size_t mark_length(const char *p)
{
    if (strchr("!\"#$%'()*+,-./:;<=>?@[\\]^_`{|}~", *p) != NULL)
        return 1;
    const unsigned char *u = (const unsigned char *)p;
    if (u[0] == 0xE2 && u[1] == 0x80 && u[2] >= 0x90 && u[2] <= 0xA6)
        return 3; /* U+2010 to U+2026 */
    return u[0] == 0xC2 && (u[1] == 0xAB || u[1] == 0xBB || u[1] == 0xB7) ? 2 : 0;
}

static const char *written_out(const char *word, bool first, bool alone)
{
    for (size_t i = 0; i < ARRAY_LEN(abbreviations); i++) {
        if (strcmp(word, abbreviations[i].shorter) == 0 &&
            (!abbreviations[i].only_first || (first && !alone)))
            return abbreviations[i].longer;
    }
    return word;
}

bool unit_name_fold(const char *text, char *out, size_t size)
{
    char folded[NAME_SIZE], spaced[2 * NAME_SIZE];
    if (size > 0)
        out[0] = '\0';
    if (!text_fold(text, folded, sizeof(folded)))
        return false;
    /* '&' is a word, other punctuation a blank. */
    size_t length = 0;
    for (const char *p = folded; *p != '\0' && length + 6 < sizeof(spaced);) {
        size_t mark = mark_length(p);
        if (*p == '&') {
            memcpy(spaced + length, " và ", 5);
            length += 5;
        } else {
            spaced[length++] = mark > 0 ? ' ' : *p;
        }
        p += mark > 0 ? mark : 1;
    }
    spaced[length] = '\0';
    size_t used = 0;
    char *rest = spaced;
    bool first = true;
    for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
        bool alone = rest[strspn(rest, " ")] == '\0', ubnd = strcmp(word, "ubnd") == 0;
        if (!append(out, size, &used, written_out(word, first, alone)))
            return false;
        first = first && ubnd; /* "UBND H. Xín Mần" */
    }
    if (strncmp(out, committee, sizeof(committee) - 1) == 0) {
        const char *of = out + sizeof(committee) - 1;
        for (size_t i = 0; i < ARRAY_LEN(territories); i++) {
            if (strncmp(of, territories[i], strlen(territories[i])) == 0) {
                memmove(out, of, strlen(of) + 1);
                break;
            }
        }
    }
    return out[0] != '\0';
}

static int compare_names(const void *a, const void *b)
{
    const struct unit_name *x = a, *y = b;
    int order = strcmp(x->folded, y->folded);
    return order != 0 ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static void add_name(struct reference *r, struct unit_name *names, const char *text, size_t unit)
{
    struct reference_arena *arena = r->arena;
    char folded[NAME_SIZE];
    if (unit_name_fold(text, folded, sizeof(folded)))
        names[arena->name_count++] = (struct unit_name){reference_text(arena, folded), unit};
}

/* Units that nobody could tell apart by a name stand beside each other. */
static int compare_places(const void *a, const void *b)
{
    const struct reference_unit *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->parent, y->parent);
    if (order == 0)
        order = strcmp(x->valid_to, y->valid_to);
    return order != 0 ? order : reference_file_order(x, y);
}

static void report_ambiguous(const struct reference *r, const char *name,
                             const struct reference_unit **bearers, size_t count,
                             struct reference_faults *faults)
{
    qsort(bearers, count, sizeof(*bearers), compare_places);
    for (size_t i = 1; i < count; i++) {
        const struct reference_unit *a = bearers[i - 1], *b = bearers[i];
        size_t unit = (size_t)(b - r->units);
        if (strcmp(a->parent, b->parent) == 0 && strcmp(a->valid_to, b->valid_to) == 0)
            reference_fault(faults, reference_unit_file(r, unit), reference_lines(r)->units[unit],
                            "\"%s\" là tên của cả %s và %s", "\"%s\" is a name of both %s and %s",
                            name, a->code, b->code);
    }
}

/* Under one unit above, one name must mean one unit. (Two communes of a province may well bear one name.) */
static void find_ambiguous(const struct reference *r, const struct unit_name *names, size_t count,
                           struct reference_faults *faults)
{
    const struct reference_unit **bearers = malloc((count + 1) * sizeof(*bearers));
    if (bearers == NULL)
        abort();
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && strcmp(names[to].folded, names[from].folded) == 0; to++)
            bearers[to - from] = &r->units[names[to].unit];
        report_ambiguous(r, names[from].folded, bearers, to - from, faults);
    }
    free(bearers);
}

void reference_index_units(struct reference *r, struct reference_faults *faults)
{
    struct reference_arena *arena = r->arena;
    size_t most = 0;
    for (size_t i = 0; i < r->unit_count; i++)
        most += 3 + r->units[i].alias_count;
    struct unit_name *names = reference_allocate(arena, (most + 1) * sizeof(*names));
    for (size_t i = 0; i < r->unit_count; i++) {
        const struct reference_unit *u = &r->units[i];
        add_name(r, names, u->code, i);
        add_name(r, names, u->name, i);
        add_name(r, names, u->printed_name, i);
        for (size_t k = 0; k < u->alias_count; k++)
            add_name(r, names, u->aliases[k], i);
    }
    qsort(names, arena->name_count, sizeof(*names), compare_names);
    size_t kept = 0;
    for (size_t i = 0; i < arena->name_count; i++) {
        if (kept == 0 || compare_names(&names[kept - 1], &names[i]) != 0)
            names[kept++] = names[i];
    }
    arena->name_count = kept;
    arena->names = names;
    find_ambiguous(r, names, kept, faults);
}

/* All units in the province that bear the folded name; the first goes to *found. */
static size_t find_folded(const struct reference *r, const char *province, const char *folded,
                          const struct reference_unit **found)
{
    const struct reference_arena *arena = r->arena;
    size_t low = 0, high = arena->name_count, count = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(arena->names[middle].folded, folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < arena->name_count && strcmp(arena->names[low].folded, folded) == 0; low++) {
        const struct reference_unit *unit = &r->units[arena->names[low].unit];
        if (province != NULL && !reference_is_within(r, unit, province))
            continue;
        if (count++ == 0)
            *found = unit;
    }
    return count;
}

/* "Sở Tư pháp tỉnh Hà Giang" is "Sở Tư pháp" in a list of Hà Giang. */
static bool cut_province(const struct reference *r, const char *province, char *folded)
{
    const struct reference_unit *p = province != NULL ? reference_find_unit(r, province) : NULL;
    char name[NAME_SIZE], ending[NAME_SIZE + 16];
    if (p == NULL || !unit_name_fold(p->name, name, sizeof(name)))
        return false;
    static const char *const forms[] = {" tỉnh %s", " %s", " tỉnh"};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        const char *hole = strstr(forms[i], "%s");
        size_t lead = hole != NULL ? (size_t)(hole - forms[i]) : strlen(forms[i]);
        memcpy(ending, forms[i], lead);
        (void)snprintf(ending + lead, sizeof(ending) - lead, "%s", hole != NULL ? name : "");
        size_t length = strlen(folded), end = strlen(ending);
        if (length > end && strcmp(folded + length - end, ending) == 0) {
            folded[length - end] = '\0';
            return true;
        }
    }
    return false;
}

struct suggestion {
    const struct reference_unit *unit;
    unsigned distance;
};

static void keep_nearest(struct suggestion best[3], const struct reference_unit *unit,
                         unsigned distance)
{
    for (size_t i = 0; i < 3; i++) {
        if (best[i].unit == unit && best[i].distance <= distance)
            return;
        if (best[i].unit == unit || best[i].unit == NULL || distance < best[i].distance) {
            struct suggestion moved = best[i];
            best[i] = (struct suggestion){unit, distance};
            /* Push the rest down until the unit's older entry, if it has one, falls out. */
            for (size_t k = i + 1; k < 3 && moved.unit != NULL && moved.unit != unit; k++) {
                struct suggestion next = best[k];
                best[k] = moved;
                moved = next;
            }
            return;
        }
    }
}

static void suggest(const struct reference *r, const char *province, const char *folded, char *out,
                    size_t size)
{
    const struct reference_arena *arena = r->arena;
    char wanted[NAME_SIZE], name[NAME_SIZE];
    struct suggestion best[3] = {{NULL, 0}};
    if (!text_skeleton(folded, wanted, sizeof(wanted)))
        return;
    unsigned limit = (unsigned)(strlen(wanted) / 3 + 1);
    for (size_t i = 0; i < arena->name_count; i++) {
        const struct reference_unit *unit = &r->units[arena->names[i].unit];
        if ((province != NULL && !reference_is_within(r, unit, province)) ||
            !text_skeleton(arena->names[i].folded, name, sizeof(name)))
            continue;
        unsigned distance = text_distance(wanted, name, limit);
        if (distance > limit && strlen(name) >= 8 && strstr(wanted, name) != NULL)
            distance = limit; /* "Phòng Y tế huyện Mèo Vạc" */
        if (distance <= limit)
            keep_nearest(best, unit, distance);
    }
    size_t used = 0;
    for (size_t i = 0; i < 3 && best[i].unit != NULL; i++) {
        if (best[i].distance > 2 * best[0].distance + 1)
            break; /* next to a near one, far ones only mislead */
        size_t length = strlen(best[i].unit->printed_name);
        if (used + length + 3 >= size)
            break;
        if (used > 0) {
            memcpy(out + used, ", ", 3);
            used += 2;
        }
        memcpy(out + used, best[i].unit->printed_name, length + 1);
        used += length;
    }
}

const struct reference_unit *reference_match_unit(const struct reference *r, const char *province,
                                                  const char *text, char *suggestions, size_t size)
{
    char folded[NAME_SIZE], shorter[NAME_SIZE];
    const struct reference_unit *found = NULL;
    if (suggestions != NULL && size > 0)
        suggestions[0] = '\0';
    if (!unit_name_fold(text, folded, sizeof(folded)))
        return NULL;
    size_t count = find_folded(r, province, folded, &found);
    memcpy(shorter, folded, sizeof(shorter));
    if (count == 0 && cut_province(r, province, shorter))
        count = find_folded(r, province, shorter, &found);
    if (count == 1)
        return found;
    if (suggestions != NULL && size > 0)
        suggest(r, province, folded, suggestions, size);
    return NULL;
}
