#ifndef FACELANDMARK_TESTS_LINUX_DRPAI_H
#define FACELANDMARK_TESTS_LINUX_DRPAI_H

#include <cstdint>
#include <sys/ioctl.h>

/* The names of the driver's header that the shim uses, so that its code for the real system compiles everywhere. */
typedef struct {
    uint64_t address;
    uint64_t size;
} drpai_data_t;

#define DRPAI_GET_DRPAI_AREA _IOR(46, 11, drpai_data_t)

#endif
