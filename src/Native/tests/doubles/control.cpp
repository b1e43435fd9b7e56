#include "board.h"

#include <cstring>

/* For tests in other languages: a library of the shim and the doubles, with a way to inject faults. */

extern "C" __attribute__((visibility("default"))) void board_set(const char *condition)
{
    if (std::strcmp(condition, "hang") == 0) {
        board::hang();
        return;
    }
    board::reset();
    board::state.input_values = 3 * 256 * 256;
    if (std::strcmp(condition, "no driver") == 0)
        board::state.open_drpai_errno = ENOENT;
    else if (std::strcmp(condition, "busy") == 0)
        board::state.lock_errno = EWOULDBLOCK;
    else if (std::strcmp(condition, "half") == 0)
        board::state.half_input = board::state.half_output = true;
    else if (std::strcmp(condition, "no crop") == 0)
        board::state.crop_width = board::state.crop_height = 0;
    else if (std::strcmp(condition, "crops elsewhere") == 0)
        board::state.crops_are_shifted = true;
}

extern "C" __attribute__((visibility("default"))) void board_run_fails(int fails)
{
    board::state.run_throws = fails != 0;
}

extern "C" __attribute__((visibility("default"))) int board_open_files()
{
    return board::state.open_files;
}
