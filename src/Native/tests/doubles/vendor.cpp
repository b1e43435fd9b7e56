#include "MeraDrpRuntimeWrapper.h"
#include "PreRuntime.h"

#include "half.h"

using board::state;

bool MeraDrpRuntimeWrapper::LoadModel(const std::string &folder, uint64_t address)
{
    board::wait_here();
    state.folder = folder;
    state.model_address = address;
    return !state.load_fails;
}

InOutDataType MeraDrpRuntimeWrapper::GetInputDataType(int)
{
    return state.half_input ? InOutDataType::FLOAT16 : InOutDataType::FLOAT32;
}

void MeraDrpRuntimeWrapper::SetInput(int, const float *data)
{
    mean_ = 0;
    for (int i = 0; i < state.input_values; i++)
        mean_ += static_cast<double>(data[i]) / state.input_values;
}

void MeraDrpRuntimeWrapper::SetInput(int, const uint16_t *data)
{
    mean_ = 0;
    for (int i = 0; i < state.input_values; i++)
        mean_ += static_cast<double>(facelandmark::half_to_float(data[i])) / state.input_values;
}

void MeraDrpRuntimeWrapper::Run(int frequency)
{
    board::wait_here();
    state.frequency = frequency;
    if (state.run_throws)
        throw std::runtime_error("DRP-AI error 5");
    if (state.run_throws_nothing_known)
        throw 5;
    output_.assign(static_cast<std::size_t>(state.output_values), static_cast<float>(mean_));
    half_output_.assign(output_.size(), facelandmark::float_to_half(static_cast<float>(mean_)));
}

int MeraDrpRuntimeWrapper::GetNumOutput()
{
    return state.outputs;
}

std::tuple<InOutDataType, void *, int64_t> MeraDrpRuntimeWrapper::GetOutput(int)
{
    if (state.half_output)
        return {InOutDataType::FLOAT16, half_output_.data(), static_cast<int64_t>(half_output_.size())};
    return {InOutDataType::FLOAT32, output_.data(), static_cast<int64_t>(output_.size())};
}

uint8_t PreRuntime::Load(const std::string &, uint32_t address)
{
    state.pre_address = address;
    return state.pre_load_fails ? 1 : 0;
}

uint8_t PreRuntime::Pre(s_preproc_param_t *parameters, DOUBLE_PRE_OUT **output, uint32_t *count)
{
    board::wait_here();
    if (state.pre_fails || parameters->pre_in_addr != 0xc0000000u || parameters->pre_in_format != FORMAT_YUYV_422 || parameters->pre_out_format != FORMAT_RGB
        || parameters->resize_alg != ALG_BILINEAR)
        return 3;
    const std::size_t corner = 2u * (parameters->crop_tl_y * std::size_t{parameters->pre_in_shape_w} + parameters->crop_tl_x);
    const std::size_t plane = std::size_t{parameters->resize_w} * parameters->resize_h;
    tensor_.resize(3 * plane);
    for (std::size_t i = 0; i < tensor_.size(); i++)
        tensor_[i] = (state.udmabuf[corner] + parameters->cof_add[i / plane]) * parameters->cof_mul[i / plane];
    *output = tensor_.data();
    *count = static_cast<uint32_t>(tensor_.size());
    return 0;
}
