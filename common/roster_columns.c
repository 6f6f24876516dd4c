#include "roster_columns.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

#define HEADER_WORDS 128 /* of a longer title the beginning names the column */
#define SEARCH_ROWS 200

enum match { EXACT, PREFIX, ANYWHERE };

static const struct rule {
    enum roster_column column;
    enum match match;
    const char *words;
} rules[] = {
    {ROSTER_NUMBER, EXACT, "tt|stt|so tt|no|so thu tu"},
    {ROSTER_NO_COLUMN, PREFIX, "ngay cap|noi cap|ngay vao|chuc vu|chuc danh|gioi tinh|trinh do"},
    {ROSTER_NAME, EXACT, "ho|ho dem|ho va dem|ho lot|ho va ten dem|ho ten dem|ho va ten lot"},
    {ROSTER_GIVEN, EXACT, "ten"},
    {ROSTER_NAME, ANYWHERE, "ho va ten|ho ten|ho v ten"},
    {ROSTER_NAME, EXACT, "ten hoc vien|hoc vien|full name|name|ten can bo"},
    {ROSTER_EMAIL, ANYWHERE, "email|e mail|thu dien tu|gmail|hop thu"},
    {ROSTER_EMAIL, EXACT, "mail|dia chi mail|mail cong vu|mail ca nhan|thu cong vu|hom thu"},
    {ROSTER_PHONE, ANYWHERE, "dien thoai|sdt|so dt|di dong|phone|so lien lac|so lien he"},
    {ROSTER_PHONE, EXACT, "dt|tel|dtdd|mobile"},
    {ROSTER_CITIZEN, ANYWHERE, "cccd|cmnd|can cuoc|dinh danh|chung minh|cmtnd|citizen"},
    {ROSTER_CITIZEN, EXACT, "cmt|so cmt|cc|so cc"},
    {ROSTER_BIRTH, ANYWHERE, "ngay sinh|nam sinh|thang sinh|sinh ngay|date of birth|birth date"},
    {ROSTER_BIRTH, EXACT, "ntns|dob"},
    {ROSTER_GROUP, EXACT, "to|nhom|so to|to nhom|to hoc|thuoc to|nhom hoc tap|group"},
    {ROSTER_GROUP, PREFIX, "to hoc tap|to so|to hoc vien"},
    {ROSTER_AUDIENCE, ANYWHERE, "doi tuong"},
    {ROSTER_AUDIENCE, EXACT, "audience|thanh phan"},
    {ROSTER_INVITED_BY, ANYWHERE,
     "don vi moi|co quan moi|to chuc moi|doan the moi|invited by|inviting"},
    {ROSTER_INVITED_BY, ANYWHERE, "don vi gioi thieu|co quan gioi thieu|to chuc gioi thieu"},
    {ROSTER_INVITED_BY, EXACT, "moi boi|gioi thieu boi|noi gioi thieu|inviter"},
    {ROSTER_UNIT, PREFIX, "don vi|co quan|noi cong tac|noi lam viec|ten don vi|ten co quan|unit"},
    {ROSTER_UNIT, ANYWHERE, "don vi cong tac"},
};

static bool rule_holds(enum match match, const char *words, const char *text)
{
    while (*words != '\0') {
        size_t length = strcspn(words, "|");
        char word[40];
        memcpy(word, words, length);
        word[length] = '\0';
        if (match == EXACT    ? strcmp(text, word) == 0
            : match == PREFIX ? strncmp(text, word, length) == 0
                              : strstr(text, word) != NULL)
            return true;
        words += length + (words[length] == '|');
    }
    return false;
}

/* The rule that the first `length` bytes of a title fit; NULL. */
static const struct rule *rule_of(const char *cell, size_t length)
{
    char part[HEADER_WORDS], text[HEADER_WORDS];
    if (length >= sizeof(part)) {
        length = sizeof(part) - 1;
        while (length > 0 && ((unsigned char)cell[length] & 0xC0U) == 0x80U)
            length--;
    }
    memcpy(part, cell, length);
    part[length] = '\0';
    if (!text_skeleton(part, text, sizeof(text)) || text[0] == '\0')
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        if (rule_holds(rules[i].match, rules[i].words, text))
            return &rules[i];
    }
    return NULL;
}

/* "Họ" is a title, Hồ a family. */
static bool is_family_name(const char *cell)
{
    char bare[8], folded[16];
    return strlen(cell) < sizeof(folded) && text_skeleton(cell, bare, sizeof(bare)) &&
           strcmp(bare, "ho") == 0 && text_fold(cell, folded, sizeof(folded)) &&
           strcmp(folded, "họ") != 0 && strcmp(folded, "ho") != 0;
}

/* "Đơn vị mới" is where somebody works now, Đơn vị mời who invited. */
static bool says_new(const char *cell)
{
    char folded[HEADER_WORDS * 2];
    return text_fold(cell, folded, sizeof(folded)) && strstr(folded, "mới") != NULL;
}

enum roster_column roster_column_of(const char *cell)
{
    if (strchr(cell, '@') != NULL || is_family_name(cell))
        return ROSTER_NO_COLUMN;
    /* "Ngày sinh (theo CCCD)": what stands in brackets only explains, unless it is all there is. */
    const struct rule *rule = rule_of(cell, strcspn(cell, "("));
    if (rule == NULL)
        rule = rule_of(cell, strlen(cell));
    if (rule == NULL)
        return ROSTER_NO_COLUMN;
    return rule->column == ROSTER_INVITED_BY && says_new(cell) ? ROSTER_UNIT : rule->column;
}

/* Adds what the row names to columns that are still absent; returns how many it added. */
static size_t take_names(const struct sheet_book *book, size_t sheet, size_t row,
                         struct roster_columns *columns)
{
    size_t added = 0;
    for (size_t c = 0; c < sheet_columns(book, sheet, row); c++) {
        enum roster_column column = roster_column_of(sheet_cell(book, sheet, row, c));
        if (column == ROSTER_NO_COLUMN || columns->at[column] != ROSTER_ABSENT)
            continue;
        columns->at[column] = c;
        added++;
    }
    return added;
}

static bool is_blank_cell(const struct sheet_book *book, size_t sheet, size_t row, size_t column)
{
    char text[8];
    const char *cell = sheet_cell(book, sheet, row, column);
    return cell[0] == '\0' ||
           (strlen(cell) < sizeof(text) && text_clean(cell, text, sizeof(text)) && text[0] == '\0');
}

/* "(1) (2) (3)", "1 2 3", "A B C": numbers of columns below the header. */
static bool numbers_columns(const struct sheet_book *book, size_t sheet, size_t row, size_t name)
{
    size_t numbered = 0;
    for (size_t c = 0; c < sheet_columns(book, sheet, row); c++) {
        char text[HEADER_WORDS];
        if (is_blank_cell(book, sheet, row, c))
            continue;
        if (!text_skeleton(sheet_cell(book, sheet, row, c), text, sizeof(text)))
            return false;
        size_t digits = strspn(text, "0123456789");
        bool one_letter = isalpha((unsigned char)text[0]) && text[1] == '\0';
        if (!one_letter && (digits == 0 || digits > 2 || text[digits] != '\0'))
            return false;
        numbered++;
    }
    return numbered >= 2 && !is_blank_cell(book, sheet, row, name);
}

/* "Họ và tên" merged over two columns: family and middle name in the first, given name in the second. */
static void split_name(const struct sheet_book *book, size_t sheet, struct roster_columns *columns)
{
    size_t name = columns->at[ROSTER_NAME], given = name + 1, names = 0, both = 0;
    if (columns->at[ROSTER_GIVEN] != ROSTER_ABSENT)
        return;
    for (size_t i = 0; i < ROSTER_COLUMN_COUNT; i++) {
        if (columns->at[i] == given)
            return;
    }
    for (size_t row = columns->header_row; row < columns->first_row; row++) {
        /* The line of column numbers may number it. */
        if (!is_blank_cell(book, sheet, row, given) && !numbers_columns(book, sheet, row, name))
            return;
    }
    for (size_t row = columns->first_row; row < sheet_rows(book, sheet); row++) {
        names += !is_blank_cell(book, sheet, row, name);
        both += !is_blank_cell(book, sheet, row, name) && !is_blank_cell(book, sheet, row, given);
    }
    if (both > 0 && both * 2 > names)
        columns->at[ROSTER_GIVEN] = given;
}

/* The line below a header's first one: "Email" and "Điện thoại" below "Liên hệ", "Họ đệm" and "Tên" below "Họ và tên". */
static bool is_second_line(const struct sheet_book *book, size_t sheet, size_t row, size_t name)
{
    if (is_blank_cell(book, sheet, row, name))
        return true;
    return roster_column_of(sheet_cell(book, sheet, row, name)) == ROSTER_NAME &&
           roster_column_of(sheet_cell(book, sheet, row, name + 1)) == ROSTER_GIVEN &&
           is_blank_cell(book, sheet, row - 1, name + 1);
}

static bool has_text_below(const struct sheet_book *book, size_t sheet, size_t row, size_t column)
{
    for (row++; row < sheet_rows(book, sheet); row++) {
        if (!is_blank_cell(book, sheet, row, column))
            return true;
    }
    return false;
}

/* "Đơn vị" and "Tổ" merged down from the line above, where "Thông tin học viên" stands over "Họ và tên". A letterhead ("Đơn vị: Sở Y
 * tế") and the last person of a page are no such line. Adds columns that are still absent; returns how many. */
static size_t take_line_above(const struct sheet_book *book, size_t sheet, size_t row,
                              struct roster_columns *columns)
{
    size_t added = 0;
    if (row == 0)
        return 0;
    for (size_t c = 0; c < sheet_columns(book, sheet, row - 1); c++) {
        const char *cell = sheet_cell(book, sheet, row - 1, c);
        enum roster_column column = roster_column_of(cell);
        if (column == ROSTER_NO_COLUMN || columns->at[column] != ROSTER_ABSENT ||
            strpbrk(cell, ":0123456789") != NULL || !is_blank_cell(book, sheet, row, c) ||
            !has_text_below(book, sheet, row, c))
            continue;
        columns->at[column] = c;
        added++;
    }
    return added;
}

static bool header_at(const struct sheet_book *book, size_t sheet, size_t row,
                      struct roster_columns *columns)
{
    struct roster_columns found;
    for (size_t i = 0; i < ROSTER_COLUMN_COUNT; i++)
        found.at[i] = ROSTER_ABSENT;
    size_t known = take_names(book, sheet, row, &found);
    if (found.at[ROSTER_NAME] == ROSTER_ABSENT)
        return false;
    struct roster_columns deeper = found;
    size_t below = 0, name = found.at[ROSTER_NAME];
    if (is_second_line(book, sheet, row + 1, name))
        below = take_names(book, sheet, row + 1, &deeper);
    if (below > 0)
        found = deeper;
    size_t above = take_line_above(book, sheet, row, &found);
    if (known + below + above < 2)
        return false;
    found.header_row = row - (above > 0);
    found.first_row = row + 1 + (below > 0);
    if (numbers_columns(book, sheet, found.first_row, name))
        found.first_row++;
    split_name(book, sheet, &found);
    *columns = found;
    return true;
}

bool roster_is_header(const struct sheet_book *book, size_t sheet, size_t row,
                      struct roster_columns *columns)
{
    struct roster_columns found;
    /* "Học viên" over "Họ và tên": the lower one's row is the header, this one only its first line. */
    if (!header_at(book, sheet, row, columns))
        return false;
    return !header_at(book, sheet, row + 1, &found) || found.header_row != row;
}

bool roster_find_header(const struct sheet_book *book, size_t sheet, size_t from,
                        struct roster_columns *columns)
{
    size_t end = sheet_rows(book, sheet);
    if (end > from + SEARCH_ROWS)
        end = from + SEARCH_ROWS;
    for (size_t row = from; row < end; row++) {
        if (roster_is_header(book, sheet, row, columns))
            return true;
    }
    return false;
}
