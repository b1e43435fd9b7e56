#include "../tvm_double/tvm_double.h"

/* A model's kernels as TVM's compiler leaves them: out[i] = p0 * in[(997 * i) mod count]. */
static int64_t count(const DLTensor *tensor)
{
    int64_t values = 1;
    for (int32_t i = 0; i < tensor->ndim; i++)
        values *= tensor->shape[i];
    return values;
}

__attribute__((visibility("default"))) int32_t facelandmark_test_kernel(
    DLTensor **arguments, const int32_t *codes, int32_t arguments_count, void *result, int32_t *result_code, void *resource)
{
    (void)codes;
    (void)arguments_count;
    (void)result;
    (void)result_code;
    (void)resource;
    const float *const in = arguments[0]->data, scale = *(const float *)arguments[1]->data;
    float *const out = arguments[2]->data;
    for (int64_t i = 0; i < count(arguments[2]); i++)
        out[i] = scale * in[997 * i % count(arguments[0])];
    return 0;
}
