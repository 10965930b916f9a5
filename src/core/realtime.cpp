#include "core/realtime.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace gainstage {
namespace {

// Initial-exec: reading it never calls the allocator, as the default model of a shared object may.
[[gnu::tls_model("initial-exec")]] thread_local int depth = 0;

// Flush-to-zero and denormals-are-zero: a decaying tail otherwise costs over a hundred cycles a sample.
unsigned switchDenormalsOff() noexcept {
#if defined(__SSE2__)
  const unsigned saved = _mm_getcsr();
  _mm_setcsr(saved | 0x8040u);
  return saved;
#elif defined(__aarch64__)
  unsigned long saved;
  asm volatile("mrs %0, fpcr" : "=r"(saved));
  asm volatile("msr fpcr, %0" : : "r"(saved | (1ul << 24)));
  return static_cast<unsigned>(saved);
#else
  return 0;
#endif
}

void restore(unsigned saved) noexcept {
#if defined(__SSE2__)
  _mm_setcsr(saved);
#elif defined(__aarch64__)
  asm volatile("msr fpcr, %0" : : "r"(static_cast<unsigned long>(saved)));
#else
  (void)saved;
#endif
}

}  // namespace

RealtimeScope::RealtimeScope() noexcept : savedControl_(switchDenormalsOff()) { ++depth; }

RealtimeScope::~RealtimeScope() {
  --depth;
  restore(savedControl_);
}

bool isRealtime() noexcept { return depth > 0; }

}  // namespace gainstage
