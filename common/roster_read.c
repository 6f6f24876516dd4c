#include "roster_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "text_buffer.h"
#include "roster_columns.h"
#include "roster_rows.h"

#define MEMO_SIZE 256

/* A unit's name as written and what it was found to mean. */
struct unit_memo {
    const char *text, *unit, *suggestions; /* unit NULL: unknown */
};

struct reader {
    const struct sheet_book *book;
    const struct roster_settings *settings;
    struct roster_list *list;
    const char *given_unit;
    size_t person_capacity, skip_capacity;
    struct unit_memo memo[MEMO_SIZE];
    size_t memo_count;
    struct text_buffer scratch;
    /* Of the sheet at hand. */
    size_t sheet;
    struct roster_columns columns;
    const char *home_unit;           /* what letterhead or sheet name says; NULL */
    const struct unit_memo *section; /* the heading above; NULL */
    const char *filled_unit, *filled_group, *section_group; /* merged cells filled down; "" */
    bool below_end;
};

const char *roster_fault_name(enum roster_fault fault)
{
    static const char *const names[ROSTER_FAULT_COUNT] = {
        "email_malformed", "email_missing", "citizen_malformed",
        "phone_malformed", "listed_twice",  "birth_date_malformed",
        "email_shared",    "unit_unknown",  "name_missing"};
    return names[fault];
}

static void *room(void *array, size_t count, size_t *capacity, size_t item)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity == 0 ? 256 : *capacity * 2;
    array = realloc(array, *capacity * item);
    if (array == NULL)
        abort();
    return array;
}

static void skip(struct reader *r, size_t row, const char *reason)
{
    struct roster_list *list = r->list;
    list->skips = room(list->skips, list->skip_count, &r->skip_capacity, sizeof(list->skips[0]));
    list->skips[list->skip_count++] = (struct roster_skip){r->sheet, (int64_t)row + 1, reason};
}

/* Cleaned text of any length, in the arena; "" for invalid text. */
static const char *clean(struct reader *r, const char *cell)
{
    size_t size = strlen(cell) * 3 + 1;
    if (cell[0] == '\0')
        return "";
    text_buffer_clear(&r->scratch);
    text_buffer_reserve(&r->scratch, size);
    return text_clean(cell, r->scratch.data, size) ? arena_text(&r->list->arena, r->scratch.data)
                                                   : "";
}

static const struct unit_memo *find_unit(struct reader *r, const char *text)
{
    for (size_t i = 0; i < r->memo_count; i++) {
        if (strcmp(r->memo[i].text, text) == 0)
            return &r->memo[i];
    }
    char suggestions[512] = "";
    const struct reference_unit *unit = reference_match_unit(
        r->settings->reference, r->settings->province, text, suggestions, sizeof(suggestions));
    struct unit_memo *memo = r->memo_count < MEMO_SIZE
                                 ? &r->memo[r->memo_count++]
                                 : arena_allocate(&r->list->arena, sizeof(*memo));
    *memo = (struct unit_memo){arena_text(&r->list->arena, text), unit != NULL ? unit->code : NULL,
                               arena_text(&r->list->arena, suggestions)};
    return memo;
}

/* "Đơn vị: Sở Y tế" -> "Sở Y tế". */
static const char *after_label(const char *text)
{
    const char *colon = strchr(text, ':');
    char label[64];
    if (colon == NULL || (size_t)(colon - text) >= sizeof(label))
        return text;
    memcpy(label, text, (size_t)(colon - text));
    label[colon - text] = '\0';
    return roster_column_of(label) == ROSTER_UNIT ? colon + 1 + strspn(colon + 1, " ") : text;
}

/* The unit below the province itself that a text of a letterhead names; NULL. */
static const char *named_unit(struct reader *r, const char *raw)
{
    const char *text = clean(r, raw), *province = r->settings->province;
    if (text[0] == '\0' || strlen(text) > 200)
        return NULL;
    const struct reference_unit *unit =
        reference_match_unit(r->settings->reference, province, after_label(text), NULL, 0);
    if (unit == NULL || (province != NULL && strcmp(unit->code, province) == 0))
        return NULL;
    return arena_text(&r->list->arena, unit->code);
}

/* The last unit that the rows from `from` to the header name: their letterhead. */
static const char *letterhead_unit(struct reader *r, size_t from, size_t header)
{
    const char *found = NULL;
    for (size_t row = from; row < header; row++) {
        for (size_t c = 0; c < sheet_columns(r->book, r->sheet, row); c++) {
            const char *unit = named_unit(r, sheet_cell(r->book, r->sheet, row, c));
            found = unit != NULL ? unit : found;
        }
    }
    return found;
}

/* True if the heading named something or must be one. */
static bool take_heading(struct reader *r, const struct roster_row_facts *facts)
{
    char group[ROSTER_GROUP_SIZE], text[256];
    (void)snprintf(text, sizeof(text), "%s", roster_heading_group(facts->text, group));
    char *close = strchr(text, ')');
    if (close != NULL && close[1] == '\0' && strchr(text, '(') == NULL)
        *close = '\0';
    const struct unit_memo *unit = text[0] != '\0' ? find_unit(r, after_label(text)) : NULL;
    bool known = unit != NULL && unit->unit != NULL;
    if (!known && group[0] == '\0' && !facts->numbered)
        return false;
    if (known || group[0] == '\0') {
        r->section = unit;
        r->section_group = "";
    }
    if (group[0] != '\0')
        r->section_group = arena_text(&r->list->arena, group);
    r->filled_unit = r->filled_group = "";
    if (facts->numbered)
        r->below_end = false;
    return true;
}

static void add_fault(struct roster_person *p, enum roster_fault fault)
{
    p->faults |= 1U << fault;
}

static void take_unit(struct reader *r, struct roster_person *p, const char *cell)
{
    const char *text = clean(r, cell);
    if (!roster_is_ditto(text))
        r->filled_unit = text;
    const struct unit_memo *memo =
        r->filled_unit[0] != '\0' ? find_unit(r, r->filled_unit) : r->section;
    if (memo != NULL && memo->unit == NULL && r->section != NULL && r->section->unit != NULL)
        memo = r->section; /* a body below the unit that the heading names */
    p->unit_text = memo != NULL ? memo->text : "";
    p->unit_column = r->columns.at[ROSTER_UNIT];
    p->unit_above = roster_is_ditto(text) && p->unit_text[0] != '\0';
    p->suggestions = memo != NULL ? memo->suggestions : "";
    p->unit = r->given_unit != NULL ? r->given_unit : memo != NULL ? memo->unit : r->home_unit;
    if (p->unit == NULL)
        add_fault(p, ROSTER_UNIT_UNKNOWN);
}

static void take_identifiers(struct reader *r, struct roster_person *p, size_t row)
{
    struct arena *arena = &r->list->arena;
    char normal[IDENTITY_TEXT], date[ROSTER_DATE];
    const char *email = roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_EMAIL);
    enum identity_fault fault = roster_emails(arena, email, p->emails, &p->email_count);
    p->raw_email = clean(r, email);
    if (fault == IDENTITY_MALFORMED)
        add_fault(p, ROSTER_EMAIL_MALFORMED);
    else if (fault == IDENTITY_MISSING)
        add_fault(p, ROSTER_EMAIL_MISSING);
    fault = roster_citizen(roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_CITIZEN), normal);
    p->citizen = arena_text(arena, normal);
    if (fault == IDENTITY_MALFORMED)
        add_fault(p, ROSTER_CITIZEN_MALFORMED);
    fault = roster_phone(roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_PHONE), normal);
    p->phone = arena_text(arena, normal);
    if (fault == IDENTITY_MALFORMED)
        add_fault(p, ROSTER_PHONE_MALFORMED);
    fault = roster_birth_date(roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_BIRTH), date);
    p->birth_date = arena_text(arena, date);
    if (fault == IDENTITY_MALFORMED)
        add_fault(p, ROSTER_BIRTH_DATE_MALFORMED);
}

/* One text of all that identifies the row; numbering, group and position are left out. */
static const char *content_of(struct reader *r, const struct roster_person *p, size_t row)
{
    static const enum roster_column raw[] = {ROSTER_CITIZEN, ROSTER_PHONE, ROSTER_BIRTH};
    const char *const normal[] = {p->citizen, p->phone, p->birth_date};
    char folded[1024];
    if (!text_fold(p->name, folded, sizeof(folded)))
        folded[0] = '\0';
    struct text_buffer b = {0};
    text_buffer_add_format(&b, "%s\x1f", folded);
    for (size_t i = 0; i < ARRAY_LEN(raw); i++) {
        const char *text = normal[i][0] != '\0'
                               ? normal[i]
                               : clean(r, roster_cell(r->book, r->sheet, row, &r->columns, raw[i]));
        text_buffer_add_format(&b, "%s\x1f", text);
    }
    if (!text_fold(p->raw_email, folded, sizeof(folded)))
        folded[0] = '\0';
    text_buffer_add_format(&b, "%s\x1f", folded);
    if (p->unit != NULL || !text_fold(p->unit_text, folded, sizeof(folded)))
        (void)snprintf(folded, sizeof(folded), "%s", p->unit != NULL ? p->unit : "");
    text_buffer_add_text(&b, folded);
    const char *content = arena_text(&r->list->arena, b.data);
    text_buffer_free(&b);
    return content;
}

static void take_person(struct reader *r, size_t row, bool nameless)
{
    struct roster_list *list = r->list;
    list->persons =
        room(list->persons, list->person_count, &r->person_capacity, sizeof(list->persons[0]));
    struct roster_person *p = &list->persons[list->person_count++];
    *p = (struct roster_person){
        .sheet = r->sheet, .row = (int64_t)row + 1, .same_as = SIZE_MAX, .name = ""};
    const char *family =
        roster_bare_name(clean(r, roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_NAME)));
    const char *given = clean(r, roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_GIVEN));
    struct text_buffer name = {0};
    text_buffer_add_format(&name, "%s%s%s", family,
                           family[0] != '\0' && given[0] != '\0' ? " " : "", given);
    if (name.length > 300) {
        while (name.length > 300 || ((unsigned char)name.data[name.length] & 0xC0U) == 0x80U)
            name.length--;
        name.data[name.length] = '\0';
    }
    p->name = arena_text(&list->arena, name.data);
    text_buffer_free(&name);
    if (nameless)
        add_fault(p, ROSTER_NAME_MISSING);
    take_unit(r, p, roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_UNIT));
    char group[ROSTER_GROUP_SIZE];
    const char *group_cell = roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_GROUP);
    roster_group(group_cell, group);
    if (!roster_is_ditto(group_cell) && group[0] != '\0')
        r->filled_group = arena_text(&list->arena, group);
    p->group = r->filled_group[0] != '\0' ? r->filled_group : r->section_group;
    p->group_column = r->columns.at[ROSTER_GROUP];
    p->group_above = (roster_is_ditto(group_cell) || group[0] == '\0') && p->group[0] != '\0';
    p->audience_count = roster_audiences(
        &list->arena, roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_AUDIENCE),
        p->audiences);
    char body[ROSTER_BODY_SIZE];
    roster_body(roster_cell(r->book, r->sheet, row, &r->columns, ROSTER_INVITED_BY), body);
    p->invited_by = arena_text(&list->arena, body);
    take_identifiers(r, p, row);
    p->content = p->own_content = content_of(r, p, row);
}

static void read_row(struct reader *r, size_t row)
{
    struct roster_row_facts facts;
    roster_row_facts(r->book, r->sheet, row, &r->columns, r->below_end, &facts);
    if (facts.heading && take_heading(r, &facts))
        return;
    switch (facts.kind) {
    case ROSTER_ROW_BLANK:
        break;
    case ROSTER_ROW_PERSON:
        r->below_end = false;
        take_person(r, row, false);
        break;
    case ROSTER_ROW_NAMELESS:
        take_person(r, row, true);
        break;
    case ROSTER_ROW_TOTAL:
        r->below_end = true;
        skip(r, row, "total");
        break;
    case ROSTER_ROW_SIGNATURE:
        r->below_end = true;
        skip(r, row, "signature");
        break;
    case ROSTER_ROW_BELOW:
        skip(r, row, "below_signature");
        break;
    case ROSTER_ROW_OTHER:
        skip(r, row, "no_person");
        break;
    }
}

static void begin_table(struct reader *r, const char *home)
{
    r->home_unit = home;
    r->section = NULL;
    r->filled_unit = r->filled_group = r->section_group = "";
}

/* The next page, another table with columns of its own, or the list of another unit below its own letterhead. */
static void next_table(struct reader *r, size_t below, const struct roster_columns *columns)
{
    const char *home = letterhead_unit(r, below, columns->header_row);
    skip(r, columns->header_row, "repeated_header");
    bool same = home != NULL && r->section != NULL && r->section->unit != NULL &&
                strcmp(r->section->unit, home) == 0; /* a heading that was taken already */
    if (home != NULL && !same)
        begin_table(r, home);
    r->columns = *columns;
    r->below_end = false;
}

/* The row names people, or is the line above one that does. */
static bool begins_header(const struct reader *r, size_t row, struct roster_columns *columns)
{
    return roster_is_header(r->book, r->sheet, row, columns) ||
           (roster_is_header(r->book, r->sheet, row + 1, columns) && columns->header_row == row);
}

static void read_sheet(struct reader *r)
{
    struct roster_columns columns;
    if (!roster_find_header(r->book, r->sheet, 0, &columns))
        return;
    const char *home = letterhead_unit(r, 0, columns.header_row);
    r->columns = columns;
    r->list->sheets_read++;
    r->below_end = false;
    begin_table(r, home != NULL ? home : named_unit(r, sheet_name(r->book, r->sheet)));
    size_t below = columns.first_row; /* the last person */
    for (size_t row = columns.first_row; row < sheet_rows(r->book, r->sheet); row++) {
        size_t persons = r->list->person_count;
        if (!roster_row_is_numbered(r->book, r->sheet, row, &r->columns) &&
            begins_header(r, row, &columns)) {
            next_table(r, below, &columns);
            below = columns.first_row;
            row = columns.first_row - 1;
            continue;
        }
        read_row(r, row);
        if (r->list->person_count > persons)
            below = row + 1;
    }
}

struct roster_list *roster_read(const struct sheet_book *book,
                                const struct roster_settings *settings, struct error *err)
{
    struct roster_list *list = calloc(1, sizeof(*list));
    struct reader *reader = calloc(1, sizeof(*reader));
    if (list == NULL || reader == NULL)
        abort();
    reader->book = book;
    reader->settings = settings;
    reader->list = list;
    if (settings->unit != NULL)
        reader->given_unit = arena_text(&list->arena, settings->unit);
    for (reader->sheet = 0; reader->sheet < sheet_count(book); reader->sheet++)
        read_sheet(reader);
    text_buffer_free(&reader->scratch);
    free(reader);
    if (list->person_count > 0) {
        roster_merge_twice(list);
        return list;
    }
    if (list->sheets_read == 0)
        (void)error_tell_plain(err, ERROR_DATA, false,
                               "không trang tính nào có dòng tiêu đề: cần một dòng có \"Họ và "
                               "tên\" và ít nhất một trong "
                               "các cột STT, Ngày sinh, CCCD, Email, Điện thoại, Đơn vị, Tổ",
                               "no sheet has a header row: a row with \"Họ và tên\" and at least "
                               "one of STT, Ngày sinh, "
                               "CCCD, Email, Điện thoại, Đơn vị, Tổ");
    else
        (void)error_tell_plain(err, ERROR_DATA, false, "có dòng tiêu đề nhưng bên dưới không có ai",
                               "there is a header row and nobody below it");
    roster_free(list);
    return NULL;
}

void roster_free(struct roster_list *list)
{
    if (list == NULL)
        return;
    free(list->persons);
    free(list->skips);
    arena_free(&list->arena);
    free(list);
}
