#define _GNU_SOURCE
#include "fake_object.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/drpai.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Preloaded in front of the C library: a DRP-AI driver and a u-dma-buf whose accelerator is this file. It keeps the memory that the
 * vendor's runtime writes through the driver, and on DRPAI_START does what drp_param.bin says at that moment: YUY2 to RGB, crop, resize
 * (nearest), standardise, planar FP32. Where the parameters contradict each other it says so and gives garbage, as hardware would.
 */
#ifdef FACELANDMARK_V2H
static const uint64_t area_address = 0x240000000;
#else
static const uint64_t area_address = 0x80000000;
#endif
static const uint64_t area_bytes = 0x10000000;
static const uint64_t udmabuf_address = 0x1c0000000; /* what is above 32 bits is not the accelerator's */
enum { UDMABUF_BYTES = 1 << 20, MOST_FILES = 1024 };

static uint8_t *area, *udmabuf;
static struct {
    int is_drpai;
    uint64_t at, left;
} files[MOST_FILES];

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static uint8_t *physical(uint64_t address, uint64_t bytes)
{
    if (address >= area_address && address + bytes <= area_address + area_bytes)
        return area + (address - area_address);
    const uint64_t low = udmabuf_address & 0xffffffff;
    if (address >= low && address + bytes <= low + UDMABUF_BYTES)
        return udmabuf + (address - low);
    fprintf(stderr, "fake driver: nothing is at 0x%llx\n", (unsigned long long)address);
    return NULL;
}

static int open_drpai(void)
{
    if (area == NULL)
        area = mmap(NULL, area_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    const int file = memfd_create("drpai0", 0); /* its own: another check may run beside this one */
    if (file >= 0 && file < MOST_FILES)
        files[file].is_drpai = 1;
    return file;
}

static int open_udmabuf(void)
{
    const int file = memfd_create("udmabuf", 0);
    if (file < 0 || ftruncate(file, UDMABUF_BYTES) != 0)
        return -1;
    udmabuf = mmap(NULL, UDMABUF_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return file;
}

static int opened(const char *path, int flags, unsigned mode, const char *name)
{
    if (strcmp(path, "/dev/drpai0") == 0)
        return open_drpai();
    if (strcmp(path, "/dev/udmabuf0") == 0)
        return open_udmabuf();
    return ((int (*)(const char *, int, ...))real(name))(path, flags, mode);
}

#define OPEN(name)                                   \
    int name(const char *path, int flags, ...)       \
    {                                                \
        va_list rest;                                \
        va_start(rest, flags);                       \
        const unsigned mode = va_arg(rest, unsigned); \
        va_end(rest);                                \
        return opened(path, flags, mode, #name);     \
    }
OPEN(open)
OPEN(open64)

#define FOPEN(name)                                                                       \
    FILE *name(const char *path, const char *mode)                                        \
    {                                                                                     \
        char text[32];                                                                    \
        if (strstr(path, "/udmabuf0/phys_addr") != NULL)                                  \
            snprintf(text, sizeof text, "0x%llx\n", (unsigned long long)udmabuf_address); \
        else if (strstr(path, "/udmabuf0/size") != NULL)                                  \
            snprintf(text, sizeof text, "%d\n", UDMABUF_BYTES);                           \
        else                                                                              \
            return ((FILE * (*)(const char *, const char *)) real(#name))(path, mode);    \
        FILE *file = tmpfile();                                                           \
        fputs(text, file);                                                                \
        rewind(file);                                                                     \
        return file;                                                                      \
    }
FOPEN(fopen)
FOPEN(fopen64)

int close(int file)
{
    if (file >= 0 && file < MOST_FILES)
        memset(&files[file], 0, sizeof files[file]);
    return ((int (*)(int))real("close"))(file);
}

static ssize_t transfer(int file, void *buffer, size_t bytes, int is_write)
{
    uint8_t *const memory = physical(files[file].at, bytes);
    if (memory == NULL || bytes > files[file].left) {
        errno = EFAULT;
        return -1;
    }
    if (is_write)
        memcpy(memory, buffer, bytes);
    else
        memcpy(buffer, memory, bytes);
    files[file].at += bytes;
    files[file].left -= bytes;
    return (ssize_t)bytes;
}

ssize_t write(int file, const void *buffer, size_t bytes)
{
    if (file < 0 || file >= MOST_FILES || !files[file].is_drpai)
        return ((ssize_t(*)(int, const void *, size_t))real("write"))(file, buffer, bytes);
    if (files[file].left == 0)
        return (ssize_t)bytes; /* the list of parameters, which only a real driver needs */
    return transfer(file, (void *)(uintptr_t)buffer, bytes, 1);
}

ssize_t read(int file, void *buffer, size_t bytes)
{
    if (file < 0 || file >= MOST_FILES || !files[file].is_drpai)
        return ((ssize_t(*)(int, void *, size_t))real("read"))(file, buffer, bytes);
    return transfer(file, buffer, bytes, 0);
}

static unsigned number(const uint8_t *parameters, int at) { return parameters[at] | (unsigned)parameters[at + 1] << 8; }

static float half(const uint8_t *bytes)
{
    __fp16 value;
    memcpy(&value, bytes, sizeof value);
    return (float)value;
}

static float clamp(float level) { return level < 0 ? 0 : level > 255 ? 255 : level; }

static int start(const drpai_data_t *parts)
{
    const uint8_t *const parameters = physical(parts[DRPAI_INDEX_DRP_PARAM].address, PARAM_BYTES);
    const uint8_t *const weights = physical(parts[DRPAI_INDEX_WEIGHT].address, WEIGHT_BYTES);
    if (parameters == NULL || weights == NULL)
        return -1;
    const unsigned width = number(parameters, OP_YUV + IN_WIDTH), height = number(parameters, OP_YUV + IN_HEIGHT);
    const unsigned size = number(parameters, OP_RESIZE + OUT_WIDTH);
    const int has_crop = parameters[HAS_CROP];
    const unsigned x0 = has_crop ? number(parameters, OP_CROP + CROP_X) : 0, y0 = has_crop ? number(parameters, OP_CROP + CROP_Y) : 0;
    const unsigned crop_width = has_crop ? number(parameters, OP_CROP + OUT_WIDTH) : width;
    const unsigned crop_height = has_crop ? number(parameters, OP_CROP + OUT_HEIGHT) : height;
    const uint8_t *const frame = physical(parts[DRPAI_INDEX_INPUT].address, 2 * (uint64_t)width * height);
    float *const output = (float *)(void *)physical(parts[DRPAI_INDEX_OUTPUT].address, 12 * (uint64_t)size * size);
    if (frame == NULL || output == NULL)
        return -1;
    memset(output, 0x7f, 12 * (size_t)size * size);
    if (number(parameters, OP_RESIZE + IN_WIDTH) != crop_width || number(parameters, OP_RESIZE + IN_HEIGHT) != crop_height || x0 + crop_width > width
        || y0 + crop_height > height || (has_crop && number(parameters, OP_CROP + IN_WIDTH) != width)) {
        fprintf(stderr, "fake driver: %ux%u, crop %ux%u at %u,%u, resize from %ux%u contradict each other\n", width, height, crop_width, crop_height, x0, y0,
            number(parameters, OP_RESIZE + IN_WIDTH), number(parameters, OP_RESIZE + IN_HEIGHT));
        return 0;
    }
    for (unsigned row = 0; row < size; row++) {
        for (unsigned column = 0; column < size; column++) {
            const size_t x = x0 + (2 * column + 1) * crop_width / (2 * size), y = y0 + (2 * row + 1) * crop_height / (2 * size);
            const uint8_t *const pair = frame + 2 * (y * width + x / 2 * 2);
            const float luma = 1.164f * (pair[x % 2 * 2] - 16.0f), u = pair[1] - 128.0f, v = pair[3] - 128.0f;
            const float rgb[3] = {luma + 1.596f * v, luma - 0.813f * v - 0.392f * u, luma + 2.017f * u};
            for (int channel = 0; channel < 3; channel++)
                output[((size_t)channel * size + row) * size + column] = (clamp(rgb[channel]) + half(weights + 2 * channel)) * half(weights + 8 + 2 * channel);
        }
    }
    return 0;
}

int ioctl(int file, unsigned long request, ...)
{
    va_list rest;
    va_start(rest, request);
    void *const argument = va_arg(rest, void *);
    va_end(rest);
    if (file < 0 || file >= MOST_FILES || !files[file].is_drpai)
        return ((int (*)(int, unsigned long, ...))real("ioctl"))(file, request, argument);
    drpai_data_t *const data = argument;
    switch ((unsigned)request) {
    case (unsigned)DRPAI_GET_DRPAI_AREA:
        data->address = (drpai_address_t)area_address;
        data->size = (drpai_address_t)area_bytes;
        return 0;
    case (unsigned)DRPAI_ASSIGN:
        files[file].at = data->address;
        files[file].left = data->size;
        return 0;
    case (unsigned)DRPAI_ASSIGN_PARAM:
        files[file].left = 0;
        return 0;
    case (unsigned)DRPAI_ASSIGN_DYNAMIC: {
        const drpai_data_dynamic_t *const dynamic = argument;
        files[file].at = (uint64_t)dynamic->start_address + dynamic->offset;
        files[file].left = dynamic->size;
        return 0;
    }
    case (unsigned)DRPAI_SET_ADRCONV:
        return 0; /* the runtime names physical addresses all the same */
    case (unsigned)DRPAI_START:
        return start(data);
    case (unsigned)DRPAI_GET_STATUS:
        memset(argument, 0, sizeof(drpai_status_t));
        return 0;
    default:
        errno = ENOTTY;
        return -1;
    }
}
