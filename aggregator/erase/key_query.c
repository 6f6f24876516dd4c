#include "key_query.h"

#include <stdlib.h>

#include "../../common/text_buffer.h"
#include "../write/store.h"

static void add_hex(struct text_buffer *out, const uint8_t *bytes, size_t count)
{
    char hex[33];
    hex_encode(bytes, count, hex);
    text_buffer_add(out, hex, 2 * count);
}

char *erase_array(const struct key_list *keys)
{
    struct text_buffer out = {0};
    text_buffer_add(&out, "{", 1);
    for (size_t i = 0; i < keys->count; i++) {
        uint8_t bytes[16];
        key128_store(keys->keys[i], bytes);
        text_buffer_add(&out, ",", i > 0);
        add_hex(&out, bytes, sizeof(bytes));
    }
    text_buffer_add(&out, "}", 1);
    return out.data;
}

struct pg_rows *erase_query(struct pg *pg, const char *sql, int generation, size_t count,
                            const char *const *parameters, struct error *err)
{
    char *text = store_sql(sql, generation);
    struct pg_rows *rows = pg_query(pg, text, count, parameters, err);
    free(text);
    return rows;
}

bool erase_number(struct pg *pg, const char *sql, int generation, const struct key_list *keys,
                  int64_t *out, struct error *err)
{
    char *array = erase_array(keys);
    struct pg_rows *rows = erase_query(pg, sql, generation, 1, (const char *const[]){array}, err);
    free(array);
    if (rows)
        *out = pg_rows_integer(rows, 0, 0, 0);
    pg_rows_free(rows);
    return rows != NULL;
}

struct key128 erase_key_of(const char *uuid)
{
    char hex[33] = {0};
    uint8_t bytes[16] = {0};
    for (size_t i = 0; *uuid && i < 32; uuid++)
        if (*uuid != '-')
            hex[i++] = *uuid;
    if (!hex_decode(hex, sizeof(bytes), bytes))
        abort(); /* PostgreSQL writes uuids in one way */
    return key128_load(bytes);
}

void erase_add_once(struct key_list *list, struct key128 key)
{
    for (size_t i = 0; i < list->count; i++)
        if (key128_equal(list->keys[i], key))
            return;
    key_list_add(list, key);
}

bool erase_refuse_shared(struct error *err)
{
    return error_tell_plain(
        err, ERROR_STATE, false,
        "số định danh đã nêu có trên các dòng khác họ tên hoặc khác số CCCD (e-mail chung của cơ "
        "quan, điện thoại của gia đình), nên không rõ là ai: hãy nêu số định danh của riêng người "
        "đó",
        "an identifier given stands on rows of different names or citizen numbers (an office "
        "e-mail, a family phone): it says not who is meant. Give one that is the person's alone");
}
