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
#define FACELANDMARK_ABI_VERSION 3u

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The FACELANDMARK_ABI_VERSION that the library was built with. A caller asks for it before anything else and refuses the
 * library when it is not the one that the caller was built with.
 */
FACELANDMARK_API uint32_t facelandmark_abi_version(void);

/* What a function says about its work. Everything but FACELANDMARK_OK comes with a text. */
typedef int32_t facelandmark_status;
enum {
    FACELANDMARK_OK = 0,
    FACELANDMARK_INVALID = 1,    /* an argument is wrong: the caller's bug */
    FACELANDMARK_NOT_BUILT = 2,  /* this library was built without the vendor's SDK */
    FACELANDMARK_NO_DRIVER = 3,  /* a device file is missing or may not be opened */
    FACELANDMARK_BUSY = 4,       /* another process has the device */
    FACELANDMARK_NO_MEMORY = 5,  /* the DRP-AI's memory or the udmabuf is too small */
    FACELANDMARK_BAD_OBJECT = 6, /* the model object cannot be loaded, is of another shape, or cannot do what is asked */
    FACELANDMARK_FAILED = 7,     /* the runtime failed */
    FACELANDMARK_HUNG = 8        /* the runtime did not return in time; the handle refuses work until it has */
};

/* The DRP-AI with a model object and its pre-processing loaded. One process at a time, one handle a process. */
typedef struct facelandmark_drpai facelandmark_drpai;

typedef struct facelandmark_drpai_config {
    uint32_t size;              /* of this structure, bytes */
    uint32_t input_size;        /* side of the network's input, pixels */
    uint32_t output_values;     /* values of its output: 2 a landmark */
    uint32_t frequency;         /* index of the clock, as the vendor counts; V2H and V2N only */
    uint32_t hang_after_ms;     /* how long one call of the runtime may take */
    uint32_t needs_crop;        /* 0: every region will be the whole frame, so that an object that cannot crop will do */
    float mean[3];              /* R, G, B of a picture in [0,1] */
    float std[3];
    const char *object_folder;  /* with deploy.so, deploy.json, deploy.params or mera.plan, and preprocess/; UTF-8 */
} facelandmark_drpai_config;

/*
 * Texts: error takes a sentence of at most error_length - 1 bytes and a zero; it may be null.
 * Threads: prepare and run may be called by different threads at once, they take turns on the device. close is called last and once.
 */

/*
 * Opens the devices, loads the object and its pre-processing, and proves by a known picture that the pre-processing cuts regions where
 * it should. On success *handle is the caller's, to be closed. The vendor's runtimes write on standard output.
 */
FACELANDMARK_API facelandmark_status facelandmark_drpai_open(
    const facelandmark_drpai_config *config, facelandmark_drpai **handle, char *error, uint32_t error_length);

/*
 * Pre-processing on the accelerator. frame is YUY2 of width x height, width * 2 bytes a row; it is copied into the udmabuf. The
 * region (crop_) lies inside the frame, and neither is larger than the object was compiled for. tensor takes 3 * input_size * input_size values, planar.
 */
FACELANDMARK_API facelandmark_status facelandmark_drpai_prepare(
    facelandmark_drpai *handle, const uint8_t *frame, uint64_t frame_bytes, uint32_t width, uint32_t height,
    uint32_t crop_x, uint32_t crop_y, uint32_t crop_width, uint32_t crop_height,
    float *tensor, uint64_t tensor_values, char *error, uint32_t error_length);

/* Inference. output takes output_values values. */
FACELANDMARK_API facelandmark_status facelandmark_drpai_run(
    facelandmark_drpai *handle, const float *tensor, uint64_t tensor_values,
    float *output, uint64_t output_values, char *error, uint32_t error_length);

/* Gives everything back. A runtime that hangs keeps its memory and its thread until it returns. Null is allowed. */
FACELANDMARK_API void facelandmark_drpai_close(facelandmark_drpai *handle);

/*
 * Calls of the vendor's runtimes that have not returned, of all handles, closed ones included. While it is not 0, end the process by _exit:
 * exit runs the destructors of the libraries that the calls are in, and they crash.
 */
FACELANDMARK_API uint32_t facelandmark_drpai_calls(void);

#ifdef __cplusplus
}
#endif

#endif
