#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace gainstage::dsp {

/// How fast a tone's partials turn, from the phases of each in four equal windows at growing distance. A
/// window lasts a whole number of periods, at least two, so that Hann's zeros fall on all other partials, on
/// 0 Hz and on the mirrored ones. The work is done a little at a time.
///
/// The pitch it gives is the frequency of the first partial, as the lowest eight say it: those of a stiff
/// string are k f sqrt(1 + B k^2) (Fletcher 1964, "Normal Vibration Frequencies of a Stiff Piano String"), so
/// (f_k / k)^2 is a line over k^2. That is what an ear tunes by (the lowest partials), what a 12th-fret
/// harmonic halves, and stays known where a pickup hears little of the first partial itself.
class Partials {
 public:
  static constexpr int kPartials = 8, kWindows = 4;

  struct Result {
    double pitch = 0.0;          ///< cycles per frame
    double inharmonicity = 0.0;  ///< B, 0..2e-3
    double unsteadiness = 0.0;   ///< rad by which phases miss a straight line; below 0.3 for a steady note
  };

  /// Begins with the samples from `first` to before `end` of a ring whose size is a power of two. `guess`:
  /// the pitch in cycles per frame, within 1 %. False where they are too few. [audio]
  bool begin(std::int64_t first, std::int64_t end, double guess, double inharmonicity) noexcept;
  bool isBusy() const noexcept { return at_ < length_; }  // [audio]
  int length() const noexcept { return length_; }         // [audio] steps in all

  /// So many steps on; a result when that was the last. Nothing is found in noise. [audio]
  std::optional<Result> advance(int steps, std::span<const float> ring) noexcept;

 private:
  using Lanes = std::array<float, kPartials>;

  void step(std::span<const float> ring) noexcept;
  std::optional<Result> finish() const noexcept;

  std::int64_t first_ = 0;
  int length_ = 0, at_ = 0;
  double guess_ = 0.0;
  std::array<int, kWindows> offsets_{};
  std::array<double, kPartials> expected_{};  // cycles per frame; 0: too high to be heard
  Lanes turnReal_{}, turnImaginary_{}, real_{}, imaginary_{};
  std::array<Lanes, kWindows> sumReal_{}, sumImaginary_{};
  double windowTurn_ = 0.0;
};

}  // namespace gainstage::dsp
