#include "facelandmark_native.h"

uint32_t facelandmark_abi_version(void)
{
    return FACELANDMARK_ABI_VERSION;
}
