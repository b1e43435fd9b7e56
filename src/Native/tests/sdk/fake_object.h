#ifndef FACELANDMARK_TESTS_FAKE_OBJECT_H
#define FACELANDMARK_TESTS_FAKE_OBJECT_H

/*
 * The layout of the pre-processing object that sdk_run.cpp writes, the vendor's runtime changes and fake_driver.c carries out: where each
 * operator's parameters are in drp_param.bin.
 */
enum {
    OP_YUV = 0,
    OP_CROP = 64,
    OP_RESIZE = 128,
    OP_SCALE = 192,
    OP_CAST = 256,
    IN_WIDTH = 8,
    IN_HEIGHT = 10,
    OUT_WIDTH = 12,
    OUT_HEIGHT = 14,
    CROP_X = 16,
    CROP_Y = 18,
    HAS_CROP = 320, /* for the fake driver alone */
    PARAM_BYTES = 384,
    WEIGHT_BYTES = 14 /* three FP16 to add, a gap, three FP16 to multiply by */
};

#endif
