#ifndef FACELANDMARK_DRPAI_H
#define FACELANDMARK_DRPAI_H

#include "facelandmark_native.h"
#include "worker.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>

namespace facelandmark {

class DrpAiCore;

/* Behind the handle: takes turns on the device, and watches the runtime. Everything that the runtime touches is in the core, which a hanging call keeps alive. Functions throw Fault. */
class DrpAi {
public:
    explicit DrpAi(const facelandmark_drpai_config &config);
    void prepare(const uint8_t *frame, uint64_t bytes, uint32_t width, uint32_t height, uint32_t x, uint32_t y, uint32_t crop_width, uint32_t crop_height, float *tensor, uint64_t values);
    void run(const float *tensor, uint64_t tensor_values, float *output, uint64_t output_values);

private:
    void call(const char *what, std::function<void()> job, std::chrono::milliseconds limit);

    std::mutex turn_;
    std::chrono::milliseconds limit_;
    std::shared_ptr<DrpAiCore> core_;
    Worker worker_; /* ends before the core goes */
};

} // namespace facelandmark

#endif
