/*
 * The C interface of libfacelandmark_native, the only C++ of FaceLandmark: what can be reached by C++ classes alone.
 *
 * Rules for every function
 *  - Names begin with facelandmark_, integers have a fixed width, objects are opaque handles.
 *  - Buffers belong to the caller and come with their length; the library keeps no pointer to them after it returns.
 *  - What the library returns by pointer is its own and lives as long as it is loaded, unless the function says otherwise.
 *  - No C++ exception leaves a function.
 *  - Threads: a function may be called by any thread at any time, unless it says otherwise.
 */
#ifndef FACELANDMARK_NATIVE_H
#define FACELANDMARK_NATIVE_H

#include <stdint.h>

#ifdef FACELANDMARK_BUILDING
#define FACELANDMARK_API __attribute__((visibility("default")))
#else
#define FACELANDMARK_API
#endif

/* Counts up with every change after which an older caller would go wrong. */
#define FACELANDMARK_ABI_VERSION 1u

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The FACELANDMARK_ABI_VERSION that the library was built with. A caller asks for it before anything else and refuses the
 * library when it is not the one that the caller was built with.
 */
FACELANDMARK_API uint32_t facelandmark_abi_version(void);

#ifdef __cplusplus
}
#endif

#endif
