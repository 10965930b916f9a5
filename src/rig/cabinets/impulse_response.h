#pragma once

#include <filesystem>
#include <vector>

#include "core/audio_buffer.h"
#include "core/result.h"
#include "dsp/convolver/convolver.h"

namespace gainstage::rig {

/// A file's impulse response, at the file's rate. Its channels: one is mono; two are left and right; four are
/// true stereo: left to left, left to right, right to left, right to right. Of other counts the first two are
/// taken. Two channels that are the same are one.
struct ImpulseResponse {
  std::filesystem::path file;
  AudioBuffer channels;
  double sampleRate = 0.0;  ///< Hz
};

/// Any length, rate and channel count that can be read as audio, up to 64 MiB of samples. [control]
Result<ImpulseResponse> readImpulseResponse(const std::filesystem::path& file);

/// A response made ready for a session.
struct ReadyResponse {
  AudioBuffer responses;  ///< one in each channel
  std::vector<dsp::ConvolutionPath> paths;
  int inputs = 1;
  int outputs = 1;

  FrameTime tailFrames() const;          ///< until all but a billionth of its energy (-90 dB) is out
  dsp::Convolution convolution() const;  ///< looks at the responses: only while this lives
};

/// How many channels come out where `inputs` (1 or 2) go in.
int outputsOf(const ImpulseResponse& response, int inputs) noexcept;

/// At the session's rate, from `inputs` (1 or 2) channels; one channel counts as being on both sides.
/// `levelled`: scaled as a whole so that pink noise leaves as loud as it came (50 Hz..10 kHz, the mean of the
/// outputs' powers). [control]
Result<ReadyResponse> makeReady(const ImpulseResponse& response, int inputs, double sampleRate,
                                bool levelled);

}  // namespace gainstage::rig
