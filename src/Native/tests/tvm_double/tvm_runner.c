/*
 * TVM's own way of timing (load, set_input, warm up, then run in a loop), in C, against any runtime library: the yardstick of TvmEngine.
 *   tvm_runner LIBRARY FOLDER [RUNS]    the folder holds deploy.so, deploy.json, deploy.params, input0.f32, output0.f32
 */
#define _POSIX_C_SOURCE 200809L
#include "tvm_double.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *library;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* ISO C knows no conversion of an object's address to a function's. */
static void bind(void *function, const char *name)
{
    void *address = dlsym(library, name);
    if (!address)
        fail(name, "the library lacks it");
    memcpy(function, &address, sizeof address);
}

static const char *(*get_last_error)(void);
static int (*load_from_file)(const char *, const char *, void **);
static int (*get_function)(void *, const char *, int, void **);
static int (*get_global)(const char *, void **);
static int (*func_call)(void *, TVMValue *, int *, int, TVMValue *, int *);

static void require(int status, const char *what)
{
    if (status)
        fail(what, get_last_error());
}

static char *read_file(const char *folder, const char *name, size_t *size)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail(path, "cannot be read");
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *data = calloc(*size + 1, 1);
    if (fread(data, 1, *size, file) != *size)
        fail(path, "cannot be read");
    fclose(file);
    return data;
}

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        fail("usage", "tvm_runner LIBRARY FOLDER [RUNS]");
    library = dlopen(argv[1], RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        fail(argv[1], dlerror());
    bind(&get_last_error, "TVMGetLastError");
    bind(&load_from_file, "TVMModLoadFromFile");
    bind(&get_function, "TVMModGetFunction");
    bind(&get_global, "TVMFuncGetGlobal");
    bind(&func_call, "TVMFuncCall");

    char path[4096];
    size_t json_size, params_size, input_size, output_size;
    char *json = read_file(argv[2], "deploy.json", &json_size);
    TVMByteArray params = {read_file(argv[2], "deploy.params", &params_size), params_size};
    char *input_data = read_file(argv[2], "input0.f32", &input_size);
    const float *expected = (const float *)(void *)read_file(argv[2], "output0.f32", &output_size);
    void *module, *create, *load_params, *set_input, *run, *get_output;
    TVMValue result;
    int code;
    snprintf(path, sizeof path, "%s/deploy.so", argv[2]);
    require(load_from_file(path, "so", &module), path);
    require(get_global("tvm.graph_executor.create", &create), "create");
    require(func_call(create, (TVMValue[]){{.v_str = json}, {.v_handle = module}, {.v_int64 = 1}, {.v_int64 = 0}}, (int[]){kStr, kModule, kInt, kInt}, 4, &result, &code), "create");
    void *executor = result.v_handle;
    require(get_function(executor, "load_params", 0, &load_params), "load_params");
    require(get_function(executor, "set_input", 0, &set_input), "set_input");
    require(get_function(executor, "run", 0, &run), "run");
    require(get_function(executor, "get_output", 0, &get_output), "get_output");
    require(func_call(load_params, (TVMValue[]){{.v_handle = &params}}, (int[]){kBytes}, 1, &result, &code), "load_params");

    const int64_t side = (int64_t)(sqrt((double)input_size / 12) + 0.5), points = (int64_t)output_size / 8;
    int64_t input_shape[4] = {1, 3, side, side}, output_shape[3] = {1, points, 2};
    float *output_data = calloc((size_t)points * 2, sizeof(float));
    DLTensor input = {input_data, 1, 0, 4, 2, 32, 1, input_shape, NULL, 0}, output = {output_data, 1, 0, 3, 2, 32, 1, output_shape, NULL, 0};
    require(func_call(set_input, (TVMValue[]){{.v_str = "input0"}, {.v_handle = &input}}, (int[]){kStr, kTensor}, 2, &result, &code), "set_input");

    const int runs = argc > 3 ? atoi(argv[3]) : 1;
    double *times = calloc((size_t)runs, sizeof(double));
    for (int i = -3; i < runs; i++) {
        const double began = milliseconds();
        require(func_call(run, NULL, NULL, 0, &result, &code), "run");
        if (i >= 0)
            times[i] = milliseconds() - began;
    }
    require(func_call(get_output, (TVMValue[]){{.v_int64 = 0}, {.v_handle = &output}}, (int[]){kInt, kTensor}, 2, &result, &code), "get_output");
    double worst = 0;
    for (int64_t i = 0; i < 2 * points; i++)
        worst = fmax(worst, fabs((double)output_data[i] - (double)expected[i]));
    qsort(times, (size_t)runs, sizeof *times, compare);
    printf("median %.3f ms, fastest %.3f ms, %d runs; largest difference %.3g\n", times[runs / 2], times[0], runs, worst);
    return 0;
}
