#ifndef FACELANDMARK_TESTS_BOARD_H
#define FACELANDMARK_TESTS_BOARD_H

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

/* What the doubles do and what was done to them: a board without a board. */
namespace board {

int slow_ms_of_the_environment();

struct State {
    /* Faults to inject. */
    int open_drpai_errno = 0;
    int open_udmabuf_errno = 0;
    int lock_errno = 0;
    int area_errno = 0;
    int map_errno = 0;
    bool has_udmabuf = true;
    bool pre_load_fails = false;
    bool pre_fails = false;
    bool load_fails = false;
    bool run_throws = false;
    bool run_throws_nothing_known = false;
    bool half_input = false;
    bool half_output = false;
    int outputs = 1;
    int input_values = 3 * 64 * 64;
    int64_t output_values = 196;
#ifdef FACELANDMARK_V2H
    uint64_t area_address = 0x240000000;
#else
    uint64_t area_address = 0x80100000;
#endif
    uint64_t area_bytes = 0x10000000;
    uint64_t udmabuf_bytes = 640 * 480 * 2;

    /* What the pre-processing object was compiled for, and how it goes wrong; no width of crops: without Crop. */
    uint32_t frame_width = 640, frame_height = 480;
    uint32_t crop_width = 640, crop_height = 480;
    bool crops_are_shifted = false;
    bool swaps_colours = false;

    /* The first address behind the model. */
    uint64_t last_address = 0x84321000;

    /* How long each run takes, from the second on; a process of its own says it by FACELANDMARK_BOARD_SLOW_MS. */
    int slow_ms = slow_ms_of_the_environment();

    /* What was seen. */
    int open_files = 0;
    int mappings = 0;
    std::vector<uint8_t> udmabuf;
    uint64_t pre_address = 0;
    uint64_t model_address = 0;
    std::string folder;
    std::string loads; /* in their order */
    int frequency = -1;
    int device = 0;
    int warnings = 0;
    int runs = 0;
    int pre_calls = 0;
};

extern State state;

/* Everything as it is on a board that is well. */
void reset();

/* From now on Run and Pre wait until release. */
void hang();
void release();
void wait_here();

} // namespace board

#endif
