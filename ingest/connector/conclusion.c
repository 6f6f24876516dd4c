#include "conclusion.h"

#include "platform.h"

static uint64_t changes_of(const struct platform *p, size_t stream, size_t course)
{
    return shard_substream_changes(p->shard, &p->connector->streams[stream].spec, p->base.name,
                                   platform_substream(p, stream, course));
}

bool conclusion_of_sweeps(struct platform *p, size_t stream)
{
    const struct stream_rules *rules = p->streams[stream].rules;
    if (!rules->conditional || rules->windowed || rules->lookup_count > 0 ||
        rules->for_each == FOR_ROWS)
        return false;
    for (size_t i = 0; i < p->connector->stream_count; i++)
        if (p->streams[i].asks && stream_hears_of(p->streams[i].rules, stream) && platform_wants(p, i))
            return false;
    return true;
}

struct conclusion conclusion_begin(const struct platform *p, size_t stream, size_t course)
{
    return (struct conclusion){.changes = changes_of(p, stream, course), .meaning = p->meaning};
}

uint64_t conclusion_before(const struct platform *p, size_t stream, size_t course)
{
    return changes_of(p, stream, course);
}

void conclusion_page(struct conclusion *c, const struct platform *p, size_t stream, size_t course,
                     uint64_t before)
{
    c->changes += changes_of(p, stream, course) - before;
}

bool conclusion_stands(const struct conclusion *c, const struct platform *p, size_t stream,
                       size_t course)
{
    return c->meaning == p->meaning && c->changes == changes_of(p, stream, course);
}
