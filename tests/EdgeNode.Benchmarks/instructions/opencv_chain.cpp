// OpenCV's chain from a region of a frame to a tensor (cvtColor of the cut, resize or warpAffine, three times extractChannel and
// convertTo), as OpenCvPreprocessor has it, in C++ for machines without OpenCvSharp's native library: between the marks that count.c counts by.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <unistd.h>
#include <vector>

namespace {

constexpr int Size = 256, FrameWidth = 640, FrameHeight = 480, Calls = 10;

struct Region {
    int x, y, width, height, degrees;
};

constexpr Region Regions[] = {{180, 140, 200, 200, 0}, {120, 80, 300, 300, 0},    {100, 40, 400, 400, 0}, {180, 140, 200, 200, 35},
                              {120, 80, 300, 300, 35}, {100, 40, 400, 400, -50}, {-60, -40, 300, 300, 0}, {0, 0, 640, 480, 0}};

struct Chain {
    cv::Mat rgb, resized = cv::Mat(Size, Size, CV_8UC3), colour, map = cv::Mat(2, 3, CV_64FC1);
    std::vector<float> tensor = std::vector<float>(3 * Size * Size);

    int toRgb(const cv::Mat &frame, int left, int top, int right, int bottom)
    {
        const bool isYuy2 = frame.type() == CV_8UC2;
        const int from = isYuy2 ? left & ~1 : left, to = isYuy2 ? std::min((right + 1) & ~1, frame.cols) : right;
        cv::cvtColor(frame(cv::Rect(from, top, to - from, bottom - top)), rgb, isYuy2 ? cv::COLOR_YUV2RGB_YUY2 : cv::COLOR_BGR2RGB);
        return from;
    }

    void upright(const cv::Mat &frame, const Region &region)
    {
        const auto place = [](int pixels, int side) { return static_cast<int>(std::lrint(static_cast<double>(pixels) * Size / side)); };
        const int left = std::max(region.x, 0), top = std::max(region.y, 0);
        const int right = std::min(region.x + region.width, frame.cols), bottom = std::min(region.y + region.height, frame.rows);
        const int from = toRgb(frame, left, top, right, bottom);
        cv::Rect target(place(left - region.x, region.width), place(top - region.y, region.height), 0, 0);
        target.width = place(right - region.x, region.width) - target.x;
        target.height = place(bottom - region.y, region.height) - target.y;
        if (target.width < Size || target.height < Size)
            resized.setTo(cv::Scalar());
        cv::Mat part = resized(target);
        cv::resize(rgb(cv::Rect(left - from, 0, right - left, bottom - top)), part, part.size(), 0, 0, cv::INTER_LINEAR);
    }

    void turned(const cv::Mat &frame, const Region &region)
    {
        const double angle = region.degrees * CV_PI / 180, sine = std::sin(angle), cosine = std::cos(angle);
        const double middleX = region.x + region.width / 2.0, middleY = region.y + region.height / 2.0;
        const double reachX = 1 + (std::abs(cosine) * region.width + std::abs(sine) * region.height) / 2;
        const double reachY = 1 + (std::abs(sine) * region.width + std::abs(cosine) * region.height) / 2;
        const int left = std::max(static_cast<int>(std::floor(middleX - reachX)), 0);
        const int top = std::max(static_cast<int>(std::floor(middleY - reachY)), 0);
        const int right = std::min(static_cast<int>(std::ceil(middleX + reachX)), frame.cols);
        const int bottom = std::min(static_cast<int>(std::ceil(middleY + reachY)), frame.rows);
        const int from = toRgb(frame, left, top, right, bottom);
        const double stepX = static_cast<double>(region.width) / Size, stepY = static_cast<double>(region.height) / Size;
        const double first = 0.5 - Size / 2.0;
        auto *m = map.ptr<double>();
        m[0] = cosine * stepX, m[1] = -sine * stepY, m[3] = sine * stepX, m[4] = cosine * stepY;
        m[2] = middleX - from - 0.5 + first * (m[0] + m[1]);
        m[5] = middleY - top - 0.5 + first * (m[3] + m[4]);
        cv::warpAffine(rgb, resized, map, resized.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, cv::Scalar());
    }

    void prepare(const cv::Mat &frame, const Region &region)
    {
        constexpr double Means[] = {123.675, 116.28, 103.53}, Deviations[] = {58.395, 57.12, 57.375};
        region.degrees == 0 ? upright(frame, region) : turned(frame, region);
        for (int channel = 0; channel < 3; channel++) {
            cv::Mat plane(Size, Size, CV_32FC1, tensor.data() + channel * Size * Size);
            cv::extractChannel(resized, colour, channel);
            colour.convertTo(plane, CV_32FC1, 1 / Deviations[channel], -Means[channel] / Deviations[channel]);
        }
    }
};

} // namespace

int main()
{
    cv::setNumThreads(1);
    for (const int type : {CV_8UC2, CV_8UC3}) {
        cv::Mat frame(FrameHeight, FrameWidth, type);
        cv::randu(frame, 0, 256);
        for (const Region &region : Regions) {
            Chain chain;
            for (int call = 0; call < 2; call++)
                chain.prepare(frame, region);
            std::printf("opencv %s %dx%d at %d,%d, %d°: ", type == CV_8UC2 ? "Yuy2" : "Bgr", region.width, region.height, region.x, region.y,
                        region.degrees);
            std::fflush(stdout);
            close(-98001);
            for (int call = 0; call < Calls; call++)
                chain.prepare(frame, region);
            close(-98002);
        }
    }
}
