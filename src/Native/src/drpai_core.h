#ifndef FACELANDMARK_DRPAI_CORE_H
#define FACELANDMARK_DRPAI_CORE_H

#include "facelandmark_native.h"
#include "udmabuf.h"

#include <MeraDrpRuntimeWrapper.h>
#include FACELANDMARK_PRERUNTIME_HEADER

#include <memory>
#include <string>
#include <vector>

namespace facelandmark {

/* /dev/drpai0, for this process alone, and the memory that the driver keeps for models. */
class DrpAiDevice {
public:
    explicit DrpAiDevice(System &system); /* throws Fault */
    ~DrpAiDevice();
    DrpAiDevice(const DrpAiDevice &) = delete;
    DrpAiDevice &operator=(const DrpAiDevice &) = delete;
    uint64_t area() const { return area_; }

private:
    System &system_;
    int file_;
    uint64_t area_ = 0;
};

/* The vendor's two runtimes with their buffers. Called by the worker's thread, except for the buffers between calls. */
class DrpAiCore {
public:
    explicit DrpAiCore(const facelandmark_drpai_config &config); /* opens the devices; throws Fault */
    void load();
    void prepare();
    void run();

    std::size_t tensor_values() const { return 3u * input_size_ * input_size_; }

    Udmabuf &frames() { return frames_; }
    s_preproc_param_t &parameters() { return parameters_; }
    std::vector<float> &tensor() { return tensor_; }
    std::vector<float> &output() { return output_; }

private:
    std::string folder_;
    uint32_t input_size_;
    int frequency_;
    DrpAiDevice device_;
    Udmabuf frames_;
    s_preproc_param_t parameters_{};
    std::vector<float> tensor_;
    std::vector<uint16_t> half_tensor_;
    std::vector<float> output_;
    MeraDrpRuntimeWrapper runtime_;
    PreRuntime preruntime_;
};

} // namespace facelandmark

#endif
