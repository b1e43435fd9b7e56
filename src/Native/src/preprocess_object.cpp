#include "preprocess_object.h"

#include "fault.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

namespace facelandmark {
namespace {

/* A line without its blanks is a comma separated list of key:value. */
std::string value_of(const std::string &line, const std::string &key)
{
    std::size_t begin = 0;
    while (begin <= line.size()) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        if (line.compare(begin, key.size(), key) == 0 && begin + key.size() <= end)
            return line.substr(begin + key.size(), end - begin - key.size());
        begin = end + 1;
    }
    return {};
}

} // namespace

PreprocessObject PreprocessObject::read(const std::string &folder)
{
    const std::string path = folder + "/drp_param_info.txt";
    std::ifstream file(path);
    if (!file)
        throw Fault(FACELANDMARK_BAD_OBJECT, "The pre-processing object lacks " + path + ": compile it again, or copy the whole folder.");
    PreprocessObject object;
    std::string line, operation;
    bool is_first = true;
    while (std::getline(file, line)) {
        line.erase(std::remove_if(line.begin(), line.end(), [](unsigned char c) { return std::isspace(c) != 0; }), line.end());
        if (line.rfind("OFFSET_ADD:", 0) == 0) {
            is_first = operation.empty();
            operation = value_of(line, "drp_lib:");
            continue;
        }
        const std::string name = value_of(line, "Param:");
        const uint32_t value = static_cast<uint32_t>(std::strtoul(value_of(line, "Value:").c_str(), nullptr, 10));
        if (is_first && name == "IMG_IWIDHT") /* spelled so */
            object.width = value;
        else if (is_first && name == "IMG_IHEIGHT")
            object.height = value;
        else if (operation == "crop" && name == "IMG_OWIDTH")
            object.crop_width = value;
        else if (operation == "crop" && name == "IMG_OHEIGHT")
            object.crop_height = value;
    }
    if (object.width == 0 || object.height == 0 || object.width > 4096 || object.height > 4096)
        throw Fault(FACELANDMARK_BAD_OBJECT, path + " does not say for which size of frames the object was compiled: compile the pre-processing again.");
    /* A pair of YUY2's pixels shares its chroma, and nobody's camera is smaller. */
    if (object.width % 2 != 0 || object.width < 16 || object.height < 16)
        throw Fault(FACELANDMARK_BAD_OBJECT, path + " says that the object was compiled for frames of " + std::to_string(object.width) + "x" + std::to_string(object.height)
            + ": compile the pre-processing for an even width, and for 16x16 pixels at least.");
    return object;
}

} // namespace facelandmark
