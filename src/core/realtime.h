#pragma once

namespace gainstage {

/// Marks the code between its construction and destruction as the audio thread's: denormals are off, and the
/// tests' trap fails on any allocation, free, lock or system call made meanwhile. Nests.
class RealtimeScope {
 public:
  RealtimeScope() noexcept;
  ~RealtimeScope();
  RealtimeScope(const RealtimeScope&) = delete;
  RealtimeScope& operator=(const RealtimeScope&) = delete;

 private:
  unsigned savedControl_;
};

/// Whether this thread is inside a RealtimeScope. [any thread]
bool isRealtime() noexcept;

}  // namespace gainstage
