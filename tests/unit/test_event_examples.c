/* The examples of the published contract (schema/events/examples) are what the decoder reads and the encoder writes. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

#include "../../common/event.h"
#include "../../common/json.h"

#define FOLDER "schema/events/examples"

static char *read_file(const char *name, size_t *length)
{
    char path[512];
    snprintf(path, sizeof(path), FOLDER "/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = malloc(64 * 1024);
    assert_non_null(text);
    *length = fread(text, 1, 64 * 1024 - 1, file);
    text[*length] = '\0';
    fclose(file);
    return text;
}

/* The file is indented for people; the log holds one line. Strings of the examples hold no line end. */
static void remove_indentation(char *text, size_t *length)
{
    size_t used = 0;
    bool in_string = false;
    for (size_t i = 0; i < *length; i++) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            in_string = !in_string;
        if (in_string || strchr(" \n", text[i]) == NULL)
            text[used++] = text[i];
    }
    text[used] = '\0';
    *length = used;
}

static void check(const char *name)
{
    size_t length;
    char *text = read_file(name, &length), id[33];
    remove_indentation(text, &length);
    struct event_decoder *decoder = event_decoder_new();
    struct error err = {0};
    struct event e;
    if (!event_decode(decoder, text, length, &e, &err))
        fail_msg("%s: %s", name, err.message);
    assert_int_not_equal(e.type, EVENT_UNKNOWN);
    assert_int_equal(strncmp(name, e.type_name, strlen(e.type_name)), 0);
    event_id(e.source, e.entity, e.revision, id);
    assert_string_equal(id, e.id);
    struct text_buffer data = {0}, whole = {0};
    event_encode_data(&e, &data);
    event_encode(&e, data.data, data.length, &whole);
    assert_string_equal(whole.data, text);
    text_buffer_free(&data);
    text_buffer_free(&whole);
    event_decoder_free(decoder);
    free(text);
}

static void examples_are_read_and_written_byte_for_byte(void **state)
{
    (void)state;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        check(entry->d_name);
        count++;
    }
    closedir(folder);
    assert_int_equal(count, EVENT_TYPE_COUNT - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples_are_read_and_written_byte_for_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
