#include "console/overload.h"

#include <bit>

namespace gainstage::console {
namespace {

/// Quick to learn that something became dearer, slow to forget it.
void learn(double& estimate, double measured) noexcept {
  estimate += (measured > estimate ? 0.3 : 0.02) * (measured - estimate);
}

template <typename Better>
int best(std::uint64_t strips, Better&& better) noexcept {
  int chosen = -1;
  for (std::uint64_t left = strips; left != 0; left &= left - 1) {
    const int strip = std::countr_zero(left);
    if (chosen < 0 || better(strip, chosen)) chosen = strip;
  }
  return chosen;
}

}  // namespace

void Overload::begin(std::int64_t budgetNs) noexcept {
  budgetNs_ = budgetNs;
  if (hasDeadline()) begin_ = now();
}

bool Overload::fits(int strip, FrameCount frames) const noexcept {
  if (!hasDeadline()) return true;
  const double expected =
      static_cast<double>(now() - begin_) + (nsPerFrame_[strip] + afterRigsNsPerFrame_) * frames;
  return expected < kDeadline * static_cast<double>(budgetNs_);
}

void Overload::rigBegins() noexcept {
  if (hasDeadline()) rigBegin_ = now();
}

void Overload::rigEnds(int strip, FrameCount frames) noexcept {
  if (hasDeadline()) learn(nsPerFrame_[strip], static_cast<double>(now() - rigBegin_) / frames);
}

void Overload::rigsDone() noexcept {
  if (hasDeadline()) rigsEnd_ = now();
}

void Overload::end(FrameCount frames) noexcept {
  if (!hasDeadline()) {
    load_ = 0.0;
    return;
  }
  const std::int64_t end = now();
  learn(afterRigsNsPerFrame_, static_cast<double>(end - rigsEnd_) / frames);
  load_ = static_cast<double>(end - begin_) / static_cast<double>(budgetNs_);
  highInARow_ = load_ > kHighLoad ? highInARow_ + 1 : 0;
  if (load_ > kRoomToRestore) roomSince_ = end;
}

int Overload::shouldShed(std::uint64_t costly) noexcept {
  // One long callback may be the machine's doing; three in a row are ours.
  if (!hasDeadline() || highInARow_ < 3 || costly == 0) return -1;
  const std::int64_t time = now();
  if (lastShed_ != 0 && time - lastShed_ < kBetweenShedsNs) return -1;
  lastShed_ = time;
  return best(costly, [this](int a, int b) { return nsPerFrame_[a] > nsPerFrame_[b]; });
}

int Overload::shouldRestore(std::uint64_t shed, FrameCount frames) noexcept {
  if (!hasDeadline() || shed == 0) return -1;
  const std::int64_t time = now();
  if (roomSince_ == 0) roomSince_ = time;
  if (time - roomSince_ < kRestoreAfterNs || time - lastShed_ < kRestoreAfterNs) return -1;
  const int cheapest = best(shed, [this](int a, int b) { return nsPerFrame_[a] < nsPerFrame_[b]; });
  if (load_ + costNs(cheapest, frames) / static_cast<double>(budgetNs_) > kRoomToRestore) return -1;
  roomSince_ = time;
  return cheapest;
}

}  // namespace gainstage::console
