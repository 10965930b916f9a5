#include "support/trap.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "core/realtime.h"

namespace gainstage {
namespace {

using testing::TrapPause;
using testing::TrapRecord;

// The optimiser removes a pair of malloc and free whose memory nobody looks at.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

struct Forbidden {
  const char* name;
  std::function<void()> make;
};

// Whatever a call needs that is itself forbidden stands ready here.
struct Ready {
  void* memory = std::malloc(16);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  pthread_spinlock_t spin{};
  sem_t semaphore{};
  int null = ::open("/dev/null", O_RDWR);
  int spare = ::dup(null);
  std::FILE* file = std::fopen("/dev/null", "r+");
  std::FILE* spareFile = std::fopen("/dev/null", "r+");
  timespec moment{0, 1};
  timespec past{1, 0};
  std::array<char, 4> bytes{};

  Ready() {
    sem_init(&semaphore, 0, 4);
    pthread_spin_init(&spin, 0);
  }
  ~Ready() {
    std::free(memory);
    std::fclose(file);
    ::close(null);
    sem_destroy(&semaphore);
  }
  Ready(const Ready&) = delete;
  Ready& operator=(const Ready&) = delete;
};

int initialisedLate() { return static_cast<int>(std::time(nullptr) % 2); }

std::vector<Forbidden> allocations(Ready& ready) {
  return {
      {"malloc", [] { keep(std::malloc(8)); }},
      {"calloc", [] { keep(std::calloc(2, 8)); }},
      {"realloc", [&] { keep(ready.memory = std::realloc(ready.memory, 32)); }},
      {"posix_memalign",
       [] {
         void* memory = nullptr;
         keep(::posix_memalign(&memory, 64, 64));
         keep(memory);
       }},
      {"aligned_alloc", [] { keep(std::aligned_alloc(64, 64)); }},
      {"free",
       [&] {
         std::free(ready.memory);
         ready.memory = nullptr;
       }},
      {"malloc", [] { keep(new int(1)); }},
      {"free",
       [] {
         auto one = [] {
           TrapPause pause;
           return std::make_unique<int>(1);
         }();
         keep(one.get());
       }},
      {"aligned_alloc", [] { keep(::operator new (64, std::align_val_t{64})); }},
      {"malloc",
       [] {
         std::vector<float> values(100);
         keep(values.data());
       }},
      {"malloc",
       [] {
         std::string text(100, 'a');
         keep(text.data());
       }},
      {"malloc",
       [] {
         std::function<void()> call = [a = std::array<int, 20>{}] { keep(a); };
         keep(&call);
       }},
      {"malloc",
       [] {
         try {
           throw 1;
         } catch (int) {
         }
       }},
  };
}

std::vector<Forbidden> locksAndWaits(Ready& ready) {
  static std::mutex mutex;
  return {
      {"pthread_mutex_lock",
       [&] {
         pthread_mutex_lock(&ready.mutex);
         pthread_mutex_unlock(&ready.mutex);
       }},
      {"pthread_mutex_lock", [] { std::lock_guard lock(mutex); }},
      {"pthread_mutex_trylock",
       [] {
         if (mutex.try_lock()) mutex.unlock();
       }},
      {"pthread_mutex_timedlock",
       [&] {
         keep(pthread_mutex_timedlock(&ready.mutex, &ready.past));
         pthread_mutex_unlock(&ready.mutex);
       }},
      {"pthread_spin_lock",
       [&] {
         pthread_spin_lock(&ready.spin);
         pthread_spin_unlock(&ready.spin);
       }},
      {"pthread_rwlock_rdlock",
       [&] {
         pthread_rwlock_rdlock(&ready.rwlock);
         pthread_rwlock_unlock(&ready.rwlock);
       }},
      {"pthread_rwlock_wrlock",
       [&] {
         pthread_rwlock_wrlock(&ready.rwlock);
         pthread_rwlock_unlock(&ready.rwlock);
       }},
      {"pthread_cond_timedwait",
       [&] {
         pthread_mutex_lock(&ready.mutex);
         pthread_cond_timedwait(&ready.condition, &ready.mutex, &ready.past);
         pthread_mutex_unlock(&ready.mutex);
       }},
      {"pthread_cond_signal", [&] { pthread_cond_signal(&ready.condition); }},
      {"pthread_cond_broadcast", [&] { pthread_cond_broadcast(&ready.condition); }},
      {"sem_wait", [&] { sem_wait(&ready.semaphore); }},
      {"sem_trywait", [&] { keep(sem_trywait(&ready.semaphore)); }},
      {"sem_post", [&] { sem_post(&ready.semaphore); }},
      {"pthread_create", [] { std::thread([] {}).join(); }},
      {"pthread_join", [] { std::thread([] {}).join(); }},
      {"__cxa_guard_acquire",
       [] {
         static const int late = initialisedLate();
         keep(late);
       }},
      {"nanosleep", [&] { ::nanosleep(&ready.moment, nullptr); }},
      {"clock_nanosleep", [&] { ::clock_nanosleep(CLOCK_MONOTONIC, 0, &ready.moment, nullptr); }},
      {"usleep", [] { ::usleep(1); }},
      {"sched_yield", [] { std::this_thread::yield(); }},
      {"poll", [] { ::poll(nullptr, 0, 0); }},
      {"select",
       [] {
         timeval none{};
         ::select(0, nullptr, nullptr, nullptr, &none);
       }},
      {"syscall", [] { keep(::syscall(SYS_gettid)); }},
  };
}

std::vector<Forbidden> files(Ready& ready) {
  return {
      {"open",
       [] {
         const int file = ::open("/dev/null", O_RDONLY);
         ::close(file);
       }},
      {"openat",
       [] {
         const int file = ::openat(AT_FDCWD, "/dev/null", O_RDONLY);
         ::close(file);
       }},
      {"close", [&] { ::close(ready.spare); }},
      {"read", [&] { keep(::read(ready.null, ready.bytes.data(), 1)); }},
      {"write", [&] { keep(::write(ready.null, ready.bytes.data(), 1)); }},
      {"fsync", [&] { ::fsync(ready.null); }},
      {"ioctl",
       [] {
         keep(::isatty(0));
         int waiting = 0;
         keep(::ioctl(0, 0x541B, &waiting));
       }},
      {"mmap", [] { ::munmap(::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096); }},
      {"munmap",
       [] { ::munmap(::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096); }},
      {"fopen", [] { std::fclose(std::fopen("/dev/null", "r")); }},
      {"fclose", [&] { std::fclose(ready.spareFile); }},
      {"fread", [&] { keep(std::fread(ready.bytes.data(), 1, 1, ready.file)); }},
      {"fwrite", [&] { keep(std::fwrite(ready.bytes.data(), 1, 1, ready.file)); }},
      {"fputs", [&] { std::fputs(ready.bytes.data(), ready.file); }},
      {"fprintf", [&] { std::fprintf(ready.file, "%d", static_cast<int>(ready.bytes[0])); }},
      {"fflush", [&] { std::fflush(ready.file); }},
  };
}

void expectCaught(const std::vector<Forbidden>& calls) {
  for (const Forbidden& call : calls) {
    SCOPED_TRACE(call.name);
    TrapRecord record;
    {
      RealtimeScope realtime;
      call.make();
    }
    EXPECT_TRUE(record.caught(call.name));
  }
}

void expectIgnored(const std::vector<Forbidden>& calls) {
  for (const Forbidden& call : calls) {
    SCOPED_TRACE(call.name);
    TrapRecord record;
    call.make();
    EXPECT_EQ(record.calls().size(), 0u);
  }
}

TEST(Trap, CatchesEveryKindOfAllocation) {
  if (!testing::trapsCalls()) GTEST_SKIP() << "a sanitizer's hooks give one name to every kind";
  Ready ready;
  expectCaught(allocations(ready));
}

TEST(Trap, CatchesAllocationAndFreeInEveryBuild) {
  TrapRecord record;
  {
    RealtimeScope realtime;
    auto memory = std::make_unique<std::array<float, 64>>();
    keep(memory.get());
  }
  EXPECT_TRUE(record.caught("malloc"));
  EXPECT_TRUE(record.caught("free"));
}

TEST(Trap, CatchesLocksAndWaits) {
  if (!testing::trapsCalls()) GTEST_SKIP() << "a sanitizer defines these calls itself";
  Ready ready;
  expectCaught(locksAndWaits(ready));
}

TEST(Trap, CatchesFileCalls) {
  if (!testing::trapsCalls()) GTEST_SKIP() << "a sanitizer defines these calls itself";
  Ready ready;
  expectCaught(files(ready));
}

TEST(Trap, LeavesAllOfThemAloneOutsideTheScope) {
  Ready ready;
  expectIgnored(locksAndWaits(ready));
  expectIgnored(files(ready));
  TrapRecord record;
  const auto memory = std::make_unique<int>(1);
  keep(memory.get());
  EXPECT_EQ(record.calls().size(), 0u);
}

TEST(Trap, LeavesOtherThreadsAlone) {
  TrapRecord record;
  std::atomic<bool> done{false};
  std::jthread other;
  {
    RealtimeScope realtime;
    {
      TrapPause pause;
      other = std::jthread([&] {
        keep(std::make_unique<int>(1).get());
        done = true;
      });
    }
    while (!done) {
    }
  }
  EXPECT_EQ(record.calls().size(), 0u);
}

TEST(Trap, LetsThroughWhatAPauseCovers) {
  TrapRecord record;
  {
    RealtimeScope realtime;
    TrapPause outer;
    { TrapPause inner; }
    keep(std::make_unique<int>(1).get());
  }
  EXPECT_EQ(record.calls().size(), 0u);
}

TEST(TrapDeathTest, EndsTheProgramWithTheNameOfTheCall) {
  EXPECT_DEATH(
      {
        RealtimeScope realtime;
        keep(std::make_unique<int>(1).get());
      },
      "real-time trap: malloc\\(\\) was called on the audio thread");
}

}  // namespace
}  // namespace gainstage
