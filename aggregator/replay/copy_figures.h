/* The figures that are many, as COPY: deadlines and issues. */
#ifndef MOOC_REPLAY_COPY_FIGURES_H
#define MOOC_REPLAY_COPY_FIGURES_H

#include "../fold/fold.h"
#include "../pg.h"

/* Inside a transaction; the tables are empty. What is copied is taken off *changes, whose lists are borrowed. */
bool copy_figures(struct pg *pg, int generation, const struct fold *fold, struct changes *changes,
                  struct error *err) MUST_CHECK;

#endif
