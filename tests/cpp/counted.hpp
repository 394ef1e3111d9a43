#ifndef COUNTED_HPP
#define COUNTED_HPP

#include <atomic>

/// Counts how many of it there are, copies included.
class Counted {
public:
    Counted() { count++; }
    Counted(const Counted &) { count++; }
    Counted &operator=(const Counted &) = delete;
    ~Counted() { count--; }

    static inline std::atomic<int> count{0};
};

#endif
