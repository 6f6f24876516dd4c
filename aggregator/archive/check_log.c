#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "../../common/tell.h"
#include "../write/log_reader.h"
#include "check.h"
#include "month_rows.h"

#define KAFKA_TIMEOUT_MS 10000
#define SILENT_MS 30000
#define RECORDS_AT_A_TIME 2000
#define ARCHIVE_FIELDS 13

/* One partition of the log, and the export beside it. */
struct side {
    struct archive_reader *reader; /* NULL: nothing of it is compared */
    struct archive_record record;  /* of the export, the next one to be seen */
    enum archive_read read;
    int64_t limit;
    bool differs;
};

struct comparing {
    const struct archive_export *export;
    struct log_reader *log;
    const struct log_partition *partitions;
    size_t count;
    struct side *sides; /* beside partitions */
    struct sha256_stream *sha256;
    struct archive_faults *faults;
    int64_t records;
};

static void advance(struct comparing *c, struct side *side)
{
    struct error err = {0};
    side->read = archive_reader_next(side->reader, &side->record, &err);
    if (side->read != ARCHIVE_READ_FAILED)
        return;
    archive_fault(c->faults, "%s", error_words(&err, c->faults->vietnamese));
    side->differs = true;
}

static void compare(struct comparing *c, const struct archive_record *logged)
{
    struct side *side = &c->sides[0];
    while (side < c->sides + c->count && c->partitions[side - c->sides].partition != logged->partition)
        side++;
    if (side == c->sides + c->count || side->differs || !side->reader)
        return;
    side->differs = true;
    if (side->read != ARCHIVE_READ_RECORD || side->record.offset > logged->offset) {
        archive_fault(c->faults,
                      TELL(c->faults,
                           "phần %d vị trí %" PRId64
                           " có trong nhật ký nhưng không có trong bản xuất",
                           "partition %d offset %" PRId64 " is in the log, but not in the export"),
                      logged->partition, logged->offset);
    } else if (side->record.offset < logged->offset) {
        archive_fault(c->faults,
                      TELL(c->faults,
                           "phần %d vị trí %" PRId64
                           " có trong bản xuất nhưng không có trong nhật ký",
                           "partition %d offset %" PRId64 " is in the export, but not in the log"),
                      logged->partition, side->record.offset);
    } else if (side->record.content != ARCHIVE_ERASED &&
               archive_record_hash(c->sha256, &side->record) !=
                   archive_record_hash(c->sha256, logged)) {
        archive_fault(
            c->faults,
            TELL(c->faults, "phần %d vị trí %" PRId64 " trong nhật ký là bản ghi khác với bản xuất",
                 "partition %d offset %" PRId64 " is another record in the log than in the export"),
            logged->partition, logged->offset);
    } else {
        side->differs = false;
        c->records++;
        advance(c, side);
    }
}

static bool compare_batch(struct comparing *c, struct batch *batch, struct error *err)
{
    struct month_rows rows = {.fields = ARCHIVE_FIELDS};
    struct archive_record logged;
    int got;
    batch_end(batch);
    month_rows_add(&rows, batch->archive->copy.data, batch->archive->copy.length);
    while ((got = month_rows_next(&rows, &logged, err)) > 0)
        compare(c, &logged);
    month_rows_free(&rows);
    return got == 0;
}

/* Where the log begins by now, or the export if that is later; false with err where Kafka does not tell. */
static bool begin(struct comparing *c, struct error *err)
{
    int64_t *limits = must_have(calloc(c->count, sizeof(*limits)));
    int64_t *offsets = must_have(calloc(c->count, sizeof(*offsets)));
    bool ok = true;
    for (size_t i = 0; ok && i < c->count; i++) {
        int64_t first = 0, end = 0;
        struct side *side = &c->sides[i];
        offsets[i] = LOG_NOT_READ;
        if (!c->partitions[i].archived)
            continue;
        ok = log_reader_range(c->log, i, KAFKA_TIMEOUT_MS, &first, &end, err);
        limits[i] = archive_through(c->export, c->partitions[i].partition);
        if (!ok || first >= limits[i])
            continue;
        if (end < limits[i]) {
            archive_fault(
                c->faults,
                TELL(c->faults, "phần %d của nhật ký kết thúc ở %" PRId64 ", bản xuất đến %" PRId64,
                     "partition %d of the log ends at %" PRId64 ", the export reaches %" PRId64),
                c->partitions[i].partition, end, limits[i]);
            continue;
        }
        offsets[i] = first;
        side->limit = limits[i];
        side->reader = archive_reader_new(c->export, c->partitions[i].partition);
        do
            advance(c, side);
        while (side->read == ARCHIVE_READ_RECORD && side->record.offset < first);
    }
    log_reader_limit(c->log, limits);
    ok = ok && log_reader_assign(c->log, offsets, err);
    free(limits);
    free(offsets);
    return ok;
}

static bool read_log(struct comparing *c, struct error *err)
{
    struct batch *batch = batch_new(c->partitions, c->count);
    struct progress *progress = progress_new("comparing with the log", archive_rows(c->export, -1));
    int64_t heard_ms = clock_monotonic_ms();
    bool ok = true;
    progress_at(progress, 0, archive_rows(c->export, -1));
    while (ok && !log_reader_at_limit(c->log)) {
        struct error passing = {0};
        enum log_read read = LOG_READ_RECORD;
        batch_clear(batch, NULL);
        while (batch->records < RECORDS_AT_A_TIME && read == LOG_READ_RECORD)
            read = log_reader_read(c->log, batch, batch->records ? 0 : 100, &passing);
        if (batch->records || batch->reached)
            heard_ms = clock_monotonic_ms();
        progress_add(progress, (int64_t)batch->records);
        ok = compare_batch(c, batch, err);
        if (read == LOG_READ_FAILED && err)
            *err = passing;
        if (read == LOG_READ_FAILED)
            ok = false;
        else if (stop_requested())
            ok = error_stopped(err);
        else if (clock_monotonic_ms() - heard_ms > SILENT_MS)
            ok = error_tell(err, ERROR_UNREACHABLE, true, "Kafka không đưa thêm bản ghi nào: %s",
                            "Kafka gives no more records: %s", passing.message);
    }
    progress_end(progress);
    batch_free(batch);
    return ok;
}

static void look_for_rest(struct comparing *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct side *side = &c->sides[i];
        if (side->reader && !side->differs && side->read == ARCHIVE_READ_RECORD &&
            side->record.offset < side->limit)
            archive_fault(
                c->faults,
                TELL(c->faults,
                     "phần %d vị trí %" PRId64 " có trong bản xuất nhưng không có trong nhật ký",
                     "partition %d offset %" PRId64 " is in the export, but not in the log"),
                c->partitions[i].partition, side->record.offset);
    }
}

static bool same_topic(const struct comparing *c, const struct options *options, struct error *err)
{
    return strcmp(archive_of(c->export)->topic, options_text(options, "events_topic")) == 0 ||
           error_tell(err, ERROR_STATE, false, "bản xuất là của topic %s, events_topic lại là %s",
                      "the export is of topic %s, events_topic is %s", archive_of(c->export)->topic,
                      options_text(options, "events_topic"));
}

bool archive_check_log(const struct archive_export *export, const struct options *options,
                       int64_t *records, struct archive_faults *faults, struct error *err)
{
    struct comparing c = {.export = export, .faults = faults};
    *records = 0;
    if (!same_topic(&c, options, err) || !(c.log = log_reader_new(options, true, err)))
        return false;
    bool ok = log_reader_discover(c.log, KAFKA_TIMEOUT_MS, err);
    if (ok) {
        c.partitions = log_reader_partitions(c.log, &c.count);
        c.sides = must_have(calloc(c.count, sizeof(*c.sides)));
        c.sha256 = sha256_stream_new();
        ok = begin(&c, err) && read_log(&c, err);
        look_for_rest(&c);
    }
    for (size_t i = 0; i < c.count; i++)
        archive_reader_free(c.sides[i].reader);
    free(c.sides);
    sha256_stream_free(c.sha256);
    log_reader_free(c.log);
    *records = c.records;
    return ok;
}
