/* What a shared token costs at least: both clocks are read, a mutex is taken, and one reference is counted up and, when the
 * caller is done, down. Nothing is checked, reported or counted beside. */
#include <stdatomic.h>

#include "rounds.h"

struct token {
    atomic_size_t references;
    struct timespec monotonic_end;
    struct timespec wall_end;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct token *current;

static int is_before(const struct timespec *now, const struct timespec *end)
{
    return now->tv_sec < end->tv_sec || (now->tv_sec == end->tv_sec && now->tv_nsec < end->tv_nsec);
}

static __attribute__((noinline)) struct token *get_token(void)
{
    struct timespec monotonic;
    struct timespec wall;
    struct token *token = NULL;

    clock_gettime(CLOCK_BOOTTIME, &monotonic);
    clock_gettime(CLOCK_REALTIME_COARSE, &wall);
    pthread_mutex_lock(&mutex);
    if (is_before(&monotonic, &current->monotonic_end) && is_before(&wall, &current->wall_end)) {
        token = current;
        atomic_fetch_add_explicit(&token->references, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&mutex);
    return token;
}

static __attribute__((noinline)) void free_token(struct token *token)
{
    if (atomic_fetch_sub_explicit(&token->references, 1, memory_order_release) == 1) {
        atomic_thread_fence(memory_order_acquire);
        free(token);
    }
}

static void take(long calls)
{
    for (long i = 0; i < calls; i++) {
        struct token *token = get_token();

        if (token == NULL)
            exit(EXIT_FAILURE);
        free_token(token);
    }
}

int main(void)
{
    current = calloc(1, sizeof *current);
    if (current == NULL)
        return EXIT_FAILURE;
    atomic_store(&current->references, 1);
    clock_gettime(CLOCK_BOOTTIME, &current->monotonic_end);
    clock_gettime(CLOCK_REALTIME_COARSE, &current->wall_end);
    current->monotonic_end.tv_sec += 3600;
    current->wall_end.tv_sec += 3600;
    return answer_rounds(NULL, take);
}
