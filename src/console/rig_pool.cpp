#include "console/rig_pool.h"

#include <algorithm>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace gainstage::console {
namespace {

/// What this process has of its heap; 0 where nobody tells.
std::size_t heapBytes() {
#if defined(__GLIBC__)
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
#else
  return 0;
#endif
}

}  // namespace

SettledRig settledRig(const RigPlan& plan, const StreamFormat& format, double beatsPerMinute) {
  SettledRig settled{
      .rig = rig::Rig::build(plan.rig, format, plan.channels, plan.folder, plan.fullScaleDbu, beatsPerMinute),
      .beatsPerMinute = beatsPerMinute};
  settled.levelDb = measuredLevelDb(*settled.rig, format, plan.channels);
  return settled;
}

RigPool::~RigPool() {
  {
    const std::lock_guard lock(mutex_);
    isOver_ = true;
  }
  changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

void RigPool::prepare(const StreamFormat& format) {
  std::vector<SettledRig> gone;
  std::deque<Returned> returned;
  {
    const std::lock_guard lock(mutex_);
    format_ = format;
    ++era_;
    for (Wish& wish : wishes_)
      if (wish.settled) {
        gone.push_back(std::move(*wish.settled));
        wish = {.plan = std::move(wish.plan)};
      }
    returned.swap(returned_);
  }
  changed_.notify_all();
}

void RigPool::setTempo(double beatsPerMinute) {
  const std::lock_guard lock(mutex_);
  beatsPerMinute_ = beatsPerMinute;
}

void RigPool::setBudget(std::size_t bytes) {
  std::vector<SettledRig> dropped;
  {
    const std::lock_guard lock(mutex_);
    budget_ = bytes;
    dropWhatDoesNotFit(dropped);
  }
  changed_.notify_all();
}

void RigPool::wish(std::vector<RigPlan> plans) {
  std::vector<Wish> old;
  std::vector<SettledRig> dropped;
  {
    const std::lock_guard lock(mutex_);
    old.swap(wishes_);
    for (RigPlan& plan : plans) {
      if (wishFor(plan)) continue;
      const auto known = std::ranges::find(old, plan, &Wish::plan);
      wishes_.push_back(known == old.end() ? Wish{.plan = std::move(plan)} : std::move(*known));
    }
    dropWhatDoesNotFit(dropped);
    if (!wishes_.empty() && !worker_.joinable()) worker_ = std::thread([this] { work(); });
  }
  changed_.notify_all();
}

bool RigPool::has(const RigPlan& plan) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(wishes_, [&](const Wish& w) { return w.settled && w.plan == plan; });
}

std::optional<SettledRig> RigPool::take(const RigPlan& plan) {
  const std::lock_guard lock(mutex_);
  Wish* const found = wishFor(plan);
  if (!found || !found->settled) return std::nullopt;
  std::optional<SettledRig> settled;
  settled.swap(found->settled);
  std::erase_if(wishes_,
                [&](const Wish& w) { return &w == found; });  // it is here: whoever wants more says so
  return settled;
}

void RigPool::giveBack(std::unique_ptr<rig::Rig> rig, const RigPlan& plan, float levelDb) {
  {
    const std::lock_guard lock(mutex_);
    if (!worker_.joinable()) return;  // and is freed here
    returned_.push_back({plan, {.rig = std::move(rig), .levelDb = levelDb}});
  }
  changed_.notify_all();
}

void RigPool::waitUntilSettled() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !isBusy_ && returned_.empty() && !nextToBuild(); });
}

std::size_t RigPool::budgetBytes() const {
  const std::lock_guard lock(mutex_);
  return budget_;
}

std::size_t RigPool::keptBytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const Wish& wish : wishes_) sum += wish.settled ? wish.bytes : 0;
  return sum;
}

std::size_t RigPool::keptCount() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(wishes_, [](const Wish& wish) { return wish.settled.has_value(); }));
}

RigPool::Wish* RigPool::wishFor(const RigPlan& plan) {
  const auto found = std::ranges::find(wishes_, plan, &Wish::plan);
  return found == wishes_.end() ? nullptr : &*found;
}

/// The likeliest that is not there and, with all that are likelier, fits as far as is known.
RigPool::Wish* RigPool::nextToBuild() {
  std::size_t sum = 0;
  for (Wish& wish : wishes_) {
    sum += wish.bytes;
    if (sum > budget_ && &wish != &wishes_.front()) return nullptr;
    if (!wish.settled) return &wish;
  }
  return nullptr;
}

void RigPool::dropWhatDoesNotFit(std::vector<SettledRig>& dropped) {
  std::size_t sum = 0;
  for (Wish& wish : wishes_) {
    sum += wish.bytes;
    if (sum <= budget_ || &wish == &wishes_.front() || !wish.settled) continue;
    dropped.push_back(std::move(*wish.settled));
    wish.settled.reset();
  }
}

void RigPool::work() {
  std::unique_lock lock(mutex_);
  while (!isOver_) {
    isBusy_ = true;
    const bool did = resettleOne(lock) || settleOne(lock);
    isBusy_ = false;
    if (did) {
      changed_.notify_all();
      continue;
    }
    changed_.notify_all();
    changed_.wait(lock, [this] { return isOver_ || !returned_.empty() || nextToBuild(); });
  }
}

bool RigPool::settleOne(std::unique_lock<std::mutex>& lock) {
  const Wish* const next = nextToBuild();
  if (!next) return false;
  const RigPlan plan = next->plan;
  const StreamFormat format = format_;
  const double beatsPerMinute = beatsPerMinute_;
  const std::uint64_t era = era_;
  lock.unlock();
  const std::size_t before = heapBytes();
  SettledRig settled = settledRig(plan, format, beatsPerMinute);
  const std::size_t after = heapBytes();
  lock.lock();
  if (era == era_) put(plan, std::move(settled), after > before ? after - before : 0, lock);
  return true;
}

bool RigPool::resettleOne(std::unique_lock<std::mutex>& lock) {
  if (returned_.empty()) return false;
  Returned back = std::move(returned_.front());
  returned_.pop_front();
  const Wish* const wish = wishFor(back.plan);
  // One that failed is of no use, and one that is there already is enough.
  const bool isWanted = wish && !wish->settled && wish->bytes > 0 && back.settled.rig->bypassedBlocks() == 0;
  const std::size_t bytes = isWanted ? wish->bytes : 0;
  const double beatsPerMinute = beatsPerMinute_;
  const std::uint64_t era = era_;
  lock.unlock();
  if (isWanted) {
    back.settled.rig->settle(back.plan.rig, beatsPerMinute);
    back.settled.beatsPerMinute = beatsPerMinute;
  } else {
    back.settled.rig.reset();
  }
  lock.lock();
  if (isWanted && era == era_) put(back.plan, std::move(back.settled), bytes, lock);
  return true;
}

void RigPool::put(const RigPlan& plan, SettledRig settled, std::size_t bytes,
                  std::unique_lock<std::mutex>& lock) {
  std::vector<SettledRig> dropped;
  Wish* const wish = wishFor(plan);
  if (!wish || wish->settled) {
    dropped.push_back(std::move(settled));  // nobody wants it any more
  } else {
    wish->bytes = std::max(bytes, kLeastBytes);
    wish->settled = std::move(settled);
    dropWhatDoesNotFit(dropped);
  }
  lock.unlock();
  dropped.clear();
  lock.lock();
}

}  // namespace gainstage::console
