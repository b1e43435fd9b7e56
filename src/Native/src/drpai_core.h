#ifndef FACELANDMARK_DRPAI_CORE_H
#define FACELANDMARK_DRPAI_CORE_H

#include "copied_frame.h"
#include "crop_proof.h"
#include "facelandmark_native.h"
#include "preprocess_object.h"
#include "sdk.h"
#include "udmabuf.h"

#include <memory>
#include <string>
#include <type_traits>
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
    uint64_t area_end() const { return area_ + area_bytes_; }

private:
    System &system_;
    int file_;
    uint64_t area_ = 0;
    uint64_t area_bytes_ = 0;
};

/* The vendor's two runtimes with their buffers. Called by the worker's thread, except for the buffers between calls. */
class DrpAiCore {
public:
    explicit DrpAiCore(const facelandmark_drpai_config &config); /* opens the devices; throws Fault */
    void load();
    void prepare();
    void run();

    /* Refuses what the pre-processing object cannot do. Throws Fault. */
    void check(uint32_t width, uint32_t height, const Crop &crop) const;

    /* The next frame. There is room for it. */
    void place(const uint8_t *frame, uint32_t width, uint32_t height, const Crop &crop);

    std::size_t tensor_values() const { return 3u * input_size_ * input_size_; }
    std::vector<float> &tensor() { return tensor_; }
    std::vector<float> &output() { return output_; }

private:
    void load_in_area();
    void load_preprocess(uint64_t address);
    void load_model(uint64_t address);
    void require_in_area(uint64_t address) const;
    void prove();
    void pre(uint32_t width, uint32_t height, const Crop &crop);

    std::string folder_;
    uint32_t input_size_;
    int frequency_;
    bool needs_crop_;
    DrpAiDevice device_;
    std::conditional_t<sdk::is_v2h, CopiedFrame, Udmabuf> frames_;
    PreprocessObject object_;
    bool crops_ = false; /* proven */
    uint32_t width_ = 0, height_ = 0;
    Crop crop_{};
    uint32_t last_width_ = 0, last_height_ = 0;
    Crop last_crop_{};
    s_preproc_param_t parameters_{};
    std::vector<float> tensor_;
    std::vector<uint16_t> half_tensor_;
    std::vector<float> output_;
    std::unique_ptr<MeraDrpRuntimeWrapper> runtime_ = sdk::make<MeraDrpRuntimeWrapper>();
    PreRuntime preruntime_;
};

} // namespace facelandmark

#endif
