#include "drpai_core.h"

#include "fault.h"
#include "half.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <tuple>

namespace facelandmark {
namespace {

constexpr const char *device = "/dev/drpai0";

/* Where the first model lies in the DRP-AI's memory; in front of it there is room for the pre-processing. */
constexpr uint64_t model_offset = 0x32E0000;

/* The vendor's runtimes give the result as float** or void**, by product. */
template <typename Status, typename Value>
Status pre(PreRuntime &runtime, Status (PreRuntime::*function)(s_preproc_param_t *, Value **, uint32_t *), s_preproc_param_t &parameters, const float *&values, uint32_t &count)
{
    Value *result = nullptr;
    const Status status = (runtime.*function)(&parameters, &result, &count);
    values = static_cast<const float *>(result);
    return status;
}

} // namespace

DrpAiDevice::DrpAiDevice(System &system) : system_(system), file_(system.open(device, O_RDWR))
{
    if (file_ < 0) {
        const int why = errno;
        if (why == EBUSY)
            throw Fault(FACELANDMARK_BUSY, std::string(device) + " is in use by another process: end that one first.");
        throw Fault(FACELANDMARK_NO_DRIVER, std::string(device) + " can't be opened: " + std::strerror(why) + "; load the DRP-AI driver, and give the node's user access.");
    }
    uint64_t bytes = 0;
    if (system_.lock(file_) != 0) {
        system_.close(file_);
        throw Fault(FACELANDMARK_BUSY, std::string(device) + " is in use by another node: end that one first.");
    }
    if (system_.drpai_area(file_, area_, bytes) != 0) {
        const std::string why = std::strerror(errno);
        system_.close(file_);
        throw Fault(FACELANDMARK_NO_DRIVER, "The DRP-AI driver does not tell where its memory is: " + why + ".");
    }
    if (bytes <= model_offset) {
        system_.close(file_);
        throw Fault(FACELANDMARK_NO_MEMORY, "The DRP-AI's memory of " + std::to_string(bytes) + " bytes is too small for a model: give the driver more in the device tree.");
    }
}

DrpAiDevice::~DrpAiDevice()
{
    system_.close(file_);
}

DrpAiCore::DrpAiCore(const facelandmark_drpai_config &config)
    : folder_(config.object_folder), input_size_(config.input_size), frequency_(static_cast<int>(config.frequency)), device_(the_system()), frames_(the_system()),
      tensor_(tensor_values()), output_(config.output_values)
{
    parameters_.pre_in_addr = static_cast<decltype(parameters_.pre_in_addr)>(frames_.physical_address());
    parameters_.pre_in_format = FORMAT_YUYV_422;
    parameters_.pre_out_format = FORMAT_RGB;
    parameters_.resize_w = static_cast<decltype(parameters_.resize_w)>(input_size_);
    parameters_.resize_h = static_cast<decltype(parameters_.resize_h)>(input_size_);
    parameters_.resize_alg = ALG_BILINEAR;
    for (int i = 0; i < 3; i++) {
        parameters_.cof_add[i] = -255.0f * config.mean[i];
        parameters_.cof_mul[i] = 1.0f / (255.0f * config.std[i]);
    }
}

void DrpAiCore::load()
{
    if (preruntime_.Load(folder_ + "/preprocess", static_cast<uint32_t>(device_.area())) != 0)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_ + "/preprocess can't be loaded: compile it again for this board.");
    if (!runtime_.LoadModel(folder_, device_.area() + model_offset))
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object " + folder_ + " can't be loaded: compile it again for this board.");
    if (runtime_.GetNumOutput() != 1)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object " + folder_ + " has " + std::to_string(runtime_.GetNumOutput()) + " outputs, but a landmark model has one.");
    if (runtime_.GetInputDataType(0) == InOutDataType::FLOAT16)
        half_tensor_.resize(tensor_.size());
    else if (runtime_.GetInputDataType(0) != InOutDataType::FLOAT32)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object " + folder_ + " takes neither FP32 nor FP16.");
}

void DrpAiCore::prepare()
{
    const float *values = nullptr;
    uint32_t count = 0;
    const auto status = pre(preruntime_, &PreRuntime::Pre, parameters_, values, count);
    if (status != 0)
        throw Fault(FACELANDMARK_FAILED, "The pre-processing on the DRP-AI failed with status " + std::to_string(status) + ".");
    if (values == nullptr || count != tensor_.size())
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object gave " + std::to_string(count) + " values, but the network takes " + std::to_string(tensor_.size()) + ": compile the two for the same size.");
    std::copy(values, values + count, tensor_.begin());
}

void DrpAiCore::run()
{
    if (half_tensor_.empty()) {
        runtime_.SetInput(0, static_cast<const float *>(tensor_.data()));
    } else {
        std::transform(tensor_.begin(), tensor_.end(), half_tensor_.begin(), float_to_half);
        runtime_.SetInput(0, static_cast<const uint16_t *>(half_tensor_.data()));
    }
    runtime_.Run(frequency_);
    const auto [type, data, count] = runtime_.GetOutput(0);
    if (data == nullptr || count != static_cast<int64_t>(output_.size()))
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object gave " + std::to_string(count) + " values, but its card says " + std::to_string(output_.size()) + ".");
    if (type == InOutDataType::FLOAT32)
        std::copy_n(static_cast<const float *>(data), count, output_.begin());
    else if (type == InOutDataType::FLOAT16)
        std::transform(static_cast<const uint16_t *>(data), static_cast<const uint16_t *>(data) + count, output_.begin(), half_to_float);
    else
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object gives neither FP32 nor FP16.");
}

} // namespace facelandmark
