// Several threads take the token in hand at once; C++ allocates nothing for it.
#include "check.hpp"

#include <atomic>
#include <new>
#include <thread>
#include <vector>

static std::atomic<long> allocations{0};

void *operator new(std::size_t size) {
    allocations++;
    if (void *memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}

void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

int main() {
    const oauth::Client client = client_from_environment();
    std::atomic<bool> may_begin{false};
    std::atomic<long> allocated{0};
    std::vector<std::thread> threads;
    have(client.token());
    for (int thread = 0; thread < 8; thread++)
        threads.emplace_back([&] {
            while (!may_begin) std::this_thread::yield();
            const long before = allocations;
            for (int call = 0; call < 1000; call++) {
                const oauth::Result<oauth::Token> token = client.token();
                CHECK(token && token->authorization() == "Bearer t1" && !token->scope());
            }
            allocated += allocations - before;
        });
    may_begin = true;
    for (std::thread &thread : threads) thread.join();
    CHECK(allocated == 0);
    CHECK(client.stats().requests == 1 && client.stats().handed_out == 8001);
    return EXIT_SUCCESS;
}
