#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "rig/rig.h"

namespace gainstage::console {

/// All that a rig is built from, the stream's format aside.
struct RigPlan {
  rig::RigState rig;
  int channels = 1;
  std::optional<double> fullScaleDbu;
  std::filesystem::path folder;
  bool operator==(const RigPlan&) const = default;
};

/// A rig that is settled: nothing was heard through it yet.
struct SettledRig {
  std::unique_ptr<rig::Rig> rig;
  float levelDb = 0.0f;  ///< see measuredLevelDb()
  double beatsPerMinute = rig::kUsualTempo;
};

/// Builds and settles it, here and now. [control]
SettledRig settledRig(const RigPlan& plan, const StreamFormat& format, double beatsPerMinute);

/// How much louder than it came in a guitar-like sound of -12 dBFS peak leaves a rig, in dB of its last 200
/// ms; from -40 to +80. The rig is as new afterwards. [control, before it is heard]
float measuredLevelDb(rig::Rig& rig, const StreamFormat& format, int channels);

/// Keeps rigs that may be wanted next settled, the likeliest first and as many as a budget of memory allows.
/// A thread of its own builds them, so that neither the audio thread nor the one that answers commands waits
/// for any. All of it [control].
class RigPool {
 public:
  static constexpr std::size_t kUsualBudgetBytes = 256'000'000;
  /// A rig counts for at least as much: what the heap grew by while it was built may be less, where that had
  /// room, and is not known everywhere.
  static constexpr std::size_t kLeastBytes = std::size_t{64} << 10;

  RigPool() = default;
  ~RigPool();
  RigPool(const RigPool&) = delete;
  RigPool& operator=(const RigPool&) = delete;

  /// Lets every rig go: what is wished for is settled anew, for this format.
  void prepare(const StreamFormat& format);
  void setTempo(double beatsPerMinute);
  void setBudget(std::size_t bytes);

  /// What to keep, the likeliest first; what is not among it is let go. The first is kept whatever it takes.
  void wish(std::vector<RigPlan> plans);

  bool has(const RigPlan& plan) const;
  /// The settled rig, which is no longer kept; nothing where there is none.
  std::optional<SettledRig> take(const RigPlan& plan);
  /// A rig that was heard, built from `plan`: settled again where it is wished for and not there, else freed;
  /// neither here.
  void giveBack(std::unique_ptr<rig::Rig> rig, const RigPlan& plan, float levelDb);

  /// Waits until all is settled that is wished for and fits.
  void waitUntilSettled();

  std::size_t budgetBytes() const;
  std::size_t keptBytes() const;
  std::size_t keptCount() const;

 private:
  struct Wish {
    RigPlan plan;
    std::size_t bytes = 0;  // 0: it was never built
    std::optional<SettledRig> settled;
  };
  struct Returned {
    RigPlan plan;
    SettledRig settled;
  };

  void work();
  bool settleOne(std::unique_lock<std::mutex>& lock);
  bool resettleOne(std::unique_lock<std::mutex>& lock);
  Wish* wishFor(const RigPlan& plan);
  Wish* nextToBuild();
  void dropWhatDoesNotFit(std::vector<SettledRig>& dropped);
  void put(const RigPlan& plan, SettledRig settled, std::size_t bytes, std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  StreamFormat format_;
  double beatsPerMinute_ = rig::kUsualTempo;
  std::uint64_t era_ = 0;  // of the format: what was built in another is of no use
  std::size_t budget_ = kUsualBudgetBytes;
  std::vector<Wish> wishes_;
  std::deque<Returned> returned_;
  bool isBusy_ = false;
  bool isOver_ = false;
  std::thread worker_;  // begun with the first wish
};

}  // namespace gainstage::console
