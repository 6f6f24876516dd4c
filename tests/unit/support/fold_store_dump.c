/* The store in memory as sorted lines of text. */
#include "fold_store_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct lines {
    char **items;
    size_t count;
};

static void finish_line(struct lines *lines, struct text_buffer *line)
{
    ROOM(lines->items, lines->count);
    lines->items[lines->count++] = strdup(line->data);
    text_buffer_clear(line);
}

static void add_figures(const struct fold_store *s, const struct fold *fold, struct lines *lines,
                        struct text_buffer *line)
{
    for (size_t i = 0; i < s->deadline_count; i++) {
        const struct deadline *d = &s->deadlines[i].deadline;
        if (!s->deadlines[i].delta)
            continue;
        text_buffer_add_format(line, "deadline %d %d %s %d %d %d: %ld", d->training, d->wave,
                               fold_text(fold, d->unit), d->day_0, d->completed_on, d->lectures,
                               s->deadlines[i].delta);
        finish_line(lines, line);
    }
    for (size_t i = 0; i < s->moment_count; i++) {
        const struct moment_change *m = &s->moments[i];
        if (!m->delta[MOMENT_LEARNERS])
            continue;
        text_buffer_add_format(line, "moment %d %d %ld: %ld %ld %ld %ld", m->moment.training,
                               m->moment.wave, m->moment.began_at, m->delta[0], m->delta[1],
                               m->delta[2], m->delta[3]);
        finish_line(lines, line);
    }
    for (size_t i = 0; i < s->activity_count; i++) {
        const struct activity_row *row = &s->activity[i];
        text_buffer_add_format(line, "activity %u %d %d %s %s %d:", row->key.scope, row->key.training,
                               row->key.wave, fold_value(fold, row->key.scope, row->key.value),
                               fold_text(fold, row->key.unit), row->month);
        for (int c = 0; c < ACTIVITY_COLUMNS; c++)
            for (int d = 0; d < MONTH_DAYS; d++)
                if (row->counts[c][d])
                    text_buffer_add_format(line, " %d/%d=%d", c, d + 1, row->counts[c][d]);
        finish_line(lines, line);
    }
}

char *fold_store_dump(const struct fold_store *s, const struct fold *fold)
{
    struct lines lines = {0};
    struct text_buffer line = {0};
    for (size_t i = 0; i < s->state_count; i++) {
        text_buffer_add_format(&line, "state %016lx%016lx %s ", s->states[i].subject.hi,
                               s->states[i].subject.lo, s->states[i].training);
        for (size_t k = 0; k < s->states[i].length; k++)
            text_buffer_add_format(&line, "%02x", (uint8_t)s->states[i].bytes[k]);
        finish_line(&lines, &line);
    }
    for (size_t i = 0; i < s->member_count; i++) {
        text_buffer_add_format(&line, "member %016lx %016lx", s->members[i].subject.hi,
                               s->members[i].person.hi);
        finish_line(&lines, &line);
    }
    for (size_t i = 0; i < s->carrier_count; i++) {
        const struct carrier *c = &s->carriers[i].carrier;
        text_buffer_add_format(&line, "carrier %016lx %016lx %d %016lx %016lx",
                               s->carriers[i].identifier.hi, c->subject.hi, c->on_roster,
                               (uint64_t)c->name, c->citizen.hi);
        finish_line(&lines, &line);
    }
    for (size_t i = 0; i < s->tally_count; i++) {
        const struct tally_change *t = &s->tallies[i];
        int64_t any = 0;
        text_buffer_add_format(&line, "tally %u %d %d %d %s %s %s", t->cell.scope, t->cell.training,
                               t->cell.wave, t->cell.year,
                               fold_value(fold, t->cell.scope, t->cell.value),
                               fold_text(fold, t->cell.unit), fold_text(fold, t->cell.study_group));
        for (int m = 0; m < TALLY_COLUMNS; m++) {
            any |= t->delta[m];
            text_buffer_add_format(&line, " %ld", t->delta[m]);
        }
        if (any)
            finish_line(&lines, &line);
        text_buffer_clear(&line);
    }
    add_figures(s, fold, &lines, &line);
    for (size_t i = 0; i < s->issue_count; i++) {
        const struct issue *issue = &s->issues[i];
        text_buffer_add_format(&line, "issue %s %016lx %s %s %s %ld %ld", issue_name(issue->kind),
                               issue->subject.hi, fold_text(fold, issue->wave_code),
                               fold_text(fold, issue->unit), fold_text(fold, issue->file),
                               issue->row, issue->name);
        finish_line(&lines, &line);
    }
    if (lines.count)
        qsort(lines.items, lines.count, sizeof(char *), compare_lines);
    for (size_t i = 0; i < lines.count; i++) {
        text_buffer_add_text(&line, lines.items[i]);
        text_buffer_add_text(&line, "\n");
        free(lines.items[i]);
    }
    free(lines.items);
    text_buffer_add(&line, "", 1);
    return line.data;
}
