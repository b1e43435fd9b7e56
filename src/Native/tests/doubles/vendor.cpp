#include "MeraDrpRuntimeWrapper.h"

#include "half.h"

#include <chrono>
#include <iostream>
#include <thread>

using board::state;

namespace {

/* As the real runtime's tables: made when it is loaded, gone in the exit of the process, used by every run. */
struct Registry {
    int *volatile entries = new int[16]();
    ~Registry()
    {
        delete[] entries;
        entries = nullptr;
    }
};

Registry registry;

void work_slowly()
{
    if (state.slow_ms > 0)
        std::cout << "[console] [info] a slow run begins" << std::endl;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(state.slow_ms);
    while (std::chrono::steady_clock::now() < until)
        registry.entries[7] = registry.entries[7] + 1;
}

} // namespace

#ifdef DOUBLE_BEFORE_2_7
MeraDrpRuntimeWrapper::MeraDrpRuntimeWrapper()
{
    state.device = 36;
}

bool MeraDrpRuntimeWrapper::LoadModel(const std::string &folder, uint32_t address)
{
    state.device = 1;
    return LoadModel(folder, uint64_t{address});
}
#else
MeraDrpRuntimeWrapper::MeraDrpRuntimeWrapper(int device)
{
    state.device = device;
}

uint64_t MeraDrpRuntimeWrapper::GetLastAddress()
{
    return state.last_address;
}
#endif

bool MeraDrpRuntimeWrapper::LoadModel(const std::string &folder, uint64_t address)
{
    board::wait_here();
    std::cout << "[console] [info] MERA 1.0 (drp-tvm) Runtime" << std::endl; /* the vendor's logger writes there */
    state.folder = folder;
    state.model_address = address;
    state.loads += "model ";
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

void MeraDrpRuntimeWrapper::Run()
{
    Run(1);
}

void MeraDrpRuntimeWrapper::Run(int frequency)
{
    board::wait_here();
    if (state.runs++ > 0)
        work_slowly();
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
