#include "file_reader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "template_example.h"

struct file_reader {
    pthread_t thread;
    bool started;
    atomic_bool done;
    char path[4096];
    struct file_format format;
    struct roster_settings settings;
    struct file_contents out;
};

static void read_file(struct file_reader *r)
{
    struct sheet_book *book = sheet_open_as(r->path, r->format.encoding, &r->out.err);
    if (book == NULL)
        return;
    r->out.book = book;
    (void)snprintf(r->out.encoding, sizeof(r->out.encoding), "%s", sheet_encoding(book));
    r->out.sheet_names = calloc(sheet_count(book) + 1, sizeof(char *));
    if (r->out.sheet_names == NULL)
        abort();
    for (; r->out.sheet_count < sheet_count(book); r->out.sheet_count++) {
        r->out.sheet_names[r->out.sheet_count] = strdup(sheet_name(book, r->out.sheet_count));
        if (r->out.sheet_names[r->out.sheet_count] == NULL)
            abort();
    }
    if (r->format.leave_examples)
        r->out.example_rows =
            template_leave_out_examples(book, r->format.kind, r->settings.reference);
    if (r->format.corrections)
        r->out.corrections = correction_read(book, &r->out.err);
    else if (r->format.kind == FILES_ROSTER)
        r->out.roster = roster_read(book, &r->settings, &r->out.err);
    else if (r->format.kind == FILES_TOTALS)
        r->out.totals = totals_read(book, r->settings.reference, &r->out.err);
    else {
        if (r->format.kind == FILES_HEADCOUNT)
            sheet_read_merges(book, r->path);
        r->out.table = table_read(book, r->format.kind, r->format.columns, &r->out.err);
    }
    if (r->out.err.kind == ERROR_DATA && r->out.example_rows > 0)
        (void)error_tell_plain(
            &r->out.err, ERROR_DATA, false,
            "tệp chỉ có dòng ví dụ của biểu mẫu: thay dòng đó bằng dữ liệu của đơn vị rồi gửi lại",
            "the file has nothing but the example row of the template: put your own data in its "
            "place and send it again");
}

static void *run(void *context)
{
    struct file_reader *reader = context;
    read_file(reader);
    atomic_store_explicit(&reader->done, true, memory_order_release);
    return NULL;
}

struct file_reader *file_reader_start(const char *path, const struct file_format *format,
                                      const struct roster_settings *settings)
{
    struct file_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL)
        abort();
    (void)snprintf(reader->path, sizeof(reader->path), "%s", path);
    reader->format = *format;
    if (settings != NULL)
        reader->settings = *settings;
    reader->started = pthread_create(&reader->thread, NULL, run, reader) == 0;
    if (!reader->started) {
        (void)error_set(&reader->out.err, ERROR_INTERNAL, true, "cannot start a thread");
        atomic_store(&reader->done, true);
    }
    return reader;
}

const struct file_contents *file_reader_done(struct file_reader *reader)
{
    return atomic_load_explicit(&reader->done, memory_order_acquire) ? &reader->out : NULL;
}

const struct file_contents *file_reader_wait(struct file_reader *reader)
{
    if (reader->started)
        (void)pthread_join(reader->thread, NULL);
    reader->started = false;
    return &reader->out;
}

void file_reader_free(struct file_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->started)
        (void)pthread_join(reader->thread, NULL);
    roster_free(reader->out.roster);
    totals_free(reader->out.totals);
    correction_free(reader->out.corrections);
    table_free(reader->out.table);
    sheet_free(reader->out.book);
    for (size_t i = 0; i < reader->out.sheet_count; i++)
        free(reader->out.sheet_names[i]);
    free(reader->out.sheet_names);
    free(reader);
}
