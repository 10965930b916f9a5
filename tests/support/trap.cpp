#include "support/trap.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <execinfo.h>
#include <unistd.h>

#include "core/realtime.h"
#include "support/trapped.h"

#ifdef GAINSTAGE_SANITIZED
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));
#endif

namespace gainstage::testing {
namespace {

thread_local int pauses = 0;
thread_local TrapRecord* record = nullptr;

[[noreturn]] void die(const char* name) {
  std::fprintf(stderr, "real-time trap: %s() was called on the audio thread\n", name);
  std::array<void*, 64> frames;
  backtrace_symbols_fd(frames.data(), backtrace(frames.data(), static_cast<int>(frames.size())),
                       STDERR_FILENO);
  std::abort();
}

}  // namespace

void trapped(const char* name) noexcept {
  if (!isRealtime() || pauses > 0) return;
  TrapPause pause;
  if (record == nullptr) die(name);
  record->note(name);
}

void armTrap() {
  // The first backtrace loads a library, which must not happen where the trap has fired.
  std::array<void*, 1> frame;
  backtrace(frame.data(), 1);
#ifdef GAINSTAGE_SANITIZED
  __sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) { trapped("malloc"); },
                                            [](const volatile void* memory) {
                                              if (memory != nullptr) trapped("free");
                                            });
#endif
}

TrapPause::TrapPause() noexcept { ++pauses; }
TrapPause::~TrapPause() { --pauses; }

TrapRecord::TrapRecord() noexcept { record = this; }
TrapRecord::~TrapRecord() { record = nullptr; }

bool TrapRecord::caught(std::string_view name) const noexcept {
  return std::ranges::find(calls(), name) != calls().end();
}

void TrapRecord::note(std::string_view name) noexcept {
  if (count_ < calls_.size()) calls_[count_++] = name;
}

}  // namespace gainstage::testing
