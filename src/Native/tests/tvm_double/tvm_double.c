#define _POSIX_C_SOURCE 200809L
#include "tvm_double.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* TVM 0.8 and 0.9 ask for this alignment of an input in place; later ones for 64. */
enum { ALIGNMENT = 128, MOST_THREADS = 64 };

typedef struct {
    int references;
    int is_executor;
    int size, landmarks, has_presence;
    int64_t shape[4];
    float scale;
    float *own;         /* the input, copied */
    const float *input; /* or in place */
    float *output;
    char fault[32];
} Module;

typedef struct {
    char name[32];
    Module *module;
} Function;

static _Thread_local char last_error[1024];
static Function create_function = {"create", NULL}, count_function = {"count", NULL};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t threads[MOST_THREADS];
static int thread_count, live, copies;
static char variables[2][64];

__attribute__((constructor)) static void remember_environment(void)
{
    const char *names[] = {"TVM_NUM_THREADS", "OMP_WAIT_POLICY"};
    for (int i = 0; i < 2; i++) {
        const char *value = getenv(names[i]);
        snprintf(variables[i], sizeof variables[i], "%s", value ? value : "");
    }
    if (getenv("TVM_DOUBLE_SPEAKS")) { /* as Renesas' runtime logs */
        puts("[console] the runtime is loaded");
        fflush(stdout);
    }
}

/* As TVM 0.14 words it. */
static int fail(const char *check)
{
    snprintf(last_error, sizeof last_error,
             "Traceback (most recent call last):\n  1: _ZN3tvm7runtime13GraphExecutor3RunEv\n  0: _ZN3tvm7runtime6detail\n"
             "  File \"/build/src/runtime/graph_executor/graph_executor.cc\", line 147\nTVMError: \n"
             "---------------------------------------------------------------\n"
             "An error occurred during the execution of TVM.\n"
             "For more information, please see: https://tvm.apache.org/docs/errors.html\n"
             "---------------------------------------------------------------\n"
             "  Check failed: %s\n", check);
    return -1;
}

static void add(int *counter, int amount)
{
    pthread_mutex_lock(&lock);
    *counter += amount;
    pthread_mutex_unlock(&lock);
}

static int has_fault(const Module *module, const char *name) { return strcmp(module->fault, name) == 0; }

static size_t input_count(const Module *module) { return (size_t)3 * module->size * module->size; }

const char *TVMGetLastError(void) { return last_error; }

int TVMModLoadFromFile(const char *file_name, const char *format, void **out)
{
    if (strcmp(format, "so") != 0)
        return fail("(f != nullptr) is false: Loader for this format is not registered");
    FILE *file = fopen(file_name, "rb");
    if (!file)
        return fail("(lib_handle_ != nullptr) is false: Failed to load dynamic shared library");
    fclose(file);
    Module *module = calloc(1, sizeof *module);
    module->references = 1;
    add(&live, 1);
    *out = module;
    return 0;
}

static void release(Module *module)
{
    if (--module->references > 0)
        return;
    free(module->own);
    free(module->output);
    free(module);
}

int TVMModFree(void *module)
{
    release(module);
    add(&live, -1);
    return 0;
}

int TVMFuncFree(void *function)
{
    release(((Function *)function)->module);
    free(function);
    add(&live, -1);
    return 0;
}

int TVMFuncGetGlobal(const char *name, void **out)
{
    *out = strcmp(name, "tvm.graph_executor.create") == 0 ? &create_function : strcmp(name, "runtime.NumThreads") == 0 ? &count_function : NULL;
    return 0;
}

int TVMModGetFunction(void *handle, const char *name, int query_imports, void **out)
{
    static const char *const names[] = {"load_params", "set_input", "set_input_zero_copy", "get_input_index", "get_num_outputs", "run", "get_output"};
    Module *module = handle;
    char absent[48];
    (void)query_imports;
    *out = NULL;
    snprintf(absent, sizeof absent, "no %s", name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!module->is_executor || strcmp(names[i], name) != 0 || has_fault(module, absent))
            continue;
        Function *function = calloc(1, sizeof *function);
        snprintf(function->name, sizeof function->name, "%s", name);
        function->module = module;
        module->references++;
        add(&live, 1);
        *out = function;
    }
    return 0;
}

static int create(const TVMValue *values, const int *codes, int count, TVMValue *result, int *result_code)
{
    if (count != 4 || codes[0] != kStr || codes[1] != kModule || codes[2] != kInt || codes[3] != kInt)
        return fail("type_code_ == kTVMStr: expected str, Module, int, int");
    const char *json = values[0].v_str, *shapes = strstr(json, "\"list_shape\""), *fault = strstr(json, "\"fault\"");
    int height = 0;
    Module *module = calloc(1, sizeof *module);
    module->references = 1;
    module->is_executor = 1;
    module->scale = NAN;
    if (fault)
        sscanf(fault, "\"fault\": \"%31[^\"]\"", module->fault);
    if (!shapes || sscanf(shapes, "\"list_shape\", [[1,3,%d,%d],[1],[1,%d,2]", &height, &module->size, &module->landmarks) != 3 || has_fault(module, "create")) {
        free(module);
        return fail("(pf != nullptr) is false: no such function in module: tvmgen_default_fused_nn_conv2d");
    }
    const int64_t shape[4] = {1, 3, height, module->size};
    memcpy(module->shape, shape, sizeof shape);
    module->has_presence = strstr(shapes, ",2],[1,1]") != NULL;
    module->own = calloc(input_count(module), sizeof(float));
    module->input = module->own;
    module->output = calloc((size_t)2 * module->landmarks + 1, sizeof(float));
    add(&live, 1);
    result->v_handle = module;
    *result_code = has_fault(module, "type") ? kNDArray : kModule;
    return 0;
}

static int take(const TVMByteArray *blob, size_t *at, void *to, size_t size)
{
    if (blob->size - *at < size)
        return 0;
    memcpy(to, blob->data + *at, size);
    *at += size;
    return 1;
}

/* One array p0 of one float32, in TVM's format. */
static int load_params(Module *module, const TVMByteArray *blob)
{
    uint64_t head[2], names, length, arrays, array[2];
    int64_t shape, bytes;
    int32_t device[2], ndim, type;
    char name[2];
    size_t at = 0;
    if (!take(blob, &at, head, sizeof head) || head[0] != 0xF7E58D4F05049CB7u || !take(blob, &at, &names, 8) || !take(blob, &at, &length, 8) || length != 2
        || !take(blob, &at, name, 2) || memcmp(name, "p0", 2) != 0 || !take(blob, &at, &arrays, 8) || arrays != 1 || !take(blob, &at, array, sizeof array)
        || array[0] != 0xDD5E40F096B4A13Fu || !take(blob, &at, device, sizeof device) || !take(blob, &at, &ndim, 4) || ndim != 1 || !take(blob, &at, &type, 4)
        || type != (1 << 16 | 32 << 8 | 2) || !take(blob, &at, &shape, 8) || !take(blob, &at, &bytes, 8) || bytes != 4 || !take(blob, &at, &module->scale, 4))
        return fail("(strm->Read(&size)) is false: Invalid parameters file format");
    return 0;
}

static const char *input_error(const Module *module, const DLTensor *tensor, int in_place)
{
    size_t count = 1;
    for (int i = 0; i < tensor->ndim; i++)
        count *= (size_t)tensor->shape[i];
    if (tensor->device_type != 1 || tensor->device_id != 0)
        return "internal->device.device_type == external->device.device_type (1 vs. another)";
    if (count * tensor->bits / 8 != input_count(module) * sizeof(float))
        return "(from_size == to_size) is false: TVMArrayCopyFromTo: The size must exactly match";
    if (!in_place)
        return NULL;
    if (((uintptr_t)tensor->data + tensor->byte_offset) % ALIGNMENT != 0)
        return "reinterpret_cast<size_t>(data_ref->data) % kAllocAlignment == 0 (64 vs. 0)";
    if (tensor->ndim != 4 || memcmp(tensor->shape, module->shape, sizeof module->shape) != 0)
        return "internal->shape[i] == external->shape[i]";
    return NULL;
}

static int set_input(Module *module, const TVMValue *values, const int *codes, int in_place)
{
    if (codes[1] != kTensor || (codes[0] != kInt && codes[0] != kStr))
        return fail("type_code_ == kTVMDLTensorHandle");
    if (codes[0] == kStr ? strcmp(values[0].v_str, "input0") != 0 : 0)
        return 0; /* an unknown name is ignored */
    if (codes[0] == kInt && (values[0].v_int64 < 0 || values[0].v_int64 > 1))
        return fail("static_cast<size_t>(index) < input_nodes_.size()");
    const DLTensor *tensor = values[1].v_handle;
    const char *error = input_error(module, tensor, in_place);
    if (error)
        return fail(error);
    const float *data = (const float *)((const char *)tensor->data + tensor->byte_offset);
    if (in_place) {
        module->input = data;
        return 0;
    }
    memcpy(module->own, data, input_count(module) * sizeof(float));
    module->input = module->own;
    add(&copies, 1);
    return 0;
}

static int run(Module *module)
{
    int i = 0;
    pthread_mutex_lock(&lock);
    while (i < thread_count && !pthread_equal(threads[i], pthread_self()))
        i++;
    if (i == thread_count && thread_count < MOST_THREADS)
        threads[thread_count++] = pthread_self();
    pthread_mutex_unlock(&lock);
    if (has_fault(module, "run"))
        return fail("ret == 0 (-1 vs. 0) : Assert fail: (p0.dtype == float32)");
    for (int k = 0; k < 2 * module->landmarks; k++) /* without parameters: NaN, and no error */
        module->output[k] = module->scale * module->input[(size_t)k * 997 % input_count(module)];
    module->output[2 * module->landmarks] = module->scale;
    return 0;
}

static int get_output(Module *module, const TVMValue *values, const int *codes, int count)
{
    const int64_t index = values[0].v_int64;
    if (count != 2 || codes[0] != kInt || codes[1] != kTensor || index < 0 || index > module->has_presence || has_fault(module, "get_output"))
        return fail("static_cast<size_t>(index) < outputs_.size()");
    const DLTensor *to = values[1].v_handle;
    const int64_t points[3] = {1, module->landmarks, 2}, presence[2] = {1, 1};
    if (index == 0 ? to->ndim != 3 || memcmp(to->shape, points, sizeof points) != 0 : to->ndim != 2 || memcmp(to->shape, presence, sizeof presence) != 0)
        return fail("data->shape[j] == data_out->shape[j]");
    memcpy((char *)to->data + to->byte_offset, module->output + (index == 0 ? 0 : 2 * module->landmarks), index == 0 ? (size_t)module->landmarks * 8 : 4);
    return 0;
}

int TVMFuncCall(void *handle, TVMValue *values, int *codes, int count, TVMValue *result, int *result_code)
{
    const Function *function = handle;
    Module *module = function->module;
    *result_code = kNull;
    if (strcmp(function->name, "create") == 0)
        return create(values, codes, count, result, result_code);
    if (strcmp(function->name, "count") == 0) {
        *result_code = kInt;
        result->v_int64 = variables[0][0] ? atoi(variables[0]) : 2;
        return 0;
    }
    if (strcmp(function->name, "load_params") == 0)
        return codes[0] == kBytes ? load_params(module, values[0].v_handle) : fail("type_code_ == kTVMBytes");
    if (strcmp(function->name, "set_input") == 0)
        return set_input(module, values, codes, 0);
    if (strcmp(function->name, "set_input_zero_copy") == 0)
        return set_input(module, values, codes, 1);
    if (strcmp(function->name, "get_input_index") == 0 || strcmp(function->name, "get_num_outputs") == 0) {
        *result_code = kInt;
        result->v_int64 = strcmp(function->name, "get_num_outputs") == 0 ? (has_fault(module, "outputs") ? 3 : 1 + module->has_presence)
            : codes[0] != kStr || has_fault(module, "index") ? -1
            : strcmp(values[0].v_str, "input0") == 0 || strcmp(values[0].v_str, "picture") == 0 ? 0 : -1;
        return 0;
    }
    if (strcmp(function->name, "run") == 0)
        return run(module);
    return get_output(module, values, codes, count);
}

int tvm_double_live(void) { return live; }

int tvm_double_threads(void) { return thread_count; }

int tvm_double_copies(void) { return copies; }

const char *tvm_double_variable(int i) { return variables[i]; }
