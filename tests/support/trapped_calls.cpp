// The C library's calls that an audio thread must not make, defined here and passed on. Left out of sanitizer
// builds: their run time defines the same names for its own book-keeping.
#ifndef GAINSTAGE_SANITIZED

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <dlfcn.h>
#include <sys/types.h>

#include "support/trap.h"
#include "support/trapped.h"

namespace gainstage::testing {
namespace {

/// The definition that would have been called without ours. Of a call with versions, the current one: dlsym
/// alone gives the condition variables of 2002, whose layout differs.
template <typename Function>
Function* resolve(std::atomic<Function*>& next, const char* name) noexcept {
  Function* function = next.load(std::memory_order_relaxed);
  if (function != nullptr) return function;
  TrapPause pause;
  void* found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
  if (found == nullptr) found = dlsym(RTLD_NEXT, name);
  function = reinterpret_cast<Function*>(found);
  next.store(function, std::memory_order_relaxed);
  return function;
}

}  // namespace
}  // namespace gainstage::testing

// Defined under another C++ name, since the headers' declarations differ in attributes and variadic
// arguments.
#define GAINSTAGE_TRAP(result, name, parameters, arguments)                       \
  extern "C" result trapped_##name parameters asm(#name);                         \
  extern "C" result trapped_##name parameters {                                   \
    static constinit std::atomic<result(*) parameters> next{nullptr};             \
    gainstage::testing::trapped(#name);                                           \
    return gainstage::testing::resolve<result parameters>(next, #name) arguments; \
  }

using Argument = void*;  // a pointer to a type that is of no interest here

GAINSTAGE_TRAP(int, pthread_mutex_lock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_mutex_trylock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_mutex_timedlock, (Argument a, Argument b), (a, b))
GAINSTAGE_TRAP(int, pthread_mutex_clocklock, (Argument a, int b, Argument c), (a, b, c))
GAINSTAGE_TRAP(int, pthread_spin_lock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_rwlock_rdlock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_rwlock_wrlock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_rwlock_tryrdlock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_rwlock_trywrlock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_rwlock_unlock, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_cond_wait, (Argument a, Argument b), (a, b))
GAINSTAGE_TRAP(int, pthread_cond_timedwait, (Argument a, Argument b, Argument c), (a, b, c))
GAINSTAGE_TRAP(int, pthread_cond_clockwait, (Argument a, Argument b, int c, Argument d), (a, b, c, d))
GAINSTAGE_TRAP(int, pthread_cond_signal, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_cond_broadcast, (Argument a), (a))
GAINSTAGE_TRAP(int, pthread_create, (Argument a, Argument b, Argument c, Argument d), (a, b, c, d))
GAINSTAGE_TRAP(int, pthread_join, (unsigned long a, Argument b), (a, b))
GAINSTAGE_TRAP(int, sem_wait, (Argument a), (a))
GAINSTAGE_TRAP(int, sem_trywait, (Argument a), (a))
GAINSTAGE_TRAP(int, sem_timedwait, (Argument a, Argument b), (a, b))
GAINSTAGE_TRAP(int, sem_post, (Argument a), (a))
GAINSTAGE_TRAP(int, __cxa_guard_acquire, (Argument a), (a))  // the first pass over a function's static

GAINSTAGE_TRAP(int, nanosleep, (Argument a, Argument b), (a, b))
GAINSTAGE_TRAP(int, clock_nanosleep, (int a, int b, Argument c, Argument d), (a, b, c, d))
GAINSTAGE_TRAP(int, usleep, (unsigned a), (a))
GAINSTAGE_TRAP(unsigned, sleep, (unsigned a), (a))
GAINSTAGE_TRAP(int, sched_yield, (), ())
GAINSTAGE_TRAP(int, poll, (Argument a, unsigned long b, int c), (a, b, c))
GAINSTAGE_TRAP(int, select, (int a, Argument b, Argument c, Argument d, Argument e), (a, b, c, d, e))
GAINSTAGE_TRAP(int, epoll_wait, (int a, Argument b, int c, int d), (a, b, c, d))
GAINSTAGE_TRAP(long, syscall, (long n, long a, long b, long c, long d, long e, long f), (n, a, b, c, d, e, f))

GAINSTAGE_TRAP(int, open, (const char* a, int b, mode_t c), (a, b, c))
GAINSTAGE_TRAP(int, open64, (const char* a, int b, mode_t c), (a, b, c))
GAINSTAGE_TRAP(int, openat, (int a, const char* b, int c, mode_t d), (a, b, c, d))
GAINSTAGE_TRAP(int, openat64, (int a, const char* b, int c, mode_t d), (a, b, c, d))
GAINSTAGE_TRAP(int, close, (int a), (a))
GAINSTAGE_TRAP(ssize_t, read, (int a, Argument b, std::size_t c), (a, b, c))
GAINSTAGE_TRAP(ssize_t, write, (int a, Argument b, std::size_t c), (a, b, c))
GAINSTAGE_TRAP(ssize_t, readv, (int a, Argument b, int c), (a, b, c))
GAINSTAGE_TRAP(ssize_t, writev, (int a, Argument b, int c), (a, b, c))
GAINSTAGE_TRAP(ssize_t, pread64, (int a, Argument b, std::size_t c, off_t d), (a, b, c, d))
GAINSTAGE_TRAP(ssize_t, pwrite64, (int a, Argument b, std::size_t c, off_t d), (a, b, c, d))
GAINSTAGE_TRAP(ssize_t, send, (int a, Argument b, std::size_t c, int d), (a, b, c, d))
GAINSTAGE_TRAP(ssize_t, recv, (int a, Argument b, std::size_t c, int d), (a, b, c, d))
GAINSTAGE_TRAP(int, fsync, (int a), (a))
GAINSTAGE_TRAP(int, fdatasync, (int a), (a))
GAINSTAGE_TRAP(int, ioctl, (int a, unsigned long b, Argument c), (a, b, c))
GAINSTAGE_TRAP(Argument, mmap, (Argument a, std::size_t b, int c, int d, int e, off_t f), (a, b, c, d, e, f))
GAINSTAGE_TRAP(int, munmap, (Argument a, std::size_t b), (a, b))
GAINSTAGE_TRAP(Argument, fopen, (const char* a, const char* b), (a, b))
GAINSTAGE_TRAP(Argument, fopen64, (const char* a, const char* b), (a, b))
GAINSTAGE_TRAP(int, fclose, (Argument a), (a))
GAINSTAGE_TRAP(int, fflush, (Argument a), (a))
GAINSTAGE_TRAP(std::size_t, fread, (Argument a, std::size_t b, std::size_t c, Argument d), (a, b, c, d))
GAINSTAGE_TRAP(std::size_t, fwrite, (Argument a, std::size_t b, std::size_t c, Argument d), (a, b, c, d))
GAINSTAGE_TRAP(int, fputs, (const char* a, Argument b), (a, b))
GAINSTAGE_TRAP(int, fputc, (int a, Argument b), (a, b))
GAINSTAGE_TRAP(int, puts, (const char* a), (a))
GAINSTAGE_TRAP(int, vfprintf, (Argument a, const char* b, va_list c), (a, b, c))

extern "C" int trapped_printf(const char* format, ...) asm("printf");
extern "C" int trapped_printf(const char* format, ...) {
  gainstage::testing::trapped("printf");
  va_list arguments;
  va_start(arguments, format);
  const int written = std::vprintf(format, arguments);
  va_end(arguments);
  return written;
}

extern "C" int trapped_fprintf(std::FILE* file, const char* format, ...) asm("fprintf");
extern "C" int trapped_fprintf(std::FILE* file, const char* format, ...) {
  gainstage::testing::trapped("fprintf");
  gainstage::testing::TrapPause pause;  // else vfprintf is noted too
  va_list arguments;
  va_start(arguments, format);
  const int written = std::vfprintf(file, format, arguments);
  va_end(arguments);
  return written;
}

// The allocator, through the C library's own second names: dlsym itself allocates.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* trapped_malloc(std::size_t) asm("malloc");
void* trapped_calloc(std::size_t, std::size_t) asm("calloc");
void* trapped_realloc(void*, std::size_t) asm("realloc");
void* trapped_memalign(std::size_t, std::size_t) asm("memalign");
void* trapped_aligned_alloc(std::size_t, std::size_t) asm("aligned_alloc");
int trapped_posix_memalign(void**, std::size_t, std::size_t) asm("posix_memalign");
void trapped_free(void*) asm("free");

void* trapped_malloc(std::size_t size) {
  gainstage::testing::trapped("malloc");
  return __libc_malloc(size);
}
void* trapped_calloc(std::size_t count, std::size_t size) {
  gainstage::testing::trapped("calloc");
  return __libc_calloc(count, size);
}
void* trapped_realloc(void* memory, std::size_t size) {
  gainstage::testing::trapped("realloc");
  return __libc_realloc(memory, size);
}
void* trapped_memalign(std::size_t alignment, std::size_t size) {
  gainstage::testing::trapped("memalign");
  return __libc_memalign(alignment, size);
}
void* trapped_aligned_alloc(std::size_t alignment, std::size_t size) {
  gainstage::testing::trapped("aligned_alloc");
  return __libc_memalign(alignment, size);
}
int trapped_posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  gainstage::testing::trapped("posix_memalign");
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
void trapped_free(void* memory) {
  if (memory == nullptr) return;
  gainstage::testing::trapped("free");
  __libc_free(memory);
}
}

#endif
