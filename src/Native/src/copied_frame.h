#ifndef FACELANDMARK_COPIED_FRAME_H
#define FACELANDMARK_COPIED_FRAME_H

#include "system.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace facelandmark {

/*
 * A frame in plain memory, which the runtime of V2H and V2N copies into the accelerator's by itself: always as many bytes as the object was
 * compiled for. The caller's own frame will not do, as it is gone when a call hangs.
 */
class CopiedFrame {
public:
    explicit CopiedFrame(System &) {}

    /* Makes room for frames of so many bytes. */
    void require(std::size_t bytes) { memory_.resize(bytes); }
    void place(const uint8_t *frame, std::size_t bytes) { std::copy_n(frame, bytes, memory_.begin()); }
    uint64_t address() const { return reinterpret_cast<uintptr_t>(memory_.data()); }

private:
    std::vector<uint8_t> memory_;
};

} // namespace facelandmark

#endif
