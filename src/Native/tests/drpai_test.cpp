#include "facelandmark_native.h"

#include "board.h"
#include "half.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

/* One case a name, so that ctest shows each. */
namespace {

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

facelandmark_status open(uint32_t hang_after_ms = 10000)
{
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
    config.object_folder = "/models/face_deeppose_pt";
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

void whole_way()
{
    for (std::size_t i = 0; i < frame.size(); i++)
        frame[i] = static_cast<uint8_t>(i * 7);
    CHECK(open() == FACELANDMARK_OK);
    CHECK(board::state.pre_address == 0x80000000u);
    CHECK(board::state.model_address == 0x80000000u + 0x32E0000u);
    CHECK(board::state.folder == "/models/face_deeppose_pt");
    CHECK(prepare() == FACELANDMARK_OK);
    CHECK(std::memcmp(board::state.udmabuf.data(), frame.data(), frame.size()) == 0);
    const float expected = (frame[2 * (20 * 640 + 10)] - 127.5f) / (255 * 0.25f);
    for (const float value : tensor)
        CHECK(std::fabs(value - expected) < 1e-5f);
    CHECK(run() == FACELANDMARK_OK);
    CHECK(board::state.frequency == 2);
    for (const float value : output)
        CHECK(std::fabs(value - expected) < 1e-3f);
    facelandmark_drpai_close(handle);
    CHECK(board::state.open_files == 0);
    CHECK(board::state.mappings == 0);
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
void bad_object() { board::state.load_fails = true; refused_at_open(FACELANDMARK_BAD_OBJECT, "face_deeppose_pt"); }
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
    CHECK(std::strstr(text, "status 3") != nullptr);
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
    CHECK(board::state.open_files == 2); /* the call still has them */
    board::release();
    while (static_cast<volatile int &>(board::state.open_files) != 0)
        std::this_thread::yield();
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

void frame_too_large()
{
    board::state.udmabuf_bytes = 4096;
    CHECK(open() == FACELANDMARK_OK);
    CHECK(prepare() == FACELANDMARK_NO_MEMORY);
    facelandmark_drpai_close(handle);
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

struct Case {
    const char *name;
    void (*test)();
};

#define CASE(test) {#test, test}
const Case cases[] = {CASE(whole_way), CASE(whole_way_in_half), CASE(no_driver), CASE(no_permission), CASE(busy_by_driver), CASE(busy_by_lock), CASE(no_area), CASE(small_area),
    CASE(no_udmabuf), CASE(udmabuf_not_opened), CASE(udmabuf_not_mapped), CASE(bad_object), CASE(bad_preprocess), CASE(two_outputs), CASE(other_output_size),
    CASE(failures_are_statuses_and_pass), CASE(hang_is_told_and_passes), CASE(closing_does_not_wait_for_a_hang), CASE(two_threads_take_turns), CASE(wrong_arguments),
    CASE(frame_too_large), CASE(halves)};

} // namespace

int main(int count, char **arguments)
{
    for (const Case &one : cases) {
        if (count == 2 && std::strcmp(one.name, arguments[1]) == 0) {
            board::reset();
            one.test();
            return 0;
        }
    }
    std::fprintf(stderr, "There is no such case.\n");
    return 2;
}
