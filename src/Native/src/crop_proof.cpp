#include "crop_proof.h"

#include <algorithm>
#include <cmath>

namespace facelandmark {
namespace {

struct Colour {
    uint8_t y, u, v;
};

/* Red and green above, blue and grey below. */
constexpr Colour colours[4] = {{82, 90, 220}, {145, 54, 34}, {60, 230, 110}, {210, 128, 128}};

/* Levels of 255 that a conversion may be off. */
constexpr float tolerance = 14;

/* BT.601, of video levels or of the full range. */
float level(const Colour &colour, int channel, bool is_full)
{
    const float u = colour.u - 128.0f, v = colour.v - 128.0f;
    const float luma = is_full ? colour.y : 1.164f * (colour.y - 16.0f);
    const float gain = is_full ? 1 : 1.138f;
    const float chroma = channel == 0 ? 1.402f * v : channel == 1 ? -0.714f * v - 0.344f * u : 1.772f * u;
    return std::clamp(luma + gain * chroma, 0.0f, 255.0f);
}

} // namespace

CropProof::CropProof(uint32_t width, uint32_t height) : width_(width), height_(height), picture_(std::size_t{2} * width * height)
{
    const uint32_t middle = width / 4 * 2; /* a pair of pixels shares its chroma */
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x += 2) {
            const Colour &colour = colours[(y < height / 2 ? 0 : 2) + (x < middle ? 0 : 1)];
            uint8_t *const pair = &picture_[2 * (std::size_t{y} * width + x)];
            pair[0] = pair[2] = colour.y;
            pair[1] = colour.u;
            pair[3] = colour.v;
        }
    }
}

std::array<Crop, 2> CropProof::crops() const
{
    return {Crop{(width_ * 3 / 8) | 1, height_ * 3 / 8, width_ / 2, height_ / 2}, Crop{width_ / 8, height_ / 8, width_ / 2, height_ / 2}};
}

bool CropProof::holds(const Crop &crop, const float *tensor, uint32_t size, const float (&add)[3], const float (&mul)[3]) const
{
    const float across = static_cast<float>(crop.width) / size, down = static_cast<float>(crop.height) / size;
    const float middle_x = static_cast<float>(width_ / 4 * 2), middle_y = static_cast<float>(height_ / 2);
    for (uint32_t row = 0; row < size; row++) {
        const float y = crop.y + (row + 0.5f) * down;
        for (uint32_t column = 0; column < size; column++) {
            const float x = crop.x + (column + 0.5f) * across;
            if (std::fabs(x - middle_x) < 2 + 1.5f * across || std::fabs(y - middle_y) < 2 + 1.5f * down)
                continue;
            const Colour &colour = colours[(y < middle_y ? 0 : 2) + (x < middle_x ? 0 : 1)];
            for (int channel = 0; channel < 3; channel++) {
                const float value = tensor[(std::size_t{static_cast<uint32_t>(channel)} * size + row) * size + column];
                const float found = value / mul[channel] - add[channel];
                if (!(std::fabs(found - level(colour, channel, false)) <= tolerance) && !(std::fabs(found - level(colour, channel, true)) <= tolerance))
                    return false;
            }
        }
    }
    return true;
}

} // namespace facelandmark
