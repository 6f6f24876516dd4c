/* Sweeps of lists that have not changed since the last one: a request, a mark, and nothing to read. */
#include "job.h"

bool job_may_skip(const struct job *j)
{
    const struct conclusion *last = &job_place(j)->sweep;
    return last->known && conclusion_stands(last, j->p, j->stream, j->course);
}

bool job_unchanged(void *context, int64_t server_time_us)
{
    struct job *j = context;
    j->unchanged = job_may_skip(j);
    if (!j->unchanged)
        return false;
    j->started_us = server_time_us;
    job_begin_sweep(j);
    shard_sweep_is_rest(j->sweep,
                        shard_substream_entities(j->p->shard, j->spec, j->p->base.name,
                                                 platform_substream(j->p, j->stream, j->course)));
    return true;
}

void job_conclude(struct job *j, bool ended)
{
    struct platform *p = j->p;
    struct place *place = job_place(j);
    if (j->unchanged)
        return;
    place->sweep.known = false;
    if (!ended || !j->may_conclude || !j->has_validator || place->missed || place->held ||
        shard_substream_rejected(p->shard, &p->settings.streams[j->stream].spec, p->base.name,
                                 platform_substream(p, j->stream, j->course)) > 0 ||
        !conclusion_stands(&j->reading, p, j->stream, j->course))
        return;
    http_remember(p->origin, &j->validator);
    place->sweep = j->reading;
    place->sweep.known = true;
}
