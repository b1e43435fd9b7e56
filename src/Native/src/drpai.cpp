#include "drpai.h"

#include "drpai_core.h"
#include "fault.h"

#include <algorithm>

namespace facelandmark {
namespace {

/* Models are large and flash memory is slow. */
constexpr std::chrono::milliseconds load_limit{60000};

} // namespace

DrpAi::DrpAi(const facelandmark_drpai_config &config) : limit_(config.hang_after_ms), core_(std::make_shared<DrpAiCore>(config))
{
    call("Loading the model object", [core = core_] { core->load(); }, load_limit);
}

void DrpAi::prepare(const uint8_t *frame, uint64_t bytes, uint32_t width, uint32_t height, uint32_t x, uint32_t y, uint32_t crop_width, uint32_t crop_height, float *tensor, uint64_t values)
{
    if (frame == nullptr || tensor == nullptr || width == 0 || width % 2 != 0 || height == 0 || bytes != 2ull * width * height || values != core_->tensor_values())
        throw Fault(FACELANDMARK_INVALID, "A frame or tensor does not have the announced size.");
    if (crop_width == 0 || crop_height == 0 || uint64_t{x} + crop_width > width || uint64_t{y} + crop_height > height)
        throw Fault(FACELANDMARK_INVALID, "A region reaches beyond its frame.");
    const std::lock_guard<std::mutex> lock(turn_);
    if (!worker_.is_free())
        throw Fault(FACELANDMARK_HUNG, "The DRP-AI still hangs.");
    core_->check(width, height, {x, y, crop_width, crop_height});
    core_->place(frame, width, height, {x, y, crop_width, crop_height});
    call("Pre-processing", [core = core_] { core->prepare(); }, limit_);
    std::copy(core_->tensor().begin(), core_->tensor().end(), tensor);
}

void DrpAi::run(const float *tensor, uint64_t tensor_values, float *output, uint64_t output_values)
{
    if (tensor == nullptr || output == nullptr || tensor_values != core_->tensor_values() || output_values != core_->output().size())
        throw Fault(FACELANDMARK_INVALID, "A tensor does not have the announced size.");
    const std::lock_guard<std::mutex> lock(turn_);
    if (!worker_.is_free())
        throw Fault(FACELANDMARK_HUNG, "The DRP-AI still hangs.");
    std::copy_n(tensor, tensor_values, core_->tensor().begin());
    call("Inference", [core = core_] { core->run(); }, limit_);
    std::copy(core_->output().begin(), core_->output().end(), output);
}

void DrpAi::call(const char *what, std::function<void()> job, std::chrono::milliseconds limit)
{
    try {
        if (!worker_.run(std::move(job), limit))
            throw Fault(FACELANDMARK_HUNG, std::string(what) + " on the DRP-AI did not return within " + std::to_string(limit.count()) + " ms.");
    } catch (const Fault &) {
        throw;
    } catch (const std::exception &reason) {
        throw Fault(FACELANDMARK_FAILED, std::string(what) + " on the DRP-AI failed: " + reason.what());
    } catch (...) {
        throw Fault(FACELANDMARK_FAILED, std::string(what) + " on the DRP-AI failed without a reason.");
    }
}

} // namespace facelandmark
