#include "facelandmark_native.h"
#include "fake_object.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/*
 * Runs the shim with the vendor's real libraries on the fake driver: sdk_run SCRATCH KERNELS.so cpu|drpai [OBJECT]. It writes a model object
 * for the CPU and a pre-processing object with and one without Crop, both at the size of the documented contract. OBJECT is another model
 * object for the CPU, with input0.f32 and output0.f32.
 */
namespace fs = std::filesystem;
namespace {

constexpr uint32_t size = 256;
constexpr uint64_t values = 3ull * size * size;
constexpr float mean[3] = {0.485f, 0.456f, 0.406f}, deviation[3] = {0.229f, 0.224f, 0.225f};

char text[512];
facelandmark_drpai *handle;
std::vector<float> tensor(values), output(196);
std::vector<uint8_t> frame(640 * 480 * 2);

#define CHECK(condition)                                                                      \
    do {                                                                                      \
        if (!(condition)) {                                                                   \
            std::fprintf(stderr, "line %d: not true: %s [%s]\n", __LINE__, #condition, text); \
            std::_Exit(1);                                                                    \
        }                                                                                     \
    } while (false)

void write(const fs::path &path, const std::vector<uint8_t> &bytes)
{
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

template <typename Number>
void append(std::vector<uint8_t> &bytes, Number number)
{
    const auto *const first = reinterpret_cast<const uint8_t *>(&number);
    bytes.insert(bytes.end(), first, first + sizeof number);
}

void write_model(const fs::path &folder, const fs::path &kernels)
{
    fs::copy_file(kernels, folder / "deploy.so", fs::copy_options::overwrite_existing);
    std::ofstream(folder / "deploy.json") << R"({"nodes": [{"op": "null", "name": "input0", "inputs": []}, {"op": "null", "name": "p0", "inputs": []},
        {"op": "tvm_op", "name": "kernel", "attrs": {"num_outputs": "1", "num_inputs": "2", "flatten_data": "0", "func_name": "facelandmark_test_kernel"},
         "inputs": [[0, 0, 0], [1, 0, 0]]}], "arg_nodes": [0, 1], "heads": [[2, 0, 0]],
        "attrs": {"dltype": ["list_str", ["float32", "float32", "float32"]], "storage_id": ["list_int", [0, 1, 2]],
                  "shape": ["list_shape", [[1, 3, 256, 256], [1], [1, 98, 2]]]}, "node_row_ptr": [0, 1, 2, 3]})";
    std::vector<uint8_t> weights;
    append(weights, uint64_t{0xF7E58D4F05049CB7});
    append(weights, uint64_t{0});
    append(weights, uint64_t{1});
    append(weights, uint64_t{2});
    weights.insert(weights.end(), {'p', '0'});
    append(weights, uint64_t{1});
    append(weights, uint64_t{0xDD5E40F096B4A13F});
    append(weights, uint64_t{0});
    append(weights, int32_t{1});
    append(weights, int32_t{0});
    append(weights, int32_t{1});
    append(weights, uint32_t{0x00012002});
    append(weights, int64_t{1});
    append(weights, int64_t{4});
    append(weights, 0.25f);
    write(folder / "deploy.params", weights);
}

/* One parameter of an operator: in the list that the runtime reads, and in the binary that the accelerator reads. */
struct Object {
    std::string list;
    std::vector<uint8_t> binary = std::vector<uint8_t>(PARAM_BYTES);

    void operation(const char *library, int offset) { list += "OFFSET_ADD:" + std::to_string(offset) + ", layer_name:" + library + ", drp_lib:" + library + "\n"; }

    void parameter(int operation, const char *name, int offset, int bytes, uint32_t value)
    {
        list += std::string("    Param:") + name + ", Value:" + std::to_string(value) + ", offset:" + std::to_string(offset) + ", size:" + std::to_string(bytes) + "\n";
        std::memcpy(&binary[static_cast<std::size_t>(operation + offset)], &value, static_cast<std::size_t>(bytes));
    }

    void sizes(int operation, uint32_t in_width, uint32_t in_height, uint32_t out_width, uint32_t out_height)
    {
        parameter(operation, "IMG_IWIDHT", IN_WIDTH, 2, in_width);
        parameter(operation, "IMG_IHEIGHT", IN_HEIGHT, 2, in_height);
        parameter(operation, "IMG_OWIDTH", OUT_WIDTH, 2, out_width);
        parameter(operation, "IMG_OHEIGHT", OUT_HEIGHT, 2, out_height);
    }
};

void write_preprocess(const fs::path &folder, bool has_crop)
{
    fs::create_directories(folder);
    struct Part {
        const char *name, *name_on_v2h, *file, *file_on_v2h;
        uint32_t address, bytes;
    };
    const Part parts[] = {{"data_in", "data_in", "", "", 0, 640 * 480 * 2}, {"data", "data", "", "", 0x100000, 64}, {"data_out", "data_out", "", "", 0x200000, 4 * values},
        {"work", "work", "", "", 0x400000, 64}, {"weight", "weight", "pp_weight.dat", "weight.bin", 0x500000, WEIGHT_BYTES},
        {"drp_config", "drp_config", "pp_drpcfg.mem", "drp_config.mem", 0x600000, 2000}, {"drp_param", "drp_param", "drp_param.bin", "drp_param.bin", 0x700000, PARAM_BYTES},
        {"aimac_cmd", "aimac_cmd", "aimac_cmd.bin", "aimac_cmd.bin", 0x710000, 64}, {"aimac_param_desc", "aimac_param_desc", "aimac_param_desc.bin", "aimac_param_desc.bin", 0x720000, 64},
        {"aimac_param_cmd", "aimac_param_cmd", "aimac_param_cmd.bin", "aimac_param_cmd.bin", 0x730000, 64},
        {"desc_aimac", "aimac_desc", "aimac_desc.bin", "aimac_desc.bin", 0x740000, 64}, {"desc_drp", "drp_desc", "drp_desc.bin", "drp_desc.bin", 0x750000, 64}};
    std::ofstream map(folder / "pp_addrmap_intm.txt"), map_on_v2h(folder / "addr_map.txt");
    uint32_t weight_address = 0;
    for (const Part &part : parts) {
        char line[64];
        std::snprintf(line, sizeof line, " %x %x\n", part.address, part.bytes);
        map << part.name << line;
        map_on_v2h << part.name_on_v2h << line;
        if (*part.file != '\0') {
            write(folder / part.file, std::vector<uint8_t>(part.bytes));
            write(folder / part.file_on_v2h, std::vector<uint8_t>(part.bytes));
        }
        if (std::strcmp(part.name, "weight") == 0)
            weight_address = part.address;
    }
    Object object;
    object.operation("conv_yuv2rgb", OP_YUV);
    object.parameter(OP_YUV, "raddr", 0, 4, 0);
    object.parameter(OP_YUV, "waddr", 4, 4, 0x100000);
    object.sizes(OP_YUV, 640, 480, 640, 480);
    object.parameter(OP_YUV, "INPUT_YUV_FORMAT", 16, 2, 0);
    object.parameter(OP_YUV, "DOUT_RGB_FORMAT", 18, 2, 0);
    if (has_crop) {
        object.operation("crop", OP_CROP);
        object.sizes(OP_CROP, 640, 480, 640, 480);
        object.parameter(OP_CROP, "CROP_POS_X", CROP_X, 2, 0);
        object.parameter(OP_CROP, "CROP_POS_Y", CROP_Y, 2, 0);
    }
    object.operation("resize_hwc", OP_RESIZE);
    object.sizes(OP_RESIZE, 640, 480, size, size);
    object.parameter(OP_RESIZE, "RESIZE_ALG", 16, 1, 1);
    object.operation("imagescaler", OP_SCALE);
    object.parameter(OP_SCALE, "ADD_ADDR", 0, 4, weight_address);
    object.parameter(OP_SCALE, "MUL_ADDR", 4, 4, weight_address + 8);
    object.sizes(OP_SCALE, size, size, size, size);
    object.parameter(OP_SCALE, "DOUT_RGB_ORDER", 16, 2, 0);
    object.operation("cast_fp16_fp32", OP_CAST);
    object.sizes(OP_CAST, size, size, size, size);
    object.parameter(OP_CAST, "IMG_OCH", 20, 2, 3);
    object.binary[HAS_CROP] = has_crop;
    write(folder / "drp_param.bin", object.binary);
    std::ofstream(folder / "drp_param_info.txt") << object.list;
}

facelandmark_status open(const fs::path &folder, bool needs_crop)
{
    facelandmark_drpai_config config{};
    config.size = sizeof config;
    config.input_size = size;
    config.output_values = 196;
    config.frequency = 1;
    config.hang_after_ms = 60000;
    config.needs_crop = needs_crop;
    std::memcpy(config.mean, mean, sizeof mean);
    std::memcpy(config.std, deviation, sizeof deviation);
    const std::string path = folder.string();
    config.object_folder = path.c_str();
    text[0] = '\0';
    return facelandmark_drpai_open(&config, &handle, text, sizeof text);
}

/* Paints a rectangle of even corners in a colour that becomes (200, 100, 50) within 3 levels. */
void paint(uint32_t left, uint32_t top, uint32_t width, uint32_t height, uint32_t stride)
{
    for (uint32_t y = top; y < top + height; y++)
        for (uint32_t x = left; x < left + width; x++) {
            frame[2 * (y * stride + x)] = 124;
            frame[2 * (y * stride + x) + 1] = x % 2 == 0 ? 90 : 175;
        }
}

facelandmark_status prepare(uint32_t width, uint32_t height, uint32_t x, uint32_t y, uint32_t crop_width, uint32_t crop_height)
{
    return facelandmark_drpai_prepare(
        handle, frame.data(), 2ull * width * height, width, height, x, y, crop_width, crop_height, tensor.data(), values, text, sizeof text);
}

bool is_painted()
{
    const float colour[3] = {200, 100, 50};
    for (uint64_t i = 0; i < values; i++) {
        const auto channel = i / (size * size);
        if (!(std::fabs(255 * (tensor[i] * deviation[channel] + mean[channel]) - colour[channel]) <= 4))
            return false;
    }
    return true;
}

std::vector<float> read(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    std::vector<float> numbers(bytes.size() / sizeof(float));
    std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
    return numbers;
}

facelandmark_status run()
{
    return facelandmark_drpai_run(handle, tensor.data(), values, output.data(), output.size(), text, sizeof text);
}

} // namespace

int main(int count, char **arguments)
{
    if (count < 4)
        return 2;
    const fs::path folder = arguments[1];
    fs::create_directories(folder);
    write_model(folder, arguments[2]);
    write_preprocess(folder / "preprocess", true);
    if (std::strcmp(arguments[3], "drpai") == 0) {
        CHECK(open(folder, true) == FACELANDMARK_BAD_OBJECT);
        CHECK(std::strstr(text, "compiled for the CPU alone") != nullptr);
        std::puts("ok an object for the CPU is refused with a sentence");
        return 0;
    }

    CHECK(open(folder, true) == FACELANDMARK_OK);
    std::puts("ok the objects are loaded, and the crop is proven");
    paint(20, 30, 100, 100, 640);
    CHECK(prepare(640, 480, 21, 31, 99, 99) == FACELANDMARK_OK && is_painted());
    paint(400, 200, 202, 150, 640);
    CHECK(prepare(640, 480, 401, 201, 199, 149) == FACELANDMARK_OK && is_painted());
    CHECK(prepare(640, 480, 0, 0, 640, 480) == FACELANDMARK_OK && !is_painted());
    std::puts("ok two crops give their own regions, the whole frame another picture");
    std::fill(frame.begin(), frame.end(), uint8_t{0});
    paint(20, 30, 100, 100, 640);
    CHECK(prepare(640, 480, 20, 30, 100, 100) == FACELANDMARK_OK && is_painted());
    std::fill(frame.begin(), frame.end(), uint8_t{0});
    paint(20, 30, 100, 100, 320);
    CHECK(prepare(320, 240, 20, 30, 100, 100) == FACELANDMARK_OK && is_painted());
    std::puts("ok the same crop of a smaller frame is right");
    CHECK(run() == FACELANDMARK_OK);
    for (uint64_t i = 0; i < output.size(); i++)
        CHECK(output[i] == 0.25f * tensor[997 * i % values]);
    std::puts("ok the model runs and gives its output");
    facelandmark_drpai_close(handle);
    CHECK(facelandmark_drpai_calls() == 0);

    write_preprocess(folder / "preprocess", false);
    CHECK(open(folder, true) == FACELANDMARK_BAD_OBJECT && std::strstr(text, "compiled without Crop") != nullptr);
    CHECK(open(folder, false) == FACELANDMARK_OK);
    paint(0, 0, 640, 480, 640);
    CHECK(prepare(640, 480, 0, 0, 640, 480) == FACELANDMARK_OK && is_painted());
    CHECK(prepare(640, 480, 0, 0, 320, 240) == FACELANDMARK_BAD_OBJECT);
    facelandmark_drpai_close(handle);
    std::puts("ok an object without Crop serves whole frames only");

    if (count > 4) {
        const fs::path given = arguments[4], copy = folder / "given";
        fs::create_directories(copy);
        for (const char *const part : {"deploy.so", "deploy.json", "deploy.params"})
            fs::copy_file(given / part, copy / part, fs::copy_options::overwrite_existing);
        write_preprocess(copy / "preprocess", true);
        CHECK(open(copy, true) == FACELANDMARK_OK);
        tensor = read(given / "input0.f32");
        const std::vector<float> expected = read(given / "output0.f32");
        CHECK(tensor.size() == values && expected.size() == output.size());
        CHECK(run() == FACELANDMARK_OK);
        for (std::size_t i = 0; i < expected.size(); i++)
            CHECK(std::fabs(output[i] - expected[i]) <= 1e-5f);
        facelandmark_drpai_close(handle);
        std::puts("ok the given object gives its reference output");
    }
    return 0;
}
