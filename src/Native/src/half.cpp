#include "half.h"

#include <cmath>
#include <cstring>

namespace facelandmark {

uint16_t float_to_half(float value)
{
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const uint16_t sign = static_cast<uint16_t>((bits >> 16) & 0x8000u);
    const uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u)
        return static_cast<uint16_t>(sign | 0x7e00u); /* NaN */
    if (magnitude >= 0x477ff000u)
        return static_cast<uint16_t>(sign | 0x7c00u); /* 65520 and above round to infinity */
    if (magnitude < 0x38800000u) {
        /* Subnormal: in steps of 2^-24. nearbyint rounds ties to even. */
        const float steps = std::nearbyint(std::ldexp(std::fabs(value), 24));
        return static_cast<uint16_t>(sign | static_cast<uint16_t>(steps));
    }
    const uint32_t odd = (magnitude >> 13) & 1u;
    return static_cast<uint16_t>(sign | ((magnitude - 0x38000000u + 0xfffu + odd) >> 13));
}

float half_to_float(uint16_t half)
{
    const uint32_t exponent = (half >> 10) & 31u;
    const uint32_t fraction = half & 0x3ffu;
    float value;
    if (exponent == 31)
        value = fraction != 0 ? NAN : INFINITY;
    else if (exponent == 0)
        value = std::ldexp(static_cast<float>(fraction), -24);
    else
        value = std::ldexp(static_cast<float>(fraction + 1024u), static_cast<int>(exponent) - 25);
    return (half & 0x8000u) != 0 ? -value : value;
}

} // namespace facelandmark
