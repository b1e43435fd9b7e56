#ifndef FACELANDMARK_TESTS_PRERUNTIME_H
#define FACELANDMARK_TESTS_PRERUNTIME_H

#include "board.h"

/* A double of the vendor's pre-processing: the names that the shim uses; the tensor is the luma of the region's corner, with the coefficients. */
enum { FORMAT_YUYV_422 = 7, FORMAT_RGB = 5, ALG_BILINEAR = 1 };

struct s_preproc_param_t {
    uint16_t pre_in_shape_w, pre_in_shape_h;
    uint32_t pre_in_addr;
    uint16_t pre_in_format, pre_out_format;
    uint16_t resize_w, resize_h;
    uint8_t resize_alg;
    float cof_add[3], cof_mul[3];
    uint16_t crop_tl_x, crop_tl_y, crop_w, crop_h;
};

class PreRuntime {
public:
    uint8_t Load(const std::string &folder, uint32_t address);
    uint8_t Pre(s_preproc_param_t *parameters, DOUBLE_PRE_OUT **output, uint32_t *values);

private:
    std::vector<float> tensor_;
};

#endif
