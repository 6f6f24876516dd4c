/* What the shard's state knows of streams and sub-streams, from whichever process read them last. */
#include <string.h>

#include "shard_internal.h"

static const struct substream *find(const struct shard *shard, const struct stream_spec *stream,
                                    const char *source, const char *substream)
{
    return shard->memory ? memory_find_substream(shard->memory, source, stream->name, substream)
                         : NULL;
}

int64_t shard_substream_entities(const struct shard *shard, const struct stream_spec *stream,
                                 const char *source, const char *substream)
{
    const struct substream *found = find(shard, stream, source, substream);
    return found ? found->in_force : 0;
}

int64_t shard_stream_entities(const struct shard *shard, const struct stream_spec *stream,
                              const char *source)
{
    int64_t count = 0;
    for (uint32_t i = 0; shard->memory && i < shard->memory->substream_count; i++) {
        const struct substream *s = shard->memory->substreams[i];
        if (strcmp(s->kept.stream, stream->name) == 0 && strcmp(s->kept.source, source) == 0)
            count += s->in_force;
    }
    return count;
}

int64_t shard_substream_through(const struct shard *shard, const struct stream_spec *stream,
                                const char *source, const char *substream)
{
    const struct substream *found = find(shard, stream, source, substream);
    return found ? found->kept.through_us : 0;
}

int64_t shard_substream_rejected(const struct shard *shard, const struct stream_spec *stream,
                                 const char *source, const char *substream)
{
    const struct substream *found = find(shard, stream, source, substream);
    return found ? found->dead : 0;
}

uint64_t shard_substream_changes(const struct shard *shard, const struct stream_spec *stream,
                                 const char *source, const char *substream)
{
    const struct substream *found = find(shard, stream, source, substream);
    return found ? found->changes : 0;
}
