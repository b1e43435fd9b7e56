#ifndef FACELANDMARK_TESTS_MERA_H
#define FACELANDMARK_TESTS_MERA_H

#include "board.h"

#include <stdexcept>
#include <tuple>

/*
 * A double of the vendor's class: its signatures, those of 2.7 or with DOUBLE_BEFORE_2_7 those of 2.0 to 2.6; a network whose every output is
 * the mean of its input.
 */
enum class InOutDataType { FLOAT32, FLOAT16, OTHER };

class MeraDrpRuntimeWrapper {
public:
#ifdef DOUBLE_BEFORE_2_7
    MeraDrpRuntimeWrapper();
    bool LoadModel(const std::string &folder, uint32_t address); /* the CPU as the device */
#else
    explicit MeraDrpRuntimeWrapper(int device);
    uint64_t GetLastAddress();
#endif
    bool LoadModel(const std::string &folder, uint64_t address);
    InOutDataType GetInputDataType(int index);
    void SetInput(int index, const float *data);
    void SetInput(int index, const uint16_t *data);
    void Run(int frequency);
    void Run();
    int GetNumOutput();
    std::tuple<InOutDataType, void *, int64_t> GetOutput(int index);

private:
    double mean_ = 0;
    std::vector<float> output_;
    std::vector<uint16_t> half_output_;
};

#endif
