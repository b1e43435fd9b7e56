#include "facelandmark_native.h"

#include "board.h"
#include "half.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

/* One case a name, so that ctest shows each. */
namespace {

#ifdef FACELANDMARK_V2H
constexpr bool is_v2h = true;
#else
constexpr bool is_v2h = false;
#endif

constexpr uint32_t size = 64;
constexpr uint64_t values = 3ull * size * size;

#define CHECK(condition)                                                                   \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            std::fprintf(stderr, "line %d: not true: %s [%s]\n", __LINE__, #condition, text); \
            std::exit(1);                                                                  \
        }                                                                                  \
    } while (false)

char text[256];
facelandmark_drpai *handle;
std::vector<float> tensor(values);
std::vector<float> output(196);
std::vector<uint8_t> frame(640 * 480 * 2);

std::string folder;
std::string graph = "{\"nodes\": [\"drp\"]}";
bool needs_crop = true;

/* A model object as far as the shim reads it, for what the board's state says. */
void write_object()
{
    std::filesystem::create_directories(folder + "/preprocess");
    std::ofstream(folder + "/deploy.json") << graph;
    std::ofstream info(folder + "/preprocess/drp_param_info.txt");
    info << "OFFSET_ADD:0, layer_name: yuv, drp_lib: conv_yuv2rgb\n"
         << "    Param:IMG_IWIDHT, Value: " << board::state.frame_width << ", offset:16, size:2\n"
         << "    Param:IMG_IHEIGHT, Value: " << board::state.frame_height << ", offset:18, size:2\n";
    if (board::state.crop_width != 0)
        info << "OFFSET_ADD:64, layer_name: crop, drp_lib: crop\n"
             << "    Param:IMG_IWIDHT, Value: 7, offset:16, size:2\n"
             << "    Param:IMG_OWIDTH, Value: " << board::state.crop_width << ", offset:20, size:2\n"
             << "    Param:IMG_OHEIGHT, Value: " << board::state.crop_height << ", offset:22, size:2\n";
    info << "OFFSET_ADD:128, layer_name: resize, drp_lib: resize_hwc\n"
         << "    Param:IMG_OWIDTH, Value: 64, offset:20, size:2\n";
}

facelandmark_status open(uint32_t hang_after_ms = 10000)
{
    write_object();
    facelandmark_drpai_config config{};
    config.size = sizeof config;
    config.input_size = size;
    config.output_values = 196;
    config.frequency = 2;
    config.hang_after_ms = hang_after_ms;
    for (int i = 0; i < 3; i++) {
        config.mean[i] = 0.5f;
        config.std[i] = 0.25f;
    }
    config.needs_crop = needs_crop;
    config.object_folder = folder.c_str();
    return facelandmark_drpai_open(&config, &handle, text, sizeof text);
}

facelandmark_status prepare(uint32_t x = 10, uint32_t y = 20, uint32_t width = 100, uint32_t height = 100)
{
    return facelandmark_drpai_prepare(handle, frame.data(), frame.size(), 640, 480, x, y, width, height, tensor.data(), tensor.size(), text, sizeof text);
}

facelandmark_status run()
{
    return facelandmark_drpai_run(handle, tensor.data(), tensor.size(), output.data(), output.size(), text, sizeof text);
}

void refused_at_open(facelandmark_status expected, const char *part)
{
    CHECK(open() == expected);
    CHECK(std::strstr(text, part) != nullptr);
    CHECK(handle == nullptr);
    CHECK(board::state.open_files == 0);
    CHECK(board::state.mappings == 0);
}

/* Fills a rectangle of a frame with a colour that becomes (200, 100, 50) within 2 levels. */
void paint(uint32_t left, uint32_t top, uint32_t width, uint32_t height, uint32_t stride = 640)
{
    for (uint32_t y = top; y < top + height; y++)
        for (uint32_t x = left; x < left + width; x++) {
            frame[2 * (y * stride + x)] = 124;
            frame[2 * (y * stride + x) + 1] = x % 2 == 0 ? 90 : 175;
        }
}

bool is_painted(const std::vector<float> &values_found)
{
    const float expected[3] = {200, 100, 50};
    for (std::size_t i = 0; i < values_found.size(); i++)
        if (std::fabs(values_found[i] * 255 * 0.25f + 127.5f - expected[i / (size * size)]) > 3)
            return false;
    return true;
}

void whole_way()
{
    CHECK(open() == FACELANDMARK_OK);
    CHECK(board::state.folder == folder);
#ifdef FACELANDMARK_V2H
    CHECK(board::state.loads == "pre model ");
    CHECK(board::state.pre_address == 0xffffffffu); /* the end of the area, by the vendor's default */
    CHECK(board::state.model_address == 0x240000000u);
    CHECK(board::state.device == 36);
#elif defined DOUBLE_BEFORE_2_7
    CHECK(board::state.loads == "pre model ");
    CHECK(board::state.pre_address == 0x80100000u);
    CHECK(board::state.model_address == 0x80100000u + 0x32E0000u);
    CHECK(board::state.device == 1);
#else
    CHECK(board::state.loads == "model pre ");
    CHECK(board::state.model_address == 0x81000000u); /* 16 MB */
    CHECK(board::state.pre_address == 0x85000000u);
    CHECK(board::state.device == 1);
#endif
    paint(10, 20, 104, 102);
    CHECK(prepare(11, 21, 101, 99) == FACELANDMARK_OK);
    CHECK(is_v2h || std::memcmp(board::state.udmabuf.data(), frame.data(), frame.size()) == 0);
    CHECK(is_painted(tensor));
    double mean = 0;
    for (const float value : tensor)
        mean += static_cast<double>(value) / static_cast<double>(values);
    CHECK(run() == FACELANDMARK_OK);
    CHECK(board::state.frequency == (is_v2h ? 2 : 1));
    for (const float value : output)
        CHECK(std::fabs(value - static_cast<float>(mean)) < 2e-3f);
    CHECK(board::state.warnings == 0);
    facelandmark_drpai_close(handle);
    CHECK(board::state.open_files == 0);
    CHECK(board::state.mappings == 0);
    CHECK(facelandmark_drpai_calls() == 0);
}

void whole_way_in_half()
{
    board::state.half_input = board::state.half_output = true;
    whole_way();
}

void no_driver() { board::state.open_drpai_errno = ENOENT; refused_at_open(FACELANDMARK_NO_DRIVER, "/dev/drpai0"); }
void no_permission() { board::state.open_drpai_errno = EACCES; refused_at_open(FACELANDMARK_NO_DRIVER, "access"); }
void busy_by_driver() { board::state.open_drpai_errno = EBUSY; refused_at_open(FACELANDMARK_BUSY, "another process"); }
void busy_by_lock() { board::state.lock_errno = EWOULDBLOCK; refused_at_open(FACELANDMARK_BUSY, "another node"); }
void no_area() { board::state.area_errno = EIO; refused_at_open(FACELANDMARK_NO_DRIVER, "memory"); }
void small_area() { board::state.area_bytes = 4096; refused_at_open(FACELANDMARK_NO_MEMORY, "too small"); }
void no_udmabuf() { board::state.has_udmabuf = false; refused_at_open(FACELANDMARK_NO_DRIVER, "u-dma-buf"); }
void udmabuf_not_opened() { board::state.open_udmabuf_errno = EACCES; refused_at_open(FACELANDMARK_NO_DRIVER, "/dev/udmabuf0"); }
void udmabuf_not_mapped() { board::state.map_errno = ENOMEM; refused_at_open(FACELANDMARK_NO_MEMORY, "mapped"); }
void bad_object() { board::state.load_fails = true; refused_at_open(FACELANDMARK_BAD_OBJECT, folder.c_str()); }
void bad_preprocess() { board::state.pre_load_fails = true; refused_at_open(FACELANDMARK_BAD_OBJECT, "preprocess"); }
void two_outputs() { board::state.outputs = 2; refused_at_open(FACELANDMARK_BAD_OBJECT, "2 outputs"); }

void other_output_size()
{
    board::state.output_values = 10;
    CHECK(open() == FACELANDMARK_OK);
    CHECK(run() == FACELANDMARK_BAD_OBJECT);
    CHECK(std::strstr(text, "10 values") != nullptr);
    facelandmark_drpai_close(handle);
}

void failures_are_statuses_and_pass()
{
    CHECK(open() == FACELANDMARK_OK);
    board::state.pre_fails = true;
    CHECK(prepare() == FACELANDMARK_FAILED);
    CHECK(std::strstr(text, "status 1") != nullptr);
    board::state.pre_fails = false;
    CHECK(prepare() == FACELANDMARK_OK);
    board::state.run_throws = true;
    CHECK(run() == FACELANDMARK_FAILED);
    CHECK(std::strstr(text, "DRP-AI error 5") != nullptr);
    board::state.run_throws = false;
    board::state.run_throws_nothing_known = true;
    CHECK(run() == FACELANDMARK_FAILED);
    board::state.run_throws_nothing_known = false;
    CHECK(run() == FACELANDMARK_OK);
    facelandmark_drpai_close(handle);
}

void hang_is_told_and_passes()
{
    CHECK(open(1000) == FACELANDMARK_OK);
    board::hang();
    CHECK(run() == FACELANDMARK_HUNG);
    CHECK(std::strstr(text, "within 1000 ms") != nullptr);
    CHECK(prepare() == FACELANDMARK_HUNG);
    CHECK(run() == FACELANDMARK_HUNG);
    board::release();
    while (run() != FACELANDMARK_OK)
        std::this_thread::yield();
    facelandmark_drpai_close(handle);
    CHECK(board::state.open_files == 0);
}

void closing_does_not_wait_for_a_hang()
{
    CHECK(open(1000) == FACELANDMARK_OK);
    board::hang();
    CHECK(prepare() == FACELANDMARK_HUNG);
    facelandmark_drpai_close(handle);
    CHECK(board::state.open_files == (is_v2h ? 1 : 2)); /* the call still has them */
    CHECK(facelandmark_drpai_calls() == 1);
    board::release();
    while (facelandmark_drpai_calls() != 0)
        std::this_thread::yield();
    CHECK(board::state.open_files == 0);
}

void two_threads_take_turns()
{
    CHECK(open() == FACELANDMARK_OK);
    std::thread other([] {
        char none[1];
        std::vector<float> own(values);
        for (int i = 0; i < 100; i++)
            if (facelandmark_drpai_prepare(handle, frame.data(), frame.size(), 640, 480, 0, 0, 64, 64, own.data(), own.size(), none, 1) != FACELANDMARK_OK)
                std::exit(1);
    });
    for (int i = 0; i < 100; i++)
        CHECK(run() == FACELANDMARK_OK);
    other.join();
    facelandmark_drpai_close(handle);
}

void wrong_arguments()
{
    CHECK(facelandmark_drpai_open(nullptr, &handle, nullptr, 0) == FACELANDMARK_INVALID);
    CHECK(facelandmark_drpai_run(nullptr, tensor.data(), values, output.data(), 196, text, sizeof text) == FACELANDMARK_INVALID);
    CHECK(open() == FACELANDMARK_OK);
    CHECK(prepare(600, 0, 41, 10) == FACELANDMARK_INVALID);
    CHECK(prepare(0, 0, 0, 10) == FACELANDMARK_INVALID);
    CHECK(facelandmark_drpai_prepare(handle, frame.data(), frame.size() - 1, 640, 480, 0, 0, 9, 9, tensor.data(), values, text, sizeof text) == FACELANDMARK_INVALID);
    CHECK(facelandmark_drpai_prepare(handle, frame.data(), frame.size(), 640, 480, 0, 0, 9, 9, tensor.data(), values - 1, text, sizeof text) == FACELANDMARK_INVALID);
    CHECK(facelandmark_drpai_run(handle, tensor.data(), values, output.data(), 195, text, 8) == FACELANDMARK_INVALID);
    CHECK(std::strlen(text) == 7); /* cut, and closed */
    facelandmark_drpai_close(handle);
    facelandmark_drpai_close(nullptr);
}

void udmabuf_too_small()
{
    board::state.udmabuf_bytes = 4096;
    refused_at_open(FACELANDMARK_NO_MEMORY, "too small for the frames of 614400 bytes");
}

void halves()
{
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        const uint16_t half = static_cast<uint16_t>(bits);
        const float value = facelandmark::half_to_float(half);
        if (std::isnan(value))
            CHECK(std::isnan(facelandmark::half_to_float(facelandmark::float_to_half(value))));
        else
            CHECK(facelandmark::float_to_half(value) == half);
        if ((bits & 0x7fff) >= 0x7bff)
            continue;
        /* Half-way to the next one: to the even one; a hair beside it: to the nearer one. */
        const float middle = (value + facelandmark::half_to_float(static_cast<uint16_t>(half + 1))) / 2;
        CHECK(facelandmark::float_to_half(middle) == ((half & 1) == 0 ? half : half + 1));
        CHECK(facelandmark::float_to_half(std::nextafterf(middle, value)) == half);
    }
    CHECK(std::isinf(facelandmark::half_to_float(facelandmark::float_to_half(65520.0f))));
    CHECK(facelandmark::half_to_float(facelandmark::float_to_half(65519.0f)) == 65504.0f);
}

void object_without_crop()
{
    board::state.crop_width = board::state.crop_height = 0;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "compiled without Crop");
    needs_crop = false;
    CHECK(open() == FACELANDMARK_OK);
    CHECK(prepare(0, 0, 640, 480) == FACELANDMARK_OK);
    CHECK(prepare(0, 0, 640, 479) == FACELANDMARK_BAD_OBJECT);
    CHECK(std::strstr(text, "full-frame") != nullptr);
    CHECK(board::state.warnings == 0); /* nothing was asked for that is ignored */
    facelandmark_drpai_close(handle);
}

void object_that_crops_elsewhere()
{
    board::state.crops_are_shifted = true;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "at the wrong places");
    needs_crop = false;
    CHECK(open() == FACELANDMARK_OK);
    CHECK(prepare(0, 0, 640, 480) == FACELANDMARK_OK);
    CHECK(prepare(2, 2, 100, 100) == FACELANDMARK_BAD_OBJECT);
    facelandmark_drpai_close(handle);
}

/* The object says Crop, the runtime ignores it all the same. */
void crop_that_is_ignored()
{
    write_object();
    std::filesystem::copy(folder + "/preprocess/drp_param_info.txt", folder + "/kept");
    board::state.crop_width = board::state.crop_height = 0;
    write_object();
    std::filesystem::copy(folder + "/kept", folder + "/preprocess/drp_param_info.txt", std::filesystem::copy_options::overwrite_existing);
    facelandmark_drpai_config config{};
    config.size = sizeof config;
    config.input_size = size;
    config.output_values = 196;
    config.hang_after_ms = 10000;
    config.needs_crop = 1;
    for (int i = 0; i < 3; i++)
        config.std[i] = 1;
    config.object_folder = folder.c_str();
    CHECK(facelandmark_drpai_open(&config, &handle, text, sizeof text) == FACELANDMARK_BAD_OBJECT);
    CHECK(std::strstr(text, "at the wrong places") != nullptr);
    CHECK(board::state.warnings > 0);
}

void colours_swapped()
{
    board::state.swaps_colours = true;
    needs_crop = false;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "turns a known picture into something other than RGB");
}

void crop_smaller_than_the_frame()
{
    board::state.crop_width = board::state.crop_height = 480;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "regions of up to 480x480, but they may be as large as the frame, 640x480");
}

void frame_larger_than_compiled()
{
    board::state.frame_width = board::state.crop_width = 320;
    board::state.frame_height = board::state.crop_height = 240;
    CHECK(open() == FACELANDMARK_OK);
    const int calls = board::state.pre_calls;
    CHECK(prepare() == FACELANDMARK_BAD_OBJECT);
    CHECK(std::strstr(text, "A frame of 640x480 is larger than the 320x240") != nullptr);
    CHECK(board::state.pre_calls == calls);
    facelandmark_drpai_close(handle);
}

/* Two cameras of different sizes, one face at the same place in both. */
void frames_of_two_sizes()
{
    CHECK(open() == FACELANDMARK_OK);
    paint(40, 40, 100, 100);
    CHECK(prepare(40, 40, 100, 100) == FACELANDMARK_OK);
    CHECK(is_painted(tensor));
    std::fill(frame.begin(), frame.end(), uint8_t{0});
    paint(40, 40, 100, 100, 320);
    CHECK(facelandmark_drpai_prepare(handle, frame.data(), 320 * 240 * 2, 320, 240, 40, 40, 100, 100, tensor.data(), tensor.size(), text, sizeof text) == FACELANDMARK_OK);
    CHECK(is_painted(tensor));
    facelandmark_drpai_close(handle);
}

void object_that_says_nothing()
{
    board::state.frame_width = 0;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "does not say for which size of frames");
}

void object_for_odd_frames()
{
    board::state.frame_width = 639;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "639x480: compile the pre-processing for an even width");
    board::state.frame_width = 640;
    board::state.frame_height = 1;
    refused_at_open(FACELANDMARK_BAD_OBJECT, "640x1: compile");
}

void object_for_the_cpu()
{
    graph = "{}";
    if (is_v2h) {
        refused_at_open(FACELANDMARK_BAD_OBJECT, "was compiled for the CPU alone");
    } else {
        CHECK(open() == FACELANDMARK_OK);
        CHECK(board::state.device == 1);
        facelandmark_drpai_close(handle);
    }
}

void area_of_another_product()
{
    board::state.area_address = is_v2h ? 0x80000000u : 0x240000000u;
    if (is_v2h) {
        CHECK(open() == FACELANDMARK_OK);
        CHECK(board::state.model_address == 0x80000000u);
        facelandmark_drpai_close(handle);
    } else {
        refused_at_open(FACELANDMARK_NO_DRIVER, "begins at 0x240000000, beyond what this library's product addresses");
    }
}

#if !defined DOUBLE_BEFORE_2_7 && !defined FACELANDMARK_V2H
void model_that_fills_the_area()
{
    board::state.last_address = 0x90100000u;
    refused_at_open(FACELANDMARK_NO_MEMORY, "too small for the model and its pre-processing");
}

void model_that_does_not_use_the_area()
{
    board::state.last_address = 0;
    CHECK(open() == FACELANDMARK_OK);
    CHECK(board::state.pre_address == 0x80100000u);
    facelandmark_drpai_close(handle);
}
#endif

struct Case {
    const char *name;
    void (*test)();
};

#define CASE(test) {#test, test}
const Case cases[] = {CASE(whole_way), CASE(whole_way_in_half), CASE(no_driver), CASE(no_permission), CASE(busy_by_driver), CASE(busy_by_lock), CASE(no_area), CASE(small_area),
    CASE(no_udmabuf), CASE(udmabuf_not_opened), CASE(udmabuf_not_mapped), CASE(bad_object), CASE(bad_preprocess), CASE(two_outputs), CASE(other_output_size),
    CASE(failures_are_statuses_and_pass), CASE(hang_is_told_and_passes), CASE(closing_does_not_wait_for_a_hang), CASE(two_threads_take_turns), CASE(wrong_arguments),
    CASE(udmabuf_too_small), CASE(halves),
    CASE(object_without_crop), CASE(object_that_crops_elsewhere), CASE(crop_that_is_ignored), CASE(colours_swapped), CASE(crop_smaller_than_the_frame),
    CASE(frame_larger_than_compiled), CASE(frames_of_two_sizes), CASE(object_that_says_nothing), CASE(object_for_odd_frames), CASE(object_for_the_cpu), CASE(area_of_another_product),
#if !defined DOUBLE_BEFORE_2_7 && !defined FACELANDMARK_V2H
    CASE(model_that_fills_the_area), CASE(model_that_does_not_use_the_area),
#endif
};

} // namespace

int main(int count, char **arguments)
{
    for (const Case &one : cases) {
        if (count == 2 && std::strcmp(one.name, arguments[1]) == 0) {
            char scratch[] = "/tmp/facelandmark-XXXXXX";
            if (mkdtemp(scratch) == nullptr)
                return 2;
            folder = std::string(scratch) + "/face_deeppose_pt";
            board::reset();
            one.test();
            std::filesystem::remove_all(scratch);
            return 0;
        }
    }
    std::fprintf(stderr, "There is no such case.\n");
    return 2;
}
