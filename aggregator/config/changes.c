#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "folder_json.h"
#include "sql.h"

#define MOST_LINES 12 /* of one thing newly added */

enum column {
    COLUMN_CLASS,
    COLUMN_THING,
    COLUMN_CODE,
    COLUMN_CHANGE,
    COLUMN_DETAIL,
    COLUMN_CODE_VI, /* NULL: as it is */
    COLUMN_DETAIL_VI,
};

struct config_changes {
    struct pg_rows *rows;
};

static const char *const class_name[CHANGE_CLASS_COUNT] = {"label", "addition", "generation",
                                                           "fault"};
static const struct {
    const char *vi, *en;
} class_heading[CHANGE_CLASS_COUNT] = {
    {"tên gọi, có hiệu lực ngay", "labels, in effect at once"},
    {"thêm vào những gì được đếm", "additions to what is counted"},
    {"thay đổi những gì đã đếm: phải tính lại toàn bộ thành một phiên bản số liệu mới "
     "(mooc-aggregator replay start --folder THƯ-MỤC; replay start --config THƯ-MỤC cũng vậy)",
     "changes of what is already counted: all figures are counted anew for them, as a new "
     "generation (mooc-aggregator replay start --folder DIR; replay start --config DIR is the "
     "same)"},
    {"lỗi", "faults"},
};

/* What sql/config_diff.sql and the pairs before it say, in Vietnamese; what is not here is said as it is. */
static const struct {
    const char *en, *vi;
} words[] = {
    {"unit", "đơn vị"},
    {"line", "quan hệ quản lý"},
    {"name of training", "tên khóa"},
    {"name of wave", "tên đợt"},
    {"name of audience", "tên đối tượng"},
    {"name of inviter", "tên nơi mời"},
    {"target", "chỉ tiêu"},
    {"staff", "biên chế"},
    {"day", "ngày"},
    {"training", "khóa"},
    {"wave", "đợt"},
    {"course", "khóa học trên nền tảng"},
    {"added", "thêm"},
    {"changed", "sửa"},
    {"removed", "bỏ"},
    {"people are counted in it: keep it and set valid_to",
     "đang có người được đếm ở đó: hãy giữ lại và ghi valid_to"},
    {"events that are already counted mention it", "đã có sự kiện được đếm nhắc đến"},
    {"accounts of this platform are already counted, and the training had no course on it",
     "tài khoản của nền tảng này đã được đếm, còn khóa thì chưa có khóa học nào ở đó"},
    {"figures are counted with it", "số liệu đang được đếm theo đó"},
};

static const char *word_of(const struct teller *to, const char *en)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].en, en) == 0)
            return TELL(to, words[i].vi, en);
    return en;
}

bool config_changes_stage(struct pg *pg, const struct reference *reference, struct error *err)
{
    if (!pg_run(pg, sql_config_folder_table, err))
        return false;
    struct text_buffer json = {0};
    folder_json(reference, &json);
    const char *parameters[] = {json.data};
    struct pg_rows *rows = pg_query(pg, sql_config_folder_put, 1, parameters, err);
    text_buffer_free(&json);
    if (rows == NULL)
        return false;
    pg_rows_free(rows);
    return pg_run(pg, sql_config_stage, err);
}

struct config_changes *config_changes_find(struct pg *pg, struct error *err)
{
    if (!pg_run(pg, sql_config_pairs_labels, err) || !pg_run(pg, sql_config_pairs_counted, err))
        return NULL;
    struct pg_rows *rows = pg_query(pg, sql_config_diff, 0, NULL, err);
    if (rows == NULL)
        return NULL;
    struct config_changes *changes = malloc(sizeof(*changes));
    if (changes == NULL)
        abort();
    changes->rows = rows;
    return changes;
}

int64_t config_changes_store(struct pg *pg, const struct reference *reference, struct error *err)
{
    char fingerprint[33];
    reference_fingerprint(reference, fingerprint);
    const char *parameters[] = {fingerprint};
    struct pg_rows *rows = pg_query(pg, sql_config_new_version, 1, parameters, err);
    if (rows == NULL)
        return -1;
    int64_t version = pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return pg_run(pg, sql_config_store_version, err) ? version : -1;
}

void config_changes_free(struct config_changes *changes)
{
    if (changes == NULL)
        return;
    pg_rows_free(changes->rows);
    free(changes);
}

static bool is_of(const struct config_changes *changes, size_t row, enum change_class of_class)
{
    return strcmp(pg_rows_value(changes->rows, row, COLUMN_CLASS), class_name[of_class]) == 0;
}

size_t config_changes_count(const struct config_changes *changes, enum change_class of_class)
{
    size_t count = 0;
    for (size_t i = 0; i < pg_rows_count(changes->rows); i++)
        count += is_of(changes, i, of_class);
    return count;
}

static bool same(const struct config_changes *changes, size_t a, size_t b, enum column column)
{
    return strcmp(pg_rows_value(changes->rows, a, column),
                  pg_rows_value(changes->rows, b, column)) == 0;
}

/* How many rows from this one on are the same class, thing and change (rows come ordered by thing). */
static size_t run_length(const struct config_changes *changes, size_t row)
{
    size_t next = row + 1;
    while (next < pg_rows_count(changes->rows) && same(changes, row, next, COLUMN_CLASS) &&
           same(changes, row, next, COLUMN_THING) && same(changes, row, next, COLUMN_CHANGE))
        next++;
    return next - row;
}

static void print_row(const struct config_changes *changes, const struct teller *to, size_t row,
                      FILE *out)
{
    const char *code = pg_rows_value(changes->rows, row, COLUMN_CODE),
               *detail = word_of(to, pg_rows_value(changes->rows, row, COLUMN_DETAIL));
    const char *code_vi = pg_rows_value(changes->rows, row, COLUMN_CODE_VI),
               *detail_vi = pg_rows_value(changes->rows, row, COLUMN_DETAIL_VI);
    if (to->vietnamese && code_vi)
        code = code_vi;
    if (to->vietnamese && detail_vi)
        detail = detail_vi;
    fprintf(out, "  %s %s: %s%s%s\n", word_of(to, pg_rows_value(changes->rows, row, COLUMN_THING)),
            code, word_of(to, pg_rows_value(changes->rows, row, COLUMN_CHANGE)),
            detail[0] != '\0' ? ", " : "", detail);
}

static void print_class(const struct config_changes *changes, const struct teller *to,
                        enum change_class of_class, FILE *out)
{
    size_t count = config_changes_count(changes, of_class);
    if (count == 0)
        return;
    fprintf(out, "%s (%zu):\n", TELL(to, class_heading[of_class].vi, class_heading[of_class].en),
            count);
    for (size_t row = 0; row < pg_rows_count(changes->rows);) {
        size_t length = is_of(changes, row, of_class) ? run_length(changes, row) : 0;
        const char *change = pg_rows_value(changes->rows, row, COLUMN_CHANGE);
        if (length > MOST_LINES && strcmp(change, "added") == 0 &&
            (of_class == CHANGE_LABEL || of_class == CHANGE_ADDITION)) {
            fprintf(out, "  %s: %zu %s\n",
                    word_of(to, pg_rows_value(changes->rows, row, COLUMN_THING)), length,
                    word_of(to, change));
        } else {
            for (size_t i = 0; i < length; i++)
                print_row(changes, to, row + i, out);
        }
        row += length > 0 ? length : 1;
    }
}

void config_changes_print(const struct config_changes *changes, const struct teller *to, FILE *out)
{
    for (int i = 0; i < CHANGE_CLASS_COUNT; i++)
        print_class(changes, to, (enum change_class)i, out);
}
