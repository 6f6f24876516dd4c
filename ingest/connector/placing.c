/* What the log says of an entity does not name its stream. Where it stands matters: absences count in the stream that tells of it, and
 * what vanishes before that was read again would else stay for ever. */
#include "placing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "settings.h"

struct known_source {
    char *name;
    const struct connector *connector;      /* NULL: none */
    const char *texts[CONNECTOR_MAX_NAMES]; /* options that are no secrets */
    bool off[CONNECTOR_MAX_STREAMS];
};

struct placing {
    const struct sources *sources;
    struct known_source *known;
    size_t count, last;
};

struct placing *placing_new(const struct sources *sources)
{
    struct placing *p = must_have(calloc(1, sizeof *p));
    p->sources = sources;
    return p;
}

void placing_free(struct placing *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++)
        free(p->known[i].name);
    free(p->known);
    free(p);
}

static void learn(const struct placing *p, struct known_source *k)
{
    struct source_settings *settings = must_have(calloc(1, sizeof *settings));
    const struct yaml_node *config = NULL;
    const struct connector *c = sources_connector(p->sources, k->name, &config);
    const struct yaml *doc = options_document(p->sources->context.options);
    if (c && settings_read(c, doc, config, settings, NULL)) {
        k->connector = c;
        for (size_t i = 0; i < c->option_count; i++)
            if (c->options[i].kind != CONNECTOR_SECRET)
                k->texts[c->first_option + i] = settings->options[i];
        for (size_t i = 0; i < c->stream_count; i++)
            k->off[i] = c->streams[i].only_if &&
                        condition_chance(c->streams[i].only_if, k->texts) == CONDITION_NEVER;
    }
    free(settings);
}

static const struct known_source *find(struct placing *p, const char *name)
{
    if (p->last < p->count && strcmp(p->known[p->last].name, name) == 0)
        return &p->known[p->last];
    for (p->last = 0; p->last < p->count; p->last++)
        if (strcmp(p->known[p->last].name, name) == 0)
            return &p->known[p->last];
    p->known = must_have(realloc(p->known, (p->count + 1) * sizeof *p->known));
    struct known_source *added = &p->known[p->count++];
    *added = (struct known_source){.name = must_have(strdup(name))};
    learn(p, added);
    return added;
}

/* Nobody is missed in a stream that keeps what is absent; in one that looks up, the platform is asked first. */
static int caution(const struct stream_rules *rules, const struct map_told *told)
{
    static const int by_rule[] = {[VANISH_REMOVE] = 0, [VANISH_LOOKUP] = 1, [VANISH_KEEP] = 2};
    return by_rule[told->lasting ? VANISH_KEEP : rules->spec.on_vanish];
}

/* Of several streams that could have told of it, the one by whose absences least is taken back: the right one moves it as it sees it. NULL
 * where that does not settle it. */
static const struct stream_rules *teller(const struct known_source *k, const struct event *e,
                                         struct map_told *told)
{
    const struct stream_rules *best = NULL;
    bool settled = true;
    for (size_t i = 0; i < k->connector->stream_count; i++) {
        const struct stream_rules *rules = &k->connector->streams[i];
        struct map_told by_these;
        if (k->off[i] || !rules->mapping || !mapping_tells(rules->mapping, e, k->texts, &by_these))
            continue;
        int more = best ? caution(rules, &by_these) - caution(best, told) : 1;
        settled = more > 0 || (settled && (more < 0 || caution(best, told) > 0));
        if (more <= 0)
            continue;
        best = rules;
        *told = by_these;
    }
    return settled ? best : NULL;
}

void placing_find(struct placing *p, const struct event *e, struct placed *out)
{
    const struct known_source *k = find(p, e->source);
    struct map_told told = {.total = true};
    const struct stream_rules *rules = k->connector ? teller(k, e, &told) : NULL;
    *out = (struct placed){.total = told.total};
    if (!rules)
        return;
    out->stream = rules->spec.name;
    out->substream = rules->per_course && e->course ? e->course : "";
    if (!told.lasting)
        return;
    (void)snprintf(out->lasting, sizeof out->lasting, STREAM_LASTING_NAME, rules->spec.name);
    out->stream = out->lasting;
}
