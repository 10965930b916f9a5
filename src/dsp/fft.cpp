#include "dsp/fft.h"

#include <algorithm>
#include <fftw3.h>
#include <mutex>
#include <new>

namespace gainstage::dsp {
namespace {

// Only execution is thread-safe in FFTW.
std::mutex& planning() {
  static std::mutex mutex;
  return mutex;
}

template <typename T>
T* allocate(int count) {
  void* memory = fftwf_malloc(static_cast<std::size_t>(count) * sizeof(T));
  if (!memory) throw std::bad_alloc();
  return static_cast<T*>(memory);
}

}  // namespace

void RealFft::Free::operator()(void* memory) const noexcept { fftwf_free(memory); }

void RealFft::Destroy::operator()(fftwf_plan_s* plan) const noexcept {
  const std::scoped_lock turn(planning());
  fftwf_destroy_plan(plan);
}

RealFft::RealFft(int size)
    : size_(size), input_(allocate<float>(size)), output_(allocate<std::complex<float>>(bins())) {
  const std::scoped_lock turn(planning());
  plan_.reset(fftwf_plan_dft_r2c_1d(size, input_.get(), reinterpret_cast<fftwf_complex*>(output_.get()),
                                    FFTW_ESTIMATE | FFTW_PRESERVE_INPUT));
  std::ranges::fill(input(), 0.0f);
}

void RealFft::transform() noexcept { fftwf_execute(plan_.get()); }

}  // namespace gainstage::dsp
