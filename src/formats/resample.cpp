#include "formats/resample.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <memory>
#include <soxr.h>
#include <vector>

#include "formats/audio_file.h"

namespace gainstage::formats {
namespace {

bool usable(double rate) { return rate >= kLowestSampleRate && rate <= kHighestSampleRate; }

struct Delete {
  void operator()(soxr* resampler) const noexcept { soxr_delete(resampler); }
};

template <typename Buffer>
auto pointersFrom(Buffer& audio, FrameCount frame) {
  std::vector<std::decay_t<decltype(audio.channel(0).data())>> pointers;
  for (int c = 0; c < audio.channels(); ++c) pointers.push_back(audio.channel(c).data() + frame);
  return pointers;
}

}  // namespace

Result<AudioBuffer> resample(const AudioBuffer& audio, double fromRate, double toRate) {
  if (!usable(fromRate) || !usable(toRate))
    return Error{ErrorKind::usage,
                 fmt::format("Audio cannot be converted from {} Hz to {} Hz: both rates must lie "
                             "between {} and {} Hz",
                             fromRate, toRate, kLowestSampleRate, kHighestSampleRate)};
  const double exact = std::round(audio.frames() * toRate / fromRate);
  if (exact > std::numeric_limits<FrameCount>::max())
    return Error{ErrorKind::file,
                 fmt::format("{} frames are too many to convert to {} Hz: cut the audio shorter",
                             audio.frames(), toRate)};
  AudioBuffer out(audio.channels(), std::max(1, static_cast<FrameCount>(exact)));
  if (audio.view().empty()) return out;
  if (fromRate == toRate) {
    copy(audio.view(), out.view());
    return out;
  }

  const soxr_io_spec_t planar = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  soxr_error_t problem = nullptr;
  const std::unique_ptr<soxr, Delete> resampler(soxr_create(
      fromRate, toRate, static_cast<unsigned>(audio.channels()), &problem, &planar, &quality, nullptr));
  FrameCount in = 0, done = 0;
  while (!problem && done < out.frames()) {
    const auto from = pointersFrom(audio, in);
    auto to = pointersFrom(out, done);
    std::size_t used = 0, made = 0;
    const auto left = static_cast<std::size_t>(audio.frames() - in);
    // No input means its end: what the filter still holds comes out.
    problem = soxr_process(resampler.get(), left > 0 ? from.data() : nullptr, left, &used, to.data(),
                           static_cast<std::size_t>(out.frames() - done), &made);
    in += static_cast<FrameCount>(used);
    done += static_cast<FrameCount>(made);
    if (left == 0 && made == 0) break;  // rounded up: the last frame stays 0
  }
  if (problem)
    return Error{ErrorKind::fault, fmt::format("Audio could not be converted from {} Hz to {} Hz: {}",
                                               fromRate, toRate, problem)};
  return out;
}

}  // namespace gainstage::formats
