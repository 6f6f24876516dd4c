#include "crew.h"

#include <pthread.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../../common/stop.h"
#include "../../common/timed_wait.h"

#define LOOK_MS 50

/* Where who is done says so. */
struct board {
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    size_t working;
};

struct member {
    struct crew *crew;
    struct board *board;
    crew_work work;
    void *context;
    size_t number;
    struct error err;
    bool ok;
    pthread_t thread;
};

static void *work_until_done(void *context)
{
    struct member *member = context;
    member->ok = member->work(member->context, member->number, &member->err);
    if (!member->ok)
        member->crew->over = true;
    pthread_mutex_lock(&member->board->mutex);
    member->board->working--;
    pthread_cond_signal(&member->board->ended);
    pthread_mutex_unlock(&member->board->mutex);
    return NULL;
}

bool crew_over(struct crew *crew)
{
    return crew->over || stop_requested();
}

static void board_init(struct board *board, size_t working)
{
    pthread_mutex_init(&board->mutex, NULL);
    timed_wait_init(&board->ended);
    board->working = working;
}

/* False after LOOK_MS. */
static bool all_ended(struct board *board)
{
    struct timespec until = timed_wait_until(LOOK_MS);
    pthread_mutex_lock(&board->mutex);
    while (board->working > 0 && timed_wait(&board->ended, &board->mutex, until))
        ;
    bool ended = board->working == 0;
    pthread_mutex_unlock(&board->mutex);
    return ended;
}

bool crew_run(struct crew *crew, const char *what, int64_t of, size_t threads, crew_work work,
              void *context, struct error *err)
{
    struct member *members = must_have(calloc(threads, sizeof(*members)));
    struct progress *progress = what ? progress_new(what, of) : NULL;
    struct board board;
    board_init(&board, threads);
    crew->over = false;
    crew->done = 0;
    for (size_t i = 0; i < threads; i++) {
        members[i] = (struct member){
            .crew = crew, .board = &board, .work = work, .context = context, .number = i};
        if (pthread_create(&members[i].thread, NULL, work_until_done, &members[i]) != 0)
            abort();
    }
    while (!all_ended(&board))
        if (progress)
            progress_at(progress, crew->done, of);
    bool ok = true;
    for (size_t i = 0; i < threads; i++) {
        pthread_join(members[i].thread, NULL);
        if (ok && !members[i].ok && members[i].err.kind != ERROR_NONE)
            *err = members[i].err;
        ok = ok && members[i].ok;
    }
    if (progress)
        progress_end(progress);
    pthread_cond_destroy(&board.ended);
    pthread_mutex_destroy(&board.mutex);
    free(members);
    if (stop_requested())
        return error_tell(err, ERROR_STOPPED, false, "đã dừng; không giữ lại gì",
                          "stopped; nothing of it is kept");
    return ok;
}
