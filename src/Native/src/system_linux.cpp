#include "system.h"

#include <linux/drpai.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace facelandmark {
namespace {

class Linux final : public System {
public:
    int open(const char *path, int flags) override { return ::open(path, flags | O_CLOEXEC); }
    int lock(int file) override { return ::flock(file, LOCK_EX | LOCK_NB); }
    void close(int file) override { ::close(file); }

    int drpai_area(int file, uint64_t &address, uint64_t &bytes) override
    {
        drpai_data_t area{};
        if (::ioctl(file, DRPAI_GET_DRPAI_AREA, &area) != 0)
            return -1;
        address = area.address;
        bytes = area.size;
        return 0;
    }

    void *map(int file, std::size_t bytes) override
    {
        void *memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        return memory == MAP_FAILED ? nullptr : memory;
    }

    void unmap(void *memory, std::size_t bytes) override { ::munmap(memory, bytes); }

    int read_number(const char *path, uint64_t &number) override
    {
        std::FILE *file = std::fopen(path, "re");
        if (file == nullptr)
            return -1;
        char text[64] = {};
        const bool read = std::fgets(text, sizeof text, file) != nullptr;
        std::fclose(file);
        char *end = text;
        number = std::strtoull(text, &end, 0);
        if (read && end != text)
            return 0;
        errno = EINVAL;
        return -1;
    }
};

} // namespace

System &the_system()
{
    static Linux system;
    return system;
}

} // namespace facelandmark
