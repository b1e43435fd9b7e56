#include "board.h"

#include "system.h"

#include <cstdlib>
#include <cstring>

namespace board {

int slow_ms_of_the_environment()
{
    const char *const value = std::getenv("FACELANDMARK_BOARD_SLOW_MS");
    return value != nullptr ? std::atoi(value) : 0;
}

State state;

namespace {

std::mutex mutex;
std::condition_variable changed;
bool hanging = false;

class Double final : public facelandmark::System {
public:
    int open(const char *path, int) override
    {
        const bool is_drpai = std::strcmp(path, "/dev/drpai0") == 0;
        errno = is_drpai ? state.open_drpai_errno : state.open_udmabuf_errno;
        if (errno != 0)
            return -1;
        state.open_files++;
        return is_drpai ? 3 : 4;
    }

    int lock(int) override
    {
        errno = state.lock_errno;
        return errno == 0 ? 0 : -1;
    }

    void close(int) override { state.open_files--; }

    int drpai_area(int file, uint64_t &address, uint64_t &bytes) override
    {
        errno = file == 3 ? state.area_errno : EBADF;
        address = state.area_address;
        bytes = state.area_bytes;
        return errno == 0 ? 0 : -1;
    }

    void *map(int, std::size_t bytes) override
    {
        errno = state.map_errno;
        if (errno != 0)
            return nullptr;
        state.mappings++;
        state.udmabuf.assign(bytes, 0xee);
        return state.udmabuf.data();
    }

    void unmap(void *, std::size_t) override { state.mappings--; }

    int read_number(const char *path, uint64_t &number) override
    {
        errno = ENOENT;
        if (!state.has_udmabuf)
            return -1;
        number = std::strstr(path, "phys_addr") != nullptr ? 0x1c0000000u : state.udmabuf_bytes;
        return 0;
    }
};

} // namespace

void reset()
{
    release();
    state = State();
}

void hang()
{
    const std::lock_guard<std::mutex> lock(mutex);
    hanging = true;
}

void release()
{
    const std::lock_guard<std::mutex> lock(mutex);
    hanging = false;
    changed.notify_all();
}

void wait_here()
{
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return !hanging; });
}

} // namespace board

namespace facelandmark {

System &the_system()
{
    static board::Double system;
    return system;
}

} // namespace facelandmark
