#include "PreRuntime.h"

#include <algorithm>
#include <iostream>

using board::state;

uint8_t PreRuntime::Load(const std::string &, Address address)
{
    state.pre_address = address;
    state.loads += "pre ";
    width_ = static_cast<uint16_t>(state.frame_width);
    height_ = static_cast<uint16_t>(state.frame_height);
    told_ = written_ = {0, 0, static_cast<uint16_t>(state.crop_width), static_cast<uint16_t>(state.crop_height)};
    return state.pre_load_fails ? 1 : 0;
}

/* Where the frame lies, by the address that was given. */
const uint8_t *PreRuntime::input(const s_preproc_param_t &parameters)
{
#ifdef FACELANDMARK_V2H
    if (!parameters.input_copy_enabled)
        return nullptr;
    const uint8_t *const frame = reinterpret_cast<const uint8_t *>(static_cast<uintptr_t>(parameters.pre_in_addr));
    copy_.assign(frame, frame + 2u * state.frame_width * state.frame_height);
    return copy_.data();
#else
    return parameters.pre_in_addr == 0xc0000000u ? state.udmabuf.data() : nullptr;
#endif
}

uint8_t PreRuntime::Pre(s_preproc_param_t *parameters, void **output, uint32_t *count)
{
    board::wait_here();
    state.pre_calls++;
    const uint8_t *const frame = input(*parameters);
    const auto &told = *parameters;
    if (state.pre_fails || frame == nullptr || told.pre_in_format != FORMAT_YUYV_422 || told.pre_out_format != FORMAT_RGB || told.resize_alg != ALG_BILINEAR)
        return 1;
    if (told.pre_in_shape_w != width_ || told.pre_in_shape_h != height_) {
        width_ = told.pre_in_shape_w;
        height_ = told.pre_in_shape_h;
        written_.width = width_;
        written_.height = height_;
    }
    if (state.crop_width == 0) {
        if (told.crop_w != INVALID_SHAPE) {
            std::cerr << "[WARNING] Crop parameters are specified in Pre(), but no crop operator used" << std::endl;
            state.warnings++;
        }
        written_ = {0, 0, width_, height_};
    } else if (told.crop_w != INVALID_SHAPE) {
        if (told.crop_tl_x >= width_ || told.crop_tl_y >= height_ || told.crop_w > width_ || told.crop_h > height_)
            return 1;
        if (told.crop_tl_x != told_.x || told.crop_tl_y != told_.y || told.crop_w != told_.width || told.crop_h != told_.height)
            told_ = written_ = {told.crop_tl_x, told.crop_tl_y, told.crop_w, told.crop_h};
    }
    tensor_.assign(3u * told.resize_w * told.resize_h, 1e30f);
    if (width_ <= state.frame_width && height_ <= state.frame_height && (state.crop_width == 0 || (written_.width <= state.crop_width && written_.height <= state.crop_height)))
        compute(told, frame);
    *output = tensor_.data();
    *count = static_cast<uint32_t>(tensor_.size());
    return 0;
}

/* YUV to RGB of video levels, the nearest pixel, standardised. */
void PreRuntime::compute(const s_preproc_param_t &parameters, const uint8_t *frame)
{
    const std::size_t plane = std::size_t{parameters.resize_w} * parameters.resize_h;
    const int shift = state.crops_are_shifted && written_.width != width_ ? 40 : 0;
    for (uint32_t row = 0; row < parameters.resize_h; row++) {
        for (uint32_t column = 0; column < parameters.resize_w; column++) {
            const std::size_t x = std::min<std::size_t>(written_.x + (2 * column + 1u) * written_.width / (2u * parameters.resize_w) + static_cast<std::size_t>(shift), width_ - 1u);
            const std::size_t y = std::min<std::size_t>(written_.y + (2 * row + 1u) * written_.height / (2u * parameters.resize_h), height_ - 1u);
            const uint8_t *const pair = frame + 2 * (y * width_ + x / 2 * 2);
            const float luma = 1.164f * (static_cast<float>(pair[x % 2 * 2]) - 16), u = static_cast<float>(pair[1]) - 128, v = static_cast<float>(pair[3]) - 128;
            const float rgb[3] = {luma + 1.596f * v, luma - 0.813f * v - 0.392f * u, luma + 2.017f * u};
            for (std::size_t channel = 0; channel < 3; channel++) {
                const float level = std::clamp(rgb[state.swaps_colours ? 2 - channel : channel], 0.0f, 255.0f);
                tensor_[channel * plane + row * parameters.resize_w + column] = (level + parameters.cof_add[channel]) * parameters.cof_mul[channel];
            }
        }
    }
}
