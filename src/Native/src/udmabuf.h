#ifndef FACELANDMARK_UDMABUF_H
#define FACELANDMARK_UDMABUF_H

#include "system.h"

#include <cstddef>
#include <cstdint>

namespace facelandmark {

/* Physically contiguous memory, which the DRP-AI reads frames from. */
class Udmabuf {
public:
    /* Throws Fault. */
    explicit Udmabuf(System &system);
    ~Udmabuf();
    Udmabuf(const Udmabuf &) = delete;
    Udmabuf &operator=(const Udmabuf &) = delete;

    /* Makes sure of room for frames of so many bytes. Throws Fault. */
    void require(std::size_t bytes) const;

    /* Places a frame at the beginning, which is page aligned. There is room for it. */
    void place(const uint8_t *frame, std::size_t bytes);

    /* Where the accelerator finds it: the low 32 bits, which is what it addresses. */
    uint64_t address() const { return address_; }

private:
    System &system_;
    int file_ = -1;
    volatile uint8_t *memory_ = nullptr;
    std::size_t bytes_ = 0;
    uint64_t address_ = 0;
};

} // namespace facelandmark

#endif
