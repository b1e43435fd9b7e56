#ifndef FACELANDMARK_TESTS_LINUX_DRPAI_H
#define FACELANDMARK_TESTS_LINUX_DRPAI_H

#include <stdint.h>
#include <sys/ioctl.h>

/*
 * What the vendor's sources and the shim use of the DRP-AI driver's interface, with its names, numbers and layouts (they are facts of
 * the driver, public in the kernels of the boards' systems), so that both compile where there is no board's system.
 * V2H and V2N (-DFACELANDMARK_V2H) address 64 bits and convert addresses; the others address 32 bits and place objects themselves.
 */
#ifdef FACELANDMARK_V2H
typedef uint64_t drpai_address_t;
enum { DRPAI_RESERVED_NUM = 32, DRPAI_INDEX_NUM = 10, DRPAI_ADRCONV_MODE_REPLACE = 0, DRPAI_ADRCONV_MODE_ADD = 1 };
#else
typedef uint32_t drpai_address_t;
enum { DRPAI_RESERVED_NUM = 10, DRPAI_INDEX_NUM = 7 };
#endif

enum {
    DRPAI_INDEX_INPUT,
    DRPAI_INDEX_DRP_DESC,
    DRPAI_INDEX_DRP_CFG,
    DRPAI_INDEX_DRP_PARAM,
    DRPAI_INDEX_AIMAC_DESC,
    DRPAI_INDEX_WEIGHT,
    DRPAI_INDEX_OUTPUT,
    DRPAI_INDEX_AIMAC_CMD,
    DRPAI_INDEX_AIMAC_PARAM_DESC,
    DRPAI_INDEX_AIMAC_PARAM_CMD
};

enum {
    DRPAI_FILE_TYPE_DRP_DESC = 0x10000 | DRPAI_INDEX_DRP_DESC,
    DRPAI_FILE_TYPE_DRP_CFG = DRPAI_INDEX_DRP_CFG,
    DRPAI_FILE_TYPE_DRP_PARAM = 0x20000 | DRPAI_INDEX_DRP_PARAM,
    DRPAI_FILE_TYPE_AIMAC_DESC = 0x10000 | DRPAI_INDEX_AIMAC_DESC,
    DRPAI_FILE_TYPE_WEIGHT = DRPAI_INDEX_WEIGHT
};

typedef struct {
    drpai_address_t address, size;
} drpai_data_t;

typedef struct {
    uint32_t start_address, offset, size, file_type;
} drpai_data_dynamic_t;

typedef struct {
    uint32_t status;
    int32_t err;
    uint32_t reserved[DRPAI_RESERVED_NUM];
} drpai_status_t;

typedef struct {
    uint32_t info_size;
    drpai_data_t obj;
} drpai_assign_param_t;

typedef struct {
    uint32_t org_address, size;
    uint64_t conv_address;
    uint8_t mode;
} drpai_adrconv_t;

#define DRPAI_ASSIGN _IOW(46, 0, drpai_data_t)
#define DRPAI_START _IOW(46, 1, drpai_data_t)
#define DRPAI_GET_STATUS _IOR(46, 3, drpai_status_t)
#define DRPAI_ASSIGN_PARAM _IOW(46, 6, drpai_assign_param_t)
#define DRPAI_ASSIGN_DYNAMIC _IOW(46, 10, drpai_data_dynamic_t)
#define DRPAI_GET_DRPAI_AREA _IOR(46, 11, drpai_data_t)
#define DRPAI_SET_ADRCONV _IOW(46, 14, drpai_adrconv_t)

#endif
