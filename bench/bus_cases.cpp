#include "bench/bench.h"
#include "dsp/dynamics/level_guard.h"
#include "dsp/reverb/reverb.h"
#include "dsp/tempo/metronome.h"

namespace gainstage::bench {
namespace {

constexpr StreamFormat kFormat{kSampleRate, 64};

std::unique_ptr<dsp::Reverb> reverb() {
  auto reverb = std::make_unique<dsp::Reverb>();
  reverb->prepare(kFormat);
  return reverb;
}

class IdleReverb {
 public:
  void reset() noexcept { reverb_->reset(); }
  void process(AudioView io) noexcept {
    io.clear();
    reverb_->process(io);
  }

 private:
  std::unique_ptr<dsp::Reverb> reverb_ = reverb();
};

class Clicking {
 public:
  Clicking() {
    metronome_.prepare(kFormat);
    metronome_.setTempo(400.0);
    metronome_.setOn(true);
  }
  void reset() noexcept { metronome_.reset(); }
  void process(AudioView io) noexcept { metronome_.process(io.channel(0)); }

 private:
  dsp::Metronome metronome_;
};

/// `count` guarded paths, of which one climbs.
class Guards {
 public:
  explicit Guards(std::size_t count) : guards_(count) { reset(); }
  void reset() noexcept {
    for (dsp::LevelGuard& guard : guards_) {
      guard.prepare(kFormat);
      guard.snap(-60.0f);
    }
    guards_.front().setTotal(0.0f);  // 2.7 s: the whole of a pass
  }
  void process(AudioView io) noexcept {
    for (dsp::LevelGuard& guard : guards_)
      if (!guard.isIdle()) guard.fill(io.channel(0));
  }

 private:
  std::vector<dsp::LevelGuard> guards_;
};

}  // namespace

std::vector<Case> busCases() {
  return {
      inPlace("dsp/reverb", 64, 2, reverb),
      inPlace("dsp/reverb-idle", 64, 2, [] { return std::make_unique<IdleReverb>(); }),
      inPlace("dsp/metronome", 64, 1, [] { return std::make_unique<Clicking>(); }),
      inPlace("dsp/level-guard", 64, 1, [] { return std::make_unique<Guards>(1); }),
      inPlace("dsp/level-guard-1000", 64, 1, [] { return std::make_unique<Guards>(1000); }),
  };
}

}  // namespace gainstage::bench
