#include "facelandmark_native.h"

#include <cstdio>

/* Stands in for the DRP-AI where the library was built without the vendor's SDK. */

namespace {

facelandmark_status not_built(char *error, uint32_t error_length)
{
    if (error != nullptr && error_length > 0)
        std::snprintf(error, error_length, "%s", "This libfacelandmark_native was built without DRP-AI: build it with cmake -DTVM_ROOT=... -DPRODUCT=...");
    return FACELANDMARK_NOT_BUILT;
}

} // namespace

facelandmark_status facelandmark_drpai_open(const facelandmark_drpai_config *, facelandmark_drpai **handle, char *error, uint32_t error_length)
{
    if (handle != nullptr)
        *handle = nullptr;
    return not_built(error, error_length);
}

facelandmark_status facelandmark_drpai_prepare(
    facelandmark_drpai *, const uint8_t *, uint64_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t, float *, uint64_t, char *error, uint32_t error_length)
{
    return not_built(error, error_length);
}

facelandmark_status facelandmark_drpai_run(facelandmark_drpai *, const float *, uint64_t, float *, uint64_t, char *error, uint32_t error_length)
{
    return not_built(error, error_length);
}

void facelandmark_drpai_close(facelandmark_drpai *)
{
}

uint32_t facelandmark_drpai_calls(void)
{
    return 0;
}
