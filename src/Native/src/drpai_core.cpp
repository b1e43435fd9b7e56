#include "drpai_core.h"

#include "fault.h"
#include "half.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <tuple>

namespace facelandmark {
namespace {

constexpr const char *device = "/dev/drpai0";

std::string hexadecimal(uint64_t number)
{
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
    return text;
}

std::string pixels(uint32_t width, uint32_t height)
{
    return std::to_string(width) + "x" + std::to_string(height);
}

/* The vendor's own test of an object, which was compiled for the CPU alone when nothing in its graph is for the accelerator. */
bool is_for_cpu(const std::string &folder)
{
    std::ifstream graph(folder + "/deploy.json");
    if (!graph || std::ifstream(folder + "/mera.plan"))
        return false;
    return std::string(std::istreambuf_iterator<char>(graph), {}).find("drp") == std::string::npos;
}

} // namespace

DrpAiDevice::DrpAiDevice(System &system) : system_(system), file_(system.open(device, O_RDWR))
{
    if (file_ < 0) {
        const int why = errno;
        if (why == EBUSY)
            throw Fault(FACELANDMARK_BUSY, std::string(device) + " is in use by another process: end that program first.");
        throw Fault(FACELANDMARK_NO_DRIVER,
            std::string(device) + " cannot be opened: " + std::strerror(why) + "; load the DRP-AI driver, and give the node's user access.");
    }
    if (system_.lock(file_) != 0) {
        system_.close(file_);
        throw Fault(FACELANDMARK_BUSY, std::string(device) + " is in use by another node: end that program first.");
    }
    if (system_.drpai_area(file_, area_, area_bytes_) != 0) {
        const std::string why = std::strerror(errno);
        system_.close(file_);
        throw Fault(FACELANDMARK_NO_DRIVER, "The DRP-AI driver does not say where its memory is: " + why + ".");
    }
    if (!sdk::is_v2h && area_end() > uint64_t{1} << 32) {
        system_.close(file_);
        throw Fault(FACELANDMARK_NO_DRIVER, "The DRP-AI's memory begins at " + hexadecimal(area_)
            + ", beyond what this library's product addresses (32 bits): it was built for another board; build it with -DPRODUCT=V2H or V2N.");
    }
    if (area_bytes_ <= sdk::model_offset) {
        system_.close(file_);
        throw Fault(FACELANDMARK_NO_MEMORY,
            "The DRP-AI's memory of " + std::to_string(area_bytes_) + " bytes is too small for a model: give the driver more in the device tree.");
    }
}

DrpAiDevice::~DrpAiDevice()
{
    system_.close(file_);
}

DrpAiCore::DrpAiCore(const facelandmark_drpai_config &config)
    : folder_(config.object_folder), input_size_(config.input_size), frequency_(static_cast<int>(config.frequency)), needs_crop_(config.needs_crop != 0),
      device_(the_system()), frames_(the_system()), tensor_(tensor_values()), output_(config.output_values)
{
    parameters_.pre_in_format = FORMAT_YUYV_422;
    parameters_.pre_out_format = FORMAT_RGB;
    parameters_.resize_w = static_cast<decltype(parameters_.resize_w)>(input_size_);
    parameters_.resize_h = static_cast<decltype(parameters_.resize_h)>(input_size_);
    parameters_.resize_alg = ALG_BILINEAR;
    sdk::copy_input(parameters_);
    for (int i = 0; i < 3; i++) {
        parameters_.cof_add[i] = -255.0f * config.mean[i];
        parameters_.cof_mul[i] = 1.0f / (255.0f * config.std[i]);
    }
}

void DrpAiCore::load()
{
    object_ = PreprocessObject::read(folder_ + "/preprocess");
    if (needs_crop_ && object_.crop_width == 0)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_
            + "/preprocess was compiled without Crop, so that every face would be cut from the wrong place: compile it again by"
              " models/compile/compile_drpai.py, or set Locate:Mode to full-frame.");
    if (object_.crop_width != 0 && (object_.crop_width < object_.width || object_.crop_height < object_.height))
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_ + "/preprocess was compiled for regions of up to "
            + pixels(object_.crop_width, object_.crop_height) + ", but they may be as large as the frame, " + pixels(object_.width, object_.height)
            + ": compile it again by models/compile/compile_drpai.py.");
    frames_.require(object_.frame_bytes());
    parameters_.pre_in_addr = static_cast<decltype(parameters_.pre_in_addr)>(frames_.address());
    if (sdk::takes_device<MeraDrpRuntimeWrapper> && sdk::device_kind == sdk::drpai_device && is_for_cpu(folder_))
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object " + folder_ + " was compiled for the CPU alone, but this library passes tensors as the DRP-AI's: run it"
            " by the TVM engine (Models:Default), or build the library with -DDEVICE_KIND=cpu.");
    load_in_area();
    if (runtime_->GetNumOutput() != 1)
        throw Fault(FACELANDMARK_BAD_OBJECT,
            "The model object " + folder_ + " has " + std::to_string(runtime_->GetNumOutput()) + " outputs, but a landmark model has one.");
    if (runtime_->GetInputDataType(0) == InOutDataType::FLOAT16)
        half_tensor_.resize(tensor_.size());
    else if (runtime_->GetInputDataType(0) != InOutDataType::FLOAT32)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object " + folder_ + " takes neither FP32 nor FP16.");
    prove();
}

/* As the vendor's newest sample for each product lays them out: two that overlap compute nonsense. */
void DrpAiCore::load_in_area()
{
    if constexpr (sdk::is_v2h) {
        if (preruntime_.Load(folder_ + "/preprocess") != 0) /* at the end of the area */
            throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_ + "/preprocess cannot be loaded: compile it again for this board.");
        load_model(device_.area());
    } else if constexpr (sdk::TellsLastAddress<MeraDrpRuntimeWrapper>::value) {
        load_model(sdk::align(device_.area()));
        const uint64_t last = sdk::last_address(*runtime_);
        load_preprocess(last == 0 ? device_.area() : sdk::align(last));
    } else {
        load_preprocess(device_.area());
        load_model(device_.area() + sdk::model_offset);
    }
}

void DrpAiCore::load_preprocess(uint64_t address)
{
    require_in_area(address);
    if (preruntime_.Load(folder_ + "/preprocess", static_cast<uint32_t>(address)) != 0)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_ + "/preprocess cannot be loaded: compile it again for this board.");
}

void DrpAiCore::load_model(uint64_t address)
{
    require_in_area(address);
    if (!sdk::load_model(*runtime_, folder_, address))
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object " + folder_ + " cannot be loaded: compile it again for this board.");
}

void DrpAiCore::require_in_area(uint64_t address) const
{
    if (address >= device_.area_end())
        throw Fault(FACELANDMARK_NO_MEMORY, "The DRP-AI's memory (" + hexadecimal(device_.area()) + " to " + hexadecimal(device_.area_end())
            + ") is too small for the model and its pre-processing: give the driver more in the device tree.");
}

/* The vendor's runtime warns on standard error where it ignores a crop, and gives the whole frame. So it has to show that it does not. */
void DrpAiCore::prove()
{
    const CropProof proof(object_.width, object_.height);
    frames_.place(proof.picture().data(), proof.picture().size());
    const auto shows = [&](const Crop &crop) {
        pre(object_.width, object_.height, crop);
        return proof.holds(crop, tensor_.data(), input_size_, parameters_.cof_add, parameters_.cof_mul);
    };
    if (!shows(proof.whole()))
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_ + "/preprocess turns a known picture into something other than RGB of the whole frame"
            " at the network's size: compile it again by models/compile/compile_drpai.py, for this board.");
    crops_ = object_.crop_width != 0;
    if (!crops_)
        return;
    for (const Crop &crop : proof.crops())
        crops_ = crops_ && shows(crop);
    if (needs_crop_ && !crops_)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object " + folder_ + "/preprocess cuts a known picture at the wrong places, and so it would cut every face:"
            " compile it again by models/compile/compile_drpai.py, or set Locate:Mode to full-frame.");
}

void DrpAiCore::check(uint32_t width, uint32_t height, const Crop &crop) const
{
    if (width > object_.width || height > object_.height)
        throw Fault(FACELANDMARK_BAD_OBJECT, "A frame of " + pixels(width, height) + " is larger than the " + pixels(object_.width, object_.height)
            + " that the pre-processing object was compiled for: ask the camera for that size, or compile the object for this one (compile_drpai.py --frame).");
    const bool is_whole = crop == Crop{0, 0, width, height};
    if (!is_whole && !crops_)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object does not cut regions out of frames: compile it again by models/compile/compile_drpai.py, or set"
            " Locate:Mode to full-frame.");
}

void DrpAiCore::place(const uint8_t *frame, uint32_t width, uint32_t height, const Crop &crop)
{
    frames_.place(frame, std::size_t{2} * width * height);
    width_ = width;
    height_ = height;
    crop_ = crop;
}

void DrpAiCore::prepare()
{
    /* A new size of frames overwrites the size of the crop in the object, and the same crop again is taken for unchanged: change it. */
    const Crop whole{0, 0, width_, height_};
    if (crops_ && (width_ != last_width_ || height_ != last_height_) && crop_ == last_crop_)
        pre(width_, height_, whole);
    pre(width_, height_, crop_);
}

void DrpAiCore::pre(uint32_t width, uint32_t height, const Crop &crop)
{
    parameters_.pre_in_shape_w = static_cast<decltype(parameters_.pre_in_shape_w)>(width);
    parameters_.pre_in_shape_h = static_cast<decltype(parameters_.pre_in_shape_h)>(height);
    if (object_.crop_width != 0) {
        parameters_.crop_tl_x = static_cast<decltype(parameters_.crop_tl_x)>(crop.x);
        parameters_.crop_tl_y = static_cast<decltype(parameters_.crop_tl_y)>(crop.y);
        parameters_.crop_w = static_cast<decltype(parameters_.crop_w)>(crop.width);
        parameters_.crop_h = static_cast<decltype(parameters_.crop_h)>(crop.height);
    }
    last_width_ = width;
    last_height_ = height;
    last_crop_ = crop;
    void *result = nullptr;
    uint32_t count = 0;
    const auto status = preruntime_.Pre(&parameters_, &result, &count);
    if (status != 0)
        throw Fault(FACELANDMARK_FAILED, "The pre-processing on the DRP-AI failed with status " + std::to_string(status) + ".");
    if (result == nullptr || count != tensor_.size())
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object gave " + std::to_string(count) + " values, but the network takes " + std::to_string(tensor_.size())
            + ": compile the two for the same size.");
    std::copy_n(static_cast<const float *>(result), count, tensor_.begin());
}

void DrpAiCore::run()
{
    if (half_tensor_.empty()) {
        runtime_->SetInput(0, static_cast<const float *>(tensor_.data()));
    } else {
        std::transform(tensor_.begin(), tensor_.end(), half_tensor_.begin(), float_to_half);
        runtime_->SetInput(0, static_cast<const uint16_t *>(half_tensor_.data()));
    }
    sdk::run(*runtime_, frequency_);
    const auto [type, data, count] = runtime_->GetOutput(0);
    if (data == nullptr || count != static_cast<int64_t>(output_.size()))
        throw Fault(FACELANDMARK_BAD_OBJECT,
            "The model object gave " + std::to_string(count) + " values, but its card says " + std::to_string(output_.size()) + ".");
    if (type == InOutDataType::FLOAT32)
        std::copy_n(static_cast<const float *>(data), count, output_.begin());
    else if (type == InOutDataType::FLOAT16)
        std::transform(static_cast<const uint16_t *>(data), static_cast<const uint16_t *>(data) + count, output_.begin(), half_to_float);
    else
        throw Fault(FACELANDMARK_BAD_OBJECT, "The model object gives neither FP32 nor FP16.");
}

} // namespace facelandmark
