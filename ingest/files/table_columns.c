#include "table_columns.h"

#include <stdio.h>
#include <string.h>

#include "../../common/text.h"
#include "../../common/roster_columns.h"
#include "table_cells.h"

bool table_field_parse(const char *name, enum table_field *out)
{
    static const char *const names[TABLE_FIELDS] = {
        "number", "name",  "given",   "birth_date", "citizen",   "email",   "phone",     "account",
        "unit",   "group", "wave",    "class",      "date",      "present", "audience",  "count",
        "course", "exam",  "attempt", "score",      "max_score", "passed",  "registered"};
    for (size_t i = 0; i < TABLE_FIELDS; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum table_field)i;
            return true;
        }
    }
    return false;
}

#define BIT(kind) (1U << FILES_##kind)

/* Words of headings (without marks, lower case). "=": all of it; "^": its beginning; else anywhere. */
static const struct rule {
    unsigned kinds;
    enum table_field field;
    const char *words;
} rules[] = {
    {BIT(RESULTS), TABLE_MAX_SCORE, "diem toi da|thang diem|diem cao nhat|max score|=max"},
    {BIT(RESULTS), TABLE_PASSED,
     "=dat|=ket qua|dat khong dat|xep loai|ket luan|=passed|=result|=ket qua thi"},
    {BIT(RESULTS), TABLE_ATTEMPT, "lan thi|lan thu|so lan|=lan|attempt"},
    {BIT(RESULTS), TABLE_DATE,
     "ngay thi|thoi gian|ngay nop|ngay hoan thanh|=ngay|=date|ngay lam bai|time"},
    {BIT(RESULTS), TABLE_COURSE, "khoa hoc|ma khoa|=khoa|=course|course id|course code"},
    {BIT(RESULTS), TABLE_EXAM, "bai thi|ten bai|=exam|ky thi|de thi|bai kiem tra|=quiz"},
    {BIT(RESULTS), TABLE_SCORE, "^diem|=score|=grade|tong diem|so diem"},
    {BIT(RESULTS) | BIT(ATTENDANCE), TABLE_ACCOUNT,
     "tai khoan|ten dang nhap|username|user name|=account|=user"},
    {BIT(ATTENDANCE), TABLE_PRESENT, "co mat|diem danh|tham du|=present|=attended|hien dien"},
    {BIT(ATTENDANCE), TABLE_DATE,
     "=ngay|ngay hoc|ngay tham|ngay to chuc|thoi gian|buoi hoc|=date|=day"},
    {BIT(ATTENDANCE), TABLE_CLASS,
     "=lop|lop hoc|ten lop|ma lop|lop so|lop tap huan|lop boi duong|=class"},
    {BIT(HEADCOUNT), TABLE_AUDIENCE, "=doi tuong|doi tuong tham|=audience"},
    {BIT(HEADCOUNT),
     TABLE_COUNT, "=so luot nguoi|=so luong|=so nguoi|=so luot|=luot nguoi|=count|=so luot nguoi tham gia|=so nguoi tham gia"},
    {BIT(HEADCOUNT), TABLE_MARK, "^so luong|^so nguoi|^so luot|^luot nguoi|^sl "},
    {BIT(HEADCOUNT),
     TABLE_CLASS, "^hoat dong|^ten hoat dong|^ten cac hoat dong|=lop|ten lop|lop hoc|lop tap huan|=noi dung|=class|=activity"},
    {BIT(HEADCOUNT), TABLE_DATE, "=ngay|ngay to chuc|thoi gian|=date|=day"},
    {BIT(HEADCOUNT) | BIT(ATTENDANCE), TABLE_WAVE, "=dot|ma dot|=wave"},
};

static bool fits(const char *words, const char *text)
{
    while (*words != '\0') {
        size_t length = strcspn(words, "|");
        char word[64];
        memcpy(word, words, length);
        word[length] = '\0';
        if (word[0] == '='   ? strcmp(text, word + 1) == 0
            : word[0] == '^' ? strncmp(text, word + 1, length - 1) == 0
                             : strstr(text, word) != NULL)
            return true;
        words += length + (words[length] == '|');
    }
    return false;
}

static enum table_field field_of_person(const char *heading)
{
    static const enum table_field fields[ROSTER_COLUMN_COUNT] = {
        [ROSTER_NUMBER] = TABLE_NUMBER,      [ROSTER_NAME] = TABLE_NAME,
        [ROSTER_GIVEN] = TABLE_GIVEN,        [ROSTER_BIRTH] = TABLE_BIRTH,
        [ROSTER_CITIZEN] = TABLE_CITIZEN,    [ROSTER_EMAIL] = TABLE_EMAIL,
        [ROSTER_PHONE] = TABLE_PHONE,        [ROSTER_UNIT] = TABLE_UNIT,
        [ROSTER_GROUP] = TABLE_GROUP,        [ROSTER_AUDIENCE] = TABLE_AUDIENCE,
        [ROSTER_INVITED_BY] = TABLE_NO_FIELD};
    enum roster_column column = roster_column_of(heading);
    return column != ROSTER_NO_COLUMN ? fields[column] : TABLE_NO_FIELD;
}

static bool is_said(const struct table_mapping *mapping, const char *heading, enum table_field *field)
{
    char a[512], b[512];
    for (size_t i = 0; mapping != NULL && i < mapping->count; i++) {
        if (text_fold(mapping->items[i].title, a, sizeof(a)) && text_fold(heading, b, sizeof(b)) &&
            strcmp(a, b) == 0) {
            *field = mapping->items[i].field;
            return true;
        }
    }
    return false;
}

/* Somebody said which column it is: no other one is. */
static bool is_taken(const struct table_mapping *mapping, enum table_field field)
{
    for (size_t i = 0; mapping != NULL && i < mapping->count; i++) {
        if (mapping->items[i].field == field)
            return true;
    }
    return false;
}

enum table_field table_field_of(enum files_kind kind, const char *heading,
                                const struct table_mapping *mapping)
{
    enum table_field field = TABLE_NO_FIELD;
    char text[256];
    int32_t day;
    if (is_said(mapping, heading, &field))
        return field;
    if (!text_skeleton(heading, text, sizeof(text)) || text[0] == '\0')
        return TABLE_NO_FIELD;
    if (kind == FILES_ATTENDANCE && table_day(heading, &day))
        return TABLE_MARK;
    for (size_t i = 0; i < ARRAY_LEN(rules) && field == TABLE_NO_FIELD; i++) {
        if (((rules[i].kinds >> kind) & 1U) && fits(rules[i].words, text))
            field = rules[i].field;
    }
    if (field == TABLE_NO_FIELD)
        field = field_of_person(heading);
    return is_taken(mapping, field) ? TABLE_NO_FIELD : field;
}

void table_audience(const char *text, char out[64])
{
    static const struct {
        const char *words, *code;
    } known[] = {
        {"to cong nghe so|cnscd|to cns", "to-cong-nghe-so"},
        {"nguoi dan|cong dan", "nguoi-dan"},
        {"cb cc|cbcc|can bo|cong chuc|vien chuc|nhdkct|nguoi hoat dong khong chuyen trach",
         "cbccvc"},
    };
    char words[256];
    if (!text_skeleton(text, words, sizeof(words)))
        words[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (fits(known[i].words, words)) {
            (void)snprintf(out, 64, "%s", known[i].code);
            return;
        }
    }
    size_t length = 0;
    for (const char *p = words; *p != '\0' && length < 60; p++)
        out[length++] = *p == ' ' ? '-' : *p;
    while (length > 0 && ((unsigned char)out[length - 1] >= 0x80 || out[length - 1] == '-'))
        length--;
    out[length] = '\0';
}
