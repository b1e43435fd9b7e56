#ifndef FACELANDMARK_FAULT_H
#define FACELANDMARK_FAULT_H

#include "facelandmark_native.h"

#include <stdexcept>
#include <string>

namespace facelandmark {

/* A status with its sentence, on the way to the C interface. */
class Fault : public std::runtime_error {
public:
    Fault(facelandmark_status status, const std::string &text) : std::runtime_error(text), status_(status) {}
    facelandmark_status status() const { return status_; }

private:
    facelandmark_status status_;
};

} // namespace facelandmark

#endif
