#include "shard_checks.h"

#include <string.h>

#define CLOCK_LIMIT_US INT64_C(5000000)

bool shard_check_meta(const struct shard_settings *s, const struct state_meta *meta, struct error *err)
{
    if (meta->key_version != s->key_version)
        return error_tell(
            err, ERROR_CONFIG, false,
            "phần %d của dữ liệu đã biết dùng khóa phiên bản %lld, máy này dùng phiên "
            "bản %lld: đặt hmac_key_version là %lld và đưa đủ tệp khóa của mọi phiên "
            "bản (bản sau nằm cạnh bản đầu, tên thêm số phiên bản)",
            "part %d of what is known is at key version %lld, this instance at %lld: set "
            "hmac_key_version to %lld and give it the key files of all versions (the "
            "later ones stand beside the first, with the version behind the name)",
            (int)s->partition, (long long)meta->key_version, (long long)s->key_version,
            (long long)meta->key_version);
    if (strcmp(meta->hmac, s->hmac_fingerprint) != 0)
        return error_tell(
            err, ERROR_CONFIG, false,
            "phần %d của dữ liệu đã biết được tạo bằng tệp khóa khác (dấu khóa %s, "
            "khóa ở đây %s): dùng khóa này thì ai cũng thành người mới. Hãy đưa đúng "
            "tệp khóa của nó",
            "part %d of what is known was made with another HMAC key (fingerprint %s, "
            "ours %s): with this key everybody would be a new person. Give the key "
            "file that belongs to it",
            (int)s->partition, meta->hmac, s->hmac_fingerprint);
    return true;
}

bool shard_check_log(const char *topic, const struct state_log *stored, const int64_t *lows,
                     const struct state_log *now, bool may_lose_beginning, struct error *err)
{
    for (size_t p = 0; p < stored->count; p++)
        if (p >= now->count || now->ends[p] < stored->ends[p])
            return error_tell(
                err, ERROR_STATE, false,
                "topic %s nay dừng ở vị trí %lld trong phần %zu, trước đây đã đến "
                "%lld: nó bị tạo lại hoặc lấy từ bản sao cũ, và thiếu dữ liệu. Hãy đưa "
                "bản đủ trở lại; nếu đã mất hẳn thì chạy `mooc-ingest state rebuild`: "
                "những gì các nền tảng đang có sẽ được chuyển đi lại",
                "topic %s ends at offset %lld in partition %zu, but reached %lld "
                "before: it was recreated, or restored from an old copy, and events "
                "are missing. Bring the log back; if they are lost for good, run "
                "`mooc-ingest state rebuild`: what the platforms show is then "
                "published anew",
                topic, p < now->count ? (long long)now->ends[p] : 0LL, p, (long long)stored->ends[p]);
    for (size_t p = 0; p < now->count && !may_lose_beginning; p++)
        if (lows[p] > 0)
            return error_tell(
                err, ERROR_STATE, false,
                "topic %s đã mất %lld bản ghi đầu của phần %zu (bị cắt, hoặc Kafka xóa "
                "vì quá hạn giữ): từ đó không tính lại số liệu được nữa. Hãy đưa bản "
                "đủ trở lại, hoặc đặt allow_short_retention nếu phần đã mất có bản xuất "
                "đã kiểm tra",
                "topic %s has lost its first %lld records of partition %zu "
                "(truncated, or deleted by retention): figures can no more be "
                "recomputed from it. Bring the log back, or set "
                "allow_short_retention where a checked export covers what is gone",
                topic, (long long)lows[p], p);
    return true;
}

bool shard_check_clock(int32_t partition, int64_t offset, struct error *err)
{
    if (offset <= CLOCK_LIMIT_US && offset >= -CLOCK_LIMIT_US)
        return true;
    return error_tell(
        err, ERROR_UNREACHABLE, true,
        "đồng hồ máy này lệch %lld ms so với Kafka: phần %d chưa chuyển gì đi cho đến "
        "khi hai bên lệch không quá 5 giây (chỉnh giờ: chrony hoặc NTP)",
        "this machine's clock is off by %lld ms against Kafka's: part %d publishes "
        "nothing until they agree within 5 s (set the clock, chrony or NTP)",
        (long long)(offset / 1000), (int)partition);
}
