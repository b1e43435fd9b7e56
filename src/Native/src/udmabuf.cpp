#include "udmabuf.h"

#include "fault.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>

namespace facelandmark {
namespace {

constexpr const char *device = "/dev/udmabuf0";
constexpr const char *address_file = "/sys/class/u-dma-buf/udmabuf0/phys_addr";
constexpr const char *size_file = "/sys/class/u-dma-buf/udmabuf0/size";

} // namespace

Udmabuf::Udmabuf(System &system) : system_(system)
{
    uint64_t bytes = 0;
    if (system_.read_number(address_file, address_) != 0 || system_.read_number(size_file, bytes) != 0)
        throw Fault(FACELANDMARK_NO_DRIVER, std::string("There is no udmabuf: ") + address_file + " cannot be read (" + std::strerror(errno) + "); load the u-dma-buf driver.");
    address_ &= 0xffffffffu; /* the DRP-AI addresses 32 bits */
    bytes_ = bytes;
    file_ = system_.open(device, O_RDWR);
    if (file_ < 0)
        throw Fault(FACELANDMARK_NO_DRIVER, std::string(device) + " cannot be opened: " + std::strerror(errno) + ".");
    memory_ = static_cast<volatile uint8_t *>(system_.map(file_, bytes_));
    if (memory_ == nullptr) {
        const std::string why = std::strerror(errno);
        system_.close(file_);
        throw Fault(FACELANDMARK_NO_MEMORY, std::string(device) + " cannot be mapped: " + why + ".");
    }

    /* Touched once so that no page is missing later; byte by byte, since memset may use instructions that this memory does not take. */
    for (std::size_t i = 0; i < bytes_; i++)
        memory_[i] = 0;
}

Udmabuf::~Udmabuf()
{
    system_.unmap(const_cast<uint8_t *>(memory_), bytes_);
    system_.close(file_);
}

void Udmabuf::require(std::size_t bytes) const
{
    if (bytes > bytes_)
        throw Fault(FACELANDMARK_NO_MEMORY, "The udmabuf of " + std::to_string(bytes_) + " bytes is too small for the frames of " + std::to_string(bytes)
            + " bytes that the pre-processing object was compiled for: give the u-dma-buf driver more, or compile the object for smaller frames.");
}

void Udmabuf::place(const uint8_t *frame, std::size_t bytes)
{
    /* Eight bytes at a time, aligned on both sides: for the same reason no memcpy. */
    const std::size_t words = bytes / sizeof(uint64_t);
    volatile uint64_t *target = reinterpret_cast<volatile uint64_t *>(memory_);
    for (std::size_t i = 0; i < words; i++) {
        uint64_t word;
        std::memcpy(&word, frame + i * sizeof word, sizeof word);
        target[i] = word;
    }
    for (std::size_t i = words * sizeof(uint64_t); i < bytes; i++)
        memory_[i] = frame[i];
}

} // namespace facelandmark
