#pragma once

#include <complex>
#include <memory>
#include <span>
#include <type_traits>

struct fftwf_plan_s;

namespace gainstage::dsp {

/// Spectrum of real frames, by FFTW in single precision. Plans are made by rule (FFTW_ESTIMATE), never by the
/// clock, so that the same program gives the same bits in every run.
class RealFft {
 public:
  /// `size`: frames, 2..2^26; powers of two are fastest. Plans and allocates; planners take turns. [control]
  explicit RealFft(int size);

  int size() const noexcept { return size_; }          // [any thread]
  int bins() const noexcept { return size_ / 2 + 1; }  // [any thread]

  /// size() frames, to be written before transform(). [audio]
  std::span<float> input() noexcept { return {input_.get(), static_cast<std::size_t>(size_)}; }
  /// bins() numbers from 0 Hz to half the rate: sums of frame times e^(-2 pi i bin n / size), not scaled.
  /// [audio]
  std::span<const std::complex<float>> output() const noexcept {
    return {output_.get(), static_cast<std::size_t>(bins())};
  }
  void transform() noexcept;  // [audio] leaves the input as it is

 private:
  struct Free {
    void operator()(void* memory) const noexcept;
  };
  struct Destroy {
    void operator()(fftwf_plan_s* plan) const noexcept;
  };

  int size_;
  std::unique_ptr<float, Free> input_;
  std::unique_ptr<std::complex<float>, Free> output_;
  std::unique_ptr<fftwf_plan_s, Destroy> plan_;
};

}  // namespace gainstage::dsp
