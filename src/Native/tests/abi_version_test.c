#include "facelandmark_native.h"

#include <stdio.h>

int main(void)
{
    const uint32_t version = facelandmark_abi_version();
    if (version != FACELANDMARK_ABI_VERSION) {
        fprintf(stderr, "the library says %u, its header %u\n", (unsigned)version, (unsigned)FACELANDMARK_ABI_VERSION);
        return 1;
    }
    return 0;
}
