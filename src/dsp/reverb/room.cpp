#include "dsp/reverb/room.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace gainstage::dsp {
namespace {

using Point = std::array<double, 3>;

constexpr Point kSize{5.1, 4.3, 2.7}, kSource{1.4, 1.2, 1.1};  // m
constexpr std::array<Point, 2> kEars{{{3.51, 2.75, 1.3}, {3.37, 2.89, 1.3}}};
constexpr double kMetresPerSecond = 343.0, kReflected = 0.75, kLongestSeconds = 0.045;
constexpr std::size_t kMostReflections = 20;  // the loudest: the others are lost in the network
constexpr float kEarly = 0.45f;  // against the network: as a room of this size has it some metres away

}  // namespace

void Room::prepare(const StreamFormat& format) {
  line_.prepare(format.frames({1000.0 * kLongestSeconds}));
  for (std::size_t ear = 0; ear < kEars.size(); ++ear) {
    const auto distanceOf = [&](const Point& from) {
      double square = 0.0;
      for (std::size_t i = 0; i < 3; ++i) square += std::pow(from[i] - kEars[ear][i], 2.0);
      return std::sqrt(square);
    };
    const double direct = distanceOf(kSource);
    reflections_[ear].clear();
    for (int x = -3; x <= 3; ++x)
      for (int y = -3; y <= 3; ++y)
        for (int z = -4; z <= 4; ++z) {
          const std::array<int, 3> cell{x, y, z};
          Point image{};
          for (std::size_t i = 0; i < 3; ++i)
            image[i] = cell[i] * kSize[i] + (cell[i] % 2 == 0 ? kSource[i] : kSize[i] - kSource[i]);
          const int walls = std::abs(x) + std::abs(y) + std::abs(z);
          const double distance = distanceOf(image), seconds = (distance - direct) / kMetresPerSecond;
          if (walls == 0 || seconds >= kLongestSeconds) continue;
          reflections_[ear].push_back(
              {static_cast<FrameCount>(seconds * format.sampleRate),
               kEarly * static_cast<float>(std::pow(kReflected, walls) * direct / distance)});
        }
  }
  for (std::vector<Reflection>& ear : reflections_) {
    std::ranges::sort(ear, std::greater{}, &Reflection::gain);
    ear.resize(std::min(ear.size(), kMostReflections));
  }
  diffusers_[0].prepare(format, {1.3, 2.1, 3.7, 5.9});
  diffusers_[1].prepare(format, {1.5, 2.3, 3.5, 5.5});
  network_.prepare(format);
}

void Room::reset() noexcept {
  line_.reset();
  for (Diffuser& diffuser : diffusers_) diffuser.reset();
  network_.reset();
}

void Room::process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
                   std::span<float> outRight) noexcept {
  // Into the network go the sides as they come; the first reflections are of their mean.
  std::array<float, 64> middle;
  for (std::size_t at = 0; at < left.size();) {
    const std::size_t count = std::min(middle.size(), left.size() - at);
    for (std::size_t n = 0; n < count; ++n) middle[n] = 0.5f * (left[at + n] + right[at + n]);
    const auto l = left.subspan(at, count), r = right.subspan(at, count);
    diffusers_[0].process(l);
    diffusers_[1].process(r);
    const auto wetLeft = outLeft.subspan(at, count), wetRight = outRight.subspan(at, count);
    network_.process(l, r, wetLeft, wetRight);
    for (std::size_t n = 0; n < count; ++n) {
      line_.write(middle[n]);
      for (const Reflection& reflection : reflections_[0])
        wetLeft[n] += reflection.gain * line_.read(reflection.delay);
      for (const Reflection& reflection : reflections_[1])
        wetRight[n] += reflection.gain * line_.read(reflection.delay);
    }
    at += count;
  }
}

}  // namespace gainstage::dsp
