#include "receipt.h"

#include <stdio.h>

#include "../../common/clock.h"
#include "sql.h"

void erase_tell_away(const struct erase_people *p, const struct teller *to, struct text_buffer *out)
{
    if (p->away[0])
        text_buffer_add_format(
            out,
            TELL(to,
                 "chưa tìm trong các tháng chỉ còn ở bản xuất kho sự kiện (%s): ai chỉ có tên "
                 "trong danh sách của các tháng đó thì chưa được tìm thấy; chạy `mooc-aggregator "
                 "archive import` "
                 "trước, rồi chạy lại lệnh này\n",
                 "not looked through: months that only an export of the archive holds (%s). Who "
                 "left a list and is named there alone is not found: `mooc-aggregator archive "
                 "import` first, "
                 "then the same command\n"),
            p->away);
}

void erase_describe(const struct erase_people *p, const struct teller *to, struct text_buffer *out)
{
    const char *plural = to->vietnamese || p->people == 1 ? "" : "s";
    text_buffer_add_format(
        out,
        TELL(to,
             "%lld người%s: %lld tài khoản, %lld dòng danh sách, %lld liên kết giữa các số định "
             "danh, %lld mã không còn dữ liệu nào có hiệu lực; có dữ liệu trong %lld khóa học\n",
             "%lld person%s: %lld accounts, %lld rows of lists, %lld links between identifiers, "
             "%lld keys of which nothing is in force any more; facts in %lld trainings\n"),
        (long long)p->people, plural, (long long)p->accounts, (long long)p->listings,
        (long long)p->links, (long long)p->former, (long long)p->trainings);
    erase_tell_away(p, to, out);
}

bool erase_tell_generations(struct pg *pg, const struct key_list *learners, const struct teller *to,
                            struct text_buffer *out, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_generations, 0, NULL, err);
    bool fine = rows != NULL;
    for (size_t i = 0; fine && i < pg_rows_count(rows); i++) {
        int generation = (int)pg_rows_integer(rows, i, 0, 0);
        bool live = *pg_rows_value(rows, i, 1) == 't';
        int64_t left = 0;
        fine = erase_number(pg, sql_erase_left, generation, learners, &left, err);
        text_buffer_add_format(
            out, TELL(to, "  phiên bản số liệu %d%s: %s\n", "  generation %d%s: %s\n"), generation,
            live ? TELL(to, " (đang dùng)", " (shown)") : "",
            left == 0 ? TELL(to, "không còn gì của người đó", "nothing is left of them")
                      : TELL(to,
                             "chưa đếm đến đó: người đó được quên khi có chương trình ghi tiếp "
                             "phiên bản này, hoặc khi nó bị xóa",
                             "not counted so far yet: it forgets them when a program writes it "
                             "again, or when it is dropped"));
    }
    pg_rows_free(rows);
    return fine;
}

bool erase_read_open(struct pg *pg, struct erase_open *out, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_erase_open, 0, NULL, err);
    *out = (struct erase_open){0};
    if (rows) {
        out->learners = pg_rows_integer(rows, 0, 0, 0);
        snprintf(out->since, sizeof(out->since), "%s",
                 out->learners ? pg_rows_value(rows, 0, 1) : "");
    }
    pg_rows_free(rows);
    return rows != NULL;
}

static void tell_open(const struct erase_open *open, const struct teller *to, struct text_buffer *out)
{
    text_buffer_add_format(out,
                           TELL(to,
                                "CHƯA XÓA: %lld mã người học, được chuyển từ %s mà chưa ai đếm; "
                                "biên nhận này không nói về các mã đó\n",
                                "NOT ERASED YET: %lld learner keys, handed over since %s and "
                                "counted by nobody; this receipt is not of them\n"),
                           (long long)open->learners, open->since);
}

static void tell_ingest(const struct erasure_result *r, const struct teller *to,
                        struct text_buffer *out)
{
    text_buffer_add_format(
        out,
        TELL(to,
             "mooc-ingest: đã quên %lld bản ghi, xóa người đó khỏi %lld tệp đang "
             "giữ, bỏ %lld dòng bị loại và %lld địa chỉ e-mail trong danh sách; "
             "từ nay bỏ qua mọi thứ về người đó\n",
             "mooc-ingest: %lld records of its state forgotten; %lld kept files "
             "that named them cleared, %lld rows in quarantine and %lld listed "
             "e-mail addresses removed; drops them from now on\n"),
        (long long)r->entities, (long long)r->copies, (long long)r->rows, (long long)r->addresses);
    if (r->elsewhere > 0)
        text_buffer_add_format(
            out,
            TELL(to,
                 "  %lld trong %lld phần việc của nó do máy khác làm: giao việc này cho cả máy đó "
                 "(--job-out, rồi `mooc-ingest erase TỆP` ở đó)\n",
                 "  %lld of %lld parts of its work are another instance's: give that one the job "
                 "too (--job-out, then `mooc-ingest erase FILE` there)\n"),
            (long long)r->elsewhere, (long long)r->shards);
}

static void tell_rest(const struct teller *to, struct text_buffer *out)
{
    text_buffer_add_text(
        out,
        TELL(
            to,
            "những gì còn lại:\n"
            "  mã băm của từng mã người học, trong sự kiện learner.erased và nơi tra cứu, để người "
            "đó không bị đếm lại\n"
            "  nhật ký Kafka như đã ghi, cho đến lần xuất lại vào một topic mới\n"
            "  các bản xuất kho sự kiện và bản sao lưu có từ trước: xuất lại các tháng đó, để bản "
            "sao lưu cũ hết hạn\n"
            "  số liệu đã chốt cho báo cáo, không thu hồi, và các báo cáo đã in\n"
            "  bản gốc của danh sách, ở các đơn vị đã gửi và trong done/ của thư mục theo dõi\n",
            "what remains:\n"
            "  the hash of each key, in the events learner.erased and where they are looked up, "
            "so that they stay erased\n"
            "  the Kafka log as it was written, until its next re-export into a new topic\n"
            "  exports of the archive and backups made before: export those months again, let old "
            "backups expire\n"
            "  figures closed for a report, which are not recalled, and reports printed\n"
            "  the originals of lists, at the offices that sent them and in the watched folder's "
            "done/\n"));
}

void erase_write_receipt(const struct erase_receipt *r, const struct teller *to,
                         struct text_buffer *out)
{
    char now[CLOCK_LOCAL_SIZE];
    tell_instant(clock_now_us(), to->vietnamese, now);
    text_buffer_add_format(out, TELL(to, "đã xóa %s\n", "erased %s\n"), now);
    if (r->people)
        erase_describe(r->people, to, out);
    text_buffer_add_format(out, TELL(to, "số mã người học: %lld\n", "learner keys: %lld\n"),
                           r->ingest   ? (long long)r->ingest->learners
                           : r->people ? (long long)r->people->subjects.count
                                       : (long long)r->pass->learners.count);
    if (r->ingest)
        tell_ingest(r->ingest, to, out);
    text_buffer_add_format(out, TELL(to, "số liệu:\n%s", "figures:\n%s"), r->generations);
    text_buffer_add_format(
        out,
        TELL(to,
             "kho sự kiện: %lld bản ghi trong %lld tháng chỉ còn vị trí, thời điểm và mã sự kiện; "
             "những gì đến sau chỉ giữ như vậy ngay từ đầu\n",
             "archive: %lld records in %lld months lost all but place, time and id; what comes "
             "later is kept that way from the start\n"),
        (long long)r->pass->rows, (long long)r->pass->months);
    if (r->open && r->open->learners > 0)
        tell_open(r->open, to, out);
    tell_rest(to, out);
}
