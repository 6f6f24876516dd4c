#include "roster_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define TEXT_SIZE 256 /* a longer text is cut for the purpose of telling rows apart */

const char *roster_cell(const struct sheet_book *book, size_t sheet, size_t row,
                        const struct roster_columns *columns, enum roster_column column)
{
    size_t at = columns->at[column];
    return at == ROSTER_ABSENT ? "" : sheet_cell(book, sheet, row, at);
}

/* Cleaned, cut at a character's edge. */
static void clean_cut(const char *cell, char out[TEXT_SIZE])
{
    char part[TEXT_SIZE];
    size_t length = strlen(cell);
    if (length >= sizeof(part) / 2) {
        length = sizeof(part) / 2;
        while (length > 0 && ((unsigned char)cell[length] & 0xC0U) == 0x80U)
            length--;
    }
    memcpy(part, cell, length);
    part[length] = '\0';
    if (!text_clean(part, out, TEXT_SIZE))
        out[0] = '\0';
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    rest += *rest == '.' ? 1 + strspn(rest + 1, "0") : 0;
    return digits > 0 && digits <= 7 && *rest == '\0';
}

/* Diacritics matter: "Tổng" is a total, Tống and Công are families. */
static bool is_total(const char *text)
{
    char folded[TEXT_SIZE];
    if (!text_fold(text[0] == '(' ? text + 1 : text, folded, sizeof(folded)))
        return false;
    static const char *const begins[] = {
        "tổng ",       "tổng:",   "cộng:",         "cộng :",       "cộng tổ",
        "cộng đơn vị", "ấn định", "danh sách này", "danh sách có", "danh sách gồm"};
    for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
        if (starts(folded, begins[i]))
            return true;
    }
    if (starts(folded, "cộng ") && isdigit((unsigned char)folded[strlen("cộng ")]))
        return true;
    return strcmp(folded, "tổng") == 0 || strcmp(folded, "cộng") == 0;
}

/* Begins of what stands above and below signatures, without diacritics; some of them are people's names but for the
 * diacritics: Trương Phong is no "Trưởng phòng". */
static const struct {
    const char *bare, *exact;
} signatures[] = {
    {"nguoi lap", NULL},
    {"nguoi tong hop", NULL},
    {"nguoi ky", NULL},
    {"nguoi duyet", NULL},
    {"thu truong", NULL},
    {"giam doc", NULL},
    {"q giam doc", NULL},
    {"pho giam doc", NULL},
    {"kt ", NULL},
    {"k t ", NULL},
    {"tl ", NULL},
    {"t l ", NULL},
    {"tm ", NULL},
    {"t m ", NULL},
    {"tuq ", NULL},
    {"chu tich", "chủ tịch"},
    {"pho chu tich", NULL},
    {"hieu truong", NULL},
    {"pho hieu truong", NULL},
    {"cuc truong", NULL},
    {"vien truong", "viện trưởng"},
    {"truong ban", "trưởng ban"},
    {"truong phong", "trưởng phòng"},
    {"pho truong", "phó trưởng"},
    {"bi thu", "bí thư"},
    {"chanh van phong", NULL},
    {"lanh dao", NULL},
    {"ky ten", NULL},
    {"ky ghi", NULL},
    {"ky va", "ký và"},
    {"da ky", "đã ký"},
    {"xac nhan", NULL},
    {"noi nhan", NULL},
    {"ghi chu", NULL},
    {"can bo dau moi", NULL},
    {"can bo lap", NULL},
    {"can bo tong hop", NULL},
    {"phe duyet", NULL},
};

static bool is_signature(const char *text)
{
    char bare[TEXT_SIZE], folded[TEXT_SIZE];
    if (!text_skeleton(text, bare, sizeof(bare)) || !text_fold(text, folded, sizeof(folded)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
        if (starts(bare, signatures[i].bare) &&
            (signatures[i].exact == NULL || strstr(folded, signatures[i].exact) != NULL))
            return true;
    }
    const char *day = strstr(bare, "ngay ");
    return day != NULL && strstr(day, " thang ") != NULL && strstr(day, " nam ") != NULL;
}

/* "I", "IV.", "A", "II/", and in front of a text "III. Sở Y tế", "B - Các huyện". Returns what follows, NULL if it is none. */
static const char *after_heading_number(const char *text)
{
    size_t roman = strspn(text, "IVX"), length = roman;
    if (roman == 0 && isupper((unsigned char)text[0]))
        length = 1;
    if (length == 0 || length > 6)
        return NULL;
    const char *rest = text + length;
    if (*rest == '\0')
        return rest;
    if (strchr(".)/-:", *rest) == NULL && !(roman > 0 && *rest == ' '))
        return NULL;
    return rest + strspn(rest, " .)/-:");
}

/* "Trang 1/2", "* Lưu ý: …" and the like stand where names stand, in lists without numbers. */
static bool may_be_name(const char *text)
{
    return text[strcspn(text, "0123456789:")] == '\0' && strchr("(*+-", text[0]) == NULL;
}

const char *roster_heading_group(const char *text, char group[ROSTER_GROUP_SIZE])
{
    char bare[256];
    group[0] = '\0';
    if (!text_skeleton(text, bare, sizeof(bare)))
        return text;
    const char *p = bare;
    if (strncmp(p, "to ", 3) == 0)
        p += 3;
    else if (strncmp(p, "nhom ", 5) == 0)
        p += 5;
    else
        return text;
    p += strncmp(p, "hoc tap ", 8) == 0 ? 8 : 0;
    p += strncmp(p, "so ", 3) == 0 ? 3 : 0;
    if (!isdigit((unsigned char)*p))
        return text;
    roster_group(text, group);
    const char *rest = text + strcspn(text, "0123456789");
    rest += strspn(rest, "0123456789");
    return rest + strspn(rest, " -:.(,");
}

const char *roster_bare_name(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 4 || strchr(".)", text[digits]) == NULL || text[digits] == '\0')
        return text;
    return text + digits + 1 + strspn(text + digits + 1, " ");
}

/* "120", "01 người": a sum's figure in the column of names. */
static bool is_figure(const char *text)
{
    char bare[TEXT_SIZE];
    if (!isdigit((unsigned char)text[0]) || !text_skeleton(text, bare, sizeof(bare)))
        return false;
    const char *rest = bare + strspn(bare, "0123456789 ");
    return *rest == '\0' || strcmp(rest, "nguoi") == 0;
}

struct view {
    char first[TEXT_SIZE], second[TEXT_SIZE], name[TEXT_SIZE];
    size_t filled;    /* cells with text */
    size_t described; /* … among the columns other than number and name */
    bool identified, numbered_person, signature, total;
};

bool roster_row_is_numbered(const struct sheet_book *book, size_t sheet, size_t row,
                            const struct roster_columns *columns)
{
    char number[TEXT_SIZE];
    clean_cut(roster_cell(book, sheet, row, columns, ROSTER_NUMBER), number);
    return is_number(number);
}

/* Who it is, as far as single columns tell. */
static void look_at_person(const struct sheet_book *book, size_t sheet, size_t row,
                           const struct roster_columns *columns, struct view *v)
{
    static const enum roster_column identifiers[] = {ROSTER_EMAIL, ROSTER_PHONE, ROSTER_CITIZEN};
    for (size_t i = 0; i < ARRAY_LEN(identifiers); i++)
        v->identified = v->identified ||
                        roster_is_identifier(roster_cell(book, sheet, row, columns, identifiers[i]));
    clean_cut(roster_cell(book, sheet, row, columns, ROSTER_NAME), v->name);
    if (v->name[0] == '\0')
        clean_cut(roster_cell(book, sheet, row, columns, ROSTER_GIVEN), v->name);
    if (is_figure(v->name) || roster_is_error(v->name))
        v->name[0] = '\0';
    v->numbered_person = v->name[0] != '\0' && roster_row_is_numbered(book, sheet, row, columns);
}

static void look(const struct sheet_book *book, size_t sheet, size_t row,
                 const struct roster_columns *columns, struct view *v)
{
    memset(v, 0, sizeof(*v));
    look_at_person(book, sheet, row, columns, v);
    bool nobody = !v->identified && !v->numbered_person; /* then the words must tell */
    for (size_t c = 0; c < sheet_columns(book, sheet, row); c++) {
        char text[TEXT_SIZE];
        clean_cut(sheet_cell(book, sheet, row, c), text);
        if (text[0] == '\0')
            continue;
        v->filled++;
        if (v->filled == 1)
            memcpy(v->first, text, sizeof(text));
        else if (v->filled == 2)
            memcpy(v->second, text, sizeof(text));
        v->total = v->total || (nobody && is_total(text));
        /* Titles in other columns are a person's position, if there is a person. */
        v->signature = v->signature || (nobody && v->name[0] == '\0' && is_signature(text));
        v->described += c != columns->at[ROSTER_NUMBER] && c != columns->at[ROSTER_NAME] &&
                        c != columns->at[ROSTER_GIVEN];
    }
    if (nobody && v->name[0] != '\0')
        v->signature = is_signature(v->name);
}

/* A lone text, with or without a number before it. */
static bool is_heading(const struct view *v, struct roster_row_facts *facts)
{
    const char *after = after_heading_number(v->first), *text = v->first;
    if (v->filled == 2 && after != NULL && *after == '\0') {
        facts->numbered = true;
        text = v->second;
    } else if (v->filled == 2 && is_number(v->first) && v->described == 0) {
        text = v->second; /* "1 | Sở Y tế": the reader asks whether it names a unit */
    } else if (v->filled == 1) {
        facts->numbered = after != NULL && *after != '\0';
        if (facts->numbered)
            text = after;
    } else {
        return false;
    }
    (void)snprintf(facts->text, sizeof(facts->text), "%s", text);
    return true;
}

void roster_row_facts(const struct sheet_book *book, size_t sheet, size_t row,
                      const struct roster_columns *columns, bool below_end,
                      struct roster_row_facts *facts)
{
    struct view v;
    look(book, sheet, row, columns, &v);
    memset(facts, 0, sizeof(*facts));
    bool named = v.name[0] != '\0';
    bool lone_name = named && columns->at[ROSTER_NUMBER] == ROSTER_ABSENT &&
                     may_be_name(roster_bare_name(v.name));
    bool person = v.numbered_person || (named && v.identified) ||
                  (!below_end && (lone_name || (named && v.described > 0)));
    bool heading = !v.identified && is_heading(&v, facts);
    if (v.filled == 0)
        facts->kind = ROSTER_ROW_BLANK;
    else if (v.total)
        facts->kind = ROSTER_ROW_TOTAL;
    else if (v.signature && !facts->numbered)
        facts->kind = ROSTER_ROW_SIGNATURE;
    else if (person)
        facts->kind = ROSTER_ROW_PERSON;
    else if (below_end)
        facts->kind = facts->numbered ? ROSTER_ROW_OTHER : ROSTER_ROW_BELOW;
    else if (v.identified)
        facts->kind = ROSTER_ROW_NAMELESS;
    else
        facts->kind = ROSTER_ROW_OTHER;
    facts->heading =
        heading && facts->kind != ROSTER_ROW_TOTAL && facts->kind != ROSTER_ROW_SIGNATURE;
}
