#ifndef FACELANDMARK_PREPROCESS_OBJECT_H
#define FACELANDMARK_PREPROCESS_OBJECT_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace facelandmark {

/* What a pre-processing object was compiled for, as its drp_param_info.txt says. Sizes in pixels. */
struct PreprocessObject {
    uint32_t width = 0; /* of frames; larger ones do not fit into its memory */
    uint32_t height = 0;
    uint32_t crop_width = 0; /* of regions; 0: no Crop was compiled in, and the vendor's runtime ignores crops */
    uint32_t crop_height = 0;

    std::size_t frame_bytes() const { return std::size_t{2} * width * height; }

    /* Reads it. Throws Fault. */
    static PreprocessObject read(const std::string &folder);
};

} // namespace facelandmark

#endif
