/* A CSV file of anything as a list of people, a table of totals and a sheet of corrections: each is read or refused with a reason,
 * and what comes out is within its bounds and names no person in what is published. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/json.h"
#include "../../ingest/files/correction_read.h"
#include "../../ingest/files/roster_map.h"
#include "../../ingest/files/totals_read.h"

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
    (void)snprintf(path, sizeof(path), "/tmp/fuzz_roster_%ld.csv", (long)getpid());
    must(reference != NULL && hmac != NULL);
}

static void check_person(const struct roster_list *list, size_t index)
{
    static const struct roster_origin origin = {"lists", "DA06-2023-HG", "import-1", "f.csv"};
    static const struct row_correction none;
    const struct roster_person *p = &list->persons[index];
    struct roster_event mapped;
    struct text_buffer text = {0};
    must(p->row >= 1 && p->email_count <= ROSTER_MAX_EMAILS);
    must(p->same_as == SIZE_MAX || (p->same_as < list->person_count && p->same_as != index));
    if (p->same_as != SIZE_MAX)
        return;
    roster_map(hmac, &origin, p, "", &none, &mapped);
    event_encode_data(&mapped.event, &text);
    must(utf8_valid(text.data, text.length));
    for (size_t i = 0; i < p->email_count; i++)
        must(strstr(text.data, p->emails[i]) == NULL);
    must(p->citizen[0] == '\0' || strstr(text.data, p->citizen) == NULL);
    text_buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    if (reference == NULL)
        set_up();
    FILE *file = fopen(path, "wb");
    must(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    struct sheet_book *book = sheet_open(path, &err);
    (void)unlink(path);
    if (book == NULL) {
        must(err.kind == ERROR_SOURCE && err.message[0] != '\0');
        return 0;
    }
    const struct roster_settings settings = {reference, "HG", NULL};
    struct roster_list *list = roster_read(book, &settings, &err);
    must(list != NULL || err.kind == ERROR_DATA);
    for (size_t i = 0; list != NULL && i < list->person_count; i++)
        check_person(list, i);
    struct totals_list *totals = totals_read(book, reference, &err);
    for (size_t i = 0; totals != NULL && i < totals->row_count; i++)
        must((totals->rows[i].wave == NULL) == (totals->rows[i].reason != NULL));
    struct correction_list *corrections = correction_read(book, &err);
    for (size_t i = 0; corrections != NULL && i < corrections->count; i++)
        must(corrections->corrections[i].row >= 1 && corrections->corrections[i].value != NULL);
    correction_free(corrections);
    totals_free(totals);
    roster_free(list);
    sheet_free(book);
    return 0;
}
