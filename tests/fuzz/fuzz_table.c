/* Bytes of anything as a text file in any encoding, read as results, attendance and head counts: each is read or refused with a
 * reason, and what comes out is valid, within its bounds, and names no person. The first byte says kind and encoding. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/json.h"
#include "../../ingest/files/table_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct reference *reference;
static struct hmac *hmac;
static char path[64];

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void set_up(void)
{
    struct error err = {0};
    reference = reference_load("config/hagiang-2023", NULL, NULL, &err);
    hmac = hmac_new("0123456789abcdef0123456789abcdef", 32, &err);
    (void)snprintf(path, sizeof(path), "/tmp/fuzz_table_%ld.csv", (long)getpid());
    must(reference != NULL && hmac != NULL);
}

static void check_fact(void *context, const struct table_fact *fact)
{
    const struct table_row *row = context;
    struct text_buffer text = {0};
    const struct event *e = &fact->event;
    must(strlen(e->entity) <= EVENT_MAX_KEY && strlen(fact->substream) < TABLE_SUBSTREAM);
    must(e->subject == NULL || strlen(e->subject) <= EVENT_MAX_KEY);
    event_encode_data(e, &text);
    must(utf8_valid(text.data, text.length));
    must(strchr(row->cell[TABLE_EMAIL], '@') == NULL ||
         strstr(text.data, row->cell[TABLE_EMAIL]) == NULL);
    text_buffer_free(&text);
}

static void check_table(const struct sheet_book *book, enum files_kind kind)
{
    struct error err = {0};
    struct table_list *list = table_read(book, kind, NULL, &err);
    must(list != NULL || err.kind == ERROR_DATA);
    for (size_t i = 0; list != NULL && i < list->row_count; i++) {
        const struct table_origin origin = {hmac,           reference, kind,       "daotao", NULL,
                                            "DA06-2023-HG", "",        "import-1", "f.csv",  ""};
        struct table_reject reject = {0};
        bool fine = table_map(&origin, &list->rows[i], check_fact, &list->rows[i], &reject);
        must(fine == (reject.reason == NULL));
        must(utf8_valid(reject.detail, strlen(reject.detail)));
    }
    table_free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum files_kind kinds[] = {FILES_RESULTS, FILES_ATTENDANCE, FILES_HEADCOUNT};
    struct error err = {0};
    if (reference == NULL)
        set_up();
    if (size == 0)
        return 0;
    FILE *file = fopen(path, "wb");
    must(file != NULL && fwrite(data + 1, 1, size - 1, file) == size - 1 && fclose(file) == 0);
    struct sheet_book *book =
        sheet_open_as(path, (enum text_encoding)(data[0] / 3 % (ENCODING_VNI + 1)), &err);
    (void)unlink(path);
    if (book == NULL) {
        must(err.kind == ERROR_SOURCE && err.message[0] != '\0');
        return 0;
    }
    for (size_t row = 0; row < sheet_rows(book, 0); row++) {
        for (size_t c = 0; c < sheet_columns(book, 0, row); c++)
            must(utf8_valid(sheet_cell(book, 0, row, c), strlen(sheet_cell(book, 0, row, c))));
    }
    check_table(book, kinds[data[0] % 3]);
    sheet_free(book);
    return 0;
}
