#ifndef FACELANDMARK_CROP_PROOF_H
#define FACELANDMARK_CROP_PROOF_H

#include <array>
#include <cstdint>
#include <vector>

namespace facelandmark {

struct Crop {
    uint32_t x, y, width, height;
};

inline bool operator==(const Crop &one, const Crop &other)
{
    return one.x == other.x && one.y == other.y && one.width == other.width && one.height == other.height;
}

/*
 * A known picture and what pre-processing must make of it: four rectangles of plain colours that meet in the middle. It shows whether
 * crops are cut where they should be, and whether red is red. Only places well inside a rectangle count, and colours need not be exact:
 * products convert YUV in their own ways.
 */
class CropProof {
public:
    CropProof(uint32_t width, uint32_t height);

    /* YUY2. */
    const std::vector<uint8_t> &picture() const { return picture_; }
    Crop whole() const { return {0, 0, width_, height_}; }

    /* Two crops that see the middle in different corners; the first begins at an odd column. */
    std::array<Crop, 2> crops() const;

    /* Whether a tensor of size x size, planar and standardised by (x + add) * mul, is what a crop must give. */
    bool holds(const Crop &crop, const float *tensor, uint32_t size, const float (&add)[3], const float (&mul)[3]) const;

private:
    uint32_t width_, height_;
    std::vector<uint8_t> picture_;
};

} // namespace facelandmark

#endif
