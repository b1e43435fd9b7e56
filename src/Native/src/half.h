#ifndef FACELANDMARK_HALF_H
#define FACELANDMARK_HALF_H

#include <cstdint>

namespace facelandmark {

/* IEEE 754 binary16, bit by bit, since not every compiler has the type. Rounds to nearest, ties to even. */
uint16_t float_to_half(float value);
float half_to_float(uint16_t half);

} // namespace facelandmark

#endif
