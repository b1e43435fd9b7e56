#ifndef FACELANDMARK_TESTS_PRERUNTIME_H
#define FACELANDMARK_TESTS_PRERUNTIME_H

#include "board.h"

/*
 * A double of the vendor's pre-processing that behaves as the real one was read to behave (apps/PreRuntime.cpp and PreRuntimeV2H.cpp of 2.7):
 *  - Crops are ignored with a warning on standard error where no Crop was compiled in.
 *  - A new size of frames overwrites the size of the crop; only a crop that differs from the last one told is written again.
 *  - Crops beyond the frame are an error; crops and frames larger than compiled are not noticed, and give garbage.
 *  - V2H copies as many bytes as compiled from a virtual address, unless told not to, and then refuses the same address twice.
 */
enum { FORMAT_YUYV_422 = 0, FORMAT_RGB = 0xfffe, ALG_BILINEAR = 1, INVALID_SHAPE = 0xffff };
constexpr uint32_t INVALID_ADDR = 0xffffffffu;

struct s_preproc_param_t {
    uint16_t pre_in_shape_w = INVALID_SHAPE, pre_in_shape_h = INVALID_SHAPE;
    uint64_t pre_in_addr = INVALID_ADDR;
    uint16_t pre_in_format = 0xffff, pre_out_format = 0xffff;
    uint8_t resize_alg = 0xff;
    uint16_t resize_w = INVALID_SHAPE, resize_h = INVALID_SHAPE;
    float cof_add[3] = {}, cof_mul[3] = {};
    uint16_t crop_tl_x = INVALID_SHAPE, crop_tl_y = INVALID_SHAPE, crop_w = INVALID_SHAPE, crop_h = INVALID_SHAPE;
#ifndef DOUBLE_BEFORE_2_7
    bool input_copy_enabled = true;
#endif
};

class PreRuntime {
public:
#ifdef DOUBLE_BEFORE_2_7
    using Address = uint32_t;
#else
    using Address = uint64_t;
#endif
    uint8_t Load(const std::string &folder, Address address = INVALID_ADDR);
    uint8_t Pre(s_preproc_param_t *parameters, void **output, uint32_t *values);

private:
    struct Crop {
        uint16_t x, y, width, height;
    };

    void compute(const s_preproc_param_t &parameters, const uint8_t *frame);
    const uint8_t *input(const s_preproc_param_t &parameters);

    uint16_t width_ = 0, height_ = 0;
    Crop told_{}, written_{};
    std::vector<uint8_t> copy_;
    std::vector<float> tensor_;
};

#endif
