#ifndef FACELANDMARK_SYSTEM_H
#define FACELANDMARK_SYSTEM_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace facelandmark {

/* What the shim needs of the operating system. The tests put a double in its place. Failures are -1 (or null) with errno. */
class System {
public:
    virtual ~System() = default;
    virtual int open(const char *path, int flags) = 0;
    virtual int lock(int file) = 0; /* for this process alone, without waiting */
    virtual void close(int file) = 0;
    virtual int drpai_area(int file, uint64_t &address, uint64_t &bytes) = 0;
    virtual void *map(int file, std::size_t bytes) = 0;
    virtual void unmap(void *memory, std::size_t bytes) = 0;
    virtual int read_number(const char *path, uint64_t &number) = 0; /* decimal or 0x hexadecimal */
};

/* The real one, or a double's. */
System &the_system();

} // namespace facelandmark

#endif
