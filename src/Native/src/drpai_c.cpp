#include "drpai.h"
#include "fault.h"
#include "worker.h"

#include <algorithm>
#include <cstring>
#include <new>

struct facelandmark_drpai {
    facelandmark::DrpAi drpai;
};

namespace {

facelandmark_status tell(facelandmark_status status, const char *text, char *error, uint32_t error_length)
{
    if (error != nullptr && error_length > 0) {
        const std::size_t length = std::min<std::size_t>(std::strlen(text), error_length - 1);
        std::memcpy(error, text, length);
        error[length] = '\0';
    }
    return status;
}

/* The gate: no exception passes. */
template <typename Work>
facelandmark_status guarded(char *error, uint32_t error_length, Work work)
{
    try {
        work();
        return FACELANDMARK_OK;
    } catch (const facelandmark::Fault &fault) {
        return tell(fault.status(), fault.what(), error, error_length);
    } catch (const std::bad_alloc &) {
        return tell(FACELANDMARK_NO_MEMORY, "There is no memory left.", error, error_length);
    } catch (const std::exception &reason) {
        return tell(FACELANDMARK_FAILED, reason.what(), error, error_length);
    } catch (...) {
        return tell(FACELANDMARK_FAILED, "The DRP-AI runtime failed without a reason.", error, error_length);
    }
}

} // namespace

facelandmark_status facelandmark_drpai_open(const facelandmark_drpai_config *config, facelandmark_drpai **handle, char *error, uint32_t error_length)
{
    return guarded(error, error_length, [&] {
        if (config == nullptr || handle == nullptr || config->size != sizeof *config || config->object_folder == nullptr || config->input_size == 0 || config->input_size > 4096
            || config->output_values == 0 || config->output_values > 20000 || config->hang_after_ms == 0)
            throw facelandmark::Fault(FACELANDMARK_INVALID, "The configuration of the DRP-AI is incomplete.");
        *handle = nullptr;
        *handle = new facelandmark_drpai{facelandmark::DrpAi(*config)};
    });
}

facelandmark_status facelandmark_drpai_prepare(
    facelandmark_drpai *handle, const uint8_t *frame, uint64_t frame_bytes, uint32_t width, uint32_t height, uint32_t crop_x, uint32_t crop_y, uint32_t crop_width,
    uint32_t crop_height, float *tensor, uint64_t tensor_values, char *error, uint32_t error_length)
{
    return guarded(error, error_length, [&] {
        if (handle == nullptr)
            throw facelandmark::Fault(FACELANDMARK_INVALID, "The handle is null.");
        handle->drpai.prepare(frame, frame_bytes, width, height, crop_x, crop_y, crop_width, crop_height, tensor, tensor_values);
    });
}

facelandmark_status facelandmark_drpai_run(
    facelandmark_drpai *handle, const float *tensor, uint64_t tensor_values, float *output, uint64_t output_values, char *error, uint32_t error_length)
{
    return guarded(error, error_length, [&] {
        if (handle == nullptr)
            throw facelandmark::Fault(FACELANDMARK_INVALID, "The handle is null.");
        handle->drpai.run(tensor, tensor_values, output, output_values);
    });
}

void facelandmark_drpai_close(facelandmark_drpai *handle)
{
    delete handle;
}

uint32_t facelandmark_drpai_calls(void)
{
    return facelandmark::Worker::under_way();
}
