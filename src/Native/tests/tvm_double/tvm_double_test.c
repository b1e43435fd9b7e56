/* The double keeps to what is known of TVM, traps included. */
#include "tvm_double.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "line %d: %s is false\n", __LINE__, #condition);   \
            return 1;                                                          \
        }                                                                      \
    } while (0)

static int call(void *module, const char *name, TVMValue *values, int *codes, int count, TVMValue *result)
{
    void *function = NULL;
    int code = -1;
    if (TVMModGetFunction(module, name, 0, &function) != 0 || !function)
        return -2;
    const int status = TVMFuncCall(function, values, codes, count, result, &code);
    TVMFuncFree(function);
    return status;
}

int main(int argc, char **argv)
{
    CHECK(argc > 0 && sizeof(TVMValue) == 8 && sizeof(TVMByteArray) == 16 && sizeof(DLTensor) == 48);
    CHECK(offsetof(DLTensor, ndim) == 16 && offsetof(DLTensor, code) == 20 && offsetof(DLTensor, shape) == 24 && offsetof(DLTensor, byte_offset) == 40);

    void *library = NULL, *create = NULL, *none = &library;
    TVMValue result = {0};
    int code = 0;
    CHECK(TVMModLoadFromFile("/nowhere/deploy.so", "so", &library) == -1 && strstr(TVMGetLastError(), "Failed to load"));
    CHECK(TVMModLoadFromFile(argv[0], "so", &library) == 0);
    CHECK(TVMModGetFunction(library, "run", 0, &none) == 0 && !none);
    CHECK(TVMFuncGetGlobal("tvm.graph_executor.create", &create) == 0 && create);
    TVMValue arguments[4] = {{.v_str = "{ \"attrs\": { \"shape\": [\"list_shape\", [[1,3,16,16],[1],[1,98,2]]] } }"}, {.v_handle = library}, {.v_int64 = 1}, {.v_int64 = 0}};
    int codes[4] = {kStr, kModule, kInt, kInt};
    CHECK(TVMFuncCall(create, arguments, codes, 4, &result, &code) == 0 && code == kModule);
    void *executor = result.v_handle;

    static float picture[3 * 16 * 16], points[196];
    int64_t input_shape[4] = {1, 3, 16, 16}, output_shape[3] = {1, 98, 2};
    DLTensor input = {picture, 1, 0, 4, 2, 32, 1, input_shape, NULL, 0}, output = {points, 1, 0, 3, 2, 32, 1, output_shape, NULL, 0};
    TVMValue set[2] = {{.v_str = "unknown"}, {.v_handle = &input}};
    CHECK(call(executor, "set_input", set, (int[]){kStr, kTensor}, 2, &result) == 0 && tvm_double_copies() == 0);
    set[0].v_str = "input0";
    CHECK(call(executor, "set_input", set, (int[]){kStr, kTensor}, 2, &result) == 0 && tvm_double_copies() == 1);
    CHECK(call(executor, "get_input_index", (TVMValue[]){{.v_str = "unknown"}}, (int[]){kStr}, 1, &result) == 0 && result.v_int64 == -1);

    TVMValue get[2] = {{.v_int64 = 0}, {.v_handle = &output}};
    CHECK(call(executor, "run", NULL, NULL, 0, &result) == 0);
    CHECK(call(executor, "get_output", get, (int[]){kInt, kTensor}, 2, &result) == 0 && isnan(points[0]));
    get[0].v_int64 = 1;
    CHECK(call(executor, "get_output", get, (int[]){kInt, kTensor}, 2, &result) == -1);
    CHECK(call(executor, "load_params", (TVMValue[]){{.v_handle = &(TVMByteArray){"short", 5}}}, (int[]){kBytes}, 1, &result) == -1);
    CHECK(call(executor, "profile", NULL, NULL, 0, &result) == -2);

    CHECK(TVMModFree(executor) == 0 && TVMModFree(library) == 0 && tvm_double_live() == 0);
    return 0;
}
