/*
 * Descriptions of the pre-processing, graphs and numbers of all kinds go into the C interface; every call must come back with a status,
 * a sentence where it is not OK, and nothing left open. The sanitizers watch. With Clang's libFuzzer the inputs are guided by coverage
 * (build with -DFACELANDMARK_FUZZ=ON, run drpai_fuzz corpus); elsewhere `drpai_fuzz COUNT corpus/right` changes the right one at random,
 * the same way each time.
 */
#include "facelandmark_native.h"

#include "board.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr uint32_t size = 64;
constexpr const char *separator = "\n---\n";

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "not true: %s\n", what);
    std::abort();
}

/* Numbers out of the input, 0 when it is used up. */
class Numbers {
public:
    Numbers(const uint8_t *data, std::size_t length) : data_(data), left_(length) {}

    uint32_t next()
    {
        uint32_t value = 0;
        const std::size_t count = std::min(left_, sizeof value);
        std::memcpy(&value, data_, count);
        data_ += count;
        left_ -= count;
        return value;
    }

    /* Mostly one that may be right. */
    uint32_t next(uint32_t usual)
    {
        const uint32_t value = next();
        return value % 4 == 0 ? value : value % (usual + 1);
    }

private:
    const uint8_t *data_;
    std::size_t left_;
};

const std::string &folder()
{
    static const std::string &made = *new std::string([] { /* stays for what runs at the exit */
        char scratch[] = "/tmp/facelandmark-fuzz-XXXXXX";
        require(mkdtemp(scratch) != nullptr, "there is a temporary folder");
        const std::string object = std::string(scratch) + "/object";
        std::filesystem::create_directories(object + "/preprocess");
        std::atexit([] { std::filesystem::remove_all(std::filesystem::path(folder()).parent_path()); });
        return object;
    }());
    return made;
}

/* One call's status, and whether it told what it should. */
bool is_ok(facelandmark_status status, const char *error)
{
    require(status >= FACELANDMARK_OK && status <= FACELANDMARK_HUNG, "the status is known");
    require(status == FACELANDMARK_OK || (error[0] != '\0' && std::memchr(error, '\0', 256) != nullptr), "a refusal has a sentence");
    return status == FACELANDMARK_OK;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t length)
{
    /* Numbers, the graph, the description. */
    const std::string input(reinterpret_cast<const char *>(data), length);
    const std::size_t first = std::min(input.find(separator), length);
    const std::size_t second = std::min(input.find(separator, std::min(first + 1, length)), length);
    const auto part = [&](std::size_t from, std::size_t to) {
        from = std::min(from + std::strlen(separator), length);
        return input.substr(from, to > from ? to - from : 0);
    };
    Numbers numbers(data, first);
    std::ofstream(folder() + "/deploy.json") << part(first, second);
    std::ofstream(folder() + "/preprocess/drp_param_info.txt") << part(second, length);

    board::reset();
    facelandmark_drpai_config config{};
    config.size = sizeof config - (numbers.next() % 16 == 1 ? 4 : 0);
    config.input_size = numbers.next() % 8 == 1 ? numbers.next() : size;
    config.output_values = numbers.next() % 8 == 1 ? numbers.next() : 196;
    config.frequency = numbers.next();
    config.hang_after_ms = 10000;
    config.needs_crop = numbers.next() % 2;
    for (int i = 0; i < 3; i++)
        config.std[i] = numbers.next() % 16 == 1 ? 0.0f : 0.25f;
    config.object_folder = folder().c_str();

    char error[256] = "";
    facelandmark_drpai *handle = nullptr;
    if (is_ok(facelandmark_drpai_open(&config, &handle, error, sizeof error), error)) {
        std::vector<uint8_t> frame(640 * 480 * 2);
        std::vector<float> tensor(3 * size * size), output(196);
        const uint64_t frame_bytes = numbers.next() % 8 == 1 ? numbers.next() % frame.size() : frame.size();
        const uint32_t width = numbers.next() % 8 == 1 ? numbers.next() : 640, height = numbers.next() % 8 == 1 ? numbers.next() : 480;
        const uint32_t x = numbers.next(width / 2), y = numbers.next(height / 2);
        const uint32_t across = numbers.next(width / 2), down = numbers.next(height / 2);
        const uint64_t values = numbers.next() % 8 == 1 ? numbers.next() % tensor.size() : tensor.size();
        is_ok(facelandmark_drpai_prepare(
                  handle, frame.data(), frame_bytes, width, height, x, y, across, down, tensor.data(), values, error, sizeof error),
              error);
        is_ok(facelandmark_drpai_run(handle, tensor.data(), values, output.data(), output.size(), error, sizeof error), error);
        facelandmark_drpai_close(handle);
    } else {
        require(handle == nullptr, "there is no handle without a device");
    }

    require(board::state.open_files == 0 && board::state.mappings == 0, "nothing is left open");
    return 0;
}

#ifndef FACELANDMARK_LIBFUZZER
int main(int count, char **arguments)
{
    require(count == 3, "the arguments are how many inputs to make, and the right one");
    std::ifstream file(arguments[2]);
    const std::string right{std::istreambuf_iterator<char>(file), {}};
    const std::size_t text = right.find(separator);
    require(text != std::string::npos, "the right one is there");
    std::mt19937 random(1);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % std::max<std::size_t>(limit, 1); };
    for (unsigned long left = std::strtoul(arguments[1], nullptr, 10); left > 0; left--) {
        std::string input = right;
        for (std::size_t number = 0; number < text; number++)
            input[number] = static_cast<char>(random());
        for (std::size_t changes = below(4); changes > 0; changes--) {
            const std::size_t at = text + below(input.size() - text);
            switch (below(4)) {
            case 0: input[at] = static_cast<char>(random()); break;
            case 1: input.erase(at, 1 + below(12)); break;
            case 2: input.insert(at, input, below(input.size()), below(40)); break;
            default: input.insert(at, std::to_string(random())); break;
            }
        }
        LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(input.data()), input.size());
    }
    return 0;
}
#endif
