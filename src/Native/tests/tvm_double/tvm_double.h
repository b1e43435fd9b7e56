/*
 * A double of TVM's runtime library: the part of its C interface that TvmEngine calls, with sizes, type codes and habits as Apache TVM 0.8
 * to 0.18 have them. Its "network" is out[i] = p0 * in[(997 * i) mod count]; the presence logit, where the graph has one, is p0.
 * The graph's text may hold "fault": "NAME", which makes the call of that name go wrong.
 */
#ifndef TVM_DOUBLE_H
#define TVM_DOUBLE_H

#include <stddef.h>
#include <stdint.h>

typedef union {
    int64_t v_int64;
    double v_float64;
    void *v_handle;
    const char *v_str;
} TVMValue;

typedef struct {
    const char *data;
    size_t size;
} TVMByteArray;

typedef struct {
    void *data;
    int32_t device_type, device_id;
    int32_t ndim;
    uint8_t code, bits;
    uint16_t lanes;
    int64_t *shape;
    int64_t *strides;
    uint64_t byte_offset;
} DLTensor;

enum { kInt = 0, kNull = 4, kTensor = 7, kModule = 9, kStr = 11, kBytes = 12, kNDArray = 13 };

const char *TVMGetLastError(void);
int TVMModLoadFromFile(const char *file_name, const char *format, void **out);
int TVMModGetFunction(void *module, const char *name, int query_imports, void **out);
int TVMModFree(void *module);
int TVMFuncGetGlobal(const char *name, void **out);
int TVMFuncCall(void *function, TVMValue *values, int *codes, int count, TVMValue *result, int *result_code);
int TVMFuncFree(void *function);

/* For tests. */
int tvm_double_live(void);              /* modules and functions that are not freed */
int tvm_double_threads(void);           /* threads that have called run */
int tvm_double_copies(void);            /* inputs that were copied, not bound */
const char *tvm_double_variable(int i); /* TVM_NUM_THREADS (0) and OMP_WAIT_POLICY (1) as they were when the library was loaded */

#endif
